"""Runs of a study as a table [seed, arm], so that two folders can be set side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.changes import Table
from analysis.effects import finished
from analysis.study import Study
from analysis.sweep_study import MISSING


def own_seeds(study: Study) -> list[int]:
    """Every seed of which the folder holds a run."""
    return sorted({int(seed) for seed in study.runs["seed"].tolist()})


def shared_seeds(a: Study, b: Study) -> list[int]:
    """Seeds of which both folders hold runs."""
    return sorted({*own_seeds(a)} & {*own_seeds(b)})


def kept(study: Study, arms: Sequence[str], seeds: Sequence[int], keys: Sequence[str]) -> Table:
    """The runs of a folder as they are kept; NaN where a run is missing or failed."""
    shape = (len(seeds), len(arms))
    status = np.full(shape, MISSING, dtype=np.int8)
    values = {key: np.full(shape, np.nan) for key in keys}
    for k, name in enumerate(arms):
        runs = study.runs[study.runs["arm"] == name].set_index("seed")
        status[:, k] = runs["status"].reindex(list(seeds), fill_value=MISSING)
        own = finished(study, name).reindex(list(seeds))
        for key in keys:
            values[key][:, k] = own[key].astype(float)
    return Table(values, status)
