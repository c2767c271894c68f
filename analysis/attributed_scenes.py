"""What `thalweg effects` compares within: the scenes of a comparison or of a sweep.

A *scene* is one region and horizon under one set of parameters (a *fit*). Scenes that differ in
nothing but the fit make a *group*: the same question, asked of models that pass as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.attribution import Floats, Members
from analysis.comparisons import is_sweep, load_comparison, read_manifest
from analysis.crossed import Design
from analysis.effects import finished
from analysis.headline import ORDER
from analysis.paper_kit import Source, source_of
from analysis.study import OK, Arm, Outcome, Study, StudyError
from analysis.sweep_effects import main_outcomes
from analysis.sweep_study import MISSING, Sweep
from analysis.sweeps import load_sweep

FIT = "parameters"  # the setting whose values are fits


class Scene(NamedTuple):
    """Runs of one region under one fit; ``values`` by outcome, ``status``: [point, seed, arm]."""

    group: str
    fit: str
    arms: tuple[Arm, ...]
    design: Design
    status: NDArray[np.int8]
    values: dict[str, Floats]

    @property
    def bundles(self) -> dict[Members, int]:
        """Place of the arm of every bundle that is imposed; the first where two are the same."""
        found: dict[Members, int] = {}
        for place, arm in enumerate(self.arms):
            if not arm.negotiated:
                found.setdefault(frozenset(arm.mechanisms), place)
        return found

    @property
    def failed(self) -> NDArray[np.bool_]:
        """Runs that ended with an error [point, seed, arm]."""
        return np.asarray((self.status != OK) & (self.status != MISSING), dtype=np.bool_)

    def table(self, key: str) -> Floats:
        """One outcome [point, seed, arm]; NaN where a run failed, is missing or defines none."""
        return self.values[key]

    @property
    def missing(self) -> int:
        """Runs that are not there yet."""
        return int((self.status == MISSING).sum())


class Stage(NamedTuple):
    """Everything that was read: scenes, outcomes, labels, and how the package is made up.

    ``orders``: how many orders of joining were asked for, with their seed. ``inferred``: no package
    was declared, and the one that is used is not that of all mechanisms.
    """

    folder: Path
    scenes: tuple[Scene, ...]
    outcomes: dict[str, Outcome]
    main: tuple[str, ...]
    labels: dict[str, str]  # of mechanisms, in their order
    package: tuple[str, ...]
    orders: int
    order_seed: int
    seeds: int
    years: tuple[float, ...]
    source: Source
    inferred: bool = False

    @property
    def groups(self) -> list[str]:
        """The groups in their order."""
        return list(dict.fromkeys(scene.group for scene in self.scenes))

    def of(self, group: str) -> list[Scene]:
        """The scenes of one group, one for each fit."""
        return [scene for scene in self.scenes if scene.group == group]


def stage(folder: str | Path, keys: tuple[str, ...] = ()) -> Stage:
    """Read a folder. ``keys``: the outcomes that are wanted; none: the headline ones.

    Raises StudyError.
    """
    place = Path(folder)
    manifest = read_manifest(place)
    source: Study | Sweep = load_sweep(place) if is_sweep(manifest) else load_comparison(place)
    strange = [key for key in keys if key not in source.outcomes]
    if strange:
        raise StudyError(unkept(place, strange[0], source.outcomes))
    main = keys or main_of(source)
    scenes = _of_sweep(source, main) if isinstance(source, Sweep) else (_of_study(source, main),)
    labels = {str(one["name"]): str(one["label"])
              for one in source.declarations.get("mechanisms", [])}  # fmt: skip
    told = manifest.get("attribution") or {}
    package = _package(scenes[0].arms, tuple(told.get("package") or ()), (*labels,))
    years = {frame.years for frame in source.frames} if isinstance(source, Sweep) \
        else {source.years}  # fmt: skip
    return Stage(
        place, scenes, {key: source.outcomes[key] for key in main}, main,
        {**labels, **{name: name for name in package if name not in labels}}, package,
        int(told.get("permutations", 0)), int(told.get("seed", 1)),
        scenes[0].status.shape[1], tuple(sorted(years)),
        source_of(source, f"{source.counts.ok:,} runs"),
        not told.get("package") and set(package) != set(labels),
    )  # fmt: skip


def unkept(place: Path, key: str, kept: Iterable[str]) -> str:
    """What to say of an outcome that a folder does not hold."""
    close = get_close_matches(key, list(kept), n=1)
    hint = f"Did you mean '{close[0]}'?" if close else f"Kept: {', '.join(kept)}"
    return f"{place}: no outcome '{key}' is kept there. {hint}"


def main_of(source: Study | Sweep) -> tuple[str, ...]:
    """The headline outcomes in their fixed order; without them the first ones kept."""
    if isinstance(source, Sweep):
        return main_outcomes(source)
    return tuple(key for key in ORDER if key in source.outcomes) or tuple(source.outcomes)[:4]


def _package(
    arms: tuple[Arm, ...], told: tuple[str, ...], known: tuple[str, ...]
) -> tuple[str, ...]:
    """The mechanisms that are shared out: as declared, else of the largest arm, else all known."""
    if told:
        return told
    imposed = [tuple(arm.mechanisms) for arm in arms if not arm.negotiated]
    largest = max(imposed, key=len, default=())
    return largest if len(largest) > 1 else known


def _of_study(study: Study, keys: tuple[str, ...]) -> Scene:
    """A comparison: one point."""
    names = [arm.name for arm in study.arms]
    told = study.manifest.get("seeds") or {}
    asked = range(int(told.get("first", 0)), int(told.get("first", 0)) + int(told.get("count", 0)))
    seeds = np.union1d(np.array(asked, dtype=np.int64), study.runs["seed"].to_numpy())
    shape = (1, len(seeds), len(names))
    status = np.full(shape, MISSING, dtype=np.int8)
    values = {key: np.full(shape, np.nan) for key in keys}
    for a, name in enumerate(names):
        runs = study.runs[study.runs["arm"] == name]
        status[0, np.searchsorted(seeds, runs["seed"]), a] = np.where(runs["status"] == OK, OK, 1)
        ended = finished(study, name)
        at = np.searchsorted(seeds, ended.index)
        for key in keys:
            values[key][0, at, a] = ended[key].astype(float)
    return Scene(study.region_label, "", study.arms, Design(np.zeros(1, dtype=np.int64), False),
                 status, values)  # fmt: skip


def _of_sweep(sweep: Sweep, keys: tuple[str, ...]) -> tuple[Scene, ...]:
    """A sweep: one scene per frame; the fit is taken out of its label."""
    values = sweep.values(keys)
    many = len({_fit(frame.settings) for frame in sweep.frames}) > 1
    names = {str(one.get("name")): str(one.get("label")) for one in sweep.regions.values()}
    found = []
    for f, frame in enumerate(sweep.frames):
        rest = [f"{key.rpartition('.')[2]} {value}" for key, value in frame.settings.items()
                if key not in {"region", FIT}]  # fmt: skip
        region = names.get(frame.name, frame.name)
        group = f"{region} ({', '.join(rest)})" if rest else region
        own = {key: values[key][f] for key in keys}
        found.append(Scene(group, _fit(frame.settings) if many else "", frame.arms, sweep.design,
                           sweep.status[sweep.row[f]], own))  # fmt: skip
    return tuple(found)


def _fit(settings: dict[str, Any]) -> str:
    return str(settings.get(FIT, ""))
