"""The mixes of a study folder: which mechanisms each arm holds, and its runs state by state.

A *mix* is an arm whose mechanisms are imposed; a *state* of the world is a frame of a sweep (a fit,
a background, a region), a point of it, or the points that share a band of one swept setting. Only
cells (frame, point, seed) in which every mix finished count, so that all mixes are compared over
the same draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis import words
from analysis.censored import FIRST_TIMES, at_risk
from analysis.comparisons import is_sweep, load_comparison, read_manifest
from analysis.crossed import Design
from analysis.study import OK, Arm, Outcome, Study, StudyError
from analysis.sweep_effects import bins_of
from analysis.sweep_study import MISSING, Sweep
from analysis.sweeps import load_sweep

FRAMES, POINTS = "frames", "points"
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Place(NamedTuple):
    """A state of the world: its frame and which of the points belong to it."""

    label: str
    frame: int
    points: Flags  # [point]


class Mixes(NamedTuple):
    """A study read for a portfolio. Values: ``of(key)`` [frame, point, seed, mix], NaN: no run."""

    folder: Path
    arms: tuple[Arm, ...]
    left_out: tuple[str, ...]  # arms that leave something to negotiation
    mechanisms: tuple[str, ...]
    labels: dict[str, str]  # of the mechanisms, as declared
    members: Flags  # [mix, mechanism]
    states: tuple[Place, ...]
    design: Design
    outcomes: dict[str, Outcome]
    years: float
    region: str
    status: NDArray[np.int8]  # [frame, point, seed, mix]: OK, failed, MISSING
    complete: bool
    source: Any  # Study or Sweep
    held: dict[str, Floats]  # outcomes that were read

    def of(self, key: str) -> Floats:
        """One outcome [frame, point, seed, mix]."""
        if key not in self.held:
            kept = [place for place, arm in enumerate(self.source.arms) if arm in self.arms]
            if isinstance(self.source, Sweep):
                self.held[key] = np.asarray(self.source.values([key])[key][..., kept])
            else:
                self.held[key] = _column(self.source, key)[None, None][..., kept]
        return self.held[key]

    @property
    def whole(self) -> Flags:
        """[frame, point, seed]: every mix finished there."""
        return np.asarray((self.status == OK).all(axis=-1))


def read_mixes(folder: str | Path, by: str = FRAMES) -> Mixes:
    """Read a folder of `compare` or `sweep`. Raises StudyError.

    ``by``: what a state is: ``frames``, ``points``, or the key of a swept setting.
    """
    place = Path(folder)
    several = is_sweep(read_manifest(place))
    source: Study | Sweep = load_sweep(place) if several else load_comparison(place)
    arms = tuple(arm for arm in source.arms if not arm.negotiated)
    left_out = tuple(arm.name for arm in source.arms if arm.negotiated)
    if len(arms) < 2:
        raise StudyError(f"{place}: {words.count(len(arms), 'mix')} of imposed mechanisms; two at "
                         "least are needed. thalweg sweep arms=subsets:A,B,C makes all mixes of "
                         "some mechanisms.")  # fmt: skip
    named = {m for arm in arms for m, strength in arm.mechanisms.items() if strength > 0}
    declared = [str(m["name"]) for m in source.declarations.get("mechanisms", [])]
    mechanisms = tuple([m for m in declared if m in named] + sorted(named - {*declared}))
    told = {str(m["name"]): str(m.get("label") or m["name"])
            for m in source.declarations.get("mechanisms", [])}  # fmt: skip
    members = np.array([[arm.mechanisms.get(m, 0.0) > 0 for m in mechanisms] for arm in arms])
    if len({tuple(row) for row in members.tolist()}) < len(arms):
        raise StudyError(f"{place}: two arms hold the same mechanisms, so they are one mix")
    status, design = _status(source, arms)
    return Mixes(place, arms, left_out, mechanisms, {m: told.get(m, m) for m in mechanisms},
                 members, _states(source, by), design, source.outcomes, _years(source),
                 _region(source), status, bool(source.manifest.get("complete", True)),
                 source, {})  # fmt: skip


def _status(source: Study | Sweep, arms: Sequence[Arm]) -> tuple[NDArray[np.int8], Design]:
    kept = [place for place, arm in enumerate(source.arms) if arm in arms]
    if isinstance(source, Sweep):
        return np.asarray(source.status[source.row][..., kept]), source.design
    return _statuses(source)[None, None][..., kept], Design(np.zeros(1, dtype=np.int64),
                                                            sampled=False)  # fmt: skip


def _cells(study: Study) -> tuple[tuple[int, int], np.ndarray, np.ndarray]:
    """(seeds, arms) of a comparison, and the place of every run in that table."""
    names = {arm.name: place for place, arm in enumerate(study.arms)}
    seeds = study.runs["seed"].to_numpy()
    every = np.unique(seeds)
    return ((every.size, len(names)), np.searchsorted(every, seeds).astype(np.int64),
            study.runs["arm"].map(names).to_numpy(dtype=np.int64))  # fmt: skip


def _statuses(study: Study) -> NDArray[np.int8]:
    shape, seed, arm = _cells(study)
    table = np.full(shape, MISSING, dtype=np.int8)
    table[seed, arm] = np.where(study.runs["status"].to_numpy() == OK, OK, 1)
    return table


def _column(study: Study, key: str) -> Floats:
    """One outcome [seed, arm]; a first event that never came counts with the horizon."""
    shape, seed, arm = _cells(study)
    table = np.full(shape, np.nan)
    table[seed, arm] = study.runs[key].to_numpy(dtype=float)
    ended = _statuses(study) == OK
    table[~ended] = np.nan
    if key in FIRST_TIMES:
        risky = np.array([at_risk(one, key) for one in study.arms])
        table[ended & risky & np.isnan(table)] = study.years
    return table


def _states(source: Study | Sweep, by: str) -> tuple[Place, ...]:
    """What the states are; one for a comparison."""
    if not isinstance(source, Sweep):
        if by != FRAMES:
            raise StudyError(f"states={by}: a comparison has one state; states are for sweeps")
        return (Place(source.region_label, 0, np.ones(1, dtype=bool)),)
    count = len(source.points)
    bands: list[tuple[str, Flags]] = [("", np.ones(count, dtype=bool))]
    if by == POINTS:
        bands = [(_told(source, p), np.arange(count) == p) for p in range(count)]
    elif by != FRAMES:
        bands = _bands(source, by)
    return tuple(
        Place(", ".join(part for part in (frame.label if len(source.frames) > 1 or not band
                                          else "", band) if part), f, own)
        for f, frame in enumerate(source.frames)
        for band, own in bands
    )  # fmt: skip


def _told(sweep: Sweep, point: int) -> str:
    numbers = zip(sweep.sampled, sweep.points[point], strict=True)
    return ", ".join(f"{factor.label} {number:.3g}" for factor, number in numbers)


def _bands(sweep: Sweep, key: str) -> list[tuple[str, Flags]]:
    """Bands of one swept setting with about equal numbers of points."""
    keys = [factor.key for factor in sweep.sampled]
    if key not in keys:
        known = ", ".join([FRAMES, POINTS, *keys])
        raise StudyError(f"states={key}: no such setting was sampled. Known: {known}")
    place = keys.index(key)
    factor = sweep.sampled[place]
    bins, where = bins_of(factor, sweep.points[:, place])
    return [(f"{factor.label} {one.label or _ends(one.lo, one.hi)}", where == b)
            for b, one in enumerate(bins)]  # fmt: skip


def _ends(lo: float, hi: float) -> str:
    return f"{lo:.3g}" if lo == hi else f"{lo:.3g} to {hi:.3g}"


def _years(source: Study | Sweep) -> float:
    return max(f.years for f in source.frames) if isinstance(source, Sweep) else source.years


def _region(source: Study | Sweep) -> str:
    if not isinstance(source, Sweep):
        return source.region_label
    labels = list(dict.fromkeys(str(r.get("label", n)) for n, r in source.regions.items()))
    return labels[0] if len(labels) == 1 else f"{len(labels)} regions"
