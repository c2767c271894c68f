"""Channels are composed of what every mechanism does alone, in the way that each declares."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from mechanisms.paired import region_of
from naive.compare import CompiledModel

from sim.channels import Channels
from sim.mechanisms import MECHANISMS, NAMES
from sim.rules.agreements import OPERATING
from sim.scenario import scenario
from sim.state import fields

WAYS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "product": lambda parts: np.prod(parts, axis=0),
    "sum": lambda parts: np.sum(parts, axis=0),
    "maximum": lambda parts: np.max(parts, axis=0),
    "complement": lambda parts: 1.0 - np.prod(1.0 - parts, axis=0),
}
# These mechanisms look at how strong others are: at inclusion, or at all that is delivered.
LOOKS_AROUND = {"settlement", "displacing", "anchoring"}


def composed(strength: np.ndarray) -> dict[str, np.ndarray]:
    """All channels of the tick that begins with these strengths [k, d]."""
    model = CompiledModel(scenario(region_of("fergana"), years=1, spinup_years=0.5, seed=4))
    accord = model.state.accord
    accord.strength[:], accord.intensity[:] = strength, strength > 0.0
    accord.maturity[:], accord.phase[:] = 0.5 * (strength > 0.0), OPERATING * (strength > 0.0)
    model.advance(1)
    return {name: getattr(model.state.channel, name).copy() for name in Channels._fields}


@pytest.fixture(scope="module")
def strengths() -> np.ndarray:
    """Any strengths: of every mechanism on every dyad of fergana."""
    dyads = region_of("fergana").topology.dyad.key.size
    return np.random.default_rng(1).uniform(0.1, 0.9, (len(NAMES), dyads))


@pytest.fixture(scope="module")
def alone(strengths: np.ndarray) -> list[dict[str, np.ndarray]]:
    """The channels that every mechanism makes alone."""
    rows = np.arange(len(NAMES))[:, None]
    return [composed(np.where(rows == k, strengths, 0.0)) for k in range(len(NAMES))]


def test_order_cannot_matter(
    strengths: np.ndarray, alone: list[dict[str, np.ndarray]]
) -> None:
    together = composed(strengths)
    for name, declared in fields(Channels).items():
        way = declared.about.rpartition("; ")[2]
        parts = np.stack([one[name] for one in alone])
        if name not in LOOKS_AROUND:
            assert together[name] == pytest.approx(WAYS[way](parts), rel=1e-12), name


@pytest.mark.parametrize("k", range(len(NAMES)), ids=NAMES)
def test_a_mechanism_moves_its_own_channels_and_no_other(
    k: int, alone: list[dict[str, np.ndarray]]
) -> None:
    """Bit for bit: what it does not declare stays neutral. Two channels need distrust or hawks."""
    still = {"vigilance", "rumour"}
    for name, declared in fields(Channels).items():
        moved = bool((alone[k][name] != declared.start).any())
        if name in MECHANISMS[k].channels:
            assert moved or name in still or name in LOOKS_AROUND, name
        else:
            assert not moved, name
