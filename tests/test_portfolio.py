"""Portfolios: exact against slow enumeration, planted best mixes found, refusals where due."""

from __future__ import annotations

import json
import math
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from portfolio_factory import NAMES, World, draw, write
from sweep_factory import make_sweep

from analysis.portfolio import Ask, document, portfolio, tables, told
from analysis.portfolio.choice import best, break_even, not_worse
from analysis.portfolio.frontier import membership, on_frontier
from analysis.portfolio.halved import halved
from analysis.portfolio.mixes import read_mixes
from analysis.portfolio.resample import bootstrap_weights, draws_points, interval, means
from analysis.portfolio.robust import robust
from analysis.portfolio.rules import roles_of
from analysis.portfolio.worth import contrasts
from analysis.study import StudyError
from experiments.main import main


def all_subsets(mechanisms: int) -> np.ndarray:
    """Members [mix, mechanism] of all subsets."""
    sets = [c for k in range(mechanisms + 1) for c in combinations(range(mechanisms), k)]
    return np.array([[m in c for m in range(mechanisms)] for c in sets])


def planted(random: np.random.Generator, mechanisms: int = 8) -> tuple[World, float]:
    """A world with a best mix that stands out by an interaction, and a budget that binds.

    The partners are dear and of little use alone; a tempting pair gets in each other's way.
    """
    order = random.permutation(mechanisms)
    one, two, bad, worse = (int(x) for x in order[:4])
    own = random.uniform(0.0, 0.02, mechanisms)
    own[bad], own[worse] = 0.08, 0.03
    price = random.uniform(1.0, 2.0, mechanisms)

    def risk(members: np.ndarray, state: int) -> np.ndarray:
        del state
        pair = 0.20 * (members[:, one] & members[:, two])
        clash = 0.12 * (members[:, bad] & members[:, worse])
        return np.clip(0.5 - members @ own - pair + clash, 0.02, 0.98)

    def cost(members: np.ndarray, state: int) -> np.ndarray:
        del state
        return members @ price

    def people(members: np.ndarray, state: int) -> np.ndarray:
        del state
        return 0.5 + 0.01 * members.sum(axis=1)

    budget = float(price[[one, two, bad]].sum() + 0.15)
    return World(mechanisms, risk, cost, people), budget


def slow_best(members: np.ndarray, cost: np.ndarray, risk: np.ndarray, budget: float) -> int:
    """The affordable mix with least risk, one after the other."""
    held = -1
    for mix in range(len(members)):
        if cost[mix] <= budget and (held < 0 or risk[mix] < risk[held]):
            held = mix
    return held


def slow_frontier(losses: np.ndarray) -> list[bool]:
    """Every mix against every other, objective by objective."""
    found = []
    for a in losses:
        dominated = False
        for b in losses:
            no_worse, better = True, False
            for x, y in zip(b, a, strict=True):
                no_worse = no_worse and x <= y
                better = better or x < y
            dominated = dominated or (no_worse and better)
        found.append(not dominated)
    return found


def slow_break_even(
    losses: np.ndarray, members: np.ndarray, place: int, budget: float
) -> float | None:
    """Raise the cost of one mechanism until the best mix does without it, by bisection."""

    def held(surcharge: float) -> bool:
        own = losses.copy()
        own[:, 0] = losses[:, 0] + surcharge * members[:, place]
        winner = -1
        for mix in range(len(own)):
            if own[mix, 0] <= budget and (
                winner < 0 or tuple(own[mix, 1:]) < tuple(own[winner, 1:])
            ):
                winner = mix
        return winner >= 0 and bool(members[winner, place])

    lo, hi = -1000.0, 1000.0
    if not held(lo):
        return None
    for _ in range(80):
        middle = (lo + hi) / 2
        lo, hi = (middle, hi) if held(middle) else (lo, middle)
    return lo


@pytest.mark.parametrize("seed", range(5))
def test_the_frontier_of_all_subsets_of_eight_is_that_of_a_slow_enumeration(seed: int) -> None:
    random = np.random.default_rng(seed)
    losses = random.normal(size=(256, 3))
    losses[random.integers(0, 256, 40)] = losses[random.integers(0, 256, 40)]  # ties
    losses = np.round(losses, 1)
    assert on_frontier(losses).tolist() == slow_frontier(losses)


