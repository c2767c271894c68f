"""Cooperation mechanisms: each changes named channels and knows no rule; no rule knows a mechanism.

Rule of reach: see `sim.reach`. Order of lines cannot matter, because every channel combines by a
product, sum, maximum or complement product. A mechanism without strength anywhere is skipped, which
changes no bit: with strength 0 each of them multiplies by 1 or adds 0.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import neutral
from sim.declare import Declared, describe
from sim.mechanisms import (
    accountability,
    allocation_rules,
    community_monitoring,
    crisis_communication,
    data_sharing,
    exchanges,
    inclusion,
    joint_committee,
    joint_finance,
    joint_infrastructure,
    legal_harmonisation,
    mutual_aid,
    redundancy,
    restraint_protocol,
    social_protection,
    sustained_commitment,
    watershed_stewardship,
)
from sim.reach import over_pairs, over_towns, over_units, working
from sim.state import State
from sim.streams import entity_key
from sim.topology import Topology

_FILES = (
    joint_committee, data_sharing, allocation_rules, community_monitoring,
    watershed_stewardship, joint_infrastructure, joint_finance, mutual_aid,
    crisis_communication, exchanges, inclusion, social_protection, accountability,
    restraint_protocol, redundancy, legal_harmonisation, sustained_commitment,
)  # fmt: skip
(JOINT_COMMITTEE, DATA_SHARING, ALLOCATION_RULES, COMMUNITY_MONITORING, WATERSHED_STEWARDSHIP,
 JOINT_INFRASTRUCTURE, JOINT_FINANCE, MUTUAL_AID, CRISIS_COMMUNICATION, EXCHANGES, INCLUSION,
 SOCIAL_PROTECTION, ACCOUNTABILITY, RESTRAINT_PROTOCOL, REDUNDANCY, LEGAL_HARMONISATION,
 SUSTAINED_COMMITMENT) = range(len(_FILES))  # fmt: skip


class Mechanism(NamedTuple):
    """Registry entry of a mechanism."""

    name: str
    label: str
    about: str
    channels: tuple[str, ...]
    fails_when: str
    parameters: tuple[Declared, ...]

    @property
    def cost_note(self) -> str:
        """What it costs, in words."""
        values = {d.key.split(".")[1]: d.default for d in self.parameters}
        return (
            f"{100 * values['cost_per_year']:g} % of the smaller town's yearly revenue per dyad at "
            f"full intensity, {100 * values['setup_cost']:g} % more while it is being set up; "
            "figures are assumptions"
        )


def module_of(name: str) -> Any:
    """The file of a mechanism."""
    return _FILES[NAMES.index(name)]


def parameter_class(name: str) -> type:
    """The NamedTuple of a mechanism's numbers."""
    title = "".join(part.title() for part in name.split("_"))
    found: type = getattr(module_of(name), f"{title}Parameters")
    return found


NAMES = tuple(f.ABOUT[0] for f in _FILES)
MECHANISMS = tuple(
    Mechanism._make((*f.ABOUT, tuple(describe(f.ABOUT[0], parameter_class(f.ABOUT[0])))))
    for f in _FILES
)
# Problems that a town can have lived through, and how far each mechanism answers them [k, problem]:
# what a town thinks that an agreement is worth (a file's ANSWERS; none: nobody would propose it).
PROBLEMS = ("water", "hazard", "conflict", "livelihood", "money", "trust")
RELEVANCE = np.array([[getattr(f, "ANSWERS", {}).get(p, 0.0) for p in PROBLEMS] for f in _FILES])
# What the rule of agreements must know of a mechanism: a file's TRAITS, and what they mean.
TRAITS = {
    "survives": "goes on while the border is closed",
    "promised": "works as far as the other side delivers what it promised",
    "conditional": "works as far as it still fits the conditions at signature",
    "legislated": "matures only while legislatures let it",
}


def _with_trait(trait: str) -> np.ndarray:
    return np.array([trait in getattr(f, "TRAITS", ()) for f in _FILES], dtype=np.int8)


