"""Turn a region into agents that know each other."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from naive.nature import Basin, ResourceUnit
from naive.people import Dyad, Municipality, UserGroup
from naive.states import ISSUES, Agreement, Dispute, Nation, Pair
from sim.mechanisms import (
    CONDITIONAL,
    LEGISLATED,
    MECHANISM_KEYS,
    NAMES,
    PAID,
    PROMISED,
    RELEVANCE,
    SURVIVES_CLOSURE,
)
from sim.topology import ISSUES as ISSUE_NAMES

if TYPE_CHECKING:
    from naive.model import NaiveModel


def build_agents(model: NaiveModel) -> None:
    """Make every agent of the scenario's region, in the order of the region's names."""
    region = model.scenario.region
    topology = region.topology
    basins = [
        Basin(model, b, name, _basin_facts(topology.basin, b))
        for b, name in enumerate(region.basin_names)
    ]
    units = [
        ResourceUnit(model, u, name, _unit_facts(topology.unit, u))
        for u, name in enumerate(region.unit_names)
    ]
    nations = [
        Nation(model, n, name, _nation_facts(topology.nation, n))
        for n, name in enumerate(region.nation_names)
    ]
    pairs = [
        Pair(model, i, name, _pair_facts(topology.pair, i, nations))
        for i, name in enumerate(region.pair_names)
    ]
    near = (nations, units, basins)
    towns = [
        Municipality(model, m, name, _town_facts(topology.municipality, m, near))
        for m, name in enumerate(region.municipality_names)
    ]
    groups = [
        UserGroup(model, g, name, _group_facts(topology.group, g, towns, units))
        for g, name in enumerate(region.group_names)
    ]
    dyads = [
        Dyad(model, d, name, _dyad_facts(topology.dyad, d, (towns, pairs, units, basins)))
        for d, name in enumerate(region.dyad_names)
    ]
    _connect(topology, (basins, units, pairs, towns, groups, dyads))
    disputes = _disputes(model, pairs)
    agreements = _agreements(model, dyads)
    sets = (basins, units, nations, pairs, towns, groups, dyads, disputes, agreements)
    names = ("basins", "units", "nations", "pairs", "municipalities", "groups", "dyads",
             "disputes", "agreements")  # fmt: skip
    for name, members in zip(names, sets, strict=True):
        setattr(model, name, mesa.agent.AgentSet(members, random=model.random))


UNIT_FACTS = ("key", "kind", "capacity", "initial", "inflow", "growth", "release", "return_share",
              "flood_rate", "accident_rate", "saline")  # fmt: skip
BASIN_FACTS = ("key", "kind", "variation", "memory_years", "drought_rate", "heat_rate",
               "storm_rate")  # fmt: skip
PAIR_FACTS = ("key", "key_first", "key_second", "mediators")
DECLARED_OF_PAIR = {
    "declared_monitoring": "body_monitoring", "declared_resolution": "body_resolution",
    "declared_enforcement": "body_enforcement", "declared_liaison": "liaison",
}  # fmt: skip
GROUP_FACTS = ("key", "size", "weight", "demand", "seasonality", "dependence", "vulnerability",
               "voice", "kind")  # fmt: skip


def _plain(part: Any, row: int, facts: tuple[str, ...]) -> dict[str, Any]:
    """One row of some arrays of the topology as plain Python numbers."""
    return {fact: getattr(part, fact)[row].item() for fact in facts}


def _declared(value: float) -> float | None:
    """A trait that the region declares; NaN stands for "drawn per history"."""
    return None if isnan(value) else float(value)


def _basin_facts(part: Any, row: int) -> dict[str, Any]:
    facts = _plain(part, row, BASIN_FACTS)
    record = None
    if part.record[row] >= 0:
        months = part.record_months[part.record[row]]
        record = part.records[part.record[row], :months].tolist()
    seasons = {key: getattr(part, key)[row].tolist() for key in ("season", "need_season", "warm")}
    return {**facts, **seasons, "record": record}


def _unit_facts(part: Any, row: int) -> dict[str, Any]:
    return {**_plain(part, row, UNIT_FACTS), "declared_disputed": part.disputed[row].item()}


def _nation_facts(part: Any, row: int) -> dict[str, Any]:
    declared = _declared(part.hawkishness[row])
    return {**_plain(part, row, ("key", "term_years")), "declared_hawkishness": declared}


def _pair_facts(part: Any, row: int, nations: list[Nation]) -> dict[str, Any]:
    return {
        **_plain(part, row, PAIR_FACTS),
        **{own: getattr(part, fact)[row].tolist() for own, fact in DECLARED_OF_PAIR.items()},
        "first": nations[part.first[row]],
        "second": nations[part.second[row]],
        "declared_rivalry": _declared(part.rivalry[row]),
        "shares": part.shares[row].tolist(),
    }


def _town_facts(
    part: Any, row: int, known: tuple[list[Any], ...]
) -> dict[str, Any]:
    nations, units, basins = known
    return {
        **_plain(part, row, ("key", "population", "revenue", "term_years")),
        "ability": part.capacity[row].item(),
        "nation": nations[part.nation[row]],
        "basin": basins[part.basin[row]],
        "reach": units[part.reach[row]] if part.reach[row] >= 0 else None,
    }


def _group_facts(
    part: Any, row: int, towns: list[Municipality], units: list[ResourceUnit]
) -> dict[str, Any]:
    links = {"municipality": towns[part.municipality[row]], "unit": units[part.unit[row]]}
    return {**_plain(part, row, GROUP_FACTS), **links}


def _dyad_facts(part: Any, row: int, known: tuple[list[Any], ...]) -> dict[str, Any]:
    towns, pairs, units, basins = known
    return {
        **_plain(part, row, ("key", "weight", "below")),
        "first": towns[part.first[row]],
        "second": towns[part.second[row]],
        "pair": pairs[part.pair[row]],
        "unit": units[part.unit[row]],
        "basin": basins[part.basin[row]],
    }


def _members(start: np.ndarray, member: np.ndarray, row: int, known: list[Any]) -> list[Any]:
    """The members of one entity, in the order of the region's lists."""
    return [known[k] for k in member[start[row] : start[row + 1]]]


