"""The two cards of the headline: a chance as a hundred dots, anything else as its distribution."""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup

from analysis import words
from analysis.effects import pairs
from analysis.headline import Headline
from analysis.intervals import bootstrap_intervals, wilson
from analysis.language import say
from analysis.report.icons import icon_array, quantile_dots
from analysis.report.texts import card_numbers
from analysis.study import Outcome, Study


def headline_cards(
    study: Study, head: Headline, ends: tuple[float, float] | None = None
) -> list[dict[str, Any]]:
    """Number, unit, interval, drawing and caption for the reference and the headline arm.

    ``ends``: the scale of the drawings; by default that of their own values.
    """
    if head.effect is None or head.effect.n < 2:
        return []
    outcome = study.outcomes[head.outcome]
    values = card_values(study, head)
    numbers = card_numbers(outcome, head.effect)
    ends = ends or scale(values)
    cards = []
    for index, arm in enumerate((study.reference, study.arm(head.arm))):
        label = words.upper_first(arm.label)
        cards.append(
            {
                "label": label,
                "token": f"arm{study.arms.index(arm) and 1 + (study.arms.index(arm) - 1) % 7}",
                "number": numbers[index][0],
                "unit": numbers[index][1],
                "interval": _interval(outcome, values[index]),
                "drawing": _drawing(outcome, values[index], ends, label),
                "ends": [] if outcome.is_probability else _end_words(outcome, ends),
                "caption": _caption(outcome),
                "probability": outcome.is_probability,
            }
        )
    return cards


def card_values(study: Study, head: Headline) -> list[Any]:
    """Values of the complete pairs of the headline, of the reference and of its arm."""
    frames = pairs(study, head.arm)
    values = [frame[head.outcome].to_numpy(dtype=float) for frame in frames]
    valid = ~(np.isnan(values[0]) | np.isnan(values[1]))
    return [v[valid] for v in values]


def scale(values: list[Any]) -> tuple[float, float]:
    """Ends of a scale that holds nearly all values."""
    everything = np.concatenate(values)
    lo, hi = np.quantile(everything, [0.0, 0.99])
    lo = 0.0 if 0 <= lo < 0.5 * hi else float(lo)
    return lo, float(hi) + 1e-9 + 0.04 * float(hi - lo)


def _drawing(outcome: Outcome, values: Any, ends: tuple[float, float], label: str) -> Markup:
    if outcome.is_probability:
        return icon_array(float(values.mean()), label)
    return quantile_dots(values, *ends, label)


def _end_words(outcome: Outcome, ends: tuple[float, float]) -> list[str]:
    lo, hi = words.from_to(outcome, *ends)
    return [lo.partition(" ")[0], hi]


def _interval(outcome: Outcome, values: Any) -> str:
    if outcome.is_probability:
        lo, hi = (float(end) for end in wilson(values.sum(), len(values)))
    else:
        ends = bootstrap_intervals(values[:, None])
        lo, hi = float(ends[0][0]), float(ends[1][0])
    a, b = words.from_to(outcome, lo, hi)
    return say("95 % interval {lo} to {hi}", lo=a.partition(" ")[0], hi=b)


def _caption(outcome: Outcome) -> str:
    if outcome.is_probability:
        return say("Each dot is one of 100 simulated histories; filled ones hold such a crisis.")
    return say("Each dot stands for 5 in 100 simulated histories, from lowest to highest.")
