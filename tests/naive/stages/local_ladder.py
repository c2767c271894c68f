"""Stage 5, continued. The local ladder as competing risks in continuous time.

From any rung an incident may climb, calm down, be settled, or go quiet; several of these may happen
within one week. What guards and capitals make of an act is handed up to stage 6 with its cause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from naive.events import Origin, Place
from naive.numbers import log, probability
from naive.people import CALM, COMPLAINT, PROTEST, UNILATERAL_ACT, VIOLENCE
from sim.events import GUARDS_DISPLAY, GUARDS_FIRE, LOCAL_SETTLEMENT, NOTE, ROOT_LOCAL
from sim.streams import Purpose
from sim.undone import NOT_DONE
from sim.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from naive.people import Dyad

MOST_STEPS = 12
STEPS_APART = 16  # of the draws of two incidents of a tick
MOST_ROUNDS = 8  # incidents of one dyad in a tick
QUIET_YEARS = 4.0 / WEEKS_PER_YEAR
COMMITTEE, MAYORS = 2, 1  # rows of sim.events.SETTLEMENTS


class HandedUp(NamedTuple):
    """An act of a state organ that a local act set off."""

    dyad: Dyad
    act: int
    side: int
    time: float
    cause: int
    incident: int
    step: int


def local_ladder(dyad: Dyad) -> None:
    """Let an incident go quiet, begin or go on, to the end of the tick."""
    model = dyad.model
    if dyad.incident >= 0 and dyad.last_act + QUIET_YEARS <= model.now:
        go_quiet(dyad)
    time, end = model.now, model.now + model.dt
    if dyad.rung == CALM:
        u, v = model.draws.uniforms(Purpose.LOCAL_ONSET, dyad.key, model.tick)
        if u >= probability(dyad.onset, model.dt):
            return
        time = model.now + min(-log(1.0 - u) / dyad.onset, model.dt)
        first_act(dyad, v, time, 0)
    time = follow_incident(dyad, time, end, 0)
    for again in range(1, MOST_ROUNDS):  # the next incident may begin within the tick
        if time >= end or dyad.onset <= 0.0:
            return
        u, v = model.draws.uniforms(Purpose.LOCAL_ONSET, dyad.key, model.tick, again)
        time -= log(u) / dyad.onset
        if time >= end:
            return
        first_act(dyad, v, time, STEPS_APART * again)
        time = follow_incident(dyad, time, end, STEPS_APART * again)


def share_of_first(dyad: Dyad) -> float:
    """Share of the mobilised, blamed people who live on the first side."""
    both = dyad.first.pressure + dyad.second.pressure + 1e-6
    return (dyad.first.pressure + 0.5e-6) / both


def entry_rung(dyad: Dyad, v: float) -> int:
    """Rung of a first act, by what caused it: talk, a crowd, or an accident or works; v uniform."""
    p, p_onset = dyad.model.parameters.ladder, dyad.model.parameters.onset
    crowd = dyad.weight * p_onset.protest_rate * dyad.anger / dyad.onset
    talk = max(1.0 - crowd - dyad.calm / dyad.onset, 0.0)
    if v < talk:
        return COMPLAINT
    if v < talk + crowd:
        return VIOLENCE if (v - talk) / crowd < p.violent_entry else PROTEST
    rest = (v - talk - crowd) / max(1.0 - talk - crowd, 1e-9)
    return VIOLENCE if rest < p.accident_violent else UNILATERAL_ACT


def first_act(dyad: Dyad, v: float, time: float, step: int) -> None:
    """An incident begins, or one that had calmed down goes on."""
    model = dyad.model
    if dyad.incident >= 0 and dyad.last_act + QUIET_YEARS <= time:
        go_quiet(dyad)
    w, _ = model.draws.uniforms(Purpose.LOCAL_LADDER, dyad.key, model.tick, step)
    side = 0 if w < share_of_first(dyad) else 1
    climb_to(dyad, entry_rung(dyad, v), side, time, step)


def climb_to(dyad: Dyad, rung: int, side: int, time: float, step: int) -> None:
    """One side acts at a rung; guards and capitals may react."""
    act = rung - 1  # the first four rows of the table of acts are the four local rungs
    row = local_act(dyad, act, side, time, rung)
    if row != NOT_DONE:
        state_reaction(dyad, side, time, row, step)


def local_act(dyad: Dyad, act: int, side: int, time: float, rung: int) -> int:
    """Write one local act and move the dyad's ladder, incident and dispute to it."""
    log_ = dyad.model.log
    actor, target = dyad.first, dyad.second
    if side == 1:
        actor, target = target, actor
    place = Place(dyad.row, dyad.pair.row, actor.row, target.row)
    if log_.leaves_out(time, act, place, dyad.basin.kind):
        return NOT_DONE
    if dyad.incident < 0 and time >= 0.0:
        dyad.incident = log_.new_incident()
        dyad.event = dyad.project_event if dyad.project > 0 else -1
    origin = Origin(ROOT_LOCAL, dyad.incident, dyad.event)
    dyad.event = log_.emit(time, act, place, dyad.basin.kind, origin)
    dyad.rung = rung
    dyad.peak = max(dyad.peak, rung)
    if time >= 0.0:
        dyad.top = max(dyad.top, rung)
    if rung > CALM:
        remember(dyad, time)
    return dyad.event


def remember(dyad: Dyad, time: float) -> None:
    """An act heats the dyad and opens a dispute; a new incident becomes a case."""
    if dyad.dispute == 0 or dyad.last_act + QUIET_YEARS <= time:
        dyad.caseload += 1.0
    dyad.dispute = 1
    dyad.last_act = time
    dyad.heat = max(dyad.heat, 0.25 * dyad.rung)


