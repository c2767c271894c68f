"""A portfolio as tidy frames and as plain values."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from analysis.portfolio.answer import Choice, Portfolio
from analysis.portfolio.resample import interval


def tables(found: Portfolio) -> dict[str, pd.DataFrame]:
    """Frames by name: mixes, best, break_even, effects, pairs, regret. One row per thing told."""
    return {
        "mixes": _mixes(found),
        "best": _best(found),
        "break_even": _break_even(found),
        "effects": _contrasts(found, found.single, found.single_effects),
        "pairs": _contrasts(found, found.pairs, found.pair_effects),
        "regret": _regret(found),
    }


def document(found: Portfolio) -> dict[str, Any]:
    """Everything as plain values; what is not defined is null."""
    mixes = found.mixes
    return {
        "folder": str(mixes.folder),
        "region": mixes.region,
        "years": mixes.years,
        "mechanisms": [{"name": m, "label": mixes.labels[m]} for m in mixes.mechanisms],
        "states": [state.label for state in mixes.states],
        "objectives": [
            {"role": role, "outcomes": list(keys), "label": o.label, "unit": o.unit,
             "better": "lower" if sign > 0 else "higher"}
            for role, keys, o, sign in zip(("cost", "risk", "people"), found.roles.keys,
                                           found.objectives, found.sign, strict=False)
        ],
        "histories_per_mix": found.cells,
        "units": found.units,
        "refusals": list(found.refusals),
        "flags": list(found.flags),
        "thresholds": {key: list(value) for key, value in found.thresholds.items()},
        **{name: _plain(frame) for name, frame in tables(found).items()},
    }  # fmt: skip


def name(found: Portfolio, mix: int) -> str:
    """The arm of a mix."""
    return found.mixes.arms[mix].name


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): None if isinstance(v, float) and not math.isfinite(v) else v
         for key, v in row.items()}
        for row in frame.to_dict(orient="records")
    ]  # fmt: skip


def _mixes(found: Portfolio) -> pd.DataFrame:
    table: dict[str, Any] = {
        "mix": [arm.name for arm in found.mixes.arms],
        "label": [arm.label for arm in found.mixes.arms],
        "n": found.cells,
        "events": found.events,
        "on_frontier": found.frontier,
        "chance_on_frontier": found.chance,
    }
    for place, role in enumerate(("cost", "risk", "people")[: len(found.objectives)]):
        lo, hi = found.ends(place)
        table |= {role: found.level[0, :, place], f"{role}_lo": lo, f"{role}_hi": hi}
    return pd.DataFrame(table)


def _best(found: Portfolio) -> pd.DataFrame:
    rows = []
    for one in found.choices:
        named = one.mix >= 0 and not found.refusals
        rows.append({
            "budget": one.budget, "mix": name(found, one.mix) if named else None,
            "chance_best": one.chance if named else math.nan,
            **_ends("risk", one.halved.level), **_ends("risk_difference", one.halved.difference),
            "chosen_by_halves": [name(found, m) for m in one.halved.chosen] if named else [],
            "cannot_be_told_from": [name(found, m) for m in one.rivals] if named else [],
            "risk_own_half": one.own_half, "risk_other_half": one.other_half,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _ends(key: str, told: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip((key, f"{key}_lo", f"{key}_hi"), told, strict=True))


def _break_even(found: Portfolio) -> pd.DataFrame:
    columns = ["budget", "mechanism", "in_best", "share_in_best", "cost_now", "surcharge",
               "break_even", "break_even_lo", "break_even_hi"]  # fmt: skip
    choices = () if found.refusals else found.choices
    return pd.DataFrame([_row(one, k) for one in choices for k in range(len(one.break_even))],
                        columns=columns)  # fmt: skip


def _row(one: Choice, place: int) -> dict[str, Any]:
    own, (lo, hi) = one.break_even[place], one.break_even_ends[place]
    return {"budget": one.budget, "mechanism": own.mechanism, "in_best": own.inside,
            "share_in_best": one.inside[place], "cost_now": own.cost_now,
            "surcharge": own.surcharge, "break_even": own.at, "break_even_lo": lo,
            "break_even_hi": hi}  # fmt: skip


def _contrasts(
    found: Portfolio, sets: tuple[tuple[int, ...], ...], draws: np.ndarray
) -> pd.DataFrame:
    mechanisms = found.mixes.mechanisms
    rows = []
    for place, chosen in enumerate(sets):
        for k, keys in enumerate(found.roles.keys):
            lo, hi = interval(draws[:, place, k], found.units)
            rows.append({"mechanisms": "+".join(mechanisms[i] for i in chosen),
                         "outcome": "+".join(keys), "n": found.cells,
                         "effect": float(draws[0, place, k]), "lo": float(lo),
                         "hi": float(hi)})  # fmt: skip
    return pd.DataFrame(rows, columns=["mechanisms", "outcome", "n", "effect", "lo", "hi"])


def _regret(found: Portfolio) -> pd.DataFrame:
    rows = []
    for one in () if found.refusals else found.choices:
        own = one.robust
        if own is None:
            continue
        for mix in np.flatnonzero(own.candidates):
            lo, hi = interval(own.greatest[:, mix], found.units)
            low, high = interval(own.meets[:, mix], found.units)
            worst = found.mixes.states[int(own.worst_state[mix])].label
            rows.append({"budget": one.budget, "mix": name(found, int(mix)),
                         "greatest_regret": own.greatest[0, mix], "greatest_regret_lo": float(lo),
                         "greatest_regret_hi": float(hi), "mean_regret": own.mean[0, mix],
                         "worst_state": worst, "share_meets": own.meets[0, mix],
                         "share_meets_lo": float(low), "share_meets_hi": float(high)})  # fmt: skip
    columns = ["budget", "mix", "greatest_regret", "greatest_regret_lo", "greatest_regret_hi",
               "mean_regret", "worst_state", "share_meets", "share_meets_lo",
               "share_meets_hi"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
