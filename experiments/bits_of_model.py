"""Digests of a set of histories, as a program for any checkout of Thalweg, this one or an older.

Run as a file with the checkout on PYTHONPATH: it imports nothing of `experiments` but the reading
of regions, so that it means the same in both. Prints JSON: digest of the compiled model, versions,
and for every region and arm one hash over event log, series, peaks and outcomes of all seeds.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

# Rates raised until rare rules are used, too; only keys that both models know are set.
VIOLENT = {
    "project.rate": 0.6, "project.objection": 10.0, "project.dropped": 1.5, "project.years": 0.3,
    "deprivation.gain": 10.0, "onset.complaint_rate": 200.0, "onset.accident_rate": 2.0,
    "ladder.guards": 1.0, "ladder.guards_fire": 0.4, "ladder.hand_over": 1.0,
    "quarrel.floor": 0.3, "answer.constant": 1.0, "interstate.claim_rate": 1.0,
    "interstate.up_1": 20.0, "interstate.up_2": 10.0, "interstate.up_4": 5.0,
    "settlement.bilateral": 2.0, "settlement.kept": 0.2, "settlement.broken_years": 0.5,
    "settlement.renunciation": 2.0, "body.rate": 3.0, "demarcation.rate": 3.0,
    "negotiation.propose_rate": 20.0, "negotiation.step_rate": 30.0, "shock.rate": 0.5,
}  # fmt: skip
ARMS = ("none", "full", "negotiated", "violent")


def digests(regions: list[str], seeds: int, years: float) -> dict[str, str]:
    """Hash of all histories of every region and arm."""
    from experiments.regions import load_region
    from sim.mechanisms import NAMES
    from sim.parameters import KEYS
    from sim.scenario import scenario

    every = dict.fromkeys(NAMES, 1.0)
    asked: dict[str, dict[str, Any]] = {
        "none": {}, "full": {"mechanisms": every}, "negotiated": {"negotiated": every},
        "violent": {"parameters": {key: v for key, v in VIOLENT.items() if key in KEYS}},
    }  # fmt: skip
    found = {}
    for name in regions:
        region = load_region(name)
        for arm in ARMS:
            whole = hashlib.sha256()
            for seed in range(seeds):
                whole.update(_history(scenario(region, **asked[arm], years=years, seed=seed)))
            found[f"{name}, {arm}"] = whole.hexdigest()
    return found


def _history(given: Any) -> bytes:
    """Hash of everything that a history gives."""
    from sim.simulate import simulate

    history = simulate(given)
    digest = hashlib.sha256()
    for array in (history.events, history.series, history.dyad_series, history.pair_series):
        digest.update(array.tobytes())
    values = sorted((key, float(value).hex()) for key, value in history.outcomes.items())
    digest.update(json.dumps([*values, history.status]).encode())
    return digest.digest()


def told(regions: list[str], seeds: int, years: float) -> dict[str, Any]:
    """Everything that is compared, with the digest of the model that made it."""
    from importlib.metadata import version

    from sim._jit import kernel_digest

    return {
        "kernel": kernel_digest(),
        "versions": {name: version(name) for name in ("numba", "numpy")},
        "digests": digests(regions, seeds, years),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(told(sys.argv[1].split(","), int(sys.argv[2]),
                                     float(sys.argv[3]))))  # fmt: skip
