"""Data sharing: less error; fails where the numbers expose over-taking or nobody can use them."""

from __future__ import annotations

import numpy as np
from mechanisms.paired import Case, contrast, effect, region_of

from sim.state import State

DRY = Case("lower_colorado", parameters={"drought.rate_factor": 5.0})


def taken(s: State, side: np.ndarray) -> np.ndarray:
    """Take over need of every dyad's system by the town on one side; 1 where it uses none."""
    topology = region_of("lower_colorado").topology
    group, system = topology.group, topology.unit.basin[topology.group.unit]
    users = (group.municipality == side[:, None]) & (system == topology.dyad.basin[:, None])
    need = users @ s.group.need_felt
    return np.where(need > 0.0, users @ s.group.take_felt / np.maximum(need, 1e-9), 1.0)


def found_out(s: State) -> float:
    """Share of real over-taking (by more than a twentieth) that the other side sees."""
    dyad = region_of("lower_colorado").topology.dyad
    fair = s.climate.fair[dyad.basin]
    real = np.concatenate([taken(s, dyad.second) / fair, taken(s, dyad.first) / fair]) > 1.05
    seen = np.concatenate([s.dyad.seen_first, s.dyad.seen_second]) > 0.0
    return float(seen[real].mean()) if real.any() else 0.0


def incapable(s: State) -> None:
    """Hardly a town has the staff to read a gauge."""
    s.municipality.capacity[:] = 0.05


def test_people_imagine_less_over_taking() -> None:
    rhine = Case("upper_rhine")
    assert effect(lambda s: s.municipality.seen.mean(), "data_sharing", rhine).falls
    assert effect(lambda s: s.group.blame.mean(), "data_sharing", rhine).falls


def test_it_exposes_real_over_taking() -> None:
    """It is noticed more often; how much of it is seen, and blamed, is another question."""
    assert effect(found_out, "data_sharing", DRY).rises


def test_without_capacity_it_does_next_to_nothing() -> None:
    able, unable = (
        effect(lambda s: s.municipality.seen.mean(), "data_sharing", DRY._replace(hold=hold))
        for hold in (None, incapable)
    )
    assert able.falls
    assert unable.most < 0.15 * abs(able.mean)
    case = DRY._replace(hold=incapable)
    assert contrast(lambda s: s.municipality.seen.mean(), "data_sharing", case, DRY).rises
