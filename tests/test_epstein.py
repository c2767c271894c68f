"""Epstein 2002, Modeling civil violence (PNAS 99:7243), model I, against the model's own rule.

Citizens and cops on a torus of 40 by 40, densities 0.7 and 0.04, vision 7, jail up to 30 ticks,
k = 2.3, T = 0.1. Threshold and risk of arrest are those of `sim.rules.mobilisation`, person by
person. Published: with legitimacy near 0.8 long calm is punctuated by outbursts of hundreds
(Epstein calls more than 50 active an outburst); with high legitimacy nobody acts.

What is found. With the police per active person rounded down to a whole number, as in Epstein's own
and in later programs, outbursts come as published. Without rounding they do not come at all. The
rule of the model speaks of shares of thousands and does not round: a group has one level of
mobilisation at every grievance, steep where it tips, and no outbursts of its own. Bursts in the
model come from the ladders, from works, and from contagion.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from rules.worked import numbers

from sim.rules.mobilisation import active_share, arrest_risk

SIDE, VISION, BATCHES, LONGEST = 40, 7, 20, 30
CITIZENS, COPS = int(0.7 * SIDE * SIDE), int(0.04 * SIDE * SIDE)
OUTBURST = 50
RULE = numbers().mobilisation._replace(threshold=0.1, arrest=2.3)


def _disc() -> tuple[np.ndarray, np.ndarray]:
    """Offsets of the sites in view, and their mask's transform for counting."""
    far = np.minimum(np.arange(SIDE), SIDE - np.arange(SIDE))
    near = far[:, None] ** 2 + far[None, :] ** 2 <= VISION**2
    return np.argwhere(near), np.fft.rfft2(near.astype(float))


SEEN, MASK = _disc()


def in_view(sites: np.ndarray) -> np.ndarray:
    """How many of some sites are in view from every site."""
    there = np.zeros(SIDE * SIDE)
    there[sites] = 1.0
    spread = np.fft.irfft2(np.fft.rfft2(there.reshape(SIDE, SIDE)) * MASK, (SIDE, SIDE))
    return np.rint(spread).astype(int).ravel()


@cache
def risks(rounded: bool) -> np.ndarray:
    """Risk of arrest by cops and other active people in view; she counts herself (floor 1)."""
    alone = RULE._replace(floor=1.0)
    cops, active = range(70), range(160)
    if rounded:
        by_ratio = [arrest_risk(float(r), 0.0, alone) for r in cops]
        return np.array([[by_ratio[c // (a + 1)] for a in active] for c in cops])
    return np.array([[arrest_risk(float(c), float(a), alone) for a in active] for c in cops])


class Crowd:
    """Epstein's model I; people act in random order, in batches that see the same moment."""

    def __init__(self, legitimacy: float, rounded: bool, seed: int) -> None:
        self.draw = np.random.default_rng(seed)
        self.site = self.draw.permutation(SIDE * SIDE)[: CITIZENS + COPS]
        self.who = np.full(SIDE * SIDE, -1)
        self.who[self.site] = np.arange(self.site.size)
        self.grievance = self.draw.random(CITIZENS) * (1.0 - legitimacy)
        self.averse = self.draw.random(CITIZENS)
        self.active, self.jail = np.zeros(CITIZENS, dtype=bool), np.zeros(CITIZENS, dtype=int)
        self.risk = risks(rounded)

    def tick(self) -> int:
        """Everyone moves and acts once; returns how many are active at the end."""
        for batch in np.array_split(self.draw.permutation(self.site.size), BATCHES):
            active = in_view(self.site[:CITIZENS][self.active])
            cops = in_view(self.site[CITIZENS:])
            for i in batch:
                if i >= CITIZENS:
                    self._arrest(self._move(i))
                elif self.jail[i] == 0:
                    s = self._move(i)
                    others = active[s] - (1 if self.active[i] else 0)
                    risk = self.risk[cops[s], max(others, 0)]
                    gain = self.grievance[i] - self.averse[i] * risk
                    self.active[i] = gain > RULE.threshold
        self._release()
        return int(self.active.sum())

    def _move(self, i: int) -> int:
        """To a random empty site in view, if one of a few tries is empty."""
        here = self.site[i]
        for there in self._around(here)[self.draw.integers(len(SEEN), size=6)]:
            if self.who[there] < 0:
                self.who[here], self.who[there], self.site[i] = -1, i, there
                return int(there)
        return int(here)

    def _around(self, site: int) -> np.ndarray:
        return ((site // SIDE + SEEN[:, 0]) % SIDE) * SIDE + (site % SIDE + SEEN[:, 1]) % SIDE

    def _arrest(self, site: int) -> None:
        """A random active person in view goes to jail."""
        near = self.who[self._around(site)]
        near = near[(near >= 0) & (near < CITIZENS)]
        near = near[self.active[near]]
        if near.size:
            caught = self.draw.choice(near)
            self.jail[caught] = 1 + self.draw.integers(LONGEST)
            self.active[caught] = False
            self.who[self.site[caught]] = -1

    def _release(self) -> None:
        for i in np.flatnonzero(self.jail):
            self.jail[i] -= 1
            if self.jail[i] == 0:
                self.site[i] = self.draw.choice(np.flatnonzero(self.who < 0))
                self.who[self.site[i]] = i


def history(legitimacy: float, rounded: bool, ticks: int, seed: int = 1) -> np.ndarray:
    """Number of active people, tick by tick."""
    crowd = Crowd(legitimacy, rounded, seed)
    return np.array([crowd.tick() for _ in range(ticks)])


def outbursts(active: np.ndarray) -> int:
    """How often the active became more than an outburst."""
    return int(np.sum((active[1:] > OUTBURST) & (active[:-1] <= OUTBURST)))


@pytest.mark.slow
def test_the_published_rule_gives_calm_punctuated_by_outbursts() -> None:
    active = history(0.82, rounded=True, ticks=250)
    assert outbursts(active) >= 3
    assert np.mean(active <= 20) > 0.5, "calm is the rule"
    assert active.max() > 150, "an outburst draws hundreds"
    assert 0.0 < np.mean(active > OUTBURST) < 0.4


@pytest.mark.slow
def test_without_rounding_there_are_no_outbursts() -> None:
    """As it is: a smooth risk damps what a risk in steps lets loose."""
    active = history(0.82, rounded=False, ticks=250)
    assert outbursts(active) == 0
    assert active.max() < OUTBURST


def test_under_high_legitimacy_nobody_acts() -> None:
    """The greatest grievance, 1 - 0.9, does not exceed the threshold 0.1."""
    assert history(0.9, rounded=True, ticks=3).max() == 0


@pytest.mark.parametrize("start", [0.0, 1.0])
def test_a_group_of_many_tips_steeply_and_comes_to_rest_at_one_level(start: float) -> None:
    """Between a grievance of 0.1 and 0.25 the share that acts rises from a few to half."""
    p = RULE._replace(floor=0.02)
    rest = []
    for grievance in (0.05, 0.10, 0.25):
        share = start
        for _ in range(400):
            share += 0.1 * (active_share(grievance, 0.5, share, 0.03, p) - share)
        rest.append(share)
    assert rest[0] == pytest.approx(0.0, abs=1e-6)
    assert rest[1] == pytest.approx(0.01, abs=0.01)
    assert rest[2] == pytest.approx(0.59, abs=0.02)
