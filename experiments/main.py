"""The door: ``thalweg COMMAND``. It parses, hands over, and turns every end into an exit code.

Only the standard library is imported here, and of it little: ``thalweg --help`` answers in a few
times the start-up of Python itself. Each command imports what it needs when it is called.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

from experiments import console
from experiments.exits import FAILED, INTERRUPTED, USAGE, StoppedError, UsageError


class Command(NamedTuple):
    """One sub-command: where it lives, what it takes, how it is explained."""

    module: str
    summary: str
    about: str
    example: str
    takes: str  # "settings", "folder", "regions" or ""


COMMANDS = {
    "run": Command(
        "experiments.run",
        "simulate one history and tell it in words",
        "Simulates one history of a region, tells what happened with calendar dates, prints a\n"
        "table of outcomes and writes both with the full event log.",
        "thalweg run region=fergana mechanisms=joint_committee seed=7",
        "settings",
    ),
    "compare": Command(
        "experiments.compare",
        "compare mechanisms under the same weather, elections and luck",
        "Simulates every arm with the same seeds (common random numbers), writes a study folder\n"
        "and its report. arms=none,data_sharing,joint_committee,full or a+b for two together,\n"
        "negotiated, full-a for all but a, alone and minus for every such arm; all stands for\n"
        "none,alone,full,minus,negotiated, less what is named beside it. The first arm is the\n"
        "baseline. seeds=200 histories per arm, from seed=1 on. Stopped half-way, the same\n"
        "command continues where it was.",
        "thalweg compare region=fergana arms=none,data_sharing,full seeds=200 out=results/mine",
        "settings",
    ),
    "validate": Command(
        "experiments.validate",
        "score the model against published patterns",
        "Simulates a declared mix of borders, passes the acts through a reporting filter and\n"
        "scores published patterns: target, accepted range, model with interval, verdict. Ends\n"
        "with 1 when a required pattern fails; with --strict, when any fails or has too few\n"
        "events, held-out ones among them. parameters= and parameters.KEY= may be set; borders,\n"
        "years and histories stand in the study file. Takes minutes; --quick about one.",
        "thalweg validate --quick",
        "ensemble",
    ),
    "calibrate": Command(
        "experiments.calibrate",
        "fit the free parameters to patterns: a set of fits",
        "Matches the parameters that the study file declares free to the patterns that may be\n"
        "calibrated on, for every rival structure, in waves of simulated ensembles with emulators\n"
        "in between (history matching). Writes the fits that pass again with fresh seeds, with\n"
        "their spread, and what could not be met. The default budget of 150 ensembles and the 48\n"
        "that confirm take about forty minutes on two cores. Stopped half-way, the same command\n"
        "continues. Needs the extra 'calibrate'.",
        "thalweg calibrate --budget 150 out=results/fits",
        "ensemble",
    ),
    "report": Command(
        "experiments.results",
        "build the report of a study folder again",
        "Writes report.html of a study folder anew. No run is simulated.",
        "thalweg report results/demo",
        "folder",
    ),
    "digest": Command(
        "experiments.results",
        "print one hash of the results of a folder",
        "Prints how many runs a folder holds and, as the last line, one hash (64 hex digits) over\n"
        "the results. Times, paths, threads and chunk length do not enter it: equal hashes mean\n"
        "equal results, bit for bit.",
        "thalweg digest results/demo",
        "folder",
    ),
    "regions": Command(
        "experiments.region_command",
        "list the regions, or build one of your own border",
        "Lists the regions with what each shows: those that come with Thalweg, those of\n"
        "--config-dir DIR, and region files in this folder. Everything is simulated, not\n"
        "observed; no position on any border.\n\n"
        "build writes a new region file, borders the lines of its map: see docs/own-border.md.",
        "thalweg regions build name=my_border countries=FR,ES radius_km=30 out=my_border.yaml",
        "regions",
    ),
    "doctor": Command(
        "experiments.doctor",
        "check this installation and say what is missing",
        "Prints versions, the cache of compiled code, threads, and what is missing with its cure.",
        "thalweg doctor",
        "",
    ),
}
OPTIONS = (
    "--help", "--version", "--config", "--config-dir", "--replace", "--study", "--quick", "--roots",
    "--events", "--json", "--budget", "--strict",
)  # fmt: skip
EXITS = "exit codes: 0 done, 1 failed, 2 usage, 3 done but some runs failed, 130 interrupted"


class Parser(argparse.ArgumentParser):
    """argparse, except that a usage mistake is raised as a plain message."""

    def error(self, message: str) -> None:  # type: ignore[override]
        """Raise instead of printing the usage."""
        raise UsageError(message)


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
    lines += [f"  {name:<9} {command.summary}" for name, command in COMMANDS.items()]
    lines += ["", "examples:"]
    lines += [f"  {command.example}" for command in COMMANDS.values()]
    return "\n".join([*lines, "", "thalweg COMMAND --help explains one command.", EXITS])


def parser_of(name: str) -> Parser:
    """The argument parser of one command."""
    command = COMMANDS[name]
    epilog = f"example:\n  {command.example}\n\n"
    if command.takes in {"settings", "regions"}:
        from experiments.help_texts import regions_help, settings_help

        epilog += (settings_help() if command.takes == "settings" else regions_help()) + "\n"
    parser = Parser(
        prog=f"thalweg {name}",
        description=command.about,
        epilog=epilog + EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    if command.takes == "settings":
        parser.add_argument("settings", nargs="*", metavar="key=value", help="see below")
        parser.add_argument("--config", metavar="FILE", help="settings from a YAML file")
        parser.add_argument(
            "--config-dir", metavar="DIR", help="your own configs: they win over the packaged ones"
        )
        parser.add_argument(
            "--replace", action="store_true", help="another study in the out= folder is removed"
        )
    elif command.takes == "ensemble":
        _ensemble_arguments(parser, name)
    elif command.takes == "regions":
        parser.add_argument("words", nargs="*", metavar="build key=value", help="see below")
        parser.add_argument("--config-dir", metavar="DIR", help="list your own configs, too")
        parser.add_argument("--json", action="store_true", help="the list as JSON")
        parser.add_argument("--replace", action="store_true", help="a file that exists is replaced")
    elif command.takes == "folder":
        parser.add_argument("folder", metavar="DIR", help="a folder written by compare or run")
    return parser


def _ensemble_arguments(parser: Parser, name: str) -> None:
    """Arguments of the commands that watch a mix of borders."""
    parser.add_argument("settings", nargs="*", metavar="key=value", help="parameters, out=, seed=")
    parser.add_argument("--study", metavar="FILE", help="borders and backgrounds of your own")
    parser.add_argument("--config-dir", metavar="DIR", help="your own configs")
    parser.add_argument("--quick", action="store_true", help="few and short histories")
    if name == "validate":
        parser.add_argument("--roots", type=int, default=1, metavar="N", help="repeat with N roots")
        parser.add_argument("--events", metavar="FILE", help="score against your own events (CSV)")
        parser.add_argument("--strict", action="store_true", help="end with 1 unless all pass")
    else:
        parser.add_argument("--budget", type=int, default=150, metavar="N", help="ensembles in all")


def _command(word: str) -> str:
    """The command that is meant; raises UsageError with the nearest one."""
    if word in COMMANDS:
        return word
    if word in OPTIONS:
        raise UsageError(f"{word} comes after a command, for example: thalweg compare {word}")
    what = "option" if word.startswith("-") else "command"
    known = [*OPTIONS[:2]] if what == "option" else [*COMMANDS]
    hint = "A command comes first, for example: thalweg run" if "=" in word else ""
    raise UsageError(f"unknown {what} '{word}'. {hint or _nearest(word, known)}")


def _carry_out(name: str, words: Sequence[str]) -> int:
    parser = parser_of(name)
    known, rest = parser.parse_known_args(list(words))
    own = _options(parser)
    options = [_unknown_option(word, own) for word in rest if word.startswith("-")]
    options += [f"'{word}': --{_key(word)} is an option here. It carries dashes and no equals "
                f"sign; see thalweg {name} --help" for word in words
                if "=" in word and f"--{_key(word)}" in own]  # fmt: skip
    if options:
        raise UsageError(options)
    if COMMANDS[name].takes in {"settings", "ensemble"}:
        known.settings = [word for word in words if word in {*known.settings, *rest}]
    elif COMMANDS[name].takes == "regions":
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


def _unknown_option(word: str, own: Sequence[str]) -> str:
    bare = word.lstrip("-")
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
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    entry()
