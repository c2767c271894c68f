"""Nations, municipalities and user groups as Mesa agents: typed views of rows of the state arrays.

An agent holds no numbers. ``group.grievance`` reads the array that the compiled tick works on, and
``municipality.commitment = 0.2`` between two ticks writes it, once it lies in the declared range.
What the tick computes anew (needs, takes, satisfaction ...) may be written as well and is
overwritten by the next tick. Mesa's own tools (AgentSet.set, .get, .agg, DataCollector) work on
these names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from sim import state as declared
from sim.topology import GROUP_KINDS

if TYPE_CHECKING:
    from sim.model import BorderModel

_PARTS = dict(zip(declared.State._fields, declared.PARTS, strict=False))


class StateValue:
    """One number of an agent's row in ``model.state``, with the declaration's range and meaning."""

    def __init__(self, part: str) -> None:
        self.part = part

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.field = declared.fields(_PARTS[self.part])[name]
        about, lo, hi = self.field.about, self.field.lo, self.field.hi
        self.__doc__ = f"{about[:1].upper()}{about[1:]} [{lo:g}..{hi:g} {self.field.unit}]."

    def __get__(self, agent: Row | None, owner: type | None = None) -> float:
        if agent is None:
            return self  # type: ignore[return-value]  # the class shows the declaration itself
        return float(getattr(getattr(agent.model.state, self.part), self.name)[agent.row])

    def __set__(self, agent: Row, value: float) -> None:
        number = float(value)
        lo, hi, unit = self.field.lo, self.field.hi, self.field.unit
        if not lo <= number <= hi or number in (float("inf"), float("-inf")):
            raise ValueError(
                f"{self.name} of {agent.name}: {number:g} is outside the allowed range "
                f"{lo:g} to {hi:g} {unit}."
            )
        getattr(getattr(agent.model.state, self.part), self.name)[agent.row] = number


class Given:
    """One number of an agent's row in the region's arrays: fixed for the whole history."""

    def __init__(self, part: str, about: str) -> None:
        self.part = part
        self.__doc__ = about

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: Row | None, owner: type | None = None) -> float:
        if agent is None:
            return self  # type: ignore[return-value]  # as above
        return float(getattr(getattr(agent.model.topology, self.part), self.name)[agent.row])

    def __set__(self, agent: Row, value: float) -> None:
        raise AttributeError(f"{self.name} of {agent.name} belongs to the region and is fixed.")


class Row(mesa.Agent):  # type: ignore[misc]  # Mesa ships no types
    """A view of one row. ``row``: its place in the arrays; ``name``: as the region calls it."""

    model: BorderModel

    def __init__(self, model: BorderModel, row: int, name: str) -> None:
        super().__init__(model)
        self.row = row
        self.name = name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"


class Nation(Row):
    """A government."""

    phase = StateValue("nation")
    hawkishness = StateValue("nation")
    approval = StateValue("nation")
    rhetoric = StateValue("nation")
    spoken = StateValue("nation")
    lost = StateValue("nation")
    term_years = Given("nation", "Years between national elections.")

    @property
    def municipalities(self) -> list[Municipality]:
        """Its municipalities in the region."""
        return [m for m in self.model.municipalities if m.nation is self]


class Municipality(Row):
    """A local government."""

    satisfaction = StateValue("municipality")
    seen = StateValue("municipality")
    expansion = StateValue("municipality")
    phase = StateValue("municipality")
    capacity = StateValue("municipality")
    commitment = StateValue("municipality")
    legitimacy = StateValue("municipality")
    infrastructure = StateValue("municipality")
    damage = StateValue("municipality")
    service = StateValue("municipality")
    reserves = StateValue("municipality")
    cost = StateValue("municipality")
    funding = StateValue("municipality")
    spent = StateValue("municipality")
    losses = StateValue("municipality")
    storm_losses = StateValue("municipality")
    heat_losses = StateValue("municipality")
    complaint = StateValue("municipality")
    pressure = StateValue("municipality")
    heat = StateValue("municipality")
    lived_water = StateValue("municipality")
    lived_hazard = StateValue("municipality")
    lived_conflict = StateValue("municipality")
    lived_livelihood = StateValue("municipality")
    lived_money = StateValue("municipality")
    spoiled = StateValue("municipality")
    setup = StateValue("municipality")
    aid = StateValue("municipality")
    received = StateValue("municipality")
    spent_setup = StateValue("municipality")
    matched_money = StateValue("municipality")
    leaked_money = StateValue("municipality")
    storm = StateValue("municipality")
    heat_wave = StateValue("municipality")
    exposure = StateValue("municipality")
    leaked = StateValue("municipality")
    income = StateValue("municipality")
    upkeep = StateValue("municipality")
    closed = StateValue("municipality")
    flight = StateValue("municipality")
    hosted = StateValue("municipality")
    population = Given("municipality", "Persons.")
    revenue = Given("municipality", "Municipal revenue [million dollars of 2020 a year].")
    term_years = Given("municipality", "Years between municipal elections.")

    @property
    def latitude(self) -> float:
        """Degrees north."""
        return float(self.model.region.latitude[self.row])

    @property
    def longitude(self) -> float:
        """Degrees east."""
        return float(self.model.region.longitude[self.row])

    @property
    def nation(self) -> Nation:
        """The nation that it belongs to."""
        return self.model.nations[int(self.model.topology.municipality.nation[self.row])]

    @property
    def groups(self) -> list[UserGroup]:
        """Its user groups."""
        start = self.model.topology.municipality.group_start
        return self.model.groups[int(start[self.row]) : int(start[self.row + 1])]

    @property
    def partners(self) -> list[Municipality]:
        """The municipalities across the border that it faces in a dyad."""
        town, dyad = self.model.topology.municipality, self.model.topology.dyad
        own = town.dyad[town.dyad_start[self.row] : town.dyad_start[self.row + 1]]
        sides = ((int(dyad.first[d]), int(dyad.second[d])) for d in own)
        return [self.model.municipalities[b if a == self.row else a] for a, b in sides]


class UserGroup(Row):
    """A group of people of one municipality who live from a shared resource."""

    cooperation = StateValue("group")
    need = StateValue("group")
    intended = StateValue("group")
    take = StateValue("group")
    need_felt = StateValue("group")
    take_felt = StateValue("group")
    loss = StateValue("group")
    livelihood = StateValue("group")
    expectation = StateValue("group")
    grievance = StateValue("group")
    identity = StateValue("group")
    blame = StateValue("group")
    mobilised = StateValue("group")
    displaced = StateValue("group")
    heard = StateValue("group")
    aid = StateValue("group")
    size = Given("group", "Persons.")
    weight = Given("group", "Share of its municipality's people in groups.")
    demand = Given("group", "Need a year, before season and drought [quantity of its resource].")
    seasonality = Given("group", "How far need follows the growing season [0..1].")
    dependence = Given("group", "Share of livelihood lost without the resource [0..1].")
    vulnerability = Given("group", "Exposure to hazard damage [0..1].")
    voice = Given("group", "Weight when decisions are made or protest is heard [0..1].")

    @property
    def kind(self) -> str:
        """What sort of users they are."""
        return GROUP_KINDS[int(self.model.topology.group.kind[self.row])]

    @property
    def municipality(self) -> Municipality:
        """Where they live."""
        return self.model.municipalities[int(self.model.topology.group.municipality[self.row])]

    @property
    def unit(self) -> str:
        """The resource unit that they live from."""
        return self.model.region.unit_names[int(self.model.topology.group.unit[self.row])]


def rows_of(model: BorderModel, kind: type[Any], names: tuple[str, ...]) -> list[Any]:
    """One agent per row, in the order of the arrays."""
    return [kind(model, row, name) for row, name in enumerate(names)]
