"""Times to a first event are right-censored at the horizon: their effects are of restricted means.

A history without the event has no time to it (NaN). To drop its pair would keep only pairs that had
the event in both arms, which is a choice by the outcome: an arm that spares most histories their
crisis, and hastens the few that are left, would look as if it hastened crises. All histories are
watched equally long, so a missing time counts as the horizon H and nothing need be estimated:

    restricted mean = mean of min(T, H)   the years without the event, of the H that were watched
    effect = its difference between two arms, pair by pair

Source: Royston & Parmar (2013), doi:10.1186/1471-2288-13-152. Limits: it depends on H and says
nothing of what comes later; failed runs have no time at all and never get one. A time to the first
agreement exists only where something is left to the towns: elsewhere nobody can sign, so that H
would say what was switched and not what towns did, and the time stays undefined. Times that are
means over what did happen (`recovery_time`) are not censored and stay as they are.
"""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from analysis import words
from analysis.language import say
from analysis.study import Arm, Outcome, Study

OF_AGREEMENTS = "time_to_agreement"
FIRST_TIMES = ("time_to_crisis_resource", "time_to_crisis_any", OF_AGREEMENTS)


def restricted(study: Study, arm: Arm, runs: pd.DataFrame) -> pd.DataFrame:
    """Successful runs of an arm with the horizon in place of first events that never came."""
    keys = [key for key in FIRST_TIMES if key in study.outcomes and at_risk(arm, key)]
    return runs.assign(**{key: runs[key].astype(float).fillna(study.years) for key in keys})


class Watched(Protocol):
    """What is watched for so many years: a study, or one frame of a sweep."""

    @property
    def years(self) -> float:
        """Length of a history in years."""

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """Declared outcomes by key."""


def told(study: Watched, key: str) -> str:
    """A sentence on how an outcome's means are to be read; empty for those that are plain means."""
    if key not in FIRST_TIMES:
        return ""
    years = _years(study)
    return say("Restricted mean over {years} years: histories without one count as {years}.",
               years=years)  # fmt: skip


def in_effects(study: Watched, key: str) -> str:
    """The same for the dictionary of outcomes, where single histories are meant as well."""
    text = told(study, key)
    return say("Effects: {text}", text=words.lower_first(text)) if text else ""


def unit(study: Watched, key: str, plain: str) -> str:
    """The unit of an outcome's means: ``plain``, and the horizon where they are restricted."""
    if key not in FIRST_TIMES:
        return plain
    return say("{unit}, restricted mean over {years}", unit=plain, years=_years(study))


def how_to_read(study: Watched) -> tuple[str, ...]:
    """A line for the legend of a figure that shows effects; none without such outcomes."""
    if not any(key in study.outcomes for key in FIRST_TIMES):
        return ()
    years = _years(study)
    return (say(
        "A time to a first event is the restricted mean over {years} years: histories without one "
        "count as {years}, so that no pair is dropped for what happened in it. The time to an "
        "agreement exists only where something is left to the towns.", years=years
    ),)  # fmt: skip


def at_risk(arm: Arm, key: str) -> bool:
    """True when the event can happen under the arm at all."""
    return key != OF_AGREEMENTS or any(most > 0 for most in (arm.negotiated or {}).values())


def _years(study: Watched) -> str:
    return words.plain(study.years, 0 if study.years == round(study.years) else 1)
