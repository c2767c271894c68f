"""Build the report of a sweep: one offline HTML file, and the headline as text.

The bytes depend on the study folder, the language and the installed versions only. Figures are
drawn beforehand as small SVG, so that the page carries no chart library.
"""

from __future__ import annotations

from pathlib import Path

from analysis import words
from analysis.language import ENGLISH, speaking
from analysis.localised import localised_sweep
from analysis.report.bundle import json_text, plain_bundle
from analysis.report.paper import (
    HEADLINE,
    environment,
    page_of,
    script_messages,
    trusted,
    write,
)
from analysis.report.texts import arm_texts
from analysis.scruples import lost_words, not_whole
from analysis.sweep_effects import Findings, findings
from analysis.sweep_headline import claims, headline_text, sample_words
from analysis.sweep_report import cards, notes, records, svg, tables, texts
from analysis.sweep_study import Sweep
from analysis.sweeps import load_sweep

MOST_RESPONSES = 64  # frames x settings x outcomes that are followed along the settings


def build(
    folder: str | Path, output: str | Path | None = None, language: str = ENGLISH
) -> Path:
    """Write ``report.html`` and ``headline.txt`` for the sweep in ``folder``.

    ``output`` is the HTML file to write; by default it lies in the folder, in another language than
    English as ``report.LANGUAGE.html``. headline.txt, which commands print, stays English. Returns
    its path. Raises StudyError when the folder cannot be read, LanguageError for a language without
    a message file.
    """
    sweep = load_sweep(folder)
    found = findings(sweep, MOST_RESPONSES)
    target = page_of(folder, output, language)
    with speaking(language):
        write(target, render(localised_sweep(sweep), found))
    write(target.with_name(HEADLINE), headline_text(sweep, found) + "\n")
    return target


def render(sweep: Sweep, found: Findings) -> str:
    """The page of a sweep as text."""
    inlined = plain_bundle()
    told = claims(sweep, found)
    return environment().get_template("sweep.html.j2").render(
        sweep=sweep,
        claims=told,
        further=texts.further_frames(told),
        flags=[n for n in (sample_words(sweep), not_whole(sweep.counts)) if n],
        failed=lost_words(sweep),
        arms=cards.arm_cards(sweep, found),
        groups=cards.setting_groups(sweep, found),
        shares=cards.share_card(sweep, found),
        every=tables.all_tables(sweep, found),
        signs=[(svg.sign(a), sweep.arms[a].label) for a in cards.drawn_arms(sweep)],
        arm_rows=arm_texts(sweep.arms, sweep.declarations),
        methods=notes.method_notes(sweep, found),
        limits=notes.limits(),
        glossary=notes.glossary(),
        sure=notes.how_sure(sweep, told),
        number=words.plain,
        texts=texts,
        records=records,
        messages_json=trusted(json_text(script_messages())),
        script=trusted(inlined.script),
        style=trusted(inlined.style),
        policy=trusted(inlined.policy),
    )  # fmt: skip