def go_quiet(dyad: Dyad) -> None:
    """Four quiet weeks end the incident; the dispute stays open."""
    dyad.rung, dyad.incident, dyad.event = CALM, -1, -1


def settle(dyad: Dyad, time: float, method: int) -> None:
    """The matter is settled: the dispute closes and trust gains a little."""
    row = local_act(dyad, LOCAL_SETTLEMENT, 0, time, CALM)
    if row == NOT_DONE:
        return
    if row >= 0:
        event = dyad.model.log.events[row]
        event.settlement, event.outcome, event.kept, event.attempt = method, 1, 1, 1
    dyad.dispute = 0
    dyad.caseload = max(dyad.caseload - 1.0, 0.0)
    gain = dyad.model.parameters.ladder.settled_trust
    dyad.trust_first += gain * (1.0 - dyad.trust_first)
    dyad.trust_second += gain * (1.0 - dyad.trust_second)
    go_quiet(dyad)


def ease_of_settlement(dyad: Dyad) -> float:
    """Less where nobody takes responsibility, and where decisions take long."""
    return (1.0 - dyad.channel.diffuse) / dyad.channel.slowness


def hear_waiting(dyad: Dyad) -> None:
    """The committee hears cases of earlier incidents: all sittings but the newest case's share."""
    ahead = max(dyad.caseload - 1.0, 0.0)
    each = dyad.channel.settlement / (1.0 + ahead) * ease_of_settlement(dyad)
    dyad.caseload -= ahead * probability(each, dyad.model.dt)


def hazards_of_exit(dyad: Dyad) -> tuple[float, float, float, float]:
    """Hazards per year: up, down, settled by the mayors, settled by a committee."""
    p = dyad.model.parameters.ladder
    trust = 0.5 * (dyad.trust_first + dyad.trust_second)
    up = 0.0
    if dyad.rung < VIOLENCE:
        heat = min(p.smoulder + dyad.anger / p.anger_reference, p.most_anger)
        up = p.up_rate * heat * (1.0 + p.trust * (0.5 - trust))
    down = p.down_rate * (1.0 + p.trust * (trust - 0.5))
    ease, ahead = ease_of_settlement(dyad), max(dyad.caseload - 1.0, 0.0)
    committee = dyad.channel.settlement / (1.0 + ahead) * ease
    return up, down, p.bilateral_rate * trust * ease, committee


def follow_incident(dyad: Dyad, time: float, end: float, before: int) -> float:
    """Run the competing risks from ``time`` to the end of the tick; returns when it was over."""
    model = dyad.model
    for step in range(before + 1, before + MOST_STEPS):
        if dyad.rung == CALM:
            return time
        up, down, mayors, committee = hazards_of_exit(dyad)
        total = up + down + mayors + committee
        u, v = model.draws.uniforms(Purpose.LOCAL_LADDER, dyad.key, model.tick, step)
        exit_time = time - log(u) / total
        quiet = dyad.last_act + QUIET_YEARS
        if quiet <= exit_time and quiet < end:
            go_quiet(dyad)
            return max(quiet, time)
        if exit_time >= end:
            return end
        time, choice = exit_time, v * total
        if choice < up:
            side = 0 if choice < up * share_of_first(dyad) else 1
            climb_to(dyad, dyad.rung + 1, side, time, step)
        elif choice < up + down:
            dyad.rung -= 1
        else:
            settle(dyad, time, COMMITTEE if choice >= total - committee else MAYORS)
    return end


def presence(dyad: Dyad) -> float:
    """Guards near the stretch: where it is not marked, and more under tension."""
    p, tension = dyad.model.parameters.ladder, dyad.pair.tension
    ordinary = p.guards_tension
    more = p.guards_tense * (tension - ordinary) / (tension + ordinary)
    return (p.guards_quiet + dyad.unit.disputed) * (1.0 + more)


def state_reaction(dyad: Dyad, side: int, time: float, cause: int, step: int) -> None:
    """Do the other side's guards step in? Does its capital take the act up?"""
    model, p = dyad.model, dyad.model.parameters.ladder
    violent, other_side, pair = dyad.rung == VIOLENCE, 1 - side, dyad.pair
    if dyad.rung >= PROTEST:
        pair.shock += (1.0 if violent else p.protest_shock) * dyad.channel.rumour
    unreached = pair.channel.hand_over * (1.0 - p.liaison * pair.liaison)
    u, v = model.draws.uniforms(Purpose.GUARDS, dyad.key, model.tick, step)
    stepping_in = p.guards * presence(dyad) * (1.0 if violent else p.guards_mild)
    if dyad.rung >= UNILATERAL_ACT and u < stepping_in * unreached:
        act = GUARDS_FIRE if v < p.guards_fire * pair.channel.training else GUARDS_DISPLAY
        guards = HandedUp(dyad, act, other_side, time, cause, dyad.incident, 2 * step)
        model.handed_up.append(guards)
    u, _ = model.draws.uniforms(Purpose.TAKEN_UP, dyad.key, model.tick, step)
    watching = p.unwatched + (1.0 - p.unwatched) * pair.attention
    interest = p.hand_over * watching * (1.0 if violent else p.taken_up_mild)
    if dyad.rung >= PROTEST and u < interest * unreached:
        note = HandedUp(dyad, NOTE, other_side, time, cause, dyad.incident, 2 * step + 1)
        model.handed_up.append(note)
