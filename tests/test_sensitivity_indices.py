"""Sensitivity indices on arrays: equal to SALib's, free of luck, with intervals that hold."""

from __future__ import annotations

import interval_coverage as campaign
import numpy as np
import pytest
from known_functions import ISHIGAMI, LUCK_SHARES, G, Known, blocks, lucky, plain

from analysis.sensitivity import given, luck, morris, sobol
from analysis.sensitivity.resample import jackknifed, percentiles, resampled, weights, widening
from analysis.sensitivity.verdicts import (
    CANNOT_TELL,
    CONVERGED,
    NOT_YET,
    Asked,
    Size,
    Step,
    needed,
    verdicts,
)

SIZE = Size(256, 20, 10_000)


def of(y: np.ndarray, units: int, *, second: bool = False) -> np.ndarray:
    """All indices of one response."""
    shape = sobol.Shape(units, y.shape[2], second)
    return sobol.indices(sobol.moments(y, shape).mean(axis=0), shape)


@pytest.mark.parametrize("second", [False, True])
def test_indices_are_those_of_salib(second: bool) -> None:
    from SALib.analyze import sobol as reference

    y = plain(G, blocks(G, 64, 1, second=second))
    names = {"num_vars": 6, "names": [f"x{k}" for k in range(6)]}
    told = reference.analyze(names, y.ravel(), calc_second_order=second, num_resamples=10, seed=1)
    own = of(y, 6, second=second)
    assert own[:6] == pytest.approx(told["S1"], abs=1e-12)
    assert own[6:12] == pytest.approx(told["ST"], abs=1e-12)
    if second:
        theirs = [told["S2"][j, k] for j in range(6) for k in range(j + 1, 6)]
        assert own[12:] == pytest.approx(theirs, abs=1e-12)


def test_resampling_gives_the_intervals_of_salib() -> None:
    """Both are standard deviations over 1,000 draws: they agree within their Monte Carlo error."""
    own = campaign.beside(plain(ISHIGAMI, blocks(ISHIGAMI, 256, 1)), 3, 1000)
    assert own.errors <= own.limit
    assert own.limit < 3.2


def test_the_monte_carlo_error_of_an_interval_is_that_of_repeated_draws() -> None:
    """So that agreement with SALib's intervals is measured by what it is, not by what passes."""
    drawn = np.random.default_rng(1).standard_t(10, size=(400, 500))
    seen = np.log(drawn.std(axis=0, ddof=1)).var()
    assert campaign.error_of_logs(drawn).mean() == pytest.approx(seen, rel=0.2)


def test_known_indices_are_found() -> None:
    own = of(plain(ISHIGAMI, blocks(ISHIGAMI, 20_000, 1, second=True)), 3, second=True)
    truth = np.concatenate([ISHIGAMI.first, ISHIGAMI.total, ISHIGAMI.second])
    assert own == pytest.approx(truth, abs=0.03)


def test_luck_that_all_points_share_changes_no_index() -> None:
    y = plain(ISHIGAMI, blocks(ISHIGAMI, 64, 1))
    shared = y + np.random.default_rng(1).normal(size=7) * 100
    shape = sobol.Shape(3, 7, second=False)
    own = sobol.indices(sobol.moments(shared, shape).mean(axis=0), shape)
    real = np.r_[0:3, shape.shown : shape.shown + 3]
    assert own[real] == pytest.approx(of(y, 3), abs=1e-9)


def test_luck_does_not_look_like_interaction() -> None:
    """The third setting does nothing, and draws other luck: of the mean over seeds, it matters."""
    x = blocks(ISHIGAMI, 400, 1)
    signal = x[..., :1] + x[..., 1:2]
    y = signal + np.random.default_rng(2).normal(size=(*signal.shape[:2], 10))
    with_luck = of(y.mean(axis=2, keepdims=True), 3)[5]
    without = of(y, 3)[4 + 2]
    assert with_luck > 0.3
    assert abs(without) < 0.05


