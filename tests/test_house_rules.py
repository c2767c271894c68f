"""Rules of the house, checked on every file: lengths, borders, printing, addresses, open ends.

An exception is a line in one of the tables below, with a date and a reason.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

ROOMS = ("sim", "experiments", "analysis")
MOST_LINES, MOST_BODY, MOST_ARGUMENTS = 300, 45, 8
LONG_FILES: dict[str, str] = {
    "sim/tick.py": "2026-11-22: the schedule in one piece, one line per rule",
}
LONG_FUNCTIONS: dict[str, str] = {}
_ACT = "2026-11-21: an act is who, whom, where, when, on what issue and why"
MANY_ARGUMENTS: dict[str, str] = {
    "sim/rules/interstate_ladder.py:consider_closure": _ACT,
    "sim/rules/state_reaction.py:hand_up": _ACT,
    "sim/rules/state_reaction.py:state_reaction": _ACT,
    "sim/rules/local_ladder.py:first_act": _ACT,
    "sim/rules/local_act.py:local_act": _ACT,
    "sim/rules/local_ladder.py:follow_incident": _ACT,
    "sim/rules/local_ladder.py:local_ladder": _ACT,
    "sim/rules/state_act.py:close_border": _ACT,
    "sim/rules/state_act.py:decide_answer": _ACT,
    "sim/rules/state_act.py:militarize": _ACT,
    "sim/rules/state_act.py:_state_act": _ACT,
    "sim/rules/state_act.py:state_act": _ACT,
    "sim/simulate.py:run": "2026-11-21: the one door into compiled code takes all that a run needs",
    "sim/structures.py:_state": "2026-11-21: one argument per part of the state",
}
CLOCK = ("seed", "tick", "dt")  # what a draw and a rate need: one thing, handed on as it is
MAY_PRINT = {"experiments/console.py": "the only place of the command line that prints"}
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".cff", ".txt", ".lock", ".json", ".html", ".js",
        ".css", ".svg", ".csv", ""}  # fmt: skip
# Written in pieces, so that this file does not find itself.
OPEN_ENDS = re.compile(
    "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error"])
)
SWITCHED_OFF = re.compile(r"pytest\.mark\.(sk" + r"ip\b|xf" + r"ail)")
MACHINE_PATHS = re.compile(
    r"(^|[^A-Za-z0-9_.-])/(wo" + r"rk|ro" + r"ot|ho" + r"me|tm" + r"p)/[A-Za-z]"
)
REGISTRIES = re.compile(r"https?://[\w.-]*(py" + r"pi|python" + r"hosted|np" + r"m|deb" + r"ian)")


def tracked() -> list[Path]:
    """Every file of the repository that is text; environments, results and caches left out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0 and listed.stdout.strip():
        paths = [ROOT / line for line in listed.stdout.splitlines()]
    else:
        tops = [p for p in ROOT.iterdir() if p.name == ".ci" or p.name[0] != "."]
        below = [p for top in tops if top.name != "results" for p in top.rglob("*")]
        paths = [*tops, *below]
    return [p for p in paths if p.is_file() and p.suffix in TEXT and "__pycache__" not in p.parts]


FILES = tracked()
SOURCES = [p for p in FILES if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in ROOMS]


def name_of(path: Path) -> str:
    """Path inside the repository."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of a file with its full name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield f"{name_of(path)}:{node.name}", node


def test_there_is_something_to_check() -> None:
    assert len(SOURCES) > 50
    assert len(FILES) > len(SOURCES)


def test_no_file_is_too_long_to_read() -> None:
    long = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in SOURCES}
    found = {name: lines for name, lines in long.items() if lines > MOST_LINES}
    assert {n: c for n, c in found.items() if n not in LONG_FILES} == {}
    assert set(LONG_FILES) <= set(found), "an exception that is no longer needed"


def test_no_function_is_too_long_to_read() -> None:
    found = {}
    for path in SOURCES:
        for name, node in functions(path):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            lines = (node.end_lineno or 0) - first.lineno + 1
            if lines > MOST_BODY:
                found[name] = lines
    assert {n: c for n, c in found.items() if n not in LONG_FUNCTIONS} == {}
    assert set(LONG_FUNCTIONS) <= set(found), "an exception that is no longer needed"


def test_no_function_takes_more_than_eight_arguments() -> None:
    """Beside its own parameters (a NamedTuple whose name ends in Parameters) and the clock."""
    found = {}
    for path in SOURCES:
        for name, node in functions(path):
            every = [*node.args.posonlyargs, *node.args.args]
            own = {"self", "cls", *CLOCK, *(a.arg for a in every if _is_parameters(a))}
            count = len([argument for argument in every if argument.arg not in own])
            if count > MOST_ARGUMENTS:
                found[name] = count
    assert {n: c for n, c in found.items() if n not in MANY_ARGUMENTS} == {}
    assert set(MANY_ARGUMENTS) <= set(found), "an exception that is no longer needed"


def _is_parameters(argument: ast.arg) -> bool:
    return argument.annotation is not None and ast.unparse(argument.annotation).endswith(
        "Parameters"
    )


def test_only_the_console_prints() -> None:
    printing = [
        name_of(path)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    ]
    assert sorted({*printing} - {*MAY_PRINT}) == []


def test_no_assert_does_the_work_of_a_check() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assert)
    ]
    assert found == []


def test_numba_is_imported_in_one_place() -> None:
    imports = re.compile(r"^\s*(import|from) numba", re.MULTILINE)
    found = {name_of(p) for p in SOURCES if imports.search(p.read_text(encoding="utf-8"))}
    assert found == {"sim/_jit.py"}


def test_the_doors_of_the_rooms_import_nothing_heavy() -> None:
    code = (
        "import sys, sim, experiments, analysis; "
        "print([m for m in ('numpy', 'numba', 'pandas', 'hydra', 'plotly') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          check=True)  # fmt: skip
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_the_borders_between_the_rooms_hold() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("open ends", OPEN_ENDS),
        ("tests switched off", SWITCHED_OFF),
        ("paths of one machine", MACHINE_PATHS),
        ("addresses of package registries", REGISTRIES),
    ],
)
def test_no_file_holds(what: str, pattern: re.Pattern[str]) -> None:
    found = []
    for path in FILES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name_of(path)}:{number}: {line.strip()[:100]}")
    assert found == [], what


def test_the_lock_holds_versions_and_hashes_and_no_addresses() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted|\bfile:", text)
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==\S+", entry), entry[:60]
        assert "--hash=sha256:" in entry, entry[:60]


def test_every_dependency_is_locked_and_bounded() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for requirement in (*project["dependencies"], *project["optional-dependencies"]["dev"]):
        name = re.split(r"[<>=!~\[ ]", requirement)[0]
        assert re.search(rf"^{re.escape(name)}==", lock, re.MULTILINE), name
        assert ">=" in requirement


def test_make_help_lists_every_target() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = re.findall(r"^\.PHONY: (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    listed = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("  make ")]
    assert listed == targets
    assert {"help", "demo", "test", "check", "bench", "lock", "clean"} <= {*listed}


def test_every_decision_note_has_its_four_parts() -> None:
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for part in ("Context", "Decision", "Alternatives", "How we would know it was wrong"):
            assert f"**{part}" in text, f"{path.name}: {part}"
        assert len(text.split()) < 450, f"{path.name}: a note is half a page"
