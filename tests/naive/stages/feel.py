"""Stage 3, second half. Groups live, expect, resent, blame and mobilise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from naive.nature import AQUIFER, RIVER
from naive.numbers import clip, exp, mean_by_weight, probability, relax, retention
from naive.people import VIOLENCE
from sim.topology import GROUP_KINDS
from sim.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.people import Dyad, Municipality, UserGroup

FORCE = 4  # rung of the interstate ladder
DISPLACED = GROUP_KINDS.index("displaced")
# How far the living that does not come from the resource needs an open border.
TRADE = {"industry": 0.2, "fishers": 0.1, "herders": 0.2, "indigenous": 0.1, "urban_poor": 0.2,
         "traders": 1.0, "displaced": 0.2}  # fmt: skip
ACROSS = [TRADE.get(kind, 0.0) for kind in GROUP_KINDS]


def feel(model: NaiveModel) -> None:
    """From a season's take to mobilised, blamed grievance."""
    p, dt = model.parameters, model.dt

    def keep_over_weeks(weeks: float) -> float:
        return retention(weeks / WEEKS_PER_YEAR, dt)

    model.groups.do(feel_the_season, keep_over_weeks(p.livelihood.season_weeks))
    model.municipalities.do(satisfaction)
    model.municipalities.do(support)
    model.groups.do(recover)
    model.municipalities.do(feel_the_border)
    model.groups.do(livelihood)
    model.municipalities.do(most_aid)
    model.groups.do(be_heard)
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
    """Take over need, at most 2, of each group that needs anything: mean over people."""
    needy = [group for group in town.groups if group.need_felt > 0.0]
    met = [(group.weight, min(group.take_felt / group.need_felt, 2.0)) for group in needy]
    town.satisfaction = mean_by_weight(met) if sum(weight for weight, _ in met) > 0.0 else 1.0


def support(town: Municipality) -> None:
    """Share of a hazard loss that the tick leaves; less where partners help."""
    p = town.model.parameters.livelihood
    town.unrecovered = retention(1.0 / (p.recovery_rate * town.channel.recovery), town.model.dt)


def recover(group: UserGroup) -> None:
    """Losses to hazards fade."""
    group.loss *= group.municipality.unrecovered


def feel_the_border(town: Municipality) -> None:
    """Dealings behind a closed border, and flight from violence, over all stretches."""
    p = town.model.parameters.displacement
    behind, danger, mass = 0.0, 0.0, 0.0
    for dyad in town.dyads:
        fire = 1.0 if any(d.level >= FORCE for d in dyad.pair.disputes) else 0.0
        rate = p.by_violence if dyad.rung == VIOLENCE else 0.0
        behind += dyad.weight * (1.0 if is_shut(dyad) else 0.0)
        danger += dyad.weight * (rate + p.by_force * fire)
        mass += dyad.weight
    town.closed = behind / mass if mass > 0.0 else 0.0
    town.flight = danger / mass if mass > 0.0 else 0.0
    # Share of the displaced who are across the border and without rights there.
    town.uncovered = p.across * (1.0 - town.closed) * (1.0 - town.channel.portable)


def is_shut(dyad: Dyad) -> bool:
    """True while the states keep the border of the dyad closed."""
    return dyad.pair.closed_until > dyad.model.now


def earned(group: UserGroup) -> float:
    """1 - D (1 - min(1, q x T/N)), less what a closed border takes of the rest; at least 0."""
    p, town = group.model.parameters.livelihood, group.municipality
    good = group.take_felt * group.unit.usable
    if group.unit.kind in {RIVER, AQUIFER}:
        good *= town.expansion  # works were built to add to the living of before
    met = min(good / group.need_felt, 1.0) if group.need_felt > 0.0 else 1.0
    shut = p.border * ACROSS[group.kind] * town.closed
    return max(1.0 - group.dependence * (1.0 - met) - (1.0 - group.dependence) * shut, 0.0)


