"""Words of a command line that are no ``key=value``: spaces, lost quotes, what a shell cut up."""

from __future__ import annotations

from collections.abc import Callable, Sequence

QUOTES = "'\""
FREE = ("out", "about", "region")  # text as typed: any sign may stand in it
CALLS = ("interval", "range", "choice", "glob", "tag", "int", "sort")


def cut_by_shell(words: Sequence[str], position: int) -> tuple[int, str]:
    """How many words a shell cut from one at its spaces, and the message; (0, "") if none.

    Cut is a word whose bracket stays open or that ends in a comma, before a word without ``=``.
    """
    word = words[position]
    if "=" not in word:
        return 0, ""
    key, _, text = word.partition("=")
    if key in FREE:
        return 0, ""
    if word[0] in QUOTES:
        bare = word.strip(QUOTES)
        return 1, f'{word}: the quotes came with it; this shell takes double ones: "{bare}"'
    parts, used = [text], 1
    while (_open("".join(parts)) or parts[-1].endswith(",")) and _loose(words, position + used):
        parts.append(words[position + used])
        used += 1
    joined = "".join(parts)
    if used > 1:
        return used, (f"'{word} {' '.join(parts[1:])}': the shell cut it at a space. Leave the "
                      f"spaces out, in quotes: '{key}={joined}'")  # fmt: skip
    if text in CALLS:
        lost = 2 if _loose(words, position + 1) else 1
        return lost, (f"'{word}': {text} needs its numbers in brackets; a shell may have taken "
                      f"them. Put quotes around all of it: '{key}={text}(...)'")  # fmt: skip
    if _open(text):
        return 1, f"'{word}': a bracket is not closed. Write '{word}{_open(text)}'"
    return 0, ""


def no_value(
    words: Sequence[str], position: int, cure: Callable[[str], str]
) -> tuple[int, str]:
    """How many words belong to a setting without ``key=value`` form, and the message."""
    word = words[position]
    rest = list(words[position + 1 : position + 3])
    key = word.strip("=")
    if rest and rest[0] == "=" and len(rest) > 1:
        return 3, _join(f"{word} = {rest[1]}", key, rest[1])
    if rest and rest[0].startswith("=") and len(rest[0]) > 1:
        return 2, _join(f"{word} {rest[0]}", key, rest[0][1:])
    follows = rest[0] if rest and "=" not in rest[0] else ""
    if follows and not word.startswith("="):
        return 2, _join(f"{word} {follows}", key, follows)
    if word.endswith("="):
        return 1, f"'{word}': no value is given. Write {key}=VALUE without spaces."
    return 1, f"'{word}': the '=' is missing. A setting is written key=value. {cure(word)}".strip()


def _join(typed: str, key: str, value: str) -> str:
    return f"'{typed}': a setting is written key=value without spaces. Write {key}={value}"


def _loose(words: Sequence[str], position: int) -> bool:
    """True for a word that can only belong to the one before it."""
    return position < len(words) and "=" not in words[position] and words[position][:1] != "-"


def _open(text: str) -> str:
    """The brackets that would close what is open."""
    closing = []
    pairs = {"(": ")", "[": "]", "{": "}"}
    for sign in text:
        if sign in pairs:
            closing.append(pairs[sign])
        elif closing and sign == closing[-1]:
            closing.pop()
    return "".join(reversed(closing))
