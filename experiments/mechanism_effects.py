"""Run every mechanism alone against none, region by region, and store what it changes.

``python -m experiments.mechanism_effects seeds=100 years=20 regions=fergana,upper_rhine`` (all
three words may be left out; by default all regions that are places) writes docs/mechanisms.json:
paired differences with 95 % intervals under common random numbers, and the digest of the compiled
model that they were run with. docs/mechanisms.md is then written from it; its text can be written
again at any time without running anything (see `experiments.mechanism_document`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments import console
from experiments.mechanism_document import ALL, OUTCOMES, PAGE, STORE, page
from experiments.regions import load_region, region_names

SEEDS, YEARS, FIRST_SEED = 100, 20.0, 1
GENERATED = "synthetic"
Numbers = dict[str, list[float]]


def run_region(name: str, seeds: int, years: float) -> dict[str, Numbers]:
    """Effects of every mechanism alone, and of all together, in one region."""
    from sim.mechanisms import NAMES
    from sim.scenario import scenario
    from sim.simulate import simulate_many

    region = load_region(name)
    arms = {"none": (), **{one: (one,) for one in NAMES}, ALL: NAMES}
    given = [
        scenario(region, mechanisms=dict.fromkeys(members, 1.0), years=years)
        for members in arms.values()
    ]
    runs = [one._replace(seed=FIRST_SEED + k) for one in given for k in range(seeds)]
    found = simulate_many(runs)
    if (found.status != 0).any():
        raise RuntimeError(f"{name}: {int((found.status != 0).sum())} of {len(runs)} runs failed")
    values = {key: found.outcomes[key].reshape(len(arms), seeds) for key in OUTCOMES}
    return {
        arm: {key: _effect(key, arm, values[key][0], values[key][row]) for key in OUTCOMES}
        for row, arm in enumerate(arms)
        if row > 0
    }


def _effect(key: str, arm: str, none: np.ndarray, with_it: np.ndarray) -> list[float]:
    """Difference, its interval and the mean without; four digits are kept."""
    from analysis.effects import paired_effect
    from analysis.intervals import bootstrap_intervals
    from analysis.study import Outcome
    from sim.outcomes import OUTCOMES as DECLARED

    said = DECLARED[key]
    outcome = Outcome(key, said.label, said.unit, said.better, said.kind, said.about)
    lo, hi = bootstrap_intervals((with_it - none)[:, None])
    effect = paired_effect(arm, outcome, none, with_it, (float(lo[0]), float(hi[0])))
    numbers = (effect.difference, effect.lo, effect.hi, effect.reference_mean)
    return [float(f"{number:.4g}") for number in numbers]


def measure(regions: Sequence[str], seeds: int, years: float) -> dict[str, Any]:
    """Everything that docs/mechanisms.json holds."""
    from sim._jit import kernel_digest

    effects = {}
    for name in regions:
        console.say(f"{name}: every mechanism alone, {seeds} seeds of {years:g} years")
        effects[name] = run_region(name, seeds, years)
    head = {"kernel": kernel_digest()[:16], "seeds": seeds, "first_seed": FIRST_SEED}
    labels = {name: load_region(name).label for name in regions}
    return {**head, "years": years, "regions": labels, "effects": effects}


def as_text(found: dict[str, Any]) -> str:
    """The store: one line per region and arm, so that a change can be read in a diff."""
    head = {key: value for key, value in found.items() if key != "effects"}
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    blocks = []
    for region, arms in found["effects"].items():
        lines = ",\n".join(f"  {json.dumps(arm)}: {json.dumps(n)}" for arm, n in arms.items())
        blocks.append(f"{json.dumps(region)}: {{\n{lines}}}")
    joined = ",\n".join(blocks)
    return f'{opening},\n"effects": {{\n{joined}}}}}\n'


def asked(words: Sequence[str]) -> tuple[list[str], int, float]:
    """Regions, seeds and years of the command line."""
    given = dict(word.split("=", 1) for word in words)
    places = [name for name in region_names() if name != GENERATED]
    regions = given["regions"].split(",") if "regions" in given else places
    return regions, int(given.get("seeds", SEEDS)), float(given.get("years", YEARS))


def main(words: Sequence[str]) -> int:
    """Run, store, and write the page."""
    STORE.write_text(as_text(measure(*asked(words))), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    console.say(f"{STORE.name} and {PAGE.name}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
