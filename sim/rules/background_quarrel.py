"""Nations quarrel over other issues, at the pair's own rate, whatever towns do.

    h = (floor s + jump m) (1 + d (0.5 - approval))           rival 0: pairs differ, and memory
    h = floor_alone s (1 + d (0.5 - approval))                rival 1: pairs differ, no memory
    h = (floor_alike + jump m) (1 + d (0.5 - approval))       rival 2: memory, pairs alike
    m(t+dt) = m exp(-dt/tau),  m = 1 at each onset

s: rivalry of the pair (declared, or lognormal with mean 1), m: hazard memory, *reset* to one at any
militarized act (a published curve used as an additive jump would be supercritical). An onset enters
at use of force with probability about 0.62, else at a show of force. Diversion: an unpopular
government is a little readier to quarrel. This memory carries the recurrence of militarization;
tension does not multiply the onset as well. Rivals: that a recent dispute multiplies the hazard may
as well come from pairs that differ for good (with a wider spread of rivalry) or from memory alone
(unobserved heterogeneity or state dependence: Heckman 1981); each rival has rates of its own that
leave the mean rate of onset at about that of the main rule.

Source: land neighbours 17.3 %/year with a militarized dispute in the last 10 years, 2.1 % without
(COW-MID5 1946-2014); a trial fit gave h = 0.037 s + 0.21 m, decay 4.9 years, sd of log rivalry
1.35. Resource disputes add militarized acts of their own here, which reset the same memory, so
floor and jump are calibrated lower (docs/validation.md).
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp
from sim.events import OTHER_DISPLAY, OTHER_FORCE, ROOT_OTHER
from sim.rules.answering import AnswerParameters
from sim.rules.interstate_ladder import diverted
from sim.rules.state_act import CrisisParameters, Origin, state_act
from sim.state import State
from sim.streams import Purpose, pair_of_normals, pair_of_uniforms
from sim.topology import OTHER, Nations, Pairs
from sim.units import probability, retention

QUARREL, TRAIT = int(Purpose.QUARREL), int(Purpose.NATIONAL_TRAIT)


class QuarrelParameters(NamedTuple):
    """Militarization over other issues."""

    floor: Annotated[float, Par(
        "1/year", 0, 0.3, "Onset per unit of rivalry", "calibrated on V7 (COW-MID5)")] = 0.03
    jump: Annotated[float, Par(
        "1/year", 0, 1, "Onset added by fresh hazard memory",
        "calibrated on V7 (COW-MID5)")] = 0.21
    memory_years: Annotated[float, Par(
        "years", 0.5, 20, "Decay of hazard memory", "4.5-4.9 years, COW-MID5")] = 4.9
    rivalry_sd: Annotated[float, Par(
        "log", 0, 2.5, "Spread of undeclared rivalry", "trial fit to COW-MID5")] = 1.35
    force_entry: Annotated[float, Par(
        "probability", 0, 1, "Share that enters at use of force",
        "highest level reached: force 69 %, display 27 %, COW-MID5")] = 0.62
    diversion: Annotated[float, Par(
        "ratio", 0, 2, "Diversionary appetite of unpopular governments",
        "small, disputed effect (Levy 1989); size: assumption, 4 % by a deviation in "
        "approval")] = 0.3
    rival: Annotated[float, Par(
        "switch", 0, 2, "What recurs: 0 pairs differ and remember, 1 differ only, 2 remember only",
        "rival forms: Heckman 1981; both meet the recurrence in a trial fit")] = 0.0
    floor_alone: Annotated[float, Par(
        "1/year", 0, 0.5, "Rival 1: onset per unit of rivalry",
        "assumption: keeps the mean onset of the main rule, 0.067 a year")] = 0.08
    sd_alone: Annotated[float, Par(
        "log", 0, 3, "Rival 1: spread of undeclared rivalry",
        "assumption: six to nine times more onsets after a recent one, by selection alone")] = 1.8
    floor_alike: Annotated[float, Par(
        "1/year", 0, 0.3, "Rival 2: onset of every pair without memory",
        "0.02 + 0.32 exp(-t/4.5 years), COW-MID5")] = 0.02
    jump_alike: Annotated[float, Par(
        "1/year", 0, 1, "Rival 2: onset added by fresh memory",
        "0.32 in COW-MID5; size: assumption, lowered to keep the mean onset of the main "
        "rule")] = 0.28
    hawkishness_sd: Annotated[float, Par(
        "share", 0, 0.5, "Spread of undeclared hawkishness",
        "assumption: two governments in three lie in 0.32 to 0.68, few at an end")] = 0.18


@scalar
def onset_rate(rivalry: float, memory: float, approval: float, p: QuarrelParameters) -> float:
    """Onset of a militarized quarrel over another issue, per year."""
    rate = p.floor * rivalry + p.jump * memory
    if p.rival >= 1.5:
        rate = p.floor_alike + p.jump_alike * memory
    elif p.rival >= 0.5:
        rate = p.floor_alone * rivalry
    return rate * diverted(approval, p.diversion)


@kernel
def draw_traits(
    nations: Nations, pairs: Pairs, state: State, p: QuarrelParameters, seed: int
) -> None:
    """Traits that the region does not declare, drawn once per history."""
    for n in range(nations.key.size):
        z, _ = pair_of_normals(seed, TRAIT, nations.key[n], 0, 0)
        state.nation.phase[n], _ = pair_of_uniforms(seed, TRAIT, nations.key[n], 0, 1)
        declared = nations.hawkishness[n]
        drawn = min(max(0.5 + p.hawkishness_sd * z, 0.0), 1.0)
        state.nation.hawkishness[n] = drawn if np.isnan(declared) else declared
    sd = p.rivalry_sd if p.rival < 0.5 or p.rival >= 1.5 else p.sd_alone
    for i in range(pairs.key.size):
        z, _ = pair_of_normals(seed, TRAIT, pairs.key[i], 0, 0)
        drawn = exp(sd * z - 0.5 * sd * sd)
        declared = pairs.rivalry[i]
        state.pair.rivalry[i] = min(drawn if np.isnan(declared) else declared, 20.0)


@kernel
def background_quarrel(
    pairs: Pairs, state: State, log_: np.ndarray, p: QuarrelParameters, crisis: CrisisParameters,
    answer: AnswerParameters, seed: int, tick: int, dt: float,
) -> None:
    """Onsets over other issues; hazard memory fades."""
    keep = retention(p.memory_years, dt)
    for i in range(pairs.key.size):
        approval = 0.5 * (state.nation.approval[pairs.first[i]]
                          + state.nation.approval[pairs.second[i]])
        rate = onset_rate(state.pair.rivalry[i], state.pair.memory[i], approval, p)
        u, v = pair_of_uniforms(seed, QUARREL, pairs.key[i], tick, 0)
        state.pair.memory[i] *= keep
        if u < probability(rate, dt) and state.track.level[i, OTHER] < 3:
            time = tick * dt + dt * min(u / max(rate * dt, 1e-12), 1.0)
            side_u, _ = pair_of_uniforms(seed, QUARREL, pairs.key[i], tick, 1)
            hawks = state.nation.hawkishness[pairs.first[i]] + 0.1
            total = hawks + state.nation.hawkishness[pairs.second[i]] + 0.1
            side = 0 if side_u < hawks / total else 1
            act = OTHER_FORCE if v < p.force_entry else OTHER_DISPLAY
            state_act(pairs, state, log_, crisis, answer, i, OTHER, act, side, time,
                      Origin(ROOT_OTHER, -1, -1, -1), pairs.key[i], seed, tick, 900, False)
