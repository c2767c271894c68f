"""The interstate ladder of every pair and issue: competing risks, gated by being answered.

    up   = u_l exp(b (min(tension, 3) - 1)) s_j (1 - c body) if answered, else 0     up to force
    up_4 = u_4 if answered, else 0                                             from force to war
    down = d (f if unanswered) (1 - a public (l - 1)) (q if channels are silent)
    next exit ~ Exp(up + down); while an answer is on its way the rung waits for it
    the border stays shut until the exit from use of force or war

l: rung 1 protest, 2 diplomatic and economic hostility, 3 show of force, 4 use of force, 5 war. s_j:
salience of the issue; body: how far a joint body that deals with the issue monitors or enforces,
whichever is more. public: attention to the border, or the hostile words that the actor itself spoke
lately. Audience costs slow backing down under a watching public and cost approval (Fearon 1994;
Tomz 2007). Up to the use of force, up-rates grow with tension and salience, and a joint body caps
them, for disputes over a shared resource only. The step into war knows neither: no water event
between 1948 and 1999 was a war (Wolf 1998; Yoffe, Wolf & Giordano 2003), and what tension does at
that height it has done through the answers already. Stepping down closes the gate: an exchange must
be answered anew before it climbs again, or crises would go back to force from every step of their
way out. Territory is held to be more salient than maritime zones, and those more than rivers
(Hensel, Mitchell, Sowers & Thyne 2008). Source: as named; war in about 1.7 % of militarized
disputes (COW-MID5); rates: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp, log
from sim.events import (
    ARMY_DISPLAY,
    NOTE,
    OTHER_DISPLAY,
    SANCTIONS,
    THREAT,
    TRACK_STEPS,
)
from sim.rules.answering import AnswerParameters
from sim.rules.state_act import CrisisParameters, Origin, close_border, state_act
from sim.state import State
from sim.streams import Purpose, pair_of_uniforms
from sim.topology import AQUIFER, FISHERY, LAND, OTHER, Pairs
from sim.undone import NOT_DONE

LADDER = int(Purpose.INTERSTATE_LADDER)
MOST_STEPS = 24
MILD_SHARE = 250.0 / 414.0  # of hostile words are -1, the others -2 (TFDD counts 1948-1999)


class InterstateParameters(NamedTuple):
    """Speeds of the interstate ladder."""

    claim_rate: Annotated[float, Par(
        "1/year", 0, 1, "New resource dispute between neighbours in full scarcity",
        "assumption: one in four years at tension 1, in five at 0.5 (mean rivalry)")] = 0.25
    note_rate: Annotated[float, Par(
        "1/year", 0, 20, "Protests in an open resource dispute at reference tension",
        "assumption: about one a year in full scarcity, one in three years in plenty")] = 0.8
    up_1: Annotated[float, Par(
        "1/year", 0, 50, "From protest to diplomatic hostility",
        "calibrated on V2 (TFDD): share of -3 among conflictive events")] = 1.0
    up_2: Annotated[float, Par(
        "1/year", 0, 50, "From diplomatic hostility to a show of force",
        "calibrated on V2 and V8 (TFDD, COW-MID5)")] = 0.4
    up_3: Annotated[float, Par(
        "1/year", 0, 50, "From show to use of force",
        "force in 69 % of militarized disputes, COW-MID5; size: assumption, half of down")] = 3.0
    up_4: Annotated[float, Par(
        "1/year", 0, 20, "From use of force to war",
        "calibrated on V8: war in 1.7 % of militarized disputes, COW-MID5")] = 0.2
    down_rate: Annotated[float, Par(
        "1/year", 0.5, 100, "Stepping down one rung",
        "assumption: two months a rung if answered, else three weeks")] = 6.0
    tension: Annotated[float, Par(
        "logit", 0, 3, "Effect of tension on climbing",
        "assumption: a unit nearly doubles it; below answering (0.7), as deeds cost more")] = 0.6
    audience: Annotated[float, Par(
        "share", 0, 0.3, "Slower backing down per rung at full attention",
        "audience costs, Fearon 1994; size: assumption, 0.4 of the speed is left at force")] = 0.2
    approval_cost: Annotated[float, Par(
        "share", 0, 0.5, "Approval lost by backing down, per rung above the first",
        "direction, and more the higher it had climbed: Tomz 2007; size: assumption, 15 points "
        "from use of force")] = 0.05
    closure_share: Annotated[float, Par(
        "probability", 0, 1, "Diplomatic hostility that shuts the crossings",
        "assumption: three in ten, as closing is one of several means of this rung")] = 0.3
    probing: Annotated[float, Par(
        "ratio", 0, 10, "More protests by hawks against an opponent bound to restraint",
        "assumption: an opponent who probes doubles its demands")] = 1.0
    threat_share: Annotated[float, Par(
        "probability", 0, 1, "Share of diplomatic hostility that threatens force",
        "bare threats are under-recorded; assumption: one act in ten of this rung")] = 0.1
    note_plenty: Annotated[float, Par(
        "share", 0, 2, "Protests in an open dispute without scarcity, against those full scarcity "
        "adds", "assumption: an open dispute goes on by itself")] = 0.4
    claim_plenty: Annotated[float, Par(
        "share", 0, 2, "New disputes without scarcity, against those full scarcity adds",
        "assumption: one in ten has nothing to do with scarcity")] = 0.1
    land_marked: Annotated[float, Par(
        "ratio", 0, 2, "Claims and protests over land on a demarcated border, against what a "
        "disputed one adds", "assumption: pasture is wanted on a marked border too; where half of "
        "it is disputed, land is claimed as any resource is")] = 0.5
    unanswered: Annotated[float, Par(
        "ratio", 1, 20, "Faster stepping down of what was not answered",
        "assumption: words into the void are forgotten in weeks")] = 3.0
    silent: Annotated[float, Par(
        "ratio", 0.05, 1, "Slower stepping down while channels are silent",
        "assumption: half as fast without a way to say so")] = 0.5
    salience_river: Annotated[float, Par(
        "ratio", 0.1, 10, "Salience of a claim to river water", "assumption: the reference")] = 1.0
    salience_aquifer: Annotated[float, Par(
        "ratio", 0.1, 10, "Salience of a claim to groundwater",
        "assumption: unseen, so no more than a river")] = 1.0
    salience_fishery: Annotated[float, Par(
        "ratio", 0.1, 10, "Salience of a claim to a fishery",
        "order: Hensel et al. 2008; size: assumption, midway between river and land")] = 1.5
    salience_land: Annotated[float, Par(
        "ratio", 0.1, 10, "Salience of a claim to land",
        "order: Hensel et al. 2008; size: assumption, twice a river for want of evidence")] = 2.0
    body: Annotated[float, Par(
        "share", 0, 1, "Climbing that a joint body with full powers prevents",
        "treaties that exchange information or enforce: Mitchell & Zawahri 2015; monitoring in "
        "place of information, and size (half, for want of evidence): assumption")] = 0.5
    body_claims: Annotated[float, Par(
        "ratio", 0, 5, "More protests where a joint body hears them",
        "assumption: a fifth more, as before a local committee; members of basin organizations "
        "have more militarized claims, Mitchell & Zawahri 2015")] = 0.2
    diversion: Annotated[float, Par(
        "ratio", 0, 2, "More claims by unpopular governments",
        "small, disputed effect (Levy 1989); size: assumption, as in other quarrels")] = 0.3


@scalar
def tone(effect: float, tension: float) -> float:
    """Factor of tension on disputes over a resource: 1 at tension 1, level from 3 on."""
    return exp(effect * (min(tension, 3.0) - 1.0))


@scalar
def diverted(approval: float, diversion: float) -> float:
    """Factor of low approval on the appetite for an external quarrel."""
    return max(1.0 + diversion * (0.5 - approval), 0.0)


@scalar
def salience(issue: int, p: InterstateParameters) -> float:
    """How much a kind of resource is worth fighting for, against river water."""
    if issue == LAND:
        return p.salience_land
    if issue == FISHERY:
        return p.salience_fishery
    return p.salience_aquifer if issue == AQUIFER else p.salience_river


@scalar
def up_rate(
    level: int, tension: float, issue: int, body: float, p: InterstateParameters
) -> float:
    """Hazard of the next rung when the last act was answered, per year."""
    if level >= 4:
        return p.up_4 if level == 4 else 0.0
    base = p.up_1
    if level == 2:
        base = p.up_2
    elif level == 3:
        base = p.up_3
    if issue == OTHER:
        return base
    return base * tone(p.tension, tension) * salience(issue, p) * (1.0 - p.body * body)


@scalar
def down_rate(
    level: int, answered: bool, attention: float, silent: bool, p: InterstateParameters
) -> float:
    """Hazard of stepping down one rung, per year."""
    rate = p.down_rate * max(1.0 - p.audience * attention * (level - 1.0), 0.1)
    rate = rate if answered else p.unanswered * rate
    return p.silent * rate if silent else rate


@scalar
def act_at(level: int, resource: bool, v: float, threat_share: float) -> int:
    """Which act enters a rung."""
    if level == 2:
        return THREAT if v < threat_share else SANCTIONS
    return (ARMY_DISPLAY if resource else OTHER_DISPLAY) + level - 3


@kernel
def watching_public(pairs: Pairs, state: State, i: int, j: int) -> float:
    """Attention to the border or the actor's own recent hostile words, whichever binds it more."""
    actor = pairs.first[i] if state.track.actor[i, j] == 0 else pairs.second[i]
    return max(state.pair.attention[i], state.nation.rhetoric[actor])


