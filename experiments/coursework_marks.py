"""Answers against what the student's own folder says: right, wrong (which slip), blank."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from analysis.words import count
from experiments.coursework_asks import ASKS
from experiments.coursework_folder import FREE, WORDS, Answers, Exercise
from experiments.coursework_held import COMPARISON, Expected, Held
from experiments.coursework_slips import SLIPS
from experiments.coursework_studies import MORE, changed_settings
from experiments.exits import UsageError

RIGHT, WRONG, BLANK, READ = "right", "wrong", "blank", "to read"
CLOSE = 0.01  # of the right number
FEWEST_SEEDS = 10


class Mark(NamedTuple):
    """What is said of one entry. ``slip``: a name in `SLIPS`, or empty."""

    entry: str
    state: str
    slip: str = ""
    told: str = ""


def marks(exercise: Exercise, answers: Answers) -> list[Mark]:
    """Every entry and every rule of design, in order. Raises UsageError."""
    held = Held(exercise, answers)
    for name, wanted in exercise.studies.items():
        _ = held.study(name) if wanted["kind"] != "history" else held.manifest(name)
    designs = [_design(held, name) for name in exercise.designs]
    return designs + [_entry(held, key, entry) for key, entry in exercise.entries.items()]


def is_right(given: float | str, expected: Expected) -> bool:
    """True of the right word, and of a number that is right as far as it was rounded."""
    if isinstance(given, str) or isinstance(expected.value, str):
        return str(given) == str(expected.value)
    apart = abs(given - expected.value)
    if apart <= max(CLOSE * abs(expected.value), expected.grain):
        return True
    return _rounded(given, expected.value) and _digits(given) > 1


def _entry(held: Held, key: str, entry: Mapping[str, Any]) -> Mark:
    given, ask = held.answers.given.get(key), str(entry["ask"])
    if given is None:
        return Mark(key, BLANK)
    if ask == WORDS:
        return _in_words(key, str(given), int(entry["least"]))
    if ask == FREE:
        return Mark(key, RIGHT, told="your choice")
    expected = {**ASKS, **MORE}[ask](held, {**entry, "name": key})
    if entry.get("kind") == "count":
        right = float(given) == float(expected.value)
    else:
        right = is_right(given, expected)
    if right:
        return Mark(key, RIGHT)
    slip = _slip(given, expected)
    return Mark(key, WRONG, slip, SLIPS.get(slip, "read the question and its hint once more"))


def _slip(given: float | str, expected: Expected) -> str:
    """Name of the slip that a wrong answer betrays; empty where it is none of the known."""
    for name, value in expected.slips:
        if isinstance(value, str) or isinstance(given, str):
            if str(given) == str(value):
                return name
        elif abs(given - value) <= CLOSE * abs(value) or (
            _rounded(given, value) and _digits(given) > 1
        ):
            return name
    if (not isinstance(given, str) and not isinstance(expected.value, str)
            and not float(given).is_integer() and _rounded(given, expected.value)):  # fmt: skip
        return "rounded-too-far"
    return expected.reason


def _in_words(key: str, text: str, least: int) -> Mark:
    number = len(text.split())
    if number < least:
        return Mark(key, WRONG, told=f"{count(number, 'word')}; at least {least} are wanted")
    return Mark(key, READ, told=f"{count(number, 'word')}; a person marks them")


def _rounded(given: float, value: float) -> bool:
    """True where ``given`` is ``value`` rounded to the decimals that were given."""
    places = -int(Decimal(str(float(given))).normalize().as_tuple().exponent)
    return abs(given - value) <= 0.5 * 10.0**-places * (1 + 1e-6)


def _digits(given: float) -> int:
    """Digits of a number that are not leading zeros."""
    return len(Decimal(str(float(given))).normalize().as_tuple().digits)


def _design(held: Held, name: str) -> Mark:
    slip = DESIGNS[name](held)
    label = f"design: {name.replace('_', ' ')}"
    return Mark(label, WRONG if slip else RIGHT, slip, SLIPS.get(slip, ""))


def _enough_seeds(held: Held) -> str:
    counts = [int(held.manifest(name)["seeds"]["count"]) for name, wanted in
              held.exercise.studies.items() if wanted["kind"] == COMPARISON]  # fmt: skip
    return "few-seeds" if min(counts) < FEWEST_SEEDS else ""


def _one_change(held: Held) -> str:
    number = len(changed_settings(held))
    return "" if number == 1 else "two-things" if number else "nothing-changed"


def _same_draws(held: Held) -> str:
    a, b = (held.manifest(name) for name in list(held.exercise.studies)[:2])
    same = a["seeds"] == b["seeds"] and a["years"] == b["years"]
    arms = [[arm["name"] for arm in one["arms"]] for one in (a, b)]
    return "" if same and arms[0] == arms[1] else "other-seeds"


def _same_world(held: Held) -> str:
    """The second folder is of the same region, seeds and years; arms differ."""
    a, b = (held.manifest(name) for name in list(held.exercise.studies)[:2])
    same = a["seeds"] == b["seeds"] and a["years"] == b["years"] and a["region"] == b["region"]
    return "" if same and not changed_settings(held) else "other-seeds"


def _bare_first(held: Held) -> str:
    first = next(iter(held.exercise.studies))
    return "no-baseline" if any(held.study(first).stored.arms[0].mechanisms.values()) else ""


def _each_alone(held: Held) -> str:
    """Of the first folder: the arms after the first hold one mechanism each."""
    first = next(iter(held.exercise.studies))
    sizes = [sum(x > 0 for x in arm.mechanisms.values())
             for arm in held.study(first).stored.arms[1:]]  # fmt: skip
    return "" if set(sizes) == {1} else "not-alone"


def _own_region(held: Held) -> str:
    from csv import DictReader

    from analysis.study import Study
    from experiments.shipped import region_names

    first = next(iter(held.exercise.studies))
    stored = held.study(first).stored
    if held.manifest(first)["region"] in region_names():
        return "shipped-region"
    if not isinstance(stored, Study):
        raise UsageError(f"{held.folder(first)}: a comparison is wanted")
    rows = (held.exercise.folder / "towns.csv").read_text(encoding="utf-8").splitlines()
    shipped = {row["name"] for row in DictReader(row for row in rows if row[:1] != "#")}
    own = {str(town["name"]) for town in stored.region["municipalities"]}
    return "starter-towns" if own == shipped else ""


DESIGNS: dict[str, Callable[[Held], str]] = {
    "enough_seeds": _enough_seeds, "one_change": _one_change, "same_draws": _same_draws,
    "same_world": _same_world, "bare_first": _bare_first, "each_alone": _each_alone,
    "own_region": _own_region,
}  # fmt: skip
