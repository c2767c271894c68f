"""Who acts above: nations, pairs of nations, their disputes; and agreements between towns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naive.entities import INFINITE, NEVER, Entity

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.nature import Basin
    from naive.people import Dyad

OTHER = 4  # the issue that is no shared resource (0 river, 1 aquifer, 2 fishery, 3 land)
ISSUES = 5


class Nation(Entity):
    """A government."""

    # Facts of the region.
    key: int
    declared_hawkishness: float | None  # None: drawn per history
    term_years: float

    def __init__(self, model: NaiveModel, row: int, name: str, facts: dict[str, Any]) -> None:
        super().__init__(model, row, name, facts)
        self.hawkishness = 0.5  # 0..1
        self.approval = 0.5  # 0..1
        self.rhetoric = 0.0  # recent hostile public talk, 0..1
        self.spoken = 0.0  # hostile talk of this tick
        self.lost = 0.0  # approval lost in this tick
        self.phase = 0.0  # share of the term run at time 0


class PairChannels:
    """What cooperation changes between two nations; start values are neutral."""

    def __init__(self) -> None:
        self.restraint = 0.0  # in answering, logit
        self.misreading = 1.0  # factor on the misreading of signals
        self.hand_over = 1.0  # factor on the taking up of local incidents
        self.training = 1.0  # factor on guards who open fire
        self.open_channels = 0.0  # channels kept open in a crisis, 0..1
        self.weakness = 0.0  # restraint read as weakness, 0..1


class Pair(Entity):
    """Two nations that share a border. Side 0 is ``first``, side 1 is ``second``."""

    # Facts of the region.
    key: int
    key_first: int
    key_second: int
    first: Nation
    second: Nation
    declared_rivalry: float | None  # None: drawn per history
    declared_monitoring: list[float]  # powers of bodies at the start, by kind of resource, 0..1
    declared_resolution: list[float]
    declared_enforcement: list[float]
    declared_liaison: float  # of capitals and guards, 0..1
    mediators: float  # reach of third parties who mediate, 0..1
    shares: list[float]  # by kind of resource: 1 where both live from one
    dyads: list[Dyad]
    basins: list[Basin]  # systems that both nations live from
    disputes: list[Dispute]  # one per issue

    def __init__(self, model: NaiveModel, row: int, name: str, facts: dict[str, Any]) -> None:
        super().__init__(model, row, name, facts)
        self.dyads = []
        self.basins = []
        self.disputes = []
        self.channel = PairChannels()
        self.rivalry = 1.0  # level of quarrel over other issues
        self.memory = 0.0  # hazard memory, 1 at a militarized act
        self.tension_first = 0.5  # hostility of the first to the second, 0..10
        self.tension_second = 0.5
        self.impulse_first = 0.0  # hostility received since the last tick
        self.impulse_second = 0.0
        self.shock = 0.0  # severity of this tick's acts
        self.attention = 0.0  # of the publics to the border, 0..1
        self.hostile_talk = 0.0  # pending echoes
        self.friendly_talk = 0.0
        self.scarcity = 0.0  # shortage in the systems they contest, 0..1
        self.undemarcated = 0.0  # part of their contested land that is not demarcated
        self.closed_until = NEVER  # border closed
        self.silent_until = NEVER  # channels between capitals closed
        self.closed_weeks = 0.0  # since the start
        self.last_militarized = NEVER
        self.earlier = NEVER  # last militarized act before the start
        self.liaison = 0.0  # of capitals and guards, 0..1
        self.friction = 0.0  # recent claims, protests and talks
        self.backlash_until = NEVER  # a capital suspends what towns agreed
        self.peak = 0  # highest rung of the quarter

    @property
    def tension(self) -> float:
        """Mean hostility of both sides."""
        return 0.5 * (self.tension_first + self.tension_second)

    @property
    def approval(self) -> float:
        """Mean approval of both governments."""
        return 0.5 * (self.first.approval + self.second.approval)

    @property
    def hawk(self) -> float:
        """Hawkishness of the more hawkish government."""
        return max(self.first.hawkishness, self.second.hawkishness)


class Dispute(Entity):
    """The interstate dispute of one pair over one issue, open or not, and its ladder."""

    # Facts of the region.
    pair: Pair
    issue: int  # row of sim.topology.ISSUES

    def __init__(self, model: NaiveModel, row: int, name: str, facts: dict[str, Any]) -> None:
        super().__init__(model, row, name, facts)
        self.open = 0
        self.level = 0  # rung: 0 normal .. 5 war
        self.root = 0  # row of sim.events.ROOTS
        self.actor = 0  # side of the last act
        self.answered = 0  # 1: the last act was answered
        self.answer_due = INFINITE
        self.event = -1  # row of the last act
        self.incident = -1  # local incident it descends from
        self.last_act = NEVER
        self.scarcity = 0.0  # shortage in the systems of its kind, 0..1
        self.body_monitoring = 0.0  # powers of joint bodies that deal with its issue, 0..1
        self.body_resolution = 0.0
        self.body_enforcement = 0.0
        self.attempts = 0  # to settle it
        self.relapse = INFINITE  # when a settlement will be broken
        self.settled = -1  # row of the settlement

    @property
    def over_resource(self) -> bool:
        """False for the quarrel over other issues."""
        return self.issue != OTHER


class Agreement(Entity):
    """One mechanism of cooperation on one dyad."""

    # Facts of the study.
    dyad: Dyad
    mechanism: str
    number: int  # of the mechanism, in the registry
    key: int
    asked: float  # intensity imposed
    ceiling: float  # most that the towns may agree on; 0: not left to them
    from_year: float
    survives_closure: bool  # between states: goes on while the border is closed
    promised: bool  # worth what the other side delivers
    conditional: bool  # fits the conditions at its signature
    legislated: bool  # parliaments must pass it
    paid: bool  # by the side downstream, to the side upstream
    relevance: list[float]  # to each problem
    cost_per_year: float  # share of the smaller town's revenue at full intensity
    setup_cost: float
    setup_years: float

    def __init__(self, model: NaiveModel, row: int, name: str, facts: dict[str, Any]) -> None:
        super().__init__(model, row, name, facts)
        self.intensity = 0.0
        self.maturity = 0.0
        self.strength = 0.0  # effective intensity, read in the next tick
        self.phase = 0  # 0 absent, 1 set up, 2 operating, 3 suspended, 4 proposed,
        # 5 negotiating, 6 lapsed
        self.milestone = 0  # reached in talks
        self.due = NEVER  # end of the term, or of the rest after a failure
        self.share = 0.5  # of the cost that the first town pays
        self.missed = 0  # meetings in a row
        self.basis = 1.0  # fair share that it is fitted to
        self.delivered = 1.0  # what the other side delivers of it, 0..1
        self.fit = 1.0  # how well it fits changed conditions, 0..1
        self.election_at = NEVER  # last election that it faced
        self.crisis_at = NEVER  # when it was last suspended
