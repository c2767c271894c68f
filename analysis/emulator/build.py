"""From a sweep to an emulator of one outcome in one frame under one arm; refused where it is poor.

The limits were fixed beforehand, and the unfavourable end of an interval must reach them: in every
family that the design holds, the lower end of the 95 % interval of held-out Q2 is at least 0.8;
where the truth hardly varies (standard deviation under 2 points of a hundred of a chance, 5 % of
the mean of another outcome) Q2 says little, and the upper end of the root mean square error must
stay below that instead. Where it hardly varies over all points there is nothing to emulate, which
is refused. Families without points are not tested and not claimed.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis import words
from analysis.comparisons import is_sweep, read_manifest
from analysis.crossed import Design
from analysis.emulator.basis import Axis, Floats, axes_of, design, terms_of
from analysis.emulator.families import FAMILIES, UNIFORM, WORDS, families_of, is_switch
from analysis.emulator.held import (
    Shown,
    best_ridge,
    fitted,
    folds_of,
    hold_out,
    lack_of_fit,
    ranges_hold,
    shown_of,
)
from analysis.emulator.model import Emulator, bounds_of
from analysis.emulator.quality import FEWEST_POINTS, FEWEST_SEEDS, Quality, qualities, spread_of
from analysis.headline import ORDER
from analysis.language import digits, say
from analysis.scruples import flags as flags_of
from analysis.scruples import too_few, with_any
from analysis.study import Outcome, StudyError, largest_of
from analysis.sweep_study import Sweep
from analysis.sweeps import load_sweep

LEAST_Q2, WORST_Q2 = 0.8, -9.0
FLAT, FLAT_SHARE = 0.02, 0.05  # of a chance; of the mean of another outcome
CONDITIONS = 64
QUANTILE = 0.99
FEWEST_PER_TERM = 1.0  # points for each term of the basis


class Ask(NamedTuple):
    """What is emulated; empty: the headline's outcome, the largest arm, the first frame."""

    outcome: str = ""
    arm: str = ""
    frame: str = ""


def emulate(folder: str | Path, ask: Ask | None = None) -> Emulator:
    """Fit an emulator to a sweep. Raises StudyError where there is nothing to fit."""
    place, asked = Path(folder), ask or Ask()
    if not is_sweep(read_manifest(place)):
        raise StudyError(f"{place}: one point; an emulator needs swept settings. See thalweg sweep "
                         "method=mixed")  # fmt: skip
    sweep = load_sweep(place)
    if not sweep.sampled:
        raise StudyError(f"{place}: no setting was sampled, so there is nothing to emulate along")
    frame, arm = _frame(sweep, asked.frame), _arm(sweep, asked.arm)
    key, passed_over = _outcome(sweep, asked.outcome, frame, arm)
    values = sweep.values([key])[key][frame, :, :, arm]
    held = np.asarray(~np.isnan(values).all(axis=1))
    points, values = sweep.points[held], values[held]
    axes = axes_of(sweep.sampled, points)
    about = {
        "folder": place.name, "identity": sweep.manifest.get("identity", ""),
        "region": sweep.frames[frame].region_label, "frame": sweep.frames[frame].label,
        "arm": sweep.arms[arm].name, "years": sweep.frames[frame].years, "points": len(points),
        "seeds": values.shape[1], "runs": int((~np.isnan(values)).sum()), "method": sweep.method,
    }  # fmt: skip
    flags = [*passed_over, *_flags(sweep, frame, arm, values)]
    return of_values(axes, points, values, sweep.outcomes[key],
                     Context(sweep.design.of(held), tuple(flags), about))  # fmt: skip


class Context(NamedTuple):
    """Where the values come from."""

    design: Design
    flags: tuple[str, ...]
    about: dict[str, object]


