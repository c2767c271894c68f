"""The baseline: what ten histories gave when somebody last looked.

A refactor leaves it untouched bit for bit. A change of the model changes it on purpose: regenerate
it with ``python -m tests.baseline``, read the difference, and explain it in the commit.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from experiments.regions import load_region
from sim.mechanisms import NAMES
from sim.scenario import scenario
from sim.simulate import History, simulate

GOLDEN = Path(__file__).with_name("golden.json")
ARMS = {"none": {}, "full": dict.fromkeys(NAMES, 1.0)}
RUNS = (
    *(("fergana", arm, seed) for arm in ARMS for seed in range(3)),
    ("lower_colorado", "full", 0),
    ("upper_rhine", "full", 0),
    ("synthetic", "none", 0),
    ("synthetic", "full", 1),
)


def digest(array: np.ndarray) -> str:
    """First half of a hash of an array's bytes."""
    return hashlib.sha256(array.tobytes()).hexdigest()[:32]


def summary(history: History) -> dict[str, Any]:
    """Hashes of log and series, and every outcome in full (None: undefined)."""
    outcomes = {k: None if np.isnan(v) else float(v) for k, v in history.outcomes.items()}
    return {
        "events": int(history.events.size),
        "log": digest(history.events),
        "series": digest(history.series),
        "rungs": digest(history.dyad_series) + digest(history.pair_series),
        "outcomes": outcomes,
    }


def present() -> dict[str, dict[str, Any]]:
    """What the model gives now, by run."""
    return {
        f"{region}, {arm}, seed {seed}": summary(
            simulate(scenario(load_region(region), mechanisms=ARMS[arm], seed=seed))
        )
        for region, arm, seed in RUNS
    }


def golden() -> dict[str, dict[str, Any]]:
    """What it gave when somebody last looked."""
    kept: dict[str, dict[str, Any]] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return kept


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """In words, what changed in one run."""
    told = [f"{k}: {before.get(k)} -> {after[k]}" for k in ("events", "log", "series", "rungs")
            if before.get(k) != after[k]]  # fmt: skip
    old, new = before.get("outcomes", {}), after["outcomes"]
    # An outcome that was added since reads the same history in one more way: no change of it.
    keys = [k for k in old if k not in new or old[k] != new[k]]
    return told + [f"{k}: {old[k]} -> {new.get(k, 'gone')}" for k in keys]


def write(path: Path = GOLDEN) -> None:
    """Keep what the model gives now."""
    text = json.dumps(present(), indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
