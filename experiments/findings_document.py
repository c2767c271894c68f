"""The page docs/findings.md: region by region what helps, does nothing, backfires, and how sure.

Written from docs/findings.json (see `experiments.findings`) and from nothing else; nothing is run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from experiments.findings_grades import (
    BACKFIRES,
    COUNTED,
    DEPENDS,
    FIRM,
    HELPS,
    HINT,
    LIKELY,
    LITTLE,
    NOTHING,
    SLIGHT,
    UNTOLD,
    Finding,
    bars_of,
    by_luck,
    findings,
)
from experiments.findings_summary import conditions_of, in_short, sweep_words
from experiments.findings_words import (
    agreeing_models,
    anchor,
    change,
    heard,
    judged,
    label_of,
    listed,
    named,
    outcome_label,
    over_models,
    relative,
    runs_of,
    scale_of,
    span,
    unit_of,
)
from experiments.markdown import table
from experiments.mechanism_document import ALL, EFFECTS, WITHIN
from experiments.provenance import age_of

ROOT = Path(__file__).resolve().parent.parent
STORE = ROOT / "docs" / "findings.json"
CONDITIONS = ROOT / "docs" / "findings_conditions.json"
PAGE = ROOT / "docs" / "findings.md"
COMMAND = "make findings"
MOST_HINTS = 3
MOST_ROWS = 8  # of a table: a section is one page
ORDER = {FIRM: 0, LIKELY: 1, HINT: 2}
HOW = {EFFECTS: "alone", WITHIN: "in the full package"}


def page() -> str:
    """The whole page."""
    stored, swept = (json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
                     for path in (STORE, CONDITIONS))  # fmt: skip
    blocks = [*_opening(stored)]
    if stored or swept:
        blocks.append(sweep_words(swept, age_of(swept["kernel"]) if swept else ""))
    if stored:
        found = findings(stored, judged())
        blocks += _glance(stored, found)
        for region, label in stored["regions"].items():
            own = [f for f in found if f.region == region]
            blocks += [f"## {label}", *_region(stored, own, swept)]
    else:
        for region, label in swept.get("regions", {}).items():
            blocks += [f"## {label}", "### Under which conditions", *conditions_of(swept, region)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _opening(stored: Mapping[str, Any]) -> Iterator[str]:
    yield "# Findings: what helps, does nothing or backfires, border by border"
    yield (
        f"This page is written by `{COMMAND}` from findings.json beside it. Do not edit it by hand."
    )
    if not stored:
        yield "The campaign has not been run yet, so nothing is claimed here of any mechanism."
        return
    every = len(findings(stored, judged()))
    models, runs, sets = len(stored["found"]), runs_of(stored), len(stored["found"]) - 1
    missing = [name for name in stored["models"] if name not in stored["found"]]
    yield (
        f"{runs:,} histories of {stored['years']:g} years: in each region, under each of "
        f"{models} models (the default numbers and {sets} other sets that ship, fits of rival "
        "structures among them), no mechanism, each mechanism alone, the full package, "
        "that less each mechanism, and all left to the towns, with "
        f"{stored['seeds']} seeds each (compiled model `{stored['kernel']}`, "
        f"{age_of(stored['kernel'])}). Arms of a model are compared pair by pair under the same "
        "weather, elections and luck; every model has luck of its own."
    )
    if missing:
        yield f"Not run yet: {', '.join(f'`{name}`' for name in missing)}."
    yield from _rules(every, models, stored["seeds"])


def _rules(every: int, models: int, seeds: int) -> Iterator[str]:
    """How sure each word is; the same rules as at the head of `experiments.findings_grades`."""
    needed, stretch = bars_of(every, models, seeds)
    hints, both = by_luck(every, models)
    sure = (
        f"- **firm**: clear on the same side under all {models} models;\n"
        f"- **likely**: under at least {needed} of them, and under none on the other side. That "
        f"many must agree for less than one of the {every:,} findings of this page to be luck;\n"
    )
    if needed > models:
        yield f"With {models} of the models nothing can be firmer than a hint."
        sure = ""
    yield (
        f"How sure (*clear*: the 95 % interval excludes zero):\n\n{sure}"
        f"- **hint**: under fewer than {needed}, or one of them says the opposite. Where nothing "
        f"has any effect a page of this size holds up to {hints:.0f} hints;\n"
        f"- **hangs on the model**: clear with both signs, and each sign proved, by {needed} "
        f"models or by one whose interval excludes zero even {stretch:.1f} times as wide. Less "
        "than one finding of this page is called so by luck. Its sign is not known;\n"
        f"- **nothing**: every interval within {100 * SLIGHT:.0f} % of the mean without it, clear "
        f"or not; or no side clear, and every interval within {100 * LITTLE:.0f} % (never said "
        "where that mean is zero). Where no history, or a handful, differs, the interval reaches "
        "as far as if 3 in as many histories as there are did, by as much as that mean;\n"
        "- **cannot tell**: no side is clear, and some interval is wider than that; or both are "
        f"and neither is proved, which luck alone does to up to {both:.0f} findings."
    )
    yield (
        "Changes, intervals and percents are of the model in the middle of all that are heard (the "
        "lower median, named where it is not the default): none is shown for being clear, and its "
        "interval may hold zero. *Over the models* is the range of all of them. "
        "What counts events is judged only where 30 histories of both arms had any. *In the full "
        "package* is the package minus the package without the mechanism: what would be missed, "
        "not a share of what the package does. Firm means firm within this family of models, most "
        "of whose numbers are assumptions: simulated, not observed, and no position on any border."
    )


def _glance(stored: Mapping[str, Any], found: Sequence[Finding]) -> Iterator[str]:
    yield "## At a glance"
    yield (
        "How many findings (a mechanism or bundle, an outcome, alone or in the package) of each "
        "kind; of helps and backfires firm / likely / hint."
    )
    rows = []
    for region, label in stored["regions"].items():
        own = [f for f in found if f.region == region]
        graded = [_graded(own, verdict) for verdict in (HELPS, BACKFIRES)]
        rest = [sum(f.verdict == verdict for f in own) for verdict in (NOTHING, DEPENDS, UNTOLD)]
        rows.append((f"[{label}](#{anchor(label)})", *graded, *rest))
    yield table(("region", "helps", "backfires", "nothing", "hangs on the model", "cannot tell"),
                rows)  # fmt: skip


def _graded(own: Sequence[Finding], verdict: str) -> str:
    mine = [f.confidence for f in own if f.verdict == verdict]
    return " / ".join(str(mine.count(grade)) for grade in ORDER)


def _region(
    stored: Mapping[str, Any], own: Sequence[Finding], swept: Mapping[str, Any]
) -> Iterator[str]:
    yield in_short(stored, own)
    yield _crises(stored, own)
    for verdict, heading in ((HELPS, "What helps"), (BACKFIRES, "What backfires")):
        sure = [f for f in own if f.verdict == verdict and f.confidence != HINT]
        yield f"### {heading}"
        yield from _shown(sure) if sure else ("Nothing firm or likely.",)
    yield "### What does nothing"
    yield _nothing(own)
    yield "### Under which conditions"
    yield from conditions_of(swept, own[0].region)
    yield _turning(own)
    hints = [f for f in own if f.confidence == HINT]
    yield "### Hints"
    yield _hints(hints) if hints else "None."
    yield "### What these runs cannot tell"
    yield _untold(own)


def _crises(stored: Mapping[str, Any], own: Sequence[Finding]) -> str:
    """How common crises are without any mechanism, and what the full package does about it."""
    region = own[0].region
    held = [said[region]["events"]["none"][COUNTED] for said in stored["found"].values()]
    shares = [histories / stored["seeds"] for histories in held]
    text = (
        f"Without any mechanism {span([100 * share for share in shares], '.0f')} in 100 histories "
        "hold a crisis over the resource, from the model with the fewest to the one with the most."
    )
    whole = next(f for f in own if (f.comparison, f.arm, f.outcome) == (EFFECTS, ALL, COUNTED))
    if not whole.heard:
        return f"{text} No model saw enough of them under both arms to say what the package does."
    told = {HELPS: "makes them rarer", BACKFIRES: "makes them more common", DEPENDS: "hangs on the "
            "model: rarer under some, more common under others", NOTHING: "changes nothing",
            UNTOLD: "has no effect that these runs can tell"}[whole.verdict]  # fmt: skip
    sure = f" ({whole.confidence}, {heard(whole)})" if whole.confidence else f" ({heard(whole)})"
    return f"{text} The full package {told}{sure}."


def _shown(own: Sequence[Finding]) -> Iterator[str]:
    """A table of the surest and largest findings, and the rest in a line by outcome."""
    ranked = sorted(own, key=lambda f: (ORDER[f.confidence], -f.side * relative(f)))
    yield _rows(ranked[:MOST_ROWS])
    for outcome in judged():
        rest = [f for f in ranked[MOST_ROWS:] if f.outcome == outcome]
        if rest:
            told = "; ".join(_named_with_share(f) for f in rest)
            yield f"{outcome_label(outcome)}, too: {told}."


def _named_with_share(f: Finding) -> str:
    share = f"{100 * relative(f):+.0f} %"
    return f"{label_of(f.arm)} {HOW[f.comparison]} ({f.confidence}, {share})"


def _rows(ranked: Sequence[Finding]) -> str:
    """A table of findings."""
    cells = [
        (label_of(f.arm), outcome_label(f.outcome), HOW[f.comparison], change(f),
         f"{100 * relative(f):+.0f} %", over_models(f),
         f"{len(agreeing_models(f))} of {f.models}", f.confidence)
        for f in ranked
    ]  # fmt: skip
    heads = ("mechanism", "outcome", "where", "change (95 % interval) from",
             "in percent", "over the models", "clear under", "how sure")  # fmt: skip
    return table(heads, cells)


def _nothing(own: Sequence[Finding]) -> str:
    """Mechanisms without an effect, by outcome and comparison."""
    lines = []
    for outcome in judged():
        for comparison, where in HOW.items():
            asked = [f for f in own if (f.outcome, f.comparison) == (outcome, comparison)]
            names = [label_of(f.arm) for f in asked if f.verdict == NOTHING]
            rest = [label_of(f.arm) for f in asked if f.verdict != NOTHING]
            if names:
                told = listed(names, rest)
                lines.append(f"- {outcome_label(outcome)}, {where}: {told}.")
    return "\n".join(lines) or "Nothing can be called without effect: the intervals are too wide."


def _turning(own: Sequence[Finding]) -> str:
    """Findings whose sign hangs on the model, with the models on either side."""
    turned = [f for f in own if f.verdict == DEPENDS]
    by_luck = sum(f.contradicted for f in own)
    more = (
        f" Clear with both signs, one of them or both by no more than luck: {by_luck}."
        if by_luck else ""
    )  # fmt: skip
    if not turned:
        return f"No effect is proved with both signs under the models that were asked.{more}"
    lines = "\n".join(
        f"- {label_of(f.arm)}, {outcome_label(f.outcome)}, {HOW[f.comparison]}: higher under "
        f"{named(f.say(1))}; lower under {named(f.say(-1))}."
        for f in turned
    )
    return f"Effects that hang on the model: {len(turned)}.{more}\n\n{lines}"


def _hints(own: Sequence[Finding]) -> str:
    """Hints by outcome: how many each way, and those that most models say."""
    rows = []
    for outcome in judged():
        for verdict, word in ((HELPS, "better"), (BACKFIRES, "worse")):
            mine = [f for f in own if (f.verdict, f.outcome) == (verdict, outcome)]
            most = sorted(mine, key=lambda f: -len(agreeing_models(f)))[:MOST_HINTS]
            told = [f"{label_of(f.arm)} {HOW[f.comparison]} ({_under(f)})" for f in most]
            if mine:
                rows.append((outcome_label(outcome), word, len(mine), "; ".join(told)))
    return table(("outcome", "which way", "hints", "those that most models say"), rows)


def _under(f: Finding) -> str:
    """Models that say a hint, and those that say the opposite."""
    against = f.say(-f.side)
    text = named(agreeing_models(f))
    return f"{text}; the opposite under {named(against)}" if against else text


def _untold(own: Sequence[Finding]) -> str:
    """How many findings are open, by outcome, and how large an effect would have shown."""
    rows = []
    for outcome in judged():
        mine = [f for f in own if f.outcome == outcome]
        open_ = [f for f in mine if f.verdict == UNTOLD]
        silent = sum(not f.heard for f in open_)
        halves = [(one.hi - one.lo) / 2 for f in open_ for one in f.heard]
        size = "-" if not halves else "no history differs"
        if halves and median(halves) > 0.0:
            size = f"{scale_of(outcome) * median(halves):.2g} {unit_of(outcome)}"
        rows.append((outcome_label(outcome), f"{len(open_)} of {len(mine)}", silent, size))
    heads = ("outcome", "open", "of which too few events", "half of the middle interval")
    return table(heads, rows)
