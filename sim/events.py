"""The event log: one fixed record per act, with its cause.

Acts, not rungs, carry the scales: one declared table act x actor class gives the BAR value (Basins
at Risk scale, Yoffe, Wolf & Giordano 2003), the hostility level (militarized interstate disputes,
0: none, since violence by a crowd is no interstate act) and the rung entered. Times are years since
the start. A full log fails the run: nothing is lost silently.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim._jit import kernel, spliced

CLASSES = ("crowd", "municipality", "border guard", "army", "government")
ROOTS = ("none", "local incident", "interstate dispute over the resource", "another issue")
SETTLEMENTS = ("none", "bilateral", "joint body", "third party")
ROOT_LOCAL, ROOT_DISPUTE, ROOT_OTHER = 1, 2, 3
LOCAL_RUNGS = ("calm", "complaint", "protest", "unilateral act", "violent incident")
INTERSTATE_RUNGS = (
    "normal", "diplomatic protest", "diplomatic and economic hostility",
    "show of force", "use of force", "war",
)  # fmt: skip


class Act(NamedTuple):
    """One row of the table of acts."""

    name: str
    actor: int  # row of CLASSES
    bar: int
    hostility: int
    rung: int  # local rung for local acts, interstate rung otherwise
    local: bool
    about: str


ACTS = (
    Act("complaint", 1, -1, 1, 1, True, "a town complains to its neighbour"),
    Act("protest", 0, -1, 0, 2, True, "people block a road or gather at the works"),
    Act("unilateral act", 1, -3, 1, 3, True, "a town shuts a gate or diverts flow"),
    Act("violent incident", 0, 0, 0, 4, True, "people fight over the resource"),
    Act("local settlement", 1, 1, 0, 0, True, "the towns settle the matter"),
    Act("project announced", 1, -3, 1, 3, True, "works are begun over the border stretch"),
    Act("project completed", 1, -3, 1, 3, True, "the works take water or land"),
    Act("guards display", 2, -5, 3, 3, False, "border guards confront the other side"),
    Act("guards fire", 2, -5, 4, 4, False, "border guards use force"),
    Act("diplomatic protest", 4, -1, 1, 1, False, "note of protest"),
    Act("official condemnation", 4, -2, 1, 1, False, "strong official verbal hostility"),
    Act("threat of force", 4, -3, 2, 2, False, "a government threatens force"),
    Act("sanctions or recall", 4, -3, 1, 2, False, "recall, sanctions, mobilization"),
    Act("border closed", 4, -3, 1, 2, False, "crossings are shut"),
    Act("army display", 3, -4, 3, 3, False, "troops are shown"),
    Act("army uses force", 3, -6, 4, 4, False, "armies clash"),
    Act("war", 3, -7, 5, 5, False, "war"),
    Act("other-issue display", 3, 0, 3, 3, False, "show of force over another issue"),
    Act("other-issue force", 3, 0, 4, 4, False, "use of force over another issue"),
    Act("other-issue war", 3, 0, 5, 5, False, "war over another issue"),
    Act("talks", 4, 1, 0, 0, False, "minor official exchange or talks"),
    Act("official support", 4, 2, 0, 0, False, "official verbal support"),
    Act("working group", 4, 3, 0, 0, False, "scientific or cultural exchange"),
    Act("agreement", 4, 4, 0, 0, False, "non-military agreement, joint project or relief"),
    Act("strategic support", 4, 5, 0, 0, False, "military or strategic support"),
    Act("treaty", 4, 6, 0, 0, False, "treaty between states"),
    Act("neutral act", 4, 0, 0, 0, False, "neutral or routine act"),
    Act("border demarcated", 4, 4, 0, 0, False, "a stretch of the border is agreed and marked"),
    Act("joint body founded", 4, 6, 0, 0, False, "states found a joint body by treaty"),
    Act("claim renounced", 4, 1, 0, 0, False, "a government gives its claim up"),
    Act("towns reined in", 4, 0, 0, 0, False, "a capital suspends what its border towns agreed"),
    Act("agreement proposed", 1, 1, 0, 0, True, "two towns begin to talk about an agreement"),
    Act("agreement signed", 1, 4, 0, 0, True, "two towns sign an agreement"),
    Act("agreements suspended", 1, 0, 0, 0, True, "a closed border suspends what towns agreed on"),
    Act("agreement renewed", 1, 4, 0, 0, True, "two towns renew an agreement at its term"),
    Act("agreement lapsed", 1, 0, 0, 0, True, "an agreement between two towns ends"),
    Act("works objected to", 1, -1, 1, 1, True, "a town objects to its neighbour's works"),
    Act("project given up", 1, 1, 0, 0, True, "works are given up after an objection"),
)  # fmt: skip
(COMPLAINT, PROTEST, UNILATERAL, VIOLENT, LOCAL_SETTLEMENT, PROJECT, PROJECT_DONE, GUARDS_DISPLAY,
 GUARDS_FIRE, NOTE, CONDEMNATION, THREAT, SANCTIONS, CLOSURE, ARMY_DISPLAY, ARMY_FORCE, WAR,
 OTHER_DISPLAY, OTHER_FORCE, OTHER_WAR, TALKS, SUPPORT, WORKING_GROUP, AGREEMENT, STRATEGIC,
 TREATY, NEUTRAL, DEMARCATED, BODY_FOUNDED, CLAIM_RENOUNCED, REINED_IN, AGREEMENT_PROPOSED,
 AGREEMENT_SIGNED, AGREEMENT_SUSPENDED, AGREEMENT_RENEWED,
 AGREEMENT_LAPSED, OBJECTION, PROJECT_DROPPED) = range(len(ACTS))  # fmt: skip

BAR = np.array([a.bar for a in ACTS], dtype=np.int8)
HOSTILITY = np.array([a.hostility for a in ACTS], dtype=np.int8)
RUNG = np.array([a.rung for a in ACTS], dtype=np.int8)
CLASS = np.array([a.actor for a in ACTS], dtype=np.int8)

EVENT = np.dtype([
    ("time", "f8"),        # years since the start
    ("cause", "i4"),       # row of the event that caused it, -1: none or before the start
    ("dyad", "i4"),        # row of the dyad, -1 for acts between nations
    ("pair", "i4"),        # row of the pair of nations
    ("actor", "i4"),       # municipality (local acts) or nation
    ("target", "i4"),
    ("incident", "i4"),    # local incident it belongs to or descends from, -1: none
    ("agreements", "u4"),  # bit k: mechanism k was operating on the dyad or pair
    ("delay", "f4"),       # weeks until the answer
    ("act", "u1"),
    ("bar", "i1"),
    ("hostility", "i1"),
    ("rung", "i1"),
    ("issue", "u1"),       # row of ISSUES
    ("root", "u1"),        # row of ROOTS
    ("answered", "i1"),    # 1 yes, 0 no, -1 not asked
    ("fatal", "i1"),
    ("settlement", "i1"),  # row of SETTLEMENTS tried
    ("outcome", "i1"),     # 1 agreement, 0 none
    ("kept", "i1"),        # 1 kept, 0 broken, -1 open
    ("reported", "i1"),    # 1 a reporter would have seen it, 2 and coded it neutral
    ("attempt", "i1"),     # how many settlement attempts the dispute had seen
    ("salience", "u1"),    # percent
    ("mechanism", "i1"),   # mechanism that an act is about, -1: none
    ("channels", "i1"),    # begins a crisis: 1 capitals go on talking, 0 silent; else -1
])  # fmt: skip



def records(log: np.ndarray) -> np.ndarray:
    """The same log with its fields as attributes, as rules write it, compiler on or off."""
    return log.view(np.recarray)


# Counters of a run (State.tally).
EVENTS, INCIDENTS, OVERFLOW, TRACK_STEPS = 0, 1, 2, 3
UNDONE = 5  # acts that are not done; they stand at the end of the log (sim.undone)


@kernel
def _append(
    log: np.ndarray, tally: np.ndarray, time: float, act: int, place: tuple[int, int, int, int],
    issue: int, cause: int, origin: tuple[int, int],
) -> int:
    if time < 0.0:
        return -1
    row = tally[EVENTS]
    if row >= log.size - tally[UNDONE]:
        tally[OVERFLOW] += 1
        return -1
    tally[EVENTS] = row + 1
    event = log[row]
    event.time = time
    event.cause = cause
    event.dyad, event.pair, event.actor, event.target = place
    event.root = origin[0]
    event.incident = origin[1]
    event.act = act
    event.bar = BAR[act]
    event.hostility = HOSTILITY[act]
    event.rung = RUNG[act]
    event.issue = issue
    event.agreements = 0
    event.delay = -1.0
    event.answered = -1
    event.fatal = 0
    event.settlement = 0
    event.outcome = 0
    event.kept = -1
    event.reported = 1
    event.attempt = 0
    event.salience = 0
    event.mechanism = -1
    event.channels = -1
    return row


@spliced
def emit(
    log: np.ndarray, tally: np.ndarray, time: float, act: int, place: tuple[int, int, int, int],
    issue: int, cause: int, origin: tuple[int, int],
) -> int:
    """Append one act; returns its row, or -1 before the start or when the log is full.

    ``place`` is (dyad, pair, actor, target); ``origin`` is (root, incident).
    """
    where = (np.int64(place[0]), np.int64(place[1]), np.int64(place[2]), np.int64(place[3]))
    return _append(log, tally, time, np.int64(act), where, np.int64(issue), np.int64(cause),
                   (np.int64(origin[0]), np.int64(origin[1])))
