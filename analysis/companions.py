"""Other studies of the same border that a report takes in: sweeps that answer, comparisons beside.

``thalweg report DIR --with OTHER`` hands them over. A sweep answers what it was designed for (which
setting moves the outcome, which mix for which money, what lies in between); a comparison under
other settings says whether the headline holds there, too. A folder of another region says nothing
about this border and is refused; one of another model is told from it in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from analysis.comparisons import is_sweep, load_comparison, read_manifest
from analysis.language import say
from analysis.study import Study, StudyError
from analysis.sweep_study import Sweep
from analysis.sweeps import load_sweep


class Companions(NamedTuple):
    """Studies beside the one that is reported, in the order in which they were given."""

    sweeps: tuple[Sweep, ...] = ()
    others: tuple[Study, ...] = ()


def companions(study: Study, folders: Sequence[str | Path]) -> Companions:
    """Read the folders. Raises StudyError for one that is unreadable, the same or elsewhere."""
    sweeps, others = [], []
    for folder in folders:
        place = Path(folder)
        if not place.is_dir():
            raise StudyError(f"{folder}: no such folder, to be taken into the report")
        if is_sweep(read_manifest(place)):
            sweeps.append(_here(load_sweep(place), study))
            continue
        other = load_comparison(place)
        _must_match(place, {str(other.region.get("name", ""))}, study)
        if other.identity == study.identity:
            raise StudyError(f"{folder}: the same study as the one reported; give one under other "
                             "settings")  # fmt: skip
        others.append(other)
    return Companions(tuple(sweeps), tuple(others))


def model_note(study: Study, manifest: dict[str, object]) -> str:
    """That a companion was made by another model; empty where it was not."""
    own, other = (str(m.get("kernel_digest", "")) for m in (study.manifest, manifest))
    if not own or not other or own == other:
        return ""
    return say("Made by another version of the model ({other}, here {own}): compare with care.",
               other=other[:12], own=own[:12])  # fmt: skip


def folder_words(folder: Path) -> str:
    """A folder as a command names it; of an absolute path its name, as pages are handed on."""
    return folder.name if folder.is_absolute() else str(folder)


def place_of(source: Study | Sweep) -> str:
    """Where the command that made a study wrote it, or else where it lies, as a command names it.

    A folder that was copied or renamed gives the page of the folder it was copied from.
    """
    typed = [word for word in str(source.provenance.get("command_line") or "").split()
             if word.startswith("out=")]  # fmt: skip
    return folder_words(Path(typed[-1].removeprefix("out=")) if typed else source.folder)


def named(source: Study | Sweep) -> str:
    """The last name of that folder."""
    return Path(place_of(source)).name


def made_by(source: Study | Sweep) -> str:
    """The command that makes a study again, as it was typed where that is known.

    Its folder is that of `place_of`, so that commands that follow find it.
    """
    stated = source.provenance.get("command_line")
    if stated:
        return " ".join(f"out={place_of(source)}" if word.startswith("out=") else word
                        for word in str(stated).split(" "))  # fmt: skip
    kind = "sweep" if isinstance(source, Sweep) else str(source.manifest.get("command", "compare"))
    settings = " ".join(line.split("  #")[0] for line in source.overrides)
    return f"thalweg {kind} {settings}".strip()


def again(sources: Iterable[Study | Sweep], question: str) -> tuple[str, ...]:
    """The commands that make a figure again: those of its studies, and the question to each."""
    return tuple(
        line
        for source in sources
        for line in (made_by(source), f"thalweg {question} {place_of(source)}")
    )


def _here(sweep: Sweep, study: Study) -> Sweep:
    _must_match(sweep.folder, {frame.name for frame in sweep.frames}, study)
    return sweep


def _must_match(place: Path, names: set[str], study: Study) -> None:
    own = str(study.region.get("name", ""))
    if own not in names:
        theirs = ", ".join(sorted(names))
        raise StudyError(f"{place}: of {theirs}, and the report is of {own}; only studies of the "
                         "same region are taken in")  # fmt: skip
