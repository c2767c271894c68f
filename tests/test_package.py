"""The wheel carries the configs, so that an installed command works far from the source tree."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT


@pytest.mark.slow
def test_the_wheel_holds_rooms_and_configs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    shipped = [p for p in (ROOT / "configs").rglob("*") if p.is_file()]
    assert len(shipped) > 10
    for path in shipped:
        assert f"experiments/configs/{path.relative_to(ROOT / 'configs').as_posix()}" in names
    for room in ("sim", "experiments", "analysis"):
        assert f"{room}/__init__.py" in names
    assert not [n for n in names if n.split("/")[0] in {"configs", "tests", "benchmarks"}]
    for template in (ROOT / "analysis").rglob("*.html*"):
        assert template.relative_to(ROOT).as_posix() in names
