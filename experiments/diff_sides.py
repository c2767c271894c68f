"""The two sides of ``thalweg diff``: a settings file, a region, a prepared set or a study folder.

All become a planned study, so that they are read, checked and refused as `thalweg compare` and
`thalweg sweep` would. Words of the command line are laid over both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from experiments.compose import Settled, find, folders_of, options, settle
from experiments.config_files import load_mapping, load_yaml, shown_path
from experiments.exits import UsageError
from experiments.file_kinds import REGION, SETTINGS, instead, kind_of
from experiments.holdings import other_than_study
from experiments.overrides import COMMAND_LINE
from experiments.regions import own_path
from experiments.settings import SWEEP, settings
from experiments.shipped import config_folder, region_names
from experiments.store import read_manifest
from experiments.study import Study, study_of

FILE, FOLDER, SET, PLACE = "settings file", "study folder", "prepared parameters", "region"
ENDINGS = (".yaml", ".yml")
NONE_AND_FULL = "none,full"


class Source(NamedTuple):
    """What a side is and how it is settled; ``words`` name a region or a prepared set."""

    text: str
    kind: str
    words: tuple[str, ...]
    config: str | None
    config_dir: str | None

    @property
    def told(self) -> str:
        """The side in words."""
        return f"{self.text} ({self.kind})"


class Side(NamedTuple):
    """One side. ``given``: what it says itself, by key; ``swept``: settings with several values.

    ``manifest``: of a folder, else empty.
    """

    source: Source
    study: Study
    given: dict[str, Any]
    swept: dict[str, str]
    manifest: dict[str, Any]

    @property
    def folder(self) -> Path | None:
        """The study folder; None for any other side."""
        return Path(self.source.text) if self.source.kind == FOLDER else None


def sides_of(
    texts: tuple[str, str], typed: Sequence[str], config_dir: str | None
) -> tuple[Side, Side]:
    """Both sides, checked. Raises UsageError with every mistake."""
    found: list[Source] = []
    mistakes: list[str] = []
    for text in texts:
        try:
            found.append(_source(text, config_dir))
        except UsageError as error:
            mistakes += error.messages
    mistakes += [fault for source in found for fault in _twice(source, typed)]
    if mistakes:
        raise UsageError(list(dict.fromkeys(mistakes)))
    settled = [_settled(source, typed) for source in found]
    named = [_says_arms(one) for one in settled]
    text = NONE_AND_FULL
    if any(named) and not all(named):
        study = _side(found[named.index(True)], typed).study
        text = ",".join(arm.name for arm in study.arms)
    words = [[*typed] if says else [*typed, f"arms={text}"] for says in named]
    a, b = (_side(one, own) for one, own in zip(found, words, strict=True))
    return a, b


def _source(text: str, config_dir: str | None) -> Source:
    """What a word names: a folder, a file, or something by its name."""
    path = own_path(text)
    if path.is_dir():
        return _folder(text, path)
    if path.is_file():
        return _file(text, path, config_dir)
    if "=" in text:
        raise UsageError(f"'{text}': what is compared comes first, then settings, as in thalweg "
                         "diff A B seeds=50")  # fmt: skip
    folders = folders_of(config_dir)
    if text in options("parameters", folders):
        return Source(text, SET, (f"parameters={text}",), None, config_dir)
    if text in region_names() or find(folders, "region", text) is not None:
        return Source(text, PLACE, (f"region={text}",), None, config_dir)
    study = find(folders, "study", text)
    if study is not None:
        return _file(text, study, config_dir)
    raise UsageError(f"{text}: there is no such file or folder, and no prepared set of parameters "
                     f"or region of that name. {_nearest(text, path, folders)}")  # fmt: skip


def _nearest(text: str, path: Path, folders: Sequence[Path]) -> str:
    """What was probably meant: something beside it, or a name."""
    folder = path.parent
    beside = {str(p if folder != Path() else p.name): p for p in folder.glob("*")
              if p.is_dir() or p.suffix in ENDINGS}  # fmt: skip
    known = [*beside, *options("parameters", folders), *region_names()]
    close = get_close_matches(text, known, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'?"
    return ("Give a settings file, a region file, a prepared set of parameters by its name, or a "
            "study folder.")  # fmt: skip


def _folder(text: str, path: Path) -> Source:
    """The folder of a study, by the settings that it keeps."""
    fault = other_than_study(path)
    if fault is not None:
        raise UsageError(f"{text}: {fault}")
    config = path / "config.yaml"
    if not config.is_file():
        raise UsageError(f"{config}: missing, so that nobody knows what was simulated there.")
    return Source(text, FOLDER, (), str(config), None)


def _file(text: str, path: Path, config_dir: str | None) -> Source:
    if path.suffix not in ENDINGS:
        raise UsageError(f"{text}: files that are compared are YAML, and end in .yaml.")
    content, _ = load_mapping(path)
    kind = kind_of(content)
    if kind == REGION:
        return Source(text, f"{PLACE} file", (f"region={path}",), None, config_dir)
    keys = {key.split(".")[0] for key in content}
    if path.parent.name == "parameters" and not keys & settings().keys():
        own = path.resolve().parent.parent
        where = config_dir if own == config_folder().resolve() else str(own)
        return Source(text, SET, (f"parameters={path.stem}",), None, where)
    if kind != SETTINGS:
        raise UsageError(f"{shown_path(path)}: {instead(kind, shown_path(path))}")
    return Source(text, FILE, (), str(path), config_dir)


def _twice(source: Source, typed: Sequence[str]) -> Iterator[str]:
    """Words that would take the place of what a side is."""
    own = {word.partition("=")[0] for word in source.words}
    for word in typed:
        if word.partition("=")[0] in own:
            yield f"'{word}': this would take the place of {source.told}; leave it out."


def _settled(source: Source, words: Sequence[str]) -> Settled:
    return settle([*source.words, *words], source.config, source.config_dir, sweeping=True)


def _says_arms(settled: Settled) -> bool:
    """True where a side, or the command line, says which arms there are."""
    if any(settled.was_given(key) is not None for key in ("arms", "mechanisms")):
        return True
    return settled.in_own_config("arms") or _one_history(settled)


def _one_history(settled: Settled) -> bool:
    """True for settings of thalweg run: mechanisms in force, and no arms."""
    modes = any(a.key.endswith(".mode") and a.value != "absent" for a in settled.given)
    return modes and settled.was_given("arms") is None


def _side(source: Source, words: Sequence[str]) -> Side:
    """One side as a planned study. Raises UsageError with every mistake."""
    from experiments.plan import sweep_plan

    settled = _settled(source, words)
    own = {setting.key for setting in SWEEP if setting.key != "about"}
    given = {a.key: a.value for a in settled.given if not a.where.startswith(COMMAND_LINE)}
    swept: dict[str, str] = {}
    manifest = _manifest(source)
    asked = {a.key for a in settled.given} if source.kind != FOLDER else set()
    if settled.factors or own & asked or manifest.get("command") == "sweep":
        plan = sweep_plan([*source.words, *words], source.config, source.config_dir)
        study = plan.head
        swept = {f.key: _span(f) for f in (*plan.crossed, *plan.sampled)}
    else:
        command = "run" if _one_history(settled) else "diff"
        study = study_of(command, settle([*source.words, *words], source.config,
                                         source.config_dir))  # fmt: skip
    if source.kind == FOLDER:
        declared = settings()
        given = {key: value for key, value in given.items()
                 if key in declared and value != declared[key].default}  # fmt: skip
    given |= _of_set(settled, source)
    return Side(source, study, given, swept, manifest)


def _manifest(source: Source) -> dict[str, Any]:
    return (read_manifest(Path(source.text)) or {}) if source.kind == FOLDER else {}


def _span(factor: Any) -> str:
    from experiments.documents import swept_text

    told = swept_text(factor)
    return ", ".join(map(str, told)) if isinstance(told, list) else str(told)


def _of_set(settled: Settled, source: Source) -> dict[str, Any]:
    """What the prepared set of parameters of a side says."""
    chosen = settled.was_given("parameters")
    if chosen is None or not isinstance(chosen.value, str):
        return {}
    path = find(folders_of(source.config_dir), "parameters", chosen.value)
    content = load_yaml(path) if path is not None else {}
    return {".".join(("parameters", *keys)): value for keys, value in _leaves(content, ())
            if keys[0] != "defaults"}  # fmt: skip


def _leaves(
    content: Mapping[str, Any], above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in content.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*above, str(key)))
        else:
            yield (*above, str(key)), value
