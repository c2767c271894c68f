"""The message files of the report's languages: ``python -m experiments.messages``.

Writes ``analysis/messages/LANGUAGE.po`` anew from the texts that are said (`message_texts`): what
was translated stays, what is no longer said goes, what is new stands there empty. ``--check``
writes nothing and says what is wrong: a text that is missing or no longer said, an empty
translation, a place that a translation lacks or invents (exit code 1). Translators edit the files
with any editor of gettext files.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.language import ENGLISH, LANGUAGES
from experiments import console
from experiments.message_texts import ROOT, Text, texts

if TYPE_CHECKING:
    from babel.messages import Catalog

PLACE = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
HEADER = "# Texts of the report. Written by python -m experiments.messages; translations by hand."
NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # the same texts give the same bytes


def path_of(language: str) -> Path:
    """The message file of a language."""
    return ROOT / "messages" / f"{language}.po"


def catalogue(language: str) -> Catalog:
    """The translations that there are; an empty catalogue where there is no file."""
    from babel.messages import Catalog
    from babel.messages.pofile import read_po

    if not path_of(language).exists():
        return Catalog(locale=language)
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def written(language: str, said: Sequence[Text]) -> bytes:
    """The message file of a language, with every text that is said and no other."""
    from babel.messages import Catalog
    from babel.messages.pofile import write_po

    known, fresh = catalogue(language), Catalog(
        locale=language, project="Thalweg", version="1", header_comment=HEADER,
        creation_date=NEVER, revision_date=NEVER, fuzzy=False, msgid_bugs_address="",
        last_translator="", language_team="",
    )  # fmt: skip
    for text in said:
        entry = known.get(text[0] if isinstance(text, tuple) else text)
        kept = entry.string if entry and isinstance(entry.id, type(text)) else ""
        fresh.add(text, kept or ("" if isinstance(text, str) else ("", "")))
    file = io.BytesIO()
    write_po(file, fresh, width=100, no_location=True)
    return file.getvalue()


def faults(language: str, said: Sequence[Text]) -> Iterator[str]:
    """What is wrong with a message file, a line each."""
    known = translations(language)
    for text in said:
        name = text if isinstance(text, str) else text[0]
        if text not in known:
            yield f"{language}: not in the file: {name!r}"
            continue
        forms = known[text]
        if not all(forms):
            yield f"{language}: not translated: {name!r}"
        for form in filter(None, forms):
            if places(form) != places(name if isinstance(text, str) else text[1]):
                yield f"{language}: other {{places}} than in English: {name!r}: {form!r}"
    for gone in known.keys() - set(said):
        yield f"{language}: no longer said: {gone!r}"


def translations(language: str) -> dict[Text, tuple[str, ...]]:
    """The forms of every text of a message file: one, or by the plural rule."""
    found: dict[Text, tuple[str, ...]] = {}
    for entry in catalogue(language):
        string = entry.string or ""
        forms = (string,) if isinstance(string, str) else tuple(string)
        if isinstance(entry.id, str) and entry.id:
            found[entry.id] = forms
        elif not isinstance(entry.id, str):
            found[entry.id[0], entry.id[1]] = forms
    return found


def places(text: str) -> set[str]:
    """Names of the places of a message."""
    return set(PLACE.findall(text))


def main(arguments: Sequence[str]) -> int:
    """Write the files, or check them."""
    said = texts()
    wrong: list[str] = []
    for language in (code for code in LANGUAGES if code != ENGLISH):
        if "--check" not in arguments:
            path_of(language).parent.mkdir(exist_ok=True)
            path_of(language).write_bytes(written(language, said))
        wrong += faults(language, said)
    console.say(*wrong[:40], f"{len(said)} texts; {len(wrong)} faults")
    return 1 if wrong and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
