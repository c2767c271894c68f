"""Legal harmonisation: agreements sooner and cheaper; fails in a deadlocked legislature."""

from __future__ import annotations

from mechanisms.paired import Case, effect

from sim.mechanisms import NAMES
from sim.state import State

ROW = NAMES.index("legal_harmonisation")
WORKS = {"joint_infrastructure": 1.0}


def popular(s: State) -> None:
    """Both governments have a majority."""
    s.nation.approval[:] = 0.6


def deadlocked(s: State) -> None:
    """Neither government has a majority."""
    s.nation.approval[:] = 0.3


def maturity(s: State) -> float:
    """How far the joint works are set up."""
    return float(s.accord.maturity[NAMES.index("joint_infrastructure")].mean())


def test_other_agreements_are_set_up_sooner() -> None:
    case = Case("upper_rhine", years=8.0, hold=popular)
    assert effect(maturity, "legal_harmonisation", case, WORKS).rises


def test_a_deadlocked_legislature_passes_nothing_and_costs_money() -> None:
    case = Case("upper_rhine", years=8.0, hold=deadlocked)
    passed = effect(maturity, "legal_harmonisation", case._replace(hold=popular), WORKS)
    assert effect(maturity, "legal_harmonisation", case, WORKS).most < 0.01 * passed.mean
    assert effect(lambda s: s.municipality.spent.sum(), "legal_harmonisation", case, WORKS).rises
