"""An emulator: evaluated anywhere in the swept ranges, with a range and warnings of its domain.

    eta = x' b       mean = 1 / (1 + exp(-eta))       range: eta -+ 1.645 sqrt(x' C x + tau^2)

x the basis at the settings, C the covariance of the coefficients, tau what held-out points showed
the basis to miss. For an outcome that is no chance the mean is eta itself. The range is the
emulator's, about the model's own mean; it says nothing about the world.

An average over stored conditions (settings that are no mechanisms) has the mean gradient; tau
counts in full, as what is missed may be missed everywhere alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from analysis.emulator.basis import Axis, Floats, Term, design
from analysis.emulator.families import FAMILIES, WORDS, families_of, is_switch
from analysis.emulator.fit import link, slope
from analysis.emulator.quality import Quality, Z
from analysis.study import Outcome, StudyError

WIDE = 0.35  # of a chance: a range wider than this is of no use


class Prediction(NamedTuple):
    """A mean with the emulator's range, and what speaks against it."""

    mean: float
    lo: float
    hi: float
    warnings: tuple[str, ...]


class Emulator(NamedTuple):
    """Everything that an evaluation needs, and what is known of its quality."""

    outcome: Outcome
    axes: tuple[Axis, ...]
    terms: tuple[Term, ...]
    coefficients: Floats
    covariance: Floats
    logit: bool
    tau: float
    leverage: float  # 99 % of the training points have less
    conditions: Floats  # [condition, axis]: settings to average over; mechanisms do not count
    quality: tuple[Quality, ...]
    refusals: tuple[str, ...]
    flags: tuple[str, ...]
    about: dict[str, Any]

    def evaluate(self, settings: Mapping[str, float]) -> Prediction:
        """At one point; settings that are not given stand at their defaults. Raises StudyError."""
        return self._at(self.point(settings)[None])

    def average(self, settings: Mapping[str, float]) -> Prediction:
        """Over the stored conditions; settings that are given hold in all of them."""
        rows = self.conditions.copy()
        keys = [axis.key for axis in self.axes]
        own = self.point(settings)
        for place, key in enumerate(keys):
            if is_switch(key) or key in settings:
                rows[:, place] = own[place]
        return self._at(rows)

    def point(self, settings: Mapping[str, float]) -> Floats:
        """Values of all axes. Raises StudyError for an unknown one, or one outside its range."""
        known = {axis.key: axis for axis in self.axes}
        strange = [key for key in settings if key not in known]
        if strange:
            raise StudyError(f"{strange[0]}: was not swept; known: {', '.join(known)}")
        for key, value in settings.items():
            axis = known[key]
            if not axis.lo <= value <= axis.hi:
                raise StudyError(f"{key}={value:g} is outside of what was swept, {axis.lo:g} to "
                                 f"{axis.hi:g}")  # fmt: skip
        return np.array([float(settings.get(axis.key, 0.0 if is_switch(axis.key)
                                            and axis.lo == 0 else axis.default))
                         for axis in self.axes])  # fmt: skip

    def _at(self, rows: Floats) -> Prediction:
        columns = design(self.axes, self.terms, rows)
        eta = columns @ self.coefficients
        means = link(eta, logit=self.logit)
        if len(rows) == 1:
            half = Z * math.sqrt(max(self._variance(columns[0]), 0.0) + self.tau**2)
            lo, hi = (float(link(eta + side, logit=self.logit)[0]) for side in (-half, half))
        else:
            steep = slope(means, logit=self.logit)
            gradient = (steep[:, None] * columns).mean(axis=0)
            missed = (self.tau * float(steep.mean())) ** 2
            half = Z * math.sqrt(max(self._variance(gradient), 0.0) + missed)
            lo, hi = float(means.mean()) - half, float(means.mean()) + half
            if self.logit:
                lo, hi = max(lo, 0.0), min(hi, 1.0)
        return Prediction(float(means.mean()), lo, hi, self._warnings(rows, columns, hi - lo))

    def _variance(self, row: Floats) -> float:
        return float(row @ self.covariance @ row)

    def _warnings(self, rows: Floats, columns: Floats, width: float) -> tuple[str, ...]:
        found = []
        reach = np.sqrt(((columns @ self.covariance) * columns).sum(axis=1).clip(0.0))
        if float(np.mean(reach > self.leverage)) > 0.5:
            found.append("farther from the simulated points than 99 % of them are: extrapolated")
        if self.logit and width > WIDE:
            found.append(f"the range is wider than {100 * WIDE:.0f} in 100")
        family = FAMILIES[int(families_of(self.axes, rows[:1])[0])]
        known = {one.family: one for one in self.quality}
        if family not in known or not math.isfinite(known[family].rmse):
            found.append(f"not tested: {WORDS[family]}")
        return tuple(found)
