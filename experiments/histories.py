"""One history per arm, told in full: the same seed in every arm, so that they can be compared.

The rule is fixed before any result is seen: the first seed whose baseline history holds a crisis
over the resource; without one, the first seed whose baseline history has the most uncontained
incidents; without any, the first seed. Seeds with a failed run in any arm are passed over.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from experiments.arms import Arm
from experiments.store import write_json
from experiments.story import LABEL, readable
from experiments.study import Study

MOST_TOLD = 40  # arms; a study of hundreds is read in tables
ORDER = (
    ("crisis_resource", "the first seed whose baseline history holds a crisis over the resource"),
    (
        "uncontained_rate",
        "the first seed whose baseline history has the most uncontained incidents",
    ),
)


def choose_seed(study: Study, folder: Path) -> tuple[int, str] | None:
    """The seed to tell, and the rule by which it was chosen; None where each failed in some arm."""
    table = pq.ParquetDataset(sorted(folder.glob("part-*.parquet"))).read()
    lost = set(table["seed"].to_numpy()[table["status"].to_numpy() != 0].tolist())
    arm = np.asarray(table["arm"].to_pylist()) == study.arms[0].name
    good = arm & ~np.isin(table["seed"].to_numpy(), list(lost))  # told in every arm
    seeds = table["seed"].to_numpy()[good]
    order = np.argsort(seeds, kind="stable")
    for key, rule in ORDER:
        if key not in table.column_names or not seeds.size:
            continue
        values = np.nan_to_num(table[key].to_numpy()[good])[order]
        if key == "crisis_resource":
            values = (values > 0).astype(float)
        if values.max() > 0:
            return int(seeds[order][int(np.argmax(values))]), rule
    if not seeds.size:
        return None
    return int(seeds.min()), "the first seed: no baseline history holds an uncontained incident"


def history_document(study: Study, arm: Arm, seed: int, rule: str) -> dict[str, Any]:
    """One history as plain values; see the module for the rule."""
    from sim.events import INTERSTATE_RUNGS, LOCAL_RUNGS
    from sim.simulate import simulate

    history = simulate(study.scenario(arm, seed))
    region = study.region
    return {
        "label": LABEL,
        "arm": arm.name,
        "seed": seed,
        "rule": rule,
        "status": int(history.status),
        "start_year": region.start_year,
        "outcomes": _plain(history.outcomes),
        "events": readable(region, history.events),
        "points_per_year": 4,
        "dyads": _rungs(region.dyad_names, history.dyad_series),
        "pairs": _rungs(region.pair_names, history.pair_series),
        "local_rungs": list(LOCAL_RUNGS),
        "interstate_rungs": list(INTERSTATE_RUNGS),
    }


def write_histories(study: Study, folder: Path) -> None:
    """Simulate and write ``history-ARM.json`` for every arm, of more than 40 for the first 40."""
    told = {f"history-{arm.name}.json": arm for arm in study.arms[:MOST_TOLD]}
    for path in folder.glob("history-*.json"):
        if path.name not in told:
            path.unlink()
    chosen = choose_seed(study, folder)
    if chosen is None:
        return
    seed, rule = chosen
    for name, arm in told.items():
        write_json(folder / name, history_document(study, arm, seed, rule))


def _rungs(names: tuple[str, ...], series: np.ndarray) -> list[dict[str, Any]]:
    """Highest rung per quarter of each border pair, most active first; silent ones left out."""
    peaks = np.asarray(series)
    active = [column for column in range(peaks.shape[1]) if peaks[:, column].max(initial=0) > 0]
    active.sort(key=lambda column: (-float(peaks[:, column].sum()), column))
    return [{"name": names[c], "rung": peaks[:, c].astype(int).tolist()} for c in active]


def _plain(outcomes: dict[str, float]) -> dict[str, float | None]:
    return {key: None if np.isnan(value) else float(value) for key, value in outcomes.items()}
