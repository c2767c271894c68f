"""A study with others beside it: what a report takes in, invented, with planted answers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
from study_factory import make_study
from sweep_factory import RANGE, make_sweep

HERE = "testland"
SWITCH = {**RANGE, "lo": 0.0, "hi": 1.0, "unit": "", "default": 1.0}
SWITCHES = tuple(
    {**SWITCH, "key": f"mechanisms.{name}.intensity", "label": f"{name}: strength"}
    for name in ("data_sharing", "joint_committee")
)
DRIVER = {**RANGE, "key": "parameters.ladder.up_rate", "label": "climb to the next rung"}
IDLE = {**RANGE, "key": "parameters.trust.gain", "label": "gain of trust"}


def chances(points: np.ndarray) -> np.ndarray:
    """Chance of a crisis [point, arm] along two strengths and one condition."""
    own = 0.9 - 0.4 * points[:, 0] - 0.3 * points[:, 1] + 0.4 * (points[:, 2] - 0.3)
    return np.clip(own, 0.02, 0.98)[:, None]


def driven(points: np.ndarray) -> np.ndarray:
    """Chance [point, arm]: the first setting alone moves it; the arm helps where it is low."""
    share = (points[:, 0] - 0.1) / 0.4
    return np.stack([0.1 + 0.8 * share, np.where(share < 0.5, 0.02, 0.1 + 0.8 * share)], axis=-1)


def make_beside(room: Path) -> tuple[Path, list[Path]]:
    """(study, folders beside it): a Latin hypercube, sliders, the same under another setting."""
    study = make_study(room / "study")
    here(make_sweep(room / "doubts", regions=(HERE,), arms=("none", "full"), method="latin",
                    factors=(DRIVER, IDLE), points=128, seeds=12, luck=0.0, chance=driven),
         study)  # fmt: skip
    sliders = make_sweep(room / "sliders", regions=(HERE,), arms=("full",), method="mixed",
                         factors=(*SWITCHES, IDLE), points=192, seeds=120, luck=0.0,
                         chance=chances)  # fmt: skip
    here(sliders, study)
    other = make_study(room / "other", effect=0.0)
    manifest = json.loads((other / "manifest.json").read_text(encoding="utf-8"))
    manifest["identity"] = "0ther" * 8
    (other / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    traced(study)
    return study, [room / "doubts", room / "sliders", other]


def here(sweep: Path, study: Path) -> Path:
    """The sweep was made by the same model."""
    shutil.copy(study / "region.json", sweep / f"region-{HERE}.json")
    return sweep


def traced(study: Path) -> None:
    """What `thalweg trace` keeps of one crisis: three acts and what leaving each out changes."""
    place = study / "answers" / "trace"
    place.mkdir(parents=True)
    pd.DataFrame({
        "step": [1, 2, 3], "event": [11, 12, 15], "cause": pd.array([None, 11, 12], "Int64"),
        "date": ["2030-01-07", "2030-02-04", "2030-03-04"], "weeks": [-8.0, -4.0, 0.0],
        "ladder": ["local", "local", "interstate"], "place": ["Alder-Birk"] * 3,
        "actor": ["Alder", "Birk", "Nation A"], "target": ["Birk", "Alder", "Nation B"],
        "act": ["protest", "unilateral act", "guards display"], "issue": ["water"] * 3,
        "rung": [2, 3, 3], "rung_label": ["protest", "unilateral act", "show of force"],
        "verdict": ["changes nothing", "averts", "the crisis"],
        "sentence": ["a protest", "a gate is shut", "guards display"],
    }).to_parquet(place / "trace-5-chain.parquet")  # fmt: skip
