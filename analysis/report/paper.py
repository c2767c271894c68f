"""What both reports stand on: templates that escape, trusted text, files that are whole."""

from __future__ import annotations

import os
import re
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from analysis import words
from analysis.language import ENGLISH, messages, say, separators, spoken

REPORT, HEADLINE = "report.html", "headline.txt"
TOLD = re.compile(r'\btell\(\s*"([^"]+)"')


def page_of(folder: str | Path, output: str | Path | None, language: str) -> Path:
    """The file of a report: ``output``, else in the folder, each language beside the English one.

    In another language than English it is ``report.LANGUAGE.html``.
    """
    if output is not None:
        return Path(output)
    return Path(folder) / (REPORT if language == ENGLISH else f"report.{language}.html")


def environment(package: str = "analysis.report") -> Environment:
    """The templates of a package; they escape every value and refuse an unknown one."""
    found = Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.finalize = _unbroken
    found.filters["upper_first"] = words.upper_first
    found.globals.update(
        say=say, rich=rich, code=Markup("<code>{}</code>").format, language=spoken(),
        decimal_mark=separators()[0],
        foreign="" if spoken() == ENGLISH else Markup(' lang="en"'),
    )  # fmt: skip
    return found


def rich(message: str, /, **values: Markup) -> Markup:
    """A text whose places hold markup; the text itself is escaped."""
    return escape(say(message)).format(**values)


def script_messages(script: str = "") -> dict[str, str]:
    """Translations of the texts that scripts say with ``tell``; none in English.

    ``script``: the scripts of the page; without them all of the report's.
    """
    if spoken() == ENGLISH:
        return {}
    folder = resources.files("analysis.report").joinpath("assets")
    sources = [script] if script else [file.read_text(encoding="utf-8") for file
                                       in folder.iterdir() if file.name.endswith(".js")]
    single = messages(spoken()).single
    told = {text for source in sources for text in TOLD.findall(source)}
    return {text: single[text] for text in sorted(told) if text in single}


def trusted(text: str) -> Markup:
    """Our own assets and JSON made safe for a script element; nothing else passes here."""
    return Markup(text)  # noqa: S704 - not a user's text


def write(path: Path, text: str) -> None:
    """Write whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(path)


def _unbroken(value: Any) -> Any:
    """Keep a number and its percent sign on one line; scripts and data pass untouched."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return value.replace(" %", "\u00a0%")
    return value
