"""A whole sweep against the bare compiled ensemble: what keeping, naming and telling runs costs.

``python -m benchmarks.sweep 100000``: a Latin hypercube of 20 seeds a point over an invented border
of 40 entities with every mechanism in force, 20 years in weeks. The same runs are simulated bare (a
tenth of them, half before and half after the command, so that a machine that slows down slows both)
and by the command, whose wall time, memory and files are measured.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import made
from experiments.benchmark_document import PAGE, SWEEP_LINES, SWEEP_STORE, page, told
from experiments.book import read_book
from experiments.execute import BATCH, scenarios_of
from experiments.plan import Plan, sweep_plan
from experiments.workspace import outline

SEEDS, BLOCK, KEPT = 20, 2048, 40
FIXED, SHARE = 5.0, 0.05  # seconds, and share of the bare ensemble, that the command may add
SWEPT = (
    "parameters.ladder.up_rate=interval(3,9)",
    "parameters.agreement.budget_share=tag(logunif,interval(0.005,0.05))",
    "parameters.drought.severity_mean=interval(0.1,0.5)",
    "parameters.trust.gain=interval(0.05,0.3)",
    "parameters.blame.nature=interval(0.3,0.9)",
)


def words(runs: int, folder: str) -> list[str]:
    """Settings of the sweep."""
    from sim.outcomes import OUTCOMES

    kept = ",".join(list(OUTCOMES)[:KEPT])
    return ["region=synthetic", "region.municipalities=8", "arms=full", "years=20",
            "spinup_years=0", f"seeds={SEEDS}", "method=latin", f"n={runs // SEEDS}", *SWEPT,
            f"outcomes={kept}", f"out={folder}"]  # fmt: skip


def bare(plan: Plan, share: float, which: int) -> tuple[float, float, int]:
    """(wall seconds, processor seconds, runs) of the ensemble alone, over a share of the runs."""
    from sim.simulate import simulate_many

    drawn = outline(plan, replace=False)
    book = read_book(drawn.content)
    rows = np.random.default_rng(which).permutation(drawn.runs.size)
    chosen = drawn.runs.take(rows[: max(BLOCK, int(share * rows.size))])
    simulate_many(scenarios_of(book, chosen.take(slice(0, 4))))
    seconds = busy = 0.0
    for start in range(0, chosen.size, BLOCK):
        scenarios = scenarios_of(book, chosen.take(slice(start, start + BLOCK)))
        begun, used = time.perf_counter(), time.process_time()
        simulate_many(scenarios, chunk=BATCH)
        seconds += time.perf_counter() - begun
        busy += time.process_time() - used
    return seconds, busy, chosen.size


def watched(words: Sequence[str]) -> dict[str, Any]:
    """Wall and processor seconds, memory over time and what was printed of a command."""
    command = [sys.executable, "-m", "experiments.main", *words]
    begun, used, memory = time.perf_counter(), os.times(), []
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as noted:
        with subprocess.Popen(command, stdout=said, stderr=noted, text=True) as process:
            status = Path(f"/proc/{process.pid}/status")
            while process.poll() is None:
                memory += _memory(status)
                time.sleep(0.25)
        seconds = time.perf_counter() - begun
        printed, notes = (kept.seek(0) or kept.read() for kept in (said, noted))
    assert process.returncode == 0, printed + notes
    now = os.times()
    busy = now.children_user + now.children_system - used.children_user - used.children_system
    return {"seconds": seconds, "busy": busy, "memory": memory, "printed": printed, "told": notes}


def _memory(status: Path) -> list[int]:
    """Resident bytes of a process now; nothing where the system does not tell."""
    try:
        lines = status.read_text().splitlines()
    except OSError:
        return []
    return [int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS")]


def measure(runs: int, share: float = 0.05) -> dict[str, Any]:
    """Everything about one sweep of ``runs``; ``share`` of them bare before, and after."""
    folder, load = Path(tempfile.mkdtemp(prefix="thalweg-bench-")), [os.getloadavg()[0]]
    try:
        settings = words(runs, str(folder / "sweep"))
        plan = sweep_plan(settings, None, None)
        before, busy_before, first = bare(plan, share, 1)
        ran = watched(["sweep", "--yes", *settings])
        kept = sum(path.stat().st_size for path in (folder / "sweep").glob("part-*.parquet"))
        account = json.loads((folder / "sweep" / "manifest.json").read_text())["runs"]
        after, busy_after, second = bare(plan, share, 2)
    finally:
        shutil.rmtree(folder)
    alone = (before + after) / (first + second) * runs
    busy = (busy_before + busy_after) / (first + second) * runs
    memory = np.array(ran["memory"])
    late = memory[memory.size // 2 :]
    assert account["launched"] == account["ok"] == runs, account
    return {
        "runs": account["ok"],
        "bare_seconds": alone,
        "bare_spread": (after / second - before / first) / (alone / runs),
        "command_seconds": ran["seconds"],
        "overhead_seconds": ran["seconds"] - alone,
        "overhead_of_allowed": (ran["seconds"] - alone) / (FIXED + SHARE * alone),
        "processor_share": ran["busy"] / busy - 1.0,
        "front_bytes": int(memory.max()),
        "front_growth_bytes": int(late.max() - late[0]),
        "bytes_per_run": kept / runs,
        "made": made(load),
    }


def main() -> None:
    """Measure, print, keep: RUNS as the first argument, 100,000 unless told."""
    found = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    print(*told(found, SWEEP_LINES), sep="\n")
    SWEEP_STORE.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    print("", f"written: benchmarks/{SWEEP_STORE.name}, docs/{PAGE.name}", sep="\n")


if __name__ == "__main__":
    main()
