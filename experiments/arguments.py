"""What each kind of command takes on the command line, besides its settings."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable

from experiments.exits import UsageError

VALUE = "a value is needed after it"
LANGUAGES = ("en", "es", "fr")
FAIL = ("fast", "slow", "never")


class Parser(argparse.ArgumentParser):
    """argparse, except that a usage mistake is raised as a plain message."""

    def error(self, message: str) -> None:  # type: ignore[override]
        """Raise instead of printing the usage."""
        plain = message.removeprefix("argument ").replace("expected one argument", VALUE)
        raise UsageError(plain.replace("FILE, key=value", "FILE"))


def fill(parser: Parser, name: str, takes: str) -> str:
    """Add the arguments of a command; returns what its help says about settings."""
    return TAKES[takes](parser, name)


def options_of(names: Iterable[str]) -> set[str]:
    """Every option of any of the commands."""
    from experiments.main import parser_of

    found = {"--help", "--version"}
    for name in names:
        parser = parser_of(name)
        found |= {option for action in parser._actions for option in action.option_strings}  # noqa: SLF001 (argparse lists them nowhere else)
    return found


def _settings(parser: Parser, name: str) -> str:
    from experiments.help_texts import settings_help

    parser.add_argument("settings", nargs="*", metavar="key=value", help="see below")
    parser.add_argument("--config", metavar="FILE", help="settings from a YAML file")
    _own_configs(parser, "your own configs: they win over the packaged ones")
    _flag(parser, "--replace", "another study in the out= folder is removed")
    if name == "run":
        parser.add_argument(
            "--replay", metavar="FILE", help="also write one offline page (.html) in which the "
            "history is watched on the map; arms=A,B or seeds=N: up to four side by side"
        )  # fmt: skip
        _language(parser, "of the page of --replay: en, es or fr", default=None)
    else:
        _flag(parser, "--yes", "begin long or large work without being asked")
        _flag(parser, "--retry", "make chunks with failed runs again")
        parser.add_argument(
            "--fail", choices=FAIL, default="slow",
            help="when a run fails: stop there (fast), end with 3 (slow, the default) or with 0 "
            "(never); it is kept and told in any case",
        )  # fmt: skip
    return settings_help() + "\n"


def _live(parser: Parser, name: str) -> str:
    parser.add_argument("settings", nargs="*", metavar="key=value", help="as for run, and port=")
    parser.add_argument("--config", metavar="FILE", help="settings from a YAML file")
    _own_configs(parser, f"{name}: your own configs")
    return ""


def _sweep(parser: Parser, name: str) -> str:
    from experiments.help_texts import sweep_help

    text = _settings(parser, name)
    parser.add_argument(
        "-m", "--multirun", action="store_true", help="taken, and not needed: a sweep is one"
    )
    return text + sweep_help() + "\n"


def _ensemble(parser: Parser, name: str) -> str:
    parser.add_argument("settings", nargs="*", metavar="key=value", help="parameters, out=, seed=")
    parser.add_argument("--study", metavar="FILE", help="borders and backgrounds of your own")
    _own_configs(parser, "your own configs")
    parser.add_argument("--quick", action="store_true", help="few and short histories")
    if name == "validate":
        parser.add_argument("--roots", type=int, default=1, metavar="N", help="repeat with N roots")
        parser.add_argument("--events", metavar="FILE", help="score against your own events (CSV)")
        parser.add_argument("--strict", action="store_true", help="end with 1 unless all pass")
    else:
        parser.add_argument("--budget", type=int, default=150, metavar="N", help="ensembles in all")
    return ""


def _regions(parser: Parser, name: str) -> str:
    from experiments.help_texts import regions_help

    parser.add_argument("words", nargs="*", metavar="build key=value", help="see below")
    _own_configs(parser, f"{name}: list your own configs, too")
    _as_json(parser)
    parser.add_argument("--replace", action="store_true", help="a file that exists is replaced")
    return regions_help() + "\n"


def _words(shown: str, text: str) -> Callable[[Parser, str], str]:
    """Words that the command reads by itself."""

    def taken(parser: Parser, name: str) -> str:
        parser.add_argument("words", nargs="*", metavar=shown, help=f"{name}: {text}")
        return ""

    return taken


def _folder(parser: Parser, name: str) -> str:
    parser.add_argument("folder", metavar="DIR", help=f"{name}: a folder written by thalweg")
    return ""


def _status(parser: Parser, name: str) -> str:
    _folder(parser, name)
    _as_json(parser)
    return ""


def _report(parser: Parser, name: str) -> str:
    _status(parser, name)
    parser.add_argument("other", metavar="B", nargs="?", help="a second folder to compare with it")
    parser.add_argument("--out", metavar="FILE", help="the page (default: in the folder, or in B)")
    parser.add_argument(
        "--with", dest="beside", metavar="DIR", action="append", default=[],
        help="another study of the same region whose answers are taken in; may be repeated",
    )  # fmt: skip
    _language(parser, "of the page: en, es or fr (report.CODE.html)", default="en")
    return ""


def _answers(parser: Parser, name: str) -> str:
    _folder(parser, name)
    parser.add_argument("--out", metavar="DIR", help=f"where to (default: answers/{name} in DIR)")
    _as_json(parser)
    return ""


def _outcomes(parser: Parser, name: str) -> str:
    _answers(parser, name)
    parser.add_argument(
        "--outcome", metavar="KEYS", help="outcomes, with commas (default: the headline ones)"
    )
    return ""


def _effects(parser: Parser, name: str) -> str:
    _outcomes(parser, name)
    parser.add_argument("--each", action="store_true", help="a table for every fit, too")
    return ""


def _worded(keys: str) -> Callable[[Parser, str], str]:
    """An answer that is asked in words, key=value."""

    def taken(parser: Parser, name: str) -> str:
        _answers(parser, name)
        parser.add_argument("settings", nargs="*", metavar="key=value", help=keys)
        return ""

    return taken


def _discover(parser: Parser, name: str) -> str:
    _folder(parser, name)
    parser.add_argument("--outcome", metavar="KEY", help="default: the headline's, by its order")
    parser.add_argument(
        "--arm", metavar="NAME",
        help="which arm (default: the largest bundle; of --when crisis the first arm)",
    )  # fmt: skip
    parser.add_argument(
        "--when", choices=("fails", "worse", "crisis"),
        help="a point is a case where the arm is not better than the first arm (fails, the "
        "default), is worse, or where the event comes to pass often (crisis)",
    )  # fmt: skip
    parser.add_argument(
        "--threshold", type=float, metavar="X", help="of --when crisis: share of seeds, 0.5"
    )
    parser.add_argument("--frame", type=int, metavar="N", help="only the frame with this number")
    parser.add_argument(
        "--ranking", action="store_true",
        help="where does the order of the arms flip: frames, rival rules, halves of the ranges",
    )  # fmt: skip
    _as_json(parser)
    parser.add_argument(
        "--out", metavar="DIR", help="tables and figures (default: answers/discover in the folder)"
    )
    return ""


def _verify(parser: Parser, name: str) -> str:
    _folder(parser, name)
    parser.add_argument(
        "--share", type=float, default=0.01, metavar="X", help="share of the runs, above 0 up to 1"
    )
    parser.add_argument("--seed", type=int, default=None, metavar="N", help="which share: draw N")
    return ""


def _replay(parser: Parser, name: str) -> str:
    _folder(parser, name)
    parser.add_argument("row", metavar="ROW", help="row of runs.parquet, as failures.json names it")
    parser.add_argument("--story", action="store_true", help="tell the history in words")
    parser.add_argument("--out", metavar="DIR", help="keep its events and series in a new folder")
    return ""


def _trace(parser: Parser, name: str) -> str:
    _folder(parser, name)
    parser.add_argument("row", metavar="ROW", help="row of runs.parquet")
    parser.add_argument("--event", type=int, metavar="ID", help="explain this act, by its id")
    _as_json(parser)
    parser.add_argument(
        "--out", metavar="DIR", help="tables and figure (default: answers/trace in the folder)"
    )
    return ""


def _pack(parser: Parser, name: str) -> str:
    _folder(parser, name)
    parser.add_argument("--out", metavar="FILE", help="the archive (default: DIR.tar.gz)")
    parser.add_argument("--replace", action="store_true", help="an archive there is replaced")
    return ""


def _key(parser: Parser, name: str) -> str:
    del name
    parser.add_argument("key", metavar="KEY", help="a name as you would write it")
    _as_json(parser)
    return ""


def _file(parser: Parser, name: str) -> str:
    parser.add_argument("file", metavar="FILE", help=f"{name}: settings in YAML")
    parser.add_argument("settings", nargs="*", metavar="key=value", help="laid over those")
    _own_configs(parser, "your own configs")
    return ""


def _diff(parser: Parser, name: str) -> str:
    from experiments.help_texts import diff_help

    parser.add_argument("a", metavar="A", help=f"{name}: what is compared with; see below")
    parser.add_argument("b", metavar="B", help="what is compared")
    parser.add_argument("settings", nargs="*", metavar="key=value", help="laid over both")
    _own_configs(parser, "your own configs")
    parser.add_argument("--no-run", action="store_true", help="say what changed, simulate nothing")
    parser.add_argument("--yes", action="store_true", help="begin long work without being asked")
    _as_json(parser)
    return diff_help() + "\n"


def _own_configs(parser: Parser, text: str) -> None:
    parser.add_argument("--config-dir", metavar="DIR", help=text)


def _language(parser: Parser, text: str, default: str | None) -> None:
    parser.add_argument("--language", metavar="CODE", choices=LANGUAGES, default=default, help=text)


def _flag(parser: Parser, option: str, text: str) -> None:
    parser.add_argument(option, action="store_true", help=text)


def _as_json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="the answer as JSON")


TAKES: dict[str, Callable[[Parser, str], str]] = {
    "settings": _settings,
    "live": _live,
    "sweep": _sweep,
    "ensemble": _ensemble,
    "regions": _regions,
    "coursework": _words("check N", "start N or check N, and a folder"),
    "new": _words("NAME", "the folder to make; from=REGION or towns=, countries= ..., see below"),
    "folder": _folder,
    "status": _status,
    "report": _report,
    "sensitivity": _outcomes,
    "answers": _answers,
    "effects": _effects,
    "portfolio": _worded("budget=, risk=, most.X="),
    "emulate": _worded("outcome=, arm=, frame="),
    "discover": _discover,
    "verify": _verify,
    "replay": _replay,
    "trace": _trace,
    "pack": _pack,
    "file": _file,
    "diff": _diff,
    "key": _key,
    "": lambda *_: "",
}