def test_an_input_that_only_draws_other_luck_is_below_the_floor_of_noise() -> None:
    below = 0
    for repeat in range(20):
        x = blocks(ISHIGAMI, 128, repeat)
        y = 4 * x[..., :1] + np.random.default_rng(repeat).normal(size=(*x.shape[:2], 12))
        shape = sobol.Shape(3, 12, second=False)
        table = sobol.moments(y, shape)
        lo, hi = percentiles(sobol.indices(resampled(table, 400), shape))
        top = (hi - lo)[2 * shape.shown - 1] / 2
        own = sobol.indices(table.mean(axis=0), shape)
        below += own[shape.shown + 2] <= top
        assert own[shape.shown] > top
    assert below >= 18


def test_weights_are_counts_of_a_draw_with_replacement() -> None:
    drawn = weights(50, 400, np.random.default_rng(1))
    assert drawn.sum(axis=1) == pytest.approx(np.ones(400))
    assert (drawn * 50).var() == pytest.approx(1 - 1 / 50, rel=0.05)


def test_intervals_are_wider_where_blocks_share_their_luck() -> None:
    random = np.random.default_rng(1)
    own = random.normal(size=(200, 10))
    shared = own + 3 * random.normal(size=10)
    alone, both = (widening(e - e.mean()) for e in (own, shared))
    assert alone.factor < 1.3
    assert both.factor > 3
    assert both.luck > 0.8


@pytest.mark.slow
@pytest.mark.parametrize("known", [ISHIGAMI, G])
def test_intervals_hold_the_truth_of_stochastic_functions(known: Known) -> None:
    """40 repeats of `make intervals`, whose 400 have the bars of the issue."""
    held = campaign.coverage(campaign.problem(known, luck=True), 40, 256)
    assert 0.88 <= held.mean() <= 0.995
    assert held.min() >= 0.75


def test_degrees_of_seeds_are_those_of_a_normal_sample_where_luck_is_linear() -> None:
    """R - 1 = 19 for a mean; hardly any for the square of a mean that is nothing but luck."""
    linear, squared = [], []
    for repeat in range(200):
        z = np.random.default_rng(repeat).normal(size=20)
        one = (z.sum() - z) / 19
        two = (z.sum() - z[:, None] - z[None, :]) / 18
        linear.append(jackknifed(one, two))
        squared.append(jackknifed(one**2, two**2))
    assert 12 <= np.median([j.degrees for j in linear]) <= 19
    assert np.median([j.degrees for j in squared]) < 2
    assert np.mean([j.variance for j in linear]) == pytest.approx(1 / 20, rel=0.06)


def test_an_index_without_each_seed_and_pair_is_that_of_the_others() -> None:
    random = np.random.default_rng(1)
    u, v = random.normal(size=(2, 7, 6))
    single, two = sobol.without(u, v)
    for s in range(6):
        own = sobol.pair(np.delete(u, s, axis=1), np.delete(v, s, axis=1)).mean()
        assert single[s] == pytest.approx(own)
        for t in range(s):
            own = sobol.pair(np.delete(u, [s, t], axis=1), np.delete(v, [s, t], axis=1)).mean()
            assert two[s, t] == pytest.approx(own)
            assert two[t, s] == pytest.approx(own)


def test_shares_of_the_variance_are_recovered() -> None:
    found = [luck.shares(lucky(blocks(ISHIGAMI, 64, k), 20, k)) for k in range(40)]
    mean = np.mean([[share.value for share in one[:3]] for one in found], axis=0)
    assert mean == pytest.approx(LUCK_SHARES, abs=0.03)
    held = np.mean([one.luck.lo <= 1 - LUCK_SHARES[0] <= one.luck.hi for one in found])
    assert held >= 0.85


def test_shares_without_each_seed_are_those_of_the_others() -> None:
    """The closed forms of the jackknife against the plain sums."""
    y = lucky(blocks(ISHIGAMI, 12, 1), 5, 1)
    y = y - y.mean()
    rows, columns = y.sum(axis=2), y.sum(axis=0)
    sums = ((y**2).sum(axis=(0, 2)), (rows**2).sum(axis=0), (columns**2).sum(axis=1), y.sum((0, 2)))
    seeds = luck._without_each(np.moveaxis(y, 2, 0), rows, sums, (5, 12), flip=True)
    of_blocks = luck._without_each(np.moveaxis(y, 1, 2), columns.T, sums, (12, 5), flip=False)
    for k in range(5):
        own = luck.shares(np.delete(y, k, axis=2))
        assert [s.value for s in own] == pytest.approx(seeds[:, k])
    for k in range(12):
        own = luck.shares(np.delete(y, k, axis=0))
        assert [s.value for s in own] == pytest.approx(of_blocks[:, k])