def of_values(
    axes: tuple[Axis, ...], points: Floats, values: Floats, outcome: Outcome, context: Context
) -> Emulator:
    """Fit ``values`` [point, seed] at ``points`` [point, axis]. Raises StudyError."""
    terms = terms_of(axes)
    columns = design(axes, terms, points)
    logit = outcome.is_probability
    if len(points) < FEWEST_PER_TERM * len(terms):
        raise StudyError(f"{words.count(len(points), 'point')} for {len(terms)} terms of the "
                         f"basis of {words.count(len(axes), 'setting')}; at least as many are "
                         f"needed, better four times: n={4 * len(terms)}")  # fmt: skip
    folds, families = folds_of(context.design), families_of(axes, points)
    ridge = best_ridge(columns, values, folds, logit=logit)
    found, spread = fitted(columns, values, ridge, logit=logit)
    held = hold_out(columns, values, folds, logit=logit)
    enough = values.shape[1] >= FEWEST_SEEDS
    tau = lack_of_fit(held) if enough else 0.0
    holds = ranges_hold(columns, values, folds, logit=logit) if enough else values[:, :2] * math.nan
    known = qualities(held, families, holds)
    reach = np.sqrt(((columns @ spread) * columns).sum(axis=1).clip(0.0))
    shown = shown_of(held, tau if enough else math.nan, logit=logit, ends=bounds_of(outcome))
    kinds = tuple((FAMILIES[kind], Shown(*(column[families == kind] for column in shown)))
                  for kind in np.unique(families))  # fmt: skip
    even = points[families == FAMILIES.index(UNIFORM)]
    conditions = (even if len(even) >= CONDITIONS else points)[:CONDITIONS]
    return Emulator(
        outcome, axes, terms, found.coefficients, spread, logit, tau,
        float(np.quantile(reach, QUANTILE)), conditions, tuple(known),
        tuple(refusals(known, outcome, values)), context.flags,
        {**context.about, "terms": len(terms), "ridge": ridge,
         "mean": float(np.nanmean(values))},
        kinds,
    )  # fmt: skip


def refusals(known: list[Quality], outcome: Outcome, values: Floats) -> list[str]:
    """Why the emulator may not be used; empty when it may."""
    if values.shape[1] < FEWEST_SEEDS:
        return [say("its quality cannot be told: {seeds}, and {needed} at least are needed to tell "
                    "luck from error", seeds=words.count(values.shape[1], "seed"),
                    needed=FEWEST_SEEDS)]  # fmt: skip
    flat = _flat(outcome, float(np.nanmean(values)))
    if spread_of(values) < flat:
        return [say("the truth hardly varies over all that was swept (standard deviation under "
                    "{limit}): it would show noise", limit=_shown(outcome, flat))]  # fmt: skip
    found = []
    for one in known:
        if one.points < FEWEST_POINTS:
            found.append(say("{where}: {points}, too few to tell how good it is there",
                             where=say(WORDS[one.family]),
                             points=words.count(one.points, "point")))  # fmt: skip
        elif one.spread < flat:
            if not one.rmse_hi <= flat:
                found.append(say(
                    "{where}: held-out error {error}, up to {most}, above the limit of {limit} "
                    "where little varies", where=say(WORDS[one.family]),
                    error=_shown(outcome, one.rmse), most=_shown(outcome, one.rmse_hi),
                    limit=_shown(outcome, flat),
                ) + _cause(one))  # fmt: skip
        elif not one.q2_lo >= LEAST_Q2:
            q2, lo, hi = (told_q2(x) for x in (one.q2, one.q2_lo, one.q2_hi))
            found.append(say(
                "{where}: held-out Q2 {q2} ({lo} to {hi}), whose lower end is below the limit of "
                "{limit}", where=say(WORDS[one.family]), q2=q2, lo=lo, hi=hi,
                limit=words.plain(LEAST_Q2, 1),
            ) + _cause(one))  # fmt: skip
    return found


def _flat(outcome: Outcome, mean: float) -> float:
    """Standard deviation of the truth under which it hardly varies."""
    return FLAT if outcome.is_probability else FLAT_SHARE * abs(mean)


