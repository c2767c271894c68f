"""Build the report: one offline HTML file, and the headline as text.

The bytes depend on the study folder and on the installed versions only: no clock, no random ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis import theme, words
from analysis.answer_figures import ANSWERS
from analysis.companions import Companions, companions, made_by, place_of
from analysis.comparisons import load_comparison
from analysis.figures import FIGURES, WHOLE
from analysis.figures.figure import Figure, View, figure_said
from analysis.focus import focus_note, in_focus, many
from analysis.headline import headline
from analysis.language import ENGLISH, say, speaking
from analysis.localised import localised, localised_companions
from analysis.report import outline, texts
from analysis.report.bundle import bundle, clean, json_text, packed
from analysis.report.cards import headline_cards
from analysis.report.paper import (
    HEADLINE,
    environment,
    page_of,
    script_messages,
    trusted,
    write,
)
from analysis.report.whatif import TEXTS, Panel, panel
from analysis.study import OK, Study, StudyError
from analysis.sweep_study import Sweep

WHATIF = "whatif"
MOST_TABS = 4


def build(
    folder: str | Path,
    output: str | Path | None = None,
    beside: Sequence[str | Path] = (),
    language: str = ENGLISH,
) -> Path:
    """Write ``report.html`` and ``headline.txt`` for the study in ``folder``.

    ``output`` is the HTML file to write; by default it lies in the folder, in another language than
    English as ``report.LANGUAGE.html``. headline.txt, which commands print, stays English.
    ``beside``: folders of other studies of the same region that are taken in
    (`analysis.companions`). Returns its path. Raises StudyError when a folder cannot be read,
    LanguageError for a language without a message file.
    """
    study = load_comparison(folder)
    _check_arms(study, folder)
    target = page_of(folder, output, language)
    with speaking(language):
        write(target, render(localised(study), localised_companions(companions(study, beside))))
    write(target.with_name(HEADLINE), headline(study).text + "\n")
    return target


def _check_arms(study: Study, folder: str | Path) -> None:
    """Refuse a report where an arm has nothing to show."""
    ended = set(study.runs.loc[study.runs["status"] == OK, "arm"])
    lost = ", ".join(arm.name for arm in study.arms if arm.name not in ended)
    if lost:
        raise StudyError(f"{folder}: no run of {lost} ended well, so there is nothing to compare")


def render(study: Study, others: Companions | None = None) -> str:
    """The page of a study as text, with what other studies of the region answer."""
    others = others or Companions()
    found = _figures(study, others)
    dials = panel(study, others)
    inlined = bundle()
    head = headline(study)
    return environment().get_template("page.html.j2").render(
        study=study,
        head=head,
        cards=headline_cards(study, head),
        crises=texts.crisis_rows(study, head),
        sure=texts.how_sure(study, head),
        sections=[s for s in outline.SECTIONS if any(key in found for key in s.figures)
                  or (dials is not None and s.key == WHATIF)],
        figures={key: _card(figure, study) for key, figure in found.items()},
        panel=dials,
        unasked=_unasked(study, {*found, *([WHATIF] if dials else [])}),
        taken=[*map(_taken, others.others), *map(_taken, others.sweeps)],
        facts=_facts(study),
        command=made_by(study),
        texts=texts,
        outline=outline,
        bundle={
            "script": trusted(inlined.script),
            "style": trusted(inlined.style),
            "plotly": inlined.plotly,
            "plotly_version": inlined.plotly_version,
            "unwanted_styles": inlined.unwanted_styles,
            "policy": trusted(inlined.policy),
        },
        messages_json=trusted(json_text(script_messages())),
        words_json=trusted(json_text(clean(_page_data(found)))),
        views_packed=packed(json_text(clean(_views(found)))),
        tables_packed=packed(json_text(clean(_tables(found)))),
        specs_packed=packed(json_text(clean(_specs(found)))),
        emulators_packed=packed(json_text(clean(_emulators(dials, study)))),
    )  # fmt: skip


def _emulators(dials: Panel | None, study: Study) -> dict[str, Any]:
    if dials is None:
        return {}
    names = {one["name"]: one["label"] for one in study.declarations["mechanisms"]}
    texts = {key: say(text) for key, text in TEXTS.items()}
    return {"emulators": dials.emulators, "texts": texts, "names": names}


def _unasked(study: Study, there: set[str]) -> list[tuple[str, str]]:
    """Questions that nothing here answers, each with the command that would."""
    told = []
    for keys, question, how in outline.UNASKED:
        if not there.intersection(keys):
            told.append((say(question), how.format(folder=place_of(study))))
    if told:
        place = place_of(study)
        told.append((say("Take other studies in"), f"thalweg report {place} --with FOLDER"))
    return told


def _taken(one: Study | Sweep) -> dict[str, str]:
    """A study that was taken in, as a row of the provenance."""
    return {
        "folder": place_of(one),
        "kind": say("sweep") if isinstance(one, Sweep) else say("comparison"),
        "runs": say("{launched} launched, {ok} ended well",
                    launched=words.plain(one.counts.launched, 0),
                    ok=words.plain(one.counts.ok, 0)),
        "identity": str(one.manifest.get("identity", ""))[:16],
        "command": made_by(one),
    }  # fmt: skip


def _figures(study: Study, others: Companions) -> dict[str, Figure]:
    """Every figure that the studies have the data for."""
    near, found = in_focus(study), {}
    for key, make in FIGURES.items():
        figure = make(study if key in WHOLE else near)
        if figure is None:
            continue
        if key not in WHOLE and (said := focus_note(study)):
            figure = replace(figure, note=f"{figure.note} {said}".strip())
        found[key] = figure
    for key, answer in ANSWERS.items():
        drawn = answer(study, others)
        if drawn is not None:
            found[key] = drawn
    return {key: figure_said(figure) for key, figure in found.items()}


def _card(figure: Figure, study: Study) -> dict[str, Any]:
    """What the template needs of a figure."""
    start = next((v for v in figure.views if v.key == figure.start), figure.views[0])
    groups: dict[str, list[View]] = {}
    for view in figure.views:
        groups.setdefault(view.group, []).append(view)
    tabs = len(figure.views) <= MOST_TABS and set(groups) == {""}
    commands = figure.command or (made_by(study), f"thalweg report {place_of(study)}")
    return {"figure": figure, "start": start, "groups": groups, "tabs": tabs, "commands": commands}


def _page_data(found: dict[str, Figure]) -> dict[str, Any]:
    """Words of every figure; those of its views travel packed, the first stands in the page."""
    return {
        key: {
            "start": figure.start or figure.views[0].key,
            "state": figure.state,
            "source": figure.source,
            "note": figure.note,
            "views": {},
        }
        for key, figure in found.items()
    }


def _views(found: dict[str, Figure]) -> dict[str, Any]:
    """Words of every view."""
    return {key: {view.key: _view_words(view) for view in figure.views}
            for key, figure in found.items()}  # fmt: skip


def _view_words(view: View) -> dict[str, Any]:
    return {
        "label": view.label,
        "title": view.title,
        "subtitle": view.subtitle,
        "narrow": view.narrow_note,
        "alt": view.alt,
        "legend": [[key.token.lstrip("@"), key.label, key.mark] for key in view.legend],
        "steps": list(view.steps),
        "columns": [[c.key, c.label, c.digits] for c in view.columns],
    }


def _tables(found: dict[str, Figure]) -> dict[str, Any]:
    """Rows of every view, column by column; unpacked by the page when they are asked for."""
    return {key: {view.key: _rows(view) for view in figure.views} for key, figure in found.items()}


def _rows(view: View) -> list[Any]:
    table = view.table[[column.key for column in view.columns]]
    return [_column(table[column].tolist()) for column in table.columns]


def _column(values: list[Any]) -> list[Any] | dict[str, list[Any]]:
    """Numbers as they are; repeated texts once each, with their places."""
    distinct = list(dict.fromkeys(v for v in values if isinstance(v, str)))
    if not distinct or 2 * len(distinct) > len(values):
        return values
    place = {value: at for at, value in enumerate(distinct)}
    return {"texts": distinct, "at": [place[value] for value in values]}


def _specs(found: dict[str, Figure]) -> dict[str, Any]:
    """Chart specs and colour tokens, unpacked together with the chart library."""
    return {
        "themes": theme.THEMES,
        "figures": {
            key: {view.key: {"wide": view.spec, "narrow": view.narrow} for view in figure.views}
            for key, figure in found.items()
        },
    }


def _facts(study: Study) -> list[str]:
    towns = len(study.region["municipalities"])
    nations = len(study.region.get("nations", []))
    return [
        say("{towns} in {nations}", towns=words.count(towns, "town"),
            nations=words.count(nations, "nation")),
        say("{histories}, {start} to {end}", start=study.start_year, end=study.end_year,
            histories=words.count(study.counts.ok, "simulated history", "simulated histories")),
        words.count(len(study.arms), "arm")
        if many(study)
        else words.upper_first(words.listing([arm.label for arm in study.arms])),
    ]  # fmt: skip
