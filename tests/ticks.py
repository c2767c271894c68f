"""The long form of a verification: do ticks of 2, 1 and 0.5 weeks tell the same story?

    python -m tests.ticks fergana 2000

prints, per outcome, the three means and the difference to the finest tick in per cent and in
standard errors; a difference beyond 2 errors plus 3 % of the mean is marked.
"""

from __future__ import annotations

import sys

import numpy as np

from experiments.regions import load_region
from sim.scenario import scenario
from sim.simulate import simulate_many

TICKS = (2.0, 1.0, 0.5)


def means_by_tick(name: str, seeds: int) -> dict[float, dict[str, np.ndarray]]:
    """Outcomes [run] by tick length and name."""
    found = {}
    for weeks in TICKS:
        one = scenario(load_region(name), tick_weeks=weeks)
        found[weeks] = simulate_many([one._replace(seed=k) for k in range(seeds)]).outcomes
    return found


def difference(values: np.ndarray, finest: np.ndarray) -> tuple[float, float]:
    """Difference of means, and its standard error; runs without a value are left out."""
    a, b = values[~np.isnan(values)], finest[~np.isnan(finest)]
    error = np.sqrt(a.var() / max(a.size, 1) + b.var() / max(b.size, 1))
    return float(a.mean() - b.mean()) if a.size and b.size else 0.0, float(error)


def main(name: str, seeds: int) -> None:
    """Print the table."""
    found = means_by_tick(name, seeds)
    for key, finest in found[0.5].items():
        means = [float(np.nanmean(found[w][key])) if found[w][key].size else 0.0 for w in TICKS]
        line = f"{key:28s}" + "".join(f"{mean:11.4f}" for mean in means)
        for weeks in TICKS[:2]:
            gap, error = difference(found[weeks][key], finest)
            share = 100.0 * gap / means[2] if means[2] else 0.0
            wrong = abs(gap) > 2.0 * error + 0.03 * abs(means[2])
            errors = gap / error if error else 0.0
            line += f"   {share:+6.1f} % {errors:+5.1f} se{' !' if wrong else ''}"
        print(line)  # noqa: T201  a program that prints its table


if __name__ == "__main__":
    asked = [*sys.argv[1:], *("fergana", "2000")[len(sys.argv) - 1 :]]
    main(asked[0], int(asked[1]))
