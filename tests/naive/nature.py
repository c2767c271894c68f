"""Resource systems and the units in them: what weather does, and what people live from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naive.entities import Entity

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.people import Dyad, UserGroup

RIVER, AQUIFER, FISHERY, LAND = 0, 1, 2, 3


class Basin(Entity):
    """A resource system (a river basin, an aquifer, a fishing ground) and its climate."""

    # Facts of the region.
    key: int
    kind: int  # RIVER, AQUIFER or FISHERY
    season: list[float]  # inflow of each month relative to the annual mean
    need_season: list[float]  # need of each month relative to the annual mean
    variation: float  # coefficient of variation of annual inflow
    memory_years: float
    drought_rate: float  # per year
    heat_rate: float  # heat waves per year
    storm_rate: float  # per year
    warm: list[float]  # likelihood of heat by month, mean 1
    record: list[float] | None  # monthly flows that drive the inflow; None: generated
    units: list[ResourceUnit]

    def __init__(self, model: NaiveModel, row: int, name: str, facts: dict[str, Any]) -> None:
        super().__init__(model, row, name, facts)
        self.units = []
        self.anomaly = 0.0  # log inflow anomaly
        self.level = 0.0  # level shift of mean inflow
        self.drought = 0.0  # share of inflow lost to the drought under way
        self.drought_left = 0.0  # years it still lasts
        self.factor = 1.0  # inflow now over annual mean
        self.season_now = 1.0  # mean inflow of the month over annual mean
        self.need = 1.0  # need now over annual mean
        self.heat_severity = 0.0  # of the heat wave under way
        self.heat_left = 0.0  # years it still lasts
        self.heat = 0.0  # of this tick, mean
        self.storm = 0.0  # severity of this tick's storm
        self.dryness = 0.0  # shortfall of inflow as people feel it, 0..1
        self.record_year = 0.0  # year of the record at the start
        self.supply = 0.0  # sustainable supply a year, smoothed
        self.demand = 0.0  # need a year, smoothed
        self.fair = 1.0  # fair share: supply over need, at most 1


class UnitChannels:
    """What cooperation changes at a unit; start values are neutral."""

    def __init__(self) -> None:
        self.access_rule = 0.0  # weight of a shared rule against upstream-first
        self.recharge = 1.0  # recharge and own inflow in the dry season
        self.sediment = 1.0  # erosion and sediment
        self.pollution = 1.0  # pollution load
        self.regrowth = 1.0  # regrowth of fish and pasture


class ResourceUnit(Entity):
    """A river reach, an aquifer or a fishery. Quantities are per tick unless said otherwise."""

    # Facts of the region.
    key: int
    kind: int
    basin: Basin
    downstream: ResourceUnit | None  # None: leaves the region
    capacity: float
    initial: float  # share of capacity at the start
    inflow: float  # quantity a year: own inflow (river) or recharge (aquifer)
    growth: float  # fishery: intrinsic growth rate, 1/year
    release: float  # river: share of the stock that flows on, 1/year
    return_share: float  # share of what is taken that returns
    accident_rate: float  # pollution accidents per year
    saline: float  # how near saline water stands, 0..1
    flood_rate: float  # per year
    declared_disputed: float  # share of its border stretch not demarcated at the start
    groups: list[UserGroup]  # who lives from it
    contested_by: list[Dyad]

    def __init__(self, model: NaiveModel, row: int, name: str, facts: dict[str, Any]) -> None:
        super().__init__(model, row, name, facts)
        self.groups = []
        self.contested_by = []
        self.channel = UnitChannels()
        self.stock = 0.0
        self.reserved = 0.0  # part of the stock that cannot be withdrawn
        self.arriving = 0.0  # came from upstream this tick
        self.reserved_arriving = 0.0  # part of it that cannot be withdrawn
        self.gained = 0.0  # inflow, recharge or regrowth
        self.available = 0.0  # what can be taken
        self.ease = 1.0  # take per effort against the reference
        self.intended = 0.0  # sum of intended takes
        self.ration = 1.0  # share of the intended takes that is there
        self.taken = 0.0
        self.left = 0.0  # left the region, whole history
        self.added = 0.0  # gained, whole history
        self.used = 0.0  # taken and not returned, whole history
        self.flood = 0.0  # severity of this tick's flood, 0..1
        self.eroded = 0.0  # riverside land lost to floods, 0..1
        self.spill = 0.0  # severity of this tick's accident
        # Indices; at 1 the water is half as useful. Sewage etc.: index times quantity in this tick.
        self.pollution = self.salinity = self.sediment = 0.0
        self.carried = self.dirt_arriving = 0.0  # the pollution that came from upstream
        self.fouled = 0.0  # use lost to it, smoothed
        self.sewage = self.salt_arriving = self.silt_arriving = 0.0
        self.met: dict[str, float] = {}  # concentrations of what a reach let go in this tick
        self.usable = 1.0  # share of the use that quality leaves, smoothed
        self.disputed = 0.0  # share of its border stretch that is not demarcated
        self.projected = 1.0  # health that a plan made at the start counts on
        self.watched = 0.0  # years before the start that it rests on
