"""Computed sentences and tables of the page: how sure, crises, arms, methods, provenance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from analysis import censored, words
from analysis.effects import Effect, effects
from analysis.headline import Headline
from analysis.report.outline import GLOSSARY
from analysis.scruples import NEEDED
from analysis.study import Arm, Outcome, Study

CRISES = ("crisis_resource", "crisis_local", "crisis_dispute", "crisis_other", "crisis_any")
PARTS = {"crisis_local", "crisis_dispute"}
PAIRING_WORTH_SAYING = 1.2
NO_SERIES = "This study kept no series by quarter: figures that need them are left out."


def how_sure(study: Study, head: Headline) -> list[tuple[str, str]]:
    """Three bullets: direction, size, not a forecast."""
    return [
        ("Direction", _direction(study, head)),
        ("Size", _size(head)),
        (
            "Not a forecast",
            (
                "The numbers compare bundles of mechanisms inside a model of "
                f"{study.region_label}. They are not odds for the real border."
            ),
        ),
    ]


def crisis_rows(study: Study, head: Headline) -> list[dict[str, Any]]:
    """Crises of each root in the two arms of the headline, as natural frequencies."""
    if not head.arm:
        return []
    rows = []
    for key in CRISES:
        if key not in study.outcomes:
            continue
        effect = effects(study)[head.arm, key]
        outcome = study.outcomes[key]
        digits = words.chance_digits(effect.difference)
        lo, hi = (words.difference(outcome, end, digits) for end in (effect.lo, effect.hi))
        rows.append(
            {
                "label": words.upper_first(outcome.label),
                "part": key in PARTS,
                "before": words.in_100(effect.reference_mean),
                "after": words.in_100(effect.arm_mean),
                "difference": words.difference(outcome, effect.difference, digits),
                "interval": f"[{lo}, {hi}]",
                "verdict": effect.verdict(outcome),
            }
        )
    return rows


def arm_rows(study: Study) -> list[dict[str, str]]:
    """What each arm switches on."""
    return arm_texts(study.arms, study.declarations)


def arm_texts(arms: Sequence[Arm], declarations: dict[str, Any]) -> list[dict[str, str]]:
    """What each of some arms switches on."""
    labels = {m["name"]: str(m["label"]) for m in declarations.get("mechanisms", [])}
    rows = []
    for arm in arms:
        acting = [
            labels.get(name, name) + ("" if value == 1.0 else f" at {words.plain(value, 2)}")
            for name, value in arm.mechanisms.items()
            if value > 0
        ]
        left = [name for name, value in (arm.negotiated or {}).items() if value > 0]
        acting += [f"{labels.get(name, name)} (left to the towns)" for name in left]
        if len(left) == len(labels) > 1:
            acting = ["every mechanism is left to the towns to agree on"]
        text = words.listing([words.lower_first(label) for label in acting])
        rows.append({"label": words.upper_first(arm.label), "text": text or "nothing switched on"})
    return rows


def method_notes(study: Study) -> list[str]:
    """How the numbers were made, in sentences; all figures are computed."""
    counts = study.counts
    tick = float(study.manifest.get("tick_weeks", 1))
    spinup = words.plain(float(study.manifest.get("spinup_years", 0)), 0)
    per_arm = study.manifest.get("seeds", {})
    return [
        (
            f"{words.count(counts.launched, 'run')} launched: {counts.ok:,} ended well, "
            f"{counts.failed:,} failed, {counts.aborted + counts.pending:,} were not finished. "
            "Failed runs never enter a number."
        ),
        (
            f"{words.count(len(study.arms), 'arm')}, "
            f"{words.count(int(per_arm.get('count', 0)), 'seed')} each, the first seed is "
            f"{int(per_arm.get('first', 0))}. Each history has "
            f"{spinup} years of spin-up, then {words.plain(study.years, 0)} years from "
            f"{study.start_year}, in steps of {_weeks(tick)}."
        ),
        (
            "An effect is the mean difference within pairs of histories with the same seed. Its 95 "
            "% interval is a paired bootstrap (percentiles, widened for few pairs). Chances of "
            "which fewer than 30 pairs differ get the adjusted Wald interval of Bonett and Price "
            "(2012); where no pair differs, the rule of three. Shares carry Wilson intervals."
        ),
        *censored.how_to_read(study),
        (
            f"The headline outcome follows an order fixed beforehand; one is passed over when "
            f"fewer than {NEEDED} histories of either compared arm had the event; nor does any "
            "other outcome that counts events get a verdict then. No correction is made for "
            "reading many rows."
        ),
        assumption_note(study),
        *([] if study.series_files else [NO_SERIES]),
    ]


def assumption_note(study: Study) -> str:
    """How many parameters rest on assumptions, and how many were changed."""
    changed = len(changed_parameters(study))
    region = len(study.region.get("assumptions", []))
    return (
        f"{assumption_text(study.declarations)} Set away from the default here: {changed:,}. "
        f"Further assumptions in the region file: {region:,}."
    )


def assumption_text(declarations: dict[str, Any]) -> str:
    """How many of the declared parameters rest on assumptions."""
    parameters = declarations.get("parameters", [])
    assumed = sum(str(p.get("source", "")).startswith("assumption") for p in parameters)
    return (
        f"Parameters of the model: {len(parameters):,}; resting on assumptions rather than on "
        f"published figures: {assumed:,}."
    )


def changed_parameters(study: Study) -> list[dict[str, Any]]:
    """Parameters that this study set away from their defaults."""
    return [
        p
        for p in study.declarations.get("parameters", [])
        if float(p["value"]) != float(p["default"])
    ]


def outcome_rows(study: Study) -> list[dict[str, str]]:
    """The dictionary of outcomes."""
    said = {"lower": "lower is better", "higher": "higher is better"}
    return [
        {
            "label": words.upper_first(outcome.label),
            "key": outcome.key,
            "unit": outcome.unit or "none",
            "better": said.get(outcome.better, "neither"),
            "about": f"{outcome.about} {censored.in_effects(study, outcome.key)}".strip(),
        }
        for outcome in study.outcomes.values()
    ]


def provenance_rows(study: Study) -> list[tuple[str, str]]:
    """Versions, code, machine and times, as the study folder states them."""
    manifest = study.manifest
    rows = [
        ("Study", study.identity),
        ("Kernel digest", manifest.get("kernel_digest", "")),
        ("Region", f"{study.region_label} ({study.region.get('name', '')})"),
        ("Complete", "yes" if manifest.get("complete", True) else "no, it was interrupted"),
    ]
    for key, value in study.provenance.items():
        if key not in ("kernel_digest", "command_line", "sessions"):
            rows.append((words.upper_first(key.replace("_", " ")), _said(value)))
    return [(name, str(value)) for name, value in rows if value not in ("", None)]


def emphasised(study: Study, head: Headline) -> Markup:
    """The claim with the two values set off."""
    claim = escape(head.claim)
    if head.effect is None or head.effect.n < 2:
        return claim
    outcome = study.outcomes[head.outcome]
    values = words.from_to(outcome, head.effect.reference_mean, head.effect.arm_mean)
    for value in dict.fromkeys(values):
        marked = Markup("about <strong>{}</strong>").format(value)
        claim = claim.replace(escape(f"about {value}"), marked, 1)
    return claim


def body_text(body: Any) -> str:
    """An interstate body in words, whatever the region file says about it."""
    if not isinstance(body, dict):
        return str(body)
    rest = [f"{k.replace('_', ' ')} {_said(value)}" for k, value in body.items() if k != "name"]
    return f"{body.get('name', '')}{': ' if rest else ''}{'; '.join(rest)}"


def glossary(study: Study) -> list[tuple[str, str]]:
    """Terms with their meaning; the ladders are named as declared."""
    ladders = [
        ("ladder, interstate", _ladder(study.interstate_rungs)),
        ("ladder, local", _ladder(study.local_rungs)),
    ]
    return sorted([*GLOSSARY, *ladders], key=lambda entry: entry[0].lower())


def card_numbers(outcome: Outcome, effect: Effect) -> tuple[tuple[str, str], tuple[str, str]]:
    """(number, unit) of the two arms, with enough digits to tell them apart."""
    before, after = words.from_to(outcome, effect.reference_mean, effect.arm_mean)
    first, second = (text.partition(" ") for text in (before, after))
    return (first[0], first[2]), (second[0], second[2])


def _direction(study: Study, head: Headline) -> str:
    if head.effect is None or head.effect.n < 2:
        return f"Unknown. {words.upper_first(head.reason)}."
    effect, arm = head.effect, study.arm(head.arm).label
    outcome = study.outcomes[head.outcome]
    opening = f"Not claimed: {head.reason}. " if head.refused else ""
    if math.isnan(effect.better):
        return f"{opening}It rose in {_of(effect.rose, effect.n)} pairs."
    return (
        f"{opening}With {arm}, {words.lower_first(outcome.label)} came out better in "
        f"{_of(effect.better, effect.n)} pairs of histories, worse in "
        f"{_of(effect.worse, effect.n)}, and the same in {_of(effect.unchanged, effect.n)}."
    )


def _size(head: Headline) -> str:
    text = (
        "The interval covers the luck of the simulated histories. It does not cover other "
        "parameter values, other rules or what the model leaves out."
    )
    effect = head.effect
    if effect is None or not effect.variance_reduction > PAIRING_WORTH_SAYING:
        return text
    if math.isinf(effect.variance_reduction):
        return text
    alone = round(effect.n * effect.variance_reduction / 10) * 10
    return (
        f"{text} Sharing the draws of chance made {words.count(effect.n, 'pair')} as telling as "
        f"about {alone:,} pairs without."
    )


def _of(share: float, n: int) -> str:
    return f"{round(share * n):,} of {n:,}"


def _ladder(rungs: list[str]) -> str:
    return f"Its rungs: {', '.join(f'{rung} {name}' for rung, name in enumerate(rungs))}."


def _weeks(tick: float) -> str:
    return "one week" if tick == 1 else f"{words.plain(tick, 2).rstrip('0').rstrip('.')} weeks"


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_said(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_said(inner) for inner in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
