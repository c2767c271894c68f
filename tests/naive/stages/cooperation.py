"""Stage 0. What agreements, as they stood the tick before, change: the channels.

Rule of reach: what touches a municipality, a resource unit or a pair of nations is the mean of the
strengths of its dyads, weighted with their interaction weights. A mechanism changes channels and
nothing else; rules read channels and know no mechanism.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from naive.nature import UnitChannels
from naive.numbers import mean_by_weight
from naive.people import DyadChannels, MunicipalityChannels
from naive.states import PairChannels

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.nature import ResourceUnit
    from naive.people import Dyad, Municipality
    from naive.states import Pair


def cooperation(model: NaiveModel) -> None:
    """Compose every channel anew, from its neutral value."""
    for pair in model.pairs:
        pair.channel = PairChannels()
        restraint_protocol(pair)
        joint_training(pair)
    for dyad in model.dyads:
        dyad.channel = DyadChannels()
        for change in ON_DYADS:
            change(dyad)
    for unit in model.units:
        unit.channel = UnitChannels()
        for change in ON_UNITS:
            change(unit)
    for town in model.municipalities:
        town.channel = MunicipalityChannels()
        for change in ON_TOWNS:
            change(town)


def reach(dyads: list[Dyad], mechanism: str) -> float:
    """Mean strength of one mechanism over some dyads."""
    return mean_by_weight([(dyad.weight, dyad.agreements[mechanism].strength) for dyad in dyads])


def strength_of(dyad: Dyad, mechanism: str) -> float:
    """Strength of one agreement, the tick before."""
    return dyad.agreements[mechanism].strength


def mean_trust(dyad: Dyad) -> float:
    """Mean of both sides."""
    return 0.5 * (dyad.trust_first + dyad.trust_second)


def joint_committee(dyad: Dyad) -> None:
    """A standing committee settles the cases it hears, and makes complaining easier."""
    p, strength = dyad.model.parameters.joint_committee, strength_of(dyad, "joint_committee")
    open_to = 1.0 - p.capture * (1.0 - strength_of(dyad, "inclusion"))
    dyad.channel.settlement = p.cases_per_year * strength * open_to
    dyad.channel.complaint_ease = 1.0 + p.ease * strength


def data_sharing(town: Municipality) -> None:
    """Shared gauges and forecasts lower the error of what is seen, and warn earlier."""
    p, strength = town.model.parameters.data_sharing, reach(town.dyads, "data_sharing")
    town.channel.stock_error = 1.0 - p.stock_error * strength
    town.channel.take_error *= 1.0 - p.take_error * strength
    town.channel.warning_weeks = p.warning_weeks * strength


def allocation_rules(unit: ResourceUnit) -> None:
    """Agreed shares weigh against upstream-first access, at every contested unit."""
    p = unit.model.parameters.allocation_rules
    strength = reach(unit.contested_by, "allocation_rules")
    unit.channel.access_rule = max(0.0, p.weight * strength)


def crews(dyad: Dyad) -> None:
    """Crews may cross an open border."""
    if dyad.pair.closed_until <= dyad.model.now:
        p = dyad.model.parameters.mutual_aid
        dyad.channel.crews = p.damage * strength_of(dyad, "mutual_aid")


def mutual_aid(town: Municipality) -> None:
    """Partners speed up recovery."""
    p = town.model.parameters.mutual_aid
    aid = mean_by_weight([(dyad.weight, aid_sent(dyad, town)) for dyad in town.dyads])
    town.channel.recovery = 1.0 + p.recovery * aid


def aid_sent(dyad: Dyad, town: Municipality) -> float:
    """Help that the partner can send: none over a closed border, less with damage of its own."""
    partner = dyad.second if dyad.first is town else dyad.first
    if dyad.pair.closed_until > town.model.now:
        return 0.0
    return dyad.agreements["mutual_aid"].strength * (1.0 - partner.damage)


def exchanges_between_towns(dyad: Dyad) -> None:
    """People who met trust each other sooner; hawks answer visits with rumours."""
    p, strength = dyad.model.parameters.exchanges, strength_of(dyad, "exchanges")
    dyad.channel.trust_gain = 1.0 + p.trust * strength
    hawkishness = dyad.pair.first.hawkishness + dyad.pair.second.hawkishness
    dyad.channel.rumour *= 1.0 + p.backlash * strength * max(hawkishness - 1.0, 0.0)


def exchanges_within_a_town(town: Municipality) -> None:
    """Visits raise shared identity, and hopes that can be disappointed."""
    p, strength = town.model.parameters.exchanges, reach(town.dyads, "exchanges")
    town.channel.contact = p.contact * strength
    town.channel.hope = p.hope * strength


def restraint_protocol(pair: Pair) -> None:
    """Guards and capitals agree how to answer; hawks may read that as weakness."""
    p, strength = pair.model.parameters.restraint_protocol, reach(pair.dyads, "restraint_protocol")
    channel = pair.channel
    channel.restraint = p.restraint * strength
    channel.misreading = 1.0 - p.misreading * strength
    channel.hand_over = 1.0 - p.hand_over * strength
    channel.open_channels = p.open_channels * strength
    channel.weakness = min(p.weakness * strength, 1.0)


def joint_training(pair: Pair) -> None:
    """Guards who trained with the other side's hold their fire more often."""
    p = pair.model.parameters.mutual_aid
    pair.channel.training = 1.0 - p.training * reach(pair.dyads, "mutual_aid")


