"""Cooperation mechanisms: each changes named channels and knows no rule; no rule knows a mechanism.

Rule of reach: what touches a town, a unit or a pair of nations is the mean of the strengths of its
dyads, weighted with their interaction weights. Order of lines cannot matter, because every channel
combines by a product, sum, maximum or complement product.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim._jit import kernel
from sim.declare import Declared, describe
from sim.mechanisms import (
    allocation_rules,
    data_sharing,
    exchanges,
    joint_committee,
    mutual_aid,
    restraint_protocol,
)
from sim.state import Channels, State
from sim.streams import entity_key
from sim.topology import Topology

_FILES = (
    joint_committee, data_sharing, allocation_rules, mutual_aid, exchanges, restraint_protocol,
)  # fmt: skip
(JOINT_COMMITTEE, DATA_SHARING, ALLOCATION_RULES, MUTUAL_AID, EXCHANGES,
 RESTRAINT_PROTOCOL) = range(len(_FILES))  # fmt: skip


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


def parameter_class(name: str) -> type:
    """The NamedTuple of a mechanism's numbers."""
    module = _FILES[NAMES.index(name)]
    title = "".join(part.title() for part in name.split("_"))
    found: type = getattr(module, f"{title}Parameters")
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
# A file's TRAITS: survives (between states, goes on while the border is closed), promised (the
# other side must deliver), conditional (fits the conditions at signature), legislated (parliaments
# must pass it).
TRAITS = ("survives", "promised", "conditional", "legislated")


def _with_trait(trait: str) -> np.ndarray:
    return np.array([trait in getattr(f, "TRAITS", ()) for f in _FILES], dtype=np.int8)


SURVIVES_CLOSURE, PROMISED, CONDITIONAL, LEGISLATED = (_with_trait(trait) for trait in TRAITS)
MECHANISM_KEYS = np.array([entity_key(name) for name in NAMES], dtype=np.uint64)


class MechanismParameters(NamedTuple):
    """Numbers of every mechanism, in registry order."""

    joint_committee: joint_committee.JointCommitteeParameters
    data_sharing: data_sharing.DataSharingParameters
    allocation_rules: allocation_rules.AllocationRulesParameters
    mutual_aid: mutual_aid.MutualAidParameters
    exchanges: exchanges.ExchangesParameters
    restraint_protocol: restraint_protocol.RestraintProtocolParameters


@kernel
def mean_over_dyads(
    out: np.ndarray, start: np.ndarray, member: np.ndarray, strength: np.ndarray,
    weight: np.ndarray,
) -> None:
    """The rule of reach: weighted mean strength of each entity's dyads."""
    for i in range(out.size):
        total, mass = 0.0, 0.0
        for k in range(start[i], start[i + 1]):
            d = member[k]
            total += weight[d] * strength[d]
            mass += weight[d]
        out[i] = total / mass if mass > 0.0 else 0.0


@kernel
def mean_over_units(
    out: np.ndarray, mass: np.ndarray, unit: np.ndarray, strength: np.ndarray, weight: np.ndarray
) -> None:
    """The same for units, scattered from the dyads that contest them."""
    out[:] = 0.0
    mass[:] = 0.0
    for d in range(unit.size):
        out[unit[d]] += weight[d] * strength[d]
        mass[unit[d]] += weight[d]
    for u in range(out.size):
        out[u] = out[u] / mass[u] if mass[u] > 0.0 else 0.0


@kernel
def neutral(channel: Channels) -> None:
    """Every channel at its neutral value."""
    channel.stock_error[:] = 1.0
    channel.take_error[:] = 1.0
    channel.warning_weeks[:] = 0.0
    channel.access_rule[:] = 0.0
    channel.settlement[:] = 0.0
    channel.complaint_ease[:] = 1.0
    channel.damage[:] = 1.0
    channel.recovery[:] = 1.0
    channel.contact[:] = 0.0
    channel.hope[:] = 0.0
    channel.trust_gain[:] = 1.0
    channel.restraint[:] = 0.0
    channel.misreading[:] = 1.0
    channel.hand_over[:] = 1.0
    channel.open_channels[:] = 0.0
    channel.weakness[:] = 0.0
    channel.detection[:] = 0.0
    channel.vigilance[:] = 0.0
    channel.recharge[:] = 1.0
    channel.sediment[:] = 1.0
    channel.pollution[:] = 1.0
    channel.regrowth[:] = 1.0
    channel.demand[:] = 1.0
    channel.ageing[:] = 1.0
    channel.hostage[:] = 0.0
    channel.displacing[:] = 0.0
    channel.pooled[:] = 0.0
    channel.matched[:] = 0.0
    channel.tied[:] = 0.0
    channel.leakage[:] = 1.0
    channel.audit[:] = 0.0
    channel.learning[:] = 1.0
    channel.rumour[:] = 1.0
    channel.inclusion[:] = 0.0
    channel.slowness[:] = 1.0
    channel.floor[:] = 0.0
    channel.displacement[:] = 1.0
    channel.draw[:] = 0.0
    channel.outside[:] = 0.0
    channel.portable[:] = 0.0
    channel.backup[:] = 0.0
    channel.diffuse[:] = 0.0
    channel.legal[:] = 1.0
    channel.anchoring[:] = 0.0
    channel.lock_in[:] = 0.0


@kernel
def compose(
    topology: Topology, state: State, p: MechanismParameters, scratch: tuple[np.ndarray, ...],
    now: float
) -> None:
    """Channels of this tick from the agreements as they stood the tick before.

    ``scratch``: arrays [m], [u], [u], [p] for the means.
    """
    towns, units, mass, pairs = scratch
    channel, strength = state.channel, state.accord.strength
    dyads, town = topology.dyad, topology.municipality
    weight = dyads.weight
    neutral(channel)
    joint_committee.modify(channel, strength[JOINT_COMMITTEE], p.joint_committee)
    mean_over_dyads(towns, town.dyad_start, town.dyad, strength[DATA_SHARING], weight)
    data_sharing.modify(channel, towns, p.data_sharing)
    mean_over_units(units, mass, dyads.unit, strength[ALLOCATION_RULES], weight)
    allocation_rules.modify(channel, units, p.allocation_rules)
    mutual_aid.help_within_reach(towns, strength[MUTUAL_AID], town, dyads,
                                 state.municipality.damage, state.pair.closed_until,
                                 p.mutual_aid, now)
    mutual_aid.modify(channel, towns, p.mutual_aid)
    mean_over_dyads(towns, town.dyad_start, town.dyad, strength[EXCHANGES], weight)
    exchanges.modify(channel, strength[EXCHANGES], towns, p.exchanges)
    mean_over_dyads(pairs, topology.pair.dyad_start, topology.pair.dyad,
                    strength[RESTRAINT_PROTOCOL], weight)
    restraint_protocol.modify(channel, pairs, p.restraint_protocol)
