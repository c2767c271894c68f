"""Stage 4. Municipalities: damage and works, legitimacy, elections, agreements and their money."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from naive.numbers import clip, exp, relax, retention
from sim.streams import Purpose

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.people import Municipality, UserGroup
    from naive.states import Agreement

ABSENT, SETTING_UP, OPERATING, SUSPENDED = range(4)


def govern_towns(model: NaiveModel) -> None:
    """What a town suffers, repairs, decides and pays for."""
    p, dt = model.parameters, model.dt
    model.municipalities.do(flood_damage)
    model.groups.do(lose_livelihood)
    model.municipalities.do(works)
    model.municipalities.do(legitimacy, retention(p.politics.legitimacy_years, dt))
    model.municipalities.do(election)
    model.agreements.do(operate, retention(p.agreement.decay_years, dt))
    model.municipalities.do(forget_bills)
    model.agreements.do(charge)
    model.municipalities.do(finance)
    model.agreements.do(take_effect)


def flood_damage(town: Municipality) -> None:
    """Blow = severity x damage channel x exp(-warning / lead), on the exposed part of the town."""
    p, river = town.model.parameters.hazard, town.reach
    town.hit = 0.0
    if river is None or river.flood <= 0.0:
        return
    warned = exp(-town.channel.warning_weeks / p.lead_weeks)
    town.hit = min(river.flood * town.channel.damage * warned, 1.0)
    exposed = town.hit * p.exposed_share
    town.damage += (1.0 - town.damage) * exposed
    if town.model.counted:
        value = town.population * p.exposed_value / 1e6
        town.losses += exposed * value


def lose_livelihood(group: UserGroup) -> None:
    """The flood takes part of what is left of the group's living."""
    group.loss += (1.0 - group.loss) * group.municipality.hit * group.vulnerability


def works(town: Municipality) -> None:
    """Damage is repaired; works age and are kept up; service is what both leave."""
    p, dt = town.model.parameters.hazard, town.model.dt
    town.damage *= retention(1.0 / (p.repair_rate * town.channel.recovery), dt)
    upkeep = p.upkeep * town.capacity
    rate = upkeep + p.ageing
    if rate > 0.0:
        town.infrastructure = relax(town.infrastructure, upkeep / rate, exp(-rate * dt))
    town.service = town.infrastructure * (1.0 - town.damage)


def legitimacy(town: Municipality, keep: float) -> None:
    """Legitimacy follows services and the mean livelihood of the town's people."""
    weight = town.model.parameters.politics.service_weight
    living, mass = 0.0, 0.0
    for group in town.groups:
        living += group.weight * group.livelihood
        mass += group.weight
    mean = living / mass if mass > 0.0 else 1.0
    target = weight * town.service + (1.0 - weight) * mean
    town.legitimacy = relax(town.legitimacy, target, keep)


def election_falls(tick: int, dt: float, term_years: float, phase: float) -> bool:
    """True when an election falls within this tick; phase: share of the term run at time 0."""
    now = floor(tick * dt / term_years + phase)
    return floor((tick + 1) * dt / term_years + phase) > now


def election(town: Municipality) -> None:
    """With chance 1 - legitimacy the majority changes and its commitment is drawn anew."""
    model, p = town.model, town.model.parameters.politics
    if election_falls(model.tick, model.dt, town.term_years, town.phase):
        u, _ = model.draws.uniforms(Purpose.MUNICIPAL_ELECTION, town.key, model.tick)
        z, _ = model.draws.normals(Purpose.MUNICIPAL_ELECTION, town.key, model.tick, 1)
        if u < 1.0 - town.legitimacy:
            town.commitment = clip(p.commitment + p.commitment_sd * z, 0.0, 1.0)


def operate(agreement: Agreement, forget: float) -> None:
    """An agreement in force matures; a closed border suspends it, and it is unlearnt."""
    model, pair = agreement.model, agreement.dyad.pair
    if agreement.asked <= 0.0 or model.now < agreement.from_year:
        return
    agreement.intensity = agreement.asked
    if pair.closed_until > model.now and not agreement.survives_closure:
        agreement.phase = SUSPENDED
        agreement.maturity *= forget
    else:
        agreement.phase = OPERATING if agreement.maturity > 0.5 else SETTING_UP
        learn = retention(agreement.setup_years, model.dt)
        agreement.maturity = 1.0 - (1.0 - agreement.maturity) * learn


def forget_bills(town: Municipality) -> None:
    """What agreements ask for is summed anew every tick."""
    town.cost = 0.0


def charge(agreement: Agreement) -> None:
    """A share of the smaller town's revenue, half on each side.

    A town's bill sums mechanism by mechanism, dyad by dyad.
    """
    first, second = agreement.dyad.first, agreement.dyad.second
    if agreement.phase != ABSENT:
        rate = agreement.cost_per_year + agreement.setup_cost * (1.0 - agreement.maturity)
        half = 0.5 * agreement.intensity * rate * min(first.revenue, second.revenue)
        first.cost += half
        second.cost += half


def finance(town: Municipality) -> None:
    """Pay out of the committed share of revenue, then out of reserves."""
    p, dt = town.model.parameters.agreement, town.model.dt
    free = p.budget_share * town.revenue * town.commitment
    saved = town.reserves + p.reserve_share * town.revenue * dt
    town.funding = 1.0
    if town.cost > 0.0:
        town.funding = min((free + saved) / town.cost, 1.0)
        paid = town.cost * town.funding
        saved -= max(paid - free, 0.0) * dt
        if town.model.counted:
            town.spent += paid * dt
    town.reserves = clip(saved, 0.0, p.reserve_cap * town.revenue)


def take_effect(agreement: Agreement) -> None:
    """Strength = intensity x capacity x funding (of the weaker side) x maturity."""
    first, second = agreement.dyad.first, agreement.dyad.second
    if agreement.phase in {ABSENT, SUSPENDED}:
        agreement.strength = 0.0
    else:
        able = min(first.capacity, second.capacity) * min(first.funding, second.funding)
        agreement.strength = agreement.intensity * able * agreement.maturity