def vigilantes(dyad: Dyad) -> None:
    """Where trust is low, patrols take the law into their own hands."""
    p, strength = dyad.model.parameters.community_monitoring, strength_of(
        dyad, "community_monitoring"
    )
    distrust = max(1.0 - mean_trust(dyad) / p.trust_enough, 0.0)
    dyad.channel.vigilance = p.vigilance * strength * distrust


def community_monitoring(town: Municipality) -> None:
    """Patrols find over-taking and pollution out, and see who did it."""
    p = town.model.parameters.community_monitoring
    strength = reach(town.dyads, "community_monitoring")
    town.channel.detection = p.detection * strength
    town.channel.take_error *= 1.0 - p.attribution * strength


def watershed_stewardship(unit: ResourceUnit) -> None:
    """Buffers, wetlands and rest for fish and pasture."""
    p = unit.model.parameters.watershed_stewardship
    strength = reach(unit.contested_by, "watershed_stewardship")
    unit.channel.recharge = 1.0 + p.recharge * strength
    unit.channel.sediment = 1.0 - p.sediment * strength
    unit.channel.pollution *= 1.0 - p.pollution * strength
    unit.channel.regrowth = 1.0 + p.regrowth * strength


def joint_treatment(unit: ResourceUnit) -> None:
    """Joint plants treat what used to flow out."""
    p = unit.model.parameters.joint_infrastructure
    unit.channel.pollution *= 1.0 - p.treatment * reach(unit.contested_by, "joint_infrastructure")


def joint_infrastructure(town: Municipality) -> None:
    """Fewer losses, slower ageing, cheaper upkeep; a border that stops it; people who must move."""
    p, strength = town.model.parameters.joint_infrastructure, reach(
        town.dyads, "joint_infrastructure"
    )
    town.channel.demand = 1.0 - p.losses * strength
    town.channel.ageing = 1.0 - p.upkeep * strength
    town.channel.upkeep_cost = 1.0 - p.scale * strength
    standing = mean_by_weight([(dyad.weight, what_stands(dyad)) for dyad in town.dyads])
    town.channel.hostage = p.hostage * standing
    building = mean_by_weight([(dyad.weight, being_built(dyad)) for dyad in town.dyads])
    town.channel.displacing = p.displaced_per_year * building


def what_stands(dyad: Dyad) -> float:
    """What has been built and is relied on, whether it runs or not."""
    works = dyad.agreements["joint_infrastructure"]
    return works.intensity * works.maturity if 1 <= works.phase <= 3 else 0.0


def being_built(dyad: Dyad) -> float:
    """What is being built over the heads of people."""
    works = dyad.agreements["joint_infrastructure"]
    under_way = works.intensity * (1.0 - works.maturity) if works.strength > 0.0 else 0.0
    co_design = dyad.model.parameters.joint_infrastructure.co_design
    return under_way * (1.0 - co_design * strength_of(dyad, "inclusion"))


def joint_finance(dyad: Dyad) -> None:
    """Pooled money, outside money, money tied to performance."""
    p, strength = dyad.model.parameters.joint_finance, strength_of(dyad, "joint_finance")
    outside = 1.0 - (1.0 - p.matched) * (1.0 - p.private_share)
    dyad.channel.pooled = p.pooled * strength
    dyad.channel.matched = outside * strength
    dyad.channel.tied = p.tied * strength


