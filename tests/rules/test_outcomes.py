"""Outcomes of people, hazards and resources: worked examples by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from rules.worked import world

from sim.count import COUNTS
from sim.outcomes import OUTCOMES, Chunk
from sim.outcomes.base import SUMS
from sim.record import KEYS, look_back, record, theil_term
from sim.topology import RIVER


def chunk(paths: dict[str, list[float]], sums: dict[str, float] | None = None) -> Chunk:
    """One history with the given series and final sums; the others are zero."""
    points = max((len(path) for path in paths.values()), default=4)
    series = np.zeros((1, points, len(KEYS)), dtype=np.float32)
    for key, path in paths.items():
        series[0, :, KEYS.index(key)] = path
    final = np.array([[(sums or {}).get(key, 0.0) for key in SUMS]])
    return Chunk(np.zeros((1, len(COUNTS))), series, final, 10.0, 1000.0, 2)


def value(key: str, made: Chunk) -> float:
    return float(OUTCOMES[key].compute(made)[0])


def test_theil_is_zero_when_all_live_alike_and_log_two_when_half_has_all() -> None:
    """Two groups of equal size at 1 and 0: mean 0.5, T = (2 ln 2) / 2."""
    alike = sum(theil_term(10.0, 0.5, 0.5) for _ in range(3))
    assert alike == 0.0
    unequal = (theil_term(10.0, 1.0, 0.5) + theil_term(10.0, 0.0, 0.5)) / 20.0
    assert unequal == pytest.approx(math.log(2.0))


def test_the_record_weighs_fortunes_by_people_and_exposure_by_inhabitants() -> None:
    here = world()
    topology, state = here.topology, here.state
    by_reference, values, *_ = here.by_reference
    state.group.displaced[0] = 0.4
    state.group.aid[:] = 0.25
    state.group.livelihood[:] = 0.8
    state.municipality.exposure[:] = 0.3
    state.municipality.damage[0] = 0.5
    out = np.zeros(len(KEYS))
    record(by_reference, values, 0.25, out, np.zeros(topology.dyad.key.size),
           np.zeros(topology.pair.key.size))  # fmt: skip
    found = dict(zip(KEYS, out.tolist(), strict=True))
    size, people = topology.group.size, topology.municipality.population
    assert found["displaced"] == pytest.approx(0.4 * size[0] / size.sum())
    assert found["protected"] == pytest.approx(0.25)
    assert found["inequality"] == pytest.approx(0.0, abs=1e-12)
    assert found["exposure"] == pytest.approx(0.3)
    assert found["quality"] == pytest.approx(1.0)
    assert found["unrepaired"] == pytest.approx(0.5 * people[0] / people.sum())


def test_planners_extrapolate_the_mean_of_what_they_saw_before_the_start() -> None:
    """Rivers at 0.9 and then 0.5 are planned at 0.7; at 0.35 they give half of the plan."""
    here = world()
    topology, state, *_ = here.by_reference
    river = here.topology.unit.kind == RIVER
    for fair, stock in ((0.9, 0.6), (0.5, 0.2)):
        here.state.climate.fair[:] = fair
        here.state.unit.stock[:] = stock * here.topology.unit.capacity
        look_back(topology, state, 0.02)
    projected, watched = here.state.unit.projected, here.state.unit.watched
    assert projected[river] == pytest.approx(np.full(river.sum(), 0.7))
    assert projected[~river] == pytest.approx(np.full((~river).sum(), 0.4))
    assert watched == pytest.approx(np.full(river.size, 0.04))
    here.state.climate.fair[:] = 0.35
    here.state.unit.stock[:] = 0.2 * here.topology.unit.capacity
    out = np.zeros(len(KEYS))
    record(topology, state, 0.25, out, np.zeros(here.topology.dyad.key.size),
           np.zeros(here.topology.pair.key.size))  # fmt: skip
    assert out[KEYS.index("against_projection")] == pytest.approx(0.5)


def test_damage_is_told_by_hazard() -> None:
    made = chunk({}, {"losses": 30.0, "storm_losses": 12.0, "heat_losses": 6.0})
    told = [value(f"{hazard}_damage", made) for hazard in ("flood", "storm", "heat")]
    assert told == pytest.approx([1.2, 1.2, 0.6])
    assert sum(told) == pytest.approx(value("hazard_damage", made))


def test_recovery_time_is_what_is_damaged_over_what_is_struck_in_a_year() -> None:
    """A tenth of all value is struck over ten years, and 2 % lie damaged on the mean: 2 years."""
    assert value("recovery_time", chunk({"unrepaired": [0.02] * 4}, {"struck": 0.1})) == (
        pytest.approx(2.0))  # fmt: skip
    assert math.isnan(value("recovery_time", chunk({})))


def test_the_four_families_follow_their_stated_formulas() -> None:
    made = chunk({
        "exposure": [0.2, 0.4], "unrepaired": [0.1, 0.1], "service": [0.9, 0.5],
        "livelihood": [0.8, 0.4], "worst_livelihood": [0.3, 0.3], "displaced": [0.1, 0.1],
        "livelihood_gap": [0.2, 0.2],
    })  # fmt: skip
    assert value("climate_risk_reduction", made) == pytest.approx(1.0 - (0.3 + 0.1) / 2)
    assert value("service_continuity_index", made) == pytest.approx((0.7 + 0.5) / 2)
    assert value("economic_resilience", made) == pytest.approx((0.6 + 0.4 / 0.6) / 2)
    assert value("social_protection_index", made) == pytest.approx((0.5 + 0.9 + 0.8) / 3)


@pytest.mark.parametrize("key", [
    "climate_risk_reduction", "service_continuity_index", "economic_resilience",
    "social_protection_index",
])  # fmt: skip
def test_an_index_of_the_best_world_is_one(key: str) -> None:
    best = chunk({"service": [1.0] * 4, "livelihood": [1.0] * 4, "worst_livelihood": [1.0] * 4})
    assert value(key, best) == pytest.approx(1.0)