def test_a_history_that_is_mostly_luck_is_told() -> None:
    x = blocks(ISHIGAMI, 64, 1)
    noisy = plain(ISHIGAMI, x) + 9 * np.random.default_rng(1).normal(size=(64, 5, 8))
    assert luck.shares(noisy).mostly_luck
    assert not luck.shares(plain(ISHIGAMI, x) + np.zeros(8)).mostly_luck
    assert luck.shares(np.ones((9, 5, 4))) == luck.UNKNOWN or np.isnan(
        luck.shares(np.ones((9, 5, 4))).luck.value
    )


def _trajectories(groups: list[str] | None = None) -> tuple[dict, np.ndarray]:
    from SALib.sample import morris as sampler

    names = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}
    names |= {"groups": groups} if groups else {}
    return names, sampler.sample(names, 40, num_levels=4, seed=2)


def test_elementary_effects_are_those_of_salib() -> None:
    from SALib.analyze import morris as reference

    names, x = _trajectories()
    y = ISHIGAMI.of(x)
    told = reference.analyze(names, x, y, num_levels=4, seed=1)
    taken = morris.steps(x, np.arange(3), 4, 4)
    assert taken is not None
    own = morris.indices(morris.moments(y.reshape(40, 4, 1), taken).mean(axis=0), 3, 40)
    theirs = np.concatenate([told["mu"], told["mu_star"], told["sigma"]])
    assert own == pytest.approx(theirs.astype(float), abs=1e-9)


def test_elementary_effects_of_groups_are_those_of_salib() -> None:
    from SALib.analyze import morris as reference

    names, x = _trajectories(["one", "one", "two"])
    y = ISHIGAMI.of(x)
    told = reference.analyze(names, x, y, num_levels=4, seed=1)
    taken = morris.steps(x, np.array([0, 0, 1]), 3, 4)
    assert taken is not None
    response = y.reshape(40, 3, 1)
    own = morris.indices(morris.moments(response, taken).mean(axis=0), 2, 40)
    assert own[2:4] == pytest.approx(np.asarray(told["mu_star"], dtype=float), abs=1e-9)
    assert morris.effects(response, taken)[1].tolist() == [False, True]


@pytest.mark.parametrize("group", [None, [0, 0, 1, 1, 2]])
def test_effects_are_from_end_to_end_of_ranges_flags_and_short_lists_alike(group: object) -> None:
    """The response rises by 1 from one end of each of five settings to the other."""
    from SALib.sample import morris as sampler

    names = {"num_vars": 5, "names": list("abcde"), "bounds": [[0.0, 1.0]] * 5}
    names |= {"groups": [f"g{k}" for k in group]} if group else {}
    cube = sampler.sample(names, 60, num_levels=4, seed=3)
    many = np.array([np.nan, 2, 3, 5, 7])  # values of a list, numbers of a whole range
    places = np.minimum(np.floor(np.round(cube, 9) * many), many - 1)
    x, spans = np.where(np.isnan(many), cube, places), many - 1
    unit_of = np.array(group or range(5))
    units = int(unit_of.max()) + 1
    taken = morris.steps(x, unit_of, units + 1, 4, spans)
    assert taken is not None
    y = np.where(np.isnan(many), x, x / spans).sum(axis=1).reshape(60, units + 1, 1)
    found = morris.indices(morris.moments(y, taken).mean(axis=0), units, 60)
    mu, star = found[: 2 * units].reshape(2, units)
    if group is None:
        assert mu == pytest.approx(np.ones(5), abs=0.12)
        assert star[:2] == pytest.approx([1.0, 1.0], abs=1e-12)
        assert star == pytest.approx(np.ones(5), abs=0.12)
    else:
        assert star[-1] == pytest.approx(1.0, abs=0.12)


