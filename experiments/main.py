"""The door: ``thalweg COMMAND``. It parses, hands over, and turns every end into an exit code.

Only the standard library is imported here, and of it little: ``thalweg --help`` answers in a few
times the start-up of Python itself. Each command imports what it needs when it is called.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from experiments import console
from experiments.arguments import Parser, fill, options_of
from experiments.commands import COMMANDS, EXITS
from experiments.exits import FAILED, INTERRUPTED, USAGE, StoppedError, UsageError


def main(argv: Sequence[str]) -> int:
    """Carry out one command line; returns the exit code."""
    prefix, helps = "thalweg", "Help: thalweg --help"
    try:
        if not argv or argv[0] in {"-h", "--help", "help"}:
            console.say(overview())
            return 0 if argv else USAGE
        if argv[0] == "--version":
            return _version()
        name = _command(argv[0])
        prefix, helps = f"thalweg {name}", f"Help: thalweg {name} --help"
        return _carry_out(name, argv[1:])
    except UsageError as error:
        console.complain(prefix, error.messages, helps)
        return USAGE
    except StoppedError as error:
        console.note(f"{prefix}: {error}")
        return FAILED
    except KeyboardInterrupt:
        console.note(f"{prefix}: interrupted.")
        return INTERRUPTED
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def overview() -> str:
    """The text of ``thalweg --help``."""
    lines = [
        "thalweg: which cooperation across a border keeps a local incident from climbing?",
        "",
        "usage: thalweg COMMAND [key=value ...]",
        "",
    ]
    lines += [f"  {name:<11} {command.summary}" for name, command in COMMANDS.items()]
    lines += ["", "examples:"]
    lines += [f"  {command.example}" for command in COMMANDS.values()]
    return "\n".join([*lines, "", "thalweg COMMAND --help explains one command.", EXITS])


def parser_of(name: str) -> Parser:
    """The argument parser of one command."""
    command = COMMANDS[name]
    parser = Parser(
        prog=f"thalweg {name}",
        description=command.about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    more = fill(parser, name, command.takes)
    parser.epilog = f"example:\n  {command.example}\n\n{more}{EXITS}"
    return parser


def _command(word: str) -> str:
    """The command that is meant; raises UsageError with the nearest one."""
    if word in COMMANDS:
        return word
    takers = [name for name in ("compare", *COMMANDS) if word in options_of([name])]
    if takers:
        raise UsageError(f"{word} comes after a command, for example: thalweg {takers[0]} {word}")
    what = "option" if word.startswith("-") else "command"
    known = ["--help", "--version"] if what == "option" else [*COMMANDS]
    hint = "A command comes first, for example: thalweg run" if "=" in word else ""
    raise UsageError(f"unknown {what} '{word}'. {hint or _nearest(word, known)}")


def _carry_out(name: str, words: Sequence[str]) -> int:
    parser = parser_of(name)
    known, rest = parser.parse_known_args(list(words))
    own = _options(parser)
    options = [_unknown_option(word, own, name) for word in rest if word.startswith("-")]
    options += [f"'{word}': --{_key(word)} is an option here. It carries dashes and no equals "
                f"sign; see thalweg {name} --help" for word in words
                if "=" in word and f"--{_key(word)}" in own]  # fmt: skip
    if options:
        raise UsageError(options)
    if hasattr(known, "settings"):
        known.settings = [word for word in words if word in {*known.settings, *rest}]
    elif hasattr(known, "words"):
        known.words = [word for word in words if word in {*known.words, *rest}]
    elif rest:
        raise UsageError(f"'{rest[0]}' is one argument too many. Example: {COMMANDS[name].example}")
    from importlib import import_module

    command = getattr(import_module(COMMANDS[name].module), name)
    return int(command(known))


def _options(parser: Parser) -> list[str]:
    from re import findall

    return ["--help", *findall(r"--[a-z-]+", parser.format_usage())]


def _key(word: str) -> str:
    return word.partition("=")[0].replace("_", "-")


def _unknown_option(word: str, own: Sequence[str], name: str) -> str:
    from experiments.settings import COMPARING, FRAME, GROUPS, SWEEP

    bare = word.lstrip("-")
    key = bare.partition("=")[0]
    settings = {*(setting.key for setting in (*FRAME, *SWEEP, *COMPARING)), *GROUPS}
    if name in {"run", "compare", "sweep", "diff"} and (key in settings or "." in key):
        written = bare if "=" in bare else f"{bare}=VALUE"
        return f"unknown option '{word}'. Settings carry no dashes: write {written}."
    if word in {"-m", "--multirun"}:
        return f"unknown option '{word}'. Several values of a setting are for thalweg sweep."
    if name == "sweep" and key == "study":
        return f"unknown option '{word}'. A study of sweep is a setting: write study=FILE."
    hint = f"Settings carry no dashes: write {bare if '=' in bare else bare + '=...'}."
    elsewhere = [name for name in COMMANDS if word in _options(parser_of(name))]
    if elsewhere:
        return f"unknown option '{word}'. It belongs to thalweg {', '.join(elsewhere)}."
    near = _nearest(word, own)
    known = near.startswith("Did") and "=" not in bare
    return f"unknown option '{word}'. {near if known else hint}"


def _nearest(word: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(known)}."


def _version() -> int:
    from importlib.metadata import version

    console.say(f"thalweg {version('thalweg')}")
    return 0


def entry() -> None:
    """The console script."""
    if sys.argv[1:2] == ["explain"]:  # it simulates nothing: without the compiler it starts sooner
        os.environ.setdefault("NUMBA_DISABLE_JIT", "1")
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    entry()
