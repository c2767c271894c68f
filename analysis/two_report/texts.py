"""Sentences of the page, computed: the finding, what stands behind it, what it cannot carry."""

from __future__ import annotations

from collections.abc import Sequence

from analysis import words
from analysis.changes_words import line_numbers
from analysis.headline import Headline, arm_to_claim, phrase_of
from analysis.scruples import flags
from analysis.study import Outcome
from analysis.two_report.asked import ASKED, MODEL_CODE, MOVES, Changed
from analysis.two_report.rows import EFFECTS, LEVELS, Found, Row

MOST_NAMED = 3
NOTHING_MOVES = "Nothing that can move a number differs"
OTHER_TOWNS = (
    "The towns differ, and every draw belongs to a name: no history of A has its like in B. What "
    "is summed over other towns is no difference of a setting either, so no difference is given. "
    "Both borders are shown with the effects of their own arms, which are paired as always."
)
ONE_CLAIMS = "That one headline makes a claim and the other does not is no finding"
ALIKE = "That both say alike does not make them the same"
ASKED_BELOW = "whether they differ is asked directly, below."


def title(found: Found) -> str:
    """The finding of the page in one line; a claim only where it holds with all rows counted."""
    moved = found.asked.of(MOVES)
    if not found.differences:
        return "The towns of A and B differ: no difference between them is given"
    if not moved:
        return _nothing_moved(found)
    row = strongest(found)
    if row is not None:
        return f"It mattered: {_told(found, row)}"
    speaking = [row for row in found.rows if row.speaks]
    if not speaking:
        return "Whether it mattered cannot be said"
    if all(row.line.differ == 0 for row in found.rows):
        return "What changed moved nothing: no pair of histories differs"
    many = words.count(len(speaking), "comparison")
    return f"No difference between A and B is seen that holds with all of {many} counted"


def strongest(found: Found) -> Row | None:
    """The row of the title: effects first, in the headline's order, of the headline's arm."""
    claimed = arm_to_claim(found.arms)
    for what in (EFFECTS, LEVELS):
        held = [row for row in found.of(what) if row.holds]
        for key in found.outcomes:
            own = [row for row in held if row.line.outcome == key]
            if own:
                named = [row for row in own if row.arm == claimed]
                return named[0] if named else min(own, key=lambda row: row.of_all)
    return None


def in_short(found: Found) -> list[str]:
    """What stands under the title: what changed, how many rows differ, what may not be said."""
    said = [changes_words(found)]
    if not found.differences:
        return [*said, OTHER_TOWNS]
    return [*said, *(text for what in (LEVELS, EFFECTS) if (text := counted(found, what)))]


def changes_words(found: Found) -> str:
    """How many settings differ, and the first of them."""
    moved, asked = found.asked.of(MOVES), found.asked.of(ASKED)
    if not moved:
        also = f" ({_named(asked)})" if asked else ""
        other = f"; other histories of the same model are asked for{also}" if asked else ""
        return f"{NOTHING_MOVES}{other}."
    many = "setting that can move numbers differs" if len(moved) == 1 else (
        "settings that can move numbers differ")  # fmt: skip
    return f"{len(moved):,} {many}: {_named(moved)}."


def counted(found: Found, what: str) -> str:
    """How many rows may speak, exclude zero, and hold with all counted."""
    rows = found.of(what)
    if not rows:
        return ""
    name = "Outcomes, B minus A" if what == LEVELS else "Effects of arms, in B minus in A"
    speaking = [row for row in rows if row.speaks]
    if not speaking:
        return f"{name}: none of {_rows(len(rows))} may speak ({rows[0].line.reason})."
    clear = sum(row.clear for row in speaking)
    held = sum(row.holds for row in speaking)
    every = sum(row.speaks for row in found.rows)
    return (f"{name}: {len(speaking)} of {_rows(len(rows))} may speak; the interval excludes zero "
            f"in {clear}, and {held} {_verb(held, 'holds', 'hold')} with all {every} rows "
            "counted.")  # fmt: skip


