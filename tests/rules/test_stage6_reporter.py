"""The reporting filter: probability by severity, whatever the issue."""

from __future__ import annotations

import numpy as np
import pytest

from sim.events import ARMY_FORCE, BAR, HOSTILITY, NOTE, OTHER_DISPLAY, OTHER_FORCE, OTHER_WAR
from sim.rules.state_act import REPORTED, seen_as, severity


@pytest.mark.parametrize(
    ("act", "chance"),
    [(NOTE, 0.35), (OTHER_DISPLAY, 0.9), (OTHER_FORCE, 0.95), (OTHER_WAR, 0.95),
     (ARMY_FORCE, 0.95)],
)  # fmt: skip
def test_force_is_seen_by_its_severity_and_not_by_its_issue(act: int, chance: float) -> None:
    weight = severity(np.int64(BAR[act]), np.int64(HOSTILITY[act]))
    assert REPORTED[int(weight)] == chance
    assert seen_as(np.int64(weight), chance - 1e-9) > 0
    assert seen_as(np.int64(weight), chance) == 0


@pytest.mark.parametrize(("bar", "said"), [(-1, 2), (1, 2), (0, 1), (-2, 1), (2, 1)])
def test_an_eighth_of_seen_weak_acts_is_coded_neutral(bar: int, said: int) -> None:
    """Grade 1 either way, below 12 % of what is seen; an act that is neutral already stays so."""
    chance = REPORTED[abs(bar)]
    assert seen_as(np.int64(bar), 0.1199 * chance) == said
    assert seen_as(np.int64(bar), 0.1201 * chance) == 1
