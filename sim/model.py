"""The border region as a Mesa model: step it, look at it, intervene, go on.

``BorderModel`` runs the same compiled tick as the ensemble, one tick per ``step``, over arrays that
its agents view. A history that nobody touches has the same bits as ``sim.simulate.simulate`` of its
scenario. Draws are keyed by (seed, purpose, entity, tick), so an intervention changes what follows
from it and no draw.

    model = BorderModel(region, mechanisms={"joint_committee": 1.0}, seed=7)
    model.municipalities[0].commitment = 0.2
    model.run_model()
    model.outcomes()["violent_incidents"]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mesa
import numpy as np

from sim.accord import Accord
from sim.agents import Municipality, Nation, UserGroup, rows_of
from sim.declare import check
from sim.mechanisms import NAMES
from sim.parameters import DECLARED, KEYS
from sim.record import KEYS as SERIES_KEYS
from sim.record import STRIDE_WEEKS, quarters_by, record
from sim.region import Region
from sim.scenario import Scenario, ScenarioError, scenario, schedule
from sim.simulate import history_of, points_of, run, workspace
from sim.state import State, fields
from sim.topology import Topology
from sim.units import tick_years, ticks_in


class BorderModel(mesa.Model):  # type: ignore[misc]  # Mesa ships no types
    """One history of a border region, stepped tick by tick.

    ``region_or_scenario``: a Region with the settings of `sim.scenario.scenario` as keywords
    (``mechanisms``, ``parameters``, ``years``, ``seed`` ...), or a whole Scenario. The spin-up is
    run at once; the model then stands at the start of year 0. Raises ScenarioError.
    """

    def __init__(self, region_or_scenario: Region | Scenario, **settings: Any) -> None:
        if isinstance(region_or_scenario, Scenario):
            if settings:
                raise ScenarioError([f"{k}: give it to the scenario." for k in settings])
            self.scenario = region_or_scenario
        else:
            self.scenario = scenario(region_or_scenario, **settings)
        super().__init__(seed=self.scenario.seed)
        self.region: Region = self.scenario.region
        self.topology: Topology = self.region.topology
        self._space = workspace(self.topology, self.scenario.years)
        self.state: State = self._space.state
        self.parameters = self.scenario.parameters.copy()
        self._plan = schedule(self.scenario)
        self._plan = self._plan._replace(
            asked=self._plan.asked.copy(), ceiling=self._plan.ceiling.copy(),
            from_year=self._plan.from_year.copy(),
        )
        points = points_of(self.scenario)
        self.series = np.zeros((points, len(SERIES_KEYS)))  # [point, series]: quarters so far
        self.dyad_series = np.zeros((points, self.topology.dyad.key.size))
        self.pair_series = np.zeros((points, self.topology.pair.key.size))
        self.ticks = 0
        self.nations: list[Nation] = rows_of(self, Nation, self.region.nation_names)
        self.municipalities: list[Municipality] = rows_of(
            self, Municipality, self.region.municipality_names
        )
        self.groups: list[UserGroup] = rows_of(self, UserGroup, self.region.group_names)
        spinup = ticks_in(self.scenario.spinup_years, self.scenario.tick_weeks)
        self._advance(-spinup, 0, fresh=True)

    @property
    def year(self) -> float:
        """Years since the start."""
        return self.ticks * tick_years(self.scenario.tick_weeks)

    @property
    def events(self) -> np.ndarray:
        """The event log so far (a copy; fields of `sim.events.EVENT`)."""
        return self._space.log[: self.state.tally[0]].copy()

    def step(self) -> None:
        """Advance the region by one tick. Raises RuntimeError beyond the horizon."""
        last = ticks_in(self.scenario.years, self.scenario.tick_weeks)
        if self.ticks >= last:
            self.steps -= 1
            raise RuntimeError(
                f"This history ends after {self.scenario.years:g} years; "
                "build the model with a larger 'years' to go on."
            )
        self._advance(self.ticks, self.ticks + 1, fresh=False)
        self.ticks += 1
        self.running = self.ticks < last

    def now(self, key: str) -> float:
        """Value of one recorded series (sim.record) now.

        At the end of a quarter rungs are the highest of that quarter, as recorded; within one they
        are the highest since it began. Raises KeyError for an unknown series.
        """
        if key not in SERIES_KEYS:
            raise KeyError(f"{key}: unknown series. One of: {', '.join(SERIES_KEYS)}.")
        return float(self._observe()[SERIES_KEYS.index(key)])

    def outcomes(self) -> dict[str, float]:
        """Every outcome of the history up to now; at the horizon those of the ensemble.

        Raises RuntimeError before the end of the first tick.
        """
        if self.ticks == 0:
            raise RuntimeError("Nothing has happened yet: step the model first.")
        quarters = self._quarters(self.ticks)
        so_far = self.scenario._replace(years=self.year)
        if not self.running:
            so_far = self.scenario
        paths = (self.series[:quarters], self.dyad_series[:quarters], self.pair_series[:quarters])
        return history_of(so_far, self._space, *paths).outcomes

    def impose(self, mechanism: str, intensity: float) -> None:
        """Agree on a mechanism on all dyads from now on; intensity 0 ends it at once.

        Raises ScenarioError when the mechanism is unknown or the intensity outside [0, 1].
        """
        k = self._from_now(mechanism, intensity)
        self._plan.asked[k], self._plan.ceiling[k] = float(intensity), 0.0
        if intensity == 0.0:
            self._end(k)

    def negotiate(self, mechanism: str, ceiling: float = 1.0) -> None:
        """Leave a mechanism to the towns of all dyads from now on; what runs begins anew.

        Raises ScenarioError when the mechanism is unknown or the ceiling outside [0, 1].
        """
        k = self._from_now(mechanism, ceiling)
        self._plan.asked[k], self._plan.ceiling[k] = 0.0, float(ceiling)
        self._end(k)

    def _from_now(self, mechanism: str, intensity: float) -> int:
        """Row of a mechanism, whose first year is no later than now."""
        if mechanism not in NAMES:
            known = ", ".join(NAMES)
            raise ScenarioError([f"{mechanism}: unknown mechanism. One of: {known}."])
        if not 0.0 <= intensity <= 1.0:
            raise ScenarioError(
                [f"mechanism {mechanism}: {intensity:g} is outside the allowed range 0 to 1."]
            )
        k = NAMES.index(mechanism)
        self._plan.from_year[k] = min(self._plan.from_year[k], self.year)
        return k

    def _end(self, k: int) -> None:
        """Put every agreement of a mechanism back to its start."""
        for name, field in fields(Accord).items():
            getattr(self.state.accord, name)[k] = field.start

    def change(self, key: str, value: float) -> None:
        """Set a parameter from now on. Raises ScenarioError when unknown or out of range."""
        if key not in KEYS:
            raise ScenarioError([f"{key}: unknown parameter."])
        problem = check(DECLARED[KEYS.index(key)], float(value))
        if problem is not None:
            raise ScenarioError([problem])
        self.parameters[KEYS.index(key)] = float(value)

    def _advance(self, first: int, last: int, *, fresh: bool) -> None:
        """Run ticks [first, last) of the compiled loop on this model's own state."""
        quarters = (self.series, self.dyad_series, self.pair_series)
        seed: Any = np.uint64(self.scenario.seed)  # the type for which the ensemble's loop is built
        weeks, plan, row = self.scenario.tick_weeks, self._plan, self.parameters
        run(*self._space.references, plan, row, seed, first, last, weeks, STRIDE_WEEKS, *quarters,
            fresh)  # fmt: skip

    def _quarters(self, ticks: int) -> int:
        """Quarters recorded by the end of so many ticks."""
        return min(int(quarters_by(ticks, self.scenario.tick_weeks, STRIDE_WEEKS)),
                   len(self.series))  # fmt: skip

    def _observe(self) -> np.ndarray:
        """Every series of this moment, without starting a new quarter."""
        dyad, pair = self.state.dyad.peak, self.state.pair.peak
        kept = dyad.copy(), pair.copy()
        quarter = self._quarters(self.ticks)
        if 0 < quarter != self._quarters(self.ticks - 1):
            dyad[...], pair[...] = self.dyad_series[quarter - 1], self.pair_series[quarter - 1]
        out = np.zeros(len(SERIES_KEYS))
        topology, state = self._space.references[:2]
        record(topology, state, self.year, out, np.zeros(dyad.size), np.zeros(pair.size))
        dyad[...], pair[...] = kept
        return out


def reporters(*keys: str) -> Mapping[str, Callable[[BorderModel], float]]:
    """Model reporters for a Mesa DataCollector: the named recorded series, or all of them."""

    def reporter(key: str) -> Callable[[BorderModel], float]:
        return lambda model: model.now(key)

    return {key: reporter(key) for key in keys or SERIES_KEYS}
