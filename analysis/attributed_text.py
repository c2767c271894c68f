"""The answer of `thalweg effects` as text: one table per outcome, best first.

Numbers are shown with their interval or not at all; a word is given only where one may be.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence

from analysis import censored, words
from analysis.attributed import (
    ALONE,
    PACKAGE,
    REMOVED,
    SHARE,
    UNKNOWN,
    Line,
    comparisons,
    held,
)
from analysis.attributed_scenes import Stage
from analysis.attribution import NONE, orders_held
from analysis.study import Outcome

HEADS = {
    ALONE: "added alone (this mechanism minus none)",
    REMOVED: "within the package (the package minus the package without it)",
    SHARE: "Shapley share (mean over orders of joining; the shares add up to the package)",
}
_LABEL, _NUMBER, _INTERVAL, _WORD, _DEEP = 23, 9, 19, 16, "    "
DIRECTIONS = {1: "lower is better", -1: "higher is better", 0: "neither way is better"}


def text(found: Stage, told: Sequence[Line], *, each: bool = False) -> list[str]:
    """Everything, line by line. ``each``: every fit by itself, too."""
    parts = [head(found)]
    for group in found.groups:
        for key in found.main:
            own = [line for line in told if line.group == group and line.outcome == key]
            whole = [line for line in own if not line.fit] or own
            parts.append(_table(found, whole, key, group))
            if each and len(found.of(group)) > 1:
                fits = dict.fromkeys(line.fit for line in own if line.fit)
                parts += [_table(found, [one for one in own if one.fit == fit], key,
                                 f"{group}, {fit}") for fit in fits]  # fmt: skip
    parts.append(legend(found, told, each=each))
    return [line for part in parts for line in (*part, "")][:-1]


def head(found: Stage) -> list[str]:
    """What was compared, and how every run ended where some did not end well."""
    scene = found.scenes[0]
    years = " or ".join(words.plain(one, 0) for one in found.years)
    fits = words.count(len({one.fit for one in found.scenes}), "fit")
    points = words.count(len(scene.status), "point")
    shape = ", ".join([
        words.count(len(found.groups), "region or frame", "regions or frames"), fits,
        *([points] if len(scene.status) > 1 else []), words.count(len(scene.arms), "arm"),
        words.count(found.seeds, "seed"), f"{years} years",
    ])  # fmt: skip
    return [
        *textwrap.wrap(f"{found.folder}: {shape}", 98, subsequent_indent="  "),
        *textwrap.wrap(f"package: {words.count(len(found.package), 'mechanism')} "
                       f"({', '.join(found.package)})", 98, subsequent_indent="  "),
        *flags(found),
    ]  # fmt: skip


def flags(found: Stage) -> list[str]:
    """What must be known before any number is read: failed and missing runs by arm."""
    scenes, arms = found.scenes, found.scenes[0].arms
    lost = [sum(int(one.failed[..., a].sum()) for one in scenes) for a in range(len(arms))]
    each = sum(one.status[..., 0].size for one in scenes)
    lines = []
    if any(lost):
        told = [f"{arm.name} {n}" for arm, n in zip(arms, lost, strict=True) if n]
        few = ", ".join(told[:8]) + (", ..." if len(told) > 8 else "")
        least = f"none in the other {len(arms) - len(told)}" if len(told) < len(arms) else ""
        lines.append(f"FLAG: {sum(lost):,} runs failed (of {each:,} of each arm: {few}"
                     f"{'; ' + least if least else ''}). Their pairs drop out.")  # fmt: skip
    missing = sum(one.missing for one in scenes)
    if missing:
        lines.append(f"FLAG: {missing:,} runs are missing: the study is not whole.")
    return lines


def lacking(found: Stage) -> dict[str, tuple[str, str]]:
    """(what is missing, words of ``arms=`` that add it at least cost) of every column not whole.

    A package that was not declared but read off the arms is declared with them.
    """
    there, bundles = held(found), set(found.scenes[0].bundles)
    gone: dict[str, list[str]] = {}
    for column, name in comparisons(found):
        if (column, name) not in there and (not name or name in found.package):
            gone.setdefault(column, []).append(name)
    package = frozenset(found.package)
    every = "full" if package == frozenset(found.labels) else "+".join(found.package)
    none, whole = ([] if NONE in bundles else ["none"]), ([] if package in bundles else [every])
    adds = {PACKAGE: [*none, *whole], ALONE: [*none, "alone"], REMOVED: [*whole, "minus"]}
    says = {PACKAGE: "the package or none", ALONE: "none, or a mechanism alone",
            REMOVED: "the package, or the package less one"}  # fmt: skip
    mine = f" package={'+'.join(found.package)}" if found.inferred else ""
    lines = {}
    for column, names in gone.items():
        some = f" ({', '.join(names)})" if 0 < len(names) < len(found.package) and names[0] else ""
        lines[column] = (f"{says[column]}{some}", ",".join(adds[column]) + mine)
    if not (whole_game(found) or orders_held(
        found.package, bundles, found.order_seed, found.orders
    )):  # fmt: skip
        lines[SHARE] = ("bundles that orders of joining pass through", f"shapley{mine}")
    return lines


def whole_game(found: Stage) -> bool:
    """True where every bundle of the package was run, so that no orders are sampled."""
    package = frozenset(found.package)
    return sum(one <= package for one in found.scenes[0].bundles) >= 2.0 ** len(package)


def legend(found: Stage, told: Sequence[Line], *, each: bool = False) -> list[str]:
    """How to read the columns, and how many intervals are to be expected off zero by chance."""
    many = sum(not math.isnan(line.lo) and line.column != PACKAGE for line in told
               if each or not line.fit)  # fmt: skip
    scenes = [s for g in found.groups for s in found.of(g)[:1]]
    fits = len(found.scenes) > len(scenes)
    chance = f"Were there none, about {round(many / 20):,} of {many:,} intervals"
    return [
        "worse: share of pairs that get worse. gain: variance without pairing over that with it.",
        "sees: the smallest effect that so many seeds detect (80 % power at 95 %). A number with",
        f"no effect seen may hide a smaller one. {chance}",
        "would exclude zero by chance.",
        *(["fits: models whose own interval says the same, of those that may say anything; the",
           "number is the mean over these. An effect that changes sign among them is unknown."]
          if fits else []),
    ]  # fmt: skip


def _table(found: Stage, told: Sequence[Line], key: str, group: str) -> list[str]:
    outcome = found.outcomes[key]
    digits = _digits(outcome, told)
    fits = max((line.fits for line in told), default=1)
    unit = words.unit_of(outcome) or outcome.unit
    lines = [f"{words.upper_first(outcome.label)}, {group}",
             f"{unit}; {DIRECTIONS[outcome.bad_sign]}"]  # fmt: skip
    lines += [line for line in _notes(found, key) if line]
    for line in told:
        if line.column == PACKAGE:
            lines += textwrap.wrap(_package(outcome, line, digits), 98)
    for column, heading in HEADS.items():
        own = [line for line in told if line.column == column]
        if own:
            lines += ["", _heading(column, fits), f"  {heading}:",
                      *_rows(found, outcome, own, digits)]  # fmt: skip
            lines += _orders(found, own) if column == SHARE else []
    return lines


def _notes(found: Stage, key: str) -> list[str]:
    class Watched:
        years = found.years[0]
        outcomes = found.outcomes

    return [censored.told(Watched(), key)] if len(found.years) == 1 else []


def _heading(column: str, fits: int) -> str:
    gain = "gain" if column != SHARE else "orders"
    names = (f"{'':<{_LABEL}}{'change':>{_NUMBER}}  {'95 % interval':<{_INTERVAL}}"
             f"{'verdict':<{_WORD}}")  # fmt: skip
    return f"  {names}{'fits' if fits > 1 else '':>5}{'worse':>6}{gain:>8}{'sees':>8}"


def _rows(
    found: Stage, outcome: Outcome, told: Sequence[Line], digits: int
) -> Iterator[str]:
    """Best first; what nothing may be said of comes last, each with its reason below."""
    sign = outcome.bad_sign or -1
    ranked = sorted(told, key=lambda one: (bool(one.reason), math.isnan(one.lo),
                                           sign * one.difference, one.mechanism))  # fmt: skip
    for line in ranked:
        yield _row(found.labels[line.mechanism], outcome, line, digits)
    alike: dict[str, list[Line]] = {}
    for line in ranked:
        if line.reason:
            alike.setdefault(line.reason.partition(":")[0], []).append(line)
    for first, *others in alike.values():
        more = f"; {words.count(len(others), 'other')} alike" if others else ""
        reason = f"unknown: {first.reason} [{found.labels[first.mechanism].lower()}{more}]"
        yield from textwrap.wrap(reason, 98, initial_indent=_DEEP, subsequent_indent=_DEEP)
    yield from _silent(found, ranked)
    yield from _fewer(found, ranked)


def _silent(found: Stage, told: Sequence[Line]) -> Iterator[str]:
    """Fits that say nothing of their own, and of which mechanisms."""
    by_fits: dict[str, list[str]] = {}
    for line in told:
        if line.silent and line.verdict != UNKNOWN:
            by_fits.setdefault(line.silent, []).append(found.labels[line.mechanism].lower())
    for fits, (first, *others) in by_fits.items():
        more = f"; {words.count(len(others), 'other')} alike" if others else ""
        text = f"silent (too few events, pairs or orders of their own): {fits} [{first}{more}]"
        yield from textwrap.wrap(text, 98, initial_indent=_DEEP, subsequent_indent=_DEEP)


def _fewer(found: Stage, told: Sequence[Line]) -> Iterator[str]:
    """Numbers that rest on fewer pairs than were run: of how many, and of which mechanism."""
    each = max((one.status[..., 0].size for one in found.scenes), default=0)
    short = [line for line in told if line.column != SHARE and not math.isnan(line.lo)
             and line.n < each * (1 if line.fit else max(line.fits, 1))]  # fmt: skip
    if short:
        least = min(short, key=lambda line: line.n)
        others = f"; {words.count(len(short) - 1, 'other')} on fewer than all, too"
        more = others if len(short) > 1 else ""
        text = (f"rests on {words.count(least.n, 'pair')} that have a value, of "
                f"{each * (1 if least.fit else max(least.fits, 1)):,} "
                f"[{found.labels[least.mechanism].lower()}{more}]")  # fmt: skip
        yield from textwrap.wrap(text, 98, initial_indent=_DEEP, subsequent_indent=_DEEP)


def _row(label: str, outcome: Outcome, line: Line, digits: int) -> str:
    number, interval = _shown(outcome, line, digits)
    several = line.fits > 1 or line.silent
    fits = f"{line.holds}/{line.fits}" if several and line.verdict != UNKNOWN else ""
    worse = "" if math.isnan(line.worse) else f"{round(100 * line.worse)} %"
    scale = words.scale_of(outcome)
    sees = "" if math.isnan(line.detectable) else words.plain(line.detectable * scale, digits)
    if line.column == SHARE:
        known = line.order_error > 0
        error = words.plain(line.order_error * scale, digits + 1) if known else ""
        gain = f"{error:>8}"
    else:
        gain = f"{_gain(line.variance_reduction):>8}"
    return (f"  {label[:_LABEL - 1]:<{_LABEL}}{number:>{_NUMBER}}  {interval:<{_INTERVAL}}"
            f"{line.verdict:<{_WORD}}{fits:>5}{worse:>6}{gain}{sees:>8}").rstrip()  # fmt: skip


def _shown(outcome: Outcome, line: Line, digits: int) -> tuple[str, str]:
    """A number and its interval; nothing where there is no interval."""
    if math.isnan(line.lo):
        return "not told", "no interval"
    if line.difference == line.lo == line.hi == 0.0:
        return "0", "nothing differs"
    number, lo, hi = (
        words.difference(outcome, x, digits) for x in (line.difference, line.lo, line.hi)
    )
    return number, f"{lo} to {hi}"


def _package(outcome: Outcome, line: Line, digits: int) -> str:
    """What all mechanisms do together, in a sentence."""
    number, interval = _shown(outcome, line, digits)
    before = words.plain(line.reference_mean * words.scale_of(outcome), digits)
    why = f" ({line.reason})" if line.reason else ""
    fits = ""
    if (line.fits > 1 or line.silent) and not why:
        fits = f"; {line.holds} of {line.fits} fits by themselves say so, too"
        fits += f" (silent: {line.silent})" if line.silent else ""
    return (f"none: {before}; the package changes that by {number} ({interval}): "
            f"{line.verdict}{fits}{why}")  # fmt: skip


def _orders(found: Stage, told: Sequence[Line]) -> Iterator[str]:
    """How the shares were made: exactly, or from so many orders, and whether these are enough."""
    bundles = set(found.scenes[0].bundles)
    if whole_game(found):
        yield f"{_DEEP}every bundle of the package was run: exact but for the seeds"
        return
    used = orders_held(found.package, bundles, found.order_seed, found.orders)
    need = max(line.orders_needed for line in told)
    text = (f"{used} orders of joining, every second the reverse of the one before; orders: the "
            "standard error from them alone. Intervals cover orders and seeds. ")  # fmt: skip
    text += (f"Orders err more than seeds do: permutations={need} needed." if need
             else "Orders err less than seeds do.")  # fmt: skip
    yield from textwrap.wrap(text, 98, initial_indent=_DEEP, subsequent_indent=_DEEP)


def _gain(factor: float) -> str:
    if math.isnan(factor):
        return ""
    return ">x9999" if factor > 9999 else f"x{factor:.1f}" if factor < 99.5 else f"x{factor:.0f}"


def _digits(outcome: Outcome, told: Sequence[Line]) -> int:
    """Decimals at which the narrowest interval of a table still has a width."""
    halves = [0.5 * (line.hi - line.lo) * words.scale_of(outcome) for line in told
              if line.hi > line.lo]  # fmt: skip
    return min(words.digits_for(sorted(halves)[len(halves) // 4], significant=2), 4) if halves \
        else 2  # fmt: skip
