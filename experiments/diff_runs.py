"""The runs of ``thalweg diff``: simulated under the same seeds, or read as folders keep them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from analysis.changes import Table
from analysis.study import OK, Outcome
from experiments import console
from experiments.execute import BATCH, ensemble
from experiments.pilot import consent, time_told
from experiments.provenance import cache_is_warm, thread_count
from experiments.study import Study

TIMED_FROM = 1000  # runs from which the work is timed first, as in a comparison


class Expectation(NamedTuple):
    """What is expected of runs that are not kept."""

    runs: int
    seconds: float
    size: float = 0.0

    @property
    def told(self) -> str:
        """One line for people."""
        return f"{self.runs} runs: about {time_told(self.seconds)} (from a timed pilot)"


def headline_outcomes() -> dict[str, Outcome]:
    """The outcomes of the headline as they are declared."""
    from analysis.headline import ORDER
    from sim.outcomes import OUTCOMES

    own = {key: OUTCOMES[key] for key in ORDER}
    return {key: Outcome(key, one.label, one.unit, one.better, one.kind, one.about)
            for key, one in own.items()}  # fmt: skip


def simulated(
    studies: Mapping[str, Study], arms: Sequence[str], seeds: Sequence[int], *,
    threads: int | None, yes: bool,
) -> dict[str, Table]:  # fmt: skip
    """Every version of a study under the same seeds. Raises UsageError where it is too long."""
    total = len(studies) * len(arms) * len(seeds)
    if not cache_is_warm():
        console.note("compiling the model, once for this version: about a minute")
    if total >= TIMED_FROM:
        consent(_expected(next(iter(studies.values())), arms, total, threads), yes)
    found: dict[str, Table] = {}
    with console.Progress(total) as bar:
        for name, study in studies.items():
            begun = len(found) * len(arms) * len(seeds)
            found[name] = _table(study, arms, seeds, (threads, bar, begun))
    return found


def _expected(study: Study, arms: Sequence[str], total: int, threads: int | None) -> Expectation:
    """Simulate a few runs: mean time of all. The first one compiles."""
    few = _scenarios(study, arms, range(study.first_seed, study.first_seed + BATCH))
    ensemble(few[:1], threads, lambda _: None)
    few = few[: BATCH * (threads or thread_count())]
    begun = time.perf_counter()
    ensemble(few, threads, lambda _: None)
    return Expectation(total, (time.perf_counter() - begun) / len(few) * total)


def _scenarios(study: Study, arms: Sequence[str], seeds: Sequence[int]) -> list[object]:
    own = {arm.name: arm for arm in study.arms}
    bases = [study.scenario(own[name], seeds[0]) for name in arms]
    return [base._replace(seed=seed) for seed in seeds for base in bases]


def _table(
    study: Study, arms: Sequence[str], seeds: Sequence[int],
    work: tuple[int | None, console.Progress, int],
) -> Table:  # fmt: skip
    """All arms of one version."""
    threads, bar, begun = work
    results, _ = ensemble(_scenarios(study, arms, seeds), threads,
                          lambda done: bar.reached(begun + done))  # fmt: skip
    shape = (len(seeds), len(arms))
    status = results.status.reshape(shape)
    bar.failed += int((status != OK).sum())
    values = {key: np.where(status == OK, results.outcomes[key].reshape(shape), np.nan)
              for key in headline_outcomes()}  # fmt: skip
    return Table(values, status)
