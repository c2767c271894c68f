"""What a hostile act by an organ of the state does, whoever set it off.

It is logged with its cause, opens or moves the interstate dispute of its issue, raises the target's
hostility, may be answered, and from a show of force on it is militarized: hazard memory is reset to
one, and if the last militarized act lies more than six months back it begins an interstate crisis
that closes the border and may silence the channels between the capitals, the less so the better
their liaison. Every use of force shuts the border anew, for a time of its own; while force or war
stands it does not open (interstate ladder). Approval lost and hostile talk are added up over the
tick and felt at its end, so that a nation with several borders does not depend on the order of its
neighbours. From diplomatic hostility on, acts over a shared resource draw public attention, and so
do militarized acts over any issue: the publics watch whether their government answers and backs
down. Attention opens no quarrel and no claim. What towns agreed on (channels restraint, misreading,
weakness, open channels) holds in disputes over a shared resource only: how nations answer each
other over other issues is beyond them.

Source: table of acts (sim.events); COW rule that militarized disputes less than six months apart
are one; about a fifth of militarized disputes have deaths (COW-MID5: 79 % without). A reporter sees
acts with a probability that rises with severity.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar, spliced
from sim.declare import Par
from sim.elementary import log
from sim.events import BAR, CLOSURE, HOSTILITY, RUNG, emit
from sim.rules.answering import AnswerParameters, answer_chance
from sim.state import State, Track
from sim.streams import Purpose, pair_of_normals, pair_of_uniforms
from sim.topology import OTHER, Pairs
from sim.undone import NOT_DONE, is_undone
from sim.units import WEEKS_PER_YEAR

ANSWER, REPORTER = int(Purpose.ANSWER), int(Purpose.REPORTER)
ONE_DISPUTE_YEARS = 0.5
REPORTED = np.array([0.35, 0.35, 0.55, 0.75, 0.9, 0.95, 0.95, 0.95])  # chance to be seen, by |BAR|
CODED_NEUTRAL = 0.12  # share of seen weak acts (|BAR| 1) that a reader codes as neutral


class CrisisParameters(NamedTuple):
    """Consequences of militarized acts."""

    closure_years: Annotated[float, Par(
        "years", 0, 5, "Mean closure of the border after a crisis began or force was used",
        "assumption: months; one Kyrgyz-Tajik closure lasted over two years")] = 0.4
    silence: Annotated[float, Par(
        "probability", 0, 1, "Channels between capitals close in a crisis",
        "assumption: two crises in five; in the mean half as long as the closure")] = 0.4
    fatal: Annotated[float, Par(
        "probability", 0, 1, "A use of force is fatal",
        "79 % of militarized disputes have no deaths, COW-MID5; size: assumption, between a fifth "
        "of all disputes and three in ten of those with force")] = 0.25
    silence_weeks: Annotated[float, Par(
        "weeks", 1, 104, "How long channels stay closed",
        "assumption: half a year, while acts count as one dispute")] = 26.0
    liaison: Annotated[float, Par(
        "share", 0, 1, "Closings of channels that a full liaison prevents",
        "assumption: a hotline that exists is used by half of the governments")] = 0.5
    impulse: Annotated[float, Par(
        "level", 0, 1, "Hostility received per BAR point of an act",
        "assumption: a skirmish (-5) adds 0.3, six tenths of what mean rivalry rests at")] = 0.06
    attention: Annotated[float, Par(
        "ratio", 0, 3, "Attention per rung above protest, against a violent local incident",
        "assumption: a show of force is watched as much as local violence is")] = 0.5
    contempt: Annotated[float, Par(
        "share", 0, 0.5, "Approval lost by restraint when hawks see weakness",
        "assumption: as backing down by one rung in full view (interstate.approval_cost)")] = 0.05


class Origin(NamedTuple):
    """Where an act comes from."""

    root: int
    incident: int
    dyad: int
    cause: int


@scalar
def severity(bar: int, hostility: int) -> float:
    """Weight of an act on the target's hostility: |BAR|, or its hostility level plus one."""
    return float(max(-bar, hostility + 1 if hostility > 1 else 0))


@scalar
def seen_as(bar: int, u: float) -> int:
    """What a reporter makes of an act: 0 unseen, 1 seen, 2 seen and coded neutral."""
    size = min(abs(bar), 7)
    if u >= REPORTED[size]:
        return 0
    return 2 if size == 1 and u < REPORTED[size] * CODED_NEUTRAL else 1


