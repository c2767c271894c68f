"""Figures and tables for papers: the same bytes every time, text that stays text, columns named."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from conftest import ROOT

from analysis.paper_figures import (
    box_limits,
    chain,
    forest,
    frontier,
    held_out,
    index_bars,
    ladder,
    levels,
    marks,
    trade_off,
)
from analysis.paper_kit import (
    Column,
    Source,
    answer_folder,
    canvas,
    colour,
    drawing,
    paper_style,
    save_figure,
    save_table,
    source_lines,
)
from analysis.study import StudyError
from analysis.theme import LIGHT

SOURCE = Source("5f0c" * 16, "200 pairs of histories", "thalweg compare region=fergana seeds=200")
FRAMES: dict[str, tuple[ModuleType, pd.DataFrame]] = {
    "forest": (forest, pd.DataFrame({
        "quantity": ["crisis over the resource"] * 3 + ["uncontained incidents"] * 3,
        "unit": ["in 100 histories"] * 3 + ["per year"] * 3,
        "label": ["Data sharing", "Joint committee", "full package"] * 2,
        "group": ["alone", "alone", "bundles"] * 2,
        "estimate": [-3.0, 1.0, -9.0, 0.2, float("nan"), -0.4],
        "lo": [-5.0, -1.0, -14.0, 0.1, float("nan"), -0.6],
        "hi": [-1.0, 3.0, -4.0, 0.3, float("nan"), -0.2],
        "n": [200] * 6,
        "verdict": ["better", "unclear", "better", "worse", "unclear", "unknown"],
    })),
    "index_bars": (index_bars, pd.DataFrame({
        "quantity": ["crisis over the resource"] * 4, "label": ["Droughts", "Droughts", "b", "b"],
        "index": ["first-order", "total"] * 2, "estimate": [0.3, 0.5, 0.01, 0.02],
        "lo": [0.2, 0.4, -0.02, 0.0], "hi": [0.4, 0.6, 0.03, 0.05], "n": [4096] * 4,
        "verdict": ["converged", "converged", "not yet", "cannot tell"], "floor": [0.02] * 4,
    })),
    "box_limits": (box_limits, pd.DataFrame({
        "quantity": ["the full package fails"] * 2, "label": ["droughts", "trust"],
        "unit": ["per year", ""], "lo": [0.3, 0.0], "hi": [0.5, 0.4], "range_lo": [0.1, 0.0],
        "range_hi": [0.5, 1.0], "stability": [0.9, float("nan")], "coverage": [0.6, 0.6],
        "density": [0.8, 0.8],
    })),
    "trade_off": (trade_off, pd.DataFrame({
        "quantity": ["the full package fails"] * 3, "coverage": [1.0, 0.8, 0.5],
        "density": [0.3, 0.6, 0.9], "chosen": [False, True, False], "n": [900, 400, 200],
        "label": ["", "box 2", ""],
    })),
    "frontier": (frontier, pd.DataFrame({
        "quantity": ["crisis over the resource"] * 4, "unit": ["in 100 histories"] * 4,
        "label": ["nothing", "data sharing", "data sharing and joint committee", "committee"],
        "cost": [0.0, 1.0, 3.0, 2.5], "cost_unit": ["million US dollars of 2020"] * 4,
        "estimate": [40.0, 35.0, 28.0, 39.0], "lo": [36.0, 31.0, 24.0, 35.0],
        "hi": [44.0, 39.0, 32.0, 43.0], "n": [200] * 4, "frontier": [True, True, True, False],
        "chosen": [False, True, False, False],
    })),
    "chain": (chain, pd.DataFrame({
        "quantity": ["guards fire in A-B over the river"] * 4, "step": [1, 2, 3, 4],
        "cause_step": pd.array([None, 1, 2, 3], "Int64"), "weeks": [-9.0, -7.0, 0.0, 0.0],
        "place": ["Chorkuh-Samarkandyk"] * 3 + ["KG-TJ"], "rung": [2, 2, 4, 4],
        "rung_label": ["protest", "protest", "violent incident", "use of force"],
        "text": ["protest", "protest again", "violent incident", "guards fire"],
        "verdict": ["averts", "changes nothing", "not asked", "the crisis"],
    })),
    "held_out": (held_out, pd.DataFrame({
        "quantity": ["crisis over the resource"] * 4, "unit": ["in 100 histories"] * 4,
        "label": ["anywhere in the ranges", "no mechanism on"] * 2,
        "simulated": [10.0, 20.0, 30.0, 40.0], "estimate": [12.0, 19.0, 33.0, 38.0],
        "lo": [8.0, 15.0, 29.0, float("nan")], "hi": [16.0, 23.0, 37.0, float("nan")],
        "n": [16] * 4,
    })),
    "levels": (levels, pd.DataFrame({
        "quantity": ["crisis over the resource", "livelihood"] * 2,
        "label": ["none", "none", "b", "b"],
        "unit": ["in 100 histories", "index"] * 2, "estimate": [35.0, 0.5, 20.0, 0.6],
        "lo": [30.0, 0.4, 15.0, 0.5], "hi": [40.0, 0.6, 25.0, 0.7], "n": [200] * 4,
    })),
    "ladder": (ladder, pd.DataFrame({
        "quantity": ["highest local rung"] * 12, "unit": ["rung"] * 12, "n": [200] * 12,
        "label": [a for a in "abcdef" for _ in range(2)], "year": [2025.0, 2045.0] * 6,
        "p05": [0.1] * 12, "p25": [0.5] * 12, "p50": [1.0, 2.0] * 6, "p75": [2.0] * 12,
        "p95": [3.0] * 12,
    })),
}  # fmt: skip


def drawn(name: str, folder: Path) -> dict[str, bytes]:
    """Files of one figure."""
    module, frame = FRAMES[name]
    figure = module.draw(frame, SOURCE)
    paths = save_figure(figure, folder, name, module.caption(frame, SOURCE))
    return {path.name: path.read_bytes() for path in paths}


@pytest.mark.parametrize("name", FRAMES)
def test_a_figure_is_written_as_pdf_and_svg_with_text_that_stays_text(
    name: str, tmp_path: Path
) -> None:
    found = drawn(name, tmp_path)
    assert sorted(found) == [f"{name}.pdf", f"{name}.svg", f"{name}.txt"]
    svg, pdf = found[f"{name}.svg"].decode(), found[f"{name}.pdf"]
    told = str(FRAMES[name][1]["quantity"].iloc[0])
    assert told[1:] in svg.replace("\n", " ")
    assert "5f0c5f0c5f0c. thalweg compare region=fergana" in svg
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf
    assert b"CreationDate" not in pdf
    assert "<dc:date>" not in svg
    assert "thalweg compare" in found[f"{name}.txt"].decode()


@pytest.mark.parametrize("name", FRAMES)
def test_every_kind_names_its_question_and_the_columns_that_it_needs(name: str) -> None:
    module, frame = FRAMES[name]
    assert module.QUESTION.endswith("?")
    for column in module.NEEDS:
        with pytest.raises(StudyError, match=f"lacks the column {column}$"):
            module.draw(frame.drop(columns=column), SOURCE)
    plain = frame.drop(columns=[key for key in module.MAY if key in frame])
    assert module.draw(plain, SOURCE).axes
    with pytest.raises(StudyError, match="without rows"):
        module.draw(frame.iloc[:0], SOURCE)


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes_in_another_process_and_order_of_hashes(
    tmp_path: Path,
) -> None:
    code = (
        "import sys, hashlib; from pathlib import Path; sys.path.insert(0, 'tests');"
        "from test_paper_kit import FRAMES, drawn;"
        "found = [drawn(name, Path(sys.argv[1])) for name in FRAMES];"
        "print(hashlib.sha256(repr(found).encode()).hexdigest())"
    )
    mine = hashlib.sha256(repr([drawn(name, tmp_path) for name in FRAMES]).encode()).hexdigest()
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "again")], cwd=ROOT, check=True, text=True,
        env={**os.environ, "PYTHONHASHSEED": "2024"}, capture_output=True,
    )  # fmt: skip
    assert done.stdout.strip() == mine


@pytest.mark.slow
def test_settings_of_the_users_own_matplotlib_change_nothing(tmp_path: Path) -> None:
    import matplotlib as mpl

    first = drawn("forest", tmp_path)
    with mpl.rc_context({"font.size": 20.0, "svg.hashsalt": "mine", "axes.grid": True}):
        assert drawn("forest", tmp_path) == first
    with drawing():
        assert mpl.rcParams["pdf.fonttype"] == 42
        assert set(paper_style()) <= set(mpl.rcParams)
    assert mpl.rcParams["svg.hashsalt"] is None


@pytest.mark.slow
def test_no_state_of_pyplot_is_touched() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests'); from test_paper_kit import FRAMES, SOURCE;"
        "print('matplotlib' in sys.modules);"
        "[module.draw(frame, SOURCE) for module, frame in FRAMES.values()];"
        "print('matplotlib' in sys.modules, 'matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, text=True,
                          capture_output=True)  # fmt: skip
    assert done.stdout.split() == ["False", "True", "False"]


def test_only_the_kit_imports_matplotlib() -> None:
    importing = [
        path.name
        for path in (*(ROOT / "analysis").rglob("*.py"), *(ROOT / "experiments").rglob("*.py"))
        if "import matplotlib" in (text := path.read_text("utf-8")) or "\nfrom matplotlib" in text
    ]
    assert importing == ["paper_kit.py"]


def test_colours_are_those_of_the_reports() -> None:
    assert colour("@good") == colour("good") == LIGHT["good"]
    assert all(mark.token in LIGHT for mark in marks.MARKS.values())
    told = [(mark.symbol, mark.filled, mark.token) for mark in marks.MARKS.values()]
    shapes = [(symbol, filled) for symbol, filled, _ in told[:7]]
    assert len({*shapes}) == 7, "verdicts differ without their colours, too"


def test_a_long_command_is_broken_and_then_shortened_while_the_caption_has_it_all() -> None:
    long = SOURCE._replace(command="thalweg compare " + "region=somewhere " * 60)
    lines = source_lines(long)
    assert len(lines) == 3
    assert lines[-1].endswith(" ...")
    assert max(map(len, lines)) <= 132
    assert marks.ending(long).count("region=somewhere") == 60
    with drawing():
        assert canvas(2.0, long).get_size_inches()[1] > canvas(2.0, SOURCE).get_size_inches()[1]


def test_a_table_carries_labels_and_units_in_both_forms(tmp_path: Path) -> None:
    frame = pd.DataFrame({"arm": ["a", "b"], "difference": [0.1 + 0.2, float("nan")], "n": [3, 4]})
    columns = (Column("difference", "Difference", "per year", "arm minus none"),)
    paths = save_table(frame, tmp_path, "effects", columns)
    assert [p.name for p in paths] == ["effects.csv", "effects.parquet", "effects.columns.csv"]
    pd.testing.assert_frame_equal(pd.read_csv(paths[0]), frame, check_exact=True)
    pd.testing.assert_frame_equal(pq.read_table(paths[1]).to_pandas(), frame, check_exact=True)
    field: Any = pq.read_schema(paths[1]).field("difference")
    assert field.metadata[b"unit"] == b"per year"
    assert field.metadata[b"label"] == b"Difference"
    told = pd.read_csv(paths[2], keep_default_na=False)
    assert told["column"].tolist() == ["arm", "difference", "n"]
    assert told["label"].tolist() == ["Arm", "Difference", "N"]
    assert told["unit"].tolist() == ["", "per year", ""]
    before = [path.read_bytes() for path in paths]
    assert [p.read_bytes() for p in save_table(frame, tmp_path, "effects", columns)] == before


def test_answers_lie_in_the_study_folder_unless_told_otherwise(tmp_path: Path) -> None:
    assert answer_folder(tmp_path, "effects") == tmp_path / "answers" / "effects"
    assert answer_folder(tmp_path, "effects", tmp_path / "x") == tmp_path / "x"
    assert (tmp_path / "x").is_dir()
