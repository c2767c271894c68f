"""A section of docs/mechanisms.md: what comes about where every agreement is left to the towns.

Agreements that nobody imposes are an outcome of the model: whether one is signed, when, whether it
lapses, and what it does. Numbers come from docs/mechanisms.json (see
`experiments.mechanism_effects`): [mean, lower end, upper end, histories that define it].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from experiments.markdown import table

AGREEMENTS = "agreements"  # part of the store
LEFT = "Left to the towns"  # heading of the section
LIVES = ("agreements_signed", "agreements_lapsed", "time_to_agreement", "agreements_in_force",
         "survived_elections", "survived_crises", "money_spent")  # fmt: skip
Cell = list[float | None]


def section(found: Mapping[str, Any], effects: str) -> Iterator[str]:
    """Words and both tables; ``effects``: the table of paired differences against none."""
    yield f"## {LEFT}"
    yield (
        "Nothing is imposed. Every mechanism may be agreed on, up to full intensity, and nobody "
        "has to: towns propose what answers the problems that they lived through, bargain over its "
        "intensity and cost, meet vetoes, sign, meet, renew and let lapse. Whether and when "
        "cooperation arises is an outcome here; everywhere else on this page it is given."
    )
    if found.get(AGREEMENTS):
        yield "What came about, region by region:"
        yield _lives(found[AGREEMENTS], int(found["seeds"]))
        yield (
            "Means over histories with 95 % intervals; rates are those of the whole region, all "
            "its pairs of towns and all mechanisms together; what is in force is counted per pair "
            "of towns. *Of N*: only so many histories define "
            "the figure. A history without a signature has no time to the first: the mean is over "
            "those with one, and the rest lies beyond the horizon. A share that survived is the "
            "mean of the shares of histories in which an agreement was put to that test."
        )
    if effects:
        yield "What it changed, against no mechanism:"
        yield effects
        yield (
            "This is the effect of leaving the towns free to agree, wherever and whenever they "
            "then do. It says nothing on one agreement: towns agree where they suffer, so within "
            "these histories a border with agreements may look worse than one without. The effect "
            "of an agreement stands in the sections above, where it is imposed."
        )


def _lives(regions: Mapping[str, Mapping[str, Cell]], seeds: int) -> str:
    """What became of agreements: one row per region."""
    from sim.outcomes import OUTCOMES

    heads = [f"{OUTCOMES[key].label} [{OUTCOMES[key].unit}]" for key in LIVES]
    rows = [(f"`{region}`", *(_cell(held[key], seeds) for key in LIVES))
            for region, held in regions.items()]  # fmt: skip
    return table(("region", *heads), rows)


def _cell(numbers: Cell, seeds: int) -> str:
    """Mean, interval and, where not every history defines it, how many do."""
    mean, lo, hi, count = numbers
    if mean is None:
        return "in no history"
    span = f" ({lo:.3g} to {hi:.3g})" if lo is not None and hi is not None else ""
    held = "" if count == seeds else f"; of {count:g}"
    return f"{mean:.3g}{span}{held}"
