"""``make bench``: run every benchmark, print each figure with its bar, write bench.json and page.

The page is docs/benchmarks.md, see `experiments.benchmark_document`, where the bars stand.
"""

from __future__ import annotations

import json
import os

from benchmarks.ensemble import thread_speedup
from benchmarks.kernel import (
    exponent,
    history_milliseconds,
    peak_bytes,
    record_overhead,
    timing,
)
from benchmarks.machine import made
from benchmarks.startup import cold_compile, help_ratio
from benchmarks.twin import compare
from experiments.benchmark_document import PAGE, STORE, page, told
from experiments.regions import load_region

SIZES = (1_000, 10_000, 100_000, 1_000_000)


def measure() -> dict[str, object]:
    """Every figure, by the names of bench.json."""
    load = [os.getloadavg()[0]]
    compile_seconds = cold_compile()
    region, colorado = load_region("fergana"), load_region("lower_colorado")
    twin = compare(region)
    history = [history_milliseconds(colorado, intensity) for intensity in (0.0, 1.0)]
    sizes = [timing(size) for size in SIZES]
    each = {f"ns_per_entity_tick_1e{3 + row}": t.nanoseconds for row, t in enumerate(sizes)}
    _, peak = peak_bytes()
    speedup, beside = thread_speedup(region)
    overhead, ratio = record_overhead(region), help_ratio()[0]
    return {
        "twin_ratio": twin.random_free, "twin_ratio_own_draws": twin.as_is,
        "ns_per_entity_tick": twin.compiled, **each,
        "ns_growth": sizes[-1].nanoseconds / sizes[0].nanoseconds,
        "time_exponent": exponent(sizes[1:]), "peak_bytes_1e6": peak, "thread_speedup": speedup,
        "help_ratio": ratio, "history_ms_lower_colorado": history[0],
        "history_ms_lower_colorado_full": history[1], "record_overhead": overhead,
        "cold_compile_seconds": compile_seconds, "made": made([*load, *beside]),
    }  # fmt: skip


def main() -> None:
    """Measure, report, keep."""
    found = measure()
    print(*told(found), sep="\n")
    STORE.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    print("", f"written: benchmarks/{STORE.name}, docs/{PAGE.name}", sep="\n")


if __name__ == "__main__":
    main()
