"""Start-up of the command's help against a bare interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np


def _milliseconds(command: list[str], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - begun) * 1e3


def help_ratio(repeats: int = 15) -> tuple[float, float, float]:
    """(ratio, milliseconds of ``thalweg --help``, of bare python), medians of interleaved runs."""
    bare = [sys.executable, "-c", "pass"]
    door = [str(Path(sys.executable).with_name("thalweg")), "--help"]
    times = [
        (_milliseconds(door, dict(os.environ)), _milliseconds(bare, dict(os.environ)))
        for _ in range(repeats)
    ]
    ours, python = (float(np.median(t)) for t in zip(*times, strict=True))
    return ours / python, ours, python


def cold_compile() -> float:
    """Seconds from nothing to the end of a first, tiny history with an empty cache."""
    code = (
        "import time; begun = time.perf_counter()\n"
        "from sim.scenario import scenario\n"
        "from sim.simulate import simulate\n"
        "from sim.synthetic import synthetic_region\n"
        "simulate(scenario(synthetic_region(), years=1, spinup_years=0))\n"
        "print(time.perf_counter() - begun)\n"
    )
    with tempfile.TemporaryDirectory() as empty:
        done = subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "THALWEG_CACHE": empty},
            capture_output=True, text=True, check=True,
        )
    return float(done.stdout)
