"""Points: known designs, what may grow, and that SALib's analysers take the tables."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from conftest import ROOT, environment
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from experiments.factors import Factor
from experiments.sampling import Points, count, faults, points


def span(key: str, lo: float, hi: float, **more: Any) -> Factor:
    """A range."""
    start = Factor(key, "range", lo, hi, (), "uniform", False, "", f"command line: {key}=...")
    return start._replace(**more)


def listed(key: str, *values: Any, group: str = "") -> Factor:
    """A list."""
    return Factor(key, "list", 0.0, 0.0, values, "uniform", False, group, "study.yaml:3")


MIXED = (
    span("p.a", -2.0, 6.0), span("p.b", 0.01, 100.0, scale="log"),
    span("p.c", 1, 4, whole=True), listed("p.d", "x", "y", "z"),
)  # fmt: skip
GROUPED = (
    span("p.a", 0.0, 1.0, group="one"), span("p.b", 2.0, 3.0),
    span("p.c", 0.0, 9.0, group="one"), listed("p.d", 5.0, 7.0, group="two"),
)  # fmt: skip
UNIT = (span("p.a", 0.0, 1.0), span("p.b", 0.0, 1.0), span("p.c", 0.0, 1.0))


def test_a_grid_takes_every_combination_the_last_factor_fastest() -> None:
    made = points((listed("p.a", 1.0, 2.0), listed("p.b", "x", "y", "z")), "grid", None, 1)
    assert made.values.tolist() == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]
    assert made.problem == {}
    assert made.values.dtype == np.float64


def test_a_grid_of_nothing_is_one_point() -> None:
    assert points((), "grid", None, 1).values.shape == (1, 0)
    assert count((), "grid", None) == 1


def test_a_latin_hypercube_has_one_point_in_every_stratum() -> None:
    values = points(UNIT, "latin", 40, 3).values
    for k in range(3):
        assert sorted(np.floor(values[:, k] * 40)) == list(range(40))


def test_a_latin_hypercube_draws_the_factors_of_a_group_each_on_its_own() -> None:
    """SALib would give a group one draw: both columns in step, whatever the model."""
    grouped = [factor._replace(group="one") for factor in UNIT]
    made, free = points(grouped, "latin", 64, 3), points(UNIT, "latin", 64, 3)
    np.testing.assert_array_equal(made.values, free.values)
    assert abs(np.corrcoef(made.values.T)[0, 1]) < 0.5
    assert made.problem["groups"] == ["group_one"] * 3


@pytest.mark.parametrize("second_order", [False, True])
def test_a_block_of_sobol_is_a_then_ab_then_ba_then_b(second_order: bool) -> None:
    rows = 2 * 3 + 2 if second_order else 3 + 2
    values = points(UNIT, "sobol", 8, 1, second_order=second_order).values
    for block in values.reshape(8, rows, 3):
        a, b = block[0], block[-1]
        assert (a != b).all()
        for k in range(3):
            own = np.arange(3) == k
            np.testing.assert_array_equal(block[1 + k], np.where(own, b, a))
            if second_order:
                np.testing.assert_array_equal(block[4 + k], np.where(own, a, b))


def test_a_group_changes_as_one_in_a_block_of_sobol() -> None:
    values = points(GROUPED, "sobol", 8, 1).values
    one, two = np.array([True, False, True, False]), np.array([False, False, False, True])
    alone = ~one & ~two
    for block in values.reshape(8, 3 + 2, 4):
        a, b = block[0], block[-1]
        for row, own in zip(block[1:-1], (one, alone, two), strict=True):
            np.testing.assert_array_equal(row, np.where(own, b, a))


@pytest.mark.parametrize("levels", [2, 4, 6, 50])
def test_a_step_of_morris_changes_one_factor_and_always_its_value(levels: int) -> None:
    factors = (*MIXED, listed("p.e", True, False), span("p.f", 1, 49, whole=True))
    values = points(factors, "morris", 30, 2, levels=levels).values
    for walk in values.reshape(30, 7, 6):
        changed = np.diff(walk, axis=0) != 0
        assert changed.sum(axis=1).tolist() == [1] * 6
        assert changed.sum(axis=0).tolist() == [1] * 6


def test_a_step_of_morris_changes_one_group() -> None:
    values = points(GROUPED, "morris", 20, 2).values
    for walk in values.reshape(20, 4, 4):
        changed = np.diff(walk, axis=0) != 0
        np.testing.assert_array_equal(changed[:, 0], changed[:, 2])
        assert (changed[:, [0, 1, 3]].sum(axis=1) == 1).all()


@pytest.mark.parametrize("levels", [2, 4, 6, 10])
def test_the_levels_of_morris_lie_evenly_from_end_to_end(levels: int) -> None:
    """One number per level, to the last bit: SALib's own sums give a level several."""
    values = points(UNIT, "morris", 200, 4, levels=levels).values
    assert np.unique(values).tolist() == (np.arange(levels) / (levels - 1)).tolist()


