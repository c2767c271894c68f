"""Sentences and tables of the page, computed: what was run, how sure, methods and limits."""

from __future__ import annotations

from analysis import censored, words
from analysis.report.outline import LIMITS
from analysis.report.texts import assumption_text
from analysis.study import RunCounts
from analysis.sweep_effects import Findings
from analysis.sweep_headline import Claim
from analysis.sweep_report.cards import MOST_ARMS, MOST_FRAMES, swept_words
from analysis.sweep_study import GRID, Frame, Sweep

METHODS = {
    GRID: "grid: every combination of the listed values",
    "mixed": "Mixed: even points, intensities on or off, few on, none",
    "latin": "Latin hypercube",
    "sobol": "Sobol' sequence, Saltelli's scheme",
    "morris": "Morris trajectories",
}
CHANCE = (
    "Its intervals are about chance only.",
    (
        "They cover the luck of the simulated histories and, where points were sampled, of which "
        "points were drawn within the ranges swept. They do not cover values outside those ranges, "
        "other rules, or what the model leaves out."
    ),
)
GLOSSARY = (
    ("arm", "A bundle of mechanisms; every arm runs at every point with every seed."),
    ("frame", "A combination of what changes the scene: region, years, prepared sets."),
    ("history", "One run: one frame, point, arm and seed."),
    (
        "pair of histories",
        (
            "The arm and the first arm in one frame at one point with one seed, so that they share "
            "every draw of chance (common random numbers)."
        ),
    ),
    ("point", "One value of every sampled setting. All frames share the points."),
    (
        "seed share of variance",
        (
            "The mean variance between seeds within a point over the variance between histories: "
            "near 100 %, chance outweighs what the settings change within the ranges swept."
        ),
    ),
)


def facts(sweep: Sweep) -> list[str]:
    """What was run, in a few words."""
    settings = words.count(len(sweep.sampled), "swept setting")
    points = words.count(len(sweep.points), "point")
    frames = len(sweep.frames)
    found = [f"{points} of {settings}"] if sweep.sampled else []
    if frames > len(sweep.regions):
        found.append(words.count(frames, "frame"))
    return [
        *found,
        words.count(len(sweep.arms), "arm"),
        f"{words.count(sweep.seeds, 'seed')} each",
        _years(sweep),
    ]


def account(counts: RunCounts) -> str:
    """Where every run went."""
    pending = f" + {counts.pending:,} pending" if counts.pending else ""
    return (
        f"{words.count(counts.launched, 'run')} launched = {counts.ok:,} ok + {counts.failed:,} "
        f"failed + {counts.aborted:,} aborted{pending}"
    )


def region_names(sweep: Sweep) -> str:
    """Regions in words."""
    names = list(dict.fromkeys(str(r.get("label") or k) for k, r in sweep.regions.items()))
    return words.listing(names) if len(names) <= 4 else f"{len(names)} regions"


def setting_rows(sweep: Sweep) -> list[tuple[str, str, str, str, str, str]]:
    """Label, key, what it was swept over, unit, default, and what its values make."""
    return [
        (
            factor.label, factor.key, swept_words(factor), factor.unit or words.MINUS,
            words.MINUS if factor.default is None else str(factor.default),
            ("points" if factor.sampled else "frames")
            + (f", group {factor.group}" if factor.group else ""),
        )
        for factor in sweep.factors
    ]  # fmt: skip


def design_rows(sweep: Sweep) -> list[tuple[str, str]]:
    """The design in words."""
    seeds, manifest = sweep.manifest["seeds"], sweep.manifest
    last = int(seeds["first"]) + int(seeds["count"]) - 1
    asked = int(manifest.get("asked", sweep.counts.launched))
    spinup = words.plain(float(manifest.get("spinup_years", 0)), 0)
    rows = [
        ("Question", str(manifest.get("about") or "")),
        ("Regions", region_names(sweep)),
        ("Frames", _frame_words(sweep)),
        ("Method", METHODS.get(sweep.method, sweep.method) if sweep.sampled else ""),
        ("Points", f"{len(sweep.points):,}" if sweep.sampled else ""),
        ("Arms", words.listing([words.upper_first(arm.label) for arm in sweep.arms])),
        ("Seeds", f"{seeds['first']} to {last}, the same at every point"),
        ("Histories", f"{spinup} years of spin-up, then {_years(sweep)}"),
        ("Runs", account(sweep.counts)),
        (
            "Asked for",
            f"{asked:,}; equal points share a run" if asked > sweep.counts.launched else "",
        ),
    ]
    return [(name, value) for name, value in rows if value]


