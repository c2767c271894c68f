"""What may be said of a portfolio: which risk, and what speaks against claiming anything.

The risk is the first outcome of the headline's order with enough events (`analysis.scruples`): 30
histories with the event in *every* mix of every frame, as all mixes are compared and frames share
the luck of the seeds. A refusal stops the naming of a best mix; a flag stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from analysis import words
from analysis.headline import ORDER
from analysis.language import say
from analysis.portfolio.mixes import Mixes
from analysis.scruples import FEWEST_PAIRS, failed_cells, failures, not_whole, too_few, with_any
from analysis.study import OK, Outcome, StudyError
from analysis.sweep_study import MISSING

COSTS = ("money_spent", "money_matched")  # of towns and of others
PEOPLE = "worst_livelihood"


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
        raise StudyError(f"no cost is kept: name {' and '.join(COSTS)} in outcomes=, beside the "
                         "risk, or another outcome by cost=KEY")  # fmt: skip
    if len({known[key].unit for key in paid}) > 1:
        raise StudyError(f"cost={'+'.join(paid)}: these have different units")
    people = (PEOPLE,) if PEOPLE in known and risk != PEOPLE else ()
    if risk:
        if known[risk].bad_sign == 0:
            raise StudyError(f"risk={risk}: neither more nor less of it is declared to be better")
        return Roles(paid, risk, people, ())
    notes: list[str] = []
    for key in (key for key in ORDER if key in known):
        few = _too_few(mixes, key)
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
    values, whole, outcome = mixes.of(key), mixes.whole, mixes.outcomes[key]
    events = [with_any(outcome, values[f][whole[f]]) for f in range(len(whole))]
    few = too_few(outcome, events, int(whole.sum(axis=(1, 2)).min()), [a.name for a in mixes.arms])
    where = say(" (in the frame with the fewest)") if len(whole) > 1 else ""
    return f"{words.upper_first(outcome.label)}: {few}{where}." if few else ""


def rests_on_few(mixes: Mixes, keys: Iterable[str]) -> list[str]:
    """Why no answer may rest on these outcomes, asked for by name: too few events."""
    few = (_too_few(mixes, key) for key in keys if key)
    return [why for why in few if why]


def rare_of(mixes: Mixes, key: str) -> np.ndarray:
    """Seeds with any event, or with any cell without one, whichever are fewer [mix]."""
    values, whole = mixes.of(key), mixes.whole[..., None]
    with_any = ((values > 0) & whole).any(axis=(0, 1)).sum(axis=0)
    without = ((values <= 0) & whole).any(axis=(0, 1)).sum(axis=0)
    return np.asarray(np.minimum(with_any, without))


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
        lost = failures(failed_cells(mixes.status[frame]), [arm.name for arm in mixes.arms])
        found += [f"{label}: {lost}"] if lost else []
    cells = mixes.whole
    for state in mixes.states:
        held = int(cells[state.frame][state.points].any(axis=0).sum())
        if held < FEWEST_PAIRS:
            found.append(say("{frame}: only {seeds} with every mix finished; {needed} are needed",
                             frame=state.label, seeds=words.count(held, "seed"),
                             needed=FEWEST_PAIRS))  # fmt: skip
    return found


def flags(mixes: Mixes, roles: Roles) -> list[str]:
    """What a reader should know beside the answer."""
    found = list(roles.notes)
    failed = int(((mixes.status != OK) & (mixes.status != MISSING)).sum())
    cells, rest = mixes.whole, not_whole(mixes.source.counts)
    if failed:
        found.append(say(
            "{failed} of {runs} failed; only the {whole} of {draws} draws in which every mix "
            "finished are used.", failed=words.count(failed, "run"),
            runs=words.plain(mixes.status.size, 0), whole=words.plain(int(cells.sum()), 0),
            draws=words.plain(cells.size, 0),
        ))  # fmt: skip
    found += [rest] if rest else []
    if mixes.left_out:
        found.append(say("Left out, as they leave something to negotiation: {mixes}.",
                         mixes=", ".join(mixes.left_out)))  # fmt: skip
    if not roles.people:
        found.append(say("The livelihood of the worst-off is not among the kept outcomes or is "
                         "the risk itself, so the frontier has two objectives."))  # fmt: skip
    return found


def of_outcome(mixes: Mixes, keys: Sequence[str]) -> Outcome:
    """The declaration of an objective; of a sum the labels are joined."""
    first = mixes.outcomes[keys[0]]
    label = " + ".join([first.label, *(words.lower_first(mixes.outcomes[k].label)
                                       for k in keys[1:])])  # fmt: skip
    return first._replace(label=label)