SURVIVES_CLOSURE, PROMISED, CONDITIONAL, LEGISLATED = (_with_trait(trait) for trait in TRAITS)
MECHANISM_KEYS = np.array([entity_key(name) for name in NAMES], dtype=np.uint64)


class MechanismParameters(NamedTuple):
    """Numbers of every mechanism, in registry order."""

    joint_committee: joint_committee.JointCommitteeParameters
    data_sharing: data_sharing.DataSharingParameters
    allocation_rules: allocation_rules.AllocationRulesParameters
    community_monitoring: community_monitoring.CommunityMonitoringParameters
    watershed_stewardship: watershed_stewardship.WatershedStewardshipParameters
    joint_infrastructure: joint_infrastructure.JointInfrastructureParameters
    joint_finance: joint_finance.JointFinanceParameters
    mutual_aid: mutual_aid.MutualAidParameters
    crisis_communication: crisis_communication.CrisisCommunicationParameters
    exchanges: exchanges.ExchangesParameters
    inclusion: inclusion.InclusionParameters
    social_protection: social_protection.SocialProtectionParameters
    accountability: accountability.AccountabilityParameters
    restraint_protocol: restraint_protocol.RestraintProtocolParameters
    redundancy: redundancy.RedundancyParameters
    legal_harmonisation: legal_harmonisation.LegalHarmonisationParameters
    sustained_commitment: sustained_commitment.SustainedCommitmentParameters


@kernel
def compose(
    topology: Topology, state: State, p: MechanismParameters, scratch: tuple[np.ndarray, ...],
    now: float
) -> None:
    """Channels of this tick from the agreements as they stood the tick before.

    ``scratch``: arrays [m], [u], [u], [p], [d] for the means.
    """
    neutral(state.channel)
    _water(topology, state, p, scratch)
    _works_and_money(topology, state, p, scratch)
    _hazards_and_people(topology, state, p, scratch, now)
    _peace(topology, state, p, scratch)
    _rules_of_the_game(topology, state, p, scratch)


@kernel
def _water(
    topology: Topology, state: State, p: MechanismParameters, scratch: tuple[np.ndarray, ...]
) -> None:
    towns, units, mass, _, _ = scratch
    channel, strength, link = state.channel, state.accord.strength, state.dyad
    if working(strength[DATA_SHARING]):
        over_towns(towns, topology, strength[DATA_SHARING])
        data_sharing.modify(channel, towns, p.data_sharing)
    if working(strength[ALLOCATION_RULES]):
        over_units(units, mass, topology, strength[ALLOCATION_RULES])
        allocation_rules.modify(channel, units, p.allocation_rules)
    if working(strength[COMMUNITY_MONITORING]):
        over_towns(towns, topology, strength[COMMUNITY_MONITORING])
        community_monitoring.modify(channel, strength[COMMUNITY_MONITORING], towns,
                                    link.trust_first, link.trust_second, p.community_monitoring)
    if working(strength[WATERSHED_STEWARDSHIP]):
        over_units(units, mass, topology, strength[WATERSHED_STEWARDSHIP])
        watershed_stewardship.modify(channel, units, p.watershed_stewardship)


