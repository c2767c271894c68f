"""Sentences of the page, computed: the finding, and what stands under it."""

from __future__ import annotations

from collections.abc import Sequence

from analysis import words
from analysis.changes_words import line_numbers
from analysis.headline import Headline, arm_to_claim, phrase_of
from analysis.language import marked, say, say_count
from analysis.study import Outcome
from analysis.two_report.asked import ASKED, MOVES, Changed
from analysis.two_report.rows import EFFECTS, LEVELS, Found, Row

MOST_NAMED = 3
OTHER_TOWNS = marked(
    "The towns differ, and every draw belongs to a name: no history of A has its like in B. What "
    "is summed over other towns is no difference of a setting either, so no difference is given. "
    "Both borders are shown with the effects of their own arms, which are paired as always."
)
NEITHER_CLAIMS = marked(
    "Both headlines are about the same outcome and arm; neither makes a claim. That both say alike "
    "does not make them the same: whether they differ is asked directly, below."
)
ONE_CLAIMS = marked(
    "Both headlines are about the same outcome and arm; {letter} alone makes a claim. That one "
    "headline makes a claim and the other does not is no finding: whether they differ is asked "
    "directly, below."
)
BOTH_CLAIM = marked(
    "Both headlines are about the same outcome and arm; both make a claim. That both say alike "
    "does not make them the same: whether they differ is asked directly, below."
)


def title(found: Found) -> str:
    """The finding of the page in one line; a claim only where it holds with all rows counted."""
    if not found.differences:
        return say("The towns of A and B differ: no difference between them is given")
    if not found.asked.of(MOVES):
        return _nothing_moved(found)
    row = strongest(found)
    if row is not None:
        return _told(found, row)
    speaking = [row for row in found.rows if row.speaks]
    if not speaking:
        return say("Whether it mattered cannot be said")
    if all(row.line.differ == 0 for row in found.rows):
        return say("What changed moved nothing: no pair of histories differs")
    return say_count(
        "No difference between A and B is seen in the {number} comparison that may speak",
        "No difference between A and B is seen that holds with all of {number} comparisons counted",
        len(speaking),
    )


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
        return [*said, say(OTHER_TOWNS)]
    return [*said, *(text for what in (LEVELS, EFFECTS) if (text := counted(found, what)))]


def changes_words(found: Found) -> str:
    """How many settings differ, and the first of them."""
    moved, asked = found.asked.of(MOVES), found.asked.of(ASKED)
    if moved:
        return say_count(
            "{number} setting that can move numbers differs: {settings}.",
            "{number} settings that can move numbers differ: {settings}.",
            len(moved), settings=_named(moved),
        )  # fmt: skip
    if asked:
        return say("Nothing that can move a number differs; other histories of the same model are "
                   "asked for ({settings}).", settings=_named(asked))  # fmt: skip
    return say("Nothing that can move a number differs.")


def counted(found: Found, what: str) -> str:
    """How many rows may speak, exclude zero, and hold with all counted."""
    rows = found.of(what)
    if not rows:
        return ""
    name = (say("Outcomes, B minus A") if what == LEVELS
            else say("Effects of arms, in B minus in A"))  # fmt: skip
    speaking = [row for row in rows if row.speaks]
    many = words.count(len(rows), "row")
    if not speaking:
        return say("{name}: none of {rows} may speak ({reason}).", name=name, rows=many,
                   reason=rows[0].line.reason)  # fmt: skip
    return say_count(
        "{name}: {speaking} of {rows} may speak; the interval excludes zero in {clear}, and "
        "{number} holds with all {every} rows counted.",
        "{name}: {speaking} of {rows} may speak; the interval excludes zero in {clear}, and "
        "{number} hold with all {every} rows counted.",
        sum(row.holds for row in speaking), name=name, speaking=words.plain(len(speaking), 0),
        rows=many, clear=words.plain(sum(row.clear for row in speaking), 0),
        every=words.plain(sum(row.speaks for row in found.rows), 0),
    )  # fmt: skip


def headlines_words(heads: tuple[Headline, Headline], outcomes: dict[str, Outcome]) -> str:
    """Whether the two headlines are about the same thing, and which of them claim."""
    a, b = heads
    if not (a.outcome and b.outcome):
        return say("Not both have a headline outcome; whether they differ is asked directly, "
                   "below.")  # fmt: skip
    if a.outcome != b.outcome:
        one, two = (phrase_of(outcomes[head.outcome]) if head.outcome in outcomes
                    else head.outcome for head in heads)  # fmt: skip
        return say("The headlines are about different outcomes: A is about {one}, B about {two}. "
                   "Their numbers cannot be set side by side.", one=one, two=two)  # fmt: skip
    if a.arm != b.arm:
        return say("The headlines are about different arms: {one} in A, {two} in B.",
                   one=a.arm, two=b.arm)  # fmt: skip
    claims = [letter for letter, head in zip("AB", heads, strict=True) if not head.refused]
    if len(claims) == 1:
        return say(ONE_CLAIMS, letter=claims[0])
    return say(BOTH_CLAIM if claims else NEITHER_CLAIMS)


def unit_of(outcome: Outcome) -> str:
    """The unit of a difference, for a sentence or an axis."""
    return words.unit_of(outcome)


def _nothing_moved(found: Found) -> str:
    if not found.paired:
        return say("Nothing that can move a number differs between A and B: what is left is luck")
    apart = sum(row.line.differ for row in found.of(LEVELS))
    if not apart:
        return say("Nothing that can move a number differs between A and B, and no history does")
    return say("Nothing that can move a number differs between A and B, yet their histories do")


def _told(found: Found, row: Row) -> str:
    """A row that holds, in words."""
    outcome = found.outcomes[row.line.outcome]
    label, unit = words.lower_first(outcome.label), unit_of(outcome)
    means, _, _ = line_numbers(outcome, row.line, signs=row.what == EFFECTS)
    first, second = (f"{mean} {unit}".strip() for mean in means)
    message = (
        marked("It mattered: {outcome} with {arm}, {first} in A and {second} in B")
        if row.what == LEVELS
        else marked("It mattered: the effect of {arm} on {outcome} is {first} in A and {second} in "
                    "B")
    )  # fmt: skip
    return say(message, outcome=label, arm=row.arm.label, first=first, second=second)


def _named(changes: Sequence[Changed]) -> str:
    """The first changes with both values; how many more."""
    parts = [
        say("{setting}, {first} in A and {second} in B",
            setting=words.lower_first(one.label or one.key), first=with_unit(one, one.a),
            second=with_unit(one, one.b))
        for one in changes[:MOST_NAMED]
    ]  # fmt: skip
    rest = len(changes) - len(parts)
    return "; ".join([
        *parts, *([say("and {number} more", number=words.plain(rest, 0))] if rest else [])
    ])  # fmt: skip


def with_unit(change: Changed, text: str) -> str:
    """A value as it is spoken."""
    bare = change.unit in words.BARE_UNITS or not text[:1].isdigit()
    return text if bare else f"{text} {words.spoken_unit(change.unit)}"
