"""The wheel carries the configs, so that an installed command works far from the source tree."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

CARRY = """
from pathlib import Path
import hydra_plugins.thalweg
from experiments.carry import Engine, carry
from experiments.plugin_folder import plugin_folder
assert plugin_folder() is None
print(hydra_plugins.thalweg.__file__)
engine = Engine("joblib", "joblib", 1, 1, {"n_jobs": 1}, here=True)
print(carry(engine, Path("."), [[0], [1]], "engine_task:note"))
"""


@pytest.mark.slow
def test_workers_of_an_installed_wheel_find_the_plugins(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    path = os.pathsep.join(map(str, (site, ROOT / "tests")))
    done = subprocess.run([sys.executable, "-c", CARRY], cwd=empty, check=True, text=True,
                          capture_output=True, env={**os.environ, "PYTHONPATH": path})  # fmt: skip
    assert done.stdout.splitlines() == [str(site / "hydra_plugins/thalweg/__init__.py"), "[]"]
    assert sorted(p.name for p in empty.glob("done-*")) == ["done-0.json", "done-1.json"]


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
    for path in (ROOT / "docs" / "coursework").rglob("*.*"):
        place = path.relative_to(ROOT / "docs" / "coursework").as_posix()
        assert f"experiments/coursework_files/{place}" in names
    for plugin in (ROOT / "experiments" / "plugins").rglob("*.py"):
        assert plugin.relative_to(ROOT / "experiments" / "plugins").as_posix() in names
    assert "hydra_plugins/__init__.py" not in names, "other packages have plugins there, too"
    assert not [n for n in names if n.startswith("experiments/plugins")]
    for room in ("sim", "experiments", "analysis"):
        assert f"{room}/__init__.py" in names
    assert not [n for n in names if n.split("/")[0] in {"configs", "tests", "benchmarks"}]
    data = [*(ROOT / "analysis").rglob("*.html*"), *(ROOT / "analysis").rglob("*.po"),
            *(ROOT / "experiments" / "new_files").iterdir()]  # fmt: skip
    for path in data:
        assert path.relative_to(ROOT).as_posix() in names