@kernel
def close_border(
    state: State, log_: np.ndarray, p: CrisisParameters, pair: int, time: float,
    place: tuple[int, int, int, int], issue: int, cause: int, origin: tuple[int, int], u: float,
    seen: float,
) -> None:
    """Shut the crossings for an exponential time and log it once per closure."""
    until = time - p.closure_years * log(u)
    if state.pair.closed_until[pair] < time:
        row = emit(log_, state.tally, time, CLOSURE, place, issue, cause, origin)
        if row >= 0:
            log_[row].reported = seen_as(np.int64(BAR[CLOSURE]), seen)
    state.pair.closed_until[pair] = max(state.pair.closed_until[pair], until)


@kernel
def decide_answer(
    pairs: Pairs, state: State, log_: np.ndarray, p: AnswerParameters, crisis: CrisisParameters,
    pair: int, issue: int, act: int, side: int, time: float, row: int, key: int, seed: int,
    tick: int, step: int, moved: bool,
) -> None:
    """Draw whether and when the target answers; restraint may look weak to hawks.

    An act below the rung at which the dispute stands (``moved`` is False) may be answered in words,
    but opens no gate and sets no clock.
    """
    target = pairs.second[pair] if side == 0 else pairs.first[pair]
    tension = state.pair.tension_second[pair] if side == 0 else state.pair.tension_first[pair]
    u, v = pair_of_uniforms(seed, ANSWER, key, tick, step)
    z, _ = pair_of_normals(seed, ANSWER, key, tick, step + 4096)
    hawk = state.nation.hawkishness[target]
    restraint, misreading, weakness = 0.0, p.misreading, 0.0
    if issue != OTHER:  # what towns and bodies agreed on is about the shared resource
        restraint = state.channel.restraint[pair] + p.body * state.pair.body_monitoring[pair, issue]
        misreading *= state.channel.misreading[pair]
        weakness = state.channel.weakness[pair]
    chance = answer_chance(
        tension, hawk, float(RUNG[act]), state.pair.attention[pair], restraint, z, misreading, p)
    answered = u < chance
    delay = -p.delay_weeks / WEEKS_PER_YEAR * log(v)
    if moved:
        state.track.answered[pair, issue] = 0
        state.track.answer_due[pair, issue] = time + delay if answered else np.inf
    if not answered:
        state.nation.lost[target] += crisis.contempt * weakness * hawk
    if row >= 0:
        log_[row].answered = 1 if answered else 0
        log_[row].delay = delay * WEEKS_PER_YEAR if answered else -1.0


@kernel
def move_track(
    track: Track, pair: int, issue: int, rung: int, side: int, time: float, origin: Origin,
    row: int,
) -> bool:
    """Open the dispute or move it to the act; False for an act below the rung it stands at."""
    if track.open[pair, issue] == 0:
        track.open[pair, issue] = 1
        track.attempts[pair, issue] = 0
        track.relapse[pair, issue] = np.inf
    track.last_act[pair, issue] = time
    if rung < track.level[pair, issue]:
        return False
    track.root[pair, issue] = origin.root
    track.incident[pair, issue] = origin.incident
    track.level[pair, issue] = rung
    track.actor[pair, issue] = side
    track.event[pair, issue] = row
    return True


@kernel
def feel_hurt(
    state: State, p: CrisisParameters, pair: int, act: int, side: int, actor: int
) -> None:
    """The target's hostility rises by the severity of the act, and so does the actor's rhetoric."""
    hurt = p.impulse * severity(np.int64(BAR[act]), np.int64(HOSTILITY[act]))
    if side == 0:
        state.pair.impulse_second[pair] += hurt
    else:
        state.pair.impulse_first[pair] += hurt
    state.nation.spoken[actor] += hurt
    state.pair.peak[pair] = max(RUNG[act], state.pair.peak[pair])


@kernel
def draw_attention(
    state: State, p: CrisisParameters, pair: int, issue: int, act: int
) -> None:
    """Publics watch acts over the resource from rung 2 on, and militarized acts of any kind."""
    if HOSTILITY[act] >= 3 or (issue != OTHER and RUNG[act] >= 2):
        state.pair.shock[pair] += p.attention * (float(RUNG[act]) - 1.0)


@kernel
def report_act(
    log_: np.ndarray, row: int, act: int, scarcity: float, p: CrisisParameters, u: float, v: float
) -> None:
    """Whether a reporter sees the act, and whether it is fatal.

    Force over another issue has no BAR value and is seen as readily as force over a resource.
    """
    if row >= 0:
        weight = severity(np.int64(BAR[act]), np.int64(HOSTILITY[act]))
        log_[row].reported = seen_as(np.int64(weight), u)
        log_[row].fatal = 1 if HOSTILITY[act] >= 4 and v < p.fatal else 0
        log_[row].salience = min(np.int64(100.0 * scarcity), 100)


