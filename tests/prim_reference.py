"""Boxes of another PRIM for the same points: what ours is held against (test_discovery.py).

Run with ema-workbench 2.5.3 installed, in an environment of its own, it writes prim_reference.json:
``python tests/prim_reference.py``. It is no dependency of Thalweg (docs/decisions/0024).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

KEPT = Path(__file__).with_suffix(".json")
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)
WORLDS = {  # points, settings, values of each setting (0: a range), chance inside and outside
    "ranges": (200, 5, 0, 0.9, 0.15),
    "many ranges": (333, 8, 0, 0.7, 0.25),
    "whole numbers": (250, 4, 6, 0.85, 0.2),
    "two values": (160, 6, 2, 0.8, 0.2),
}


def world(points: int, settings: int, values: int, inside: float, outside: float) -> Any:
    """(x, y) that need no generator of random numbers: multiples of roots, modulo 1."""
    i = np.arange(1, points + 1)[:, None]
    x = np.sqrt(np.array(PRIMES[:settings], dtype=float)) * i % 1.0
    box = (x[:, 0] < 0.6) & (x[:, 1] > 0.35)
    y = (np.pi * np.arange(1, points + 1) ** 2) % 1.0 < np.where(box, inside, outside)
    return (np.floor(x * values) if values else x), y


def reference(x: Any, y: Any) -> list[dict[str, Any]]:
    """Every box of the other PRIM: points, cases, limits that restrict something, quasi-p."""
    import pandas as pd
    from ema_workbench.analysis import prim

    names = [f"x{k}" for k in range(x.shape[1])]
    table = pd.DataFrame(x, columns=names)
    found = prim.Prim(table, y.astype(int), threshold=0.5).find_box()
    whole, kept = found.box_lims[0], []
    for place, lims in enumerate(found.box_lims):
        ends = {name: [None if lims.loc[e, name] == whole.loc[e, name] else lims.loc[e, name]
                       for e in (0, 1)] for name in names}  # fmt: skip
        row = found.peeling_trajectory.loc[place]
        kept.append({"points": int(row["n"]), "cases": int(row["k"]),
                     "limits": {k: v for k, v in ends.items() if v != [None, None]},
                     "quasi_p": found.qp[place]})  # fmt: skip
    return kept


if __name__ == "__main__":
    boxes = {name: reference(*world(*told)) for name, told in WORLDS.items()}
    KEPT.write_text(json.dumps({"library": "ema-workbench 2.5.3", "boxes": boxes}, indent=1) + "\n")
