"""Stage 3, first half. Groups see the stock and the other side, want, hold back, and take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from naive.nature import AQUIFER, RIVER
from naive.numbers import clip, exp, mean_by_weight, relax, retention
from naive.stages.quality import carry_through, in_the_ground, usability
from sim.streams import Purpose
from sim.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.nature import Basin, ResourceUnit
    from naive.people import Dyad, Municipality, UserGroup


def use(model: NaiveModel) -> None:
    """Perceive, cooperate on condition, intend; then water flows and everybody takes."""
    model.dyads.do(see_each_other)
    model.municipalities.do(see_the_other_side)
    years = model.parameters.abstraction.cooperation_years
    model.municipalities.do(reciprocity)
    model.groups.do(cooperate, retention(years, model.dt))
    model.groups.do(intend)
    model.units.do(dry_up)
    model.units.do(flow_and_take)  # upstream units come first
    season = model.parameters.livelihood.season_weeks / WEEKS_PER_YEAR
    model.units.do(usability, retention(season, model.dt))


def over_taking(taken: float, fair: float, error: float, z: float) -> float:
    """Seen over-taking = max(0, s h / max(f, 0.05) - 1), at most 5; h: right on average."""
    return clip(taken * misjudged(error, z) / max(fair, 0.05) - 1.0, 0.0, 5.0)


def misjudged(error: float, z: float) -> float:
    """exp(error z - error^2 / 2): an estimate that is right on average."""
    return exp(error * z - 0.5 * error * error)


def taken_of(basin: Basin, town: Municipality) -> float:
    """Take over need of one resource system by a town; nothing if it does not use it."""
    users = [group for group in town.groups if group.basin is basin]
    taken, needed = 0.0, 0.0
    for group in users:
        taken += group.take_felt
        needed += group.need_felt
    return min(taken / needed, 2.0) if needed > 0.0 else 0.0


def see_each_other(dyad: Dyad) -> None:
    """Each side sees, with error, how far the other takes beyond its fair share."""
    model, first, second, fair = dyad.model, dyad.first, dyad.second, dyad.basin.fair
    z, y = model.draws.normals(Purpose.PERCEIVED_TAKING, dyad.key, model.tick)
    error = model.parameters.perception.take_error
    by_first, by_second = taken_of(dyad.basin, first), taken_of(dyad.basin, second)
    dyad.seen_first = over_taking(by_second, fair, error * first.channel.take_error, z)
    dyad.seen_second = over_taking(by_first, fair, error * second.channel.take_error, y)
    dyad.seen_first = with_dirt(dyad.seen_first, first, dyad.theirs_first, z)
    dyad.seen_second = with_dirt(dyad.seen_second, second, dyad.theirs_second, y)


def with_dirt(seen: float, town: Municipality, theirs: float, z: float) -> float:
    """Add dirt from upstream, put down to the other side by how many upstream are of its nation."""
    if town.reach is None or theirs <= 0.0:
        return seen
    p = town.model.parameters.perception
    dirt = p.dirt * town.reach.fouled * theirs
    return min(seen + dirt * misjudged(p.take_error * town.channel.take_error, z), 5.0)


def see_the_other_side(town: Municipality) -> None:
    """What a town sees over all its partners (rule of reach)."""
    town.seen = mean_by_weight([
        (dyad.weight, dyad.seen_first if dyad.first is town else dyad.seen_second)
        for dyad in town.dyads
    ])  # fmt: skip


def reciprocity(town: Municipality) -> None:
    """People give a little less than they expect of others; trust excuses part of what is seen.

    Who is watched by an authority that most reject gives less of her own accord.
    """
    p = town.model.parameters.abstraction
    trust = mean_by_weight([
        (dyad.weight, dyad.trust_first if dyad.first is town else dyad.trust_second)
        for dyad in town.dyads
    ])  # fmt: skip
    expected = max(1.0 - town.seen * (1.0 - p.excuse * trust), 0.0)
    rejected = max(1.0 - 2.0 * town.legitimacy, 0.0)
    willing = 1.0 - p.crowding * town.channel.detection * rejected
    town.given_back = p.conditional * expected * willing


def cooperate(group: UserGroup, keep: float) -> None:
    """Cooperation follows what is seen; rivals: nobody cooperates, or only as equals."""
    p, town = group.model.parameters.abstraction, group.municipality
    target = max(1.0 - p.rival, 0.0) * town.given_back  # 1 in the middle of the switch: nothing
    if p.rival > 1.0:
        met = min(group.take_felt / group.need_felt, 2.0) if group.need_felt > 0.0 else 1.0
        own = max(met / max(group.basin.fair, 0.05) - 1.0, 0.0)
        envied, ahead = max(town.seen - own, 0.0), max(own - town.seen, 0.0)
        target += (p.rival - 1.0) * clip(p.averse - p.envy * envied + p.guilt * ahead, 0.0, 1.0)
    group.cooperation = relax(group.cooperation, target, keep)


def compliance(group: UserGroup) -> float:
    """Share of an excess that is given up by those who are asked to."""
    p, town = group.model.parameters.abstraction, group.municipality
    willing = min(p.compliance * town.legitimacy * group.cooperation, 1.0)
    return willing + (1.0 - willing) * p.deterrence * town.channel.detection * town.legitimacy


def intend(group: UserGroup) -> None:
    """Want = need ease (1 - restraint); a shared rule takes part of the excess off again."""
    model, p, town = group.model, group.model.parameters, group.municipality
    fair, need = group.basin.fair, group.need
    z, _ = model.draws.normals(Purpose.PERCEPTION, group.key, model.tick)
    noise = town.channel.stock_error * (p.perception.stock_error * z)
    fair_seen = 1.0 - min((1.0 - fair) * exp(noise), 1.0)  # in plenty nobody sees a shortage
    want = need * group.unit.ease * (1.0 - group.cooperation * max(1.0 - fair_seen, 0.0))
    allowed = need * (p.abstraction.flexible * fair + 1.0 - p.abstraction.flexible)
    rule, comply = group.unit.channel.access_rule, compliance(group)
    caught = (1.0 - rule) * p.abstraction.custom * town.channel.detection * comply
    over_the_rule, over_the_share = max(want - allowed, 0.0), max(want - need * fair, 0.0)
    group.intended = want - rule * comply * over_the_rule - caught * over_the_share


def dry_up(unit: ResourceUnit) -> None:
    """Nothing has come from upstream yet."""
    unit.arriving = unit.reserved_arriving = unit.salt_arriving = unit.silt_arriving = 0.0
    unit.dirt_arriving = 0.0


def flow_and_take(unit: ResourceUnit) -> None:
    """Reaches flow; groups take what is there; the rest is passed on within the tick."""
    flowing, reserved = 0.0, 0.0
    if unit.kind == RIVER:
        before = unit.stock
        flowing, reserved, kept_back = discharge(unit)
        unit.available = max(flowing - reserved, 0.0)
        carry_through(unit, before, kept_back, flowing)
    elif unit.kind == AQUIFER:
        in_the_ground(unit)
    give(unit)
    returned = unit.taken * unit.return_share
    passed = 0.0
    if unit.kind == RIVER:
        passed = flowing - unit.taken + returned
    else:
        unit.stock = max(unit.stock - unit.taken, 0.0) + returned
    unit.used += unit.taken - returned
    if unit.downstream is not None:
        unit.downstream.arriving += passed
        unit.downstream.reserved_arriving += reserved
    else:
        unit.left += passed


def discharge(unit: ResourceUnit) -> tuple[float, float, float]:
    """Exact linear reservoir under steady inflow.

    Returns discharge, its part that is not for taking, and the share that a full reach keeps.

    S(dt) = S e^(-k dt) + inflow (1 - e^(-k dt)) / (k dt); what a reach cannot hold spills.
    """
    share, dt = unit.model.parameters.resource.environmental_share, unit.model.dt
    hold, late = exp(-unit.release * dt), 1.0
    if unit.release * dt > 1e-9:
        late = (1.0 - hold) / (unit.release * dt)
    water, apart = unit.stock, unit.reserved
    inflow = unit.gained + unit.arriving
    inflow_apart = unit.gained * share + unit.reserved_arriving
    unit.stock = water * hold + inflow * late
    unit.reserved = apart * hold + inflow_apart * late
    held = 1.0
    if unit.stock > unit.capacity:
        held = unit.capacity / unit.stock
        unit.reserved *= held
        unit.stock = unit.capacity
    return water + inflow - unit.stock, apart + inflow_apart - unit.reserved, held


def give(unit: ResourceUnit) -> None:
    """Every group gets the same share of what it intended; sums run group by group."""
    unit.intended, unit.taken = 0.0, 0.0
    for group in unit.groups:
        unit.intended += group.intended
    unit.ration = min(unit.available / unit.intended, 1.0) if unit.intended > 0.0 else 1.0
    for group in unit.groups:
        group.take = group.intended * unit.ration
        unit.taken += group.take
