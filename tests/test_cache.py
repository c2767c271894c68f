"""The stale-cache trap: an edited rule in another file must never run its old machine code.

numba's own cache looks at the file of the cached function only. The folder of the cache carries a
digest of every compiled source, so that an edit opens a new one.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from sim._jit import compiled_sources

# A kernel and its equation in one file, and a kernel whose equation lives in another one.
CODE = """
from sim._jit import cache_folder, kernel_digest
from sim.rules.trust import trust_step
print(trust_step(0.5, 0.5, 0.0), cache_folder(), kernel_digest())
"""
INNER = """
import numpy as np
from sim._jit import cache_folder, kernel_digest
from sim.rules.trust import fade
values = np.ones(1)
fade(values, 1.0, 1.0)
print(values[0], cache_folder(), kernel_digest())
"""
TWICE = ("return exp(-dt / time_years)", "return exp(-2.0 * dt / time_years)")

pytestmark = pytest.mark.slow


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the model that may be edited, with a cache of its own."""
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(folder: Path, code: str = INNER, **extra: str) -> tuple[str, str, str]:
    """Result, cache folder and digest in a process of its own."""
    variables = {k: v for k, v in os.environ.items() if not k.startswith("NUMBA_")}
    variables |= {"PYTHONPATH": str(folder), "THALWEG_CACHE": str(folder / "cache"), **extra}
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, env=variables,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    value, cache, digest = done.stdout.split()
    return value, cache, digest


def edit(path: Path, old: str, new: str) -> None:
    """Replace text in a file, keeping its time stamps: numba's own check must not help."""
    before = path.stat()
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def machine_code(folder: Path) -> set[str]:
    """Files of machine code that were kept."""
    return {p.name for p in (folder / "cache").rglob("*.nbc")}


def test_an_edit_in_another_file_changes_the_result(copied: Path) -> None:
    """``fade`` of the rule of trust calls ``retention`` of sim/units.py: edit that one."""
    value, folder, digest = run(copied)
    assert float(value) == pytest.approx(0.36787944)
    assert machine_code(copied), "the machine code is kept"
    assert run(copied) == (value, folder, digest), "nothing edited, nothing changed"
    edit(
        copied / "sim" / "units.py",
        "return exp(-dt / time_years)",
        "return exp(-2.0 * dt / time_years)",
    )
    edited, other_folder, other_digest = run(copied)
    assert float(edited) == pytest.approx(0.13533528)
    assert (other_folder != folder, other_digest != digest) == (True, True)


def test_the_trap_is_real(copied: Path) -> None:
    """With one folder for all versions the old machine code runs: the test above has teeth."""
    edit(copied / "sim" / "_jit.py", "stamp.update(_hashed(", "stamp.update((lambda _: '')(")
    value, folder, _ = run(copied)
    edit(copied / "sim" / "units.py", *TWICE)
    assert run(copied)[:2] == (value, folder)


def test_an_edit_in_its_own_file_changes_the_result(copied: Path) -> None:
    value, _, _ = run(copied, CODE)
    assert float(value) == 0.75
    edit(copied / "sim" / "rules" / "trust.py", "trust + (1.0 - trust) * gained",
         "trust + 1.5 * (1.0 - trust) * gained")  # fmt: skip
    assert float(run(copied, CODE)[0]) == 0.875


def test_a_second_process_finds_the_machine_code(copied: Path) -> None:
    """The first process keeps it, the second reads it: no new file appears."""
    run(copied)
    kept = machine_code(copied)
    run(copied)
    assert machine_code(copied) == kept


def test_only_compiled_sources_count(copied: Path) -> None:
    """The facade, the door and the readers of regions may change without a new compilation."""
    code = "from sim._jit import kernel_digest; print(1, 2, kernel_digest())"
    before = run(copied, code)
    for name in ("model.py", "agents.py", "__init__.py", "region_reader.py"):
        with (copied / "sim" / name).open("a", encoding="utf-8") as file:
            file.write("\n# a remark\n")
    with (copied / "sim" / "rules" / "trust.py").open("a", encoding="utf-8") as file:
        file.write("\n# a remark\n")
    assert run(copied, code) == before, "words are no model"
    with (copied / "sim" / "counts.py").open("a", encoding="utf-8") as file:
        file.write("\nMORE = 1\n")
    assert run(copied, code) != before


def test_the_machine_code_of_another_text_is_not_used_even_where_only_words_differ(
    copied: Path,
) -> None:
    code = "from sim._jit import cache_folder; print(1, cache_folder(), 2)"
    before = run(copied, code)
    with (copied / "sim" / "rules" / "trust.py").open("a", encoding="utf-8") as file:
        file.write("\n# a remark\n")
    assert run(copied, code) != before


def test_whatever_a_compiled_source_takes_from_the_model_is_a_compiled_source() -> None:
    """A constant is compiled into the machine code of the file that imports it."""
    inside = {path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
              .removesuffix(".__init__") for path in compiled_sources()}  # fmt: skip
    outside = set()
    for path in compiled_sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        outside |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
                    and (node.module or "").startswith("sim.") and node.module not in inside}
    # Taken by sim/simulate.py and sim/_jit.py for what they do in plain Python.
    assert outside == {"sim._sources", "sim.outcomes", "sim.outcomes.base", "sim.scenario",
                       "sim.sums", "sim.year_zero"}  # fmt: skip


def test_line_ends_do_not_count(copied: Path) -> None:
    """A checkout with other line ends is the same model."""
    code = "from sim._jit import kernel_digest; print(1, 2, kernel_digest())"
    before = run(copied, code)
    path = copied / "sim" / "units.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert run(copied, code) == before


def test_bounds_checks_have_a_cache_of_their_own(copied: Path) -> None:
    code = "from sim._jit import cache_folder; print(1, cache_folder(), 3)"
    assert run(copied, code)[1] != run(copied, code, NUMBA_BOUNDSCHECK="1")[1]