@kernel
def stay_shut(closed_until: np.ndarray, i: int, due: float, leaves: float, end: float) -> None:
    """While force or war stands the border does not open: till the answer due, or the exit."""
    stands = min(due if due < np.inf else leaves, end)
    closed_until[i] = max(closed_until[i], stands)


@kernel
def climb_or_calm(
    pairs: Pairs, state: State, log_: np.ndarray, p: InterstateParameters,
    crisis: CrisisParameters, answer: AnswerParameters, i: int, j: int, seed: int, tick: int,
    dt: float,
) -> None:
    """Run the exits of one track within the tick."""
    track = state.track
    time, end = tick * dt, (tick + 1) * dt
    key = pairs.key[i]
    resource = j != OTHER
    body = max(state.pair.body_monitoring[i, j], state.pair.body_enforcement[i, j])
    for step in range(1, MOST_STEPS):
        level = np.int64(track.level[i, j])
        if level == 0:
            return
        tension = 0.5 * (state.pair.tension_first[i] + state.pair.tension_second[i])
        answered = track.answered[i, j] == 1
        silent = state.pair.silent_until[i] > time
        up = up_rate(level, tension, j, body, p) if answered else 0.0
        public = watching_public(pairs, state, i, j)
        total = up + down_rate(level, answered, public, silent, p)
        number = 64 * j + step
        u, v = pair_of_uniforms(seed, LADDER, key, tick, number)
        w, s = pair_of_uniforms(seed, LADDER, key, tick, number + 4096)
        time_of_exit = max(time, track.last_act[i, j]) - log(u) / total
        due = track.answer_due[i, j]
        if level >= 4:
            stay_shut(state.pair.closed_until, i, due, time_of_exit, end)
        if due >= end and due < np.inf:
            return
        origin = Origin(np.int64(track.root[i, j]), np.int64(track.incident[i, j]), -1,
                        np.int64(track.event[i, j]))
        if due < end:
            state_act(pairs, state, log_, crisis, answer, i, j, reply(level, resource),
                      1 - np.int64(track.actor[i, j]), due, origin, key, seed, tick, number, True)
            time = max(due, time)
            continue
        if time_of_exit >= end:
            return
        time = time_of_exit
        state.tally[TRACK_STEPS] += 1
        if v * total < up:
            side = 0 if s < 0.5 else 1
            act = act_at(level + 1, resource, w, p.threat_share)
            row = state_act(pairs, state, log_, crisis, answer, i, j, act, side, time, origin, key,
                            seed, tick, number, False)
            if level + 1 == 2 and row != NOT_DONE:
                consider_closure(pairs, state, log_, p, crisis, i, j, side, time, row, origin, seed,
                                 tick, number)
        else:
            back_down(pairs, state, p, i, j, level)


