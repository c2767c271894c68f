"""Property-based tests: whatever region and whatever numbers, a history is sound.

Regions are invented over the whole range of the generator; parameters, intensities and modes over
their declared ranges, all at once. No crash, no NaN, every state in its declared range, water
conserved, the log in order. A log that fills up fails the run and is told as such.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.mechanisms import NAMES
from sim.model import BorderModel
from sim.parameters import DECLARED
from sim.record import SERIES
from sim.region import Region
from sim.scenario import scenario
from sim.simulate import LOG_FULL, OK, simulate
from sim.state import PARTS, fields
from sim.synthetic import synthetic_region

SOUND = settings(max_examples=60, derandomize=True,
                 suppress_health_check=[HealthCheck.too_slow])  # fmt: skip


@st.composite
def regions(draw: st.DrawFn) -> Region:
    """Any small region that the generator can make."""
    nations = draw(st.integers(1, 4))
    return synthetic_region(
        municipalities=draw(st.integers(max(2, 2 * nations), 24)),
        nations=nations,
        groups=draw(st.integers(2, 8)),
        dyads_per_municipality=draw(st.integers(1, 4)),
        fishery=draw(st.booleans()),
        land=draw(st.booleans()),
        seed=draw(st.integers(0, 99)),
        scarcity=draw(st.floats(0.05, 3.0)),
    )


@st.composite
def parameters(draw: st.DrawFn) -> dict[str, float]:
    """A dozen parameters anywhere in their ranges, their ends included."""
    some = draw(st.lists(st.sampled_from(DECLARED), max_size=12, unique_by=lambda d: d.key))
    return {d.key: draw(st.one_of(st.sampled_from((d.lo, d.hi)), st.floats(d.lo, d.hi)))
            for d in some}  # fmt: skip


@st.composite
def bundles(draw: st.DrawFn) -> dict[str, dict[str, float]]:
    """Any mechanisms at any intensity, each imposed or left to the towns."""
    asked = draw(st.dictionaries(st.sampled_from(NAMES), st.floats(0.0, 1.0), max_size=len(NAMES)))
    talked = draw(st.sets(st.sampled_from(NAMES)))
    return {
        "mechanisms": {name: value for name, value in asked.items() if name not in talked},
        "negotiated": {name: value for name, value in asked.items() if name in talked},
    }


@pytest.mark.slow
@given(region=regions(), numbers=parameters(), bundle=bundles(),
       weeks=st.sampled_from((0.5, 1.0, 2.0)), seed=st.integers(0, 2**40))  # fmt: skip
@SOUND
def test_any_history_is_sound(
    region: Region, numbers: dict[str, float], bundle: dict[str, dict[str, float]], weeks: float,
    seed: int,
) -> None:
    found = simulate(scenario(region, parameters=numbers, **bundle, years=2,
                              spinup_years=1, tick_weeks=weeks, seed=seed))  # fmt: skip
    assert found.status in (OK, LOG_FULL)
    if found.status == LOG_FULL:
        return
    events, rows = found.events, np.arange(found.events.size)
    assert (events["cause"] < rows).all()
    assert ((events["time"] >= 0.0) & (events["time"] <= 2.0)).all()
    caused = events["cause"] >= 0
    assert (events["time"][caused] >= events["time"][events["cause"][caused]]).all()
    for k, series in enumerate(SERIES):
        assert found.series[:, k].min() >= series.lo - 1e-6, series.key
        assert found.series[:, k].max() <= series.hi + 1e-6, series.key


@pytest.mark.slow
@given(region=regions(), numbers=parameters(), bundle=bundles(), seed=st.integers(0, 999))
@SOUND
def test_every_state_of_any_history_stays_in_range_and_water_is_conserved(
    region: Region, numbers: dict[str, float], bundle: dict[str, dict[str, float]], seed: int
) -> None:
    model = BorderModel(region, parameters=numbers, **bundle, seed=seed, years=1,
                        spinup_years=0)  # fmt: skip
    unit, table = model.state.unit, model.topology.unit
    while model.running:
        model.step()
    assert _outside(model.state) == []
    start = table.initial * table.capacity
    kept = unit.stock + unit.used + unit.left
    for b in range(model.topology.basin.key.size):
        inside = table.basin == b
        there = (start + unit.added)[inside].sum()
        assert kept[inside].sum() == pytest.approx(there, rel=1e-9, abs=1e-12)


def _outside(state: Any) -> list[str]:
    """Fields with a NaN or a value outside their declared range."""
    wrong = []
    for part, values in zip(PARTS, state, strict=False):
        for (name, declared), array in zip(fields(part).items(), values, strict=True):
            if np.isnan(array).any() or (array < declared.lo).any() or (array > declared.hi).any():
                wrong.append(f"{part.__name__}.{name}: {array.min()} to {array.max()}")
    return wrong
