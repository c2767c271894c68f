"""The words of ``until=``: how they are read, and what is wrong with them."""

from __future__ import annotations

import math

from experiments.compose import Settled

WORD = "halfwidth"
FEWEST = 50  # seeds before the first look: with fewer a width is itself a guess


def faults_of_until(settled: Settled) -> list[str]:
    """What is wrong with ``until=``, in plain lines."""
    text, given = settled.values.get("until"), settled.was_given("until")
    if not isinstance(text, str):
        return []
    where = f"until ({given.where})" if given is not None else "until"
    found = read_until(text)
    if isinstance(found, str):
        return [f"{where}: {found}"]
    seeds = settled.values.get("seeds")
    if isinstance(seeds, int) and seeds < FEWEST:
        return [f"{where}: begin with at least seeds={FEWEST}; with fewer a width is a guess."]
    return []


def read_until(text: str) -> tuple[float, str] | str:
    """(half-width, outcome or nothing), or what is wrong."""
    word, _, rest = text.partition(":")
    number, _, named = rest.partition(":")
    wanted = f"write {WORD}:0.02, or {WORD}:0.02:OUTCOME"
    try:
        width = float(number)
    except ValueError:
        return f"{text!r} cannot be read; {wanted}."
    if word != WORD or not math.isfinite(width) or width <= 0:
        return f"{text!r} cannot be read; {wanted}, with a number above 0."
    return width, named
