"""Planted stages for the tests of `thalweg effects`: values drawn, the truth known, no model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from analysis.attributed_scenes import Scene, Stage
from analysis.attribution import Members, needed, subsets
from analysis.crossed import Design
from analysis.paper_kit import Source
from analysis.study import OK, Arm, Outcome

CRISIS = Outcome("crisis_resource", "Crisis", "probability", "lower", "probability", "")
HARM = Outcome("harm", "Harm", "index", "lower", "level", "")
TALK = Outcome("talk", "Talk", "1/year", "none", "rate", "")
PACKAGE = ("alpha", "beta", "gamma", "idle")
Truth = Callable[[Members, str], float]


def bundles(package: Sequence[str] = PACKAGE, orders: int = 0) -> list[Members]:
    """All bundles of a small package, or those of some orders."""
    return needed(package, orders, 1) if orders else subsets(package)


def harm(bundle: Members, fit: str = "") -> float:
    """Alpha helps, beta backfires, gamma helps only beside alpha and turns with the fit; idle."""
    turn = -1.0 if fit == "turned" else 1.0
    return 10.0 - 2.0 * ("alpha" in bundle) + 1.5 * ("beta" in bundle) - 1.0 * turn * (
        "gamma" in bundle
    )


def acting(bundle: Members) -> Members:
    """The bundle without what does nothing: runs of both are the same, bit for bit."""
    return bundle - {"idle"}


def scene(
    held: Sequence[Members], seeds: int, *, truth: Truth = harm, fit: str = "", noise: float = 1.0,
    outcome: Outcome = HARM, start: int = 0,
) -> Scene:  # fmt: skip
    """One scene: a common luck per seed, and a luck of every bundle that is not idle."""
    shared = np.random.default_rng([start, 1]).normal(size=seeds)
    columns: dict[Members, np.ndarray] = {}
    for one in held:
        kept = acting(one)
        own = np.random.default_rng([start, *sorted(sum(map(ord, m)) for m in kept)])
        raw = truth(kept, fit) + shared + noise * own.normal(size=seeds)
        columns[one] = (raw > 0).astype(float) if outcome.is_probability else raw
    values = np.stack([columns[one] for one in held], axis=1)[None]
    arms = tuple(Arm("+".join(sorted(one)) or "none", "+".join(sorted(one)) or "none",
                     dict.fromkeys(sorted(one), 1.0)) for one in held)  # fmt: skip
    return Scene("Testland", fit, arms, Design(np.zeros(1, dtype=np.int64), False),
                 np.full(values.shape, OK, dtype=np.int8), {outcome.key: values})  # fmt: skip


def stage(
    scenes: Sequence[Scene], outcome: Outcome = HARM, package: Sequence[str] = PACKAGE,
    orders: int = 8,
) -> Stage:  # fmt: skip
    """A stage of such scenes."""
    labels: Mapping[str, str] = {name: name.title() for name in package}
    return Stage(Path("planted"), tuple(scenes), {outcome.key: outcome}, (outcome.key,),
                 dict(labels), tuple(package), orders, 1, scenes[0].status.shape[1],
                 (20.0,), Source("", "planted", ""))  # fmt: skip


def failing(one: Scene, arm: int, seeds: Sequence[int]) -> Scene:
    """The scene with failed runs in one arm."""
    status = one.status.copy()
    status[0, list(seeds), arm] = 1
    values = {key: np.where(status == OK, table, np.nan) for key, table in one.values.items()}
    return one._replace(status=status, values=values)