def how_sure(found: Found) -> list[tuple[str, str]]:
    """Bullets under the headlines."""
    a, b = found.asked.studies
    told = [f"{letter}: {flag}" for letter, one in (("A", a), ("B", b)) for flag in flags(one)]
    bullets = [("Compared", how_compared(found))]
    if found.differences:
        bullets.append(("Many rows", many_rows(found)))
    if len(found.asked.of(MOVES)) > 1 and found.differences:
        bullets.append((
            "Which change did it",
            (f"{words.upper_first(_all(len(found.asked.of(MOVES))))} are not told apart here, as "
            "nothing is simulated. The last command below makes them one at a time."),
        ))  # fmt: skip
    bullets += [("Failed or missing runs", text) for text in told]
    bullets.append((
        "Not a forecast",
        ("The numbers compare settings inside a model. They are not odds for any real border, and "
        "intervals cover the luck of the seeds only."),
    ))  # fmt: skip
    return bullets


def how_compared(found: Found) -> str:
    """Paired or not, over which seeds, and why."""
    if found.paired:
        n = len(found.seeds[0])
        code = any(one.key == MODEL_CODE for one in found.asked.of(MOVES))
        rest = " The model code differs, too: draws are alike as far as it makes them alike." * code
        return (f"In pairs: the same {words.count(n, 'seed')} ({_span(found.seeds[0])}) of A and "
                f"B share every draw of chance, so that a history of A has its like in B.{rest}")
    own = [f"{words.count(len(seeds), 'seed')} of {letter} ({_span(seeds)})"
           for letter, seeds in zip("AB", found.seeds, strict=True)]  # fmt: skip
    return (f"Not in pairs, as {found.why_not_paired}. A and B are two independent samples, "
            f"{own[0]} and {own[1]}"
            + (", with wider intervals. Within each, arms are paired as always."
               if found.differences else ". Within each, arms are paired as always."))


def many_rows(found: Found) -> str:
    """How many rows would exclude zero by chance, and what is made of it."""
    speaking = sum(row.speaks for row in found.rows)
    if not speaking:
        return "No row may speak, so none is corrected."
    by_chance = words.plain(0.05 * speaking, 1)
    return (f"Of {speaking} rows that may speak about {by_chance} would exclude zero by chance if "
            "nothing mattered. \u201cHolds\u201d marks those that do with all of them counted "
            "(Holm, 5 %); only they are in the title.")  # fmt: skip


def headlines_words(heads: tuple[Headline, Headline], outcomes: dict[str, Outcome]) -> str:
    """Whether the two headlines are about the same thing, and which of them claim."""
    a, b = heads
    if not (a.outcome and b.outcome):
        return f"Not both have a headline outcome; {ASKED_BELOW}"
    if a.outcome != b.outcome:
        one, two = (phrase_of(outcomes[head.outcome]) if head.outcome in outcomes
                    else head.outcome for head in heads)  # fmt: skip
        return (f"The headlines are about different outcomes: A is about {one}, B about {two}. "
                "Their numbers cannot be set side by side.")  # fmt: skip
    if a.arm != b.arm:
        return f"The headlines are about different arms: {a.arm} in A, {b.arm} in B."
    claims = [letter for letter, head in zip("AB", heads, strict=True) if not head.refused]
    told = {0: "neither makes a claim", 1: f"{''.join(claims)} alone makes a claim",
            2: "both make a claim"}[len(claims)]  # fmt: skip
    why = ONE_CLAIMS if len(claims) == 1 else ALIKE
    return f"Both headlines are about the same outcome and arm; {told}. {why}: {ASKED_BELOW}"