def how_sure(sweep: Sweep, told: list[Claim]) -> list[tuple[str, str]]:
    """Bullets under the headline."""
    claimed = sum(not claim.refused for claim in told)
    frames = words.count(len(told), "frame")
    return [
        ("Direction", f"The rule, fixed beforehand, allows a claim in {claimed} of {frames}."),
        ("Intervals", _interval_words(sweep)),
        (
            "No sensitivity index",
            (
                "Means along a setting are over all values of the others. They are no Sobol' or "
                "Morris index, and say nothing of settings that were not swept."
            ),
        ),
        (
            "Not a forecast",
            (
                "The numbers compare bundles of mechanisms inside a model. They are not odds for "
                "any real border."
            ),
        ),
    ]


def method_notes(sweep: Sweep, found: Findings) -> list[str]:
    """How the numbers were made, in sentences; all figures are computed."""
    notes = [
        (
            f"{account(sweep.counts)}. Failed and missing runs never enter a number; a pair of "
            "which one is missing drops out."
        ),
        "An effect is the mean difference within pairs. " + _interval_words(sweep),
        (
            "The interval clusters by point and by seed and takes off once what both count "
            "(Cameron, Gelbach and Miller 2011), with Student's t. Where fewer than 30 histories "
            "had an event, or pairs differ, it is widened to the one of independent histories; "
            "where none did, the rule of three counts seeds or points, whichever is less."
        ),
        (
            "Along a range, points are put in up to five bins of about equal counts; a list is "
            "shown value by value. The seeds are the same in every bin, so that bins differ by "
            "less than their intervals suggest: the sentence under a figure compares the last bin "
            "with the first seed by seed."
        ),
        "Intervals hold one at a time. Among many rows about one in twenty misses by chance.",
        *dict.fromkeys(line for f in sweep.frames for line in censored.how_to_read(f)),
        assumption_text(sweep.declarations),
    ]
    return [*notes, *_left_out(sweep, found)]


def limits() -> list[tuple[str, str]]:
    """What the model cannot say; intervals also cover which points were drawn."""
    return [CHANCE if name == CHANCE[0] else (name, text) for name, text in LIMITS]


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
            shown = words.listing([f"{v:g}" for v in dict.fromkeys(values)])
            rows.append((key, shown, f"{default:g}", f"{p['label']} ({p['unit']})"))
    return rows


def region_rows(sweep: Sweep) -> list[tuple[str, str]]:
    """Regions with their size and what rests on assumptions."""
    return [
        (
            str(r.get("label") or name),
            (
                f"{words.count(len(r.get('municipalities', [])), 'town')} in "
                f"{words.count(len(r.get('nations', [])), 'nation')}, from {r.get('start_year')}; "
                f"{words.count(len(r.get('assumptions', [])), 'assumption')} in its file. "
                f"{r.get('note') or ''}"
            ).strip(),
        )
        for name, r in sweep.regions.items()
    ]


def _years(sweep: Sweep) -> str:
    lengths = sorted({frame.years for frame in sweep.frames})
    return f"{words.listing([f'{years:g}' for years in lengths])} years"


def _frame_words(sweep: Sweep) -> str:
    if len(sweep.frames) < 2:
        return ""
    crossed = words.listing([words.lower_first(f.label) for f in sweep.crossed])
    return f"{len(sweep.frames)}, every combination of the values of: {crossed}"


def _interval_words(sweep: Sweep) -> str:
    """What the intervals cover."""
    sampled = sweep.design.sampled and len(sweep.points) > 1
    if sampled and sweep.seeds > 1:
        return (
            "Intervals (95 %) cover which seeds and which points were drawn. Histories of one "
            "point share its settings, those of one seed its luck: many points do not make up for "
            f"few seeds ({sweep.seeds} here)."
        )
    if sweep.seeds > 1:
        return (
            "Intervals (95 %) cover which seeds were drawn; the points are the listed ones, not a "
            "sample of others."
        )
    return (
        "There is one seed, which all points share: its luck is in every number, nothing tells how "
        "large it is, and no interval is given. More seeds (seeds=) give one."
    )


def _left_out(sweep: Sweep, found: Findings) -> list[str]:
    """What is not drawn or listed, and where it is."""
    notes = []
    if len(sweep.frames) > MOST_FRAMES:
        notes.append(f"Figures show the first {MOST_FRAMES} of {len(sweep.frames)} frames; the "
                     "tables hold all.")  # fmt: skip
    if len(sweep.arms) > MOST_ARMS:
        notes.append(f"Figures along a setting show {MOST_ARMS} of {len(sweep.arms)} arms; the "
                     "tables hold all.")  # fmt: skip
    if len(found.every) < len(sweep.outcomes):
        notes.append("Only headline outcomes are listed: the page would grow too large. The parts "
                     "hold all.")  # fmt: skip
    whole = len(found.main) * len(sweep.frames) * len(sweep.sampled)
    if len(found.responses) < whole:
        notes.append(
            f"{len(found.responses):,} of {whole:,} combinations of frame, setting and headline "
            "outcome are followed along the settings; the parts hold all."
        )
    return notes


def frame_note(frame: Frame, claim: Claim) -> str:
    """The kicker over the claim of a frame."""
    return f"{frame.label}: {'no claim, and why' if claim.refused else 'finding'}"