@kernel
def militarize(
    state: State, log_: np.ndarray, p: CrisisParameters, pair: int, time: float,
    place: tuple[int, int, int, int], issue: int, row: int, origin: Origin,
    draws: tuple[float, float, float], force: bool,
) -> None:
    """A show or use of force: hazard memory is reset, and a new crisis has its consequences.

    ``force``: an act of hostility 4 or above, which shuts the border within a crisis, too.
    """
    u, v, seen = draws  # length of the closure, silence, what a reporter makes of the closure
    state.pair.memory[pair] = 1.0
    begins = time - state.pair.last_militarized[pair] > ONE_DISPUTE_YEARS
    if begins or force:
        close_border(state, log_, p, pair, time, place, issue, row,
                     (origin.root, origin.incident), u, seen)
    if begins:
        kept = 1.0 - p.liaison * state.pair.liaison[pair]
        if issue != OTHER:
            kept *= 1.0 - state.channel.open_channels[pair]
        silent = v < p.silence * kept
        if silent:
            state.pair.silent_until[pair] = time + p.silence_weeks / WEEKS_PER_YEAR
        if row >= 0:
            log_[row].channels = 0 if silent else 1
    state.pair.last_militarized[pair] = max(time, state.pair.last_militarized[pair])


@kernel
def no_answer(track: Track, log_: np.ndarray, pair: int, issue: int) -> None:
    """The answer that was due to the last act of a dispute does not come."""
    track.answered[pair, issue] = 0
    track.answer_due[pair, issue] = np.inf
    row = track.event[pair, issue]
    if row >= 0:
        log_[row].answered = 0
        log_[row].delay = -1.0


@kernel
def _state_act(
    pairs: Pairs, state: State, log_: np.ndarray, p: CrisisParameters, answer: AnswerParameters,
    pair: int, issue: int, act: int, side: int, time: float, origin: Origin, key: int, seed: int,
    tick: int, step: int, answering: int,
) -> int:
    first, second = np.int64(pairs.first[pair]), np.int64(pairs.second[pair])
    actor, target = (first, second) if side == 0 else (second, first)
    place = (origin.dyad, pair, actor, target)
    time = max(time, state.track.last_act[pair, issue])  # no effect before its cause
    if is_undone(log_, state.tally, time, act, place, issue):
        if answering == 1:  # the reply does not come: the gate closes
            no_answer(state.track, log_, pair, issue)
        return NOT_DONE
    row = emit(log_, state.tally, time, act, place, issue, origin.cause,
               (origin.root, origin.incident))
    moved = move_track(state.track, pair, issue, np.int64(RUNG[act]), side, time, origin, row)
    feel_hurt(state, p, pair, act, side, actor)
    draw_attention(state, p, pair, issue, act)
    if issue != OTHER:
        state.pair.friction[pair] += 1.0
    u, v = pair_of_uniforms(seed, REPORTER, key, tick, step)
    report_act(log_, row, act, state.track.scarcity[pair, issue], p, u, v)
    if HOSTILITY[act] >= 3:
        u, v = pair_of_uniforms(seed, REPORTER, key, tick, step + 4096)
        seen, _ = pair_of_uniforms(seed, REPORTER, key, tick, step + 8192)
        militarize(state, log_, p, pair, time, place, issue, row, origin, (u, v, seen),
                   HOSTILITY[act] >= 4)
    if answering == 0:
        decide_answer(pairs, state, log_, answer, p, pair, issue, act, side, time, row, key, seed,
                      tick, step, moved)
    elif moved:
        state.track.answered[pair, issue] = 1
        state.track.answer_due[pair, issue] = np.inf
    return row


@spliced
def state_act(
    pairs: Pairs, state: State, log_: np.ndarray, p: CrisisParameters, answer: AnswerParameters,
    pair: int, issue: int, act: int, side: int, time: float, origin: Origin, key: int, seed: int,
    tick: int, step: int, answering: bool,
) -> int:
    """Carry out one hostile act of a state organ on the track (pair, issue); returns its row."""
    # Arguments are brought to one type each, so that the rule is compiled once.
    whence = Origin(np.int64(origin.root), np.int64(origin.incident), np.int64(origin.dyad),
                    np.int64(origin.cause))
    return _state_act(
        pairs, state, log_, p, answer, np.int64(pair), np.int64(issue), np.int64(act),
        np.int64(side), time, whence, np.uint64(key), np.uint64(seed), np.int64(tick),
        np.int64(step), np.int64(answering))
