"""Which rules of the week read a parameter or a channel: read from the code, never typed.

A rule reads a parameter where a function takes the NamedTuple that declares it and uses the field,
or where the schedule (`sim.tick`) hands the field to it. Stages are those of the schedule's table.
The files are parsed; nothing of them is run.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

TICK, COMPOSE = "sim/tick.py", "sim/mechanisms/"
WHOLE = {"Parameters", "MechanismParameters"}  # rows that hold the numbers of every rule


class Reader(NamedTuple):
    """A file of the model that reads something, and in which stages of the week it is called."""

    file: str
    stages: tuple[int, ...]

    @property
    def name(self) -> str:
        """The rule: its file without folder and ending."""
        return Path(self.file).stem


def readers_of(key: str) -> tuple[Reader, ...]:
    """The files that read a parameter ``prefix.name``; at least the one that declares it."""
    from experiments.document_tables import declaring_class

    prefix, field = key.split(".", 1)
    declared = declaring_class(prefix)
    found = [
        file
        for file, text in sources().items()
        if re.search(rf"\.{field}\b", text) and _reads(_parsed(file), prefix, field, declared)
    ]
    found += [file for file in _handed(f"{prefix}.{field}") if file not in found]
    if not found and declared.__module__.startswith("sim.mechanisms."):  # by its name in the row
        found = [file for file, text in sources().items() if re.search(rf'"{field}"', text)]
    own = declared.__module__.replace(".", "/") + ".py"
    return tuple(Reader(file, stages().get(file, ())) for file in found or [own])


def channel_readers(channel: str) -> tuple[Reader, ...]:
    """The rules that read a channel of cooperation."""
    named = re.compile(rf"\bchannel\.{channel}\b")
    rules = {file: text for file, text in sources().items() if file.startswith("sim/rules/")}
    found = [file for file, text in rules.items() if named.search(text)]
    found += [file for file in _handed(f"channel.{channel}") if file not in found]
    return tuple(Reader(file, stages().get(file, ())) for file in found)


def channels_read(readers: tuple[Reader, ...]) -> tuple[str, ...]:
    """The channels that some rules read, in the order of their declaration."""
    from sim.channels import Channels

    files = {reader.file for reader in readers if reader.file.startswith("sim/rules/")}
    named = {name for file in files
             for name in re.findall(r"\bchannel\.(\w+)", sources()[file])}  # fmt: skip
    parts = {part for file in files for part in handed().get(file, ())}
    named |= {part.removeprefix("channel.") for part in parts if part.startswith("channel.")}
    return tuple(name for name in Channels._fields if name in named)


@cache
def stages() -> dict[str, tuple[int, ...]]:
    """The stages of the week in which the functions of each file are called."""
    found: dict[str, set[int]] = {}
    of_function = {f.name: int(s[1]) for f in _functions(_tick())
                   if (s := re.search(r"Stage (\d)", ast.get_docstring(f) or ""))}  # fmt: skip
    for function in _functions(_tick()):
        now = of_function.get(function.name, 0)
        for call in _in_order(function):
            called = getattr(call.func, "id", "")
            if function.name == "tick":
                now = of_function.get(called, now)
            if called in _imported():
                found.setdefault(_imported()[called], set()).add(now)
    found |= {file: {0} for file in sources() if file.startswith(COMPOSE)}
    _pass_on(found)
    return {file: tuple(sorted(held)) for file, held in found.items()}


def stage_words() -> dict[int, str]:
    """What happens in each stage, as the schedule's table says it."""
    from experiments.document_tables import schedule

    rows = [line.split("|")[1:3] for line in schedule().splitlines()]
    return {int(number): what.strip() for number, what in rows if number.strip().isdigit()}


@cache
def sources() -> dict[str, str]:
    """Text of every file of the model, the schedule left out, by path."""
    import sim

    folder = Path(str(sim.__file__)).parent
    paths = {f"sim/{path.relative_to(folder).as_posix()}": path for path in folder.rglob("*.py")}
    return {name: paths[name].read_text(encoding="utf-8") for name in sorted(paths) if name != TICK}


@cache
def _parsed(file: str) -> ast.Module:
    return ast.parse(sources()[file])


def _reads(tree: ast.Module, prefix: str, field: str, declared: type) -> bool:
    """True where a function uses the field of a row or of the numbers that it is given."""
    for function in _functions(tree):
        given = [*function.args.args, *function.args.kwonlyargs]
        kinds = {one.arg: _last_word(one.annotation) for one in given if one.annotation is not None}
        for node in ast.walk(function):
            if not isinstance(node, ast.Attribute) or node.attr != field:
                continue
            base = node.value
            if isinstance(base, ast.Name) and kinds.get(base.id) == declared.__name__:
                return True
            if isinstance(base, ast.Attribute) and base.attr == prefix and _whole(base, kinds):
                return True
    return False


def _whole(node: ast.Attribute, kinds: dict[str, str]) -> bool:
    return isinstance(node.value, ast.Name) and kinds.get(node.value.id) in WHOLE


def _last_word(annotation: ast.expr) -> str:
    return ast.unparse(annotation).rsplit(".", 1)[-1]


def _handed(part: str) -> list[str]:
    """Files of the rules to which the schedule hands ``part``, such as ``heat.fish``."""
    return [file for file, parts in handed().items() if part in parts]


@cache
def handed() -> dict[str, set[str]]:
    """What the schedule hands to each rule, by its last two words, such as ``channel.recharge``."""
    found: dict[str, set[str]] = {}
    for function in _functions(_tick()):
        local = {ast.unparse(node.targets[0]): node.value for node in ast.walk(function)
                 if isinstance(node, ast.Assign)}  # fmt: skip
        for call in _in_order(function):
            if file := _imported().get(getattr(call.func, "id", "")):
                inside = [*call.args, *(local[name] for one in call.args
                                        if (name := ast.unparse(one)) in local)]  # fmt: skip
                found.setdefault(file, set()).update(*map(_attributes, inside))
    return found


def _attributes(expression: ast.expr) -> set[str]:
    dotted = [ast.unparse(n) for n in ast.walk(expression) if isinstance(n, ast.Attribute)]
    return {".".join(one.split(".")[-2:]) for one in dotted}


def _in_order(function: ast.FunctionDef) -> list[ast.Call]:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def _pass_on(found: dict[str, set[int]]) -> None:
    """A rule that only other rules call is read in their stages."""
    above = {file: _borrowed(text) for file, text in sources().items()
             if file.startswith("sim/rules/")}  # fmt: skip
    called = {*found}
    for _ in above:  # as many rounds as a chain of rules can be long
        for file, borrowed in above.items():
            for below in {*borrowed} - called:
                found.setdefault(below, set()).update(found.get(file, set()))


def _borrowed(text: str) -> list[str]:
    """Files of rules from which a rule takes functions, not only their numbers."""
    lines = re.findall(r"^from sim\.rules\.(\w+) import (\([^)]*\)|.*)$", text, re.MULTILINE)
    return [f"sim/rules/{name}.py" for name, taken in lines if re.search(r"\b[a-z]\w*\b", taken)]


@cache
def _imported() -> dict[str, str]:
    """File of every function that the schedule imports from a rule, by its name."""
    return {
        name.name: f"{node.module.replace('.', '/')}.py"
        for node in ast.walk(_tick())
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sim.rules.")
        for name in node.names
    }


@cache
def _tick() -> ast.Module:
    import sim

    return ast.parse((Path(str(sim.__file__)).parent / "tick.py").read_text(encoding="utf-8"))


def _functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
