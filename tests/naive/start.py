"""The first state of a history: drawn traits, full stocks, slow states at rest.

Hazard memory and tension start where the pair's own rate would leave them on average; everything
else relaxes during the spin-up, which is run, not assumed.
"""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from naive.nature import AQUIFER, RIVER
from naive.numbers import clip, exp, log, mean_by_weight
from naive.stages.interstate import onset_rate
from naive.stages.nations import resting_tension
from naive.states import OTHER
from sim.streams import Purpose

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.nature import Basin, ResourceUnit
    from naive.people import Dyad, Municipality, UserGroup
    from naive.states import Nation, Pair


def begin(model: NaiveModel) -> None:
    """Give every agent its first state."""
    model.nations.do(draw_government)
    model.pairs.do(draw_rivalry)
    model.pairs.do(rest)
    model.municipalities.do(settle_in)
    model.dyads.do(look_upstream)
    model.dyads.do(draw_spoilers)
    model.municipalities.do(spoilers_around)
    model.units.do(fill)
    model.groups.do(content)
    model.basins.do(choose_record_year)


def draw_government(nation: Nation) -> None:
    """Hawkishness is declared by the region, or drawn around one half."""
    model, declared = nation.model, nation.declared_hawkishness
    nation.phase, _ = model.draws.uniforms(Purpose.NATIONAL_TRAIT, nation.key, 0, 1)
    z, _ = model.draws.normals(Purpose.NATIONAL_TRAIT, nation.key, 0)
    drawn = clip(0.5 + model.parameters.quarrel.hawkishness_sd * z, 0.0, 1.0)
    nation.hawkishness = drawn if declared is None else declared


def draw_rivalry(pair: Pair) -> None:
    """Declared by the region, or lognormal with mean 1; at most 20."""
    model, p = pair.model, pair.model.parameters.quarrel
    spread = p.sd_alone if 0.5 <= p.rival < 1.5 else p.rivalry_sd
    z, _ = model.draws.normals(Purpose.NATIONAL_TRAIT, pair.key, 0)
    drawn = exp(spread * z - 0.5 * spread * spread)
    declared = pair.declared_rivalry
    pair.rivalry = min(drawn if declared is None else declared, 20.0)


def rest(pair: Pair) -> None:
    """Hazard memory as long after an onset as the rate implies; tension at its fixed point."""
    model, p = pair.model, pair.model.parameters
    rate = onset_rate(pair, 0.0) + 1e-9
    u, _ = model.draws.uniforms(Purpose.MEMORY_START, pair.key, 0)
    pair.memory = exp(log(u) / rate / p.quarrel.memory_years)
    pair.tension_first = pair.tension_second = resting_tension(pair)
    pair.liaison = pair.declared_liaison
    for dispute in pair.disputes[:OTHER]:
        dispute.body_monitoring = pair.declared_monitoring[dispute.issue]
        dispute.body_resolution = pair.declared_resolution[dispute.issue]
        dispute.body_enforcement = pair.declared_enforcement[dispute.issue]


def settle_in(town: Municipality) -> None:
    """Commitment is a temperament; reserves are half full."""
    model, p = town.model, town.model.parameters
    z, _ = model.draws.normals(Purpose.TEMPERAMENT, town.key, 0)
    town.phase, _ = model.draws.uniforms(Purpose.TEMPERAMENT, town.key, 0, 1)
    town.capacity = town.ability
    town.commitment = clip(p.politics.commitment + p.politics.commitment_sd * z, 0.0, 1.0)
    town.reserves = 0.5 * p.agreement.reserve_cap * town.revenue
    town.income = town.revenue
    town.exposure = p.hazard.exposed_share


def look_upstream(dyad: Dyad) -> None:
    """Of the people who live above each side's reach, the share on the other side."""
    dyad.theirs_first = share_above(dyad.first, dyad.second.nation)
    dyad.theirs_second = share_above(dyad.second, dyad.first.nation)


def share_above(town: Municipality, nation: Nation) -> float:
    """Share of a nation in the people of all towns whose reach flows into a town's reach."""
    if town.reach is None:
        return 0.0
    above = [t for t in town.model.municipalities if t.reach and flows_into(t.reach, town.reach)]
    people = sum(t.population for t in above)
    theirs = sum(t.population for t in above if t.nation is nation)
    return theirs / people if people > 0.0 else 0.0


def flows_into(unit: ResourceUnit, other: ResourceUnit) -> bool:
    """True where the water of a unit comes to another one further down."""
    below = unit.downstream
    while below is not None and below is not other:
        below = below.downstream
    return below is not None


def draw_spoilers(dyad: Dyad) -> None:
    """Those who profit from closure or opaque procurement: exponential, at most 1."""
    u, _ = dyad.model.draws.uniforms(Purpose.SPOILER, dyad.key, 0)
    dyad.spoiler = min(-dyad.model.parameters.money.spoiler_mean * log(u), 1.0)


def spoilers_around(town: Municipality) -> None:
    """Their mean strength on a town's dyads."""
    town.spoiled = mean_by_weight([(dyad.weight, dyad.spoiler) for dyad in town.dyads])


def fill(unit: ResourceUnit) -> None:
    """Stocks as the region declares them."""
    unit.stock = unit.initial * unit.capacity
    unit.projected = 1.0 if unit.kind == RIVER else unit.initial
    if unit.kind in {RIVER, AQUIFER}:
        unit.salinity = unit.model.parameters.quality.salt
    if unit.kind == RIVER:
        unit.reserved = unit.model.parameters.resource.environmental_share * unit.stock
    unit.disputed = unit.declared_disputed


def content(group: UserGroup) -> None:
    """People begin with their needs met."""
    group.need_felt = group.take_felt = group.demand
    group.identity = group.model.parameters.identity.base
    group.heard = group.voice


def choose_record_year(basin: Basin) -> None:
    """A recorded inflow starts in a year drawn once per history (index-sequential method)."""
    u, _ = basin.model.draws.uniforms(Purpose.RECORD_START, basin.key, 0)
    if basin.record is not None:
        basin.record_year = float(floor(u * (len(basin.record) // 12)))
