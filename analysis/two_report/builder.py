"""Build the page that compares two studies: one offline HTML file, and its finding as text.

The bytes depend on the two folders, on how they are named, on the language of the context and on
the installed versions only. Figures are drawn beforehand as small SVG, so that the page carries no
chart library.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from analysis.companions import made_by
from analysis.language import marked, say
from analysis.report import outline
from analysis.report.bundle import json_text, plain_bundle
from analysis.report.paper import environment, script_messages, trusted, write
from analysis.report.texts import provenance_rows
from analysis.two_report import cards, notes, tables, texts
from analysis.two_report.asked import ASKED, MOVES, NOTHING, Asked
from analysis.two_report.rows import Found, compare

KINDS = (
    (MOVES, marked("Can move a number")),
    (ASKED, marked("Ask for other histories of the same model")),
    (NOTHING, marked("Move no number")),
)

PLACES = (
    marked("Its places are names on assumptions."),
    marked(
        "Towns and populations are real where the sources of the region file say so; trust, "
        "rivalry, capacity and the like are assumptions, and no statement about the people of any "
        "town. Each study's own report lists both. No position is taken on any border."
    ),
)


def build(asked: Asked, output: Path) -> str:
    """Write the page to ``output``; returns its finding and what stands under it.

    Raises StudyError where nothing can be compared.
    """
    found = compare(asked)
    write(output, render(found))
    return _finding(found)


def finding(asked: Asked) -> str:
    """What the page finds and what stands under it, as text. Raises StudyError as `build` does."""
    return _finding(compare(asked))


def _finding(found: Found) -> str:
    return "\n".join([texts.title(found), *texts.in_short(found)])


def render(found: Found) -> str:
    """The page as text."""
    inlined = plain_bundle(more=("two.css",))
    changed = [(kind, say(name), own, tables.changes_table(own, kind))
               for kind, name in KINDS if (own := found.asked.of(kind))]  # fmt: skip
    heads = cards.heads(found)
    names = " ".join(map(shlex.quote, found.asked.names))
    return environment().get_template("two.html.j2").render(
        found=found,
        title=texts.title(found),
        in_short=texts.in_short(found),
        sides=cards.side_cards(found),
        heads_said=texts.headlines_words(heads, found.all_outcomes),
        sure=notes.how_sure(found),
        changed=changed,
        most_changes=tables.MOST_CHANGES,
        differences=cards.difference_cards(found),
        own=cards.own_card(found),
        every=tables.rows_table(found, found.every, "every", say("Every outcome that both keep")),
        accounts=[notes.account(letter, study)
                  for letter, study in zip("AB", found.asked.studies, strict=True)],
        runs=tables.runs_table(found),
        failures=tables.failure_rows(found),
        read=notes.how_to_read(found),
        methods=notes.method_notes(found),
        limits=[(say(name), say(text)) for name, text in (*outline.LIMITS[:3], PLACES)],
        glossary=[(say(term), say(text)) for term, text in outline.GLOSSARY if term in WORDS],
        provenance=_provenance(found),
        commands=[
            *(made_by(study) for study in found.asked.studies),
            f"thalweg report {names}",
            *([f"thalweg diff {names} seeds=50"] if found.differences else []),
        ],
        script=trusted(inlined.script),
        messages_json=trusted(json_text(script_messages())),
        style=trusted(inlined.style),
        policy=trusted(inlined.policy),
    )  # fmt: skip


WORDS = {"arm", "contained", "crisis", "incident", "interval, 95 %", "pair of histories"}


def _provenance(found: Found) -> list[tuple[str, str, str]]:
    """What both folders state, beside each other."""
    own = [dict(provenance_rows(study)) for study in found.asked.studies]
    return [(name, own[0].get(name, ""), own[1].get(name, "")) for name in dict.fromkeys(
        (*own[0], *own[1]))]  # fmt: skip
