"""``thalweg portfolio DIR``: which mix of mechanisms for which money."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from experiments import console
from experiments.exits import OK, UsageError

PLAIN = ("budget", "risk", "cost", "states")
LIMITS = ("most", "least")
KEYS = f"{', '.join(PLAIN)}, most.OUTCOME, least.OUTCOME"


def portfolio(arguments: argparse.Namespace) -> int:
    """Answer, print and write tables; returns the exit code."""
    chosen = read(arguments.settings)
    folder = Path(arguments.folder)
    from analysis.paper_kit import answer_folder
    from analysis.portfolio import Ask, document, told
    from analysis.portfolio import portfolio as answer
    from analysis.portfolio.paper import write
    from analysis.study import StudyError

    try:
        found = answer(folder, Ask(**chosen))
    except StudyError as error:
        raise UsageError(str(error)) from None
    if arguments.json:
        text = json.dumps(document(found), indent=1, ensure_ascii=False, allow_nan=False,
                          default=lambda value: value.item())  # fmt: skip
        console.say(text)
    else:
        console.say(*told(found))
    place = answer_folder(folder, "portfolio", arguments.out)
    write(found, place)
    console.note(f"tables and figure: {place}")
    return OK


def read(words: Sequence[str]) -> dict[str, Any]:
    """What is asked, from ``key=value`` words. Raises UsageError with every mistake."""
    found: dict[str, Any] = {"thresholds": {}}
    mistakes = []
    for word in words:
        key, sign, text = (part.strip() for part in word.partition("="))
        if not sign or not text:
            mistakes.append(f"{word}: settings are written key=value: {KEYS}")
            continue
        first, _, outcome = key.partition(".")
        if first in LIMITS and outcome:
            limit = _numbers(text)
            if limit is None or len(limit) != 1:
                mistakes.append(f"{word}: one number is wanted, for example {key}=0.1")
            else:
                found["thresholds"][outcome] = (first, limit[0])
        elif key == "budget":
            budgets = _numbers(text)
            if budgets is None or min(budgets) < 0:
                mistakes.append(f"{word}: amounts of money, for example budget=0.5 or budget=1,2.5")
            else:
                found["budgets"] = tuple(sorted(set(budgets)))
        elif key == "cost":
            found["cost"] = tuple(text.replace(",", "+").split("+"))
        elif key in PLAIN:
            found[key] = text
        else:
            close = get_close_matches(first, [*PLAIN, *LIMITS], n=1)
            hint = f"Did you mean '{close[0]}'?" if close else f"Known: {KEYS}"
            mistakes.append(f"{word}: no such setting. {hint}")
    if mistakes:
        raise UsageError(mistakes)
    return found


def _numbers(text: str) -> list[float] | None:
    """Numbers between commas; None where one is none."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        return None
    return numbers if all(math.isfinite(number) for number in numbers) else None
