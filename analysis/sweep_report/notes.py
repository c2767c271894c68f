"""How sure the page is, how its numbers were made, what they cannot say, and its words."""

from __future__ import annotations

from analysis import censored, words
from analysis.language import marked, say
from analysis.report.outline import LIMITS
from analysis.report.texts import assumption_text
from analysis.sweep_effects import Findings
from analysis.sweep_headline import Claim
from analysis.sweep_report.cards import MOST_ARMS, MOST_FRAMES
from analysis.sweep_report.texts import account
from analysis.sweep_study import Sweep

CHANCE = (
    marked("Its intervals are about chance only."),
    marked(
        "They cover the luck of the simulated histories and, where points were sampled, of which "
        "points were drawn within the ranges swept. They do not cover values outside those ranges, "
        "other rules, or what the model leaves out."
    ),
)
GLOSSARY = (
    (
        marked("arm"),
        marked("A bundle of mechanisms; every arm runs at every point with every seed."),
    ),
    (
        marked("frame"),
        marked("A combination of what changes the scene: region, years, prepared sets."),
    ),
    (marked("history"), marked("One run: one frame, point, arm and seed.")),
    (
        marked("pair of histories"),
        marked(
            "The arm and the first arm in one frame at one point with one seed, so that they share "
            "every draw of chance (common random numbers)."
        ),
    ),
    (
        marked("point"),
        marked("One value of every sampled setting. All frames share the points."),
    ),
    (
        marked("seed share of variance"),
        marked(
            "The mean variance between seeds within a point over the variance between histories: "
            "near 100 %, chance outweighs what the settings change within the ranges swept."
        ),
    ),
)
NO_INDEX = marked(
    "Means along a setting are over all values of the others. They are no Sobol' or Morris index, "
    "and say nothing of settings that were not swept."
)
NO_FORECAST = marked(
    "The numbers compare bundles of mechanisms inside a model. They are not odds for any real "
    "border."
)
CLUSTERED = marked(
    "The interval clusters by point and by seed and takes off once what both count (Cameron, "
    "Gelbach and Miller 2011), with Student's t. Where fewer than 30 histories had an event, or "
    "pairs differ, it is widened to the one of independent histories; where none did, the rule of "
    "three counts seeds or points, whichever is less."
)
BINNED = marked(
    "Along a range, points are put in up to five bins of about equal counts; a list is shown value "
    "by value. The seeds are the same in every bin, so that bins differ by less than their "
    "intervals suggest: the sentence under a figure compares the last bin with the first seed by "
    "seed."
)
ONE_AT_A_TIME = marked(
    "Intervals hold one at a time. Among many rows about one in twenty misses by chance."
)
ONE_SEED = marked(
    "There is one seed, which all points share: its luck is in every number, nothing tells how "
    "large it is, and no interval is given. More seeds (seeds=) give one."
)


def how_sure(sweep: Sweep, told: list[Claim]) -> list[tuple[str, str]]:
    """Bullets under the headline."""
    claimed = sum(not claim.refused for claim in told)
    return [
        (
            say("Direction"),
            say("The rule, fixed beforehand, allows a claim in {claimed} of {frames}.",
                claimed=words.plain(claimed, 0), frames=words.count(len(told), "frame")),
        ),
        (say("Intervals"), _interval_words(sweep)),
        (say("No sensitivity index"), say(NO_INDEX)),
        (say("Not a forecast"), say(NO_FORECAST)),
    ]  # fmt: skip


def method_notes(sweep: Sweep, found: Findings) -> list[str]:
    """How the numbers were made, in sentences; all figures are computed."""
    return [
        say("{account}. Failed and missing runs never enter a number; a pair of which one is "
            "missing drops out.", account=account(sweep.counts)),
        say("An effect is the mean difference within pairs.") + " " + _interval_words(sweep),
        say(CLUSTERED),
        say(BINNED),
        say(ONE_AT_A_TIME),
        *dict.fromkeys(line for f in sweep.frames for line in censored.how_to_read(f)),
        assumption_text(sweep.declarations),
        *_left_out(sweep, found),
    ]  # fmt: skip


def limits() -> list[tuple[str, str]]:
    """What the model cannot say; intervals also cover which points were drawn."""
    chosen = [CHANCE if name == CHANCE[0] else (name, text) for name, text in LIMITS]
    return [(say(name), say(text)) for name, text in chosen]


def glossary() -> list[tuple[str, str]]:
    """Terms with their meaning."""
    return [(say(term), say(text)) for term, text in GLOSSARY]


def _interval_words(sweep: Sweep) -> str:
    """What the intervals cover."""
    sampled = sweep.design.sampled and len(sweep.points) > 1
    if sampled and sweep.seeds > 1:
        return say(
            "Intervals (95 %) cover which seeds and which points were drawn. Histories of one "
            "point share its settings, those of one seed its luck: many points do not make up for "
            "few seeds ({seeds} here).", seeds=words.plain(sweep.seeds, 0),
        )  # fmt: skip
    if sweep.seeds > 1:
        return say("Intervals (95 %) cover which seeds were drawn; the points are the listed ones, "
                   "not a sample of others.")  # fmt: skip
    return say(ONE_SEED)


def _left_out(sweep: Sweep, found: Findings) -> list[str]:
    """What is not drawn or listed, and where it is."""
    notes = []
    if len(sweep.frames) > MOST_FRAMES:
        notes.append(say("Figures show the first {shown} of {frames} frames; the tables hold all.",
                         shown=words.plain(MOST_FRAMES, 0),
                         frames=words.plain(len(sweep.frames), 0)))  # fmt: skip
    if len(sweep.arms) > MOST_ARMS:
        notes.append(say("Figures along a setting show {shown} of {arms} arms; the tables hold "
                         "all.", shown=words.plain(MOST_ARMS, 0),
                         arms=words.plain(len(sweep.arms), 0)))  # fmt: skip
    if len(found.every) < len(sweep.outcomes):
        notes.append(say("Only headline outcomes are listed: the page would grow too large. The "
                         "parts hold all."))  # fmt: skip
    whole = len(found.main) * len(sweep.frames) * len(sweep.sampled)
    if len(found.responses) < whole:
        notes.append(say(
            "{followed} of {whole} combinations of frame, setting and headline outcome are "
            "followed along the settings; the parts hold all.",
            followed=words.plain(len(found.responses), 0), whole=words.plain(whole, 0),
        ))  # fmt: skip
    return notes
