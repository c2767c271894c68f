"""V11: institutions cap severity more than they cut complaints.

Raw contrasts, as in the data: bodies are adopted where there is friction, so nothing here is the
effect of a body. The bounds of the complaints say that their rate is not lower by more than 20 %.
"""

from __future__ import annotations

import numpy as np

from analysis.patterns.acts import Array, Cluster
from analysis.patterns.base import Measure, Pattern, Sums, ratio

COLUMNS = (
    "with", "without", "with_3", "without_3", "with_5", "without_5", "years_with", "years_without",
    "severe",
)  # fmt: skip


def count(cluster: Cluster, reported: bool) -> tuple[float, ...]:
    """Conflictive events between states with and without a joint body, by severity."""
    acts = cluster.acts.reported() if reported else cluster.acts
    acts = acts.between_states()
    bad = acts.keep(acts.bar < 0)
    found: list[float] = []
    for worst in (-1, -3, -5):
        hit = bad.bar <= worst
        found += [float(np.sum(hit & bad.body)), float(np.sum(hit & ~bad.body))]
    without, with_body = cluster.body_years
    return (*found, with_body, without, found[2] + found[3])


def odds(s: Sums, worst: int) -> Array:
    """Odds ratio of an event at ``worst`` or below, with a body over without, given conflict."""
    hit, other = s[f"with_{worst}"], s[f"without_{worst}"]
    return ratio(ratio(hit, s["with"] - hit), ratio(other, s["without"] - other))


def complaints(s: Sums) -> Array:
    """Conflictive events a pair and year, with a body over without."""
    return ratio(ratio(s["with"], s["years_with"]), ratio(s["without"], s["years_without"]))


PATTERN = Pattern(
    "V11", "institutions cap severity more than they cut complaints",
    "reported conflictive events between states in runs where towns and states adopt by themselves",
    "TFDD without the Jordan basin; Dinar et al. 2019", "H", False, COLUMNS, count,
    (
        Measure("odds_3", "odds of -3 or worse, with a body / without", "ratio", 0.49, (0.3, 0.9),
                "severe", lambda s: odds(s, 3)),
        Measure("complaints", "conflictive events a year, with / without", "ratio", 1.0,
                (0.8, float("inf")), "with", complaints, width=0.8),
        Measure("odds_5", "odds of -5 or worse, with a body / without", "ratio", 0.23, None,
                "severe", lambda s: odds(s, 5)),
    ),
)  # fmt: skip
