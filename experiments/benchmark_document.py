"""The page docs/benchmarks.md, and the lines that ``make bench`` prints: figure, bar, met or not.

Numbers come from benchmarks/bench.json, which ``make bench`` writes, and from nowhere else. Bars
are goals of the project for a machine at rest; no test asserts any of them by the clock.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from experiments.markdown import table
from experiments.provenance import age_of

ROOT = Path(__file__).resolve().parent.parent
STORE = ROOT / "benchmarks" / "bench.json"
PAGE = ROOT / "docs" / "benchmarks.md"
SIGNS = {"at least": operator.ge, "at most": operator.le, "under": operator.lt}
PACKAGES = ("numpy", "numba", "llvmlite", "mesa")  # what the speed of either model rests on
MET, NOT_MET, NO_BAR = "met", "not met", ""
MEBI = 2.0**20
OPENING = (
    "This page is written by `make bench`, from `benchmarks/bench.json`. Do not edit it by hand."
)
HOW = (
    "An entity is a user group, a pair of towns or a resource unit; an entity-tick is one of them "
    "for one week, all mechanisms in force. The twin is the same model as plain Mesa agents "
    "([tests/naive](../tests/naive)); in the line that is judged its draws are prepared "
    "beforehand, so that slow random numbers do not flatter the compiled loop. Both are timed in "
    "one run, in turn, best of some repeats. A history of `lower_colorado` runs on one core and "
    "includes the 30 years before its start. Bars are goals for a machine that does nothing else; "
    "what else ran shows in the load. No test asserts them by the clock."
)


class Line(NamedTuple):
    """One figure. ``shape`` and ``unit`` show it; ``sign`` is one of SIGNS, empty for no bar."""

    key: str
    label: str
    shape: str = ".0f"
    unit: str = ""
    sign: str = ""
    limit: float = 0.0
    scale: float = 1.0  # of the stored number, before it is shown and judged

    @property
    def bar(self) -> str:
        """The bar in words."""
        return f"{self.sign} {self.limit:g} {self.unit}".strip() if self.sign else NO_BAR


LINES = (
    Line("cold_compile_seconds", "cold compile, with a first tiny history", ".1f", "s",
         "under", 90.0),
    Line("ns_per_entity_tick", "compiled loop, fergana, full", ".0f", "ns per entity-tick"),
    Line("twin_ratio", "Mesa twin over it, draws prepared beforehand", ".0f", "times",
         "at least", 100.0),
    Line("twin_ratio_own_draws", "Mesa twin over it, drawing its own numbers", ".0f", "times"),
    Line("history_ms_lower_colorado", "lower_colorado, 20 years after 30, no mechanism", ".0f",
         "ms a history", "under", 60.0),
    Line("history_ms_lower_colorado_full", "the same with all mechanisms", ".0f", "ms a history",
         "under", 60.0),
    Line("ns_per_entity_tick_1e3", "synthetic, 10^3 entities", ".0f", "ns per entity-tick"),
    Line("ns_per_entity_tick_1e4", "synthetic, 10^4 entities", ".0f", "ns per entity-tick"),
    Line("ns_per_entity_tick_1e5", "synthetic, 10^5 entities", ".0f", "ns per entity-tick"),
    Line("ns_per_entity_tick_1e6", "synthetic, 10^6 entities", ".0f", "ns per entity-tick"),
    Line("ns_growth", "time per entity-tick, 10^6 over 10^3", ".2f", "times", "at most", 2.5),
    Line("time_exponent", "exponent of time, 10^4 to 10^6 entities", ".3f", "", "at most", 1.10),
    Line("peak_bytes_1e6", "memory, 10^6 entities, 52 ticks, process included", ".0f", "MiB",
         "under", 2048.0, 1.0 / MEBI),
    Line("thread_speedup", "ensemble, 2 threads over 1", ".2f", "times", "at least", 1.6),
    Line("record_overhead", "recording every quarter", "+.1f", "% of time", scale=100.0),
    Line("help_ratio", "thalweg --help over bare python", ".2f", "times", "at most", 4.0),
)  # fmt: skip


def judged(found: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Label, figure, bar and whether it is met, line by line."""
    rows = []
    for line in LINES:
        number = found.get(line.key)
        if number is None:
            rows.append((line.label, "not measured", line.bar, NO_BAR))
            continue
        value = float(number) * line.scale
        reached = line.sign and SIGNS[line.sign](value, line.limit)
        verdict = (MET if reached else NOT_MET) if line.sign else NO_BAR
        rows.append((line.label, f"{value:{line.shape}} {line.unit}".strip(), line.bar, verdict))
    return rows


def page() -> str:
    """The whole page."""
    blocks = ["# Speed, measured", OPENING]
    if STORE.is_file():
        found = json.loads(STORE.read_text(encoding="utf-8"))
        figures = table(("what", "measured", "bar", "met?"), judged(found))
        blocks += [machine(found["made"]), figures, HOW]
    else:
        blocks += ["Not measured yet."]
    return "\n\n".join(blocks) + "\n"


def machine(made: Mapping[str, Any]) -> str:
    """When, on what and with which versions, in one paragraph."""
    versions = ", ".join(f"{name} {number}" for name, number in made["versions"].items())
    load = " to ".join(f"{value:.1f}" for value in (min(made["load"]), max(made["load"])))
    return (
        f"Measured on {made['date']} on {made['machine']}, {made['cores']} cores, "
        f"{made['memory_gib']:.0f} GiB of memory, {made['system']}, load {load}; Python "
        f"{made['python']}, {versions}; compiled model `{made['kernel']}`, "
        f"{age_of(made['kernel'])}."
    )