def _connect(topology: Any, known: tuple[list[Any], ...]) -> None:
    """Tell every agent who belongs to it."""
    basins, units, pairs, towns, groups, dyads = known
    for unit in units:
        downstream = topology.unit.downstream[unit.row]
        unit.basin = basins[topology.unit.basin[unit.row]]
        unit.downstream = units[downstream] if downstream >= 0 else None
        unit.groups = _members(topology.unit.group_start, topology.unit.group, unit.row, groups)
    for dyad in dyads:
        dyad.unit.contested_by.append(dyad)
    for basin in basins:
        basin.units = _members(topology.basin.unit_start, topology.basin.unit, basin.row, units)
    for town in towns:
        start = topology.municipality.group_start
        town.groups = groups[start[town.row] : start[town.row + 1]]
        links = topology.municipality
        town.dyads = _members(links.dyad_start, links.dyad, town.row, dyads)
    for pair in pairs:
        pair.dyads = _members(topology.pair.dyad_start, topology.pair.dyad, pair.row, dyads)
        pair.basins = _members(topology.pair.basin_start, topology.pair.basin, pair.row, basins)


def _disputes(model: NaiveModel, pairs: list[Pair]) -> list[Dispute]:
    """One possible dispute per pair and issue."""
    made = []
    for pair in pairs:
        for issue in range(ISSUES):
            name = f"{pair.name}/{ISSUE_NAMES[issue]}"
            pair.disputes.append(Dispute(model, len(made), name, {"pair": pair, "issue": issue}))
            made.append(pair.disputes[-1])
    return made


def _agreements(model: NaiveModel, dyads: list[Dyad]) -> list[Agreement]:
    """One possible agreement per mechanism and dyad, mechanism by mechanism."""
    made = []
    for k, mechanism in enumerate(NAMES):
        numbers = getattr(model.parameters, mechanism)
        for dyad in dyads:
            facts = {
                "dyad": dyad,
                "mechanism": mechanism,
                "number": k,
                "key": dyad.key ^ int(MECHANISM_KEYS[k]),
                "ceiling": float(model.scenario.negotiable[k, dyad.row]),
                "asked": float(model.scenario.intensity[k, dyad.row]),
                "from_year": float(model.scenario.from_year[k]),
                "survives_closure": bool(SURVIVES_CLOSURE[k]),
                "promised": bool(PROMISED[k]),
                "conditional": bool(CONDITIONAL[k]),
                "legislated": bool(LEGISLATED[k]),
                "paid": bool(PAID[k]),
                "relevance": RELEVANCE[k].tolist(),
                "cost_per_year": numbers.cost_per_year,
                "setup_cost": numbers.setup_cost,
                "setup_years": numbers.setup_years,
            }
            agreement = Agreement(model, len(made), f"{mechanism} on {dyad.name}", facts)
            dyad.agreements[mechanism] = agreement
            made.append(agreement)
    return made
