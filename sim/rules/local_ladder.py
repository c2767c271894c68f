"""The local ladder as competing risks in continuous time: climb, calm down, be settled, go quiet.

    up     = u min(smoulder + anger / a0, most) (1 + e (0.5 - T))     from rung 1, 2, 3
    down   = d (1 + e (T - 0.5))                                      from any rung
    settle = (bilateral T + capacity / (1 + ahead)) (1 - diffuse) / slowness
    ahead  = max(caseload - 1, 0)
    next exit ~ Exp(up + down + settle); the kind of exit in proportion to its hazard

T: mean trust of the dyad. Several rungs may be climbed in one tick, and the next incident may begin
in the tick in which one ends, so that their number does not depend on the tick. Four weeks without
an act end the incident. A first act enters at complaint, protest, unilateral act or violence by its
cause; no mechanism touches the shares. Every new incident is a case behind those that ended
unsettled (how they leave: rule of trust). Slow decisions and responsibility that nobody takes
(diffuse) delay settlement. What guards and capitals make of an act: `state_reaction`. Source:
competing risks (Fine & Gray 1999 for the concept); rates: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.channels import Channels
from sim.declare import Par
from sim.elementary import log
from sim.events import COMPLAINT
from sim.rules.local_act import QUIET_YEARS, go_quiet, local_act, settle
from sim.rules.state_reaction import state_reaction
from sim.state import Link, Relation
from sim.streams import Purpose, pair_of_uniforms
from sim.topology import Topology
from sim.undone import NOT_DONE

LADDER, ONSET = int(Purpose.LOCAL_LADDER), int(Purpose.LOCAL_ONSET)
MOST_STEPS = 12
STEPS_APART = 16  # of the draws of two incidents of a tick
MOST_ROUNDS = 8  # incidents of one dyad in a tick


class LadderParameters(NamedTuple):
    """Speeds of the local ladder."""

    up_rate: Annotated[float, Par(
        "1/year", 0, 100, "Climb to the next local rung at reference anger",
        "assumption: half of angry protests would climb within a month if none calmed")] = 7.0
    down_rate: Annotated[float, Par(
        "1/year", 0, 100, "Calming by one rung", "assumption: two to six weeks")] = 14.0
    anger_reference: Annotated[float, Par(
        "share", 0.01, 1, "Anger at which the climb has its reference rate",
        "assumption: one person in twenty mobilised against the other side")] = 0.05
    bilateral_rate: Annotated[float, Par(
        "1/year", 0, 50, "Settlement by the mayors alone at full trust",
        "assumption: a matter a season, less than a third of a committee's pace (14)")] = 4.0
    violent_entry: Annotated[float, Par(
        "share", 0, 0.5, "Share of crowd incidents that start violent",
        "assumption: half as many as climb there from a protest at reference anger")] = 0.06
    accident_violent: Annotated[float, Par(
        "share", 0, 1, "Share of accidents that are violent from the start",
        "assumption: one in five is a shot, the rest are trespass and broken weirs")] = 0.2
    guards: Annotated[float, Par(
        "probability", 0, 1, "Guards step in at a violent act on a fully disputed stretch",
        "assumption: reports of 1-2 armed fights in more than 150 clashes on one border")] = 0.03
    guards_fire: Annotated[float, Par(
        "probability", 0, 1, "Guards who step in use force at once",
        "assumption: with guards (0.03) one fire in 120 clashes, near those reports")] = 0.25
    hand_over: Annotated[float, Par(
        "probability", 0, 1, "A violent act is taken up by a capital at full attention",
        "calibrated on V12; most local clashes never reach a note of protest")] = 0.2
    smoulder: Annotated[float, Par(
        "ratio", 0, 1, "Climb without anger, against the reference rate",
        "assumption: a quarrel goes on a little by itself")] = 0.2
    most_anger: Annotated[float, Par(
        "ratio", 1, 20, "Most that anger can raise the climb", "assumption: at 14 % angry")] = 3.0
    trust: Annotated[float, Par(
        "ratio", 0, 2, "Effect of trust on climbing and calming",
        "assumption: half as fast up, and down again, between no trust and a middling one")] = 1.0
    protest_shock: Annotated[float, Par(
        "ratio", 0, 1, "Attention drawn by a milder act against a violent one",
        "assumption: seven blockades make as much news as a fight")] = 0.15
    guards_quiet: Annotated[float, Par(
        "ratio", 0, 1, "Guards step in on a demarcated stretch, against what a disputed one adds",
        "assumption: guards are present mostly where the line is not marked")] = 0.1
    guards_tense: Annotated[float, Par(
        "ratio", 0, 1, "Guards near the border that follow the tension between governments",
        "assumption: half as many without tension, half as many again under high tension")] = 0.5
    guards_tension: Annotated[float, Par(
        "level", 0.05, 5, "Tension at which guards are as many as the stretch by itself asks for",
        "assumption: where a pair of mean rivalry rests")] = 0.5
    guards_mild: Annotated[float, Par(
        "ratio", 0, 1, "Guards step in at a unilateral act, against a violent one",
        "assumption: guards come to a blocked road a third as often: nobody is hurt")] = 0.3
    taken_up_mild: Annotated[float, Par(
        "ratio", 0, 1, "A milder act is taken up by a capital, against a violent one",
        "assumption: about as guards_mild; at full attention one protest in twenty")] = 0.25
    unwatched: Annotated[float, Par(
        "share", 0, 1, "Interest of a capital whose public does not watch",
        "assumption: a fifth of that under full attention")] = 0.2
    settled_trust: Annotated[float, Par(
        "share", 0, 0.5, "Trust gained by settling a matter",
        "assumption: as much as a season of ordinary dealings (trust.gain)")] = 0.03
    liaison: Annotated[float, Par(
        "share", 0, 1, "Share of interventions that a full liaison makes needless",
        "assumption: officers who know each other call first")] = 0.3


@scalar
def climb_rate(anger: float, trust: float, p: LadderParameters) -> float:
    """Hazard of the next rung, per year."""
    heat = min(p.smoulder + anger / p.anger_reference, p.most_anger)
    return p.up_rate * heat * (1.0 + p.trust * (0.5 - trust))


@scalar
def settling(
    trust: float, capacity: float, caseload: float, ease: float, p: LadderParameters
) -> tuple[float, float]:
    """Hazards of settlement by the mayors alone and by a committee, per year."""
    ahead = max(caseload - 1.0, 0.0)
    return p.bilateral_rate * trust * ease, capacity / (1.0 + ahead) * ease


@scalar
def entry_rung(
    v: float, complaint: float, crowd: float, violent: float, accident_violent: float
) -> int:
    """Rung of a first act; v ~ U(0,1); complaint and crowd: shares of the onset hazard."""
    if v < complaint:
        return 1
    if v < complaint + crowd:
        w = (v - complaint) / crowd
        return 4 if w < violent else 2
    w = (v - complaint - crowd) / max(1.0 - complaint - crowd, 1e-9)
    return 4 if w < accident_violent else 3


@kernel
def follow_incident(
    topology: Topology, link: Link, channel: Channels, relation: Relation, disputed: float,
    log_: np.ndarray, queue: np.ndarray, tally: np.ndarray, p: LadderParameters, seed: int,
    tick: int, d: int, time: float, end: float, share_first: float, round_: int,
) -> float:
    """Run the competing risks of one dyad from ``time`` till the incident or the tick is over.

    ``round_``: how many incidents have begun before in this tick. Returns the time reached.
    """
    for step in range(STEPS_APART * round_ + 1, STEPS_APART * round_ + MOST_STEPS):
        if link.rung[d] == 0:
            return time
        trust = 0.5 * (link.trust_first[d] + link.trust_second[d])
        rung = np.int64(link.rung[d])
        up = 0.0
        if rung < 4:
            up = climb_rate(link.anger[d], trust, p)
        down = p.down_rate * (1.0 + p.trust * (trust - 0.5))
        ease = (1.0 - channel.diffuse[d]) / channel.slowness[d]
        mayors, committee = settling(trust, channel.settlement[d], link.caseload[d], ease, p)
        total = up + down + mayors + committee
        u, v = pair_of_uniforms(seed, LADDER, topology.dyad.key[d], tick, step)
        exit_time = time - log(u) / total
        quiet = link.last_act[d] + QUIET_YEARS
        if quiet <= exit_time and quiet < end:
            go_quiet(link, d)
            return max(quiet, time)
        if exit_time >= end:
            return end
        time = exit_time
        choice = v * total
        if choice < up:
            side = 0 if choice < up * share_first else 1
            row = local_act(topology, link, log_, tally, d, COMPLAINT + rung, side, time, rung + 1)
            if row == NOT_DONE:
                continue
            state_reaction(topology, channel, relation, disputed, queue, tally, p, seed, tick, d,
                           rung + 1, side, time, row, link.incident[d], step)
        elif choice < up + down:
            link.rung[d] = rung - 1
        else:
            settle(topology, link, log_, tally, d, time, choice >= total - committee,
                   p.settled_trust)
    return end


@kernel
def first_act(
    topology: Topology, link: Link, channel: Channels, relation: Relation, disputed: float,
    log_: np.ndarray, queue: np.ndarray, tally: np.ndarray, p: LadderParameters,
    protest_rate: float, seed: int, tick: int, d: int, time: float, v: float, share_first: float,
    step: int,
) -> None:
    """An incident begins, or one that had calmed down goes on."""
    if link.incident[d] >= 0 and link.last_act[d] + QUIET_YEARS <= time:
        go_quiet(link, d)
    crowd = topology.dyad.weight[d] * protest_rate * link.anger[d] / link.onset[d]
    talk = max(1.0 - crowd - link.calm[d] / link.onset[d], 0.0)
    rung = entry_rung(v, talk, crowd, p.violent_entry, p.accident_violent)
    w, _ = pair_of_uniforms(seed, LADDER, topology.dyad.key[d], tick, step)
    side = 0 if w < share_first else 1
    row = local_act(topology, link, log_, tally, d, COMPLAINT + rung - 1, side, time, rung)
    if row == NOT_DONE:
        return
    state_reaction(topology, channel, relation, disputed, queue, tally, p, seed, tick, d, rung,
                   side, time, row, link.incident[d], step)


@kernel
def local_ladder(
    topology: Topology, link: Link, channel: Channels, relation: Relation, border: np.ndarray,
    log_: np.ndarray, queue: np.ndarray, tally: np.ndarray, pressure: np.ndarray,
    draws: tuple[np.ndarray, np.ndarray, np.ndarray], p: LadderParameters, protest_rate: float,
    seed: int, tick: int, dt: float,
) -> None:
    """Advance every dyad's ladder by one tick, in which one incident may follow another.

    ``draws``: chance, u, v [d]; ``border``: share not demarcated [u].
    """
    chance, u, v = draws
    now = tick * dt
    end = now + dt
    incident, last_act, rungs = link.incident, link.last_act, link.rung
    for d in range(chance.size):
        if incident[d] >= 0 and last_act[d] + QUIET_YEARS <= now:
            go_quiet(link, d)
        calm = rungs[d] == 0
        if calm and u[d] >= chance[d]:
            continue
        a, b = topology.dyad.first[d], topology.dyad.second[d]
        both = pressure[a] + pressure[b] + 1e-6
        share_first = (pressure[a] + 0.5e-6) / both
        disputed = border[topology.dyad.unit[d]]
        time, v_first = now, v[d]
        if calm:
            time = now + min(-log(1.0 - u[d]) / link.onset[d], dt)
        for again in range(MOST_ROUNDS):
            if again > 0 or calm:
                first_act(topology, link, channel, relation, disputed, log_, queue, tally, p,
                          protest_rate, seed, tick, d, time, v_first, share_first,
                          STEPS_APART * again)
            time = follow_incident(topology, link, channel, relation, disputed, log_, queue, tally,
                                   p, seed, tick, d, time, end, share_first, np.int64(again))
            if time >= end or link.onset[d] <= 0.0:
                break
            w, v_first = pair_of_uniforms(seed, ONSET, topology.dyad.key[d], tick, again + 1)
            time -= log(w) / link.onset[d]
            if time >= end:
                break
