"""The book of a study: all that a worker needs to simulate its runs, as plain values in one file.

``plan.json`` holds the cases (region, horizon, parameters, arms), what is kept of a run and the
digest of the model that must simulate it. With ``runs.parquet`` (one row per run: case, arm, seed,
values of the sampled settings) a run can be made again on any machine, without configs or Hydra.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.arms import Arm
from experiments.exits import UsageError
from experiments.model_digest import model_digest
from experiments.plan import Layout, Plan
from experiments.regions import rebuilt
from experiments.study import region_digest

BOOK = "plan.json"


class Case(NamedTuple):
    """One frame: everything about a run but its seed and the values of the sampled settings."""

    region: Any  # sim.region.Region
    years: float
    spinup_years: float
    tick_weeks: float
    parameters: dict[str, float]
    arms: tuple[Arm, ...]


class Base(NamedTuple):
    """A scenario of one case and arm, and where each sampled setting goes in it."""

    scenario: Any
    places: tuple[tuple[str, int], ...]

    def of(self, values: np.ndarray, seed: int) -> Any:
        """The scenario of one run; ``values`` of the sampled settings in their order."""
        if not self.places:
            return self.scenario._replace(seed=seed)
        row = self.scenario.parameters.copy()
        whole = {name: getattr(self.scenario, name).copy()
                 for name in ("intensity", "negotiable", "from_year")}  # fmt: skip
        for (what, place), value in zip(self.places, values, strict=True):
            if what == "parameters":
                row[place] = value
            elif what == "intensity":
                whole["intensity"][place] *= value
                whole["negotiable"][place] *= value
            elif what == "from_year":
                whole["from_year"][place] = value
        return self.scenario._replace(parameters=row, seed=seed, **whole)


class Book(NamedTuple):
    """Cases, sampled settings and layout; ``model``: digest of the model."""

    cases: tuple[Case, ...]
    factors: tuple[str, ...]
    layout: Layout
    model: str
    regions: tuple[str, ...]  # digest of the region of each case
    bases: dict[tuple[int, int], Base]

    def base(self, case: int, arm: int) -> Base:
        """The scenario of a case and an arm, built once."""
        key = (case, arm)
        if key not in self.bases:
            self.bases[key] = _base(self.cases[case], arm, self.factors)
        return self.bases[key]

    def cell(self, case: int, arm: int, values: np.ndarray) -> bytes:
        """Hash of everything about a run but its seed: arm, region, frame and every number."""
        one = self.base(case, arm).of(values, 0)
        digest = hashlib.sha256(f"{self.model}{self.regions[case]}".encode())
        digest.update(self.cases[case].arms[arm].name.encode())
        digest.update(repr((one.years, one.spinup_years, one.tick_weeks)).encode())
        for array in (one.parameters, one.intensity, one.negotiable, one.from_year):
            digest.update((array + 0.0).tobytes())
        return digest.digest()


def book_content(plan: Plan) -> dict[str, Any]:
    """Plain values of ``plan.json``."""
    places = {case.parts["region content"]: case.source for case in plan.cases}
    return {
        "model_digest": plan.head.parts["model code"],
        "layout": plan.layout._asdict(),
        "factors": [factor.content for factor in plan.sampled],
        "crossed": [factor.content for factor in plan.crossed],
        "method": plan.head.settings["method"],
        "problem": plan.problem,
        "regions": places,
        "cases": [
            {
                "values": values,
                "region": case.parts["region content"],
                **{key: float(case.settings[key]) for key in ("years", "spinup_years",
                                                              "tick_weeks")},
                "parameters": case.parameters,
                "arms": [arm._asdict() for arm in case.arms],
            }
            for values, case in zip(plan.values, plan.cases, strict=True)
        ],
    }  # fmt: skip


def read_book(content: Mapping[str, Any]) -> Book:
    """The book of plain values. Raises UsageError where a region is not what it was."""
    regions = {digest: rebuilt(kept) for digest, kept in content["regions"].items()}
    for digest, region in regions.items():
        if region_digest(region) != digest:
            raise UsageError(f"the region {region.name} cannot be made again as it was.")
    cases = tuple(
        Case(regions[c["region"]], c["years"], c["spinup_years"], c["tick_weeks"],
             c["parameters"], tuple(Arm(**arm) for arm in c["arms"]))
        for c in content["cases"]
    )  # fmt: skip
    kept = content["layout"]
    layout = Layout(tuple(kept["outcomes"]), tuple(kept["series"]), kept["every"], kept["events"])
    keys = tuple(factor["key"] for factor in content["factors"])
    where = tuple(c["region"] for c in content["cases"])
    return Book(cases, keys, layout, content["model_digest"], where, {})


def open_book(folder: Path) -> Book:
    """The book of a study folder. Raises UsageError when there is none, or it cannot be read."""
    path = folder / BOOK
    try:
        return read_book(json.loads(path.read_text(encoding="utf-8")))
    except OSError:
        raise UsageError(f"{folder}: holds no study of compare or sweep.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: not readable ({error}).") from None


def check_model(book: Book, folder: Path) -> None:
    """Refuse to go on with another model than the one that began. Raises UsageError."""
    if book.model != model_digest():
        raise UsageError(
            f"{folder}: was simulated by model code {book.model[:16]}, this is "
            f"{model_digest()[:16]}. provenance.json names the commit and version to install."
        )


def _base(case: Case, arm: int, factors: tuple[str, ...]) -> Base:
    """Build the scenario of an arm; swept intensities stand at 1, to be scaled run by run."""
    from sim.mechanisms import NAMES
    from sim.parameters import KEYS
    from sim.scenario import scenario

    chosen = case.arms[arm]
    swept = {key.split(".")[1] for key in factors if key.endswith(".intensity")}
    whole = [
        {name: 1.0 if name in swept else value for name, value in given.items()}
        for given in (chosen.mechanisms, chosen.negotiated)
    ]
    built = scenario(
        case.region, parameters=case.parameters, mechanisms=whole[0], negotiated=whole[1],
        from_years=chosen.from_years, dyads=chosen.dyads, years=case.years,
        spinup_years=case.spinup_years, tick_weeks=case.tick_weeks,
    )  # fmt: skip
    places = []
    for key in factors:
        root, _, rest = key.partition(".")
        name, _, leaf = rest.partition(".")
        if root == "parameters":
            places.append(("parameters", KEYS.index(rest)))
        elif leaf == "intensity":
            places.append(("intensity", NAMES.index(name)))
        elif name in chosen.from_years:
            places.append(("from_year", NAMES.index(name)))
        else:
            places.append(("absent", -1))
    return Base(built, tuple(places))
