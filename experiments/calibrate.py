"""``thalweg calibrate``: a set of fits to the patterns that may be calibrated on.

Every structure is matched on its own, in waves. Every point has seeds of its own: with one set for
all, the search fits the luck of that set. The most plausible places are then simulated with several
ensembles of seeds that the search has not used, and kept where these meet every target together. An
ensemble that was simulated is found again, so a stopped calibration goes on where it was.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from experiments import console, store
from experiments.calibration_plan import Structure, split
from experiments.ensemble_store import identity_of, watched
from experiments.exits import FAILED, INTERRUPTED, OK, UsageError
from experiments.observe import Watched
from experiments.provenance import ended, provenance
from experiments.validate import Request, read_request

WAVES = 4  # after the first
FITS = 3  # of a structure at most
TRIES = 4  # places of a structure that are looked at again
AGAIN = 4  # ensembles of each of these
PER_AXIS = 3  # points of the first wave per free parameter


class Point(NamedTuple):
    """One simulated parameter point. Axis of values: target.

    ``held``: held-out patterns as they fall, of a confirmed point only; nothing is chosen by them.
    """

    position: np.ndarray
    value: np.ndarray
    variance: np.ndarray
    held: dict[str, Any] | None = None


class Found(NamedTuple):
    """What is known of a structure after the search."""

    structure: Structure
    points: list[Point]
    kept_share: list[float]  # of the space, after each wave
    fits: list[tuple[Point, Point]]  # as searched, as looked at again with fresh seeds
    nearest: Point  # of those that were looked at again


def calibrate(arguments: argparse.Namespace) -> int:
    """Search, confirm, write the fits; returns the exit code."""
    _check_library()
    arguments.roots = 1
    request, structures = calibration_request(arguments)
    budget = arguments.budget
    least = sum(PER_AXIS * len(s.axes) + WAVES for s in structures)
    if budget < least:
        raise UsageError(f"--budget {budget}: at least {least} ensembles are needed: "
                         f"{PER_AXIS} per free parameter and structure.")  # fmt: skip
    console.note(f"{len(structures)} structures, {budget} ensembles of {request.plan.histories} "
                 f"histories and {request.plan.years} years")  # fmt: skip
    with store.locked(request.folder):
        record = provenance(request.threads)
        with console.Progress(budget + TRIES * AGAIN * len(structures)) as progress:
            runner = Runner(request, progress)
            try:
                found = [runner.search(s, budget // len(structures), row)
                         for row, s in enumerate(structures)]  # fmt: skip
            except KeyboardInterrupt:
                console.note(f"{runner.done} ensembles done; the same command continues.")
                return INTERRUPTED
        from experiments.fits import write_fits

        lines = write_fits(request, found, ended(record))
    console.say(*lines)
    return OK if any(each.fits for each in found) else FAILED


class Runner:
    """Simulates parameter points, or finds them on disk, and walks through the waves."""

    def __init__(self, request: Request, progress: console.Progress) -> None:
        self.request, self.progress, self.done = request, progress, 0

    def search(self, structure: Structure, budget: int, row: int) -> Found:
        """All waves of one structure, then the confirmation of what passes."""
        from analysis import history_matching as matching

        seed = 1000 * (row + 1)
        axes = len(structure.axes)
        first = max(PER_AXIS * axes, budget // 2)
        points: list[Point] = []
        self.more(structure, points, matching.spread(first, axes, seed))
        shares = []
        for wave, size in enumerate(_waves(budget - first), 1):
            places, share = matching.next_wave(_known(points), size, seed + wave)
            shares.append(share)
            self.more(structure, points, places)
        looked = self.look_again(structure, points, seed + WAVES + 1)
        met = [pair for pair in looked if matching.met(pair[1].value, pair[1].variance).all()]
        nearest = min((again for _, again in looked), key=_miss)
        return Found(structure, points, shares, met[:FITS], nearest)

    def more(self, structure: Structure, points: list[Point], places: np.ndarray) -> None:
        """Simulate every place with seeds that no other point of the structure has."""
        for place in places:
            points.append(self.point(structure, place, range(len(points), len(points) + 1)))

    def look_again(
        self, structure: Structure, points: list[Point], seed: int
    ) -> list[tuple[Point, Point]]:
        """Points that the emulators hold most plausible, far apart, and each with fresh seeds.

        What a point itself gave is luck in part; emulators have seen its neighbours, too.
        """
        from analysis import history_matching as matching

        places = np.array([p.position for p in points])
        found = matching.implausibility(*matching.emulate(_known(points), places, seed))
        pool = np.argsort(found)[: 3 * TRIES]
        chosen = pool[matching.apart(places[pool], TRIES)]
        fresh = range(len(points), len(points) + AGAIN)
        return [(points[k], self.point(structure, places[k], fresh, held=True)) for k in chosen]

    def point(
        self, structure: Structure, position: np.ndarray, roots: range, held: bool = False
    ) -> Point:
        """Simulate the mix of borders at one point of the space, once for every root."""
        from analysis import history_matching as matching

        chosen = parameters_at(structure, position)
        made = [self.ensemble(chosen, root) for root in roots]
        counts = np.concatenate([each.counts for each in made])
        border = np.concatenate([each.border for each in made])
        value, variance = matching.seen(counts, border)
        return Point(position, value, variance, held_out(counts, border) if held else None)

    def ensemble(self, chosen: dict[str, float], root: int) -> Watched:
        """Every border once, simulated or found on disk; histories that failed are left out."""
        identity = identity_of([self.request.parts, chosen, root])
        part = int(identity[:12], 16) % 1_000_000
        tasks: Callable[[], Any] = partial(self.request.plan.tasks, root, chosen)
        made = watched(self.request.folder, part, identity, tasks, self.request.threads)
        self.done += 1
        self.progress.reached(self.done)
        return made.good


def held_out(counts: np.ndarray, border: np.ndarray) -> dict[str, Any]:
    """Verdict of every held-out pattern, and [value, lo, hi] of each of its measures."""
    from analysis.patterns import REPORTED
    from analysis.patterns.score import score

    return {
        each.pattern.key: {
            "verdict": each.verdict,
            "measures": {found.measure.key: [_rounded(n) for n in (found.value, found.lo, found.hi)]
                         for found in each.views[REPORTED]},
        }
        for each in score(counts, border) if each.pattern.use == "H"
    }  # fmt: skip


def _rounded(number: float) -> float | None:
    return float(f"{number:.4g}") if np.isfinite(number) else None


def parameters_at(structure: Structure, position: np.ndarray) -> dict[str, float]:
    """Parameters of one point, rounded to five digits so that they can be written down."""
    free = {
        axis.key: float(f"{float(axis.at(np.asarray(share))):.5g}")
        for axis, share in zip(structure.axes, position, strict=True)
    }
    return {**structure.fixed, **free}


def _waves(left: int) -> list[int]:
    """Sizes of the later waves."""
    each, more = divmod(left, WAVES)
    return [size for k in range(WAVES) if (size := each + (1 if k < more else 0)) > 0]


def _known(points: list[Point]) -> Any:
    from analysis.history_matching import Known

    return Known(*(np.array(column) for column in zip(*(p[:3] for p in points), strict=True)))


def _miss(point: Point) -> float:
    """Largest implausibility of a simulated point."""
    from analysis.history_matching import implausibility

    return float(implausibility(point.value[None], point.variance[None])[0])


def calibration_request(
    arguments: argparse.Namespace,
) -> tuple[Request, tuple[Structure, ...]]:
    """What was asked for, with the rival structures of the study file. Raises UsageError."""
    found: list[tuple[Structure, ...]] = []

    def divide(content: dict[str, Any], where: str) -> dict[str, Any]:
        rest, structures = split(content, where)
        found.append(structures)
        return rest

    request = read_request(arguments, "calibrate", arguments.study or "calibration", divide)
    return request, found[0]


def _check_library() -> None:
    from importlib.util import find_spec

    if find_spec("sklearn") is None:
        raise UsageError("calibrate needs scikit-learn: install thalweg with the extra 'calibrate',"
                         " for example: pip install 'thalweg[calibrate]'")  # fmt: skip
