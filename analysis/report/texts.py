"""Computed sentences and tables of the page: how sure, crises, arms, methods, provenance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from analysis import censored, words
from analysis.effects import Effect, effects
from analysis.headline import Headline
from analysis.language import marked, say
from analysis.report.outline import GLOSSARY
from analysis.scruples import NEEDED
from analysis.study import Arm, Outcome, Study

CRISES = ("crisis_resource", "crisis_local", "crisis_dispute", "crisis_other", "crisis_any")
NEITHER = marked("neither")
COVERED = marked(
    "The interval covers the luck of the simulated histories. It does not cover other parameter "
    "values, other rules or what the model leaves out."
)
INTERVALS = marked(
    "An effect is the mean difference within pairs of histories with the same seed. Its 95 % "
    "interval is a paired bootstrap (percentiles, widened for few pairs). Chances of which fewer "
    "than 30 pairs differ get the adjusted Wald interval of Bonett and Price (2012); where no pair "
    "differs, the rule of three. Shares carry Wilson intervals."
)
PARTS = {"crisis_local", "crisis_dispute"}
PAIRING_WORTH_SAYING = 1.2
NO_SERIES = marked(
    "This study kept no series by quarter: figures that need them are left out."
)
BETTER = {"lower": marked("lower is better"), "higher": marked("higher is better")}


def how_sure(study: Study, head: Headline) -> list[tuple[str, str]]:
    """Three bullets: direction, size, not a forecast."""
    return [
        (say("Direction"), _direction(study, head)),
        (say("Size"), _size(head)),
        (
            say("Not a forecast"),
            say(
                "The numbers compare bundles of mechanisms inside a model of {region}. They are "
                "not odds for the real border.", region=study.region_label,
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
        digits = words.sign_digits(outcome, effect.lo, effect.hi, digits)
        lo, hi = (words.difference(outcome, end, digits) for end in (effect.lo, effect.hi))
        rows.append(
            {
                "label": words.upper_first(outcome.label),
                "part": key in PARTS,
                "before": words.in_100(effect.reference_mean),
                "after": words.in_100(effect.arm_mean),
                "difference": words.difference(outcome, effect.difference, digits),
                "interval": say("[{lo}, {hi}]", lo=lo, hi=hi),
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
            labels.get(name, name) if value == 1.0 else
            say("{mechanism} at {value}", mechanism=labels.get(name, name),
                value=words.plain(value, 2))
            for name, value in arm.mechanisms.items()
            if value > 0
        ]
        left = [name for name, value in (arm.negotiated or {}).items() if value > 0]
        acting += [say("{mechanism} (left to the towns)", mechanism=labels.get(name, name))
                   for name in left]
        if len(left) == len(labels) > 1:
            acting = [say("every mechanism is left to the towns to agree on")]
        text = words.listing([words.lower_first(label) for label in acting])
        text = text or say("nothing switched on")
        rows.append({"label": words.upper_first(arm.label), "text": text})
    return rows


def method_notes(study: Study) -> list[str]:
    """How the numbers were made, in sentences; all figures are computed."""
    counts = study.counts
    tick = float(study.manifest.get("tick_weeks", 1))
    spinup = words.plain(float(study.manifest.get("spinup_years", 0)), 0)
    per_arm = study.manifest.get("seeds", {})
    return [
        say(
            "{runs} launched: {ok} ended well, {failed} failed, {rest} were not finished. Failed "
            "runs never enter a number.", runs=words.count(counts.launched, "run"),
            ok=words.plain(counts.ok, 0), failed=words.plain(counts.failed, 0),
            rest=words.plain(counts.aborted + counts.pending, 0),
        ),
        say(
            "{arms}, {seeds} each, the first seed is {first}. Each history has {spinup} years of "
            "spin-up, then {years} years from {start}, in steps of {step}.",
            arms=words.count(len(study.arms), "arm"),
            seeds=words.count(int(per_arm.get("count", 0)), "seed"),
            first=int(per_arm.get("first", 0)), spinup=spinup,
            years=words.plain(study.years, 0), start=study.start_year, step=_weeks(tick),
        ),
        say(INTERVALS),
        *censored.how_to_read(study),
        say(
            "The headline outcome follows an order fixed beforehand; one is passed over when "
            "fewer than {needed} histories of either compared arm had the event; nor does any "
            "other outcome that counts events get a verdict then. No correction is made for "
            "reading many rows.", needed=NEEDED,
        ),
        assumption_note(study),
        *([] if study.series_files else [say(NO_SERIES)]),
    ]  # fmt: skip


def assumption_note(study: Study) -> str:
    """How many parameters rest on assumptions, and how many were changed."""
    changed = len(changed_parameters(study))
    region = len(study.region.get("assumptions", []))
    return assumption_text(study.declarations) + " " + say(
        "Set away from the default here: {changed}. Further assumptions in the region file: "
        "{region}.", changed=words.plain(changed, 0), region=words.plain(region, 0),
    )  # fmt: skip


def assumption_text(declarations: dict[str, Any]) -> str:
    """How many of the declared parameters rest on assumptions."""
    parameters = declarations.get("parameters", [])
    assumed = sum(str(p.get("source", "")).startswith("assumption") for p in parameters)
    return say(
        "Parameters of the model: {parameters}; resting on assumptions rather than on published "
        "figures: {assumed}.", parameters=words.plain(len(parameters), 0),
        assumed=words.plain(assumed, 0),
    )  # fmt: skip


def changed_parameters(study: Study) -> list[dict[str, Any]]:
    """Parameters that this study set away from their defaults."""
    return [
        {**p, "unit": words.spoken_unit(p["unit"])}
        for p in study.declarations.get("parameters", [])
        if float(p["value"]) != float(p["default"])
    ]


def outcome_rows(study: Study) -> list[dict[str, str]]:
    """The dictionary of outcomes."""
    return [
        {
            "label": words.upper_first(outcome.label),
            "key": outcome.key,
            "unit": words.spoken_unit(outcome.unit) if outcome.unit else say("none"),
            "better": say(BETTER.get(outcome.better, NEITHER)),
            "about": f"{outcome.about} {censored.in_effects(study, outcome.key)}".strip(),
        }
        for outcome in study.outcomes.values()
    ]


def provenance_rows(study: Study) -> list[tuple[str, str]]:
    """Versions, code, machine and times, as the study folder states them."""
    manifest = study.manifest
    rows = [
        (say("Study"), study.identity),
        (say("Kernel digest"), manifest.get("kernel_digest", "")),
        (say("Region"), f"{study.region_label} ({study.region.get('name', '')})"),
        (say("Complete"),
         say("yes") if manifest.get("complete", True) else say("no, it was interrupted")),
    ]  # fmt: skip
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
        about = say("about {value}", value=value)
        strong = escape(about).replace(escape(value), Markup("<strong>{}</strong>").format(value))
        claim = claim.replace(escape(about), strong, 1)
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
        (say("ladder, interstate"), _ladder(study.interstate_rungs)),
        (say("ladder, local"), _ladder(study.local_rungs)),
    ]
    terms = [(say(term), say(text)) for term, text in GLOSSARY]
    return sorted([*terms, *ladders], key=lambda entry: entry[0].lower())


def card_numbers(outcome: Outcome, effect: Effect) -> tuple[tuple[str, str], tuple[str, str]]:
    """(number, unit) of the two arms, with enough digits to tell them apart."""
    before, after = words.from_to(outcome, effect.reference_mean, effect.arm_mean)
    first, second = (text.partition(" ") for text in (before, after))
    return (first[0], first[2]), (second[0], second[2])


def _direction(study: Study, head: Headline) -> str:
    if head.effect is None or head.effect.n < 2:
        return say("Unknown. {reason}.", reason=words.upper_first(head.reason))
    effect, arm = head.effect, study.arm(head.arm).label
    outcome = study.outcomes[head.outcome]
    opening = say("Not claimed: {reason}. ", reason=head.reason) if head.refused else ""
    if math.isnan(effect.better):
        return opening + say("It rose in {share} pairs.", share=_of(effect.rose, effect.n))
    return opening + say(
        "With {arm}, {outcome} came out better in {better} pairs of histories, worse in {worse}, "
        "and the same in {same}.", arm=arm, outcome=words.lower_first(outcome.label),
        better=_of(effect.better, effect.n), worse=_of(effect.worse, effect.n),
        same=_of(effect.unchanged, effect.n),
    )  # fmt: skip


def _size(head: Headline) -> str:
    text, effect = say(COVERED), head.effect
    if effect is None or not effect.variance_reduction > PAIRING_WORTH_SAYING:
        return text
    if math.isinf(effect.variance_reduction):
        return text
    alone = round(effect.n * effect.variance_reduction / 10) * 10
    return text + " " + say(
        "Sharing the draws of chance made {pairs} as telling as about {alone} pairs without.",
        pairs=words.count(effect.n, "pair"), alone=words.plain(alone, 0),
    )  # fmt: skip


def _of(share: float, n: int) -> str:
    return say("{part} of {whole}", part=words.plain(round(share * n), 0), whole=words.plain(n, 0))


def _ladder(rungs: list[str]) -> str:
    named = ", ".join(f"{rung} {name}" for rung, name in enumerate(rungs))
    return say("Its rungs: {rungs}.", rungs=named)


def _weeks(tick: float) -> str:
    if tick == 1:
        return say("one week")
    places = next(k for k in range(3) if k == 2 or round(tick, k) == round(tick, 2))
    return say("{number} weeks", number=words.plain(tick, places))


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_said(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_said(inner) for inner in value)
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return "" if value is None else str(value)
