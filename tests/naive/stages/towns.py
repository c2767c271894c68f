"""Stage 4. Municipalities: damage and works, legitimacy, elections."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from naive.numbers import clip, exp, mean_by_weight, probability, relax, retention
from naive.stages.feel import is_shut
from sim.streams import Purpose
from sim.topology import GROUP_KINDS

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.people import Dyad, Municipality, UserGroup

# Sensitivity of kinds of groups to flood, storm and heat, relative to their vulnerability.
SENSITIVITY = {
    "irrigators": (1.0, 1.0, 1.0), "industry": (1.0, 0.8, 0.3), "fishers": (0.8, 1.5, 1.2),
    "herders": (0.8, 1.0, 1.4), "indigenous": (1.0, 1.0, 1.0), "urban_households": (1.0, 0.8, 0.6),
    "urban_poor": (1.0, 1.2, 1.5), "traders": (1.0, 1.0, 0.6), "displaced": (1.2, 1.5, 1.5),
}  # fmt: skip


def govern_towns(model: NaiveModel) -> None:
    """What a town suffers, repairs, and decides."""
    p, dt = model.parameters, model.dt
    model.municipalities.do(blows)
    model.municipalities.do(aided)
    model.municipalities.do(strike)
    model.groups.do(lose_livelihood)
    model.municipalities.do(settle_the_plain)
    model.groups.do(flee)
    host_the_displaced(model)
    model.municipalities.do(budget)
    model.municipalities.do(works)
    model.municipalities.do(legitimacy, retention(p.politics.legitimacy_years, dt))
    model.municipalities.do(election)


def blows(town: Municipality) -> None:
    """Blow = severity x exp(-l warning / lead), and what all strike of the town, without aid."""
    p, river = town.model.parameters.hazard, town.reach
    flood = river.flood if river is not None else 0.0
    warning = town.channel.warning_weeks  # of floods in the first place
    town.hit = flood * exp(-warning / p.lead_weeks)
    town.storm_hit = town.storm * exp(-(p.storm_lead * warning) / p.lead_weeks)
    town.heat_hit = town.heat_wave * exp(-(p.heat_lead * warning) / p.lead_weeks)
    standing = (1.0 - town.hit * town.exposure) * (1.0 - town.storm_hit * p.storm_share)
    town.blown = 1.0 - standing * (1.0 - town.heat_hit * p.heat_share)


def aided(town: Municipality) -> None:
    """Partners send what crews they do not need at home."""
    aid = mean_by_weight([(dyad.weight, crews_sent(dyad, town)) for dyad in town.dyads])
    town.hit *= 1.0 - aid
    town.storm_hit *= 1.0 - aid
    town.heat_hit *= 1.0 - aid


def crews_sent(dyad: Dyad, town: Municipality) -> float:
    """Fewer from a partner that is struck in the same week or has not repaired the last blow."""
    partner = dyad.second if dyad.first is town else dyad.first
    at_home = min(partner.blown / town.model.parameters.hazard.all_hands, 1.0)
    return dyad.channel.crews * (1.0 - partner.damage) * (1.0 - at_home)


def strike(town: Municipality) -> None:
    """Every hazard strikes what it can reach of what still stands."""
    p = town.model.parameters.hazard
    if town.hit <= 0.0 and town.storm_hit <= 0.0 and town.heat_hit <= 0.0:
        return
    dry = 1.0 - town.hit * town.exposure
    standing = dry * (1.0 - town.storm_hit * p.storm_share)
    spared = standing * (1.0 - town.heat_hit * p.heat_share)
    town.damage += (1.0 - town.damage) * (1.0 - spared)
    if town.model.counted:
        value = town.population * p.exposed_value / 1e6
        town.losses += (1.0 - spared) * value
        town.storm_losses += (dry - standing) * value
        town.heat_losses += (standing - spared) * value


def lose_livelihood(group: UserGroup) -> None:
    """Every hazard takes part of what is left of the group's living, by kind and vulnerability."""
    p, town, v = group.model.parameters.hazard, group.municipality, group.vulnerability
    flood, storm, heat = SENSITIVITY[GROUP_KINDS[group.kind]]
    group.struck = 0.0
    if town.hit > 0.0 or town.storm_hit > 0.0 or town.heat_hit > 0.0:
        settled = town.hit * town.exposure / p.exposed_share  # more settlers, more to lose
        spared = max(1.0 - settled * v * flood, 0.0)
        spared *= max(1.0 - town.storm_hit * p.storm_living * v * storm, 0.0)
        spared *= max(1.0 - town.heat_hit * p.heat_living * v * heat, 0.0)
        group.struck = 1.0 - spared
    group.loss += (1.0 - group.loss) * group.struck


def settle_the_plain(town: Municipality) -> None:
    """A flood drives people off the plain; forgetting, and a draw, bring them back."""
    model, p = town.model, town.model.parameters
    left = town.exposure * (1.0 - p.exposure.leave * town.hit)
    back = relax(left, p.hazard.exposed_share, retention(p.exposure.years, model.dt))
    town.exposure = back + (1.0 - back) * probability(town.channel.draw, model.dt)


