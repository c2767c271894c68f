"""Stage 5. Dyads: how local incidents begin, and what they leave behind.

The ladder that an incident climbs stands in `naive.stages.local_ladder`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from naive.numbers import clip, exp, mean_by_weight, probability, retention
from naive.stages.local_ladder import hear_waiting, local_ladder
from sim.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.people import Dyad, Municipality
    from naive.states import Pair

FORGOTTEN_YEARS = 5.0
HEARD = 0.797  # Daley & Kendall 1965: share whom a rumour reaches in the end


def meet_locally(model: NaiveModel) -> None:
    """Anger, first acts, the ladder, trust."""
    p, dt = model.parameters.trust, model.dt
    weeks = p.heat_weeks / WEEKS_PER_YEAR
    hot = retention(weeks, dt)
    model.dyads.do(fade, hot, (1.0 - hot) * weeks / dt, retention(p.case_years, dt))
    model.dyads.do(hear_waiting)
    over = model.parameters.opinion.attention_weeks / WEEKS_PER_YEAR
    model.pairs.do(attention_fades, retention(over, 0.5 * dt))
    model.municipalities.do(heat)
    model.dyads.do(onset)
    model.dyads.do(local_ladder)
    model.dyads.do(trust)
    model.dyads.do(forget_dispute)


def attention_fades(pair: Pair, keep: float) -> None:
    """Half of the tick before the local acts, half after."""
    pair.attention *= keep


def fade(dyad: Dyad, hot: float, mean: float, pending: float) -> None:
    """Hostility and unsettled cases are forgotten; ``mean``: of the tick, against its start."""
    dyad.warm = dyad.heat * mean
    dyad.heat *= hot
    dyad.caseload *= pending


def heat(town: Municipality) -> None:
    """Recent hostility around a town (rule of reach)."""
    town.heat = mean_by_weight([(dyad.weight, dyad.warm) for dyad in town.dyads])


def around(dyad: Dyad, town: Municipality) -> float:
    """Hostility on the town's other dyads: what it has in all less this dyad's own part."""
    total = mass = 0.0
    for each in town.dyads:
        total += each.weight * each.warm
        mass += each.weight
    others = mass - dyad.weight
    return max(total - dyad.weight * dyad.warm, 0.0) / others if others > 0.0 else 0.0


def spread(dyad: Dyad, hot: float) -> float:
    """Rise of anger by hostility with others: in proportion, or as a rumour that saturates."""
    p, rumour = dyad.model.parameters.onset, dyad.channel.rumour
    if p.rival < 0.5:
        return p.contagion * rumour * hot
    return p.contagion * HEARD * (1.0 - exp(-p.rumour_speed * rumour * hot))


def onset(dyad: Dyad) -> None:
    """Hazard of a first act: complaints, protests of angry crowds, accidents and works."""
    p, first, second = dyad.model.parameters.onset, dyad.first, dyad.second
    rise = spread(dyad, 0.5 * (around(dyad, first) + around(dyad, second)))
    pressure = 0.5 * (first.pressure + second.pressure)
    dyad.anger = pressure * (1.0 + rise) * (1.0 + dyad.channel.vigilance)
    works = p.works_rate if dyad.project > 0 else 0.0
    dyad.calm = p.accident_rate * (p.quiet_stretch + dyad.unit.disputed) + works
    blamed = 0.5 * (first.complaint + second.complaint)
    complaints = p.complaint_rate * dyad.channel.complaint_ease * blamed
    dyad.onset = dyad.weight * (complaints + p.protest_rate * dyad.anger) + dyad.calm


def trust_step(value: float, gained: float, lost: float) -> float:
    """T + (1 - T) gained - T lost."""
    return clip(value + (1.0 - value) * gained - value * lost, 0.0, 1.0)


def trust(dyad: Dyad) -> None:
    """Quick to lose, slow to build (Slovic 1993)."""
    p, dt = dyad.model.parameters.trust, dyad.model.dt
    gained = probability(p.gain * dyad.channel.trust_gain, dt)

    def lost(seen: float) -> float:
        return probability(p.loss * dyad.warm + p.seen * seen + p.forgetting, dt)

    dyad.trust_first = trust_step(dyad.trust_first, gained, lost(dyad.seen_first))
    dyad.trust_second = trust_step(dyad.trust_second, gained, lost(dyad.seen_second))


def forget_dispute(dyad: Dyad) -> None:
    """A dispute closes after five years without an act."""
    if dyad.dispute > 0 and dyad.model.now - dyad.last_act > FORGOTTEN_YEARS:
        dyad.dispute = 0
