"""Stage 3, first half. Groups see the stock and the other side, want, hold back, and take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from naive.nature import RIVER
from naive.numbers import clip, exp, mean_by_weight, relax, retention
from naive.stages.stocks import discharge
from sim.streams import Purpose

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.nature import ResourceUnit
    from naive.people import Dyad, Municipality, UserGroup


def use(model: NaiveModel) -> None:
    """Perceive, cooperate on condition, intend, ration, take, settle the stocks."""
    model.dyads.do(see_each_other)
    model.municipalities.do(see_the_other_side)
    years = model.parameters.abstraction.cooperation_years
    model.groups.do(conditional_cooperation, retention(years, model.dt))
    model.groups.do(intend)
    model.units.do(ration)
    model.groups.do(take)
    model.units.do(settle_stock)


def over_taking(satisfaction: float, fair: float, error: float, z: float) -> float:
    """Seen over-taking = max(0, s e^(error z) / max(f, 0.05) - 1), at most 5."""
    return clip(satisfaction * exp(error * z) / max(fair, 0.05) - 1.0, 0.0, 5.0)


def see_each_other(dyad: Dyad) -> None:
    """Each side sees, with error, how far the other takes beyond its fair share."""
    model, first, second, fair = dyad.model, dyad.first, dyad.second, dyad.basin.fair
    z, y = model.draws.normals(Purpose.PERCEIVED_TAKING, dyad.key, model.tick)
    error = model.parameters.perception.take_error
    dyad.seen_first = over_taking(second.satisfaction, fair, error * first.channel.take_error, z)
    dyad.seen_second = over_taking(first.satisfaction, fair, error * second.channel.take_error, y)


def see_the_other_side(town: Municipality) -> None:
    """What a town sees over all its partners (rule of reach)."""
    town.seen = mean_by_weight([
        (dyad.weight, dyad.seen_first if dyad.first is town else dyad.seen_second)
        for dyad in town.dyads
    ])  # fmt: skip


def conditional_cooperation(group: UserGroup, keep: float) -> None:
    """Cooperation follows the cooperation that is seen on the other side."""
    p = group.model.parameters.abstraction
    seen = max(1.0 - group.municipality.seen, 0.0)
    group.cooperation = relax(group.cooperation, p.conditional * seen, keep)


def intend(group: UserGroup) -> None:
    """Want = need ease (1 - restraint); a shared rule takes part of the excess off again."""
    model, p, town = group.model, group.model.parameters, group.municipality
    fair, need = group.basin.fair, group.need
    z, _ = model.draws.normals(Purpose.PERCEPTION, group.key, model.tick)
    error = town.channel.stock_error * p.perception.stock_error
    fair_seen = 1.0 - min((1.0 - fair) * exp(error * z), 1.0)  # in plenty nobody sees a shortage
    want = need * group.unit.ease * (1.0 - group.cooperation * max(1.0 - fair_seen, 0.0))
    comply = min(p.abstraction.compliance * town.legitimacy * group.cooperation, 1.0)
    kept = group.unit.channel.access_rule * comply
    allowed = need * (p.abstraction.flexible * fair + 1.0 - p.abstraction.flexible)
    group.intended = want - kept * max(want - allowed, 0.0)


def ration(unit: ResourceUnit) -> None:
    """Share of the intended takes that is there; summed group by group."""
    total = 0.0
    for group in unit.groups:
        total += group.intended
    unit.intended = total
    unit.ration = min(unit.available / total, 1.0) if total > 0.0 else 1.0


def take(group: UserGroup) -> None:
    """What the group gets."""
    group.take = group.intended * group.unit.ration


def settle_stock(unit: ResourceUnit) -> None:
    """Take, return, release and pass on; upstream units come first, so mass is conserved."""
    unit.taken = 0.0
    for group in unit.groups:
        unit.taken += group.take
    returned = unit.taken * unit.return_share
    passed = 0.0
    if unit.kind == RIVER:
        let_go = max(discharge(unit), unit.taken)
        unit.stock -= let_go
        passed = let_go - unit.taken + returned
    else:
        unit.stock = max(unit.stock - unit.taken, 0.0) + returned
    unit.used += unit.taken - returned
    if unit.downstream is not None:
        unit.downstream.arriving += passed
    else:
        unit.left += passed