def test_settings_that_do_nothing_are_below_the_floor_of_elementary_effects() -> None:
    """Nine of ten do nothing but draw other luck; a floor for the mean of all rows catches half."""
    above = {"mu_star": 0, "sigma": 0}
    for repeat in range(20):
        random = np.random.default_rng(repeat)
        rows = np.tril(np.ones((11, 10)), -1)  # one setting after the other
        taken = morris.steps(np.tile(rows, (20, 1)), np.arange(10), 11, 4)
        assert taken is not None
        y = 9 * rows[:, :1] + random.normal(size=(20, 11, 8))
        table = morris.moments(y, taken)
        value = morris.indices(table.mean(axis=0), 10, 20)
        hi = percentiles(morris.indices(resampled(table, 300), 10, 20))[1]
        floors = morris.floors(value, hi, 10)
        above["mu_star"] += (value[11:20] > floors["mu_star"]).sum()
        above["sigma"] += (value[21:30] > floors["sigma"]).sum()
        assert value[10] > floors["mu_star"]
    assert max(above.values()) <= 0.08 * 180


def test_points_that_are_no_trajectories_are_told() -> None:
    assert morris.steps(np.random.default_rng(1).random((8, 3)), np.arange(3), 4, 4) is None


def test_pawn_is_near_that_of_salib() -> None:
    from SALib.analyze import pawn as reference

    x = np.random.default_rng(1).random((400, 3))
    told = reference.analyze({"num_vars": 3, "names": list("abc")}, x, ISHIGAMI.of(x), S=10)
    own = given.pawn(x, ISHIGAMI.of(x)[:, None], draws=20)
    assert own.estimate == pytest.approx(told["median"], abs=0.03)


def test_delta_is_that_of_salib() -> None:
    from SALib.analyze.delta import calc_delta

    x, n = np.random.default_rng(1).random(300), 300
    y = ISHIGAMI.of(np.column_stack([x, x, x]))
    classes = int(np.ceil(n ** (2.0 / (7.0 + np.tanh((1500.0 - n) / 500.0)))))
    grid = np.linspace(y.min(), y.max(), 100)
    theirs = calc_delta(y, grid, x, np.linspace(0, n, classes + 1))
    assert given._delta(x[:, None], y) == pytest.approx(theirs, abs=1e-9)


def test_the_last_value_of_a_list_counts() -> None:
    """Only the last of four values matters; an index that never reads it would see nothing."""
    x = np.repeat(np.arange(4.0), 50)[:, None]
    y = np.random.default_rng(1).random(200) + 5.0 * (x[:, 0] == 3)
    own = given.pawn(x, y[:, None], draws=20)
    assert own.estimate[0] > own.floor


def test_regional_indices_are_those_of_salib() -> None:
    from SALib.analyze.rsa import rsa

    x = np.random.default_rng(1).random((123, 3))
    own = given.regional(x, ISHIGAMI.of(x)[:, None])
    theirs = rsa(x, ISHIGAMI.of(x), 4, "Y")
    assert np.array([one.estimate for one in own]) == pytest.approx(theirs, abs=1e-9)


def test_the_floor_of_regional_indices_is_the_chance_that_scipy_gives() -> None:
    from scipy.stats import cramervonmises_2samp

    random = np.random.default_rng(1)
    drawn = [cramervonmises_2samp(*np.split(random.random(200), [50]), method="asymptotic")
             for _ in range(1000)]  # fmt: skip
    for chance in (0.05, 0.01):
        beyond = np.mean([one.statistic > given._tail(chance, 50, 150) for one in drawn])
        assert beyond == pytest.approx(chance, abs=4 * np.sqrt(chance / 1000))
    far = min(drawn, key=lambda one: abs(one.pvalue - 0.003))
    assert given._tail(far.pvalue, 50, 150) == pytest.approx(far.statistic, rel=0.02)


def test_no_floor_is_crossed_by_chance_among_many_settings_and_quarters() -> None:
    """Of ten settings that do nothing, one of 40 indices is above the floor in 5 of 100 studies."""
    crossed, each = 0, 0
    for repeat in range(100):
        random = np.random.default_rng(repeat)
        x, y = random.random((80, 10)), random.normal(size=(80, 2))
        crossed += any((o.estimate > o.floor).any() for o in given.regional(x, y, 10))
        each += any((o.estimate > 1.1 * o.floor).any() for o in given.regional(x, y, 1))
    assert crossed <= 12
    assert each >= 25


