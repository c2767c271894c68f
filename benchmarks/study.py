"""A sensitivity study at full size: planned, priced, run and analysed, each part measured.

``python -m benchmarks.study 4096``: the shipped study *twenty* (Sobol' points over twenty
assumptions, 20 seeds a point; 1,802,240 runs with the 4,096 blocks of its file) through the
commands that a user types: `check`, `sweep`, `sensitivity`. What the pilot foretold stands beside
what the runs took. The whole study, where fewer blocks were asked for, and the same on a real
border are reckoned from the time of a run, and called so.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import made
from benchmarks.sweep import watched
from experiments.benchmark_document import PAGE, STUDY_LINES, STUDY_STORE, page, told

STUDY, BORDER, YEARS, SAMPLE = "twenty", "fergana", 20.0, 512
WHOLE = 4096 * 22 * 20  # runs of the study as its file has it
UNITS = {"s": 1.0, "min": 60.0, "h": 3600.0, "days": 86400.0}
PRICE = re.compile(r": about ([\d.]+) (s|min|h|days)[ ,]")


def priced(printed: str) -> float:
    """Seconds that the pilot foretold."""
    found = PRICE.search(printed)
    assert found, printed
    return float(found[1]) * UNITS[found[2]]


def border_seconds() -> float:
    """Wall seconds of one history of a real border with all mechanisms, all cores at work."""
    from experiments.regions import load_region
    from sim.mechanisms import NAMES
    from sim.scenario import scenario
    from sim.simulate import simulate_many

    whole = dict.fromkeys(NAMES, 1.0)
    runs = [scenario(load_region(BORDER), mechanisms=whole, years=YEARS, seed=seed)
            for seed in range(SAMPLE)]  # fmt: skip
    simulate_many(runs[:8])
    begun = time.perf_counter()
    simulate_many(runs)
    return (time.perf_counter() - begun) / SAMPLE


def verdicts(answer: dict[str, Any]) -> dict[str, int]:
    """How many indices of an answer carry each verdict."""
    held = [index["verdict"] for one in answer["answers"] for index in one["indices"]]
    return {verdict: held.count(verdict) for verdict in sorted(set(held))}


def measure(blocks: int) -> dict[str, Any]:
    """Everything about one study of so many blocks."""
    room, load = Path(tempfile.mkdtemp(prefix="thalweg-bench-")), [os.getloadavg()[0]]
    folder = room / STUDY
    try:
        border = border_seconds()
        check = watched(["check", f"configs/study/{STUDY}.yaml"])
        ran = watched(["sweep", "--yes", f"study={STUDY}", f"n={blocks}", f"out={folder}"])
        account = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["runs"]
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        asked = watched(["sensitivity", str(folder), "--json"])
    finally:
        shutil.rmtree(room)
    runs = account["ok"]
    assert account["launched"] == runs, account
    return {
        "runs": runs, "check_seconds": check["seconds"], "priced_seconds": priced(ran["told"]),
        "sweep_seconds": ran["seconds"], "ms_per_run": 1e3 * ran["seconds"] / runs,
        "processor_share": ran["busy"] / ran["seconds"],
        "front_bytes": int(np.max(ran["memory"])), "folder_bytes": size,
        "analysis_seconds": asked["seconds"], "analysis_bytes": int(np.max(asked["memory"])),
        "indices": verdicts(json.loads(asked["printed"])),
        "whole_seconds": ran["seconds"] / runs * WHOLE, "border_ms": 1e3 * border,
        "border_hours": border * WHOLE / 3600.0, "made": made(load),
    }  # fmt: skip


def main() -> None:
    """Measure, print, keep: blocks as the first argument, 4,096 unless told."""
    found = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 4096)
    print(*told(found, STUDY_LINES), sep="\n")
    print(found["indices"])
    STUDY_STORE.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    print("", f"written: benchmarks/{STUDY_STORE.name}, docs/{PAGE.name}", sep="\n")


if __name__ == "__main__":
    main()
