"""Arms share the years before the start: same bits as a history that goes through its own."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from experiments.regions import load_region
from sim import simulate
from sim.mechanisms import NAMES
from sim.scenario import Scenario, scenario
from sim.simulate import simulate_many
from sim.year_zero import YearZero, shared_key, side_by_side

WHOLE = dict.fromkeys(NAMES, 1.0)
LATER = dict.fromkeys(NAMES, 2.0)
YEARS, BEFORE = 3.0, 6.0


def arms(name: str = "fergana") -> list[Scenario]:
    """None, all imposed, all from year 2 on, all left to the towns."""
    plain = partial(scenario, load_region(name), years=YEARS, spinup_years=BEFORE)
    return [plain(), plain(mechanisms=WHOLE), plain(mechanisms=WHOLE, from_years=LATER),
            plain(negotiated=WHOLE)]  # fmt: skip


def same(one: simulate.Ensemble, other: simulate.Ensemble) -> bool:
    """Equal in every bit."""
    pairs = [(one.series, other.series), (one.dyad_peak, other.dyad_peak),
             (one.status, other.status),
             *((one.outcomes[key], other.outcomes[key]) for key in one.outcomes)]  # fmt: skip
    return all(a.tobytes() == b.tobytes() for a, b in pairs)


def alone(runs: list[Scenario]) -> simulate.Ensemble:
    """Every history by itself, so that none shares anything."""
    found = [simulate_many([run], threads=1) for run in runs]
    return simulate.Ensemble(
        {key: np.concatenate([one.outcomes[key] for one in found]) for key in found[0].outcomes},
        *(np.concatenate([getattr(one, name) for one in found])
          for name in ("series", "dyad_peak", "status")),
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("region", ["fergana", "lake_victoria", "synthetic"])
@pytest.mark.parametrize("chunk", [3, 16])
def test_arms_that_share_their_past_are_equal_to_histories_with_their_own(
    region: str, chunk: int
) -> None:
    runs = [one._replace(seed=seed) for one in arms(region) for seed in (1, 2, 3)]
    assert same(simulate_many(runs, threads=2, chunk=chunk), alone(runs))


@pytest.mark.slow
def test_the_past_is_gone_through_once_by_all_that_share_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs = [one._replace(seed=seed) for one in arms() for seed in (1, 2)]
    gone: list[int] = []
    through = simulate._year_zero

    def noted(one: Scenario, space: simulate.Workspace) -> YearZero:
        gone.append(one.seed)
        return through(one, space)

    monkeypatch.setattr(simulate, "_year_zero", noted)
    simulate_many(runs, threads=1, chunk=8)
    assert gone == [1, 2]
    gone.clear()
    simulate_many([one._replace(spinup_years=0.0) for one in runs], threads=1, chunk=8)
    assert not gone, "without years before the start there is nothing to share"


def test_a_past_is_told_by_all_that_it_depends_on() -> None:
    none, whole, later, left = arms()
    assert len({shared_key(one) for one in (none, whole, later, left)}) == 1
    warm = none.parameters.copy()
    warm[0] += 1e-9
    others = [none._replace(seed=2), none._replace(spinup_years=5.0),
              none._replace(parameters=warm)]  # fmt: skip
    assert len({shared_key(one) for one in (none, *others)}) == 4


def test_runs_of_one_past_stand_side_by_side() -> None:
    assert side_by_side([b"x", b"y", b"x", b"z", b"y"]) == [0, 2, 1, 4, 3]
