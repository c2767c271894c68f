"""``arms=subsets:A,B,C``: every subset once, the empty one first, mistakes told before a run."""

from __future__ import annotations

from itertools import combinations

import pytest

from experiments.arms import expanded
from experiments.exits import UsageError
from experiments.plan import sweep_plan
from experiments.settings import mechanism_names
from experiments.subsets import MOST, faults

NAMES = list(mechanism_names())


@pytest.mark.parametrize("size", [2, 3, MOST])
def test_every_subset_is_an_arm_once_and_the_empty_one_comes_first(size: int) -> None:
    chosen = NAMES[:size]
    arms = expanded([f"subsets:{chosen[0]}", *chosen[1:]])
    every = {frozenset(c) for k in range(size + 1) for c in combinations(chosen, k)}
    assert arms[0] == "none"
    assert {frozenset(arm.split("+")) - {"none"} for arm in arms} == every
    assert len(arms) == 2**size


def test_the_order_in_which_mechanisms_are_named_does_not_matter() -> None:
    assert expanded(["subsets:exchanges", "data_sharing"]) == expanded(
        ["subsets:data_sharing", "exchanges"]
    )


def test_joined_names_close_the_list_so_that_other_arms_may_follow() -> None:
    assert expanded(["subsets:data_sharing+exchanges", "full"]) == [
        "full", "none", "data_sharing", "exchanges", "data_sharing+exchanges",
    ]  # fmt: skip


def test_an_arm_that_is_named_beside_the_subsets_is_no_second_one() -> None:
    arms = expanded(["full", "exchanges", "subsets:data_sharing", "exchanges"])
    assert arms == ["full", "exchanges", "none", "data_sharing", "data_sharing+exchanges"]


@pytest.mark.parametrize(
    ("arms", "cause"),
    [
        (["subsets:exchanges"], "2 to 8 mechanisms and 1 is named"),
        ([f"subsets:{NAMES[0]}", *NAMES[1:9]], "9 are named"),
        (["subsets:exchanges", "data_sharin"], "Did you mean 'data_sharing'?"),
        (["subsets:exchanges", "exchanges"], "exchanges is named twice"),
        (["subsets:exchanges", "subsets:inclusion"], "given twice"),
    ],
)
def test_a_mistake_in_the_list_is_told_and_nothing_is_written_out(arms, cause: str) -> None:
    assert any(cause in fault for fault in faults(arms, NAMES))
    assert not any("+" in arm for arm in expanded(arms))


def test_a_sweep_takes_the_word_and_refuses_a_mistake_in_it() -> None:
    plan = sweep_plan(["region=fergana", "arms=subsets:exchanges,inclusion", "seeds=3"], None, None)
    assert [arm.name for arm in plan.head.arms] == [
        "none", "exchanges", "inclusion", "exchanges+inclusion",
    ]  # fmt: skip
    assert plan.asked == 12
    with pytest.raises(UsageError, match="Did you mean 'exchanges'"):
        sweep_plan(["region=fergana", "arms=subsets:exchange,inclusion"], None, None)
