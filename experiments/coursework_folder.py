"""Exercises and answers as files: ``docs/coursework/N-name`` and a student's ``answers.yaml``.

An exercise is a folder: ``README.md`` (its text), ``answers.yaml`` (the blanks), starter files, and
``marking.yaml``, which declares how each entry is judged and is not handed to students.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from experiments.config_files import shown_path
from experiments.exits import UsageError
from experiments.overrides import nearest
from experiments.shipped import coursework_folder
from experiments.yaml_lines import Place, place_of, read_document

MARKING, ANSWERS = "marking.yaml", "answers.yaml"
FREE, WORDS = "free", "words"


class Exercise(NamedTuple):
    """One exercise. ``studies``: what each study folder must be; ``entries``: how each is asked."""

    number: int
    name: str  # of its folder
    folder: Path
    title: str
    asks: str
    studies: Mapping[str, Mapping[str, Any]]
    designs: tuple[str, ...]
    entries: Mapping[str, Mapping[str, Any]]


class Answers(NamedTuple):
    """What a student wrote; ``given`` lacks the blanks."""

    place: Place
    folder: Path
    given: Mapping[str, Any]


def exercises() -> list[Exercise]:
    """Every exercise that comes with Thalweg, in order."""
    found = [_read(path.parent) for path in coursework_folder().glob(f"[0-9]*-*/{MARKING}")]
    return sorted(found, key=lambda one: one.number)


def exercise_of(word: str) -> Exercise:
    """The exercise of a number or a name. Raises UsageError with the ones there are."""
    known = exercises()
    for one in known:
        if word in {str(one.number), one.name}:
            return one
    listed = ", ".join(str(one.number) for one in known)
    near = "" if word.isdigit() else f" {nearest(word, [one.name for one in known], 'By name')}"
    raise UsageError(f"no exercise '{word}'. There are {listed}.{near}")


def _read(folder: Path) -> Exercise:
    content = read_document(folder / MARKING, shown_path(folder / MARKING)).value
    return Exercise(
        int(folder.name.partition("-")[0]), folder.name, folder, str(content["title"]),
        str(content["asks"]), content.get("studies", {}), tuple(content.get("designs", ())),
        content["entries"],
    )  # fmt: skip


def answers_of(exercise: Exercise, folder: Path) -> Answers:
    """The answers in a folder. Raises UsageError where they cannot be read as written."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder. Begin with: thalweg coursework start "
                         f"{exercise.number} {folder}")  # fmt: skip
    path = folder / ANSWERS
    if not path.is_file():
        raise UsageError(f"{shown_path(path)}: missing. Copy the one with blanks by: thalweg "
                         f"coursework start {exercise.number} and a new folder")  # fmt: skip
    document = read_document(path, shown_path(path), blanks=True)
    content, place = document.value, place_of(shown_path(path), document)
    if not isinstance(content, dict):
        raise UsageError(f"{place}: answers are written one per line, as 'name: value'.")
    named = str(content.get("exercise", exercise.name))
    if named != exercise.name:
        raise UsageError(f"{place.at('exercise')}: these are answers to '{named}', not to "
                         f"'{exercise.name}'. Check them by: thalweg coursework check "
                         f"{named.partition('-')[0]}")  # fmt: skip
    known = {"exercise", *exercise.studies, *exercise.entries}
    strange = [f"{place.at(key)}: no entry '{key}'. {nearest(str(key), known, 'Entries')}"
               for key in content if key not in known]  # fmt: skip
    given = {key: _meant(exercise.entries.get(key, {}), _plain(value))
             for key, value in content.items() if not _is_blank(value)}  # fmt: skip
    mistakes = strange + [text for key in exercise.entries if key in given
                          if (text := _mistyped(exercise.entries[key], key, given[key], place))]
    if mistakes:
        raise UsageError(mistakes)
    return Answers(place, folder, given)


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _plain(value: Any) -> Any:
    """YAML reads yes and no as flags: here they are words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.strip() if isinstance(value, str) else value


def _meant(entry: Mapping[str, Any], value: Any) -> Any:
    """A number with the minus sign of a printed table, and an answer in other capitals."""
    if not entry or not isinstance(value, str):
        return value
    if entry.get("kind", "number") in {"number", "count"}:
        try:
            return float(value.replace("\u2212", "-"))
        except ValueError:
            return value
    same = [word for word in entry.get("options", ()) if str(word).lower() == value.lower()]
    return same[0] if same else value


def _mistyped(entry: Mapping[str, Any], key: str, value: Any, place: Place) -> str:
    """Why a value cannot be an answer to its entry; empty where it can."""
    where, kind = f"{place.at(key)}: {key}:", entry.get("kind", "number")
    is_number = isinstance(value, int | float)
    if isinstance(value, dict | list):
        return f"{where} one value is wanted."
    if kind == "number" and not is_number:
        return f"{where} a number is wanted, without its unit, not '{value}'."
    if kind == "count" and not (is_number and float(value).is_integer()):
        return f"{where} a whole number is wanted, not '{value}'."
    options = entry.get("options")
    if options and str(value) not in map(str, options):
        return f"{where} '{value}' is none of the answers. {nearest(str(value), options, 'Known')}"
    if kind not in {"number", "count"} and is_number:
        return f"{where} words are wanted, not the number {value}."
    return ""