def test_a_mix_is_on_the_frontier_as_often_as_in_draws_taken_one_by_one() -> None:
    losses = np.random.default_rng(3).normal(size=(31, 20, 3))
    share = np.mean([slow_frontier(own) for own in losses[1:]], axis=0)
    assert membership(losses) == pytest.approx(share)


@pytest.mark.parametrize("seed", range(4))
def test_best_mix_and_break_even_of_eight_are_those_of_a_slow_enumeration(seed: int) -> None:
    random = np.random.default_rng(seed)
    members = all_subsets(8)
    losses = np.column_stack([
        members @ random.uniform(0.5, 2, 8), 0.5 - members @ random.uniform(-0.02, 0.06, 8)
        + 0.02 * random.normal(size=256), random.normal(size=256),
    ])  # fmt: skip
    budget = 5.0
    assert best(losses[None], members, budget)[0] == slow_best(
        members, losses[:, 0], losses[:, 1], budget
    )
    for place, own in enumerate(break_even(losses, members, NAMES, budget)):
        slow = slow_break_even(losses, members, place, budget)
        if slow is None:
            assert math.isnan(own.surcharge)
        else:
            assert own.surcharge == pytest.approx(slow, abs=1e-9)
            assert own.inside == (slow >= 0)


def test_ties_go_to_livelihood_then_cost_then_fewer_mechanisms() -> None:
    members = all_subsets(2)
    losses = np.array([[0.0, 0.5, 1.0], [1.0, 0.2, 1.0], [1.0, 0.2, 0.5], [1.0, 0.2, 0.5]])
    assert best(losses[None], members, 2.0)[0] == 2
    assert best(losses[None], members, 0.5)[0] == 0
    assert best(losses[None], members, -1.0)[0] == -1


@pytest.mark.slow
def test_the_planted_best_mix_of_256_is_found_in_at_least_95_of_100_worlds() -> None:
    """With interactions and noise; and those that cannot be told from it hold it as often."""
    hits = covered = 0
    crowds = []
    for number in range(100):
        random = np.random.default_rng(1000 + number)
        world, budget = planted(random)
        values = draw(world, 500, number)
        members = world.members
        truth = slow_best(members, world.cost(members, 0), world.risk(members, 0), budget)
        weights = np.vstack([np.ones(500), random.multinomial(500, np.full(500, 1 / 500), 200)])
        losses = np.stack([weights @ values[key][0] / 500
                           for key in ("money_spent", "crisis_resource")], axis=-1)  # fmt: skip
        chosen = int(best(losses[:1], members, budget)[0])
        affordable = losses[0, :, 0] <= budget
        rivals = not_worse(losses, chosen, affordable)
        crowds.append(rivals.sum() / affordable.sum())
        hits += chosen == truth
        covered += bool(rivals[truth])
    assert hits >= 95
    assert covered >= 95
    assert np.mean(crowds) < 0.1, "they are few of those that are affordable, not all of them"


def interacting(states: int = 1) -> World:
    """Three mechanisms: the first helps, more so with the second; the third is dear and harms."""

    def risk(members: np.ndarray, state: int) -> np.ndarray:
        pair = 0.2 * (members[:, 0] & members[:, 1])
        return 0.5 - 0.02 * state - 0.05 * members[:, 0] - pair + 0.05 * members[:, 2]

    def cost(members: np.ndarray, state: int) -> np.ndarray:
        del state
        return members @ np.array([1.0, 2.0, 3.0])

    def people(members: np.ndarray, state: int) -> np.ndarray:
        del state
        return 0.5 + 0.05 * members[:, 0]

    return World(3, risk, cost, people, states)