def leakage(town: Municipality) -> None:
    """More money through more hands leaks more; audits stop and publish some of it."""
    money, audits = town.model.parameters.joint_finance, town.model.parameters.accountability
    strength = reach(town.dyads, "accountability")
    town.channel.leakage *= 1.0 + money.leakage * reach(town.dyads, "joint_finance")
    town.channel.leakage *= 1.0 - audits.leakage * strength
    town.channel.audit = audits.audit * strength


def accountability(dyad: Dyad) -> None:
    """Reviews revise the other agreements."""
    p = dyad.model.parameters.accountability
    dyad.channel.learning = 1.0 + p.learning * strength_of(dyad, "accountability")


def crisis_communication(dyad: Dyad) -> None:
    """Official messages calm where they are believed and feed rumour where they are not."""
    p = dyad.model.parameters.crisis_communication
    believed = mean_trust(dyad) - p.neutral_trust
    strength = strength_of(dyad, "crisis_communication")
    dyad.channel.rumour *= max(1.0 - p.calming * strength * believed, 0.0)


def inclusion(town: Municipality) -> None:
    """Those without a voice are heard."""
    town.channel.inclusion = town.model.parameters.inclusion.voice * reach(town.dyads, "inclusion")


def slow_decisions(dyad: Dyad) -> None:
    """Hearing everybody takes time."""
    p = dyad.model.parameters.inclusion
    dyad.channel.slowness = 1.0 + p.slowness * strength_of(dyad, "inclusion")


def social_protection(town: Municipality) -> None:
    """A floor after losses; it draws people into harm's way and angers those just outside."""
    p, strength = town.model.parameters.social_protection, reach(town.dyads, "social_protection")
    in_force = any(d.agreements["social_protection"].strength > 0.0 for d in town.model.dyads)
    town.channel.floor = p.floor if in_force else 0.0
    town.channel.cover = strength
    town.channel.displacement = 1.0 - p.displacement * strength
    town.channel.draw = p.draw * strength
    town.channel.outside = p.outside * strength


def redundancy(dyad: Dyad) -> None:
    """Others take over what fails; and nobody is sure who must act."""
    p, strength = dyad.model.parameters.redundancy, strength_of(dyad, "redundancy")
    dyad.channel.backup = p.backup * strength
    dyad.channel.diffuse = p.diffuse * strength


def legal_harmonisation(dyad: Dyad) -> None:
    """Compatible rules shorten the legal distance."""
    p = dyad.model.parameters.legal_harmonisation
    dyad.channel.legal = 1.0 - p.distance * strength_of(dyad, "legal_harmonisation")


def portable_rights(town: Municipality) -> None:
    """Rights that hold on the other side."""
    p = town.model.parameters.legal_harmonisation
    town.channel.portable = p.portable * reach(town.dyads, "legal_harmonisation")


def locked_in(dyad: Dyad) -> None:
    """Entrenched clauses cannot be revised."""
    p = dyad.model.parameters.sustained_commitment
    dyad.channel.lock_in = p.lock_in * strength_of(dyad, "sustained_commitment")


def sustained_commitment(town: Municipality) -> None:
    """What elections cannot take, as far as something is delivered that voters would miss."""
    anchored = mean_by_weight([(dyad.weight, with_benefits(dyad)) for dyad in town.dyads])
    town.channel.anchoring = town.model.parameters.sustained_commitment.anchoring * anchored


def with_benefits(dyad: Dyad) -> float:
    """Strength of the commitment, as far as other agreements deliver."""
    own = strength_of(dyad, "sustained_commitment")
    others = -own
    for agreement in dyad.agreements.values():
        others += agreement.strength
    needed = dyad.model.parameters.sustained_commitment.benefits
    return own * min(max(others, 0.0) / needed, 1.0)


ON_DYADS = (
    joint_committee, crews, exchanges_between_towns, vigilantes, joint_finance, accountability,
    crisis_communication, slow_decisions, redundancy, legal_harmonisation, locked_in,
)  # fmt: skip
ON_UNITS = (allocation_rules, watershed_stewardship, joint_treatment)
ON_TOWNS = (
    data_sharing, mutual_aid, exchanges_within_a_town, community_monitoring, joint_infrastructure,
    leakage, inclusion, social_protection, portable_rights, sustained_commitment,
)  # fmt: skip
