"""Grievance grows from livelihood that falls short of what people came to expect.

    E(t+dt) = L + (E - L) exp(-dt/tau_e)                     (adaptive expectation)
    H = min(1, gain max(0, E + hope x (1 - L) + envy - L))   rival 0: relative deprivation
    H = min(1, gain max(0, 1 - L))                           rival 1: absolute deprivation
    envy = outside (best aid - own aid)(1 - L)
    target = 1 - (1 - H (1 - legitimacy))(1 - X),   X = exclusion (1 - heard)(1 - L)
    G(t+dt) = target + (G - target) exp(-dt/tau_g)

Source: Gurr 1970, *Why Men Rebel* (relative deprivation); Epstein 2002 (grievance is hardship times
one minus legitimacy). ``hope`` is the channel by which visits raise expectations where people lack
something (1 - L) and inequity shows (x: perceived over-taking). ``outside`` is the channel by which
those who lack something and get less aid than the best supported group of their town resent it. X:
an unfavourable outcome hurts most where one had no say in it (Brockner & Wiesenfeld 1996), and
exclusion breeds grievance between groups (Cederman, Wimmer & Min 2010); who lacks nothing resents
nothing. Gain, times and sizes: assumption. Limits: no comparison with neighbours on the same side
except over aid.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.rules.voice import VoiceParameters, unheard_grievance
from sim.state import People, Town
from sim.units import WEEKS_PER_YEAR, retention


class DeprivationParameters(NamedTuple):
    """From livelihood to grievance."""

    expectation_years: Annotated[float, Par(
        "years", 0.5, 20, "Memory of expectations",
        "assumption: a few years, the span over which people judge what is normal")] = 4.0
    gain: Annotated[float, Par(
        "ratio", 0.2, 10, "Hardship per unit of deprivation",
        "assumption: losing a fifth of the living that one expected is full hardship")] = 5.0
    grievance_weeks: Annotated[float, Par(
        "weeks", 1, 104, "Time over which grievance follows hardship",
        "assumption: two months; a failed irrigation turn is felt at once")] = 8.0
    absolute: Annotated[float, Par(
        "switch", 0, 1, "Rival rule: 0 relative, 1 absolute deprivation",
        "rival forms of grievance (Gurr 1970 against absolute poverty)")] = 0.0


@scalar
def hardship(
    expected: float, livelihood: float, hope: float, gain: float, absolute: float
) -> float:
    """Hardship 0..1 under either rival rule (``absolute`` mixes them linearly)."""
    relative = max(expected + hope - livelihood, 0.0)
    lacking = max(1.0 - livelihood, 0.0)
    return min(gain * ((1.0 - absolute) * relative + absolute * lacking), 1.0)


@kernel
def expectation(
    expected: np.ndarray, livelihood: np.ndarray, p: DeprivationParameters, dt: float
) -> None:
    """Expectations follow what was attained."""
    keep = retention(p.expectation_years, dt)
    for g in range(expected.size):
        expected[g] = livelihood[g] + (expected[g] - livelihood[g]) * keep


@kernel
def grievance(
    people: People, town_of: np.ndarray, town: Town, hope: np.ndarray, outside: np.ndarray,
    best: np.ndarray, p: DeprivationParameters, q: VoiceParameters, dt: float,
) -> None:
    """Grievance of every group; best [m]: aid of the best supported group."""
    keep = retention(p.grievance_weeks / WEEKS_PER_YEAR, dt)
    out, expected, livelihood = people.grievance, people.expectation, people.livelihood
    heard, aid, seen, legitimacy = people.heard, people.aid, town.seen, town.legitimacy
    for g in range(out.size):
        m = town_of[g]
        lacking = 1.0 - livelihood[g]
        felt = (hope[m] * seen[m] + outside[m] * (best[m] - aid[g])) * lacking
        h = hardship(expected[g], livelihood[g], felt, p.gain, p.absolute)
        unheard = unheard_grievance(heard[g], livelihood[g], q.exclusion)
        target = 1.0 - (1.0 - h * (1.0 - legitimacy[m])) * (1.0 - unheard)
        out[g] = target + (out[g] - target) * keep
