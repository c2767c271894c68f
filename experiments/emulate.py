"""``thalweg emulate DIR``: fit an emulator to a sweep, say how good it is where, export it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from difflib import get_close_matches

from experiments import console
from experiments.exits import OK, UsageError

KEYS = ("outcome", "arm", "frame")


def emulate(arguments: argparse.Namespace) -> int:
    """Fit, tell and write; returns the exit code. A refused one is written without its numbers."""
    chosen = read(arguments.settings)
    from analysis.emulator import Ask, document, told
    from analysis.emulator import emulate as fitted
    from analysis.emulator.paper import write
    from analysis.paper_kit import answer_folder, source_of
    from analysis.study import StudyError
    from analysis.sweeps import load_sweep

    try:
        found = fitted(arguments.folder, Ask(**chosen))
    except StudyError as error:
        raise UsageError(str(error)) from None
    text = json.dumps(document(found), ensure_ascii=False, allow_nan=False)
    if arguments.json:
        console.say(text)
    else:
        console.say(*told(found))
    place = answer_folder(arguments.folder, "emulate", arguments.out)
    (place / "emulator.json").write_text(text + "\n", encoding="utf-8")
    counted = f"{found.about['points']:,} points x {found.about['seeds']} seeds"
    write(found, source_of(load_sweep(arguments.folder), counted), place)
    without = " without coefficients, as it is refused" if found.refusals else ""
    console.note(f"emulator: {place / 'emulator.json'} ({len(text) / 1000:.0f} kB){without}")
    return OK


def read(words: Sequence[str]) -> dict[str, str]:
    """What is asked, from ``key=value`` words. Raises UsageError with every mistake."""
    found: dict[str, str] = {}
    mistakes = []
    for word in words:
        key, sign, text = (part.strip() for part in word.partition("="))
        if sign and text and key in KEYS:
            found[key] = text
            continue
        close = get_close_matches(key, KEYS, n=1)
        hint = f" Did you mean '{close[0]}='?" if close and key not in KEYS else ""
        mistakes.append(f"{word}: settings are written key=value: {', '.join(KEYS)}.{hint}")
    if mistakes:
        raise UsageError(mistakes)
    return found
