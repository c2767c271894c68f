"""Rows of the profile: one outcome's effect in spreads of the reference arm, right is better."""

from __future__ import annotations

import math
from typing import NamedTuple

from analysis.effects import FEW_EVENTS, FEW_VALUES, Effect, effects, finished
from analysis.study import Arm, Outcome, Study

NEGLIGIBLE = 0.01  # spreads


class Row(NamedTuple):
    """One outcome's effect, scaled and turned so that positive is better."""

    outcome: Outcome
    effect: Effect
    shown: float
    lo: float
    hi: float

    @property
    def verdict(self) -> str:
        """``better``, ``worse``, ``negligible`` or ``unclear``."""
        known = self.effect.verdict(self.outcome)
        known = "unclear" if known in {FEW_EVENTS, FEW_VALUES} else known
        small = known != "unclear" and abs(self.shown) < NEGLIGIBLE
        return "negligible" if small else known


def scaled_rows(study: Study, arm: Arm) -> list[Row]:
    """Rows that can be scaled, most improved first."""
    runs = finished(study, study.reference.name)
    rows = []
    for key, outcome in study.outcomes.items():
        effect = effects(study)[arm.name, key]
        spread = float(runs[key].astype(float).std(ddof=1))
        if outcome.bad_sign == 0 or not spread > 0 or not math.isfinite(effect.lo):
            continue
        turn = -outcome.bad_sign / spread
        ends = sorted((effect.lo * turn, effect.hi * turn))
        rows.append(Row(outcome, effect, effect.difference * turn, ends[0], ends[1]))
    return sorted(rows, key=lambda row: -row.shown)
