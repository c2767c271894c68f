"""A first look at published patterns: what histories without mechanisms show, region by region.

``python -m experiments.patterns fergana upper_rhine seeds=200`` prints one line per pattern of
docs/science.md. These are plain shares of pooled histories, without intervals or verdicts.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments import console, load_scenario
from sim.events import ACTS, VIOLENT
from sim.topology import OTHER, RIVER

YEARS = 20  # of a history
RECENT = 10  # years in which an earlier dispute counts as recent
ONE_DISPUTE = 0.5  # years: militarized acts closer than this are one dispute
FORGOTTEN = 5.0  # years without an act after which a resource dispute is a new one
INTERSTATE = np.array([not act.local for act in ACTS])
Found = dict[str, float]


def logs(region: str, seeds: int, years: float = YEARS) -> list[np.ndarray]:
    """Event logs of histories without mechanisms, seeds 1, 2, ..."""
    from sim.simulate import simulate

    scenario = load_scenario(f"region={region}", f"years={years}")
    return [simulate(scenario._replace(seed=seed)).events for seed in range(1, seeds + 1)]


def reported(events: Sequence[np.ndarray]) -> Found:
    """V1, V2: events between states over a resource, as a reporter would have seen them."""
    log = np.concatenate(events)
    log = log[INTERSTATE[log["act"]] & (log["issue"] != OTHER) & (log["reported"] > 0)]
    bar = np.where(log["reported"] == 2, 0, log["bar"])  # 2: seen, and coded as neutral
    bad = bar[bar < 0]
    return {
        "events": bar.size, "cooperative": _share(bar > 0), "conflictive": _share(bar < 0),
        "of these -1 or -2": _share(bad >= -2), "-5 or worse": _share(bad <= -5),
    }  # fmt: skip


def quarrels(events: Sequence[np.ndarray], pairs: int) -> Found:
    """V7, V8: militarized disputes a year and pair, after a recent one and without; their level."""
    years: list[set[int]] = []
    levels: list[int] = []
    for log in events:
        for pair in range(pairs):
            acts = np.sort(log[(log["pair"] == pair) & (log["hostility"] >= 3)], order="time")
            groups = _spells(acts, ONE_DISPUTE)
            levels += [int(group["hostility"].max()) for group in groups]
            years.append({int(group["time"][0]) for group in groups})
    seen: tuple[list[bool], list[bool]] = ([], [])
    for found in years:
        for year in range(RECENT, YEARS):
            seen[any(year - RECENT <= y < year for y in found)].append(year in found)
    without, after = (_share(np.array(rows)) for rows in seen)
    level = np.array(levels)
    return {
        "disputes": len(levels), "a year and pair": sum(map(len, years)) / (YEARS * len(years)),
        "after a recent one": after, "without": without, "ratio": after / (without or np.nan),
        "force": _share(level == 4), "war": _share(level == 5),
    }  # fmt: skip


def claims(events: Sequence[np.ndarray], pairs: int) -> Found:
    """V5: resource disputes between states that ever reach a threat of force, by kind."""
    hot: list[list[bool]] = [[], [], []]
    for log in events:
        for pair, issue in np.ndindex(pairs, OTHER):
            asked = (log["pair"] == pair) & (log["issue"] == issue) & (log["answered"] >= 0)
            for group in _spells(np.sort(log[asked], order="time"), FORGOTTEN):
                hot[issue].append(bool((group["hostility"] >= 2).any()))
    names = ("rivers", "aquifers", "fisheries")
    return {
        "disputes": sum(map(len, hot)),
        **{name: _share(np.array(rows)) for name, rows in zip(names, hot, strict=True) if rows},
    }


def force(events: Sequence[np.ndarray]) -> Found:
    """V12: violent local incidents from which an act of hostility 4 or 5 descends."""
    violent = led = 0
    for log in events:
        fights = {*log["incident"][log["act"] == VIOLENT].tolist()} - {-1}
        met = {*log["incident"][log["hostility"] >= 4].tolist()}
        violent, led = violent + len(fights), led + len(fights & met)
    return {"violent incidents": violent, "led to force": led / violent if violent else np.nan}


def inflow(region: str, years: int = 100) -> Found:
    """V13: variation and memory of annual inflow, mean over the rivers of a region."""
    from sim import BorderModel

    model = BorderModel(load_scenario(f"region={region}", f"years={years}"))
    rivers = model.topology.basin.kind == RIVER
    flow = np.zeros((years, int(rivers.sum())))
    for week in range(52 * years):
        model.step()
        flow[week // 52] += model.state.climate.factor[rivers] / 52.0
    memory = [float(np.corrcoef(each[1:], each[:-1])[0, 1]) for each in flow.T]
    return {"CV": float(np.mean(flow.std(0) / flow.mean(0))), "lag-1": float(np.mean(memory))}


def look(region: str, seeds: int) -> dict[str, Found]:
    """All patterns of one region."""
    events = logs(region, seeds)
    pairs = load_scenario(f"region={region}").region.topology.pair.key.size
    return {
        "V1 V2": reported(events), "V5": claims(events, pairs),
        "V7 V8": quarrels(events, pairs), "V12": force(events), "V13": inflow(region),
    }  # fmt: skip


def main(words: Sequence[str]) -> int:
    """Print what the named regions show."""
    counts = [word.removeprefix("seeds=") for word in words if word.startswith("seeds=")]
    for region in (word for word in words if "=" not in word):
        for pattern, found in look(region, int(counts[-1]) if counts else 200).items():
            told = ", ".join(f"{name} {value:.3g}" for name, value in found.items())
            console.say(f"{region}: {pattern}: {told}")
    return 0


def _spells(acts: np.ndarray, gap: float) -> list[np.ndarray]:
    """Acts in order of time, cut where more than ``gap`` years lie between two."""
    if not acts.size:
        return []
    return list(np.split(acts, np.flatnonzero(np.diff(acts["time"]) > gap) + 1))


def _share(flags: Any) -> float:
    return float(np.mean(flags)) if len(flags) else float("nan")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
