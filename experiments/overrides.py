"""Read ``key=value`` words and settings files into assignments that know where they come from.

Hydra's own grammar reads the values. Keys are checked here, because Hydra advises adding a
mistyped key with ``+``, and would accept it. Every mistake becomes one line; none hides another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from experiments.lists import is_dyads, lists_of
from experiments.settings import GROUPS, SYNTHETIC, Setting, settings
from experiments.shell_words import cut_by_shell, no_value
from experiments.yaml_lines import interpolation

SWEEPS = (
    "several values are given; here a list is read for arms= and dyads= only. To go through values "
    "of a setting use thalweg sweep."
)
LISTS = ("arms", "outcomes", "series")
DECIMAL = re.compile(r"-?\d+,\d+(,-?\d+,\d+)*")
TYPOGRAPHIC = "\u2018\u2019\u201c\u201d\u201e\u2013\u2212"
COMMAND_LINE = "command line: "
ELSEWHERE = {
    "study": "is for the command line of thalweg sweep, as study=NAME or study=FILE; run and "
    "compare read --config FILE.",
    "config": "is an option: --config FILE",
    "engine": "is for the command line of thalweg sweep: engine=NAME",
    "defaults": "a file of settings takes no list of defaults. Name a prepared set, for example "
    "parameters: tight_purse",
}
RAW = ("region", "out", "about")  # text taken as typed: paths may hold any sign


class Swept(NamedTuple):
    """Several values of one setting, as typed in Hydra's sweep grammar."""

    text: str


class Assignment(NamedTuple):
    """One setting given by the user. ``where`` names the override or the file and line.

    ``swept``: what stands there, where ``value`` is only the first of several values.
    """

    key: str
    value: Any
    where: str
    swept: Any = None

    @property
    def text(self) -> str:
        """The override as typed, or key, value and line of a file."""
        typed = self.where.removeprefix(COMMAND_LINE)
        value = self.value if self.swept is None else self.swept
        return typed if typed != self.where else f"{self.key}={value}  # {self.where}"


def read_words(
    words: Sequence[str], *, sweeping: bool = False
) -> tuple[list[Assignment], list[str]]:
    """Assignments of a command line, and what is wrong with the other words.

    ``sweeping``: several values of one setting are taken, as `Swept`.
    """
    found: list[Assignment] = []
    mistakes: list[str] = []
    position = 0
    while position < len(words):
        word = words[position]
        taken, message = cut_by_shell(words, position)
        if taken:
            mistakes.append(message)
            position += taken
            continue
        if "=" not in word or word.endswith("=") or word.startswith("="):
            taken, message = no_value(words, position, _missing_equals)
            mistakes.append(message)
            position += taken
            continue
        assignment, faults = _read_word(word, sweeping)
        mistakes += faults
        found += [assignment] if assignment is not None else []
        position += 1
    return found, mistakes


def check_key(key: str, where: str) -> str | None:
    """Say what is wrong with a dotted key, or None."""
    fault = _key_fault(key)
    return f"{key} ({where}): {fault}" if fault else None


def _key_fault(key: str) -> str:
    known = settings()
    if key in known or key in GROUPS:
        return ""
    if any(part.startswith("_") for part in key.split(".")):
        return "refused; settings hold numbers and names, they cannot run code. Leave it out."
    if key in {"hydra", "callbacks"} or key.startswith(("hydra.", "hydra/", "callbacks.")):
        return "refused; settings do not set up Hydra. Leave it out."
    if key in ELSEWHERE:
        return ELSEWHERE[key]
    whole = next((one for one in known if key.startswith(f"{one}.") and one not in GROUPS), None)
    if whole is not None and whole != "region":
        return f"unknown setting; '{whole}' is one value and holds no settings of its own."
    below = [one for one in known if one.startswith(f"{key}.")]
    if below:
        shown = ", ".join(below[:3]) + (", ..." if len(below) > 3 else "")
        return f"holds settings of its own and takes no value: {shown}"
    return f"unknown setting. {nearest(key, [*known, *GROUPS])}"