@scalar
def reply(level: int, resource: bool) -> int:
    """The act that answers in kind at a rung."""
    if level == 1:
        return NOTE
    if level == 2:
        return SANCTIONS
    return (ARMY_DISPLAY if resource else OTHER_DISPLAY) + level - 3


@kernel
def consider_closure(
    pairs: Pairs, state: State, log_: np.ndarray, p: InterstateParameters, crisis: CrisisParameters,
    i: int, j: int, side: int, time: float, row: int, origin: Origin, seed: int, tick: int,
    number: int,
) -> None:
    """A side that enters diplomatic hostility may shut its crossings."""
    u, length = pair_of_uniforms(seed, LADDER, pairs.key[i], tick, number + 8192)
    seen, _ = pair_of_uniforms(seed, LADDER, pairs.key[i], tick, number + 12288)
    if u < p.closure_share:
        first, second = np.int64(pairs.first[i]), np.int64(pairs.second[i])
        actor, target = (first, second) if side == 0 else (second, first)
        close_border(state, log_, crisis, i, time, (-1, i, actor, target), j, row,
                     (origin.root, origin.incident), length, seen)


@kernel
def back_down(
    pairs: Pairs, state: State, p: InterstateParameters, i: int, j: int, level: int
) -> None:
    """One rung down, and the gate is closed; the side that acted last pays for it in approval."""
    actor = pairs.first[i] if state.track.actor[i, j] == 0 else pairs.second[i]
    cost = p.approval_cost * watching_public(pairs, state, i, j) * max(level - 1.0, 0.0)
    state.nation.lost[actor] += cost
    state.track.level[i, j] = level - 1
    state.track.answered[i, j] = 0
    state.track.answer_due[i, j] = np.inf
    if level == 1 and j == OTHER:
        state.track.open[i, j] = 0
