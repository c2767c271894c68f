"""An emulator: evaluated anywhere in the swept ranges, with a range and warnings of its domain.

    eta = x' b       mean = 1 / (1 + exp(-eta))       range: eta -+ 1.645 sqrt(x' C x + tau^2)

x the basis at the settings, C the covariance of the coefficients, tau what held-out points showed
the basis to miss. For an outcome that is no chance the mean is eta itself; estimate and ends alike
are then cut off where the outcome itself ends (a rate at 0, a share at 0 and 1). The range is the
emulator's, about the model's own mean; it says nothing about the world.

An average over stored conditions (settings that are no mechanisms) has the mean gradient g, and for
a chance its range is made on the logit scale, too, so that it ends inside 0 and 1 as the estimate::

    logit(mean) -+ 1.645 sqrt(g' C g + (tau mean_k m_k (1 - m_k))^2) / (mean (1 - mean))

tau counts in full, as what is missed may be missed everywhere alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from analysis.emulator.basis import Axis, Floats, Term, design
from analysis.emulator.families import FAMILIES, WORDS, families_of, is_switch
from analysis.emulator.fit import link, slope
from analysis.emulator.held import Shown, Z
from analysis.emulator.quality import Quality
from analysis.study import Outcome, StudyError

WIDE = 0.35  # of a chance: a range wider than this is of no use


def bounds_of(outcome: Outcome) -> tuple[float, float]:
    """Ends of an outcome by what it is."""
    if outcome.is_probability or outcome.kind == "share" or outcome.unit == "share":
        return 0.0, 1.0
    flow = outcome.kind == "money" and outcome.unit.endswith("/year")
    return (0.0 if flow or outcome.kind in {"rate", "count", "time"} else -math.inf), math.inf


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
    shown: tuple[tuple[str, Shown], ...] = ()  # held-out points by kind; not in the document

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
        steep = slope(means, logit=self.logit)
        gradient = (steep[:, None] * columns).mean(axis=0)
        missed = self.tau * float(steep.mean())
        half = Z * math.sqrt(max(self._variance(gradient), 0.0) + missed**2)
        mean = float(means.mean())
        if self.logit:
            middle, half = math.log(mean / (1.0 - mean)), half / (mean * (1.0 - mean))
            ends = link(np.array([middle - half, middle + half]), logit=True)
            lo, hi = min(float(ends[0]), mean), max(float(ends[1]), mean)
        else:
            least, most = bounds_of(self.outcome)
            mean = float(np.clip(means, least, most).mean())
            lo, hi = (float(np.clip(end, least, most))
                      for end in (means.mean() - half, means.mean() + half))  # fmt: skip
            lo, hi = min(lo, mean), max(hi, mean)
        return Prediction(mean, lo, hi, self._warnings(rows, columns, hi - lo))

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