@pytest.mark.slow
def test_ranges_of_given_data_hold_the_luck_of_the_seeds() -> None:
    """Luck works through the first setting; points alone hold the truth in a third of studies."""
    x = np.random.default_rng(1).random((120, 2))
    plain_ = x.sum(axis=1, keepdims=True)
    truth = given.pawn(x, plain_, draws=4).estimate[0], given.delta(x, plain_).estimate[0]
    held, alone = np.zeros(2), 0
    for repeat in range(12):
        luck_of_seeds = np.random.default_rng(100 + repeat).normal(size=5)
        y = plain_ + 1.5 * (x[:, :1] - 0.5) * luck_of_seeds
        own = given.pawn(x, y, draws=50), given.delta(x, y)
        held += [one.lo[0] <= at <= one.hi[0] for one, at in zip(own, truth, strict=True)]
        still = given.pawn(x, y.mean(axis=1, keepdims=True), draws=50)
        alone += still.lo[0] <= truth[0] <= still.hi[0]
        assert own[0].luck[0] > 0.3
    assert held.min() >= 10
    assert alone <= 8


@pytest.mark.slow
def test_given_data_tell_what_matters_from_what_does_not() -> None:
    x = np.random.default_rng(3).random((300, 3))
    y = 5 * x[:, :1] + np.random.default_rng(4).normal(size=(300, 1))
    for own in (given.pawn(x, y, draws=20), given.delta(x, y), given.regional(x, y)[3]):
        assert own.estimate[0] > 2 * own.floor, own.kind
        assert own.estimate[1] < 1.6 * own.floor, own.kind
    assert given.delta(x, y).estimate == pytest.approx(given.delta(x, y).estimate, abs=0)


def _steps(*values: float, half: float = 0.01) -> list[Step]:
    return [Step(64 << k, v, v - half, v + half) for k, v in enumerate(values)]


def _one(steps: list[Step], floor: float = 0.02, luck_part: float = 0.0, **asked: object):
    told = Asked(0.05, floor, SIZE, "")._replace(**asked)
    return verdicts([steps], [luck_part], told)[0]


def test_a_narrow_and_steady_index_is_converged() -> None:
    assert _one(_steps(0.3, 0.31, 0.3)).word == CONVERGED


def test_an_index_that_moved_is_not_yet_converged() -> None:
    told = _one(_steps(0.1, 0.2, 0.3))
    assert (told.word, told.needed) == (NOT_YET, Size(512, 20, 20_000))


def test_an_index_whose_rank_changed_is_not_yet_converged() -> None:
    pair = [_steps(0.3, 0.30, 0.34), _steps(0.3, 0.31, 0.28)]
    assert [v.word for v in verdicts(pair, [0, 0], Asked(0.05, 0.02, SIZE, ""))] == [NOT_YET] * 2


def test_a_wide_index_asks_for_four_times_the_runs_to_halve_it() -> None:
    told = _one(_steps(0.3, 0.3, 0.3, half=0.1))
    assert (told.word, told.needed) == (NOT_YET, Size(1024, 20, 40_000))


def test_an_index_that_is_wide_by_luck_asks_for_seeds() -> None:
    assert needed(0.1, 0.98, 0.05, SIZE) == Size(256, 160, 80_000)


def test_an_index_below_a_high_floor_cannot_be_told() -> None:
    assert _one(_steps(0.1, 0.1, 0.1), floor=0.2).word == CANNOT_TELL


def test_an_index_below_a_low_floor_is_known_to_be_small() -> None:
    told = _one(_steps(0.01, 0.01, 0.01))
    assert (told.word, told.below_floor) == (CONVERGED, True)


def test_an_index_that_is_not_defined_cannot_be_told() -> None:
    assert _one(_steps(0.1, 0.1, np.nan)).word == CANNOT_TELL


@pytest.mark.slow
def test_verdicts_are_right_at_sizes_where_the_truth_is_known() -> None:
    of_ishigami = campaign.problem(ISHIGAMI)
    settled, right, waiting, *_ = campaign.judged(of_ishigami, 10, 64)
    assert settled <= 0.4 * (settled + waiting)
    settled, right, waiting, grown, enough = campaign.judged(of_ishigami, 10, 4096)
    assert settled > 2 * waiting
    assert right >= 0.95 * settled
    assert enough >= 0.8 * grown