def test_morris_takes_one_factor() -> None:
    assert faults(UNIT[:1], "morris", 5) == []
    values = points(UNIT[:1], "morris", 5, 1).values
    assert values.shape == (count(UNIT[:1], "morris", 5), 1) == (10, 1)


@pytest.mark.parametrize("method", ["sobol", "morris"])
@pytest.mark.parametrize("factors", [MIXED, GROUPED])
def test_a_longer_table_begins_with_the_shorter(method: str, factors: tuple[Factor, ...]) -> None:
    """This is what lets a study grow."""
    for second_order in (False, True):
        short = points(factors, method, 16, 5, second_order=second_order).values
        long = points(factors, method, 32, 5, second_order=second_order).values
        np.testing.assert_array_equal(long[: len(short)], short)


def test_a_longer_latin_hypercube_is_another_table() -> None:
    """Known, and the reason why such a study does not grow."""
    short, long = points(UNIT, "latin", 16, 5).values, points(UNIT, "latin", 32, 5).values
    assert not np.isin(short, long).any()


@pytest.mark.parametrize("method", ["latin", "sobol", "morris"])
def test_one_seed_gives_one_table_and_none_is_no_seed(method: str) -> None:
    first = points(MIXED, method, 16, 0).values
    np.testing.assert_array_equal(points(MIXED, method, 16, 0).values, first)
    assert (points(MIXED, method, 16, 1).values != first).any()
    assert points(MIXED, method, 16, 2**53).values.shape == first.shape


@given(
    method=st.sampled_from(["latin", "sobol", "morris"]),
    power=st.integers(1, 4),
    second_order=st.booleans(),
    groups=st.lists(st.sampled_from(["", "one", "two"]), min_size=1, max_size=5),
)
@examples(max_examples=40)
def test_the_count_is_the_number_of_rows(
    method: str, power: int, second_order: bool, groups: list[str]
) -> None:
    factors = [span(f"p.{k}", 0.0, 1.0, group=group) for k, group in enumerate(groups)]
    if faults(factors, method, 2**power):
        assert len(groups) > 1
        assert len(set(groups)) == 1
        return
    values = points(factors, method, 2**power, 1, second_order=second_order).values
    assert values.shape == (count(factors, method, 2**power, second_order), len(factors))


@given(
    lo=st.floats(-1e6, 1e6), width=st.floats(1e-3, 1e6), start=st.integers(-9, 9),
    more=st.integers(1, 9), many=st.integers(2, 9), seed=st.integers(0, 99),
    method=st.sampled_from(["latin", "sobol", "morris"]),
)  # fmt: skip
@examples(max_examples=60)
def test_every_number_lies_within_its_factor(
    lo: float, width: float, start: int, more: int, many: int, seed: int, method: str
) -> None:
    factors = (
        span("p.a", lo, lo + width), span("p.b", width, width * 50, scale="log"),
        span("p.c", start, start + more, whole=True),
        span("p.d", more, more + many, whole=True, scale="log"), listed("p.e", *range(many)),
    )  # fmt: skip
    made = points(factors, method, 16, seed)
    assert (made.values >= np.array(made.problem["bounds"])[:, 0]).all()
    assert (made.values <= np.array(made.problem["bounds"])[:, 1]).all()
    whole = made.values[:, 2:]
    np.testing.assert_array_equal(whole, np.rint(whole))


