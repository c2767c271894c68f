"""Does a mechanism move what it should, in the whole model, under the same draws of chance?

`effect` runs the same seeds with and without it and returns the mean paired difference of one thing
that is read in the state every quarter (or an outcome of the run), with its standard error;
`contrast` returns how much larger this effect is in one case than in another, seed by seed. What a
scenario holds at an extreme (trust, a closed border, legitimacy) is put into the state of both arms
before every quarter, or once at the start, so that a claim is tested where it applies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
from naive.compare import CompiledModel

from experiments.regions import load_region
from sim.region import Region
from sim.scenario import Scenario, scenario
from sim.simulate import history_of
from sim.state import State

QUARTER = 13  # weeks
SURE = 2.6  # standard errors: one in a hundred by chance
See = Callable[[State], float]
Hold = Callable[[State], None]


class Change(NamedTuple):
    """Mean paired difference, its standard error, and the mean without the mechanism."""

    mean: float
    error: float
    without: float

    @property
    def rises(self) -> bool:
        """True when it surely rose."""
        return self.mean > SURE * self.error and self.mean > 0.0

    @property
    def falls(self) -> bool:
        """True when it surely fell."""
        return self.mean < -SURE * self.error and self.mean < 0.0

    @property
    def most(self) -> float:
        """Largest size that it may still have."""
        return abs(self.mean) + SURE * self.error


class Case(NamedTuple):
    """Where and how long both arms are run, and what is held in both."""

    region: str = "fergana"
    years: float = 6.0
    seeds: int = 16
    parameters: Mapping[str, float] = {}
    hold: Hold | None = None
    start: Hold | None = None
    after: float = 0.0  # years; what is seen before is not counted


def worst_served(s: State) -> float:
    """Take over need of the worst-served group."""
    needy = s.group.need_felt > 0.0
    return float((s.group.take_felt[needy] / s.group.need_felt[needy]).min())


@cache
def region_of(name: str) -> Region:
    """One of the shipped regions."""
    return load_region(name)


def history(given: Scenario, case: Case, see: See | None) -> tuple[CompiledModel, list[float]]:
    """Run one history in quarters; what is seen at the end of each."""
    model = CompiledModel(given)
    seen: list[float] = []
    model.advance(-model.tick)
    if case.start is not None:
        case.start(model.state)
    while model.tick < round(52 * given.years):
        if case.hold is not None:
            case.hold(model.state)
        model.advance(QUARTER)
        if see is not None and model.tick > 52 * case.after:
            seen.append(float(see(model.state)))
    return model, seen


def value(given: Scenario, case: Case, see: See | str) -> float:
    """The mean over quarters of what is seen, or the outcome of that name."""
    if not isinstance(see, str):
        return float(np.mean(history(given, case, see)[1]))
    model, _ = history(given, case, None)
    told = history_of(given, model.space, model.series, model.dyad_peaks, model.pair_peaks)
    return told.outcomes[see]


def values(see: See | str, mechanisms: Mapping[str, float], case: Case) -> np.ndarray:
    """One number per seed."""
    given = scenario(region_of(case.region), mechanisms=mechanisms, years=case.years,
                     spinup_years=2.0, parameters=case.parameters)  # fmt: skip
    seeds = range(100, 100 + case.seeds)
    return np.array([value(given._replace(seed=seed), case, see) for seed in seeds])


def arms(
    see: See | str, with_it: Mapping[str, float] | str, case: Case, without: Mapping[str, float]
) -> tuple[np.ndarray, np.ndarray]:
    """One number per seed without what is added, and with it."""
    added = {with_it: 1.0} if isinstance(with_it, str) else dict(with_it)
    return values(see, without, case), values(see, {**without, **added}, case)


def summed_up(change: np.ndarray, without: np.ndarray) -> Change:
    """Mean and standard error over seeds; seeds in which it does not exist are left out."""
    kept = ~np.isnan(change)
    error = change[kept].std(ddof=1) / np.sqrt(kept.sum())
    return Change(float(change[kept].mean()), float(error), float(without[kept].mean()))


def effect(
    see: See | str,
    with_it: Mapping[str, float] | str,
    case: Case,
    without: Mapping[str, float] | None = None,
) -> Change:
    """Change of what is seen when one mechanism (or several) is added to ``without``."""
    none, some = arms(see, with_it, case, without or {})
    return summed_up(some - none, none)


def contrast(
    see: See | str,
    with_it: Mapping[str, float] | str,
    here: Case,
    there: Case,
    without: Mapping[str, float] | None = None,
) -> Change:
    """Effect ``here`` minus effect ``there``, paired by seed; ``without``: the effect there."""
    pairs = [arms(see, with_it, case, without or {}) for case in (here, there)]
    own, other = (some - none for none, some in pairs)
    return summed_up(own - other, other)
