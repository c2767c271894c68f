"""The best mix for a budget, how sure that is, and what each mechanism may cost to stay in it.

Among mixes that cost no more than the budget the best has the least risk; ties go to the better
livelihood of the worst-off, then to the lower cost, then to fewer mechanisms.

*Which mixes cannot be told from the best?* With d_a = risk of a less risk of the best, s_a its
bootstrap spread and q the 95 % quantile of max_a |d*_a - d_a| / s_a over the draws, those with
d_a <= q s_a (multiple comparisons with the best, Hsu 1984, doi 10.1214/aos/1176346732, in its
bootstrap form).

*Chosen by luck?* The best of many noisy numbers looks better than it is. The choice is therefore
repeated on random halves of the seeds and scored on the other halves.

*Break-even.* If mechanism m cost D more per year, every mix with it would cost D more. It leaves
the best mix where no mix with it that is still affordable beats V, the best affordable one without
it::

    D(m) = budget - min { cost(S) : m in S, S better than V }

exactly, for D(m) < 0 too: then m is not in the best mix, and would enter if it cost so much less.
None where no mix with m beats V at any cost. The break-even cost is D(m) plus what m costs now in
that S. It moves the account only: towns that pay more would have less for the rest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import LEVEL
from analysis.portfolio.mixes import Flags, Floats

COST, RISK, PEOPLE = 0, 1, 2  # places of the objectives


class BreakEven(NamedTuple):
    """One mechanism. Money in the unit of the cost; NaN: no mix with it is better at any cost."""

    mechanism: str
    inside: bool  # in the best mix now
    surcharge: float  # how much more (or less) it may cost
    cost_now: float  # what it costs in the mix that decides; NaN: that mix without it is no arm
    at: float  # break-even cost: cost_now + surcharge


def best(losses: Floats, members: Flags, budget: float) -> NDArray[np.int64]:
    """Place of the best mix in every draw [draw]; -1 where none is affordable.

    ``losses`` [draw, mix, objective], smaller is better, in the order cost, risk, people.
    """
    draws, mixes, objectives = losses.shape
    alive = losses[:, :, COST] <= budget
    keys = [losses[:, :, k] for k in (RISK, PEOPLE) if k < objectives]
    few = np.broadcast_to(members.sum(axis=1).astype(float), (draws, mixes))
    order = np.broadcast_to(np.arange(mixes, dtype=float), (draws, mixes))
    none = ~alive.any(axis=1)
    for key in (*keys, losses[:, :, COST], few, order):
        held = np.where(alive, key, np.inf)
        alive = alive & (held == held.min(axis=1, keepdims=True))
    found = np.argmax(alive, axis=1)
    found[none] = -1
    return np.asarray(found)


def not_worse(losses: Floats, chosen: int, affordable: Flags) -> Flags:
    """Mixes that cannot be told from the chosen one in risk [mix]; it is one of them."""
    apart = losses[:, :, RISK] - losses[:, [chosen], RISK]
    spread = apart[1:].std(axis=0)
    moved = np.abs(apart[1:] - apart[0])
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = np.where(spread > 0, moved / spread, 0.0)
    limit = float(np.quantile(scaled[:, affordable].max(axis=1), LEVEL))
    return np.asarray(affordable & (apart[0] <= limit * spread))


def break_even(
    losses: Floats, members: Flags, mechanisms: Sequence[str], budget: float
) -> list[BreakEven]:
    """Every mechanism's break-even for one budget. ``losses`` [mix, objective] of one draw."""
    index = {tuple(row): place for place, row in enumerate(members.tolist())}
    held = int(best(losses[None], members, budget)[0])
    return [
        _one(losses, members, index, place, name, budget, held)
        for place, name in enumerate(mechanisms)
    ]


def _one(
    losses: Floats, members: Flags, index: dict[tuple[bool, ...], int],
    place: int, name: str, budget: float, held: int,
) -> BreakEven:  # fmt: skip
    having = members[:, place]
    inside = held >= 0 and bool(having[held])
    without = np.flatnonzero(~having)
    rival = int(best(losses[without][None], members[without], budget)[0]) if without.size else -1
    better = having & _better(losses, losses[without[rival]] if rival >= 0 else None)
    if not better.any():
        return BreakEven(name, inside, math.nan, math.nan, math.nan)
    options = np.flatnonzero(better)
    decides = int(options[np.argmin(losses[options, COST])])
    own = members[decides].copy()
    own[place] = False
    rest = index.get(tuple(own.tolist()))
    now = math.nan if rest is None else float(losses[decides, COST] - losses[rest, COST])
    surcharge = budget - float(losses[decides, COST])
    return BreakEven(name, inside, surcharge, now, now + surcharge)


def _better(losses: Floats, rival: Floats | None) -> Flags:
    """Which mixes beat the rival in risk, or are alike in risk and beat it in livelihood."""
    if rival is None:
        return np.ones(len(losses), dtype=bool)
    less = losses[:, RISK] < rival[RISK]
    if losses.shape[1] <= PEOPLE:
        return np.asarray(less)
    tie = losses[:, RISK] == rival[RISK]
    return np.asarray(less | (tie & (losses[:, PEOPLE] < rival[PEOPLE])))
