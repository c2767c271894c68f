"""The quality of an emulator for papers: its tables, and held-out points as a figure."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis import words
from analysis.emulator.build import told_q2
from analysis.emulator.families import WORDS
from analysis.emulator.model import Emulator
from analysis.emulator.quality import Quality
from analysis.emulator.told import quality_frame
from analysis.paper_figures import held_out
from analysis.paper_kit import Column, Source, save_figure, save_table

NAME = "held-out"
COLUMNS = (
    Column("family", "Kind of point", "", "uniform, corners, few or none"),
    Column("points", "Points", "points", "held out"),
    Column("q2", "Q2", "", "1 is perfect; noise of the runs taken off"),
    Column("q2_lo", "Q2, 95 % from", "", ""),
    Column("q2_hi", "Q2, 95 % to", "", ""),
    Column("q2_shape", "Q2 of the shape", "", "with the luck of the seeds taken off the level"),
    Column("ceiling", "Ceiling", "", "Q2 of a perfect emulator against means of so few seeds"),
    Column("rmse", "Error", "", "root mean square, in the outcome's unit"),
    Column("rmse_hi", "Error up to", "", "in the outcome's unit"),
    Column("spread", "Varies", "", "standard deviation of the truth, in the outcome's unit"),
    Column("calibration", "Calibration error", "", "in the outcome's unit"),
    Column("coverage", "Ranges that held", "share", "of the 90 % range"),
    Column("coverage_lo", "Ranges that held, 95 % from", "share", ""),
    Column("coverage_hi", "Ranges that held, 95 % to", "share", ""),
    Column("bias", "Bias", "", "said less seen, in the outcome's unit"),
    Column("simulated", "Simulated", "", "mean over the seeds, in the outcome's unit"),
    Column("predicted", "Predicted", "", "by a fit without the point, in the outcome's unit"),
    Column("lo", "90 % range from", "", "of the emulator; empty: cannot be told"),
    Column("hi", "90 % range to", "", "of the emulator; empty: cannot be told"),
    Column("seeds", "Seeds", "count", "of the point"),
)


def write(emulator: Emulator, source: Source, folder: Path) -> None:
    """Quality and held-out as csv and parquet, held-out as pdf and svg with a caption."""
    save_table(quality_frame(emulator), folder, "quality", COLUMNS)
    points = held_frame(emulator)
    save_table(points, folder, NAME, COLUMNS)
    if points.empty:
        return
    shown, scale = points.rename(columns={"seeds": "n"}), words.scale_of(emulator.outcome)
    shown["label"] = [WORDS[family] for family in points["family"]]
    shown["quantity"] = emulator.outcome.label
    shown["unit"] = words.unit_of(emulator.outcome)
    shown["estimate"] = shown["predicted"]
    for key in ("simulated", "estimate", "lo", "hi"):
        shown[key] *= scale
    told = f"{held_out.caption(shown, source)} {words_of(emulator)}"
    save_figure(held_out.draw(shown, source), folder, NAME, told)


def held_frame(emulator: Emulator) -> pd.DataFrame:
    """Held-out points, one a row; points without a run are left out."""
    columns = ["family", "simulated", "predicted", "lo", "hi", "seeds"]
    parts = [
        pd.DataFrame({"family": family, "simulated": own.seen, "predicted": own.said,
                      "lo": own.lo, "hi": own.hi, "seeds": own.seeds.astype(int)})
        for family, own in emulator.shown
    ]  # fmt: skip
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return found[found["seeds"] > 0].reset_index(drop=True)


def words_of(emulator: Emulator) -> str:
    """Quality by kind of point, and whether it was enough, in sentences."""
    parts = [_one(emulator, one) for one in emulator.quality]
    verdict = f"REFUSED: {'; '.join(emulator.refusals)}." if emulator.refusals else "Accepted."
    return f"Held-out quality: {'; '.join(parts)}. {verdict}"


def _one(emulator: Emulator, one: Quality) -> str:
    head = f"{WORDS[one.family]}, {words.count(one.points, 'point')}"
    if one.q2 != one.q2:
        return f"{head}: cannot be told"
    unit, scale = words.unit_of(emulator.outcome), words.scale_of(emulator.outcome)
    error = f"{scale * one.rmse:.2g} {unit}".strip()
    return (f"{head}: Q2 {told_q2(one.q2)} ({told_q2(one.q2_lo)} to {told_q2(one.q2_hi)}), "
            f"error {error}")  # fmt: skip
