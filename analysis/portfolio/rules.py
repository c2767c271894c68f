"""What may be said of a portfolio: which risk, and what speaks against claiming anything.

The risk is the first outcome of the headline's order with enough events (`analysis.headline`): 30
histories with the event in *every* mix of every frame, as all mixes are compared and frames share
the luck of the seeds. A refusal stops the naming of a best mix; a flag stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis import words
from analysis.headline import FEWEST_PAIRS, NEEDED, NEEDS_NO_EVENTS, ORDER
from analysis.portfolio.mixes import Mixes
from analysis.study import OK, Outcome, StudyError
from analysis.sweep_study import MISSING

COSTS = ("money_spent", "money_matched")  # of towns and of others
PEOPLE = "worst_livelihood"
UNEVEN = 0.01  # share of an arm's runs by which failures may differ between arms


class Roles(NamedTuple):
    """Which outcomes are cost, risk and livelihood; ``people`` is empty where none was kept."""

    cost: tuple[str, ...]
    risk: str
    people: tuple[str, ...]
    notes: tuple[str, ...]  # why others were passed over

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """Outcomes of each objective, in the order cost, risk, people."""
        own = (self.cost, (self.risk,), self.people)
        return tuple(keys for keys in own if keys)


def roles_of(mixes: Mixes, risk: str = "", cost: Sequence[str] = ()) -> Roles:
    """The outcomes that play the roles. Raises StudyError where one is not kept."""
    known = mixes.outcomes
    strange = [key for key in (*cost, *([risk] if risk else [])) if key not in known]
    if strange:
        raise StudyError(f"no outcome '{strange[0]}' is kept; there are {', '.join(known)}")
    paid = tuple(cost) or tuple(key for key in COSTS if key in known)
    if not paid:
        raise StudyError(f"no cost is kept: outcomes={','.join(COSTS)} keep it, or cost=KEY names "
                         "another outcome")  # fmt: skip
    if len({known[key].unit for key in paid}) > 1:
        raise StudyError(f"cost={'+'.join(paid)}: these have different units")
    people = (PEOPLE,) if PEOPLE in known and risk != PEOPLE else ()
    if risk:
        if known[risk].bad_sign == 0:
            raise StudyError(f"risk={risk}: neither more nor less of it is declared to be better")
        few = _too_few(mixes, risk) if known[risk].is_probability else ""
        return Roles(paid, risk, people, (few,) if few else ())
    notes: list[str] = []
    for key in (key for key in ORDER if key in known):
        few = "" if key in NEEDS_NO_EVENTS else _too_few(mixes, key)
        if not few:
            return Roles(paid, key, tuple(p for p in people if p != key), tuple(notes))
        notes.append(few)
    raise StudyError("no risk can be used: none of " + ", ".join(ORDER) + " is kept or has enough "
                     "events; risk=KEY names another outcome. " + " ".join(notes))  # fmt: skip


def signs(mixes: Mixes, roles: Roles) -> np.ndarray:
    """+1 where less is better, -1 where more is [objective]."""
    outcomes = [mixes.outcomes[keys[0]] for keys in roles.keys[1:]]
    return np.array([1.0, *(float(outcome.bad_sign) for outcome in outcomes)])


def _too_few(mixes: Mixes, key: str) -> str:
    """Why an outcome is passed over; empty where every mix has enough events in every frame."""
    values, whole = mixes.of(key), mixes.whole
    events = np.array([(values[f][whole[f]] > 0).sum(axis=0) for f in range(len(whole))])
    if events.min() >= NEEDED:
        return ""
    short, least = int((events < NEEDED).any(axis=0).sum()), int(events.min())
    frames = " in some frame" if len(whole) > 1 else ""
    held = int(whole.sum(axis=(1, 2)).min())
    return (f"Too few events: {words.lower_first(mixes.outcomes[key].label)}. {short:,} of "
            f"{words.count(len(mixes.arms), 'mix', 'mixes')} had it{frames} in fewer than "
            f"{NEEDED} of {words.count(held, 'history', 'histories')} (the least: {least}); the "
            f"rule, fixed beforehand, asks for {NEEDED} in every mix that is "
            "compared.")  # fmt: skip


def events_of(mixes: Mixes, key: str) -> tuple[np.ndarray, int]:
    """(cells with a value above 0 by mix, complete cells) over all frames."""
    whole = mixes.whole
    values = mixes.of(key)[whole]
    return (values > 0).sum(axis=0), int(whole.sum())


def refusals(mixes: Mixes) -> list[str]:
    """Why no best mix may be named; empty when it may. Raises StudyError without any cells."""
    found = []
    for frame in sorted({state.frame for state in mixes.states}):
        label = next(s.label for s in mixes.states if s.frame == frame)
        finished = (mixes.status[frame] == OK).sum(axis=(0, 1))
        without = [arm.name for arm, n in zip(mixes.arms, finished, strict=True) if not n]
        if without:
            shown = ", ".join(without[:5]) + (", ..." if len(without) > 5 else "")
            raise StudyError(f"{label}: no finished run of {words.count(len(without), 'mix')} "
                             f"({shown}), so mixes cannot be compared there. Let the study go on, "
                             "or make those runs again with --retry.")  # fmt: skip
        found += _uneven(mixes, frame, label)
    cells = mixes.whole
    for state in mixes.states:
        held = int(cells[state.frame][state.points].any(axis=0).sum())
        if held < FEWEST_PAIRS:
            found.append(f"{state.label}: only {words.count(held, 'seed')} with every mix "
                         f"finished; {FEWEST_PAIRS} are needed")  # fmt: skip
    return found


def _uneven(mixes: Mixes, frame: int, label: str) -> list[str]:
    """Failures that fall on some mixes more than on others."""
    status = mixes.status[frame]
    failed = ((status != OK) & (status != MISSING)).sum(axis=(0, 1))
    runs = status.shape[0] * status.shape[1]
    apart = int(failed.max() - failed.min())
    if apart < 2 or apart <= UNEVEN * runs:
        return []
    worst = mixes.arms[int(np.argmax(failed))].name
    text = (f"{label}: failures are uneven: {int(failed.max()):,} of {runs:,} runs of {worst} "
            f"failed, {int(failed.min()):,} of the mix with fewest, so what is left may not be a "
            "fair sample")  # fmt: skip
    return [text]


def flags(mixes: Mixes, roles: Roles) -> list[str]:
    """What a reader should know beside the answer."""
    found = list(roles.notes)
    failed = int(((mixes.status != OK) & (mixes.status != MISSING)).sum())
    missing, cells = int((mixes.status == MISSING).sum()), mixes.whole
    if failed:
        found.append(f"{words.count(failed, 'run')} of {mixes.status.size:,} failed; only the "
                     f"{int(cells.sum()):,} of {cells.size:,} draws in which every mix finished "
                     "are used.")  # fmt: skip
    if missing or not mixes.complete:
        found.append(f"The study is not complete: {words.count(missing, 'run')} of "
                     f"{mixes.status.size:,} are missing.")  # fmt: skip
    if mixes.left_out:
        found.append("Left out, as they leave something to negotiation: "
                     f"{', '.join(mixes.left_out)}.")  # fmt: skip
    if not roles.people:
        found.append("The livelihood of the worst-off is not among the kept outcomes or is the "
                     "risk itself, so the frontier has two objectives.")  # fmt: skip
    return found


def of_outcome(mixes: Mixes, keys: Sequence[str]) -> Outcome:
    """The declaration of an objective; of a sum the labels are joined."""
    first = mixes.outcomes[keys[0]]
    label = " + ".join([first.label, *(words.lower_first(mixes.outcomes[k].label)
                                       for k in keys[1:])])  # fmt: skip
    return first._replace(label=label)
