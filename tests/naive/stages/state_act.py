"""Stage 6, its core: what a hostile act of a state organ does, whoever set it off.

It is logged with its cause, opens or moves the dispute of its issue, raises the target's hostility
and may be answered. From a show of force on it is militarized: hazard memory is reset to one, and
if the last militarized act lies more than six months back it begins a crisis, which closes the
border and may silence the channels between the capitals. Every use of force shuts the border anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from naive.entities import INFINITE
from naive.events import Event, Origin, Place
from naive.numbers import exp, log, logistic
from sim.events import ACTS, CLOSURE
from sim.streams import Purpose
from sim.undone import NOT_DONE
from sim.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from naive.states import Dispute, Nation, Pair

ONE_DISPUTE_YEARS = 0.5
REPORTED = (0.35, 0.35, 0.55, 0.75, 0.9, 0.95, 0.95, 0.95)  # chance to be seen, by |BAR|
CODED_NEUTRAL = 0.12  # share of seen weak acts (|BAR| 1) that a reader codes as neutral
UNSEEN, SEEN, SEEN_AS_NEUTRAL = 0, 1, 2
FORCE_SHOWN, FORCE_USED = 3, 4  # hostility levels
SECOND_DRAW, THIRD_DRAW = 4096, 8192  # further draws of the same act


class Occasion(NamedTuple):
    """When an act happens, what it descends from, and whose draws decide about it."""

    time: float
    origin: Origin
    key: int  # entity of the draws
    step: int
    dyad: int = -1  # row of the dyad for acts of border guards


def nation_of(pair: Pair, side: int) -> Nation:
    """The nation on a side of the pair."""
    return pair.first if side == 0 else pair.second


def place_of(pair: Pair, side: int, dyad: int = -1) -> Place:
    """An act of one side against the other."""
    return Place(dyad, pair.row, nation_of(pair, side).row, nation_of(pair, 1 - side).row)


def state_act(
    dispute: Dispute, act: int, side: int, occasion: Occasion, *, answering: bool = False
) -> int:
    """Carry out one hostile act; returns its row in the log."""
    pair, model = dispute.pair, dispute.model
    occasion = occasion._replace(time=max(occasion.time, dispute.last_act))  # causes come first
    place = place_of(pair, side, occasion.dyad)
    if model.log.leaves_out(occasion.time, act, place, dispute.issue):
        if answering:
            no_answer(dispute)
        return NOT_DONE
    row = model.log.emit(occasion.time, act, place, dispute.issue, occasion.origin)
    moved = move_dispute(dispute, act, side, row, occasion)
    hurt(pair, act, side)
    draw_attention(dispute, act)
    if dispute.over_resource:
        pair.friction += 1.0
    report(dispute, act, row, occasion)
    if ACTS[act].hostility >= FORCE_SHOWN:
        militarize(dispute, act, side, row, occasion)
    if not answering:
        decide_answer(dispute, act, side, row, occasion, moved=moved)
    elif moved:
        dispute.answered, dispute.answer_due = 1, INFINITE
    return row


def no_answer(dispute: Dispute) -> None:
    """A reply that was due does not come, and the gate that waited for it closes."""
    dispute.answered, dispute.answer_due = 0, INFINITE
    if dispute.event >= 0:
        event: Event = dispute.model.log.events[dispute.event]
        event.answered, event.delay = 0, -1.0


def move_dispute(dispute: Dispute, act: int, side: int, row: int, occasion: Occasion) -> bool:
    """Open the dispute or move it to the act; False for an act below the rung it stands at."""
    rung = ACTS[act].rung
    if dispute.open == 0:
        dispute.open, dispute.attempts, dispute.relapse = 1, 0, INFINITE
    dispute.last_act = occasion.time
    if rung < dispute.level:
        return False
    dispute.root, dispute.incident = occasion.origin.root, occasion.origin.incident
    dispute.level, dispute.actor, dispute.event = rung, side, row
    return True


def severity(act: int) -> float:
    """Weight of an act on the target's hostility: |BAR|, or its hostility level plus one."""
    hostility = ACTS[act].hostility
    return float(max(-ACTS[act].bar, hostility + 1 if hostility > 1 else 0))


def hurt(pair: Pair, act: int, side: int) -> None:
    """The target's hostility and the actor's rhetoric rise by the severity of the act."""
    received = pair.model.parameters.crisis.impulse * severity(act)
    if side == 0:
        pair.impulse_second += received
    else:
        pair.impulse_first += received
    actor = nation_of(pair, side)
    actor.spoken += received
    pair.peak = max(ACTS[act].rung, pair.peak)


def draw_attention(dispute: Dispute, act: int) -> None:
    """Publics watch acts over the resource from rung 2 on, and militarized acts of any kind."""
    rung, militarized = ACTS[act].rung, ACTS[act].hostility >= FORCE_SHOWN
    if militarized or (dispute.over_resource and rung >= 2):
        drawn = dispute.model.parameters.crisis.attention * (rung - 1.0)
        dispute.pair.shock += drawn


