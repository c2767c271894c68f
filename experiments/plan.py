"""A plan: every run of a study, as cases x points x seeds x arms, checked before anything runs.

A *case* is one combination of settings that change the frame (region, prepared set of parameters,
years, length of a tick, options of an invented region); a *point* is one value of every sampled
setting. All arms of a seed stand side by side and every point sees the same seeds (common random
numbers), so that whatever is finished early is already paired.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.compose import Settled, resettle, settle
from experiments.exits import UsageError
from experiments.factors import Factor, cell_of, is_structural
from experiments.sampling import points
from experiments.settings import SWEEP_SEEDS
from experiments.study import Study, study_of
from experiments.sweep_checks import DYAD_PEAK, every_outcome, every_series, faults_of_sweep


class Layout(NamedTuple):
    """What is kept of every run. ``every``: quarters between two points of the series."""

    outcomes: tuple[str, ...]
    series: tuple[str, ...]
    every: int
    events: bool


class Plan(NamedTuple):
    """Every run that is asked for.

    ``crossed``: factors that make cases; ``sampled``: factors that make points, ``points``
    [point, factor] their values. ``values``: the crossed values of each case.
    """

    command: str
    cases: tuple[Study, ...]
    values: tuple[dict[str, Any], ...]
    crossed: tuple[Factor, ...]
    sampled: tuple[Factor, ...]
    points: np.ndarray
    problem: dict[str, Any]
    layout: Layout
    given: dict[str, Any]  # settings that the user gave, by key

    @property
    def head(self) -> Study:
        """The first case; arms, seeds and most settings are those of all."""
        return self.cases[0]

    @property
    def asked(self) -> int:
        """Runs asked for; equal points are simulated once."""
        return len(self.cases) * len(self.points) * self.head.runs

    @property
    def _named(self) -> list[dict[str, Any]]:
        """Crossed values of each case, its region by name: where its file lies does not count."""
        return [{key: case.region.name if key == "region" else value
                 for key, value in values.items()}
                for values, case in zip(self.values, self.cases, strict=True)]  # fmt: skip

    @property
    def by_name(self) -> list[Factor]:
        """The crossed factors, regions by name."""
        regions = tuple(dict.fromkeys(case.region.name for case in self.cases))
        return [factor._replace(values=regions) if factor.key == "region" else factor
                for factor in self.crossed]  # fmt: skip

    @property
    def told(self) -> list[dict[str, Any]]:
        """Crossed values of each case as they are read in a table: a list is one text."""
        return [{key: cell_of(value) for key, value in values.items()} for values in self._named]

    @property
    def parts(self) -> dict[str, Any]:
        """Everything that can change a number, in words."""
        settings = self.head.settings
        factors = (*self.by_name, *self.sampled)
        mine = {} if self.command != "sweep" else {
            "cases": [[values, case.parts["region content"], _digest(case.parameters)]
                      for values, case in zip(self._named, self.cases, strict=True)],
            "factors": [factor._replace(where="") for factor in factors],
            "method": settings["method"],
            "n": settings["n"],
            "design_seed": settings["design_seed"],
            "points": hashlib.sha256(self.points.tobytes()).hexdigest(),
        }  # fmt: skip
        layout = {"outcomes": list(self.layout.outcomes), "series": list(self.layout.series),
                  "series_every": self.layout.every, "events": self.layout.events}  # fmt: skip
        plain: dict[str, Any] = json.loads(json.dumps({**self.head.parts, **mine, **layout}))
        return plain

    @property
    def identity(self) -> str:
        """64 hex digits."""
        return _digest(self.parts)

    @property
    def folder(self) -> Path:
        """Where the results go."""
        if self.head.settings["out"] is not None:
            return Path(self.head.settings["out"])
        names = "+".join(sorted({case.region.name for case in self.cases})[:3])
        return Path("results") / f"{self.command}-{names}-{self.identity[:10]}"


def _digest(content: Any) -> str:
    """64 hex digits of plain values."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def compare_plan(words: Sequence[str], config: str | None, config_dir: str | None) -> Plan:
    """The plan of ``thalweg compare``: one case, one point. Raises UsageError."""
    study = study_of("compare", settle(words, config, config_dir))
    layout = Layout(every_outcome(), (*every_series(), DYAD_PEAK), 1, events=False)
    nothing = np.zeros((1, 0))
    return Plan("compare", (study,), ({},), (), (), nothing, {}, layout, {})


def sweep_plan(words: Sequence[str], config: str | None, config_dir: str | None) -> Plan:
    """The plan of ``thalweg sweep``. Raises UsageError with every mistake; writes nothing."""
    settled = settle(words, config, config_dir, sweeping=True)
    if settled.was_given("seeds") is None and not settled.in_own_config("seeds"):
        settled.values["seeds"] = SWEEP_SEEDS
    crossed = tuple(f for f in settled.factors if is_structural(f.key))
    sampled = tuple(f for f in settled.factors if f not in crossed)
    values = settled.values
    mistakes = [*settled.mistakes, *faults_of_sweep(settled, crossed, sampled)]
    if mistakes:
        try:
            study_of("sweep", settled._replace(mistakes=mistakes))
        except UsageError as error:
            raise UsageError(_once(error.messages)) from None
    combinations = [
        dict(zip([f.key for f in crossed], chosen, strict=True))
        for chosen in itertools.product(*[f.values for f in crossed])
    ]
    cases = _cases(settled, combinations)
    made = points(sampled, values["method"], values["n"] or 1, values["design_seed"],
                  levels=values["levels"], second_order=values["second_order"])  # fmt: skip
    return Plan("sweep", cases, tuple(combinations), crossed, sampled, made.values, made.problem,
                _layout(values), {a.key: a.value for a in settled.given})  # fmt: skip


def _cases(settled: Settled, combinations: Sequence[dict[str, Any]]) -> tuple[Study, ...]:
    """Every combination of the crossed settings, each composed and checked by itself."""
    found: list[Study] = []
    mistakes: list[str] = []
    for chosen in combinations:
        own = resettle(settled, chosen) if chosen else settled
        own.values["seeds"] = settled.values["seeds"]
        try:
            found.append(study_of("sweep", own))
        except UsageError as error:
            mistakes += error.messages
    if mistakes:
        raise UsageError(_once(mistakes))
    by_name: dict[str, Any] = {}
    for case, chosen in zip(found, combinations, strict=True):
        file = chosen.get("region")
        if by_name.setdefault(case.region.name, file) != file:
            both = f"{by_name[case.region.name]} and {file}"
            raise UsageError(f"region: {both} hold regions of one name, '{case.region.name}'. Give "
                             "them different names, by 'name:' in the file.")  # fmt: skip
    return tuple(found)


def _layout(values: dict[str, Any]) -> Layout:
    series = values["series"] or []
    kept = [*every_series(), DYAD_PEAK] if "all" in series else series
    return Layout(
        tuple(values["outcomes"] or every_outcome()), tuple(kept), values["series_every"],
        values["events"],
    )  # fmt: skip


def _once(messages: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(messages))
