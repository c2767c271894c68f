"""Cooperation mechanisms: each changes named channels and knows no rule; no rule knows a mechanism.

Rule of reach: see `sim.reach`. Order of lines cannot matter, because every channel combines by a
product, sum, maximum or complement product. A mechanism without strength anywhere is skipped, which
changes no bit: with strength 0 each of them multiplies by 1 or adds 0.
"""

from __future__ import annotations

import sys
from typing import Any, NamedTuple, get_type_hints

import numpy as np

from sim._jit import spliced
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


class MechanismParameters(NamedTuple):
    """The registry: numbers of every mechanism, in an order that never changes (add at the end)."""

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


NAMES: tuple[str, ...] = MechanismParameters._fields
ROW: Any = MechanismParameters._make(range(len(NAMES)))  # of arrays [mechanism, dyad], by name
_CLASSES: dict[str, type] = get_type_hints(MechanismParameters)
_FILES = tuple(sys.modules[numbers.__module__] for numbers in _CLASSES.values())


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
    return _CLASSES[name]


MECHANISMS = tuple(
    Mechanism._make((*file.ABOUT, tuple(describe(name, parameter_class(name)))))
    for name, file in zip(NAMES, _FILES, strict=True)
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
    "paid": "is paid for by the side downstream, and delivered by the side upstream",
}


def _with_trait(trait: str) -> np.ndarray:
    return np.array([trait in getattr(f, "TRAITS", ()) for f in _FILES], dtype=np.int8)


SURVIVES_CLOSURE, PROMISED, CONDITIONAL, LEGISLATED, PAID = (_with_trait(t) for t in TRAITS)
MECHANISM_KEYS = np.array([entity_key(name) for name in NAMES], dtype=np.uint64)


@spliced
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


@spliced
def _water(
    topology: Topology, state: State, p: MechanismParameters, scratch: tuple[np.ndarray, ...]
) -> None:
    towns, units, mass, _, _ = scratch
    channel, strength, link = state.channel, state.accord.strength, state.dyad
    if working(strength[ROW.data_sharing]):
        over_towns(towns, topology, strength[ROW.data_sharing])
        data_sharing.modify(channel, towns, p.data_sharing)
    if working(strength[ROW.allocation_rules]):
        over_units(units, mass, topology, strength[ROW.allocation_rules])
        allocation_rules.modify(channel, units, p.allocation_rules)
    if working(strength[ROW.community_monitoring]):
        over_towns(towns, topology, strength[ROW.community_monitoring])
        community_monitoring.modify(channel, strength[ROW.community_monitoring], towns,
                                    link.trust_first, link.trust_second, p.community_monitoring)
    if working(strength[ROW.watershed_stewardship]):
        over_units(units, mass, topology, strength[ROW.watershed_stewardship])
        watershed_stewardship.modify(channel, units, p.watershed_stewardship)


@spliced
def _works_and_money(
    topology: Topology, state: State, p: MechanismParameters, scratch: tuple[np.ndarray, ...]
) -> None:
    towns, units, mass, _, dyads = scratch
    channel, accord, strength = state.channel, state.accord, state.accord.strength
    k = ROW.joint_infrastructure
    if working(strength[k]):
        over_towns(towns, topology, strength[k])
        over_units(units, mass, topology, strength[k])
        joint_infrastructure.modify(channel, towns, units, p.joint_infrastructure)
        joint_infrastructure.building(dyads, accord.intensity[k], accord.maturity[k], strength[k],
                                      strength[ROW.inclusion], p.joint_infrastructure)
        over_towns(towns, topology, dyads)
        joint_infrastructure.displace(channel, towns, p.joint_infrastructure)
    if working(accord.maturity[k]):
        joint_infrastructure.standing(dyads, accord.intensity[k], accord.maturity[k],
                                      accord.phase[k])
        over_towns(towns, topology, dyads)
        joint_infrastructure.rely(channel, towns, p.joint_infrastructure)
    if working(strength[ROW.joint_finance]):
        over_towns(towns, topology, strength[ROW.joint_finance])
        joint_finance.modify(channel, strength[ROW.joint_finance], towns, p.joint_finance)
    if working(strength[ROW.accountability]):
        over_towns(towns, topology, strength[ROW.accountability])
        accountability.modify(channel, strength[ROW.accountability], towns, p.accountability)


