"""The page docs/benchmarks.md, and the lines that the benchmarks print: figure, bar, met or not.

Numbers come from benchmarks/bench.json, sweep.json, study.json and report.json, which ``make
bench``, ``make bench-sweep``, ``make bench-study`` and ``make bench-report`` write, and from
nowhere else. Bars are goals of the project for a machine at rest; no test asserts any of them by
the clock.
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
SWEEP_STORE = ROOT / "benchmarks" / "sweep.json"
STUDY_STORE = ROOT / "benchmarks" / "study.json"
REPORT_STORE = ROOT / "benchmarks" / "report.json"
PAGE = ROOT / "docs" / "benchmarks.md"
SIGNS = {"at least": operator.ge, "at most": operator.le, "under": operator.lt}
PACKAGES = ("numpy", "numba", "llvmlite", "mesa")  # what the speed of either model rests on
MET, NOT_MET, NO_BAR = "met", "not met", ""
MEBI = 2.0**20
OPENING = (
    "This page is written by `make bench`, `make bench-sweep`, `make bench-study` and `make "
    "bench-report`, from `benchmarks/bench.json`, `sweep.json`, `study.json` and `report.json`. Do "
    "not edit it by hand."
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
SWEEP_HEADING = "## A whole sweep against the bare ensemble"
SWEEP_HOW = (
    "A Latin hypercube over five settings, 20 seeds a point, on an invented border of 40 entities "
    "with every mechanism in force, 20 years in weeks. The command composes, checks, times a "
    "pilot, simulates, keeps 40 outcomes of every run with its identity, accounts for all of them "
    "and writes the report. Bare is the compiled ensemble alone: a tenth of the same runs, half of "
    "them before the command and half after, scaled up. The design table (`design.parquet`, "
    "`runs.parquet`) is not in the bytes of a run."
)
STUDY_HEADING = "## A sensitivity study of twenty assumptions"
STUDY_HOW = (
    "The commands as a user types them: `thalweg check`, `thalweg sweep study=twenty --yes`, "
    "`thalweg sensitivity`. Sobol' points over twenty assumptions, 20 seeds a point, on the "
    "smallest invented border with every mechanism in force, two years in weeks. The pilot's price "
    "is what it said before the first run. The lines that say so are reckoned, not run: the time "
    "of a run, or of a history of a real border on all cores, times the runs of the whole study."
)
REPORT_HEADING = "## The report in a browser"
REPORT_HOW = (
    "Two reports as the commands write them: `compare` of fergana, four arms, 200 seeds, 20 years; "
    "`sweep` of an invented border over three drought rates, two arms, 20 seeds. Each is opened "
    "from its file in headless Chromium, 1,360 pixels wide, in a fresh window without a cache, and "
    "told is the median of seven visits. Words are there at the first contentful paint, a chart "
    "once it stands in the page, both from the start of the navigation. The heap is what scripts "
    "hold after a collection, the sheets are A4."
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
SWEEP_LINES = (
    Line("runs", "runs", ",.0f"),
    Line("bare_seconds", "bare ensemble", ",.0f", "s"),
    Line("bare_spread", "bare, after the command against before", "+.1f", "%", scale=100.0),
    Line("command_seconds", "the whole command", ",.0f", "s"),
    Line("overhead_seconds", "the command beyond the bare ensemble", "+.0f", "s"),
    Line("overhead_of_allowed", "that, as a share of 5 s + 5 % of the bare ensemble", ".0f", "%",
         "at most", 100.0, 100.0),
    Line("processor_share", "the same in processor time", "+.1f", "% of bare", scale=100.0),
    Line("front_bytes", "memory of the front, most", ".0f", "MiB", "under", 1024.0, 1.0 / MEBI),
    Line("front_growth_bytes", "its growth in the second half", ".0f", "MiB", scale=1.0 / MEBI),
    Line("bytes_per_run", "parts, 40 outcomes", ".0f", "bytes a run", "under", 320.0),
)  # fmt: skip
STUDY_LINES = (
    Line("runs", "runs", ",.0f"),
    Line("check_seconds", "checking the file", ".1f", "s"),
    Line("priced_seconds", "price that the pilot told", ",.0f", "s"),
    Line("sweep_seconds", "planning, running, accounting, report", ",.0f", "s"),
    Line("ms_per_run", "that, by run", ".2f", "ms"),
    Line("processor_share", "cores at work in it, on average", ".2f"),
    Line("front_bytes", "memory of it, most", ",.0f", "MiB", scale=1.0 / MEBI),
    Line("folder_bytes", "the folder", ",.0f", "MiB", scale=1.0 / MEBI),
    Line("analysis_seconds", "sensitivity of all outcomes kept", ",.0f", "s"),
    Line("analysis_bytes", "memory of that, most", ",.0f", "MiB", scale=1.0 / MEBI),
    Line("whole_seconds", "the 1,802,240 runs of 4,096 blocks, reckoned from it", ",.0f", "s"),
    Line("border_ms", "a history of fergana, 20 years, all mechanisms", ".1f", "ms"),
    Line("border_hours", "1,802,240 of them, reckoned", ",.1f", "h"),
)  # fmt: skip
REPORT_LINES = (
    Line("bytes", "the report, its file", ".2f", "MB", "at most", 2.5, 1e-6),
    Line("text_ms", "its words are there", ",.0f", "ms", "at most", 1000.0),
    Line("first_chart_ms", "its first chart", ",.0f", "ms", "at most", 3000.0),
    Line("charts_ms", "all its charts", ",.0f", "ms"),
    Line("heap_bytes", "memory that its scripts hold", ".0f", "MB", "at most", 60.0, 1e-6),
    Line("sheets", "on paper", ".0f", "sheets", "at most", 15.0),
    Line("sweep_bytes", "the report of a sweep, its file", ".2f", "MB", "at most", 2.5, 1e-6),
    Line("sweep_text_ms", "its words and charts are there", ",.0f", "ms", "at most", 1000.0),
    Line("sweep_heap_bytes", "memory that its scripts hold", ".0f", "MB", "at most", 60.0, 1e-6),
    Line("sweep_sheets", "on paper", ".0f", "sheets", "at most", 15.0),
)  # fmt: skip


def judged(
    found: Mapping[str, Any], lines: tuple[Line, ...] = LINES
) -> list[tuple[str, str, str, str]]:
    """Label, figure, bar and whether it is met, line by line."""
    rows = []
    for line in lines:
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
    return "\n\n".join([
        "# Speed, measured", OPENING, *_section(STORE, LINES, HOW),
        SWEEP_HEADING, *_section(SWEEP_STORE, SWEEP_LINES, SWEEP_HOW),
        STUDY_HEADING, *_section(STUDY_STORE, STUDY_LINES, STUDY_HOW),
        REPORT_HEADING, *_section(REPORT_STORE, REPORT_LINES, REPORT_HOW),
    ]) + "\n"  # fmt: skip


def _section(store: Path, lines: tuple[Line, ...], how: str) -> list[str]:
    """The paragraphs of one store."""
    if not store.is_file():
        return ["Not measured yet."]
    found = json.loads(store.read_text(encoding="utf-8"))
    figures = table(("what", "measured", "bar", "met?"), judged(found, lines))
    return [machine(found["made"]), figures, how]


def told(found: Mapping[str, Any], lines: tuple[Line, ...] = LINES) -> list[str]:
    """The same for a terminal."""
    rows = judged(found, lines)
    wide = [max(len(row[column]) for row in rows) for column in range(3)]
    printed = [f"{label:<{wide[0]}}  {figure:<{wide[1]}}  {bar:<{wide[2]}}  {verdict}".rstrip()
               for label, figure, bar, verdict in rows]  # fmt: skip
    return [machine(found["made"]), "", *printed]


def machine(made: Mapping[str, Any]) -> str:
    """When, on what and with which versions, in one paragraph."""
    versions = ", ".join(f"{name} {number}" for name, number in made["versions"].items())
    load = " to ".join(f"{value:.1f}" for value in (min(made["load"]), max(made["load"])))
    return (
        f"Measured on {made['date']} on {made['machine']}, {made['cores']} cores, "
        f"{made['memory_gib']:.0f} GiB of memory, {made['system']}, load {load}; Python "
        f"{made['python']}, {versions}; compiled model `{made['kernel']}`, "
        f"{age_of(made['kernel'], speed=True)}."
    )