@given(lo=st.integers(-5, 5), size=st.integers(2, 8))
@examples(max_examples=20)
def test_every_whole_number_of_a_range_and_every_value_of_a_list_has_the_same_share(
    lo: int, size: int
) -> None:
    factors = (span("p.a", lo, lo + size - 1, whole=True), listed("p.b", *range(size)))
    values = points(factors, "latin", 60 * size, 1).values
    for column, first in ((values[:, 0], lo), (values[:, 1], 0)):
        numbers, often = np.unique(column, return_counts=True)
        assert numbers.tolist() == list(range(first, first + size))
        assert often.tolist() == [60] * size


def test_levels_of_morris_on_the_edge_of_a_value_belong_to_it() -> None:
    """49 * (1 / 49) is below 1 in floating point."""
    values = points((listed("p.a", *range(49)), *UNIT), "morris", 400, 1, levels=50).values
    level = np.rint(values[:, 1:] * 49)
    assert set(np.unique(level)) == set(range(50))
    assert set(np.unique(values[:, 0])) == set(range(49))


def test_a_log_scale_is_even_in_the_logarithm() -> None:
    factor = span("p.a", 0.01, 100.0, scale="log")
    values = points((factor,), "latin", 400, 1).values[:, 0]
    strata = np.floor((np.log10(values) + 2) / 4 * 400)
    assert sorted(strata) == list(range(400))


def test_a_whole_log_range_gives_each_number_its_share_of_the_logarithm() -> None:
    factor = span("p.a", 1, 7, whole=True, scale="log")  # [1, 8): three doublings
    values = points((factor,), "latin", 300, 1).values[:, 0]
    assert [(values == 1).sum(), (values < 4).sum(), values.max()] == [100, 200, 7]


def test_a_uniform_range_is_even() -> None:
    values = points((span("p.a", -2.0, 6.0),), "latin", 80, 1).values[:, 0]
    assert sorted(np.floor((values + 2) / 8 * 80)) == list(range(80))


def test_the_problem_describes_the_table_and_survives_json() -> None:
    problem = points(MIXED, "sobol", 4, 1).problem
    assert problem == {
        "num_vars": 4,
        "names": ["p.a", "p.b", "p.c", "p.d"],
        "bounds": [[-2.0, 6.0], [0.01, 100.0], [1, 4], [0.0, 2.0]],
        "dists": ["unif", "logunif", "unif", "unif"],
        "groups": None,
    }
    assert json.loads(json.dumps(problem)) == problem
    groups = points(GROUPED, "sobol", 4, 1).problem["groups"]
    assert groups == ["group_one", "p.b", "group_one", "group_two"]


def linear(made: Points) -> np.ndarray:
    """An outcome: four times the share of the first factor, twice that of the second, and noise."""
    ends = np.array(made.problem["bounds"], dtype=float)
    share = (made.values - ends[:, 0]) / (ends[:, 1] - ends[:, 0])
    return np.asarray(4.0 * share[:, 0] + 2.0 * share[:, 1])


def test_salib_reads_elementary_effects_off_the_table() -> None:
    """Effects are per step of the unit cube, whatever the bounds; 4, 2 and 0 by construction."""
    from SALib.analyze import morris

    factors = (span("p.a", 5.0, 9.0), span("p.b", -1.0, 7.0), listed("p.c", "x", "y"))
    made = points(factors, "morris", 20, 1)
    found = morris.analyze(dict(made.problem), made.values, linear(made), num_levels=4)
    assert list(found["mu"]) == pytest.approx([4.0, 2.0, 0.0])
    assert list(found["sigma"]) == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)


@pytest.mark.parametrize("second_order", [False, True])
def test_salib_reads_sobol_indices_off_the_table(second_order: bool) -> None:
    """Variances of a sum add: 16 to 4 to 0."""
    from SALib.analyze import sobol

    factors = (span("p.a", 5.0, 9.0), span("p.b", -1.0, 7.0), span("p.c", 1, 4, whole=True))
    made = points(factors, "sobol", 512, 1, second_order=second_order)
    found = sobol.analyze(made.problem, linear(made), calc_second_order=second_order, seed=1)
    assert list(found["S1"]) == pytest.approx([0.8, 0.2, 0.0], abs=0.02)


