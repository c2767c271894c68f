"""The model: a tick is the list of its stages, in order.

| stage | what happens | file in `naive.stages` |
| --- | --- | --- |
| 0 | channels of cooperation, from the agreements of the tick before | cooperation |
| 1 | weather, drought, flood, unilateral works | hazards |
| 2 | stocks fill, recharge, regrow; needs and fair shares | stocks |
| 3 | groups perceive, want, take; live, resent, blame, mobilise | use, feel |
| 4 | towns: damage, upkeep, elections; agreements, their money | towns, negotiation, agreements |
| 5 | dyads: onset, the local ladder, settlement, trust | dyads, local_ladder |
| 6 | nations: quarrels, disputes, talk, tension, opinion | nations, interstate, state_act |
| 7 | record | record |
"""

from __future__ import annotations

import mesa
from mesa.agent import AgentSet

from naive.build import build_agents
from naive.draws import Draws, Philox
from naive.events import EventLog
from naive.parameters import parameters_of
from naive.stages.agreements import run_agreements
from naive.stages.cooperation import cooperation
from naive.stages.dyads import meet_locally
from naive.stages.feel import feel
from naive.stages.hazards import hazards
from naive.stages.local_ladder import HandedUp
from naive.stages.nations import govern_nations
from naive.stages.negotiation import rounds_of_talks
from naive.stages.record import Point, new_maxima, record
from naive.stages.stocks import stocks
from naive.stages.towns import govern_towns
from naive.stages.use import use
from naive.start import begin
from sim.scenario import Scenario
from sim.units import tick_years, ticks_in

STAGES = (
    cooperation, hazards, stocks, use, feel, govern_towns, rounds_of_talks,
    run_agreements, meet_locally, govern_nations, record,
)  # fmt: skip


class NaiveModel(mesa.Model):
    """A border region, week by week.

    ``draws`` defaults to random numbers made in Python; see `naive.draws`. Ticks below 0 are the
    spin-up. Agents may be read and changed between steps.
    """

    basins: AgentSet
    units: AgentSet
    groups: AgentSet
    municipalities: AgentSet
    dyads: AgentSet
    agreements: AgentSet
    nations: AgentSet
    pairs: AgentSet
    disputes: AgentSet

    def __init__(self, scenario: Scenario, draws: Draws | None = None) -> None:
        super().__init__(seed=0)  # Mesa's own random numbers are not used
        self.scenario = scenario
        self.parameters = parameters_of(scenario)
        self.draws = Philox(scenario.seed) if draws is None else draws
        self.weeks = scenario.tick_weeks
        self.dt = tick_years(scenario.tick_weeks)  # years per tick
        self.tick = -ticks_in(scenario.spinup_years, scenario.tick_weeks)
        self.log = EventLog(scenario.undone, self.dt)
        self.handed_up: list[HandedUp] = []  # acts on their way from stage 5 to stage 6
        self.noted = 0  # acts of the log that are complete
        self.track_steps = 0  # exits of interstate disputes, for the tests
        self.series: list[Point] = []
        self.dyad_peaks: list[list[int]] = []
        self.pair_peaks: list[list[int]] = []
        build_agents(self)
        begin(self)

    @property
    def now(self) -> float:
        """Years since the start at the beginning of the tick; negative in the spin-up."""
        return self.tick * self.dt

    @property
    def counted(self) -> bool:
        """True from the start on: the spin-up costs nothing and is not recorded."""
        return self.tick >= 0

    def step(self) -> None:
        """One tick. The first tick from the start on begins a quarter."""
        if self.tick == 0:
            new_maxima(self)
            for pair in self.pairs:
                pair.earlier = pair.last_militarized
        for stage in STAGES:
            stage(self)
        self.tick += 1

    def advance(self, ticks: int) -> None:
        """Several ticks."""
        for _ in range(ticks):
            self.step()

    def spin_up(self) -> None:
        """Run the ticks before the start."""
        self.advance(-self.tick)