def how_to_read(found: Found) -> list[str]:
    """How the figures are read."""
    first = found.arms[0].label
    apart = [
        (f"In the figure of effects, an effect is the arm minus {first}, once in A and once in B; "
         "the mark is the effect in B minus the effect in A."),
        ("\u201cBetter\u201d and \u201cworse\u201d follow the direction that each outcome "
         "declares; of an effect they say where it moved, not that the arm helps or harms."),
    ]  # fmt: skip
    return [
        ("The mark of a row is its difference, the bar the 95 % interval, the upright line no "
         "difference."),
        ("A filled mark: the interval excludes zero and nothing speaks against a verdict. An open "
         "mark: no verdict, or no difference seen. The table says which"
         + (", and whether a row holds with all of them counted." if found.differences else ".")),
        *(apart if found.differences else []),
        "Scales differ between panels.",
    ]  # fmt: skip


def method_notes(found: Found) -> list[str]:
    """How the numbers were made."""
    paired = (
        "A difference is the mean of the differences within seeds, with a paired bootstrap; "
        "chances of which fewer than 30 pairs differ get the adjusted Wald interval of Bonett and "
        "Price (2012), and the rule of three where no pair differs."
    )
    unpaired = (
        "A difference is one of two independent samples: Welch's t of means and of effects, "
        "Newcombe's hybrid score interval (1998) of chances."
    )
    notes = [paired if found.paired else unpaired] if found.differences else []
    return [
        *notes,
        ("An effect of an arm is taken within the seeds of one study; the difference of two "
         "effects is one number per seed where seeds are paired."),
        ("No verdict where an arm has fewer than 30 histories with any event, where there are "
         "fewer than 10 pairs (or runs on a side), where failures are uneven or more than one in "
         "twenty, or where more than one in twenty values are not defined."),
        ("The outcomes of the forest are those of the headline, in the order fixed beforehand; "
        "every outcome that both keep stands in the folded table, corrected by itself."),
        *([] if found.asked.studies[0].years == found.asked.studies[1].years else [
            ("The histories differ in length: chances over a whole history grow with it, rates "
            "per year do not, and times to a first event are left out.")]),
    ]  # fmt: skip


def unit_of(outcome: Outcome) -> str:
    """The unit of a difference, for a sentence or an axis."""
    return words.unit_of(outcome)


def _nothing_moved(found: Found) -> str:
    if not found.paired:
        return f"{NOTHING_MOVES} between A and B: what is left is luck"
    apart = sum(row.line.differ for row in found.of(LEVELS))
    if not apart:
        return f"{NOTHING_MOVES} between A and B, and no history does"
    return f"{NOTHING_MOVES} between A and B, yet their histories do"


def _told(found: Found, row: Row) -> str:
    """A row that holds, in words."""
    outcome = found.outcomes[row.line.outcome]
    label, unit = words.lower_first(outcome.label), unit_of(outcome)
    means, _, _ = line_numbers(outcome, row.line)
    if row.what == LEVELS:
        first, second = (f"{mean} {unit}".strip() for mean in means)
        return f"{label} with {row.arm.label}, {first} in A and {second} in B"
    signed = [text if text.startswith(words.MINUS) or not any(c in "123456789" for c in text)
              else f"+{text}" for text in means]  # fmt: skip
    first, second = (f"{text} {unit}".strip() for text in signed)
    return f"the effect of {row.arm.label} on {label} is {first} in A and {second} in B"


def _named(changes: Sequence[Changed]) -> str:
    """The first changes with both values; how many more."""
    parts = [f"{words.lower_first(one.label or one.key)}, {with_unit(one, one.a)} in A and "
             f"{with_unit(one, one.b)} in B" for one in changes[:MOST_NAMED]]  # fmt: skip
    rest = len(changes) - len(parts)
    return "; ".join([*parts, *([f"and {rest:,} more"] if rest else [])])


def with_unit(change: Changed, text: str) -> str:
    """A value as it is spoken."""
    bare = change.unit in words.BARE_UNITS or not text[:1].isdigit()
    return text if bare else f"{text} {words.spoken_unit(change.unit)}"


def _span(seeds: Sequence[int]) -> str:
    return f"{seeds[0]:,} to {seeds[-1]:,}" if seeds else "none"


def _rows(number: int) -> str:
    return words.count(number, "row")


def _verb(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def _all(number: int) -> str:
    return "the two changes" if number == 2 else f"the {number:,} changes"