@spliced
def _hazards_and_people(
    topology: Topology, state: State, p: MechanismParameters, scratch: tuple[np.ndarray, ...],
    now: float
) -> None:
    towns, _, _, _, _ = scratch
    channel, strength = state.channel, state.accord.strength
    if working(strength[ROW.mutual_aid]):
        mutual_aid.ready(channel, strength[ROW.mutual_aid], topology.dyad,
                         state.pair.closed_until, p.mutual_aid, now)
        mutual_aid.help_within_reach(towns, strength[ROW.mutual_aid], topology.municipality,
                                     topology.dyad, state.municipality.damage,
                                     state.pair.closed_until, now)
        mutual_aid.modify(channel, towns, p.mutual_aid)
    if working(strength[ROW.social_protection]):
        over_towns(towns, topology, strength[ROW.social_protection])
        social_protection.modify(channel, towns, p.social_protection)
    if working(strength[ROW.inclusion]):
        over_towns(towns, topology, strength[ROW.inclusion])
        inclusion.modify(channel, strength[ROW.inclusion], towns, p.inclusion)
    if working(strength[ROW.exchanges]):
        over_towns(towns, topology, strength[ROW.exchanges])
        exchanges.modify(channel, strength[ROW.exchanges], towns, p.exchanges)
        exchanges.backlash(channel, strength[ROW.exchanges], topology.dyad.pair,
                           topology.pair.first, topology.pair.second, state.nation.hawkishness,
                           p.exchanges)


@spliced
def _peace(
    topology: Topology, state: State, p: MechanismParameters, scratch: tuple[np.ndarray, ...]
) -> None:
    _, _, _, pairs, _ = scratch
    channel, strength, link = state.channel, state.accord.strength, state.dyad
    if working(strength[ROW.joint_committee]):
        joint_committee.modify(channel, strength[ROW.joint_committee], strength[ROW.inclusion],
                               p.joint_committee)
    if working(strength[ROW.crisis_communication]):
        crisis_communication.modify(channel, strength[ROW.crisis_communication], link.trust_first,
                                    link.trust_second, p.crisis_communication)
    if working(strength[ROW.mutual_aid]):
        over_pairs(pairs, topology, strength[ROW.mutual_aid])
        mutual_aid.train(channel, pairs, p.mutual_aid)
    if working(strength[ROW.restraint_protocol]):
        over_pairs(pairs, topology, strength[ROW.restraint_protocol])
        restraint_protocol.modify(channel, pairs, p.restraint_protocol)


@spliced
def _rules_of_the_game(
    topology: Topology, state: State, p: MechanismParameters, scratch: tuple[np.ndarray, ...]
) -> None:
    towns, _, _, _, dyads = scratch
    channel, strength = state.channel, state.accord.strength
    if working(strength[ROW.redundancy]):
        redundancy.modify(channel, strength[ROW.redundancy], p.redundancy)
    if working(strength[ROW.legal_harmonisation]):
        over_towns(towns, topology, strength[ROW.legal_harmonisation])
        legal_harmonisation.modify(channel, strength[ROW.legal_harmonisation], towns,
                                   p.legal_harmonisation)
    k = ROW.sustained_commitment
    if working(strength[k]):
        sustained_commitment.anchored(dyads, strength[k], strength, p.sustained_commitment)
        over_towns(towns, topology, dyads)
        sustained_commitment.modify(channel, strength[k], towns, p.sustained_commitment)
