"""Joint finance: steadier money; fails by leaks and by release withheld in bad years."""

from __future__ import annotations

from mechanisms.paired import Case, effect

from sim.mechanisms import NAMES
from sim.state import State

EVERY = dict.fromkeys((n for n in NAMES if n != "joint_finance"), 1.0)


def stricken(s: State) -> None:
    """A very bad year: towns lie in ruins."""
    s.municipality.damage[:] = 0.9


def test_a_costly_package_is_paid_more_fully() -> None:
    case = Case("upper_rhine")
    assert effect(lambda s: s.municipality.funding.mean(), "joint_finance", case, EVERY).rises


def test_more_money_through_more_hands_leaks_more() -> None:
    assert effect(lambda s: s.municipality.leaked.mean(), "joint_finance", Case()).rises


def test_release_is_withheld_in_bad_years() -> None:
    """In a disaster money that is tied to performance is paid less than free money."""
    free, tied = (
        effect(lambda s: s.municipality.funding.mean(), "joint_finance",
               Case("upper_rhine", hold=stricken, parameters={"joint_finance.tied": share}), EVERY)
        for share in (0.0, 1.0)
    )  # fmt: skip
    assert tied.mean < 0.75 * free.mean
