"""Stage 6, continued. What nations do over years: joint bodies, demarcation, towns reined in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from naive.events import Origin, Place
from naive.numbers import exp, log, mean_by_weight, probability, retention
from naive.stages.state_act import place_of, seen_as
from naive.states import OTHER
from sim.events import ACTS, BODY_FOUNDED, DEMARCATED, REINED_IN, ROOT_DISPUTE, ROOT_OTHER
from sim.streams import Purpose

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.people import Dyad
    from naive.states import Pair

BILATERAL = 1  # row of sim.events.SETTLEMENTS
NOTHING_LEFT = 0.01  # a smaller disputed share is no matter for a commission


def midway(model: NaiveModel) -> float:
    """The middle of the tick."""
    return (model.tick + 0.5) * model.dt


def shared_issue(pair: Pair, x: float) -> int:
    """What a talk is about: the first open dispute, else a shared kind of resource at random."""
    for dispute in pair.disputes[:OTHER]:
        if dispute.open == 1:
            return dispute.issue
    choice = x * (sum(pair.shares))
    for issue, share in enumerate(pair.shares):
        if share > 0.0:
            choice -= share
            if choice <= 0.0:
                return issue
    return OTHER


def agreed(model: NaiveModel, act: int, place: Place, issue: int, origin: Origin) -> int:
    """Log an agreement between capitals that will be kept."""
    row = model.log.emit(midway(model), act, place, issue, origin)
    if row >= 0:
        event = model.log.events[row]
        event.settlement, event.outcome, event.kept = BILATERAL, 1, 1
    return row


def found_body(pair: Pair) -> None:
    """A joint body is founded where there was friction, once tempers have cooled."""
    model, p, friction = pair.model, pair.model.parameters.body, pair.friction
    pair.friction *= retention(p.memory_years, model.dt)
    if not model.counted or friction <= 0.0:
        return
    draws, key = model.draws, pair.key
    side, subject = draws.uniforms(Purpose.JOINT_BODY, key, model.tick, 3)
    issue = shared_issue(pair, subject)
    if issue == OTHER:
        return
    over = pair.disputes[issue]  # a body deals with one kind of resource
    most = max(over.body_resolution, over.body_monitoring, over.body_enforcement)
    rate = p.rate * friction / (friction + p.half) * exp(-p.tension * pair.tension) * (1.0 - most)
    u, _ = draws.uniforms(Purpose.JOINT_BODY, key, model.tick)
    if u >= probability(rate, model.dt):
        return
    x, y = draws.uniforms(Purpose.JOINT_BODY, key, model.tick, 1)
    z, seen = draws.uniforms(Purpose.JOINT_BODY, key, model.tick, 2)

    def more(power: float, lent: bool) -> float:
        return 1.0 - (1.0 - power) * (1.0 - p.strength) if lent else power

    over.body_resolution = more(over.body_resolution, x < p.resolves)
    over.body_monitoring = more(over.body_monitoring, y < p.monitors)
    over.body_enforcement = more(over.body_enforcement, z < p.enforces)
    origin = Origin(ROOT_DISPUTE, cause=over.event)
    row = agreed(model, BODY_FOUNDED, place_of(pair, 0 if side < 0.5 else 1), issue, origin)
    model.log.events[row].reported = seen_as(ACTS[BODY_FOUNDED].bar, seen)


def demarcate(pair: Pair) -> None:
    """A round of demarcation settles a share of what is disputed, while tension is low."""
    model, p = pair.model, pair.model.parameters.demarcation
    if not model.counted:
        return
    rate = p.rate * max(1.0 - pair.tension / p.limit, 0.0)
    u, v = model.draws.uniforms(Purpose.DEMARCATION, pair.key, model.tick)
    if u >= probability(rate, model.dt) or pair.closed_until > midway(model):
        return
    units = {dyad.unit.row: dyad.unit for dyad in pair.dyads}
    if max((unit.disputed for unit in units.values()), default=0.0) <= NOTHING_LEFT:
        return
    for unit in units.values():
        unit.disputed *= 1.0 - p.share
    agreed(model, DEMARCATED, place_of(pair, 0 if v < 0.5 else 1), OTHER, Origin(ROOT_OTHER))


def closeness(dyad: Dyad) -> float:
    """Agreements between the towns of a dyad, by strength, times their legal distance."""
    total = 0.0
    for agreement in dyad.agreements.values():
        if not agreement.survives_closure:
            total += agreement.strength
    return total * dyad.channel.legal


def backlash(pair: Pair) -> None:
    """Each capital may rein in towns that agree much across the border."""
    model, p = pair.model, pair.model.parameters.paradiplomacy
    breadth = mean_by_weight([(dyad.weight, closeness(dyad)) for dyad in pair.dyads])
    if breadth <= 0.0 or pair.backlash_until > midway(model):
        return
    sides = ((pair.key_first, pair.first), (pair.key_second, pair.second))
    for side, (key, nation) in enumerate(sides):
        u, v = model.draws.uniforms(Purpose.BACKLASH, key, model.tick)
        rate = p.rate * breadth / (breadth + p.half) * nation.hawkishness
        if u < probability(rate, model.dt):
            until = midway(model) - p.years * log(v)
            pair.backlash_until = max(pair.backlash_until, until)
            pair.hostile_talk += p.words
            place, origin = place_of(pair, side), Origin(ROOT_DISPUTE)
            model.log.emit(midway(model), REINED_IN, place, OTHER, origin)