def test_a_folder_is_answered_with_the_planted_mix_its_price_and_its_interaction(
    tmp_path: Path,
) -> None:
    world = interacting()
    folder = write(tmp_path / "w", world, draw(world, 400, 5))
    found = portfolio(folder, Ask(budgets=(0.5, 3.5)))
    frames = tables(found)
    cheap, enough = found.choices
    assert found.mixes.arms[cheap.mix].name == "none"
    assert found.mixes.arms[enough.mix].name == "ant+bee"
    assert enough.chance > 0.99
    assert enough.halved.difference[1] < -0.25 < enough.halved.difference[2]
    assert enough.halved.difference[2] < -0.15, "clear: it does not merely span everything"
    assert enough.halved.chosen == (enough.mix, enough.mix)
    level = frames["mixes"].set_index("mix").loc["ant+bee", "risk"]
    assert enough.halved.level[0] == pytest.approx(level), "both halves agree: its plain mean"
    at = frames["break_even"].query("budget == 3.5").set_index("mechanism")
    assert at.loc["ant", "break_even"] == pytest.approx(3.5, abs=0.05)  # worth it alone
    assert at.loc["bee", "break_even"] == pytest.approx(3.5 - 1.0, abs=0.05)  # ant stays
    assert at.loc["ant", "cost_now"] == pytest.approx(1.0, abs=0.05)
    assert math.isnan(at.loc["cow", "break_even"])
    pair = frames["pairs"].query("outcome == 'crisis_resource'").set_index("mechanisms")
    assert pair.loc["ant+bee", "lo"] < -0.2 < pair.loc["ant+bee", "hi"]
    assert pair.loc["ant+cow", "effect"] == pytest.approx(0.0, abs=0.08)  # about three errors
    own = frames["effects"].query("outcome == 'crisis_resource'").set_index("mechanisms")
    assert own.loc["cow", "effect"] == pytest.approx(0.05, abs=0.05)
    mixes = frames["mixes"].set_index("mix")
    assert mixes["on_frontier"].to_dict()["ant+bee"]
    assert mixes.loc["ant+bee", "chance_on_frontier"] == 1.0


@pytest.mark.slow
def test_intervals_of_means_and_of_pairs_cover_the_truth_as_often_as_they_say(
    tmp_path: Path,
) -> None:
    world = interacting()
    mixes = read_mixes(write(tmp_path / "w", world, draw(world, 100, 0)))
    weights = bootstrap_weights(mixes, 400)
    rows = contrasts(world.members, 2)[1]
    truth = world.risk(world.members, 0)
    held = []
    for number in range(300):
        mixes.held["crisis_resource"] = draw(world, 100, number)["crisis_resource"][:, None]
        levels = means(mixes, [("crisis_resource",)], weights)[:, 0, :, 0]
        for found, true in ((levels, truth), (levels @ rows.T, rows @ truth)):
            lo, hi = interval(found, 100)
            held.append([np.mean((lo <= true) & (true <= hi))])
    assert 0.92 < np.mean(held[::2]) < 0.98
    assert 0.92 < np.mean(held[1::2]) < 0.98


def alike(mechanisms: int) -> World:
    """Every mix has the same risk, and none costs anything."""
    return World(mechanisms, lambda m, s: np.full(len(m), 0.4), lambda m, s: np.zeros(len(m)),
                 lambda m, s: np.full(len(m), 0.5))  # fmt: skip


@pytest.mark.slow
def test_the_interval_of_the_best_of_256_equal_mixes_covers_what_is_true(tmp_path: Path) -> None:
    """The naive interval of the same choice covers it in about half of the studies."""
    world, seeds = alike(8), 60
    mixes = read_mixes(write(tmp_path / "w", world, draw(world, seeds, 0)))
    weights = bootstrap_weights(mixes, 400)
    roles, sign = roles_of(mixes, "crisis_resource"), np.array([1.0, 1.0, -1.0])
    covered, naive = [], []
    for number in range(300):
        random = np.random.default_rng([3, number])
        luck, own = random.random((seeds, 1)), random.random((seeds, 256))
        fate = np.where(random.random((seeds, 256)) < 0.3, own, luck)
        mixes.held["crisis_resource"] = (fate < 0.4).astype(float)[None, None]
        found = halved(mixes, roles, sign, 1.0, weights, seeds)
        covered.append([found.level[1] <= 0.4 <= found.level[2],
                        found.difference[1] <= 0.0 <= found.difference[2]])  # fmt: skip
        losses = mixes.held["crisis_resource"][0, 0]
        mix = int(np.argmin(losses.mean(axis=0)))
        change = losses[:, mix] - losses[:, 0]
        half = 2.0 * change.std(ddof=1) / np.sqrt(seeds)
        naive.append(abs(change.mean()) <= half)
    level, apart = np.mean(covered, axis=0)
    assert 0.92 <= level <= 0.98
    assert 0.92 <= apart <= 0.98
    assert np.mean(naive) < 0.7


