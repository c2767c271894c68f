"""Channels: the named quantities between mechanisms and rules, and their neutral values.

Mechanisms change channels and read no rule; rules read channels and know no mechanism. Channels are
composed anew every tick, each in its one way (product, sum, maximum, complement: 1 - (1-p)(1-q)).
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from numpy.typing import NDArray

from sim._jit import kernel
from sim.declare import Field

Array = NDArray[Any]
F, INF = Field, float("inf")


class Channels(NamedTuple):
    """Named quantities that mechanisms change and rules read; ``start`` is the neutral value."""

    stock_error: Annotated[Array, F("m", "factor", 0, 2, 1, "error of perceived stock; product")]
    take_error: Annotated[Array, F("m", "factor", 0, 2, 1, "error of perceived taking; product")]
    warning_weeks: Annotated[Array, F("m", "weeks", 0, 10, 0, "extra lead time for floods; sum")]
    access_rule: Annotated[Array, F("u", "weight", 0, 1, 0, "weight of the shared rule; maximum")]
    settlement: Annotated[Array, F("d", "cases/year", 0, INF, 0, "settlement capacity; sum")]
    complaint_ease: Annotated[Array, F("d", "factor", 0, 5, 1, "ease of complaining; product")]
    crews: Annotated[Array, F(
        "d", "share", 0, 1, 0, "blow that crews of the partner avert; complement")]
    recovery: Annotated[Array, F("m", "factor", 0, 5, 1, "speed of recovery; product")]
    contact: Annotated[Array, F("m", "1/year", 0, 5, 0, "growth of shared identity; sum")]
    hope: Annotated[Array, F("m", "ratio", 0, 5, 0, "expectation raised by visits; sum")]
    trust_gain: Annotated[Array, F("d", "factor", 0, 5, 1, "gain of trust; product")]
    restraint: Annotated[Array, F("p", "logit", 0, 10, 0, "restraint in answering; sum")]
    misreading: Annotated[Array, F("p", "factor", 0, 2, 1, "misreading of signals; product")]
    hand_over: Annotated[Array, F("p", "factor", 0, 2, 1, "taking up of local incidents; product")]
    training: Annotated[Array, F("p", "factor", 0, 1, 1, "guards who open fire; product")]
    open_channels: Annotated[Array, F("p", "share", 0, 1, 0, "channels kept open; complement")]
    weakness: Annotated[Array, F("p", "share", 0, 1, 0, "restraint read as weakness; sum")]
    detection: Annotated[Array, F(
        "m", "share", 0, 1, 0, "over-taking or pollution that is found out; complement")]
    vigilance: Annotated[Array, F(
        "d", "ratio", 0, 5, 0, "watchers taking the law into their hands; sum")]
    recharge: Annotated[Array, F(
        "u", "factor", 0, 3, 1, "recharge and own inflow in the dry season; product")]
    sediment: Annotated[Array, F("u", "factor", 0, 2, 1, "erosion and sediment; product")]
    pollution: Annotated[Array, F("u", "factor", 0, 2, 1, "pollution load; product")]
    regrowth: Annotated[Array, F("u", "factor", 0, 3, 1, "regrowth of fish and pasture; product")]
    demand: Annotated[Array, F("m", "factor", 0, 2, 1, "need after losses are cut; product")]
    ageing: Annotated[Array, F("m", "factor", 0, 2, 1, "ageing of works; product")]
    upkeep_cost: Annotated[Array, F("m", "factor", 0, 2, 1, "price of upkeep; product")]
    hostage: Annotated[Array, F(
        "m", "share", 0, 1, 0, "services that stop at a closed border; sum")]
    displacing: Annotated[Array, F("m", "1/year", 0, 1, 0, "people who must move for works; sum")]
    pooled: Annotated[Array, F("d", "share", 0, 1, 0, "funding that both towns pool; complement")]
    matched: Annotated[Array, F("d", "share", 0, 1, 0, "cost paid by outside funds; complement")]
    tied: Annotated[Array, F(
        "d", "share", 0, 1, 0, "money released for performance only; complement")]
    leakage: Annotated[Array, F("m", "factor", 0, 5, 1, "money that leaks; product")]
    audit: Annotated[Array, F("m", "share", 0, 1, 0, "leaks that become public; complement")]
    learning: Annotated[Array, F(
        "d", "factor", 0, 10, 1, "rate of reviews that revise agreements; product")]
    rumour: Annotated[Array, F("d", "factor", 0, 5, 1, "amplification of rumour; product")]
    inclusion: Annotated[Array, F(
        "m", "share", 0, 1, 0, "the excluded who are given a voice; complement")]
    slowness: Annotated[Array, F("d", "factor", 1, 10, 1, "time that decisions take; product")]
    floor: Annotated[Array, F("m", "share", 0, 1, 0, "livelihood floor after a loss; maximum")]
    cover: Annotated[Array, F(
        "m", "share", 0, 1, 0, "people in need whom the floor reaches; complement")]
    displacement: Annotated[Array, F("m", "factor", 0, 2, 1, "people displaced by damage; product")]
    draw: Annotated[Array, F("m", "1/year", 0, 1, 0, "settlement drawn into hazard zones; sum")]
    outside: Annotated[Array, F("m", "share", 0, 1, 0, "anger of those just outside; sum")]
    portable: Annotated[Array, F(
        "m", "share", 0, 1, 0, "rights that hold across the border; complement")]
    backup: Annotated[Array, F(
        "d", "share", 0, 1, 0, "what another agreement takes over; complement")]
    diffuse: Annotated[Array, F(
        "d", "share", 0, 1, 0, "responsibility that nobody takes; complement")]
    legal: Annotated[Array, F(
        "d", "factor", 0, 2, 1, "legal distance: time and cost of agreements; product")]
    anchoring: Annotated[Array, F(
        "m", "share", 0, 1, 0, "what elections and shocks cannot take; complement")]
    lock_in: Annotated[Array, F("d", "share", 0, 1, 0, "revision that is shut out; complement")]


@kernel
def neutral(channel: Channels) -> None:
    """Every channel at its neutral value."""
    _of_towns(channel)
    _of_dyads(channel)
    channel.access_rule[:] = 0.0
    channel.restraint[:] = 0.0
    channel.misreading[:] = 1.0
    channel.hand_over[:] = 1.0
    channel.training[:] = 1.0
    channel.open_channels[:] = 0.0
    channel.weakness[:] = 0.0
    channel.recharge[:] = 1.0
    channel.sediment[:] = 1.0
    channel.pollution[:] = 1.0
    channel.regrowth[:] = 1.0


@kernel
def _of_towns(channel: Channels) -> None:
    channel.stock_error[:] = 1.0
    channel.take_error[:] = 1.0
    channel.warning_weeks[:] = 0.0
    channel.recovery[:] = 1.0
    channel.contact[:] = 0.0
    channel.hope[:] = 0.0
    channel.detection[:] = 0.0
    channel.demand[:] = 1.0
    channel.ageing[:] = 1.0
    channel.upkeep_cost[:] = 1.0
    channel.hostage[:] = 0.0
    channel.displacing[:] = 0.0
    channel.leakage[:] = 1.0
    channel.audit[:] = 0.0
    channel.inclusion[:] = 0.0
    channel.floor[:] = 0.0
    channel.cover[:] = 0.0
    channel.displacement[:] = 1.0
    channel.draw[:] = 0.0
    channel.outside[:] = 0.0
    channel.portable[:] = 0.0
    channel.anchoring[:] = 0.0


@kernel
def _of_dyads(channel: Channels) -> None:
    channel.crews[:] = 0.0
    channel.settlement[:] = 0.0
    channel.complaint_ease[:] = 1.0
    channel.trust_gain[:] = 1.0
    channel.vigilance[:] = 0.0
    channel.pooled[:] = 0.0
    channel.matched[:] = 0.0
    channel.tied[:] = 0.0
    channel.learning[:] = 1.0
    channel.rumour[:] = 1.0
    channel.slowness[:] = 1.0
    channel.backup[:] = 0.0
    channel.diffuse[:] = 0.0
    channel.legal[:] = 1.0
    channel.lock_in[:] = 0.0
