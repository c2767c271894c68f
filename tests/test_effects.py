"""``thalweg effects`` on planted worlds: verdicts, fits, refusals, flags, what lacks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pytest
from effects_factory import (
    CRISIS,
    HARM,
    PACKAGE,
    TALK,
    bundles,
    failing,
    harm,
    scene,
    stage,
)

from analysis.attributed import (
    ALONE,
    BACKFIRES,
    HELPS,
    NOTHING_SEEN,
    REMOVED,
    SHARE,
    UNKNOWN,
    frame,
    lines,
    paired_effects,
    stacked,
)
from analysis.attributed import (
    PACKAGE as WHOLE,
)
from analysis.attributed_fits import TURNS, Own, turns
from analysis.attributed_scenes import Scene
from analysis.attributed_text import flags, lacking, text
from analysis.attribution import NONE
from analysis.crossed import Design, mean_of
from analysis.intervals import bootstrap_intervals
from analysis.power import detectable, detectable_from, detectable_unseen
from analysis.scruples import scruple
from analysis.study import OK, Outcome

FULL = frozenset(PACKAGE)


def told(found, fit: str = "") -> dict[tuple[str, str], object]:
    """Lines by column and mechanism."""
    return {(line.column, line.mechanism): line for line in lines(found) if line.fit == fit}


def test_many_points_of_one_seed_are_one_luck() -> None:
    random, whole = np.random.default_rng(1), np.full((200, 1), OK, dtype=np.int8)
    a, b = random.random((200, 1)), random.random((200, 1))
    level = Outcome("worst_livelihood", "Livelihood", "", "higher", "level", "")
    assert "200 pairs of only 1 seed" in scruple(level, a, b, (whole, whole))
    assert scruple(level, a.T, b.T, (whole.T, whole.T)) == ""


def test_planted_effects_get_their_words_in_every_column() -> None:
    found = told(stage([scene(bundles(), 200)]))
    for column in (ALONE, REMOVED, SHARE):
        assert found[column, "alpha"].verdict == HELPS
        assert found[column, "beta"].verdict == BACKFIRES
        assert found[column, "alpha"].difference == pytest.approx(-2.0, abs=0.3)
        assert found[column, "beta"].difference == pytest.approx(1.5, abs=0.3)
    assert found[WHOLE, ""].verdict == HELPS


@pytest.mark.parametrize("outcome", [HARM, CRISIS])
def test_a_mechanism_that_does_nothing_gets_exactly_zero(outcome) -> None:
    def half(bundle, fit):
        return 0.0

    truth = harm if outcome is HARM else half
    found = told(stage([scene(bundles(), 100, truth=truth, outcome=outcome)], outcome))
    for column in (ALONE, REMOVED, SHARE):
        line = found[column, "idle"]
        assert line.difference == 0.0
        assert line.verdict == NOTHING_SEEN
        assert line.lo <= 0.0 <= line.hi
        assert (line.hi - line.lo > 0.0) == outcome.is_probability, "the rule of three, or nothing"
        assert line.worse == 0.0


def test_an_outcome_without_a_good_side_rises_or_falls() -> None:
    found = told(stage([scene(bundles(), 200, outcome=TALK)], TALK))
    assert found[ALONE, "alpha"].verdict == "falls"
    assert found[ALONE, "beta"].verdict == "rises"
    assert math.isnan(found[ALONE, "beta"].worse)


def test_an_effect_that_changes_sign_across_fits_is_unknown_and_says_where() -> None:
    scenes = [scene(bundles(), 200, fit="plain"), scene(bundles(), 200, fit="turned")]
    found = stage(scenes)
    both, plain, turned = told(found), told(found, "plain"), told(found, "turned")
    for column in (ALONE, REMOVED, SHARE):
        assert plain[column, "gamma"].verdict == HELPS
        assert turned[column, "gamma"].verdict == BACKFIRES
        assert both[column, "gamma"].verdict == UNKNOWN
        assert both[column, "gamma"].reason.startswith(TURNS)
        assert "falls under plain; rises under turned" in both[column, "gamma"].reason
        assert both[column, "alpha"].verdict == HELPS
        assert (both[column, "alpha"].holds, both[column, "alpha"].fits) == (2, 2)
    assert TURNS in " ".join(text(found, lines(found)))


def test_it_is_said_on_how_many_fits_an_effect_holds() -> None:
    def only_here(bundle, fit):
        return 10.0 - (3.0 if fit == "one" else 0.15) * ("alpha" in bundle)

    fits = [scene(bundles(), 100, truth=only_here, fit=fit, start=start)
            for start, fit in ((0, "one"), (2, "two"), (6, "three"))]  # fmt: skip
    signs = [told(stage(fits), fit)[ALONE, "alpha"].sign for fit in ("one", "two", "three")]
    assert signs == [-1, 0, 0]
    line = told(stage(fits))[ALONE, "alpha"]
    assert (line.verdict, line.holds, line.fits) == (HELPS, 1, 3)
    assert line.difference == pytest.approx(-3.3 / 3, abs=0.3)


def fits_of(effects: Sequence[float], seeds: int, random: np.random.Generator) -> list[Own]:
    """Fits with these true effects, seen with noise of their own."""
    found, design = [], Design(np.zeros(1, dtype=np.int64), sampled=False)
    for k, effect in enumerate(effects):
        change = effect + random.normal(size=(1, seeds))
        told = mean_of(change, design)
        sign = int(told.lo > 0) - int(told.hi < 0)
        found.append(Own(f"fit {k}", told.mean, sign, change, design))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("effect", [0.0, 0.2])
def test_equal_effects_over_seven_fits_change_sign_by_luck_in_at_most_5_of_100(
    effect: float,
) -> None:
    random = np.random.default_rng(4)
    turned = [bool(turns(fits_of([effect] * 7, 40, random))) for _ in range(1000)]
    assert np.mean(turned) <= 0.05


def test_opposite_effects_are_found_although_the_one_is_not_clear_by_itself() -> None:
    """One fit helps clearly, another harms by so little that its own interval spans zero."""
    random = np.random.default_rng(4)
    told = [fits_of([-1.0, 0.2], 40, random) for _ in range(200)]
    unclear = [fits for fits in told if fits[1].sign == 0 and fits[1].difference > 0]
    assert len(unclear) > 80
    assert np.mean([bool(turns(fits)) for fits in unclear]) > 0.95
    assert not any(turns(fits) for fits in told if fits[1].difference < 0), "signs are the same"


def test_a_fit_that_differs_clearly_and_points_the_other_way_makes_an_effect_unknown() -> None:
    def little(bundle, fit):
        return 10.0 + {"one": -2.0, "two": -2.0, "third": 0.1}[fit] * ("alpha" in bundle)

    fits = [scene(bundles(), 60, truth=little, fit=fit, start=4 * (fit == "third"))
            for fit in ("one", "two", "third")]  # fmt: skip
    both, third = told(stage(fits)), told(stage(fits), "third")
    for column in (ALONE, SHARE):
        assert third[column, "alpha"].verdict == NOTHING_SEEN
        assert third[column, "alpha"].difference > 0
        assert both[column, "alpha"].verdict == UNKNOWN
        assert both[column, "alpha"].reason == f"{TURNS}: falls under one, two; rises under third"


def chances(by_fit: dict[str, float]):
    """A truth whose crises are as common as wanted under each fit, less so with alpha."""

    def truth(bundle, fit):
        return by_fit[fit] - 0.8 * ("alpha" in bundle)

    return truth


def test_events_of_several_fits_are_not_added_up() -> None:
    """Four fits with some twenty crises each: eighty in all, and none may speak of crises."""
    names = ("one", "two", "three", "four")
    fits = [scene(bundles(), 100, truth=chances(dict.fromkeys(names, -1.0)), fit=fit,
                  outcome=CRISIS, start=k) for k, fit in enumerate(names)]  # fmt: skip
    counts = [int(one.table(CRISIS.key)[..., 0].sum()) for one in fits]
    assert max(counts) < 30 < sum(counts) / 2
    found = stage(fits, CRISIS)
    assert {line.verdict for line in told(found).values()} == {UNKNOWN}
    line = told(found)[ALONE, "beta"]
    assert line.reason.startswith("too few events")
    assert "0 of 4 fits may say anything" in line.reason
    assert (line.fits, line.silent) == (0, "one, two, three, four")


def test_a_fit_with_too_few_events_is_silent_and_the_number_is_that_of_the_others() -> None:
    truth = chances({"one": 0.5, "two": 0.5, "poor": -2.0})
    fits = [scene(bundles(), 200, truth=truth, fit=fit, outcome=CRISIS, start=k)
            for k, fit in enumerate(("one", "two", "poor"))]  # fmt: skip
    found = stage(fits, CRISIS)
    line = told(found)[ALONE, "alpha"]
    assert (line.verdict, line.holds, line.fits, line.silent) == (HELPS, 2, 2, "poor")
    own = [told(found, fit)[ALONE, "alpha"].difference for fit in ("one", "two")]
    assert line.difference == pytest.approx(np.mean(own))
    shown = " ".join(text(found, lines(found)))
    assert "their own): poor [alpha; 3 others alike]" in shown
    assert "(silent: poor)" in shown


def test_where_most_fits_are_silent_nothing_is_said_of_all() -> None:
    truth = chances({"one": 0.5, "two": -2.0, "poor": -2.0})
    fits = [scene(bundles(), 200, truth=truth, fit=fit, outcome=CRISIS, start=k)
            for k, fit in enumerate(("one", "two", "poor"))]  # fmt: skip
    line = told(stage(fits, CRISIS))[ALONE, "alpha"]
    assert line.verdict == UNKNOWN
    assert "1 of 3 fits may say anything" in line.reason


@pytest.mark.parametrize("orders", [2, 8])
def test_few_orders_give_no_verdict_on_shares_and_say_how_many_are_needed(orders: int) -> None:
    seven = tuple("abcdefg")
    held = bundles(seven, orders)
    found = stage([scene(held, 50)], package=seven, orders=orders)
    shares = [line for line in lines(found) if line.column == SHARE]
    assert len(shares) == 7
    assert {line.verdict for line in shares} == {UNKNOWN}
    assert f"permutations=16 needed ({orders} are there)" in shares[0].reason
    assert all(math.isnan(line.lo) for line in shares) == (orders == 2)


def test_orders_that_err_more_than_seeds_say_how_many_are_needed() -> None:
    """Three of seven that need one another: which orders were drawn decides their shares."""
    seven = tuple("abcdefg")

    def meet(bundle, fit):
        return 10.0 - 6.0 * ({"a", "b", "c"} <= bundle)

    held = bundles(seven, 16)
    found = stage([scene(held, 400, truth=meet, noise=0.1)], package=seven, orders=16)
    own = {line.mechanism: line for line in lines(found) if line.column == SHARE}
    worst = max(own.values(), key=lambda line: line.order_error)
    assert worst.mechanism in "abc"
    assert worst.orders_needed > 16
    assert worst.order_error > 0.1
    half = 0.5 * (worst.hi - worst.lo)
    assert half > 2.3 * worst.order_error, "Student's t of eight pairs: 2.36 errors of the orders"
    need = max(line.orders_needed for line in own.values())
    assert f"permutations={need} needed" in " ".join(" ".join(text(found, lines(found))).split())


def test_numbers_of_all_fits_are_the_means_of_theirs() -> None:
    found = stage([scene(bundles(), 60, fit=fit) for fit in ("plain", "turned")])
    each = [told(found, fit) for fit in ("plain", "turned")]
    for key, line in told(found).items():
        assert line.difference == pytest.approx(np.mean([one[key].difference for one in each]))


def test_too_few_crises_give_no_verdict_on_crises() -> None:
    def rare(bundle, fit):
        return -1.9 - 0.6 * ("alpha" in bundle)

    found = told(stage([scene(bundles(), 200, truth=rare, outcome=CRISIS)], CRISIS))
    assert {line.verdict for line in found.values()} == {UNKNOWN}
    assert "30 in each are needed" in found[ALONE, "alpha"].reason
    often = told(stage([scene(bundles(), 200, truth=lambda b, f: -0.2 - rare(b, f) - 1.9,
                              outcome=CRISIS)], CRISIS))  # fmt: skip
    assert found[ALONE, "alpha"].n == often[ALONE, "alpha"].n == 200
    assert UNKNOWN not in {line.verdict for line in often.values()}


def test_uneven_failures_are_held_against_an_effect_and_counted() -> None:
    held = bundles()
    at = held.index(frozenset({"alpha"}))
    whole = scene(held, 200)
    few = stage([failing(whole, at, range(2))])
    line = told(few)[ALONE, "alpha"]
    assert (line.verdict, line.n) == (HELPS, 198), "two of 200 are told, and not held against it"
    assert "2 runs failed" in flags(few)[0]
    assert "alpha 2" in flags(few)[0]
    many = stage([failing(whole, at, range(8))])
    line = told(many)[ALONE, "alpha"]
    assert (line.verdict, line.n) == (UNKNOWN, 192)
    assert line.reason == "uneven failures: 8 of 200 runs failed with one arm, 0 with another"
    assert told(many)[ALONE, "beta"].verdict == BACKFIRES
    assert told(many)[SHARE, "beta"].verdict == UNKNOWN, "the share of beta needs alpha's arm, too"
    even = stage([failing(failing(whole, at, range(12)), held.index(NONE), range(12))])
    assert told(even)[ALONE, "alpha"].reason == "failures: 12 of 200 pairs are lost"


def test_too_few_pairs_give_no_verdict_and_one_pair_no_number() -> None:
    assert "10 are needed" in told(stage([scene(bundles(), 9)]))[ALONE, "alpha"].reason
    one = stage([scene(bundles(), 1)])
    assert {line.verdict for line in lines(one)} == {UNKNOWN}
    shown = [row for row in text(one, lines(one)) if row.strip().startswith(("Alpha", "Beta"))]
    assert len(shown) == 6
    assert all("not told" in row and "no interval" in row for row in shown)
    assert not any(sign in row for row in shown for sign in "+−")


def test_what_a_folder_lacks_is_named_and_not_claimed() -> None:
    held = [NONE, frozenset({"alpha"}), frozenset({"beta"}), FULL, FULL - {"alpha"}]
    found = stage([scene(held, 50)])
    assert {(line.column, line.mechanism) for line in lines(found)} == {
        (WHOLE, ""), (ALONE, "alpha"), (ALONE, "beta"), (REMOVED, "alpha"),
    }  # fmt: skip
    gone = lacking(found)
    assert {column: word for column, (_, word) in gone.items()} == {
        ALONE: "alone", REMOVED: "minus", SHARE: "shapley",
    }  # fmt: skip
    assert "(gamma, idle)" in gone[ALONE][0]
    alone = [frozenset({name}) for name in PACKAGE]
    bare = {column: word for column, (_, word) in lacking(stage([scene(alone, 50)])).items()}
    assert bare == {WHOLE: "none,full", ALONE: "none,alone", REMOVED: "full,minus",
                    SHARE: "shapley"}  # fmt: skip
    assert lacking(stage([scene([NONE, *alone], 50)]))[WHOLE][1] == "full", "the cheapest cure"
    assert lacking(stage([scene(bundles(), 50)])) == {}


def lacking_values(share: float, seeds: int = 100) -> Scene:
    """A scene of which a share of the runs of every arm ended well and define no value."""
    own = scene(bundles(), seeds)
    random = np.random.default_rng(5)
    table = own.values[HARM.key].copy()
    table[random.random(table.shape) < share] = np.nan
    return own._replace(values={HARM.key: table})


def test_an_outcome_that_many_runs_do_not_define_gets_no_word_and_says_on_how_many_it_rests() -> (
    None
):
    found = stage([lacking_values(0.4)])
    own = told(found)[ALONE, "alpha"]
    assert (own.verdict, own.n < 50) == (UNKNOWN, True)
    assert own.reason.startswith(f"undefined in {100 - own.n} of 100 pairs: those that are left")
    said = " ".join(" ".join(text(found, lines(found))).split())
    least = min(one.n for one in told(found).values() if one.column == ALONE)
    assert f"rests on {least} pairs" in said
    few = stage([lacking_values(0.01)])
    assert told(few)[ALONE, "alpha"].verdict == HELPS
    assert "that have a value, of 100" in " ".join(" ".join(text(few, lines(few))).split())
    whole = stage([scene(bundles(), 60)])
    assert "that have a value" not in " ".join(text(whole, lines(whole)))


def test_shares_of_few_seeds_with_every_value_get_no_word() -> None:
    """Sixteen bundles with a sixth undefined each leave eight seeds of a hundred."""
    own = told(stage([lacking_values(0.17)]))[SHARE, "alpha"]
    assert own.n < 10
    assert (own.verdict, own.reason[:5]) == (UNKNOWN, "only ")
    some = told(stage([lacking_values(0.02, 400)]))[SHARE, "alpha"]
    assert some.n > 200
    assert some.reason.startswith(f"undefined in {400 - some.n} of 400 seeds")


def test_a_package_that_was_read_off_the_arms_is_declared_where_arms_are_added() -> None:
    found = stage([scene([NONE, FULL], 50)])._replace(inferred=True)
    assert {word for _, word in lacking(found).values()} == {
        f"{words} package={'+'.join(PACKAGE)}" for words in ("alone", "minus", "shapley")
    }


def test_the_table_is_best_first_with_an_interval_beside_every_number() -> None:
    found = stage([scene(bundles(), 200)])
    rows = text(found, lines(found))
    alone = rows[rows.index("  added alone (this mechanism minus none):") + 1 :][:4]
    assert [row.split()[0] for row in alone] == ["Alpha", "Gamma", "Idle", "Beta"]
    assert [" to " in row for row in alone] == [True, True, False, True]
    assert "nothing differs" in alone[2]
    assert max(len(row) for row in rows) <= 100


def test_the_table_of_lines_has_one_row_per_number_and_names_its_columns() -> None:
    table = frame(lines(stage([scene(bundles(), 20)])))
    assert len(table) == 1 + 3 * len(PACKAGE)
    assert {"column", "mechanism", "lo", "hi", "verdict", "detectable"} <= set(table.columns)


def test_pairing_gains_what_it_gains() -> None:
    """Luck of variance 1 that the pair shares beside noise of variance 0.25: gain 1.25 / 0.25."""
    line = told(stage([scene(bundles(), 1000, noise=0.5)]))[ALONE, "alpha"]
    assert line.variance_reduction == pytest.approx(5.0, rel=0.15)


def test_what_fits_differ_by_is_no_gain_of_pairing() -> None:
    def level(bundle, fit):
        return harm(bundle) + 1000.0 * (fit == "high")

    fits = [scene(bundles(), 500, truth=level, fit=fit, noise=0.5) for fit in ("low", "high")]
    assert told(stage(fits))[ALONE, "alpha"].variance_reduction == pytest.approx(5.0, rel=0.2)


def test_an_effect_of_the_size_that_can_be_seen_is_seen_four_times_in_five() -> None:
    random = np.random.default_rng(3)
    noise = random.normal(size=(100, 1000))
    size = detectable_from(random.normal(size=(100_000, 1)), 100)
    lo, hi = bootstrap_intervals(size + noise)
    assert np.mean(lo > 0) == pytest.approx(0.8, abs=0.04)
    assert np.mean([detectable(a, b) for a, b in zip(lo, hi, strict=True)]) == pytest.approx(
        size, rel=0.04
    )


def test_before_any_pair_the_worst_case_of_a_chance_is_said() -> None:
    assert detectable_unseen(200) == pytest.approx(2.8016 * math.sqrt(0.5 / 200), rel=1e-4)
    random = np.random.default_rng(3)
    apart = (random.random((4000, 1)) < 0.5).astype(float) - (random.random((4000, 1)) < 0.5)
    assert detectable_from(apart, 200) <= detectable_unseen(200) * 1.03
    assert math.isnan(detectable_from(apart[:29], 200)), "too few pairs say nothing"
    assert math.isnan(detectable_from(np.zeros((100, 1)), 200)), "nothing seen is no size"


@pytest.mark.slow
def test_intervals_over_fits_cover_the_planted_mean_effect() -> None:
    """Effects that differ by fit and by seed; the fits are all there is, the seeds a sample."""
    held = [NONE, frozenset({"alpha"})]
    covered = []
    for study in range(400):
        scenes = [scene(held, 40, fit=fit, start=study) for fit in ("plain", "turned", "third")]
        own = np.concatenate([one.table("harm") for one in scenes])
        told = paired_effects(own, {("", "alpha"): (0, 1)}, HARM, stacked(scenes))
        effect = told["", "alpha"]
        covered.append(effect.lo <= -2.0 <= effect.hi)
    assert 0.92 <= np.mean(covered) <= 0.98


class Looks(NamedTuple):
    """Seeds before the first look, between two, and at most."""

    first: int
    step: int
    most: int


def coverage(
    chance: float, change: float, width: float, looks: Looks, repeats: int
) -> tuple[float, float, float]:
    """(coverage when a width stops, at the same mean number of seeds fixed beforehand, that mean).

    Pairs of 0 and 1: the arm lowers the chance by ``change`` and shares 70 % of the draws.
    """
    random = np.random.default_rng(11)
    luck, own = random.random((looks.most, repeats)), random.random((looks.most, repeats))
    before = luck < chance
    after = np.where(own < 0.7, luck, random.random((looks.most, repeats))) < chance - change
    differences = after.astype(float) - before
    inside, stopped = np.full(repeats, np.nan), np.zeros(repeats)
    for seeds in range(looks.first, looks.most + 1, looks.step):
        lo, hi = bootstrap_intervals(differences[:seeds], draws=500)
        stops = np.isnan(inside) & ((0.5 * (hi - lo) <= width) | (seeds == looks.most))
        inside[stops] = ((lo <= -change) & (-change <= hi))[stops]
        stopped[stops] = seeds
    lo, hi = bootstrap_intervals(differences[: round(stopped.mean())], draws=500)
    fixed = (lo <= -change) & (-change <= hi)
    return float(inside.mean()), float(fixed.mean()), float(stopped.mean())


@pytest.mark.slow
@pytest.mark.parametrize(("chance", "change"), [(0.35, 0.1), (0.15, 0.05)])
def test_looking_again_and_again_for_a_width_costs_little_coverage(
    chance: float, change: float
) -> None:
    """50 seeds, then 50 more until the half-width is 0.05: docs/effects.md states the loss."""
    looked, fixed, seeds = coverage(chance, change, 0.05, Looks(50, 50, 500), 800)
    assert 100 < seeds < 500
    assert looked >= fixed - 0.03
    assert looked >= 0.91
