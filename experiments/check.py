"""``thalweg check FILE``: what a YAML file is, what is wrong with it, or what it asks for.

Nothing is simulated and nothing is written.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from experiments import console
from experiments.check_text import regions_told, run_told, sweep_told
from experiments.compose import folders_of, settle
from experiments.config_files import load_mapping, near, read_settings, shown_path
from experiments.engines import engine_of
from experiments.exits import OK, UsageError
from experiments.file_kinds import CALIBRATION, REGION, SETTINGS, VALIDATION, kind_of
from experiments.settings import COMPARING, FRAME, GROUPS, SWEEP

Lines = list[str]


def check(arguments: argparse.Namespace) -> int:
    """Read a file as the command that takes it would; returns the exit code."""
    path, words = Path(arguments.file), arguments.settings
    if not path.exists():
        hint = "A file is checked; its name comes first." if "=" in str(path) else near(path)
        raise UsageError(f"{path}: no such file. {hint.strip()}".strip())
    _no_schema(path)
    own = _in_own_folder(path, words)
    if own is not None:
        console.say(*own)
        return OK
    told: dict[str, Callable[[], Lines]] = {
        SETTINGS: lambda: _settings(path, words, arguments.config_dir),
        REGION: lambda: _region(path, words),
        VALIDATION: lambda: _ensemble(arguments, "validate"),
        CALIBRATION: lambda: _ensemble(arguments, "calibrate"),
    }
    console.say(*told[kind_of(load_mapping(path)[0])]())
    return OK


def _no_schema(path: Path) -> None:
    """Refuse a JSON schema, which lies beside a study for editors."""
    if path.suffix == ".json" and "$schema" in path.read_text(encoding="utf-8")[:200]:
        raise UsageError(f"{path}: a JSON schema, from which editors complete the keys of files "
                         "that name it; no study. Check those: thalweg check study.yaml")


def _settings(path: Path, words: Sequence[str], config_dir: str | None) -> Lines:
    """Settings of a sweep, or of one history."""
    from experiments.plan import sweep_plan
    from experiments.study import plan

    given = {a.key: a.value for a in read_settings(path)}
    modes = [key for key, value in given.items() if key.endswith(".mode") and value != "absent"]
    own = {setting.key for setting in SWEEP if setting.key != "about"}
    if modes and not {"arms", *own} & set(given):
        return run_told(plan("run", words, str(path), config_dir), path)
    return sweep_told(sweep_plan(words, str(path), config_dir), path, compare=not own & set(given))


def _region(path: Path, words: Sequence[str]) -> Lines:
    """A region: read, built and looked at by the model."""
    from experiments.study import plan

    _no_words(words, "a region file")
    return regions_told(plan("run", [f"region={path}"]).region, path)


def _ensemble(arguments: argparse.Namespace, command: str) -> Lines:
    """A study of validate or calibrate, as these commands read it."""
    from experiments.calibrate import calibration_request
    from experiments.validate import read_request

    asked = argparse.Namespace(
        study=arguments.file, settings=arguments.settings, config_dir=arguments.config_dir,
        quick=False, roots=1,
    )  # fmt: skip
    rows = []
    if command == "calibrate":
        request, structures = calibration_request(asked)
        for one in structures:
            axes = ", ".join(f"{a.key} {a.lo:g} to {a.hi:g}{' log' * a.log}" for a in one.axes)
            rows.append(f"  {one.name}: {len(one.axes)} free parameters: {axes}")
    else:
        request = read_request(asked, command, arguments.file)
    plan = request.plan
    regions = list(dict.fromkeys(border.study.region.name for border in plan.borders))
    return [
        f"{arguments.file}: a study of thalweg {command}, and nothing is wrong with it.",
        f"  {len(plan.borders)} borders in {len(regions)} regions: {', '.join(regions)}",
        f"  {plan.histories} histories of {plan.years} years each time",
        *rows,
        f"  use it     thalweg {command} --study {arguments.file}",
    ]


def _in_own_folder(path: Path, words: Sequence[str]) -> Lines | None:
    """What is told of a prepared set, an engine or ``config.yaml``; None for any other file."""
    group = path.parent.name
    if group == "engine":
        _no_words(words, "an engine")
        folder = path.parent.parent
        engine_of(path.stem, {}, folders_of(str(folder)))
        return _fine(path, "an engine", f"sweep --config-dir {folder} engine={path.stem}")
    keys = {key.split(".")[0] for key in load_mapping(path)[0]}
    if group in GROUPS and not keys & {setting.key for setting in (*FRAME, *SWEEP, *COMPARING)}:
        folder, chosen = path.parent.parent, [f"{group}={path.stem}"]
    elif path.name == "config.yaml" and "defaults" in keys:
        folder, chosen = path.parent, []
    else:
        return None
    settled = settle([*chosen, *words], config_dir=str(folder))
    if settled.mistakes:
        raise UsageError(settled.mistakes)
    what = f"a prepared set of {group}" if chosen else "the settings that every study begins with"
    return _fine(path, what, " ".join(["compare --config-dir", str(folder), *chosen]))


def _fine(path: Path, what: str, use: str) -> Lines:
    told = f"{shown_path(path)}: {what}, and nothing is wrong with it."
    return [told, f"  use it     thalweg {use}"]


def _no_words(words: Sequence[str], what: str) -> None:
    if words:
        raise UsageError(f"'{words[0]}': {what} is checked by itself, without settings.")
