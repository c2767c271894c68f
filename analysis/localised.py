"""A study whose declared names are said in the language of the context.

Figures take labels from the study, so they say them in any language without knowing it. What the
region file says of its own sources and assumptions stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from analysis.companions import Companions
from analysis.language import ENGLISH, marked, say, say_count, spoken
from analysis.study import Arm, Outcome, SeriesInfo, Study
from analysis.sweep_study import Factor, Frame, Sweep
from analysis.words import (
    BARE_UNITS,
    listing,
    lower_first,
    spoken_unit,
    typed,
    upper_first,
)

MECHANISM_TEXTS = ("label", "about", "fails_when", "cost_note")
STRENGTH = marked("strength, or the most that towns may agree on")
NEGOTIATED = marked(", negotiated")
RULES = (  # by which a told history is chosen (`experiments.histories`)
    marked("the first seed whose baseline history holds a crisis over the resource"),
    marked("the first seed whose baseline history has the most uncontained incidents"),
    marked("the first seed: no baseline history holds an uncontained incident"),
)
GROUPS = marked("Mechanisms"), marked("Parameters")  # settings that take names of prepared sets
LADDERS = ("local_rungs", "interstate_rungs")


def localised(study: Study) -> Study:
    """The same study with its declared texts translated; itself in English."""
    if spoken() == ENGLISH:
        return study
    return replace(
        study,
        region=region_said(study.region),
        declarations=declarations_said(study.declarations),
        arms=tuple(arm_said(arm, study.declarations) for arm in study.arms),
        outcomes={key: outcome_said(outcome) for key, outcome in study.outcomes.items()},
        series_declared={key: _series(one) for key, one in study.series_declared.items()},
        _cache={},
    )


def localised_companions(others: Companions) -> Companions:
    """The studies beside, with their declared texts translated."""
    if spoken() == ENGLISH:
        return others
    return Companions(tuple(localised_sweep(one) for one in others.sweeps),
                      tuple(localised(one) for one in others.others))  # fmt: skip


def localised_sweep(sweep: Sweep) -> Sweep:
    """The same sweep with its declared texts translated; itself in English."""
    if spoken() == ENGLISH:
        return sweep
    labels = [str(region.get("label") or "") for region in sweep.regions.values()]
    return replace(
        sweep,
        manifest={**sweep.manifest, "about": _said(str(sweep.manifest.get("about") or ""))},
        declarations=declarations_said(sweep.declarations),
        regions={name: region_said(region) for name, region in sweep.regions.items()},
        arms=tuple(arm_said(arm, sweep.declarations) for arm in sweep.arms),
        outcomes={key: outcome_said(outcome) for key, outcome in sweep.outcomes.items()},
        factors=tuple(replace_label(factor) for factor in sweep.factors),
        frames=tuple(_frame(frame, sweep.declarations, labels) for frame in sweep.frames),
    )


def _frame(frame: Frame, declarations: dict[str, Any], regions: Sequence[str]) -> Frame:
    """A frame of a sweep with what it holds translated; ``regions``: their labels."""
    return frame._replace(
        region_label=_frame_label(frame.region_label, frame, regions),
        label=_frame_label(frame.label, frame, regions),
        arms=tuple(arm_said(arm, declarations) for arm in frame.arms),
        outcomes={key: outcome_said(outcome) for key, outcome in frame.outcomes.items()},
    )


def _frame_label(label: str, frame: Frame, regions: Sequence[str]) -> str:
    """The region's name translated, and after it the settings as they are typed."""
    own = max((name for name in regions if label.startswith(name)), key=len, default="")
    rest = label.removeprefix(own)
    for key, value in frame.settings.items():
        name = key.rpartition(".")[2]
        rest = rest.replace(f"{name} {value}", f"{name} {typed(value)}", 1)
    return _said(own) + rest


