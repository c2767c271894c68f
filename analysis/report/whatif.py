"""The what-if panel: sliders over accepted emulators, which the page evaluates by itself.

An emulator that was refused is not shown: the panel says which were and why. The page has the
emulator's own document (`analysis.emulator.document`) and must meet its test points to 1e-6.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from analysis import words
from analysis.companions import Companions, again, model_note, place_of
from analysis.emulator import Ask, Emulator, document, emulate
from analysis.emulator.families import WORDS, is_switch
from analysis.headline import ORDER
from analysis.language import marked, say
from analysis.localised import factor_said, outcome_said
from analysis.study import Study, StudyError
from analysis.sweep_study import Sweep

METHOD = "mixed"
MOST_REASONS = 2
TEXTS = {
    "range": marked("Emulator range {lo} to {hi}{unit}: what the stand-in does not know of the "
                    "model, not how sure the world is."),
    "base": marked("With every mechanism off it says {mean} ({lo} to {hi})."),
    "apart": marked("The two ranges do not overlap: in this model these settings make it {word}."),
    "alike": marked("The two ranges overlap: no difference is claimed."),
    "same": marked("These are the settings with every mechanism off."),
    "inside": marked("Inside the settings that were simulated."),
    "lower": marked("lower"), "higher": marked("higher"),
    "far": marked("Farther from the simulated points than 99 % of them are: extrapolated."),
    "wide": marked("The range is wider than 35 in 100: of no use."),
    "untested": marked("Not tested: {family}."),
    "loaded": marked("The sliders show: {label}."),
    "missing": marked("Not on the sliders: {names}. Nothing was moved."),
    "average": marked("average over conditions"),
}  # fmt: skip


class Panel(NamedTuple):
    """What the template and the page need. ``emulators``: documents, each with words beside it."""

    emulators: tuple[dict[str, Any], ...]
    refused: tuple[str, ...]
    command: tuple[str, ...]
    notes: tuple[str, ...]


def panel(study: Study, others: Companions) -> Panel | None:
    """The panel of the sweeps that were made for sliders, or None where there is none."""
    found: list[dict[str, Any]] = []
    refused: list[str] = []
    used: list[Sweep] = []
    for sweep in others.sweeps:
        if sweep.method != METHOD or sweep.frames[0].name != study.region.get("name"):
            continue
        if used:
            refused.append(say("{study}: one set of sliders is shown, that of {shown}",
                               study=place_of(sweep), shown=place_of(used[0])))  # fmt: skip
            continue
        used.append(sweep)
        for key in (key for key in ORDER if key in sweep.outcomes):
            try:
                emulator = emulate(sweep.folder, Ask(outcome=key))
            except StudyError as error:
                refused.append(str(error))
                continue
            if emulator.refusals:
                reasons = "; ".join(emulator.refusals[:MOST_REASONS])
                refused.append(f"{outcome_said(emulator.outcome).label}: {reasons}")
            else:
                found.append(shown(emulator, sweep))
    if not used:
        return None
    return Panel(
        tuple(found), tuple(refused),
        again(used, "emulate"),
        tuple(note for s in used if (note := model_note(study, s.manifest))),
    )  # fmt: skip


def shown(emulator: Emulator, sweep: Sweep) -> dict[str, Any]:
    """The document of an emulator with what the page says of it."""
    outcome = outcome_said(emulator.outcome)
    scale = words.scale_of(outcome)
    start = emulator.average({})
    finest = abs(start.hi - start.lo) * scale or 1.0
    unit = words.unit_of(outcome)
    return {
        **_worded(document(emulator)),
        "key": f"{sweep.folder.name}-{outcome.key}",
        "label": outcome.label,
        "unit": f" {unit}" if unit else "",
        "scale": scale,
        "digits": min(4, words.digits_for(finest, significant=1 if scale > 1 else 2)),
        "quality_words": quality_words(emulator),
        "presets": presets(emulator),
        "family_words": {key: say(text) for key, text in WORDS.items()},
    }


def _worded(found: dict[str, Any]) -> dict[str, Any]:
    """The document with the labels and units of its axes said."""
    axes = [{**axis, "label": factor_said(str(axis["label"])),
             "unit": say(axis["unit"]) if axis.get("unit") else ""} for axis in found["axes"]]
    return {**found, "axes": axes}


def quality_words(emulator: Emulator) -> str:
    """How good it is on points that it was not fitted to, by its weakest kind of point."""
    known = [one for one in emulator.quality if one.q2 == one.q2]
    about = emulator.about
    text = say("Fitted to {runs} runs ({points} points, {seeds}).",
               runs=words.plain(float(str(about["runs"])), 0),
               points=words.plain(float(str(about["points"])), 0),
               seeds=words.count(int(str(about["seeds"])), "seed"))  # fmt: skip
    if not known:
        return text
    worst = min(known, key=lambda one: one.q2_lo)
    return text + " " + say(
        "On points held out it explains {share} % of the variation ({least} % at the lower end of "
        "its 95 % interval) where it is weakest: {family}.",
        share=words.plain(100 * min(worst.q2, 1.0), 0),
        least=words.plain(100 * worst.q2_lo, 0), family=say(WORDS[worst.family]),
    )  # fmt: skip


def presets(emulator: Emulator) -> list[dict[str, Any]]:
    """Where to start from: nothing, each mechanism at its greatest, all of them."""
    switches = [axis for axis in emulator.axes if is_switch(axis.key)]
    off = {axis.key: axis.lo for axis in switches}
    made = [{"label": say("Every mechanism off"), "settings": off}]
    made += [{"label": say("{mechanism} alone, fully on",
                           mechanism=_short(factor_said(axis.label))),
              "settings": {**off, axis.key: axis.hi}} for axis in switches]  # fmt: skip
    if len(switches) > 1:
        made.append({"label": say("Every mechanism fully on"),
                     "settings": {axis.key: axis.hi for axis in switches}})  # fmt: skip
    return made


def _short(label: str) -> str:
    return label.partition(":")[0].rstrip()
