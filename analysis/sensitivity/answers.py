"""Answers to all questions of a sweep at once: indices, intervals, floors, verdicts.

Responses whose whole blocks are the same ones stand side by side in one table of moments, so that
one resampling serves all arms and outcomes. The table is cut at N/4, N/2 and N blocks: the first
rows of a Sobol' or Morris design are the design of that size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.sensitivity import given, morris, sobol
from analysis.sensitivity.resample import Widening, percentiles, resampled, widened
from analysis.sensitivity.sobol import SEEDS_OF_FLOOR
from analysis.sensitivity.study import (
    LATIN,
    MORRIS,
    SOBOL,
    Answer,
    Design,
    Held,
    Index,
    Unit,
    design_of,
    events_of,
    held,
    luck_of,
    prefixes,
    questions,
    steps_of,
)
from analysis.sensitivity.verdicts import (
    CANNOT_TELL,
    CONVERGED,
    FEWEST,
    NOT_YET,
    RELATIVE,
    WIDTH,
    Asked,
    Size,
    Step,
    Verdict,
    no_floor,
    verdicts,
)
from analysis.study import StudyError
from analysis.sweep_study import Sweep
from analysis.words import count

Floats = NDArray[np.float64]
Trail = list[tuple[int, Floats, Floats, Floats]]
CONSTANT = "it does not vary between points"
ONLY_LUCK = "the variance between points is not told apart from luck"


def answers(sweep: Sweep, keys: Sequence[str], width: float = WIDTH) -> list[Answer]:
    """Every question about the outcomes ``keys``, answered or refused. Raises StudyError."""
    design = design_of(sweep)
    values = sweep.values(keys)
    size = Size(design.blocks, sweep.seeds, int(sweep.row.size))
    found: dict[int, Answer] = {}
    groups: dict[tuple[bytes, int], list[tuple[int, Held]]] = {}
    for place, (question, y) in enumerate(questions(sweep, keys, values, design)):
        key = question.outcome.key
        one = held(question, y, size, events_of(question.frame, sweep, key, values[key]))
        if isinstance(one, Answer):
            found[place] = one
        else:
            groups.setdefault((one.kept.tobytes(), one.y.shape[2]), []).append((place, one))
    of = {SOBOL: _sobol, MORRIS: _morris, LATIN: _latin}[design.method]
    family = sum(map(len, groups.values()))
    for group in groups.values():
        asked = [one._replace(family=family) for _, one in group]
        together = of(asked, design, sweep.points, width)
        found.update(zip((place for place, _ in group), together, strict=True))
    return [found[place] for place in sorted(found)]


def _asked_for(one: Held) -> Size:
    """The size of the study, blocks that were left out included: what a larger one is told from."""
    return one.size._replace(blocks=one.kept.size)


def _few(blocks: int) -> str:
    """Why so few blocks tell nothing; empty where they are enough."""
    return "" if blocks >= FEWEST else f"{count(blocks, 'block')}, {FEWEST} are needed"


def _trails(
    tables: Sequence[Floats], indices: Callable[[Floats, int], Floats],
    widenings: Callable[[int, int], list[Widening]],
) -> tuple[list[Trail], list[Floats]]:  # fmt: skip
    """(trail, means drawn with all blocks) of every response; see `resample`."""
    edges = np.cumsum([0, *(table.shape[1] for table in tables)])
    whole = np.concatenate(tables, axis=1)
    trails: list[Trail] = [[] for _ in tables]
    last: list[Floats] = []
    for n in prefixes(len(whole)):
        drawn, means = resampled(whole[:n]), whole[:n].mean(axis=0)
        for k, trail in enumerate(trails):
            own = slice(edges[k], edges[k + 1])
            value = indices(means[own], n)
            factor = np.array([one.factor for one in widenings(k, n)])
            ends = percentiles(indices(drawn[:, own], n))
            trail.append((n, value, *widened(value, ends, factor)))
        last = [drawn[:, edges[k] : edges[k + 1]] for k in range(len(tables))]
    return trails, last


def _sobol(group: Sequence[Held], design: Design, points: Floats, width: float) -> list[Answer]:
    del points
    seeds = group[0].y.shape[2]
    shape = sobol.Shape(len(design.units), seeds, design.second)
    trails, drawn = _trails(
        [sobol.moments(one.y, shape) for one in group],
        lambda means, _: sobol.indices(means, shape),
        lambda k, n: sobol.widenings(group[k].y[:n], shape),
    )
    found = []
    for one, trail, means in zip(group, trails, drawn, strict=True):
        nothing = _few(one.size.blocks) or (CONSTANT if np.ptp(one.y.mean(axis=2)) == 0 else "")
        with np.errstate(invalid="ignore"):
            variance = percentiles(sobol.variance_of(means, shape))[0]
        nothing = nothing or ("" if variance > 0 else ONLY_LUCK)
        luck = [w.luck for w in sobol.widenings(one.y, shape)]
        n, half = shape.shown, (trail[-1][3] - trail[-1][2]) / 2
        dummy = {"first": float(half[n - 1]), "total": float(half[2 * n - 1])}
        floors = dummy if shape.dummy else {}
        kinds = {"first": range(len(design.units)), "total": range(n, n + len(design.units)),
                 "second": range(2 * n, shape.indices)}  # fmt: skip
        names: dict[int, tuple[Unit, ...]] = {}
        for k, unit in enumerate(design.units):
            names[k] = names[n + k] = (unit,)
        for at, (j, k) in enumerate(shape.pairs, 2 * n):
            names[at] = (design.units[j], design.units[k])
        made: list[Index] = []
        for kind, places in kinds.items():
            asked = Asked(width, floors.get(kind, np.nan), _asked_for(one), nothing,
                          SEEDS_OF_FLOOR)  # fmt: skip
            made += _judged(kind, [(names[p], steps_of(trail, p), luck[p]) for p in places], asked)
        found.append(_answer(one, made, floors))
    return found


def _morris(group: Sequence[Held], design: Design, points: Floats, width: float) -> list[Answer]:
    del width  # effects are judged by the largest of them
    d = len(design.units)
    kept = np.repeat(group[0].kept, design.rows)
    taken = morris.steps(points[kept], design.unit_of, design.rows, design.levels,
                         design.spans)  # fmt: skip
    if taken is None:
        raise StudyError("a trajectory does not move one setting or group at a time")
    cut = {n: taken._replace(unit=taken.unit[:n], way=taken.way[:n])
           for n in prefixes(len(group[0].y))}  # fmt: skip
    trails, _ = _trails(
        [morris.moments(one.y, taken) for one in group],
        lambda means, n: morris.indices(means, d, n),
        lambda k, n: morris.widenings(group[k].y[:n], cut[n]),
    )
    found = []
    for one, trail in zip(group, trails, strict=True):
        signed = morris.effects(one.y, taken)[1]
        luck = [w.luck for w in morris.widenings(one.y, taken)]
        top = float(trail[-1][1][d : 2 * d].max())
        nothing = _few(one.size.blocks) or ("" if top > 0 else CONSTANT)
        floors = morris.floors(trail[-1][1], trail[-1][3], d)
        made: list[Index] = []
        for place, kind in enumerate(("mu", "mu_star", "sigma")):
            rows = [((design.units[k],), steps_of(trail, place * d + k), luck[place * d + k])
                    for k in range(d) if kind == "mu_star" or signed[k]]  # fmt: skip
            asked = Asked(RELATIVE * top, floors.get(kind, np.nan), _asked_for(one), nothing,
                          SEEDS_OF_FLOOR)  # fmt: skip
            made += _judged(kind, rows, asked)
        found.append(_answer(one, made, floors))
    return found


def _latin(group: Sequence[Held], design: Design, points: Floats, width: float) -> list[Answer]:
    found = []
    for one in group:
        X, y, size = points[one.kept], one.y[:, 0], _asked_for(one)
        few = len(y) < given.FEWEST
        nothing = f"{count(len(y), 'point')}, {given.FEWEST} are needed" if few else ""
        nothing = nothing or (CONSTANT if np.ptp(y.mean(axis=1)) == 0 else "")
        if nothing:
            found.append(_answer(one, _untold(design, one.size, nothing), {}))
            continue
        made: list[Index] = []
        floors: dict[str, float] = {}
        family = one.family * len(design.units)
        for of, most in ((given.pawn, len(y)), (given.delta, given.MOST_DELTA)):
            trail = [(n, of(X[:n], y[:n], family)) for n in prefixes(min(len(y), most))]
            last = trail[-1][1]
            floors[last.kind] = last.floor
            told: Trail = [(n, g.estimate, g.lo, g.hi) for n, g in trail]
            rows = [((unit,), steps_of(told, k), float(last.luck[k]))
                    for k, unit in enumerate(design.units)]  # fmt: skip
            asked = Asked(width, last.floor, size, "", given.SEEDS_OF_LUCK)
            judged = _judged(last.kind, rows, asked)
            made += [_within(index, max(most, size.blocks)) for index in judged]
        made += _quarters(X, y, design, size, floors, family)
        found.append(_answer(one, made, floors))
    return found


def _within(index: Index, most: int) -> Index:
    """The index without a cure that asks for more points than are read."""
    verdict = index.verdict
    if verdict.needed is None or verdict.needed.blocks <= most or index.kind != "delta":
        return index
    reason = f"{verdict.reason}; Delta is read from {given.MOST_DELTA:,} points at most"
    return index._replace(verdict=verdict._replace(reason=reason, needed=None))


def _quarters(
    X: Floats, y: Floats, design: Design, size: Size, floors: dict[str, float], family: int
) -> list[Index]:
    """Regional indices, each judged by `_side`."""
    half = len(y) // 2
    made = []
    both = zip(given.regional(X[:half], y[:half], family), given.regional(X, y, family),
               strict=True)  # fmt: skip
    for before, now in both:
        floors[now.kind] = now.floor
        for k, unit in enumerate(design.units):
            trail = (Step(half // 2, np.nan, np.nan, np.nan),
                     *(Step(n, float(g.estimate[k]), np.nan, np.nan)
                       for n, g in ((half, before), (len(y), now))))  # fmt: skip
            made.append(Index(now.kind, (unit,), trail, _side(before, now, k, size), now.floor))
    return made


def _side(before: given.Given, now: given.Given, k: int, size: Size) -> Verdict:
    """Settled where an index is on one side of its floor at N/2 and N, and whatever the seeds."""
    above = [float(g.estimate[k]) > g.floor for g in (before, now)]
    if not all(np.isfinite((g.estimate[k], g.lo[k], g.hi[k], g.floor)).all()
               for g in (before, now)):  # fmt: skip
        return Verdict(CANNOT_TELL, "equal values cannot be sorted", None, False)
    if size.seeds < given.SEEDS_OF_LUCK:
        return Verdict(CANNOT_TELL, no_floor(size.seeds, given.SEEDS_OF_LUCK), None, False)
    if above[0] != above[1]:
        twice = size._replace(blocks=2 * size.blocks, runs=2 * size.runs)
        side = "it crossed the floor of noise from N/2 to N"
        return Verdict(NOT_YET, side, twice, not above[1])
    if now.lo[k] <= now.floor < now.hi[k]:
        twice = size._replace(seeds=2 * size.seeds, runs=2 * size.runs)
        return Verdict(NOT_YET, "other seeds may put it across its floor", twice, not above[1])
    return Verdict(CONVERGED, "" if above[1] else "below the floor of noise", None, not above[1])


def _untold(design: Design, size: Size, nothing: str) -> list[Index]:
    """Indices of points that tell nothing, each with its verdict."""
    trail = tuple(Step(n, np.nan, np.nan, np.nan) for n in prefixes(size.blocks))
    verdict = Verdict(CANNOT_TELL, nothing, None, False)
    return [Index(kind, (unit,), trail, verdict, np.nan)
            for kind in ("pawn", "delta") for unit in design.units]  # fmt: skip


def _judged(
    kind: str, rows: Sequence[tuple[tuple[Unit, ...], tuple[Step, ...], float]], asked: Asked
) -> list[Index]:
    """Indices of one kind with their verdicts."""
    judged = verdicts([trail for _, trail, _ in rows], [luck for *_, luck in rows], asked)
    return [Index(kind, units, trail, verdict, asked.floor)
            for (units, trail, _), verdict in zip(rows, judged, strict=True)]  # fmt: skip


def _answer(one: Held, made: Sequence[Index], floors: dict[str, float]) -> Answer:
    used = one.y.shape[0] * one.y.shape[1] * one.size.seeds
    dropped = int((~one.kept).sum())
    return Answer(one.question, one.size, used, dropped, "", luck_of(one), tuple(made), floors)
