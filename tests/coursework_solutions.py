"""Reference answers to the exercises, worked out from a student's folder by other code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from analysis import load
from analysis.portfolio import Ask, portfolio
from analysis.sensitivity.answers import answers

RATE = "violent_incidents"
LONG = " ".join(["word"] * 70)
CLAIMS = {"better": "better", "worse": "worse"}


def history(folder: Path) -> dict[str, Any]:
    events = pd.read_csv(folder / "history" / "events.csv")
    local, states = events[events["local"]], events[~events["local"]]
    found: dict[str, Any] = {
        "acts": len(events),
        "violent_acts": len(local[local["rung_label"] == "violent incident"]),
        "busiest_pair": local["dyad"].mode()[0] if len(local) else "none",
        "shows_that_it_works": "no", "story": LONG,
        "highest_between_states": "none", "cause": -1, "chain": 0,
    }  # fmt: skip
    if len(states):
        top = states.sort_values(["rung", "id"], ascending=[False, True]).iloc[0]
        found["highest_between_states"] = top["rung_label"]
        found["cause"] = -1 if pd.isna(top["cause"]) else int(top["cause"])
        row, chain = top, 1
        while not pd.isna(row["cause"]):
            row, chain = events[events["id"] == row["cause"]].iloc[0], chain + 1
        found["chain"] = chain
    return found


@lru_cache
def read(folder: Path) -> tuple[Any, pd.DataFrame]:
    study = load(folder)
    return study, study.effects()


def effect(folder: Path, place: int) -> pd.Series:
    study, every = read(folder)
    arm = study.stored.arms[place].name
    return every[(every["arm"] == arm) & (every["outcome"] == RATE)].iloc[0]


def changes(folder: Path, place: int) -> pd.Series:
    study = load(folder)
    wide = study.runs().pivot_table(index="seed", columns="arm", values=RATE)
    return wide[study.stored.arms[place].name] - wide[study.stored.arms[0].name]


def claim(row: pd.Series) -> str:
    return CLAIMS.get(row["verdict"], "no claim")


def pairs(folder: Path) -> dict[str, Any]:
    one, study = effect(folder / "study", 1), load(folder / "study")
    change = changes(folder / "study", 2)
    blocks = [change.iloc[k : k + 10].mean() for k in range(0, len(change) - 9, 10)]
    return {
        "finished": int((study.runs()["status"] == "ok").sum()),
        "rate_without": one["reference_mean"], "rate_with": one["arm_mean"],
        "difference": one["estimate"], "lower": one["lo"], "upper": one["hi"], "claim": claim(one),
        "claim_third": claim(effect(folder / "study", 2)), "worsened": 100 * one["worse"],
        "blocks_against": sum(np.sign(b) != np.sign(change.mean()) for b in blocks),
        "seeds_for_half": 4 * study.runs()["seed"].nunique(), "in_words": LONG,
    }  # fmt: skip


def changed(folder: Path) -> dict[str, Any]:
    from analysis.intervals import bootstrap_intervals

    a, b = effect(folder / "before", 1), effect(folder / "after", 1)
    apart = (changes(folder / "after", 1) - changes(folder / "before", 1)).to_numpy()
    lo, hi = bootstrap_intervals(apart[:, None])
    claims = claim(a), claim(b)
    survives = "nothing to survive" if claims[0] == "no claim" else (
        "yes" if claims[0] == claims[1] else "no")  # fmt: skip
    given = yaml.safe_load((folder / "changed.yaml").read_text("utf-8"))["parameters"]
    ((group, values),) = given.items()
    return {
        "setting": f"{group}.{next(iter(values))}",
        "difference_before": a["estimate"], "difference_after": b["estimate"],
        "claim_before": claims[0], "claim_after": claims[1], "survives": survives,
        "change": apart.mean(), "effect_changed": "no" if lo[0] <= 0 <= hi[0] else "yes",
        "in_words": LONG,
    }  # fmt: skip


def swept(folder: Path) -> dict[str, Any]:
    study = load(folder / "sweep")
    found = answers(study.stored, [RATE])[0]
    total = {i.units[0].name: i for i in found.indices if i.kind == "total"}
    fine = bool(total) and all(np.isfinite(i.now.value) for i in total.values())
    top = max(total, key=lambda key: total[key].now.value) if fine else "cannot tell"
    return {
        "points": study.runs()["point"].nunique(), "finished": study.counts.ok,
        "luck": round(100 * found.shares.seed.value), "moves_most": top,
        "total_index": total[top].now.value if fine else -1,
        "known": total[top].verdict.word if fine else "cannot tell", "in_words": LONG,
    }  # fmt: skip


def mixes(folder: Path) -> dict[str, Any]:
    budget = yaml.safe_load((folder / "answers.yaml").read_text("utf-8"))["budget"]
    found = portfolio(folder / "mixes", Ask(budgets=(budget,), risk=RATE))
    one, means = found.choices[0], load(folder / "mixes").runs().groupby("arm").mean(True)
    answer = {"budget": budget, "number_of_mixes": len(found.mixes.arms), "in_words": LONG,
              "on_frontier": int(found.frontier.sum())}  # fmt: skip
    if found.refusals:
        return {**answer, "best_mix": "refused", "its_cost": -1, "its_rate": -1, "rivals": -1,
                "told_from_none": "no"}  # fmt: skip
    name = found.mixes.arms[one.mix].name
    bare = next(k for k, arm in enumerate(found.mixes.arms) if arm.name == "none")
    return {
        **answer, "best_mix": "+".join(reversed(name.split("+"))),
        "its_cost": means.loc[name, ["money_spent", "money_matched"]].sum(),
        "its_rate": means.loc[name, RATE], "rivals": len(one.rivals),
        "told_from_none": "no" if bare in (*one.rivals, one.mix) else "yes",
    }  # fmt: skip


def region(folder: Path) -> dict[str, Any]:
    a, b, apart = (effect(folder / "study", 1), effect(folder / "study", 2),
                   effect(folder / "between", 1))  # fmt: skip
    better = {"better": b["arm"], "worse": a["arm"]}.get(apart["verdict"], "no claim")
    document = json.loads((folder / "study" / "region.json").read_text("utf-8"))
    return {
        "region": document["name"], "towns": len(document["municipalities"]),
        "first_mechanism": a["arm"], "difference_first": a["estimate"], "claim_first": claim(a),
        "second_mechanism": b["arm"], "difference_second": b["estimate"], "claim_second": claim(b),
        "between_two": apart["estimate"], "between_lower": apart["lo"],
        "between_upper": apart["hi"], "better_of_two": better, "in_words": LONG,
    }  # fmt: skip


SOLVERS = {"1": history, "2": pairs, "3": changed, "4": swept, "5": mixes, "6": region}


def fill(folder: Path, given: Mapping[str, Any]) -> None:
    """Lay answers over those in a folder; None leaves a blank."""
    path = folder / "answers.yaml"
    content = yaml.safe_load(path.read_text("utf-8")) | {
        key: value.item() if isinstance(value, np.generic) else value
        for key, value in given.items()
    }  # fmt: skip
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def solve(number: str, folder: Path) -> dict[str, Any]:
    """The right answers of one exercise."""
    return SOLVERS[number](folder)
