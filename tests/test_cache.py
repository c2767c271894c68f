"""The stale-cache trap: an edited rule must never run as its old machine code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from sim._jit import compiled_sources, kernel_digest

CODE = """
import numpy as np
from sim.rules.trust import fade
values = np.ones(1)
fade(values, 1.0, 1.0)
print(values[0])
"""


def run(folder: Path) -> float:
    """Fade one year with a memory of one year, compiled from the sources in ``folder``."""
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=folder, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(folder), "THALWEG_CACHE": str(folder / "cache")},
    )  # fmt: skip
    return float(done.stdout)


@pytest.mark.slow
def test_an_edit_in_another_file_reaches_the_compiled_caller(tmp_path: Path) -> None:
    """The compiler caches by the caller's own file; the rule that it calls stands elsewhere."""
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    assert run(tmp_path) == pytest.approx(0.36787944)
    assert run(tmp_path) == pytest.approx(0.36787944)
    assert any((tmp_path / "cache").rglob("trust.fade-*.nbi")), "nothing was cached: no trap"
    units = tmp_path / "sim" / "units.py"
    text = units.read_text(encoding="utf-8")
    assert "return exp(-dt / time_years)" in text
    units.write_text(text.replace("exp(-dt / time_years)", "exp(-2.0 * dt / time_years)"), "utf-8")
    assert run(tmp_path) == pytest.approx(0.13533528)


def test_every_rule_and_mechanism_is_part_of_the_digest() -> None:
    named = {path.relative_to(ROOT / "sim").as_posix() for path in compiled_sources()}
    for folder in ("rules", "mechanisms"):
        for path in (ROOT / "sim" / folder).glob("*.py"):
            if path.name != "__init__.py":
                assert f"{folder}/{path.name}" in named
    assert not any(name.startswith(("region", "outcomes/")) for name in named)
    assert len(kernel_digest()) == 64
