"""Which file of settings ``study=`` of `thalweg sweep` names: one of ours, or one of the user's."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from experiments.compose import find, folders_of
from experiments.config_files import load_mapping, near
from experiments.exits import UsageError
from experiments.file_kinds import SETTINGS, kind_of

STUDY = "study="
ENDINGS = (".yaml", ".yml")


def study_file(
    words: Sequence[str], config: str | None, config_dir: str | None
) -> tuple[list[str], str | None]:
    """The words without ``study=``, and the file that it names. Raises UsageError."""
    named = [word for word in words if word.startswith(STUDY)]
    rest = [word for word in words if not word.startswith(STUDY)]
    if not named:
        return rest, config
    if config is not None or len(named) > 1:
        other = f"--config {config}" if config is not None else named[0]
        raise UsageError(f"{named[-1]}: one file of settings is read, and {other} is given too. "
                         "Leave one out, or join them in one file.")  # fmt: skip
    text = named[0].removeprefix(STUDY).strip("'\"")
    if not text:
        raise UsageError(f"'{STUDY}': no study is named. {_known(text, folders_of(config_dir))}")
    if text.endswith(ENDINGS) and Path(text).exists():
        return rest, text
    folders = folders_of(config_dir)
    path = find(folders, "study", text) if not text.endswith(ENDINGS) else None
    if path is None:
        raise UsageError(f"study ({named[0]}): {_missing(text, folders)}")
    return rest, str(path)


def _missing(text: str, folders: Sequence[Path]) -> str:
    """Why there is no such study, and what was probably meant."""
    path = Path(text)
    if text.endswith(ENDINGS):
        return f"there is no file {text}.{near(path)}"
    if path.is_dir():
        return f"{text} is a folder; give one .yaml file in it."
    beside = next((text + end for end in ENDINGS if Path(text + end).is_file()), None)
    if beside is not None:
        return f"no study '{text}' comes with Thalweg; the file here is study={beside}"
    if path.is_file():
        return f"a study is a YAML file, and the name of {text} does not end in .yaml."
    return f"no study '{text}'. {_known(text, folders)}"


def _known(text: str, folders: Sequence[Path]) -> str:
    """The nearest study, or all of them: those that a sweep reads."""
    names = sorted({p.stem for f in folders for p in (f / "study").glob("*.yaml") if _ours(p)})
    close = get_close_matches(text, names, n=1, cutoff=0.5)
    if close:
        return f"Did you mean '{close[0]}'?"
    listed = f"Known: {', '.join(names)}; or give" if names else "Give"
    return f"{listed} the path of a .yaml file."


def _ours(path: Path) -> bool:
    """True for a file of settings; validate and calibrate have studies there, too."""
    try:
        return kind_of(load_mapping(path)[0]) == SETTINGS
    except UsageError:
        return False
