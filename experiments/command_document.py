"""The page docs/reference/commands.md: every command, as its argument parser declares it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from experiments import help_texts
from experiments.commands import COMMANDS, EXITS
from experiments.main import parser_of
from experiments.markdown import table
from experiments.reference_document import MARK

# Settings that more than one command takes are told once, under these headings.
SETTINGS = {
    "Settings": help_texts.settings_help,
    "Settings of sweep": help_texts.sweep_help,
    "Words of regions": help_texts.regions_help,
    "Sides of diff": help_texts.diff_help,
}


def page() -> str:
    """The whole page."""
    rows = [(f"[`{name}`](#{name})", command.summary) for name, command in COMMANDS.items()]
    opening = (
        "`thalweg COMMAND --help` says the same in a terminal. A mistake stops before the first "
        "week is simulated, with one line that names the cause and the cure. "
        f"{EXITS.capitalize()}."
    )
    parts = [MARK, "# Commands", opening, table(("command", "what it does"), rows)]
    parts += ["\n\n".join(_command(name)) for name in COMMANDS]
    parts += [f"## {name}\n\n```text\n{text().strip()}\n```" for name, text in SETTINGS.items()]
    return "\n\n".join(parts) + "\n"


def _command(name: str) -> Iterator[str]:
    command, parser = COMMANDS[name], parser_of(name)
    actions = [action for action in parser._actions if action.dest != "help"]  # noqa: SLF001 (argparse lists them nowhere else)
    yield f"## {name}"
    yield _prose(command.about)
    usage = " ".join(["thalweg", name, *(_usage(action) for action in actions)])
    yield f"```text\n{usage}\n```"
    rows = [(f"`{_name(action)}`", _help(action)) for action in actions]
    if rows:
        yield table(("word", "meaning"), rows)
    told = [
        f"[{heading.lower()}](#{heading.lower().replace(' ', '-')})"
        for heading, text in SETTINGS.items() if text().strip() in (parser.epilog or "")
    ]  # fmt: skip
    if told:
        yield f"What may be set: {', '.join(told)}."
    yield f"Example: `{command.example}`"


def _name(action: argparse.Action) -> str:
    """An argument as it is typed: its dashes, then what stands for its value."""
    if not action.option_strings:
        return str(action.metavar)
    dashes = ", ".join(action.option_strings)
    return dashes if action.nargs == 0 else f"{dashes} {_value(action)}"


def _value(action: argparse.Action) -> str:
    if action.choices is not None:
        return "{" + ",".join(map(str, action.choices)) + "}"
    return str(action.metavar or action.dest.upper())


def _usage(action: argparse.Action) -> str:
    if action.option_strings:
        first = action.option_strings[-1]
        return f"[{first}]" if action.nargs == 0 else f"[{first} {_value(action)}]"
    return f"[{action.metavar} ...]" if action.nargs == "*" else str(action.metavar)


def _help(action: argparse.Action) -> str:
    return (action.help or "").replace("*", "\\*")


def _prose(text: str) -> str:
    """Lines of the help as paragraphs; what Markdown would take for marks is kept as it is."""
    joined = [" ".join(part.split()) for part in text.split("\n\n")]
    return "\n\n".join(joined).replace("*", "\\*").replace("<", "&lt;")
