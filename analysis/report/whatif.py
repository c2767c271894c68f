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
from analysis.study import Study, StudyError
from analysis.sweep_study import Sweep

METHOD = "mixed"
MOST_REASONS = 2
TEXTS = {
    "range": "Emulator range {lo} to {hi}{unit}: what the stand-in does not know of the model, not "
    "how sure the world is.",
    "base": "With every mechanism off it says {mean} ({lo} to {hi}).",
    "apart": "The two ranges do not overlap: in this model these settings make it {word}.",
    "alike": "The two ranges overlap: no difference is claimed.",
    "same": "These are the settings with every mechanism off.",
    "inside": "Inside the settings that were simulated.",
    "lower": "lower", "higher": "higher",
    "far": "Farther from the simulated points than 99 % of them are: extrapolated.",
    "wide": "The range is wider than 35 in 100: of no use.",
    "untested": "Not tested: {family}.",
    "loaded": "The sliders show: {label}.",
    "missing": "Not on the sliders: {names}. Nothing was moved.",
    "average": "average over conditions",
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
            refused.append(f"{place_of(sweep)}: one set of sliders is shown, that of "
                           f"{place_of(used[0])}")
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
                refused.append(f"{emulator.outcome.label}: {reasons}")
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
    outcome = emulator.outcome
    scale = words.scale_of(outcome)
    start = emulator.average({})
    finest = abs(start.hi - start.lo) * scale or 1.0
    unit = words.unit_of(outcome)
    return {
        **document(emulator),
        "key": f"{sweep.folder.name}-{outcome.key}",
        "label": outcome.label,
        "unit": f" {unit}" if unit else "",
        "scale": scale,
        "digits": min(4, words.digits_for(finest, significant=1 if scale > 1 else 2)),
        "quality_words": quality_words(emulator),
        "presets": presets(emulator),
        "family_words": dict(WORDS),
    }


def quality_words(emulator: Emulator) -> str:
    """How good it is on points that it was not fitted to, by its weakest kind of point."""
    known = [one for one in emulator.quality if one.q2 == one.q2]
    about = emulator.about
    text = (
        f"Fitted to {about['runs']:,} runs ({about['points']:,} points, "
        f"{words.count(int(str(about['seeds'])), 'seed')})"
    )
    if not known:
        return f"{text}."
    worst = min(known, key=lambda one: one.q2_lo)
    return (
        f"{text}. On points held out it explains {words.plain(100 * min(worst.q2, 1.0), 0)} % "
        f"of the variation (at least {words.plain(100 * worst.q2_lo, 0)} %, 95 %) where it is "
        f"weakest: {WORDS[worst.family]}."
    )


def presets(emulator: Emulator) -> list[dict[str, Any]]:
    """Where to start from: nothing, each mechanism at its greatest, all of them."""
    switches = [axis for axis in emulator.axes if is_switch(axis.key)]
    off = {axis.key: axis.lo for axis in switches}
    made = [{"label": "Every mechanism off", "settings": off}]
    made += [{"label": f"{_short(axis.label)} alone, fully on",
              "settings": {**off, axis.key: axis.hi}} for axis in switches]  # fmt: skip
    if len(switches) > 1:
        made.append({"label": "Every mechanism fully on",
                     "settings": {axis.key: axis.hi for axis in switches}})  # fmt: skip
    return made


def _short(label: str) -> str:
    return label.partition(":")[0]