def nearest(key: str, known: Iterable[str], what: str = "") -> str:
    """The most likely intended key, in words. ``what``: what the known ones are, if no settings."""
    options = sorted(known)
    leaf = key.rsplit(".", 1)[-1]
    whole = [option for option in options if option.endswith(f".{key}")]
    if len(whole) == 1:
        return f"Did you mean '{whole[0]}'?"
    if whole:
        shown = ", ".join(whole[:6]) + (", ..." if len(whole) > 6 else "")
        return f"It exists as {shown}."
    close = get_close_matches(key, options, n=1, cutoff=0.6)
    if not close:
        leaves = {option.rsplit(".", 1)[-1]: option for option in options}
        close = [leaves[one] for one in get_close_matches(leaf, list(leaves), n=1, cutoff=0.7)]
    if close:
        return f"Did you mean '{close[0]}'?"
    if what:
        return f"{what}: {', '.join(options)}."
    tops = [option for option in options if "." not in option]
    return f"Settings: {', '.join(tops)} (and keys below mechanisms. and parameters.)."


def _read_word(word: str, sweeping: bool) -> tuple[Assignment | None, list[str]]:
    """One ``key=value`` word: an assignment, or the reasons why not (one line)."""
    sign = next((s for s in ("++", "+", "~") if word.startswith(s)), "")
    key, _, text = word.removeprefix(sign).partition("=")
    key, where = key.strip(), f"{COMMAND_LINE}{word}"
    problem = _key_fault(key)
    if fault := interpolation(word):
        return None, [f"{key} ({where}): {fault}"]
    if sign:
        cure = problem[:1].upper() + problem[1:] or f"Leave out the '{sign}'."
        text = f"'{sign}' is refused, settings cannot be added or removed. {cure}"
        return None, [f"{sign}{key} ({where}): {text}"]
    value, swept, fault = read_value(key, text)
    if problem:
        text = f"{problem} Also: {SWEEPS}" if swept and not sweeping else problem
        return None, [f"{key} ({where}): {text}"]
    if fault:
        return None, [f"{key} ({where}): {fault}"]
    if swept and not sweeping:
        bundles = f" To compare bundles write arms=none,{text}" * (key == "mechanisms")
        return None, [f"{key} ({where}): {SWEEPS}{decimal_comma(text)}{bundles}"]
    listed = text.strip("[]") if key == "region" else text
    return Assignment(key, Swept(listed) if swept else value, where), []


def read_value(key: str, text: str) -> tuple[Any, bool, str]:
    """(value, whether several values were given, what is wrong) of the text after the '='."""
    if key in RAW:
        plain = text.strip("'\"")
        several = "," in text or text.startswith(("glob(", "choice("))
        return plain, key == "region" and several and not Path(plain).is_file(), ""
    if is_dyads(key) and lists_of(text) is not None:
        return None, True, ""
    if key in LISTS or is_dyads(key):
        parts = [part.strip() for part in text.strip("[]").split(",")]
        return parts, False, "a comma too many: a name is missing." if "" in parts else ""
    if any(sign in text for sign in TYPOGRAPHIC):
        return None, False, f"{text!r} has typographic quotes or dashes; type ' and - instead."
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    from experiments.sweep_grammar import unreadable

    try:
        parsed = OverridesParser.create().parse_override(f"value={text}")
        if parsed.is_sweep_override():
            return None, True, ""
        return parsed.value(), False, ""
    except HydraException:
        return None, False, unreadable(text)


def decimal_comma(text: str) -> str:
    """A hint where a list may be a number that was written with a comma; empty where not."""
    if not DECIMAL.fullmatch(text.strip()):
        return ""
    first = ".".join(text.split(",")[:2]).strip()
    return f" If a decimal number was meant, it has a point: {first}"


def _missing_equals(word: str) -> str:
    """A cure for a word that is no setting and has no '='."""
    if word.endswith((".yaml", ".yml")):
        return f"A file of settings is given as study={word} (sweep) or --config {word}"
    key = word.strip("=")
    return "" if key in settings() or key in GROUPS else nearest(key, [*settings(), *GROUPS])


def check_scope(assignments: Sequence[Assignment], region: str) -> list[str]:
    """Region options given to a region that has none."""
    if region == SYNTHETIC or region.endswith((".yaml", ".yml")):
        return []
    return [
        f"{a.key} ({a.where}): only region=synthetic takes options; the facts of '{region}' stand "
        "in its file. Copy the file, edit the copy and give its path: region=my.yaml"
        for a in assignments
        if a.key.startswith("region.")
    ]


def shown(setting: Setting) -> str:
    """Range and meaning of a setting, to close a message."""
    meaning = f"{setting.label[:1].upper()}{setting.label[1:]}."
    return f"{setting.allowed} {meaning}".strip()