def flat_limit(emulator: Emulator) -> float:
    """The same for an emulator."""
    return _flat(emulator.outcome, float(emulator.about.get("mean", 0.0)))


def _cause(one: Quality) -> str:
    """Whether seeds or points are short."""
    if one.q2 >= LEAST_Q2:
        return say(" (too few points or seeds of that kind to tell)")
    if math.isfinite(one.q2_shape) and one.q2_shape >= LEAST_Q2:
        return say(" (the shape is right, the luck of the seeds moves the level: more seeds)")
    return say(" (the shape is not right: more points, or more seeds)")


def told_q2(number: float) -> str:
    """Q2 in words; far below zero it says no more than that."""
    if math.isnan(number):
        return "-"
    return words.plain(number, 2) if number > WORST_Q2 else f"<{words.plain(WORST_Q2, 0)}"


def _shown(outcome: Outcome, number: float) -> str:
    unit = words.unit_of(outcome)
    text = f"{number * words.scale_of(outcome):.3g}"
    return f"{text if 'e' in text else digits(text)} {unit}".strip()


def _frame(sweep: Sweep, name: str) -> int:
    if not name:
        return 0
    labels = [frame.label for frame in sweep.frames]
    for place, label in enumerate(labels):
        if name in {label, str(place)}:
            return place
    shown = "; ".join(f"{place}: {label}" for place, label in enumerate(labels))
    raise StudyError(f"frame={name}: no such frame; there are {shown}")


def _arm(sweep: Sweep, name: str) -> int:
    names = [arm.name for arm in sweep.arms]
    if not name:
        return names.index(largest_of(sweep.arms).name)
    if name not in names:
        raise StudyError(f"arm={name}: no such arm; there are {', '.join(names)}")
    return names.index(name)


def _outcome(sweep: Sweep, key: str, frame: int, arm: int) -> tuple[str, list[str]]:
    """The outcome that is emulated, and why others were passed over. Raises StudyError."""
    if key:
        if key not in sweep.outcomes:
            raise StudyError(f"outcome={key}: is not kept; there are {', '.join(sweep.outcomes)}")
        few = _few(sweep, key, frame, arm)
        return key, [few] if few else []
    notes: list[str] = []
    for one in (one for one in ORDER if one in sweep.outcomes):
        few = _few(sweep, one, frame, arm)
        if not few:
            return one, notes
        notes.append(few)
    raise StudyError("outcome=KEY is needed: " + (" ".join(notes) or "no headline outcome is kept"))


def _few(sweep: Sweep, key: str, frame: int, arm: int) -> str:
    """Why an outcome may not be emulated: too few histories with any, or of a chance without."""
    outcome, name = sweep.outcomes[key], sweep.arms[arm].label
    values = sweep.values([key])[key][frame, :, :, arm]
    own = values[~np.isnan(values)]
    events = int(with_any(outcome, own[:, None])[0])
    few = too_few(outcome, [events], own.size, [name])
    if not few and outcome.is_probability:
        few = too_few(outcome, [own.size - events], own.size, [f"{name} and without any"])
    return f"{words.upper_first(outcome.label)}: {few}." if few else ""


def _flags(sweep: Sweep, frame: int, arm: int, values: Floats) -> list[str]:
    found = list(flags_of(sweep))
    lost = int(np.isnan(values).sum())
    if lost:
        found.append(f"{words.count(lost, 'run')} of {values.size:,} failed, are missing or have "
                     "no value; the others are used.")  # fmt: skip
    if len(sweep.frames) > 1:
        found.append(f"One of {len(sweep.frames)} frames: {sweep.frames[frame].label} "
                     "(frame=NUMBER chooses another).")  # fmt: skip
    switches = {f.key.split(".")[1] for f in sweep.sampled if is_switch(f.key)}
    fixed = sorted(set(sweep.frames[frame].arms[arm].mechanisms) - switches)
    if fixed:
        found.append(f"Always at full strength, as their intensity was not swept: "
                     f"{', '.join(fixed)}. 'No mechanism' means none of the others.")  # fmt: skip
    return found