def test_halves_that_choose_differently_are_told(tmp_path: Path) -> None:
    world = alike(3)
    found = portfolio(write(tmp_path / "w", world, draw(world, 200, 8)), Ask(budgets=(1.0,)))
    one = found.choices[0]
    others = {mix for mix in one.halved.chosen if mix != one.mix}
    assert others
    said = " ".join(" ".join(told(found)).split())
    assert "so this is what such a choice brings" in said
    assert tables(found)["best"].loc[0, "chosen_by_halves"] == [
        found.mixes.arms[mix].name for mix in one.halved.chosen
    ]


def test_states_that_share_their_seeds_narrow_no_interval_of_a_chance(tmp_path: Path) -> None:
    """The same runs told as one state and as four: the same luck, the same Wilson interval."""
    world = alike(2)._replace(risk=lambda m, s: np.full(len(m), 0.08))
    values = draw(world, 60, 3, noise=0.0)
    once = portfolio(write(tmp_path / "once", world, values), Ask(risk="crisis_resource"))
    four = {key: np.repeat(own, 4, axis=0) for key, own in values.items()}
    often = portfolio(write(tmp_path / "often", world._replace(states=4), four),
                      Ask(risk="crisis_resource"))  # fmt: skip
    assert (once.cells, often.cells) == (60, 240)
    for single, several in zip(once.ends(1), often.ends(1), strict=True):
        assert several == pytest.approx(single, abs=1e-12)


def test_regret_and_satisficing_are_those_worked_out_by_hand() -> None:
    risk = np.array([[0.5, 0.2, 0.3, 0.1], [0.5, 0.6, 0.3, 0.1]])
    cost = np.array([[0.0, 1.0, 1.0, 3.0], [0.0, 1.0, 1.0, 3.0]])
    losses = np.stack([cost, risk], axis=-1)[None]
    found = robust(losses, 2.0, losses[..., 1] <= 0.3)
    assert found.candidates.tolist() == [True, True, True, False]
    assert found.greatest[0, :3].tolist() == pytest.approx([0.3, 0.3, 0.1])
    assert found.mean[0, :3].tolist() == pytest.approx([0.25, 0.15, 0.05])
    assert found.meets[0, :3].tolist() == [0.0, 0.5, 1.0]
    assert found.worst_state[:3].tolist() == [0, 1, 0]


def test_a_pair_is_weighed_over_every_background_that_was_run() -> None:
    members = all_subsets(3)
    values = np.random.default_rng(1).normal(size=8)
    sets, rows, backgrounds = contrasts(members, 2)
    index = {tuple(row): k for k, row in enumerate(members.tolist())}

    def f(*own: int) -> float:
        return values[index[tuple(m in own for m in range(3))]]

    assert backgrounds == [2, 2, 2]
    by_hand = np.mean([f(0, 1, *s) - f(0, *s) - f(1, *s) + f(*s) for s in ((), (2,))])
    assert (rows @ values)[sets.index((0, 1))] == pytest.approx(by_hand)
    assert contrasts(members[:4], 2)[0] == []  # no pair was run


def test_states_of_the_world_are_the_frames_of_a_sweep(tmp_path: Path) -> None:
    world = interacting(states=3)
    folder = write(tmp_path / "w", world, draw(world, 200, 5))
    found = portfolio(folder, Ask(budgets=(3.5,), thresholds={"crisis_resource": ("most", 0.3)}))
    assert [s.label for s in found.mixes.states] == [f"parameters fit_{s}" for s in range(3)]
    table = tables(found)["regret"].set_index("mix")
    assert table.loc["ant+bee", "greatest_regret"] == pytest.approx(0.0, abs=0.02)
    assert table.loc["none", "greatest_regret"] == pytest.approx(0.25, abs=0.05)
    assert table.loc["none", "share_meets"] == 0.0
    assert table.loc["ant+bee", "share_meets"] >= 2 / 3
    text = "\n".join(told(found))
    assert "greatest regret" in text
    assert max(len(line) for line in told(found)) <= 100
    json.dumps(document(found), allow_nan=False, default=lambda value: value.item())


def test_points_that_are_states_stand_in_every_draw(tmp_path: Path) -> None:
    """A draw without a state would say that every other mix is told from the best one."""
    arms = ("none", "joint_committee")
    folder = make_sweep(tmp_path / "p", regions=("east",), arms=arms, points=12, seeds=40)
    ask = Ask(risk="crisis_resource", cost=("violent_incidents",))
    found = portfolio(folder, ask._replace(states="points"))
    assert len(found.mixes.states) == 12
    assert np.isfinite(found.losses).all()
    assert not draws_points(found.mixes)
    assert draws_points(portfolio(folder, ask).mixes)


