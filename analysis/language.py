"""The language of a report: messages from files, plurals by rule, numbers as readers write them.

Texts stand in the code in English, whole sentences with named places, and are said through `say`
and `say_count`. Their translations stand in ``analysis/messages/LANGUAGE.po`` (gettext; written
anew by ``python -m experiments.messages``). The rules of plurals and the marks in numbers are those
of the Unicode CLDR, as Babel ships them. A text without a translation is said in English.

The language belongs to the context (`speaking`), English outside of it; numbers are rounded before
they are worded, so that all languages show the same digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from babel import Locale

ENGLISH = "en"
LANGUAGES = {"en": "English", "es": "español", "fr": "français"}
UNBROKEN = {"fr": (  # no line begins with a mark that stands after a space
    (re.compile(r" (?=[:»%])|(?<=«) "), "\u00a0"), (re.compile(r" (?=[;!?])"), "\u202f"),
)}  # fmt: skip
_SPOKEN: ContextVar[str] = ContextVar("language", default=ENGLISH)


class LanguageError(ValueError):
    """A language that no message file speaks."""


class Messages(NamedTuple):
    """The translations of one language, by English text; plurals in the order of its rule."""

    single: dict[str, str]
    counted: dict[str, tuple[str, ...]]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything inside in a language of LANGUAGES. Raises LanguageError for another one."""
    if language not in LANGUAGES:
        raise LanguageError(f"no message file for {language!r}; there are {', '.join(LANGUAGES)}")
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def spoken() -> str:
    """The language of this context, as an ISO 639-1 code."""
    return _SPOKEN.get()


def marked(message: str) -> str:
    """The text itself: a constant that is said later, marked for the message files."""
    return message


def say(message: str, /, **values: object) -> str:
    """A text in the language of the context, its {places} filled."""
    language = spoken()
    said = message if language == ENGLISH else messages(language).single.get(message) or message
    return said.format(**values) if values else said


def say_count(one: str, many: str, number: int, /, **values: object) -> str:
    """A counted text by the plural rule; ``{number}`` is the number as readers write it."""
    language = spoken()
    if language == ENGLISH:
        said = one if number == 1 else many
    else:
        forms = messages(language).counted.get(one, (one, many))
        said = forms[0 if _locale(language).plural_form(number) == "one" else -1]
    return said.format(number=digits(f"{number}"), **values)


def digits(text: str) -> str:
    """A decimal numeral (``-1234.50``) with the marks of the language; no digit changes."""
    language, places = spoken(), len(text.partition(".")[2])
    if language == ENGLISH:
        return f"{Decimal(text):,.{places}f}"
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(Decimal(text), format=pattern, locale=language)


def separators() -> str:
    """Plotly's ``layout.separators``: the decimal mark, then the mark of thousands."""
    if spoken() == ENGLISH:
        return ".,"
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return get_decimal_symbol(spoken()) + get_group_symbol(spoken())


def day_words(when: date, pattern: str) -> str:
    """A date by a CLDR pattern, such as ``d MMMM y``, in the language of the context."""
    from babel.dates import format_date

    return format_date(when, pattern, locale=spoken())


@lru_cache(maxsize=8)
def messages(language: str) -> Messages:
    """The message file of a language; fuzzy and empty translations do not count."""
    from babel.messages.pofile import read_po

    path = resources.files("analysis").joinpath("messages", f"{language}.po")
    single: dict[str, str] = {}
    counted: dict[str, tuple[str, ...]] = {}
    with path.open("rb") as file:
        for entry in read_po(file, locale=language):
            if not entry.id or entry.fuzzy:
                continue
            if isinstance(entry.id, tuple | list):
                forms = tuple(_unbroken(form, language) for form in entry.string or ())
                if forms and all(forms):
                    counted[entry.id[0]] = forms
            elif entry.string:
                single[entry.id] = _unbroken(str(entry.string), language)
    return Messages(single, counted)


def _unbroken(text: str, language: str) -> str:
    """The text with spaces that end no line where the language's typography asks for them."""
    for place, space in UNBROKEN.get(language, ()):
        text = place.sub(space, text)
    return text


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    from babel import Locale

    return Locale.parse(language)
