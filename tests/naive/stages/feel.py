"""Stage 3, second half. Groups live, expect, resent, blame and mobilise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from naive.numbers import clip, exp, probability, relax, retention
from sim.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.people import Municipality, UserGroup


def feel(model: NaiveModel) -> None:
    """From a season's take to mobilised, blamed grievance."""
    p, dt = model.parameters, model.dt

    def keep_over_weeks(weeks: float) -> float:
        return retention(weeks / WEEKS_PER_YEAR, dt)

    model.groups.do(feel_the_season, keep_over_weeks(p.livelihood.season_weeks))
    model.municipalities.do(satisfaction)
    model.municipalities.do(support)
    model.groups.do(recover)
    model.groups.do(livelihood)
    model.groups.do(grievance, keep_over_weeks(p.deprivation.grievance_weeks))
    model.groups.do(expectation, retention(p.deprivation.expectation_years, dt))
    model.municipalities.do(meetings)
    model.groups.do(identity, retention(p.identity.memory_years, dt))
    model.groups.do(blame, keep_over_weeks(p.blame.weeks))
    over = p.mobilisation.weeks / WEEKS_PER_YEAR
    model.groups.do(mobilise, retention(over, 0.5 * dt), retention(over, dt))
    model.municipalities.do(public_anger)


def feel_the_season(group: UserGroup, keep: float) -> None:
    """Need and take as yearly rates, averaged over about a season."""
    dt = group.model.dt
    group.need_felt = relax(group.need_felt, group.need / dt, keep)
    group.take_felt = relax(group.take_felt, group.take / dt, keep)


def satisfaction(town: Municipality) -> None:
    """Take over need of the town's groups together, at most 2."""
    taken, needed = 0.0, 0.0
    for group in town.groups:
        taken += group.take_felt
        needed += group.need_felt
    town.satisfaction = min(taken / needed, 2.0) if needed > 0.0 else 1.0


def support(town: Municipality) -> None:
    """Share of a hazard loss that the tick leaves; less where partners help."""
    p = town.model.parameters.livelihood
    town.unrecovered = retention(1.0 / (p.recovery_rate * town.channel.recovery), town.model.dt)


def recover(group: UserGroup) -> None:
    """Losses to hazards fade."""
    group.loss *= group.municipality.unrecovered


def livelihood(group: UserGroup) -> None:
    """L = max(0, 1 - D (1 - min(1, T/N)) - loss)."""
    met = min(group.take_felt / group.need_felt, 1.0) if group.need_felt > 0.0 else 1.0
    group.livelihood = max(1.0 - group.dependence * (1.0 - met) - group.loss, 0.0)


def hardship(group: UserGroup) -> float:
    """Relative deprivation (Gurr 1970), or its rival, absolute deprivation; 0..1."""
    p, town = group.model.parameters.deprivation, group.municipality
    hope = town.channel.hope * town.seen * (1.0 - group.livelihood)
    relative = max(group.expectation + hope - group.livelihood, 0.0)
    lacking = max(1.0 - group.livelihood, 0.0)
    return min(p.gain * ((1.0 - p.absolute) * relative + p.absolute * lacking), 1.0)


def grievance(group: UserGroup, keep: float) -> None:
    """Hardship times one minus legitimacy (Epstein 2002)."""
    target = hardship(group) * (1.0 - group.municipality.legitimacy)
    group.grievance = relax(group.grievance, target, keep)


def expectation(group: UserGroup, keep: float) -> None:
    """People come to expect what they have."""
    group.expectation = relax(group.expectation, group.livelihood, keep)


def meetings(town: Municipality) -> None:
    """Chances of the tick that identity is gained by contact, or lost to hostility."""
    violence, dt = town.model.parameters.identity.violence, town.model.dt
    town.meeting = probability(town.channel.contact, dt)
    town.estrangement = probability(violence * town.heat, dt)


def identity(group: UserGroup, keep: float) -> None:
    """Shared identity grows with contact, wears off, and is lost where people fight."""
    town = group.municipality
    gained, lost = town.meeting, town.estrangement
    relaxed = relax(group.identity, group.model.parameters.identity.base, keep)
    group.identity = clip(relaxed + (1.0 - relaxed) * gained - relaxed * lost, 0.0, 1.0)


def blamed_share(group: UserGroup) -> float:
    """(1 - I) x / (x + n dryness + o (1 - service) + k): what can be seen is blamed."""
    p, town = group.model.parameters.blame, group.municipality
    rivals = p.nature * group.basin.dryness + p.own * (1.0 - town.service) + p.prior
    return (1.0 - group.identity) * town.seen / (town.seen + rivals)


def blame(group: UserGroup, keep: float) -> None:
    """Blame on the other side follows what is seen."""
    group.blame = relax(group.blame, blamed_share(group), keep)


def active_share(group: UserGroup, active: float) -> float:
    """Share that acts: grievance less risk of arrest beats a threshold (Epstein 2002)."""
    p = group.model.parameters.mobilisation
    police = p.police * group.municipality.capacity
    risk = 1.0 - exp(-p.arrest * police / (active + p.floor))
    worst = 2.0 * group.grievance * (0.5 + 0.5 * group.voice)
    reach = max(worst - p.threshold, 0.0)
    if reach <= risk:
        return reach * reach / (2.0 * max(worst, 1e-9) * max(risk, 1e-9))
    return 1.0 - (p.threshold + 0.5 * risk) / worst


def mobilise(group: UserGroup, half: float, keep: float) -> None:
    """People gather and disperse within weeks; those halfway through the tick share the risk."""
    halfway = relax(group.mobilised, active_share(group, group.mobilised), half)
    group.mobilised = relax(group.mobilised, active_share(group, halfway), keep)


def public_anger(town: Municipality) -> None:
    """Blamed grievance by voice, and mobilised blamed people, summed group by group."""
    complaint, pressure = 0.0, 0.0
    for group in town.groups:
        blamed = group.weight * group.blame
        complaint += blamed * group.grievance * (0.5 + 0.5 * group.voice)
        pressure += blamed * group.mobilised
    town.complaint, town.pressure = complaint, pressure
