"""Run every mechanism alone and the full package without it, and store what it changes.

``python -m experiments.mechanism_effects seeds=100 years=20 regions=fergana,upper_rhine`` (all
three words may be left out; by default all regions that are places) writes docs/mechanisms.json:
paired differences with 95 % intervals under common random numbers, and the digest of the compiled
model that they were run with. docs/mechanisms.md is then written from it; its text can be written
again at any time without running anything (see `experiments.mechanism_document`).

Two comparisons, region by region, each [difference, lower end, upper end, mean of what it is
compared with]: ``effects`` is a mechanism alone (and ``full``, all together, and ``negotiated``,
all left to the towns) minus ``none``; ``within`` is ``full`` minus ``full-NAME``, what the full
package gains or loses with it. That takes two arms for every mechanism and three more.
``agreements`` says what came about where all is left to the towns: [mean, lower end, upper end,
histories that define it].
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments import console
from experiments.arm_lists import FULL, NEGOTIATED, NONE, WITHOUT, members_of
from experiments.mechanism_document import COMPARED, OUTCOMES, PAGE, STORE, page
from experiments.negotiated_document import AGREEMENTS, LIVES
from experiments.regions import load_region
from experiments.shipped import region_names

SEEDS, YEARS, FIRST_SEED = 100, 20.0, 1
GENERATED = "synthetic"
ROUNDING = 1e-12  # of the largest number of an effect: what is smaller is rounding, not change
Numbers = dict[str, list[float]]
Lives = dict[str, list[float | None]]
Array = np.ndarray
Runs = dict[str, dict[str, Array]]  # values [seed] by arm and outcome


def arms() -> list[str]:
    """None, every mechanism alone, the full package, that less one, and all left to the towns."""
    from sim.mechanisms import NAMES

    return [NONE, *NAMES, FULL, *(WITHOUT + name for name in NAMES), NEGOTIATED]


def run_region(
    name: str, seeds: int, years: float, compared_arms: Sequence[str],
    parameters: Mapping[str, float] | None = None, first_seed: int = FIRST_SEED,
) -> Runs:  # fmt: skip
    """Outcomes of some arms in one region, under the same draws; by default with the defaults."""
    from sim.scenario import scenario
    from sim.simulate import simulate_many

    region = load_region(name)
    bundles = [
        [dict.fromkeys(members, 1.0) for members in members_of(arm)] for arm in compared_arms
    ]
    given = [
        scenario(region, parameters=parameters, mechanisms=imposed, negotiated=left, years=years)
        for imposed, left in bundles
    ]
    runs = [one._replace(seed=first_seed + k) for one in given for k in range(seeds)]
    found = simulate_many(runs)
    if (found.status != 0).any():
        raise RuntimeError(f"{name}: {int((found.status != 0).sum())} of {len(runs)} runs failed")
    keys = dict.fromkeys((*OUTCOMES, *LIVES))
    values = {key: found.outcomes[key].reshape(len(given), seeds) for key in keys}
    return {arm: {key: values[key][row] for key in keys} for row, arm in enumerate(compared_arms)}


def compared(runs: Runs) -> dict[str, dict[str, Numbers]]:
    """Both comparisons of one region, by the mechanism that makes the difference."""
    from sim.mechanisms import NAMES

    within = {name: _effects(name, runs[WITHOUT + name], runs[FULL]) for name in NAMES}
    alone = {arm: runs[arm] for arm in (NONE, *NAMES, FULL, NEGOTIATED)}
    return {"effects": against_none(alone), "within": within}


def against_none(runs: Runs) -> dict[str, Numbers]:
    """Every arm minus none."""
    return {arm: _effects(arm, runs[NONE], runs[arm]) for arm in runs if arm != NONE}


def _effects(name: str, without: dict[str, Array], with_it: dict[str, Array]) -> Numbers:
    """Effects on all outcomes of the page."""
    return {key: _effect(key, name, without[key], with_it[key]) for key in OUTCOMES}


def lives(runs: Runs) -> Lives:
    """What came about of agreements in one region where all is left to the towns."""
    return {key: _life(runs[NEGOTIATED][key]) for key in LIVES}


def _life(values: Array) -> list[float | None]:
    """Mean over the histories that define it, its interval, and how many they are."""
    from analysis.intervals import bootstrap_intervals

    held = values[~np.isnan(values)]
    lo, hi = bootstrap_intervals(held[:, None]) if held.size > 1 else ([np.nan], [np.nan])
    shown = (held.mean() if held.size else np.nan, lo[0], hi[0])
    return [*(None if np.isnan(one) else _kept(one)[0] for one in shown), held.size]


def _effect(key: str, name: str, without: Array, with_it: Array) -> list[float]:
    """Difference, its interval and the mean without; four digits are kept."""
    from analysis.effects import paired_effect
    from analysis.intervals import bootstrap_intervals
    from analysis.study import Outcome
    from sim.outcomes import OUTCOMES as DECLARED

    said = DECLARED[key]
    outcome = Outcome(key, said.label, said.unit, said.better, said.kind, said.about)
    lo, hi = bootstrap_intervals((with_it - without)[:, None])
    effect = paired_effect(name, outcome, without, with_it, (float(lo[0]), float(hi[0])))
    return _kept(effect.difference, effect.lo, effect.hi, effect.reference_mean)


def _kept(*numbers: float) -> list[float]:
    """The numbers with four digits; a sum that misses zero by rounding is zero."""
    least = ROUNDING * max(abs(number) for number in numbers)
    return [0.0 if abs(number) <= least else float(f"{number:.4g}") for number in numbers]


def measure(regions: Sequence[str], seeds: int, years: float) -> dict[str, Any]:
    """Everything that docs/mechanisms.json holds."""
    from sim._jit import kernel_digest

    found: dict[str, dict[str, Any]] = {part: {} for part in (*COMPARED, AGREEMENTS)}
    for name in regions:
        console.say(f"{name}: {len(arms())} arms, {seeds} seeds of {years:g} years")
        runs = run_region(name, seeds, years, arms())
        for comparison, effects in compared(runs).items():
            found[comparison][name] = effects
        found[AGREEMENTS][name] = lives(runs)
    head = {"kernel": kernel_digest()[:16], "seeds": seeds, "first_seed": FIRST_SEED}
    labels = {name: load_region(name).label for name in regions}
    return {**head, "years": years, "regions": labels, **found}


def as_text(found: dict[str, Any]) -> str:
    """The store: a line per part, region and mechanism or figure, so that a diff can be read."""
    held = [part for part in (*COMPARED, AGREEMENTS) if part in found]
    head = {key: value for key, value in found.items() if key not in held}
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    parts = [f'"{part}": {_block(found[part])}' for part in held]
    return ",\n".join([opening, *parts]) + "}\n"


def _block(regions: dict[str, Any]) -> str:
    blocks = []
    for region, effects in regions.items():
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(n)}" for name, n in effects.items())
        blocks.append(f"{json.dumps(region)}: {{\n{lines}}}")
    joined = ",\n".join(blocks)
    return f"{{\n{joined}}}"


def asked(words: Sequence[str], usual: int = SEEDS) -> tuple[list[str], int, float]:
    """Regions, seeds (else the usual number) and years of the command line."""
    given = dict(word.split("=", 1) for word in words)
    places = [name for name in region_names() if name != GENERATED]
    regions = given["regions"].split(",") if "regions" in given else places
    return regions, int(given.get("seeds", usual)), float(given.get("years", YEARS))


def main(words: Sequence[str]) -> int:
    """Run, store, and write the page."""
    STORE.write_text(as_text(measure(*asked(words))), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    console.say(f"{STORE.name} and {PAGE.name}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
