"""Sentences beside the numbers: how sure they are, how they are read, how they were made."""

from __future__ import annotations

from collections.abc import Sequence

from analysis import words
from analysis.language import marked, say
from analysis.scruples import flags
from analysis.study import Study
from analysis.two_report.asked import MODEL_CODE, MOVES
from analysis.two_report.rows import Found

PAIRED = marked(
    "A difference is the mean of the differences within seeds, with a paired bootstrap; chances of "
    "which fewer than 30 pairs differ get the adjusted Wald interval of Bonett and Price (2012), "
    "and the rule of three where no pair differs."
)
UNPAIRED = marked(
    "A difference is one of two independent samples: Welch's t of means and of effects, Newcombe's "
    "hybrid score interval (1998) of chances."
)
METHODS = (
    marked(
        "An effect of an arm is taken within the seeds of one study; the difference of two effects "
        "is one number per seed where seeds are paired."
    ),
    marked(
        "No verdict where an arm has fewer than 30 histories with any event, where there are fewer "
        "than 10 pairs (or runs on a side), where failures are uneven or more than one in twenty, "
        "or where more than one in twenty values are not defined."
    ),
    marked(
        "The outcomes of the forest are those of the headline, in the order fixed beforehand; "
        "every outcome that both keep stands in the folded table, corrected by itself."
    ),
)
OTHER_LENGTH = marked(
    "The histories differ in length: chances over a whole history grow with it, rates per year do "
    "not, and times to a first event are left out."
)
FILLED = marked(
    "A filled mark: the interval excludes zero and nothing speaks against a verdict. An open mark: "
    "no verdict, or no difference seen. The table says which."
)
FILLED_COUNTED = marked(
    "A filled mark: the interval excludes zero and nothing speaks against a verdict. An open mark: "
    "no verdict, or no difference seen. The table says which, and whether a row holds with all of "
    "them counted."
)


def how_sure(found: Found) -> list[tuple[str, str]]:
    """Bullets under the headlines."""
    a, b = found.asked.studies
    told = [say("{study}: {text}", study=letter, text=flag)
            for letter, one in (("A", a), ("B", b)) for flag in flags(one)]  # fmt: skip
    bullets = [(say("Compared"), how_compared(found))]
    if found.differences:
        bullets.append((say("Many rows"), many_rows(found)))
    if len(found.asked.of(MOVES)) > 1 and found.differences:
        bullets.append((say("Which change did it"), _which(len(found.asked.of(MOVES)))))
    bullets += [(say("Failed or missing runs"), text) for text in told]
    bullets.append((
        say("Not a forecast"),
        say("The numbers compare settings inside a model. They are not odds for any real border, "
            "and intervals cover the luck of the seeds only."),
    ))  # fmt: skip
    return bullets


def _which(number: int) -> str:
    if number == 2:
        return say("The two changes are not told apart here, as nothing is simulated. The last "
                   "command below makes them one at a time.")  # fmt: skip
    return say("The {number} changes are not told apart here, as nothing is simulated. The last "
               "command below makes them one at a time.", number=words.plain(number, 0))


def how_compared(found: Found) -> str:
    """Paired or not, over which seeds, and why."""
    if found.paired:
        n = len(found.seeds[0])
        code = any(one.key == MODEL_CODE for one in found.asked.of(MOVES))
        rest = say("The model code differs, too: draws are alike as far as it makes them alike.")
        told = say("In pairs: the same {seeds} ({span}) of A and B share every draw of chance, so "
                   "that a history of A has its like in B.", seeds=words.count(n, "seed"),
                   span=_span(found.seeds[0]))  # fmt: skip
        return f"{told} {rest}" if code else told
    first, second = (
        say("{seeds} of {letter} ({span})", seeds=words.count(len(seeds), "seed"), letter=letter,
            span=_span(seeds)) if seeds else say("no seed of {letter}", letter=letter)
        for letter, seeds in zip("AB", found.seeds, strict=True)
    )  # fmt: skip
    message = (
        marked("Not in pairs, as {reason}. A and B are two independent samples, {first} and "
               "{second}, with wider intervals. Within each, arms are paired as always.")
        if found.differences
        else marked("Not in pairs, as {reason}. A and B are two independent samples, {first} and "
                    "{second}. Within each, arms are paired as always.")
    )  # fmt: skip
    return say(message, reason=found.why_not_paired, first=first, second=second)


def many_rows(found: Found) -> str:
    """How many rows would exclude zero by chance, and what is made of it."""
    speaking = sum(row.speaks for row in found.rows)
    if not speaking:
        return say("No row may speak, so none is corrected.")
    if speaking == 1:
        return say("One row may speak, so nothing is corrected for many.")
    return say("Of {number} rows that may speak about {by_chance} would exclude zero by chance if "
               "nothing mattered. \u201cHolds\u201d marks those that do with all of them counted "
               "(Holm, 5 %); only they are in the title.", number=words.plain(speaking, 0),
               by_chance=words.plain(0.05 * speaking, 1))  # fmt: skip


def how_to_read(found: Found) -> list[str]:
    """How the figures are read."""
    apart = [
        say("In the figure of effects, an effect is the arm minus {first}, once in A and once in "
            "B; the mark is the effect in B minus the effect in A.", first=found.arms[0].label),
        say("\u201cBetter\u201d and \u201cworse\u201d follow the direction that each outcome "
            "declares; of an effect they say where it moved, not that the arm helps or harms."),
    ]  # fmt: skip
    return [
        say("The mark of a row is its difference, the bar the 95 % interval, the upright line no "
            "difference."),
        say(FILLED_COUNTED if found.differences else FILLED),
        *(apart if found.differences else []),
        say("Scales differ between panels."),
    ]  # fmt: skip


def method_notes(found: Found) -> list[str]:
    """How the numbers were made."""
    a, b = found.asked.studies
    notes = [say(PAIRED if found.paired else UNPAIRED)] if found.differences else []
    return [*notes, *map(say, METHODS), *([] if a.years == b.years else [say(OTHER_LENGTH)])]


def account(letter: str, study: Study) -> str:
    """Where the runs of a study went."""
    counts = study.counts
    return say(
        "{study}: {launched} launched = {ok} ok + {failed} failed + {rest} not there.",
        study=letter, launched=words.plain(counts.launched, 0), ok=words.plain(counts.ok, 0),
        failed=words.plain(counts.failed, 0), rest=words.plain(counts.aborted + counts.pending, 0),
    )  # fmt: skip


def _span(seeds: Sequence[int]) -> str:
    return say("{lo} to {hi}", lo=words.plain(seeds[0], 0), hi=words.plain(seeds[-1], 0))