def test_too_few_events_pass_the_crisis_over_and_asking_for_it_is_told(tmp_path: Path) -> None:
    world = interacting()._replace(risk=lambda m, s: np.full(len(m), 0.1 + 0.0 * s))
    folder = write(tmp_path / "w", world, draw(world, 100, 5))
    found = portfolio(folder)
    assert found.roles.risk == "uncontained_rate"
    assert "too few events" in found.flags[0]
    asked = portfolio(folder, Ask(risk="crisis_resource"))
    assert asked.roles.risk == "crisis_resource"
    assert "too few events" in asked.refusals[0]
    assert tables(asked)["best"]["mix"].isna().all()
    assert not any(line.startswith("Best mix") for line in told(asked))
    bound = portfolio(folder, Ask(thresholds={"crisis_resource": ("most", 0.2)}))
    assert any(flag.startswith("'meets' is not told") for flag in bound.flags)


def test_a_bound_on_an_outcome_with_too_few_events_is_not_told(tmp_path: Path) -> None:
    world = interacting(states=2)._replace(risk=lambda m, s: np.full(len(m), 0.1 + 0.0 * s))
    folder = write(tmp_path / "w", world, draw(world, 100, 5))
    ask = Ask(budgets=(3.5,), thresholds={"crisis_resource": ("most", 0.2)})
    regret = tables(portfolio(folder, ask))["regret"]
    assert len(regret)
    assert regret["share_meets"].isna().all()
    kept = ask._replace(thresholds={"worst_livelihood": ("least", 0.2)})
    assert (tables(portfolio(folder, kept))["regret"]["share_meets"] == 1.0).all()


def test_uneven_failures_refuse_a_best_mix_and_even_ones_are_told(tmp_path: Path) -> None:
    world = interacting()
    values = draw(world, 200, 5)
    uneven = [(0, seed, 7) for seed in range(10)]
    found = portfolio(write(tmp_path / "uneven", world, values, uneven), Ask(budgets=(3.5,)))
    assert "uneven failures: 10 of 200 runs failed with ant+bee+cow, 0" in found.refusals[0]
    assert tables(found)["best"]["mix"].isna().all()
    assert not any(line.startswith("Best mix") for line in told(found))
    even = [(0, seed, mix) for seed in range(10) for mix in range(8)]
    found = portfolio(write(tmp_path / "even", world, values, even), Ask(budgets=(3.5,)))
    assert found.refusals == ()
    assert found.cells == 190
    assert "80 runs of 1,600 failed" in found.flags[0]


def test_a_frame_without_an_arm_is_refused_by_name(tmp_path: Path) -> None:
    world = interacting(states=2)
    gone = [(1, seed, 4) for seed in range(50)]
    folder = write(tmp_path / "w", world, draw(world, 50, 5), missing=gone)
    with pytest.raises(StudyError, match=r"fit_1: no finished run of 1 mix \(ant\+bee\)"):
        portfolio(folder)


def test_few_seeds_refuse_a_best_mix(tmp_path: Path) -> None:
    world = interacting()
    found = portfolio(write(tmp_path / "w", world, draw(world, 8, 5)), Ask(risk="crisis_resource"))
    assert "only 8 seeds" in found.refusals[0]


@pytest.mark.slow
def test_the_command_answers_in_words_and_in_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = interacting()
    folder = str(write(tmp_path / "w", world, draw(world, 200, 5)))
    assert main(["portfolio", folder, "budget=3.5"]) == 0
    said = capsys.readouterr().out
    assert "up to 3.5: AB" in said
    assert main(["portfolio", folder, "budget=3.5", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["best"][0]["mix"] == "ant+bee"
    assert content["histories_per_mix"] == 200


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (["budget=much"], "amounts of money"),
        (["bugdet=1"], "Did you mean 'budget'?"),
        (["most.crisis_resource=few"], "one number is wanted"),
        (["risk=crisis_resorce"], "no outcome 'crisis_resorce' is kept"),
        (["states=points"], "a comparison has one state"),
        (["least.nothing=1"], "no outcome 'nothing' is kept"),
    ],
)
def test_a_mistake_ends_with_a_line_and_code_2(
    words: list[str], cause: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = interacting()
    folder = str(write(tmp_path / "w", world, draw(world, 40, 5)))
    assert main(["portfolio", folder, *words]) == 2
    assert cause in capsys.readouterr().err
