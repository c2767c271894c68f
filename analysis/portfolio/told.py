"""A portfolio in words, at most 100 columns; labels, units and directions from the declarations."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from analysis import words
from analysis.portfolio.answer import Choice, Portfolio, chosen_by, order_of
from analysis.portfolio.resample import interval
from analysis.study import Outcome
from analysis.words import filled as _filled

MOST_ROWS, MOST_PAIRS, MOST_ROBUST = 24, 6, 6
CAVEAT = (
    "Simulated, not observed. Costs are assumptions of the model; budgets and break-even costs "
    "move the account only, the towns act as they did at the costs that were simulated."
)


def told(found: Portfolio) -> list[str]:
    """Every section, in lines for a terminal."""
    parts = (_head(found), _warnings(found), _frontier(found), _choices(found),
             _break_even(found), _effects(found), _pairs(found), _robust(found),
             iter(_filled(CAVEAT)))  # fmt: skip
    lines: list[str] = []
    for part in parts:
        own = list(part)
        lines += [*([""] if lines and own else []), *own]
    return lines


def name_of(found: Portfolio, mix: int) -> str:
    """A mix by the letters of its mechanisms."""
    letters = [letter(int(k)) for k in np.flatnonzero(found.mixes.members[mix])]
    return "".join(letters) or "none"


def letter(place: int) -> str:
    """A letter for a mechanism: A to Z, then a1, b1 ..."""
    return chr(65 + place) if place < 26 else f"{chr(97 + place % 26)}{place // 26}"


def amount(found: Portfolio, place: int, number: float) -> str:
    """A number of an objective without its unit, chances and shares in 100."""
    return words.plain(number * words.scale_of(found.objectives[place]), digits_of(found, place))


def digits_of(found: Portfolio, place: int) -> int:
    """Decimals that show the greatest mean of an objective with three digits; chances have one."""
    if words.scale_of(found.objectives[place]) > 1:
        return 1
    return words.digits_for(float(np.abs(found.level[0, :, place]).max()), significant=3)


def unit(outcome: Outcome) -> str:
    """The unit of `amount`; bare numbers have none."""
    return words.unit_of(outcome)


def _head(found: Portfolio) -> Iterator[str]:
    mixes = found.mixes
    states = len(mixes.states)
    over = f" x {words.count(states, 'state')} of the world" if states > 1 else ""
    many = words.count(len(mixes.mechanisms), "mechanism")
    yield f"{mixes.region}, {mixes.years:g} years: {len(mixes.arms):,} mixes of {many}{over}"
    yield (f"{found.cells:,} histories of each mix (n), under the same draws; intervals are 95 %, "
           f"over {words.count(found.units, 'seed')}"
           + ("" if found.units >= mixes.status.shape[2] else " or blocks of points"))
    yield from _filled(", ".join(f"{letter(k)} {mixes.labels[m]}"
                                 for k, m in enumerate(mixes.mechanisms)), "  ")  # fmt: skip


def _warnings(found: Portfolio) -> Iterator[str]:
    for text in found.refusals:
        yield from _filled(f"REFUSED: no best mix is named. {words.upper_first(text)}.", "  ")
    for text in found.flags:
        yield from _filled(f"Note: {text}", "  ")


def _frontier(found: Portfolio) -> Iterator[str]:
    held = order_of(found, np.flatnonzero(found.frontier).tolist())
    losers = len(found.frontier) - len(held)
    yield (f"Frontier: {words.count(len(held), 'mix', 'mixes')} that no other mix beats in all "
           f"objectives at once ({losers:,} are beaten)")  # fmt: skip
    heads = [f"{o.label}{', ' + unit(o) if unit(o) else ''}" for o in found.objectives]
    for place, head in enumerate(heads):
        better = "less" if found.sign[place] > 0 else "more"
        yield f"  [{place + 1}] {head} ({better} is better)"
    columns = "".join(f"{f'[{k + 1}]':^26}" for k in range(len(heads)))
    yield f"  {'mix':<10}{columns}{'chance':>7}"
    ends = [found.ends(k) for k in range(len(heads))]
    for mix in held[:MOST_ROWS]:
        cells = "".join(f"{_cell(found, ends, mix, k):^26}" for k in range(len(heads)))
        yield f"  {name_of(found, mix):<10}{cells}{_percent(found.chance[mix]):>7}"
    if len(held) > MOST_ROWS:
        yield f"  ... and {len(held) - MOST_ROWS} more (--json has all)"
    near = [m for m in np.argsort(-found.chance) if not found.frontier[m]][:3]
    shown = ", ".join(f"{name_of(found, m)} {_percent(found.chance[m])}" for m in near
                      if found.chance[m] >= 0.05)  # fmt: skip
    yield "  chance: share of resamplings of the seeds in which the mix is on the frontier"
    if shown:
        yield f"  not on it, and on it in some resamplings: {shown}"


def _cell(
    found: Portfolio, ends: Sequence[tuple[np.ndarray, np.ndarray]], mix: int, place: int
) -> str:
    lo, hi = ends[place]
    level = found.level[0, mix, place]
    low, high = (amount(found, place, float(x[mix])) for x in (lo, hi))
    return f"{amount(found, place, float(level))} ({low} to {high})"


def _choices(found: Portfolio) -> Iterator[str]:
    if found.refusals:
        return
    cost = found.objectives[0]
    yield f"Best mix by budget: least of [2]; budget in {unit(cost) or cost.label}"
    yield "  chosen on one half of the seeds and seen on the other, both ways"
    for one in found.choices:
        if one.mix < 0:
            yield f"  up to {one.budget:g}: no mix costs so little"
            continue
        yield from _filled(_brings(found, one), "  ")
        yield from _filled(_sureness(found, one), "    ")


def _brings(found: Portfolio, one: Choice) -> str:
    """The mix, and what such a choice brings on seeds that did not choose it."""
    text = f"up to {one.budget:g}: {name_of(found, one.mix)}"
    if not one.halved.chosen:
        return f"{text}; too few seeds to say what it brings"
    level, lo, hi = (amount(found, 1, x) for x in one.halved.level)
    apart, low, high = (_signed(found, 1, x) for x in one.halved.difference)
    text += f", {level} {unit(found.objectives[1])}".rstrip() + f" ({lo} to {hi})"
    text += f"; against {name_of(found, 0)} {apart} ({low} to {high})"
    others = [name_of(found, mix) for mix in one.halved.chosen if mix != one.mix]
    if others:
        who = "One half" if len(others) == 1 else "The halves"
        text += (f". {who} of the seeds chose {' and '.join(dict.fromkeys(others))}, so this is "
                 "what such a choice brings")  # fmt: skip
    return text


def _sureness(found: Portfolio, one: Choice) -> str:
    text = f"The best in {_percent(one.chance)} of resamplings; "
    many = len(one.rivals)
    if many:
        cheap = order_of(found, one.rivals)[0]
        affordable = int((found.level[0, :, 0] <= one.budget).sum())
        text += (f"{words.count(many, 'other mix', 'other mixes')} of {affordable:,} that are "
                 f"affordable cannot be told from it, the cheapest of them "
                 f"{name_of(found, cheap)}.")  # fmt: skip
    else:
        text += "every other affordable mix is told from it."
    if 0 in one.rivals:
        text += f" So nothing is claimed to be better than {name_of(found, 0)}."
    if math.isfinite(one.other_half):
        own, other = (amount(found, 1, x) for x in (one.own_half, one.other_half))
        text += f" What half of the seeds choose has {own} on those and {other} on the others."
    return text


def _break_even(found: Portfolio) -> Iterator[str]:
    if found.refusals or not any(one.break_even for one in found.choices):
        return
    cost = found.objectives[0]
    of = unit(cost) or cost.label
    yield f"Break-even cost of each mechanism, in {of}: above it, not in the best mix"
    for one in found.choices:
        if not one.break_even:
            continue
        yield f"  up to {one.budget:g}:"
        for k, share in enumerate(one.inside):
            often = f"in the best mix in {_percent(share)} of resamplings"
            yield f"    {letter(k)}  {_break_words(found, one, k):<52} {often}"


def _break_words(found: Portfolio, one: Choice, place: int) -> str:
    own, (lo, hi) = one.break_even[place], one.break_even_ends[place]
    if math.isnan(own.surcharge):
        return "no mix with it does better, at any cost"
    ends = f" ({amount(found, 0, lo)} to {amount(found, 0, hi)})" if math.isfinite(lo) else ""
    if math.isnan(own.at):
        return f"{words.signed(own.surcharge, digits_of(found, 0))} on what it costs now"
    if own.at <= 0:
        return f"not even free: break-even {amount(found, 0, own.at)}{ends}"
    return f"{amount(found, 0, own.at)}{ends}, now {amount(found, 0, own.cost_now)}"


def _effects(found: Portfolio) -> Iterator[str]:
    if not found.single:
        return
    yield "Each mechanism on average over the mixes of the others"
    for place, chosen in enumerate(found.single):
        cells = "  ".join(f"[{k + 1}] {_change(found, found.single_effects[:, place, k], k):<25}"
                          for k in range(len(found.objectives)))  # fmt: skip
        yield f"  {letter(chosen[0])}  {cells}".rstrip()


def _pairs(found: Portfolio) -> Iterator[str]:
    if not found.pairs:
        return
    ends = [interval(found.pair_effects[:, p, 1], found.units) for p in range(len(found.pairs))]
    clear = [p for p, (lo, hi) in enumerate(ends) if lo > 0 or hi < 0]
    by_chance = (1 - 0.95) * len(found.pairs)
    yield (f"Pairs, [2] beyond the sum of both: {len(clear)} of {len(found.pairs)} intervals "
           f"exclude zero ({by_chance:.1f} would by chance)")  # fmt: skip
    order = sorted(range(len(found.pairs)), key=lambda p: -abs(found.pair_effects[0, p, 1]))
    for p in order[:MOST_PAIRS]:
        pair = "".join(letter(k) for k in found.pairs[p])
        loss = found.pair_effects[0, p, 1] * found.sign[1]
        lo, hi = ends[p]
        kind = "unclear" if not (lo > 0 or hi < 0) else (
            "help each other" if loss < 0 else "get in each other's way or stand in")  # fmt: skip
        yield (f"  {pair:<4}{_change(found, found.pair_effects[:, p, 1], 1):<28} "
               f"over {words.count(found.backgrounds[p], 'background')}: {kind}")  # fmt: skip


def _robust(found: Portfolio) -> Iterator[str]:
    several = [one for one in found.choices if one.robust is not None]
    if found.refusals or not several:
        return
    names = [state.label for state in found.mixes.states]
    yield f"Across {len(names)} states of the world (none more likely than another)"
    yield from _filled("Meets: " + _thresholds(found), "  ")
    for one in several:
        yield from _one_budget(found, one, names)
    yield "  regret: [2] beyond that of the best affordable mix of the same state; least in: share"
    yield "  of resamplings in which the mix has the least greatest regret"


def _one_budget(found: Portfolio, one: Choice, names: Sequence[str]) -> Iterator[str]:
    own = one.robust
    if own is None or not own.candidates.any():
        yield f"  up to {one.budget:g}: no mix is affordable in every state"
        return
    members = found.mixes.members
    held = chosen_by(own.greatest, members)
    yield f"  up to {one.budget:g}: {int(own.candidates.sum()):,} mixes affordable in every state"
    order = [int(m) for m in np.argsort(np.where(own.candidates, own.greatest[0], np.inf))]
    shown = [m for m in order if own.candidates[m]][:MOST_ROBUST]
    extra = [] if one.mix in shown or not own.candidates[one.mix] else [one.mix]
    heads = f"{'greatest regret':<24}{'mean regret':<13}{'meets':<8}{'least in':<10}worst in"
    yield f"    {'mix':<9}{heads}"
    for mix in [*shown, *extra]:
        lo, hi = interval(own.greatest[:, mix], found.units)
        low, high = (amount(found, 1, float(x)) for x in (lo, hi))
        greatest = f"{amount(found, 1, own.greatest[0, mix])} ({low} to {high})"
        star = "*" if mix == one.mix else ""
        yield (f"    {name_of(found, mix) + star:<9}{greatest:<24}"
               f"{amount(found, 1, own.mean[0, mix]):<13}{_percent(own.meets[0, mix]):<8}"
               f"{_percent(float((held[1:] == mix).mean())):<10}"
               f"{names[int(own.worst_state[mix])]}")[: words.WIDTH]  # fmt: skip
    if any(mix == one.mix for mix in [*shown, *extra]):
        yield "    * the best on average over the states"


def _thresholds(found: Portfolio) -> str:
    if not found.thresholds:
        first = name_of(found, 0)
        also = ", and no worse livelihood" if found.roles.people else ""
        return (f"less of [2] than {first} in the same state{also} (no thresholds were given; "
                "most.KEY= and least.KEY= set them)")  # fmt: skip
    told_of = {"most": "at most", "least": "at least"}
    return ", ".join(f"{words.lower_first(found.mixes.outcomes[key].label)} {told_of[sense]} "
                     f"{limit:g}" for key, (sense, limit) in found.thresholds.items())  # fmt: skip


def _change(found: Portfolio, draws: np.ndarray, place: int) -> str:
    lo, hi = interval(draws, found.units)
    low, high = (_signed(found, place, float(x)) for x in (lo, hi))
    return f"{_signed(found, place, float(draws[0]))} ({low} to {high})"


def _signed(found: Portfolio, place: int, number: float) -> str:
    """A difference; one digit more than a level where that is neither money nor a chance."""
    scale, kind = words.scale_of(found.objectives[place]), found.objectives[place].kind
    digits = digits_of(found, place) + (0 if scale > 1 or kind == "money" else 1)
    return words.signed(number * scale, digits)


def _percent(share: float) -> str:
    return "not defined" if math.isnan(share) else f"{100 * share:.0f} %"