def test_salib_reads_the_indices_of_groups_off_the_table() -> None:
    from SALib.analyze import sobol

    made = points(GROUPED, "sobol", 256, 1)
    found = sobol.analyze(made.problem, linear(made), calc_second_order=False, seed=1)
    assert list(found["S1"]) == pytest.approx([0.8, 0.2, 0.0], abs=0.03)


def test_salib_scales_the_table_by_its_bounds() -> None:
    """The discrepancy reads the bounds, and refuses a table outside them."""
    from SALib.analyze import discrepancy

    made = points(MIXED, "latin", 64, 1)
    found = discrepancy.analyze(made.problem, made.values, linear(made))
    assert found["s_discrepancy"].shape == (4,)


@pytest.mark.parametrize(
    ("factors", "method", "n", "levels", "cause", "cure"),
    [
        (UNIT, "sobl", 8, 4, "unknown method", "Did you mean 'sobol'?"),
        (UNIT, "random", 8, 4, "unknown method", "Known: grid, latin, sobol, morris, mixed"),
        (UNIT, "latin", None, 4, "n is missing", "Write n=1000"),
        (UNIT, "sobol", None, 4, "a power of two", "Write n=256"),
        (UNIT, "morris", None, 4, "number of trajectories", "Write n=20"),
        (UNIT, "sobol", 1000, 4, "powers of two", "Write n=512 or n=1024"),
        (UNIT, "sobol", 3, 4, "powers of two", "Write n=2 or n=4"),
        (UNIT, "sobol", 1, 4, "n=1", "2 base points at least"),
        (UNIT, "latin", 0, 4, "n=0", "2 points at least"),
        (UNIT, "morris", -3, 4, "n=-3", "2 trajectories at least"),
        (UNIT, "morris", 8, 5, "levels=5", "Write levels=4"),
        (UNIT, "morris", 8, 0, "levels=0", "Write levels=2"),
        ((), "latin", 8, 4, "nothing is varied", "KEY=interval(LOW, HIGH)"),
        ((UNIT[0], UNIT[1], UNIT[0]), "latin", 8, 4, "p.a (command line", "varied twice"),
        ((listed("p.b", 1, 2), UNIT[0]), "grid", None, 4, "p.a (command line: p.a=...): a grid",
         "Write p.a=0,0.5,1, or choose method=latin"),
        ((listed("p.b", 1, 2),), "grid", 8, 4, "n=8", "leave n out"),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_out_is_told_in_one_line(
    factors: tuple[Factor, ...], method: str, n: int | None, levels: int, cause: str, cure: str
) -> None:
    found = faults(factors, method, n, levels)
    assert len(found) == 1
    assert cause in found[0]
    assert cure in found[0]


def test_an_interval_in_a_grid_is_answered_with_values_inside_it() -> None:
    log = span("p.a", 0.01, 100.0, scale="log")
    assert "Write p.a=0.01,1,100," in faults((log,), "grid")[0]
    assert "Write p.a=3,4," in faults((span("p.a", 3, 4, whole=True),), "grid")[0]


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_one_group_alone_has_nothing_to_be_compared_with(method: str) -> None:
    same = [factor._replace(group="one") for factor in UNIT]
    assert "Give a second group" in faults(same, method, 8)[0]
    assert faults(same, "latin", 8) == []
    assert faults([*same, span("p.z", 0, 1)], method, 8) == []


def test_a_sound_request_has_no_faults() -> None:
    for method in ("latin", "sobol", "morris"):
        assert faults(MIXED, method, 64) == faults(GROUPED, method, 64) == []
    assert faults((listed("p.a", 1, 2),), "grid") == faults((), "grid") == []
    assert count(UNIT, "sobol", 1024, second_order=True) == 1024 * 8
    assert count(GROUPED, "sobol", 1024) == 1024 * 5
    assert count(GROUPED, "morris", 10) == 40
    assert count((listed("p.a", 1, 2), listed("p.b", 1, 2, 3)), "grid", None) == 6


def test_counting_does_not_load_salib() -> None:
    code = (
        "import sys; from experiments.sampling import count, faults; count((), 'latin', 8); "
        "faults((), 'latin', 8); print('SALib' in sys.modules, 'hydra' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment(), text=True,
                          capture_output=True, check=True)  # fmt: skip
    assert done.stdout.split() == ["False", "False"]
