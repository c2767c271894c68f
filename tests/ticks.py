"""The long form of a verification: do ticks of 2, 1 and 0.5 weeks tell the same story?

    python -m tests.ticks fergana 2000
    python -m tests.ticks fergana 2000 full

prints, per outcome, the three means and the difference to the finest tick in per cent and in
standard errors; a difference beyond 2 errors plus 3 % of the mean is marked. The third word is a
bundle: none (as without it), full or negotiated.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from experiments.arm_lists import BUNDLES, NONE, members_of
from experiments.regions import load_region
from sim.scenario import scenario
from sim.simulate import simulate_many

TICKS = (2.0, 1.0, 0.5)


def settings_of(bundle: str) -> dict[str, Any]:
    """Arguments of a scenario: the mechanisms of a bundle at full intensity."""
    if bundle not in BUNDLES:
        raise SystemExit(f"{bundle}: no bundle. One of: {', '.join(BUNDLES)}.")
    imposed, negotiated = members_of(bundle)
    return {"mechanisms": dict.fromkeys(imposed, 1.0),
            "negotiated": dict.fromkeys(negotiated, 1.0)}  # fmt: skip


def means_by_tick(name: str, seeds: int, bundle: str) -> dict[float, dict[str, np.ndarray]]:
    """Outcomes [run] by tick length and name."""
    found = {}
    for weeks in TICKS:
        one = scenario(load_region(name), **settings_of(bundle), tick_weeks=weeks)
        found[weeks] = simulate_many([one._replace(seed=k) for k in range(seeds)]).outcomes
    return found


def known(values: np.ndarray) -> np.ndarray:
    """Without the runs in which an outcome is not defined."""
    return values[~np.isnan(values)]


def mean_of(values: np.ndarray) -> float:
    """Mean over the runs with a value; NaN where there is none."""
    return float(known(values).mean()) if known(values).size else float("nan")


def difference(values: np.ndarray, finest: np.ndarray) -> tuple[float, float]:
    """Difference of means, and its standard error; runs without a value are left out."""
    a, b = known(values), known(finest)
    if not (a.size and b.size):
        return 0.0, 0.0
    return float(a.mean() - b.mean()), float(np.sqrt(a.var() / a.size + b.var() / b.size))


def main(name: str, seeds: int, bundle: str) -> None:
    """Print the table."""
    found = means_by_tick(name, seeds, bundle)
    for key, finest in found[0.5].items():
        means = [mean_of(found[weeks][key]) for weeks in TICKS]
        line = f"{key:28s}" + "".join(f"{mean:11.4f}" for mean in means)
        for weeks in TICKS[:2]:
            gap, error = difference(found[weeks][key], finest)
            share = 100.0 * gap / means[2] if means[2] else 0.0
            wrong = abs(gap) > 2.0 * error + 0.03 * abs(means[2])
            errors = gap / error if error else 0.0
            line += f"   {share:+6.1f} % {errors:+5.1f} se{' !' if wrong else ''}"
        print(line)  # noqa: T201  a program that prints its table


if __name__ == "__main__":
    words = sys.argv[1:]
    asked = [*words, *("fergana", "2000", NONE)[len(words) :]]
    main(asked[0], int(asked[1]), asked[2])
