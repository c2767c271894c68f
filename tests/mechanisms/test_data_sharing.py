"""Data sharing: less error; exposes over-taking without more blame; fails where none can use it."""

from __future__ import annotations

from functools import cache

import numpy as np
from mechanisms.paired import Case, contrast, effect, region_of, values

from sim.state import State

SHORT = Case("lower_colorado")  # upstream takes more than its share in most seasons


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


@cache
def robbed() -> np.ndarray:
    """Towns from whose water the other side takes a fifth too much or more, mean over years."""
    dyad, size = region_of("lower_colorado").topology.dyad, SHORT.seeds
    by_second, by_first = np.zeros(dyad.key.size), np.zeros(dyad.key.size)

    def look(s: State) -> float:
        fair = s.climate.fair[dyad.basin]
        by_second[:] += taken(s, dyad.second) / fair
        by_first[:] += taken(s, dyad.first) / fair
        return 1.0

    quarters = size * SHORT.years * 4.0
    values(look, {}, SHORT)
    losers = (dyad.first[by_second > 1.2 * quarters], dyad.second[by_first > 1.2 * quarters])
    assert losers[0].size + losers[1].size > 0
    return np.unique(np.concatenate(losers))


def blame_of_the_robbed(s: State) -> float:
    """Mean blame of the other side in these towns."""
    theirs = np.isin(region_of("lower_colorado").topology.group.municipality, robbed())
    return float(s.group.blame[theirs].mean())


def incapable(s: State) -> None:
    """Hardly a town has the staff to read a gauge."""
    s.municipality.capacity[:] = 0.05


def test_people_imagine_less_over_taking() -> None:
    rhine = Case("upper_rhine")
    assert effect(lambda s: s.municipality.seen.mean(), "data_sharing", rhine).falls
    assert effect(lambda s: s.group.blame.mean(), "data_sharing", rhine).falls


def test_it_exposes_real_over_taking_but_no_more_of_it_is_seen_and_blamed_on_average() -> None:
    """Errors are right on average and only the excess is seen: less error means less of it.

    That holds in the towns from which the other side really takes too much, too.
    """
    assert effect(found_out, "data_sharing", SHORT).rises
    assert effect(lambda s: s.municipality.seen[robbed()].mean(), "data_sharing", SHORT).falls
    assert effect(blame_of_the_robbed, "data_sharing", SHORT).falls


def test_without_capacity_it_does_next_to_nothing() -> None:
    able, unable = (
        effect(lambda s: s.municipality.seen.mean(), "data_sharing", SHORT._replace(hold=hold))
        for hold in (None, incapable)
    )
    assert able.falls
    assert unable.most < 0.15 * abs(able.mean)
    case = SHORT._replace(hold=incapable)
    assert contrast(lambda s: s.municipality.seen.mean(), "data_sharing", case, SHORT).rises
