"""Sentences and tables of the page, computed: what was run, over which settings and regions."""

from __future__ import annotations

from typing import Any

from analysis import words
from analysis.language import marked, say, say_count
from analysis.study import RunCounts
from analysis.sweep_headline import Claim
from analysis.sweep_report.cards import swept_words
from analysis.sweep_study import GRID, Factor, Frame, Sweep

METHODS = {
    GRID: marked("grid: every combination of the listed values"),
    "mixed": marked("Mixed: even points, intensities on or off, few on, none"),
    "latin": marked("Latin hypercube"),
    "sobol": marked("Sobol' sequence, Saltelli's scheme"),
    "morris": marked("Morris trajectories"),
}
MOST_CLAIMS = 12  # frames whose claim stands on the first screen


def facts(sweep: Sweep) -> list[str]:
    """What was run, in a few words."""
    settings = words.count(len(sweep.sampled), "swept setting")
    points = words.count(len(sweep.points), "point")
    frames = len(sweep.frames)
    found = []
    if sweep.sampled:
        found.append(say("{points} of {settings}", points=points, settings=settings))
    if frames > len(sweep.regions):
        found.append(words.count(frames, "frame"))
    return [
        *found,
        words.count(len(sweep.arms), "arm"),
        say("{seeds} each", seeds=words.count(sweep.seeds, "seed")),
        _years(sweep),
    ]


def account(counts: RunCounts) -> str:
    """Where every run went."""
    told = {
        "runs": words.count(counts.launched, "run"), "ok": words.plain(counts.ok, 0),
        "failed": words.plain(counts.failed, 0), "aborted": words.plain(counts.aborted, 0),
    }  # fmt: skip
    if not counts.pending:
        return say("{runs} launched = {ok} ok + {failed} failed + {aborted} aborted", **told)
    return say("{runs} launched = {ok} ok + {failed} failed + {aborted} aborted + {pending} "
               "pending", **told, pending=words.plain(counts.pending, 0))  # fmt: skip


def region_names(sweep: Sweep) -> str:
    """Regions in words."""
    names = list(dict.fromkeys(str(r.get("label") or k) for k, r in sweep.regions.items()))
    return words.listing(names) if len(names) <= 4 else words.count(len(names), "region")


def frame_note(frame: Frame, claim: Claim) -> str:
    """The kicker over the claim of a frame."""
    if claim.refused:
        return say("{frame}: no claim, and why", frame=frame.label)
    return say("{frame}: finding", frame=frame.label)


def further_frames(told: list[Claim]) -> str:
    """How many frames stand in the tables only; empty where none does."""
    rest = len(told) - MOST_CLAIMS
    return say_count("{number} further frame stands in the tables below.",
                     "{number} further frames stand in the tables below.",
                     rest) if rest > 0 else ""  # fmt: skip


def setting_rows(sweep: Sweep) -> list[tuple[str, str, str, str, str, str]]:
    """Label, key, what it was swept over, unit, default, and what its values make."""
    return [
        (
            factor.label, factor.key, swept_words(factor),
            say(factor.unit) if factor.unit else words.MINUS,
            words.MINUS if factor.default is None else words.typed(factor.default), _makes(factor),
        )
        for factor in sweep.factors
    ]  # fmt: skip


def design_rows(sweep: Sweep) -> list[tuple[str, str]]:
    """The design in words."""
    seeds, manifest = sweep.manifest["seeds"], sweep.manifest
    last = int(seeds["first"]) + int(seeds["count"]) - 1
    spinup = words.plain(float(manifest.get("spinup_years", 0)), 0)
    method = say(METHODS.get(sweep.method, sweep.method))
    rows = [
        (say("Question"), str(manifest.get("about") or "")),
        (say("Regions"), region_names(sweep)),
        (say("Frames"), _frame_words(sweep)),
        (say("Method"), method if sweep.sampled else ""),
        (say("Points"), words.plain(len(sweep.points), 0) if sweep.sampled else ""),
        (say("Arms"), words.listing([words.upper_first(arm.label) for arm in sweep.arms])),
        (say("Seeds"),
         say("{first} to {last}, the same at every point", first=seeds["first"], last=last)),
        (say("Histories"),
         say("{spinup} years of spin-up, then {years}", spinup=spinup, years=_years(sweep))),
        (say("Runs"), account(sweep.counts)),
        (say("Asked for"), _shared_words(manifest, sweep.counts)),
    ]  # fmt: skip
    return [(name, value) for name, value in rows if value]


def fixed_rows(sweep: Sweep) -> list[tuple[str, str, str, str]]:
    """Parameters that were not swept but set: key, value by frame, default, label."""
    swept = {factor.key for factor in sweep.factors}
    rows = []
    for p in sweep.declarations.get("parameters", []):
        key, default = str(p["key"]), float(p["default"])
        if f"parameters.{key}" in swept:
            continue
        values = [float(frame.parameters.get(key, p["value"])) for frame in sweep.frames]
        if any(value != default for value in values):
            shown = words.listed_values([words.numeral(f"{v:g}") for v in dict.fromkeys(values)])
            rows.append((key, shown, words.numeral(f"{default:g}"), f"{p['label']} ({p['unit']})"))
    return rows


def region_rows(sweep: Sweep) -> list[tuple[str, str]]:
    """Regions with their size and what rests on assumptions."""
    return [
        (
            str(r.get("label") or name),
            (say(
                "{towns} in {nations}, from {year}; {assumptions} in its file.",
                towns=words.count(len(r.get("municipalities", [])), "town"),
                nations=words.count(len(r.get("nations", [])), "nation"),
                year=r.get("start_year"),
                assumptions=words.count(len(r.get("assumptions", [])), "assumption"),
            ) + f" {r.get('note') or ''}").strip(),
        )
        for name, r in sweep.regions.items()
    ]  # fmt: skip


def _makes(factor: Factor) -> str:
    """What the values of a setting make."""
    if factor.sampled:
        return (say("points, group {group}", group=factor.group) if factor.group
                else say("points"))  # fmt: skip
    return say("frames, group {group}", group=factor.group) if factor.group else say("frames")


def _shared_words(manifest: dict[str, Any], counts: RunCounts) -> str:
    asked = int(manifest.get("asked", counts.launched))
    if asked <= counts.launched:
        return ""
    return say("{asked}; equal points share a run", asked=words.plain(asked, 0))


def _years(sweep: Sweep) -> str:
    lengths = sorted({frame.years for frame in sweep.frames})
    number = words.listed_values([words.numeral(f"{years:g}") for years in lengths])
    return say("{number} years", number=number)


def _frame_words(sweep: Sweep) -> str:
    if len(sweep.frames) < 2:
        return ""
    crossed = words.listing([words.lower_first(f.label) for f in sweep.crossed])
    return say("{number}, every combination of the values of: {settings}",
               number=words.plain(len(sweep.frames), 0), settings=crossed)  # fmt: skip
