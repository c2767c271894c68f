"""Ten histories give what they gave: outcomes, series and every byte of the event log."""

from __future__ import annotations

import pytest

from baseline import RUNS, differences, golden, present


@pytest.fixture(scope="module")
def now() -> dict[str, dict]:
    return present()


@pytest.mark.parametrize("run", [f"{region}, {arm}, seed {seed}" for region, arm, seed in RUNS])
def test_a_history_gives_what_it_gave(run: str, now: dict[str, dict]) -> None:
    """Meant to change? ``python -m tests.baseline``, and explain the difference in the commit."""
    changed = differences(golden()[run], now[run])
    assert changed == [], f"{len(changed)} differences; the first: {changed[0]}"


def test_the_baseline_holds_exactly_these_runs(now: dict[str, dict]) -> None:
    assert set(golden()) == set(now)
    assert len({each["log"] for each in now.values()}) == len(now), "no two histories are alike"
