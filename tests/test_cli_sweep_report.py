"""`thalweg sweep` and `thalweg report` with the real model: the report that fits the folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SMALL

from experiments.main import main

pytestmark = pytest.mark.slow
SWEEP = ("sweep", *SMALL, "arms=none,full", "seeds=3")


def test_a_sweep_ends_with_its_headline_and_its_report_which_can_be_built_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "s"
    swept = "parameters.ladder.up_rate=3,5"
    assert main([*SWEEP, swept, "outcomes=crisis_any,violent_incidents", f"out={folder}"]) == 0
    said = capsys.readouterr().out
    text = (folder / "headline.txt").read_text(encoding="utf-8").strip()
    assert said.startswith(text)
    assert "Means are over 2 points of 1 swept setting and 3 seeds" in text
    assert said.rstrip().endswith(f"report: {folder / 'report.html'}")
    source = (folder / "report.html").read_text(encoding="utf-8")
    assert "12 runs launched = 12 ok + 0 failed + 0 aborted" in source
    assert "Climb to the next local rung" in source
    (folder / "report.html").unlink()
    assert main(["report", str(folder)]) == 0
    assert (folder / "report.html").read_text(encoding="utf-8") == source


def test_a_sweep_that_varies_nothing_has_the_report_of_a_comparison(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "s"
    assert main([*SWEEP, "outcomes=crisis_resource,violent_incidents", f"out={folder}"]) == 0
    assert "report: " in capsys.readouterr().out
    source = (folder / "report.html").read_text(encoding="utf-8")
    assert 'id="figure-forest"' in source
    assert "kept no series" in source
