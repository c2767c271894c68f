"""Many runs on one and on two threads, interleaved, with the machine's load beside them."""

from __future__ import annotations

import os
import time

import numpy as np

from sim.mechanisms import NAMES
from sim.region import Region
from sim.scenario import scenario
from sim.simulate import simulate_many


def thread_speedup(region: Region, runs: int = 64, pairs: int = 5) -> tuple[float, list[float]]:
    """Median over interleaved pairs of the time on one thread over that on two; and the load."""
    plan = [
        scenario(region, mechanisms=dict.fromkeys(NAMES, 1.0), seed=seed) for seed in range(runs)
    ]
    simulate_many(plan[:8], threads=2, chunk=4)
    ratios, load = [], []
    for _ in range(pairs):
        times = []
        for threads in (1, 2):
            begun = time.perf_counter()
            simulate_many(plan, threads=threads, chunk=8)
            times.append(time.perf_counter() - begun)
        ratios.append(times[0] / times[1])
        load.append(os.getloadavg()[0])
    return float(np.median(ratios)), load