def flee(group: UserGroup) -> None:
    """Return over years; leave because of damage, of works, of violence."""
    model, p, town = group.model, group.model.parameters.displacement, group.municipality
    channel = town.channel
    home = 1.0 - group.displaced * retention(p.years / channel.recovery, model.dt)
    home *= 1.0 - min(p.by_hazard * group.struck * channel.displacement, 1.0)
    moved = 2.0 * channel.displacing * (1.0 - group.voice)
    if moved + town.flight > 0.0:
        home *= retention(1.0 / (moved + town.flight), model.dt)
    group.displaced = 1.0 - home


def host_the_displaced(model: NaiveModel) -> None:
    """Per inhabitant: those who came from abroad before, the own displaced, and who crosses."""
    across, homeless = model.parameters.displacement.across, {}
    for town in model.municipalities:
        guests, own = 0.0, 0.0
        for group in town.groups:
            if GROUP_KINDS[group.kind] == "displaced":
                guests += group.weight
            else:
                own += group.weight * group.displaced
        homeless[town] = own * town.population
        town.hosted = guests + own
    deals = {town: sum(dyad.weight for dyad in town.dyads) for town in model.municipalities}
    for dyad in model.dyads:
        a, b = dyad.first, dyad.second
        if is_shut(dyad) or homeless[a] + homeless[b] <= 0.0:
            continue
        moved = across * dyad.weight * (homeless[a] / deals[a] - homeless[b] / deals[b])
        a.hosted -= moved / a.population
        b.hosted += moved / b.population


def budget(town: Municipality) -> None:
    """Income falls with damage and with a living below the usual; upkeep gets what is left."""
    p, living, usual, mass = town.model.parameters.budget, 0.0, 0.0, 0.0
    for group in town.groups:
        living += group.weight * group.livelihood
        usual += group.weight * group.expectation
        mass += group.weight
    town.living = living / mass if mass > 0.0 else 1.0
    expected = usual / mass if mass > 0.0 else 1.0
    earning = 1.0 - p.livelihood * (expected - town.living)
    town.income = town.revenue * (1.0 - p.damage * town.damage) * earning + town.received
    rules = town.model.parameters.agreement
    given = rules.budget_share * town.income * town.commitment
    full_purse = town.reserves >= rules.reserve_cap * town.revenue
    saved = 0.0 if full_purse else rules.reserve_share * town.income
    left = town.income - p.fixed * town.revenue - min(town.cost * town.funding, given) - saved
    full = p.upkeep * town.channel.upkeep_cost * town.revenue
    town.upkeep = clip(left / full, 0.0, 1.0) if full > 0.0 else 1.0


def works(town: Municipality) -> None:
    """Damage is repaired; works age and are kept up; service is what is left and not in use."""
    p, dt, channel = town.model.parameters.hazard, town.model.dt, town.channel
    town.damage *= retention(1.0 / (p.repair_rate * channel.recovery), dt)
    upkeep = p.upkeep * town.capacity * town.upkeep
    rate = upkeep + p.ageing * channel.ageing
    if rate > 0.0:
        town.infrastructure = relax(town.infrastructure, upkeep / rate, exp(-rate * dt))
    running = max(1.0 - p.press * town.hosted, 0.0)
    running *= max(1.0 - channel.hostage * town.closed, 0.0)
    town.service = town.infrastructure * (1.0 - town.damage) * running


def legitimacy(town: Municipality, keep: float) -> None:
    """Legitimacy follows services and living, grows where people are heard, suffers by leaks."""
    p, channel = town.model.parameters.politics, town.channel
    judged = p.service_weight * town.service + (1.0 - p.service_weight) * town.living
    judged += p.fairness * channel.inclusion * (1.0 - judged)
    full = p.purse * town.revenue
    weight = min(town.cost * town.funding / full, 1.0) if full > 0.0 else 0.0
    public = weight * town.leaked * (p.known + (1.0 - p.known) * channel.audit)
    judged *= max(1.0 - p.scandal * public, 0.0)
    town.legitimacy = relax(town.legitimacy, judged, keep)


def election_falls(tick: int, dt: float, term_years: float, phase: float) -> bool:
    """True when an election falls within this tick; phase: share of the term run at time 0."""
    now = floor(tick * dt / term_years + phase)
    return floor((tick + 1) * dt / term_years + phase) > now


def election(town: Municipality) -> None:
    """With chance 1 - legitimacy the majority changes; what is not anchored is drawn anew.

    What is anchored wears off where people see nothing of it.
    """
    model, p, anchored = town.model, town.model.parameters.politics, town.channel.anchoring
    if anchored > 0.0:
        town.commitment *= exp(-p.empty * (anchored * (1.0 - town.legitimacy)) * model.dt)
    if election_falls(model.tick, model.dt, town.term_years, town.phase):
        u, _ = model.draws.uniforms(Purpose.MUNICIPAL_ELECTION, town.key, model.tick)
        z, _ = model.draws.normals(Purpose.MUNICIPAL_ELECTION, town.key, model.tick, 1)
        if u < 1.0 - town.legitimacy:
            new = clip(p.commitment + p.commitment_sd * z, 0.0, 1.0)
            town.commitment = anchored * town.commitment + (1.0 - anchored) * new
