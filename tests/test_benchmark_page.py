"""docs/benchmarks.md: figures from the store, bars beside them, nothing measured here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from experiments import benchmark_document, document
from experiments.benchmark_document import (
    LINES,
    MET,
    NOT_MET,
    REPORT_LINES,
    SIGNS,
    STUDY_LINES,
    SWEEP_LINES,
    Line,
    judged,
    page,
)
from sim._jit import kernel_digest

MADE = {
    "date": "2026-01-01", "machine": "a machine", "cores": 2, "memory_gib": 7.6, "system": "Linux",
    "load": [0.5, 2.0], "python": "3.11.1", "versions": {"numba": "0.1"}, "kernel": "0123456789",
}  # fmt: skip


def kept(limit_times: float, lines: tuple[Line, ...] = LINES) -> dict[str, Any]:
    """A store in which every figure with a bar is so many times the bar."""
    figures = {line.key: limit_times * line.limit / line.scale for line in lines}
    return {**figures, "made": MADE}


@pytest.mark.parametrize(
    "lines", [LINES, SWEEP_LINES, REPORT_LINES], ids=["bench", "sweep", "report"]
)
@pytest.mark.parametrize(("times", "low"), [(0.99, True), (1.01, False)])
def test_a_bar_is_met_on_one_side_only(times: float, low: bool, lines: tuple[Line, ...]) -> None:
    for line, (*_, bar, verdict) in zip(lines, judged(kept(times, lines), lines), strict=True):
        if not line.sign:
            assert (bar, verdict) == ("", "")
            continue
        assert line.sign in SIGNS
        assert bar.startswith(line.sign)
        assert verdict == (MET if low is (line.sign != "at least") else NOT_MET), line.key


def test_the_bars_are_those_that_were_asked_for() -> None:
    bars = {line.key: (line.sign, line.limit) for line in LINES if line.sign}
    assert bars == {
        "cold_compile_seconds": ("under", 90.0), "twin_ratio": ("at least", 100.0),
        "history_ms_lower_colorado": ("under", 60.0),
        "history_ms_lower_colorado_full": ("under", 60.0), "ns_growth": ("at most", 2.5),
        "time_exponent": ("at most", 1.1), "peak_bytes_1e6": ("under", 2048.0),
        "thread_speedup": ("at least", 1.6), "help_ratio": ("at most", 4.0),
    }  # fmt: skip
    assert {line.key: (line.sign, line.limit) for line in SWEEP_LINES if line.sign} == {
        "overhead_of_allowed": ("at most", 100.0), "front_bytes": ("under", 1024.0),
        "bytes_per_run": ("under", 320.0),
    }  # fmt: skip
    assert {line.key: (line.sign, line.limit) for line in REPORT_LINES if line.sign} == {
        "bytes": ("at most", 2.5), "text_ms": ("at most", 1000.0),
        "first_chart_ms": ("at most", 3000.0), "heap_bytes": ("at most", 60.0),
        "sheets": ("at most", 15.0), "sweep_bytes": ("at most", 2.5),
        "sweep_text_ms": ("at most", 1000.0), "sweep_heap_bytes": ("at most", 60.0),
        "sweep_sheets": ("at most", 15.0),
    }  # fmt: skip


def test_memory_is_judged_in_the_unit_that_is_shown() -> None:
    told = {row[0]: row[1:] for row in judged({"peak_bytes_1e6": 1500 * 2**20})}
    label = next(line.label for line in LINES if line.key == "peak_bytes_1e6")
    assert told[label] == ("1500 MiB", "under 2048 MiB", MET)
    assert all(row[1] == "not measured" for row in judged({}))


def test_the_page_without_and_with_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, sweep = tmp_path / "bench.json", tmp_path / "sweep.json"
    monkeypatch.setattr(benchmark_document, "STORE", store)
    monkeypatch.setattr(benchmark_document, "SWEEP_STORE", sweep)
    monkeypatch.setattr(benchmark_document, "STUDY_STORE", tmp_path / "study.json")
    monkeypatch.setattr(benchmark_document, "REPORT_STORE", tmp_path / "report.json")
    assert page().count("Not measured yet.\n") == 4
    sweep.write_text(json.dumps(kept(1.01, SWEEP_LINES)), encoding="utf-8")
    assert page().count(f"| {NOT_MET} |") == 3
    store.write_text(json.dumps(kept(1.01)), encoding="utf-8")
    (tmp_path / "study.json").write_text(json.dumps(kept(1.0, STUDY_LINES)), encoding="utf-8")
    (tmp_path / "report.json").write_text(json.dumps(kept(0.9, REPORT_LINES)), encoding="utf-8")
    text = page()
    assert "Not measured yet" not in text
    assert "Measured on 2026-01-01 on a machine, 2 cores, 8 GiB of memory" in text
    assert "an older one: numbers may have moved since" in text
    assert text.count(f"| {NOT_MET} |") + text.count(f"| {MET} |") == 9 + 3 + 9
    fresh = {**kept(1.0), "made": {**MADE, "kernel": kernel_digest()[:16]}}
    store.write_text(json.dumps(fresh), encoding="utf-8")
    assert ", this one." in page()


def test_the_page_is_one_of_those_that_are_kept_fresh() -> None:
    assert document.WHOLE[Path("docs") / "benchmarks.md"] is page