def seen_as(bar: int, u: float) -> int:
    """What a reporter makes of an act; u uniform."""
    size = min(abs(bar), 7)
    if u >= REPORTED[size]:
        return UNSEEN
    return SEEN_AS_NEUTRAL if size == 1 and u < REPORTED[size] * CODED_NEUTRAL else SEEN


def report(dispute: Dispute, act: int, row: int, occasion: Occasion) -> None:
    """What a reporter sees of it, whether anyone dies, and how scarce the resource is."""
    if row < 0:
        return
    model, what = dispute.model, ACTS[act]
    event: Event = model.log.events[row]
    u, v = model.draws.uniforms(Purpose.REPORTER, occasion.key, model.tick, occasion.step)
    event.reported = seen_as(int(severity(act)), u)
    fatal = what.hostility >= FORCE_USED and v < model.parameters.crisis.fatal
    event.fatal = 1 if fatal else 0
    event.salience = min(int(100.0 * dispute.scarcity), 100)


def militarize(dispute: Dispute, act: int, side: int, row: int, occasion: Occasion) -> None:
    """Hazard memory starts anew; a crisis begins when the last one lies six months back."""
    pair, model, time = dispute.pair, dispute.model, occasion.time
    pair.memory = 1.0
    begins = time - pair.last_militarized > ONE_DISPUTE_YEARS
    step, tick = occasion.step, model.tick
    u, v = model.draws.uniforms(Purpose.REPORTER, occasion.key, tick, step + SECOND_DRAW)
    if begins or ACTS[act].hostility >= FORCE_USED:
        seen, _ = model.draws.uniforms(Purpose.REPORTER, occasion.key, tick, step + THIRD_DRAW)
        origin = Origin(occasion.origin.root, occasion.origin.incident, row)
        close_border(dispute, place_of(pair, side, occasion.dyad), time, origin, (u, seen))
    if begins:
        p = model.parameters.crisis
        kept = 1.0 - p.liaison * pair.liaison
        if dispute.over_resource:
            kept *= 1.0 - pair.channel.open_channels
        silent = v < p.silence * kept
        if silent:
            pair.silent_until = time + p.silence_weeks / WEEKS_PER_YEAR
        if row >= 0:
            model.log.events[row].channels = 0 if silent else 1
    pair.last_militarized = max(time, pair.last_militarized)


def close_border(
    dispute: Dispute, place: Place, time: float, origin: Origin, draws: tuple[float, float]
) -> None:
    """Shut the crossings for an exponential time; logged once per closure.

    ``draws``: one uniform for the length, one for the reporter.
    """
    pair, model = dispute.pair, dispute.model
    until = time - model.parameters.crisis.closure_years * log(draws[0])
    if pair.closed_until < time:
        row = model.log.emit(time, CLOSURE, place, dispute.issue, origin)
        if row >= 0:
            model.log.events[row].reported = seen_as(ACTS[CLOSURE].bar, draws[1])
    pair.closed_until = max(pair.closed_until, until)


def answer_chance(dispute: Dispute, act: int, side: int, z: float) -> float:
    """Logit in tension, hawkishness, the act as it is read, watching publics, and restraint."""
    pair, p = dispute.pair, dispute.model.parameters.answer
    tension = pair.tension_second if side == 0 else pair.tension_first
    hawkishness = nation_of(pair, 1 - side).hawkishness
    misreading, restraint = p.misreading, 0.0
    if dispute.over_resource:  # other issues are beyond what towns and bodies agreed on
        misreading *= pair.channel.misreading
        restraint = pair.channel.restraint + p.body * dispute.body_monitoring
    read = (ACTS[act].rung - 3.0) * exp(misreading * z)
    return logistic(
        p.constant + p.tension * tension + p.hawkishness * (hawkishness - 0.5)
        + p.severity * read + p.audience * pair.attention - restraint
    )  # fmt: skip


def decide_answer(
    dispute: Dispute, act: int, side: int, row: int, occasion: Occasion, *, moved: bool
) -> None:
    """Draw whether and when the target answers; restraint may look weak to hawks.

    An act below the rung at which the dispute stands (not ``moved``) may be answered in words, but
    opens no gate and sets no clock.
    """
    model, p, key = dispute.model, dispute.model.parameters, occasion.key
    u, v = model.draws.uniforms(Purpose.ANSWER, key, model.tick, occasion.step)
    z, _ = model.draws.normals(Purpose.ANSWER, key, model.tick, occasion.step + SECOND_DRAW)
    answered = u < answer_chance(dispute, act, side, z)
    delay = -p.answer.delay_weeks / WEEKS_PER_YEAR * log(v)
    if moved:
        dispute.answered = 0
        dispute.answer_due = occasion.time + delay if answered else INFINITE
    if not answered:
        look_weak(dispute, 1 - side)
    if row >= 0:
        event = model.log.events[row]
        event.answered = 1 if answered else 0
        event.delay = delay * WEEKS_PER_YEAR if answered else -1.0


def look_weak(dispute: Dispute, side: int) -> None:
    """A government bound to restraint that does not answer may lose approval among hawks."""
    nation = nation_of(dispute.pair, side)
    contempt = dispute.model.parameters.crisis.contempt
    if dispute.over_resource:
        nation.lost += contempt * dispute.pair.channel.weakness * nation.hawkishness