def replace_label(factor: Factor) -> Factor:
    """A setting that was swept, its label and unit translated."""
    bare = factor.unit in BARE_UNITS  # not shown after a number, and known by its key
    unit = factor.unit if bare else spoken_unit(factor.unit)
    return factor._replace(label=factor_said(factor.label), unit=unit)


def factor_said(label: str) -> str:
    """The label of a setting; that of a mechanism's strength is said part by part."""
    name, colon, rest = label.partition(": ")
    known = _as_declared(label)
    if not colon or known != label:
        return known
    return say("{setting}: {values}", setting=_as_declared(name), values=say(rest))


def _as_declared(label: str) -> str:
    """A label that was given its capital since it was declared."""
    known = say(label)
    return upper_first(say(lower_first(label))) if known == label else known


def outcome_said(outcome: Outcome) -> Outcome:
    """An outcome with its label and meaning translated; the unit is said where it is shown."""
    first, *more = outcome.label.split(" + ")
    label = " + ".join([_said(first), *(_summand(part) for part in more)])
    return outcome._replace(label=label, about=_said(outcome.about))


def _summand(part: str) -> str:
    """A later part of a sum of outcomes: its label, which was written without its capital."""
    return lower_first(_said(part[:1].upper() + part[1:]))


def arm_said(arm: Arm, declarations: dict[str, Any]) -> Arm:
    """An arm with its label translated; labels that name mechanisms are said part by part."""
    declared = [str(mechanism["label"]) for mechanism in declarations["mechanisms"]]
    return arm._replace(label=arm_label_said(arm.label, declared))


def arm_label_said(label: str, mechanisms: Iterable[str]) -> str:
    """The forms that `experiments` writes: all of them, all but some, some joined by a plus.

    ``mechanisms``: labels of all that are declared.
    """
    if spoken() == ENGLISH:
        return label
    names = {name.lower(): say(name) for name in mechanisms}
    if every := re.fullmatch(r"all (\d+) mechanisms( left to negotiation)?", label):
        number = int(every[1])
        if every[2]:
            return say_count("{number} mechanism left to negotiation",
                             "all {number} mechanisms left to negotiation", number)  # fmt: skip
        return say_count("{number} mechanism", "all {number} mechanisms", number)
    if label.startswith("all but "):
        left = re.split(r", | and ", label.removeprefix("all but "))
        said = [names.get(name.lower(), name) for name in left]
        return say("all but {names}", names=listing([lower_first(name) for name in said]))
    parts = []
    for part in label.split(" + "):
        name = part.removesuffix(NEGOTIATED)
        one = names.get(name.lower()) or say(name)
        parts.append(one + (say(NEGOTIATED) if part != name else ""))
    return " + ".join(parts)


def declarations_said(declarations: dict[str, Any]) -> dict[str, Any]:
    """Mechanisms, rungs and parameters with their texts translated; keys and sources stay."""
    found = dict(declarations)
    found["mechanisms"] = [
        {key: _said(text) if key in MECHANISM_TEXTS else text for key, text in one.items()}
        for one in declarations.get("mechanisms", [])
    ]
    found["parameters"] = [
        {**one, "label": _said(one["label"]), "unit": spoken_unit(str(one.get("unit") or ""))}
        for one in declarations.get("parameters", [])
    ]
    for ladder in LADDERS:
        if ladder in declarations:
            found[ladder] = [_said(str(name)) for name in declarations[ladder]]
    return found


def region_said(region: Mapping[str, Any]) -> dict[str, Any]:
    """Names of the region, its nations and its money; towns keep theirs."""
    found = dict(region)
    for key in ("label", "note", "money", "border_source", "place_source"):
        if region.get(key):
            found[key] = _said(str(region[key]))
    for key in ("nations", "units"):
        found[key] = [
            {**one, "label": _said(str(one.get("label", "")))} for one in region.get(key, [])
        ]
    return found


def _series(series: SeriesInfo) -> SeriesInfo:
    return series._replace(label=_said(series.label))


def _said(text: str) -> str:
    return say(text) if text else text