def livelihood(group: UserGroup) -> None:
    """What is earned, less what hazards and displacement took, up to a floor after the loss."""
    p, town = group.model.parameters.livelihood, group.municipality
    living = earned(group)
    bare = max(living - group.loss - p.displaced * group.displaced, 0.0)
    covered = 1.0 - group.displaced * town.uncovered
    if group.kind == DISPLACED:
        covered = town.channel.portable
    short = max(min(town.channel.floor, living) - bare, 0.0)
    group.aid = town.channel.cover * covered * short
    group.livelihood = bare + group.aid


def most_aid(town: Municipality) -> None:
    """Aid of the best supported group, with which the others compare themselves."""
    town.most_aid = max(group.aid for group in town.groups)


def be_heard(group: UserGroup) -> None:
    """Voice is raised by inclusion and lost with one's place."""
    p, inclusion = group.model.parameters.voice, group.municipality.channel.inclusion
    voice = group.voice + (1.0 - group.voice) * inclusion
    group.heard = voice * (1.0 - p.uprooted * group.displaced)


def hardship(group: UserGroup) -> float:
    """Relative deprivation (Gurr 1970), or its rival, absolute deprivation; 0..1."""
    p, town = group.model.parameters.deprivation, group.municipality
    lacking = 1.0 - group.livelihood
    hope = town.channel.hope * town.seen
    envy = town.channel.outside * (town.most_aid - group.aid)
    relative = max(group.expectation + (hope + envy) * lacking - group.livelihood, 0.0)
    absolute = max(lacking, 0.0)
    return min(p.gain * ((1.0 - p.absolute) * relative + p.absolute * absolute), 1.0)


def grievance(group: UserGroup, keep: float) -> None:
    """Hardship times one minus legitimacy (Epstein 2002), and anger at not being heard."""
    unheard = group.model.parameters.voice.exclusion * (1.0 - group.heard)
    unheard *= 1.0 - group.livelihood
    target = hardship(group) * (1.0 - group.municipality.legitimacy)
    group.grievance = relax(group.grievance, 1.0 - (1.0 - target) * (1.0 - unheard), keep)


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
    worst = 2.0 * group.grievance * (0.5 + 0.5 * group.heard)
    reach = max(worst - p.threshold, 0.0)
    if reach <= risk:
        return reach * reach / (2.0 * max(worst, 1e-9) * max(risk, 1e-9))
    return 1.0 - (p.threshold + 0.5 * risk) / worst


def joining_share(group: UserGroup, active: float) -> float:
    """Rival: the aggrieved join once enough others act (Granovetter 1978)."""
    p = group.model.parameters.mobilisation
    worst = 2.0 * group.grievance * (0.5 + 0.5 * group.heard)
    aggrieved = max(1.0 - p.threshold / max(worst, 1e-9), 0.0)
    distance = (active + p.floor - p.crowd_mean) / p.crowd_sd
    normal = -distance * (1.5976 + 0.070566 * distance * distance)  # of the standard normal law
    return aggrieved / (1.0 + exp(normal))


def target_share(group: UserGroup, active: float) -> float:
    """Epstein's share, its rival's, or a mixture."""
    rival, share = group.model.parameters.mobilisation.rival, active_share(group, active)
    if rival > 0.0:
        share = (1.0 - rival) * share + rival * joining_share(group, active)
    return share


def mobilise(group: UserGroup, half: float, keep: float) -> None:
    """People gather and disperse within weeks; those halfway through the tick share the risk."""
    halfway = relax(group.mobilised, target_share(group, group.mobilised), half)
    group.mobilised = relax(group.mobilised, target_share(group, halfway), keep)


def public_anger(town: Municipality) -> None:
    """Blamed grievance by voice, and mobilised blamed people, summed group by group."""
    complaint, pressure = 0.0, 0.0
    for group in town.groups:
        blamed = group.weight * group.blame
        complaint += blamed * group.grievance * (0.5 + 0.5 * group.heard)
        pressure += blamed * group.mobilised
    town.complaint, town.pressure = complaint, pressure
