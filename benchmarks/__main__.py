"""``make bench``: run every benchmark, print a table, write benchmarks/bench.json."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path

from benchmarks.ensemble import thread_speedup
from benchmarks.kernel import (
    exponent,
    history_milliseconds,
    peak_bytes,
    record_overhead,
    timing,
)
from benchmarks.startup import cold_compile, help_ratio
from benchmarks.twin import compare
from experiments.regions import load_region

SIZES = (1_000, 10_000, 100_000, 1_000_000)


def main() -> None:
    """Measure and report."""
    region = load_region("fergana")
    lines: list[tuple[str, str]] = [
        ("machine", f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}")
    ]
    compile_seconds = cold_compile()
    lines.append(("cold compile", f"{compile_seconds:.1f} s"))
    twin = compare(region)
    lines += [
        ("compiled loop, fergana, full", f"{twin.compiled:.0f} ns per entity-tick"),
        ("Mesa twin, prepared draws", f"{twin.twin_table:.0f} ns: {twin.random_free:.0f} times"),
        ("Mesa twin, own draws", f"{twin.twin_philox:.0f} ns: {twin.as_is:.0f} times"),
    ]
    colorado = load_region("lower_colorado")
    history = [history_milliseconds(colorado, intensity) for intensity in (0.0, 1.0)]
    told = f"{history[0]:.0f} ms a history, {history[1]:.0f} ms with all mechanisms"
    lines.append(("lower_colorado, 20 years after 30", told))
    sizes = [timing(size) for size in SIZES]
    lines += [
        (f"{t.entities:,} entities", f"{t.nanoseconds:.0f} ns per entity-tick") for t in sizes
    ]
    growth = exponent(sizes[1:])
    lines.append(("time exponent, 10^4 to 10^6", f"{growth:.3f}"))
    count, peak = peak_bytes()
    memory = f"{peak / 2**20:.0f} MiB, {peak / count:.0f} bytes per entity, process included"
    lines.append((f"memory, {count:,} entities, 52 ticks", memory))
    speedup, load = thread_speedup(region)
    loads = ", ".join(f"{value:.1f}" for value in load)
    lines.append(("ensemble, 2 threads over 1", f"{speedup:.2f} (load {loads})"))
    overhead = record_overhead(region)
    lines.append(("recording every quarter", f"{100 * overhead:+.1f} %"))
    ratio, ours, python = help_ratio()
    door = f"{ours:.0f} ms, {ratio:.2f} times bare python ({python:.0f} ms)"
    lines.append(("thalweg --help", door))
    width = max(len(name) for name, _ in lines)
    print("\n".join(f"{name:<{width}}  {value}" for name, value in lines))
    result = {
        "twin_ratio": twin.random_free, "twin_ratio_own_draws": twin.as_is,
        "ns_per_entity_tick": twin.compiled, "ns_per_entity_tick_1e3": sizes[0].nanoseconds,
        "ns_per_entity_tick_1e6": sizes[-1].nanoseconds, "time_exponent": growth,
        "peak_bytes_1e6": peak, "thread_speedup": speedup, "help_ratio": ratio,
        "history_ms_lower_colorado": history,
        "record_overhead": overhead, "cold_compile_seconds": compile_seconds,
    }  # fmt: skip
    path = Path(__file__).with_name("bench.json")
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"written: {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")


if __name__ == "__main__":
    main()
