"""Joint infrastructure: lasts, saves, upkeep is cheaper; fails as a hostage and by displacing."""

from __future__ import annotations

from mechanisms.paired import Case, contrast, effect

from sim.mechanisms import NAMES
from sim.state import State

ROW = NAMES.index("joint_infrastructure")
# People flee from violence in far greater numbers than from works: switched off to see the works.
PEACE = {"displacement.by_violence": 0.0, "displacement.by_force": 0.0}


def built(s: State) -> None:
    """The joint works stand where they are agreed."""
    s.accord.maturity[ROW] = 1.0


def closed(s: State) -> None:
    """Every border is closed."""
    s.pair.closed_until[:] = 99.0


def paid(s: State) -> float:
    """Share of full upkeep that a town pays, mean over towns."""
    return float(s.municipality.upkeep.mean())


def test_works_age_more_slowly_and_lose_less() -> None:
    case = Case("upper_rhine", years=10.0)
    works = effect(lambda s: s.municipality.infrastructure.mean(), "joint_infrastructure", case)
    assert works.rises
    assert effect(lambda s: s.group.need.sum(), "joint_infrastructure", case).falls


def test_upkeep_that_is_bought_together_is_paid_more_fully() -> None:
    """Where money is short, by more than the works take from it themselves, as it is cheaper."""
    case = Case(start=built)
    dear = case._replace(parameters={"joint_infrastructure.scale": 0.0})
    assert effect(paid, "joint_infrastructure", case).rises
    assert contrast(paid, "joint_infrastructure", case, dear).rises


def test_it_is_hostage_while_the_border_is_closed() -> None:
    case = Case("upper_rhine", hold=closed, start=built)
    assert effect(lambda s: s.municipality.service.mean(), "joint_infrastructure", case).falls


def test_works_displace_people_unless_they_are_heard() -> None:
    case = Case(parameters={**PEACE, "inclusion.slowness": 0.0})
    away = effect(lambda s: s.group.displaced.mean(), "joint_infrastructure", case)
    assert away.rises
    heard = effect(lambda s: s.group.displaced.mean(), "inclusion", case,
                   {"joint_infrastructure": 1.0})  # fmt: skip
    assert heard.falls