@kernel
def _works_and_money(
    topology: Topology, state: State, p: MechanismParameters, scratch: tuple[np.ndarray, ...]
) -> None:
    towns, units, mass, _, dyads = scratch
    channel, accord, strength = state.channel, state.accord, state.accord.strength
    k = JOINT_INFRASTRUCTURE
    if working(strength[k]):
        over_towns(towns, topology, strength[k])
        over_units(units, mass, topology, strength[k])
        joint_infrastructure.modify(channel, towns, units, p.joint_infrastructure)
        joint_infrastructure.building(dyads, accord.intensity[k], accord.maturity[k], strength[k],
                                      strength[INCLUSION], p.joint_infrastructure)
        over_towns(towns, topology, dyads)
        joint_infrastructure.displace(channel, towns, p.joint_infrastructure)
    if working(accord.maturity[k]):
        joint_infrastructure.standing(dyads, accord.intensity[k], accord.maturity[k],
                                      accord.phase[k])
        over_towns(towns, topology, dyads)
        joint_infrastructure.rely(channel, towns, p.joint_infrastructure)
    if working(strength[JOINT_FINANCE]):
        over_towns(towns, topology, strength[JOINT_FINANCE])
        joint_finance.modify(channel, strength[JOINT_FINANCE], towns, p.joint_finance)
    if working(strength[ACCOUNTABILITY]):
        over_towns(towns, topology, strength[ACCOUNTABILITY])
        accountability.modify(channel, strength[ACCOUNTABILITY], towns, p.accountability)


@kernel
def _hazards_and_people(
    topology: Topology, state: State, p: MechanismParameters, scratch: tuple[np.ndarray, ...],
    now: float
) -> None:
    towns, _, _, _, _ = scratch
    channel, strength = state.channel, state.accord.strength
    if working(strength[MUTUAL_AID]):
        mutual_aid.help_within_reach(towns, strength[MUTUAL_AID], topology.municipality,
                                     topology.dyad, state.municipality.damage,
                                     state.pair.closed_until, p.mutual_aid, now)
        mutual_aid.modify(channel, towns, p.mutual_aid)
    if working(strength[SOCIAL_PROTECTION]):
        over_towns(towns, topology, strength[SOCIAL_PROTECTION])
        social_protection.modify(channel, towns, p.social_protection)
    if working(strength[INCLUSION]):
        over_towns(towns, topology, strength[INCLUSION])
        inclusion.modify(channel, strength[INCLUSION], towns, p.inclusion)
    if working(strength[EXCHANGES]):
        over_towns(towns, topology, strength[EXCHANGES])
        exchanges.modify(channel, strength[EXCHANGES], towns, p.exchanges)
        exchanges.backlash(channel, strength[EXCHANGES], topology.dyad.pair, topology.pair.first,
                           topology.pair.second, state.nation.hawkishness, p.exchanges)


@kernel
def _peace(
    topology: Topology, state: State, p: MechanismParameters, scratch: tuple[np.ndarray, ...]
) -> None:
    _, _, _, pairs, _ = scratch
    channel, strength, link = state.channel, state.accord.strength, state.dyad
    if working(strength[JOINT_COMMITTEE]):
        joint_committee.modify(channel, strength[JOINT_COMMITTEE], strength[INCLUSION],
                               p.joint_committee)
    if working(strength[CRISIS_COMMUNICATION]):
        crisis_communication.modify(channel, strength[CRISIS_COMMUNICATION], link.trust_first,
                                    link.trust_second, p.crisis_communication)
    if working(strength[RESTRAINT_PROTOCOL]):
        over_pairs(pairs, topology, strength[RESTRAINT_PROTOCOL])
        restraint_protocol.modify(channel, pairs, p.restraint_protocol)


@kernel
def _rules_of_the_game(
    topology: Topology, state: State, p: MechanismParameters, scratch: tuple[np.ndarray, ...]
) -> None:
    towns, _, _, _, dyads = scratch
    channel, strength = state.channel, state.accord.strength
    if working(strength[REDUNDANCY]):
        redundancy.modify(channel, strength[REDUNDANCY], p.redundancy)
    if working(strength[LEGAL_HARMONISATION]):
        over_towns(towns, topology, strength[LEGAL_HARMONISATION])
        legal_harmonisation.modify(channel, strength[LEGAL_HARMONISATION], towns,
                                   p.legal_harmonisation)
    k = SUSTAINED_COMMITMENT
    if working(strength[k]):
        sustained_commitment.anchored(dyads, strength[k], strength, p.sustained_commitment)
        over_towns(towns, topology, dyads)
        sustained_commitment.modify(channel, strength[k], towns, p.sustained_commitment)
