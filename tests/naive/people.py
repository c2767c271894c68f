"""Who acts locally: user groups, municipalities, and dyads of partner municipalities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naive.entities import INFINITE, NEVER, Entity

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.nature import Basin, ResourceUnit
    from naive.states import Agreement, Nation, Pair

CALM, COMPLAINT, PROTEST, UNILATERAL_ACT, VIOLENCE = range(5)  # the local ladder


class UserGroup(Entity):
    """People of one municipality who live from one resource unit."""

    # Facts of the region.
    key: int
    municipality: Municipality
    unit: ResourceUnit
    size: float  # persons
    weight: float  # share of the municipality's people in groups
    demand: float  # need, quantity a year
    seasonality: float  # how far need follows the season, 0..1
    dependence: float  # share of livelihood lost without the resource
    vulnerability: float  # exposure to hazard damage, 0..1
    voice: float  # weight when decisions are made or protest is heard, 0..1
    kind: int  # row of sim.topology.GROUP_KINDS

    def __init__(self, model: NaiveModel, row: int, name: str, facts: dict[str, Any]) -> None:
        super().__init__(model, row, name, facts)
        self.cooperation = 0.5  # conditional cooperation, 0..1
        self.need = 0.0  # this tick
        self.intended = 0.0  # take intended this tick
        self.take = 0.0  # this tick
        self.need_felt = 0.0  # a year, smoothed over a season
        self.take_felt = 0.0
        self.loss = 0.0  # share of livelihood lost to hazards, unrecovered
        self.livelihood = 1.0  # 1: full
        self.expectation = 1.0  # livelihood expected
        self.grievance = 0.0  # 0..1
        self.identity = 0.2  # shared identity with the other side, 0..1
        self.blame = 0.0  # share of grievance blamed on the other side
        self.mobilised = 0.0  # share of members ready to act
        self.displaced = 0.0  # share of members who had to leave
        self.heard = 0.0  # effective voice
        self.aid = 0.0  # livelihood that a floor makes up for
        self.struck = 0.0  # share of the living that this tick's hazards strike

    @property
    def basin(self) -> Basin:
        """The resource system that the group lives from."""
        return self.unit.basin


class MunicipalityChannels:
    """What cooperation changes in a municipality; start values are neutral."""

    def __init__(self) -> None:
        self.stock_error = 1.0  # factor on the error of perceived stock
        self.take_error = 1.0  # factor on the error of perceived taking
        self.warning_weeks = 0.0  # lead time of warnings
        self.recovery = 1.0  # factor on the speed of recovery
        self.contact = 0.0  # growth of shared identity, 1/year
        self.hope = 0.0  # expectation raised by visits
        self.detection = 0.0  # over-taking or pollution that is found out
        self.demand = 1.0  # need after losses are cut
        self.ageing = 1.0  # ageing of works
        self.upkeep_cost = 1.0  # price of upkeep
        self.hostage = 0.0  # services that stop at a closed border
        self.displacing = 0.0  # people who must move for works
        self.leakage = 1.0  # money that leaks
        self.audit = 0.0  # leaks that become public
        self.inclusion = 0.0  # the excluded who are given a voice
        self.floor = 0.0  # livelihood floor after a loss
        self.cover = 0.0  # people in need whom it reaches
        self.displacement = 1.0  # people displaced by damage
        self.draw = 0.0  # settlement drawn into hazard zones
        self.outside = 0.0  # anger of those just outside
        self.portable = 0.0  # rights that hold across the border
        self.anchoring = 0.0  # what elections and shocks cannot take


class Municipality(Entity):
    """A local government."""

    # Facts of the region.
    key: int
    nation: Nation
    population: float
    revenue: float  # million dollars a year
    ability: float  # administrative capacity at the start
    term_years: float
    basin: Basin  # whose weather it has
    reach: ResourceUnit | None  # the river whose floods strike it
    groups: list[UserGroup]
    dyads: list[Dyad]

    def __init__(self, model: NaiveModel, row: int, name: str, facts: dict[str, Any]) -> None:
        super().__init__(model, row, name, facts)
        self.groups = []
        self.dyads = []
        self.channel = MunicipalityChannels()
        self.satisfaction = 1.0  # take over need, mean over people
        self.seen = 0.0  # wrong done by the other side, as seen
        self.expansion = 1.0  # need grown by completed works
        self.capacity = 0.5  # administrative capacity, 0..1
        self.commitment = 0.5  # will to pay for cooperation, 0..1
        self.phase = 0.0  # share of the term run at time 0
        self.legitimacy = 0.6
        self.infrastructure = 0.8  # condition of works, 0..1
        self.damage = 0.0  # not yet repaired, 0..1
        self.service = 0.8  # service continuity, 0..1
        self.complaint = 0.0  # blamed grievance, by voice
        self.pressure = 0.0  # mobilised blamed people
        self.heat = 0.0  # recent hostility around it
        self.thirst = 1.0  # factor on the need of water
        self.spoiled = 0.0  # strength of spoilers around it, 0..1
        self.strong = self.lost = 0.0  # neighbours' strength and lapses, of this round
        self.storm = 0.0  # severity of this tick's storm, 0..1
        self.heat_wave = 0.0  # heat of this tick, severity times weeks
        self.exposure = 0.2  # share that a flood can reach
        self.closed = 0.0  # share of dealings behind a closed border
        self.flight = 0.0  # flight from violence nearby, 1/year
        self.hosted = 0.0  # displaced people per inhabitant
        self.begin_money()
        self.begin_memory()
        self.begin_tick()

    def begin_money(self) -> None:
        """What it has, owes, pays and loses, at the start."""
        self.reserves = 0.0  # million dollars
        self.cost = 0.0  # asked by agreements, million dollars a year
        self.funding = 1.0  # share of that which is paid
        self.spent = 0.0  # on agreements since the start, million dollars
        self.losses = 0.0  # hazard losses since the start, million dollars
        self.storm_losses = 0.0
        self.heat_losses = 0.0
        self.setup = 0.0  # set-up part of the cost, million dollars a year
        self.aid = 0.0  # cost that others pay for it, million dollars a year
        self.received = 0.0  # from downstream, million dollars a year
        self.spent_setup = 0.0  # since the start, million dollars
        self.matched_money = 0.0  # paid by others
        self.leaked_money = 0.0
        self.leaked = 0.0  # agreements' money that leaks, smoothed
        self.income = 0.0  # revenue of this tick, million dollars a year
        self.upkeep = 1.0  # share of upkeep that is paid

    def begin_memory(self) -> None:
        """What it has lived through, at the start."""
        self.lived_water = 0.0  # the worst of each problem remembered, 0..1
        self.lived_hazard = 0.0
        self.lived_conflict = 0.0
        self.lived_livelihood = 0.0
        self.lived_money = 0.0

    def begin_tick(self) -> None:
        """What holds within a tick only."""
        # Of this tick: blows of flood, storm and heat; what they would strike of the town without
        # aid; share of losses that does not recover;
        # conditional cooperation; aid of the best supported group; mean livelihood;
        # share of the displaced abroad without rights; chances that shared identity is gained by
        # contact and lost to hostility.
        self.hit = self.storm_hit = self.heat_hit = self.blown = 0.0
        self.unrecovered = self.given_back = 0.0
        self.most_aid = self.living = self.uncovered = self.meeting = self.estrangement = 0.0


class DyadChannels:
    """What cooperation changes between two municipalities; start values are neutral."""

    def __init__(self) -> None:
        self.crews = 0.0  # share of a blow that crews of the partner avert
        self.settlement = 0.0  # settlement capacity, cases a year
        self.complaint_ease = 1.0  # factor on complaints
        self.trust_gain = 1.0  # factor on the gain of trust
        self.vigilance = 0.0  # watchers taking the law into their hands
        self.pooled = 0.0  # funding that both towns pool
        self.matched = 0.0  # cost paid by outside funds
        self.tied = 0.0  # money released for performance only
        self.learning = 1.0  # rate of reviews that revise agreements
        self.rumour = 1.0  # amplification of rumour
        self.slowness = 1.0  # time that decisions take
        self.backup = 0.0  # what another agreement takes over
        self.diffuse = 0.0  # responsibility that nobody takes
        self.legal = 1.0  # legal distance: time and cost of agreements
        self.lock_in = 0.0  # revision that is shut out


class Dyad(Entity):
    """Two partner municipalities across a border: local ladder, incident and dispute."""

    # Facts of the region. Side 0 is ``first``, side 1 is ``second``.
    key: int
    first: Municipality
    second: Municipality
    pair: Pair
    unit: ResourceUnit  # what they contest
    basin: Basin
    weight: float  # interaction weight, mean 1
    below: int  # 1: the first lies downstream of the second, -1: the second, 0: neither
    agreements: dict[str, Agreement]  # by name of the mechanism

    def __init__(self, model: NaiveModel, row: int, name: str, facts: dict[str, Any]) -> None:
        super().__init__(model, row, name, facts)
        self.agreements = {}
        self.channel = DyadChannels()
        self.trust_first = 0.5  # trust of the first in the second, 0..1
        self.trust_second = 0.5
        self.seen_first = 0.0  # wrong done by the second as the first sees it
        self.seen_second = 0.0
        self.theirs_first = 0.0  # share of people above the first's reach who are of the second's
        self.theirs_second = 0.0  # nation, and the other way round
        self.onset = 0.0  # hazard of a first act, per year
        self.calm = 0.0  # the part of it that is accidental
        self.anger = 0.0  # mobilised pressure of both sides
        self.rung = CALM
        self.peak = CALM  # highest rung of the quarter
        self.top = CALM  # highest rung since the start
        self.last_act = NEVER
        self.incident = -1  # number of the open incident
        self.event = -1  # row of its last act
        self.dispute = 0  # 1: a local dispute is open
        self.caseload = 0.0  # incidents that are not settled: before the committee, if there is one
        self.project = 0  # 0: none, 1: the first builds, 2: the second builds
        self.works = 0  # what is built; row of sim.rules.unilateral_project.WORKS
        self.objected = 0  # 1: the other side has objected
        self.project_event = -1  # row of its announcement
        self.heat = 0.0  # recent hostility, fading over weeks
        self.warm = 0.0  # its mean over the tick, without the acts of the tick
        self.spoiler = 0.0  # strength of those who profit from closure, 0..1
        self.signed = self.lapsed = 0  # agreements since the start
        self.first_signed = INFINITE
        self.faced_elections = self.lost_elections = 0  # agreements met, lapsed within a year
        self.faced_crises = self.lost_crises = 0
        self.suspensions = 0  # of this tick
        self.bill = (0.0, 0.0, 0.0)  # of this tick: each side, and set-up; million dollars a year
        self.outside = 0.0  # share of it that others pay
