"""Stage 0. What agreements, as they stood the tick before, change: the channels.

Rule of reach: what touches a municipality, a resource unit or a pair of nations is the mean of the
strengths of its dyads, weighted with their interaction weights. A mechanism changes channels and
nothing else; rules read channels and know no mechanism.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from naive.numbers import mean_by_weight

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.nature import ResourceUnit
    from naive.people import Dyad, Municipality
    from naive.states import Pair


def cooperation(model: NaiveModel) -> None:
    """Compose every channel anew, from its neutral value."""
    model.dyads.do(joint_committee)
    model.municipalities.do(data_sharing)
    model.units.do(allocation_rules)
    model.municipalities.do(mutual_aid)
    model.dyads.do(exchanges_between_towns)
    model.municipalities.do(exchanges_within_a_town)
    model.pairs.do(restraint_protocol)


def reach(dyads: list[Dyad], mechanism: str) -> float:
    """Mean strength of one mechanism over some dyads."""
    return mean_by_weight([(dyad.weight, dyad.agreements[mechanism].strength) for dyad in dyads])


def joint_committee(dyad: Dyad) -> None:
    """A standing committee settles cases, and makes complaining easier."""
    p, strength = dyad.model.parameters.joint_committee, dyad.agreements["joint_committee"].strength
    dyad.channel.settlement = p.cases_per_year * strength
    dyad.channel.complaint_ease = 1.0 + p.ease * strength


def data_sharing(town: Municipality) -> None:
    """Shared gauges and forecasts lower the error of what is seen, and warn earlier."""
    p, strength = town.model.parameters.data_sharing, reach(town.dyads, "data_sharing")
    town.channel.stock_error = 1.0 - p.stock_error * strength
    town.channel.take_error = 1.0 - p.take_error * strength
    town.channel.warning_weeks = p.warning_weeks * strength


def allocation_rules(unit: ResourceUnit) -> None:
    """Agreed shares weigh against upstream-first access, at every contested unit."""
    p = unit.model.parameters.allocation_rules
    strength = reach(unit.contested_by, "allocation_rules")
    unit.channel.access_rule = max(0.0, p.weight * strength)


def mutual_aid(town: Municipality) -> None:
    """Crews of partners soften damage and speed up recovery."""
    p = town.model.parameters.mutual_aid
    aid = mean_by_weight([(dyad.weight, aid_sent(dyad, town)) for dyad in town.dyads])
    town.channel.damage = 1.0 - p.damage * aid
    town.channel.recovery = 1.0 + p.recovery * aid


def aid_sent(dyad: Dyad, town: Municipality) -> float:
    """Help that the partner can send: none over a closed border, less when one flood hits both."""
    partner = dyad.second if dyad.first is town else dyad.first
    if dyad.pair.closed_until > town.model.now:
        return 0.0
    sent = dyad.agreements["mutual_aid"].strength * (1.0 - partner.damage)
    if town.reach is not None and town.reach is partner.reach:
        sent *= 1.0 - town.model.parameters.mutual_aid.both_hit
    return sent


def exchanges_between_towns(dyad: Dyad) -> None:
    """People who met trust each other sooner."""
    p = dyad.model.parameters.exchanges
    dyad.channel.trust_gain = 1.0 + p.trust * dyad.agreements["exchanges"].strength


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
    channel.open_channels = 1.0 - (1.0 - p.open_channels * strength)
    channel.weakness = min(p.weakness * strength, 1.0)
