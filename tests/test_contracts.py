"""Contracts that walk the registries: a new rule, mechanism, outcome or series is known at once."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from sim import topology
from sim.channels import Channels
from sim.counts import COUNTS
from sim.declare import Par, check, describe
from sim.events import ACTS, CLASSES, EVENT, INTERSTATE_RUNGS, LOCAL_RUNGS
from sim.mechanisms import (
    CONDITIONAL,
    LEGISLATED,
    MECHANISMS,
    NAMES,
    PAID,
    PROBLEMS,
    PROMISED,
    RELEVANCE,
    SURVIVES_CLOSURE,
    TRAITS,
    MechanismParameters,
    parameter_class,
)
from sim.outcomes import OUTCOMES, Chunk
from sim.outcomes.base import SUMS
from sim.parameters import DECLARED, KEYS, Parameters, default_row, parameters_of
from sim.record import KEYS as SERIES_KEYS
from sim.record import SERIES
from sim.rules.paradiplomacy import ties
from sim.scenario import ScenarioError, scenario
from sim.state import PARTS, State, allocate, fields, restart
from sim.streams import Purpose
from sim.synthetic import synthetic_region

SIM = ROOT / "sim"
RULES = sorted(p for p in (SIM / "rules").glob("*.py") if p.stem != "__init__")
MECHANISM_FILES = sorted(p for p in (SIM / "mechanisms").glob("*.py") if p.stem != "__init__")
WORDS = re.compile(r"[A-Za-z]{3}")
BETTER = {"lower", "higher", "none"}
KINDS = {"probability", "rate", "share", "level", "time", "money", "count"}
# A number without a published source is an assumption and says why. More of them than this is a
# change that a reader should see: raise the number in the commit that adds one.
MOST_ASSUMPTIONS = 360


def imports_of(path: Path) -> set[str]:
    """Every module or name that a file imports, in full."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def functions_of(path: Path) -> Iterator[ast.FunctionDef]:
    """Top-level functions of a file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            yield node


def name(path: Path) -> str:
    """Name of a file for a test's identity."""
    return path.stem


# ── parameters ──────────────────────────────────────────────────────────────────────────────────


def says_more(source: str) -> bool:
    """True when a source says more than that the value, or its size, is an assumption."""
    rest = re.sub(r"\b(assumption|size|strength|length|rate)s?\b", "", source.lower())
    return WORDS.search(rest) is not None


@pytest.mark.parametrize("declared", DECLARED, ids=KEYS)
def test_a_parameter_says_what_it_is(declared) -> None:
    assert WORDS.search(declared.label), "a label in words"
    assert declared.unit, "a unit (share, ratio, log, switch ... where it has none)"
    assert says_more(declared.source), "a source, or assumption with a reason"
    assert declared.lo < declared.hi
    assert declared.lo <= declared.default <= declared.hi
    assert np.isfinite([declared.lo, declared.hi, declared.default]).all()
    assert re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", declared.key)


@pytest.mark.parametrize("source", ["assumption", "Assumption.", "assumption:", "size: assumption"])
def test_a_bare_assumption_gives_no_reason(source) -> None:
    assert not says_more(source)
    assert says_more(f"{source}: one in ten years")


def test_parameters_are_declared_once_and_laid_out_in_one_row() -> None:
    assert len(set(KEYS)) == len(KEYS)
    row = np.arange(float(len(KEYS)))
    values = [value for part in parameters_of(row)[:-1] for value in part]
    values += [value for part in parameters_of(row).mechanism for value in part]
    assert values == row.tolist()
    assert default_row().tolist() == [d.default for d in DECLARED]


def test_every_block_of_parameters_is_documented() -> None:
    blocks = [*Parameters.__annotations__, *MechanismParameters.__annotations__]
    assert [key.split(".")[0] for key in dict.fromkeys(k.split(".")[0] for k in KEYS)] == [
        block for block in blocks if block != "mechanism"]  # fmt: skip
    for cls in (*(type(part) for part in parameters_of(default_row())[:-1]),
                *(parameter_class(n) for n in NAMES)):  # fmt: skip
        assert (cls.__doc__ or "").strip()
        assert "Alias for field" not in (cls.__doc__ or "")
        assert not cls.__doc__.startswith(f"{cls.__name__}("), "NamedTuple's own docstring"


def test_assumptions_are_counted() -> None:
    """A source either names what it rests on or opens with the word assumption."""
    assumed = [d for d in DECLARED if d.assumed]
    assert 0 < len(assumed) <= MOST_ASSUMPTIONS, (
        f"{len(assumed)} numbers rest on assumptions; raise MOST_ASSUMPTIONS in this file"
    )
    sourced = [d.key for d in DECLARED if not d.assumed]
    assert len(sourced) > 20
    for d in assumed:
        assert re.match(r"assumption\b", d.source), d.key


def test_a_declaration_without_source_or_outside_its_range_is_refused() -> None:
    from typing import Annotated, NamedTuple

    class Bare(NamedTuple):
        """No Par."""

        x: float = 1.0

    class Outside(NamedTuple):
        """Default above hi."""

        x: Annotated[float, Par("share", 0, 1, "Something", "assumption")] = 2.0

    Outside.__annotations__["x"] = Annotated[float, Par("share", 0, 1, "Something", "assumption")]
    with pytest.raises(TypeError, match="needs a Par"):
        describe("bare", Bare)
    with pytest.raises(TypeError, match="outside 0 to 1"):
        describe("outside", Outside)


@pytest.mark.parametrize("declared", DECLARED[:: len(DECLARED) // 12], ids=lambda d: d.key)
def test_a_wrong_value_is_told_with_key_unit_and_range(declared) -> None:
    told = check(declared, declared.hi + 1.0)
    assert told is not None
    for part in (declared.key, declared.unit, f"{declared.hi:g}", declared.label):
        assert part in told
    assert check(declared, declared.default) is None
    assert "not a number" in str(check(declared, float("nan")))


# ── mechanisms ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=NAMES)
def test_a_mechanism_says_what_it_does_costs_and_how_it_fails(mechanism) -> None:
    for text in (mechanism.label, mechanism.about, mechanism.fails_when, mechanism.cost_note):
        assert WORDS.search(text)
    assert mechanism.channels
    assert set(mechanism.channels) <= set(fields(Channels))
    keys = {d.key.split(".")[1] for d in mechanism.parameters}
    assert {"cost_per_year", "setup_cost", "setup_years"} <= keys, "it costs money and takes time"
    document = importlib.import_module(f"sim.mechanisms.{mechanism.name}").__doc__ or ""
    assert "Channel" in document
    assert "Fails when" in document.replace("\n", " ")
    assert "Source" in document


@pytest.mark.parametrize("path", MECHANISM_FILES, ids=name)
def test_a_mechanism_says_which_problem_it_answers_and_what_kind_it_is(path: Path) -> None:
    module = importlib.import_module(f"sim.mechanisms.{path.stem}")
    answers, traits = getattr(module, "ANSWERS", {}), getattr(module, "TRAITS", ())
    assert answers, "nobody would ever propose it"
    assert set(answers) <= set(PROBLEMS)
    assert all(0.0 < weight <= 1.0 for weight in answers.values())
    assert set(traits) <= set(TRAITS)


def test_every_mechanism_file_is_registered_and_every_channel_has_a_mechanism() -> None:
    assert {p.stem for p in MECHANISM_FILES} == set(NAMES)
    moved = {channel for m in MECHANISMS for channel in m.channels}
    assert moved == set(fields(Channels))


@pytest.mark.parametrize("path", MECHANISM_FILES, ids=name)
def test_no_mechanism_names_a_rule_draws_or_writes_state(path: Path) -> None:
    """It changes channels and nothing else."""
    wrong = {
        m for m in imports_of(path) if m.startswith(("sim.rules", "sim.streams", "sim.events"))
    }
    assert wrong == set()
    registry = {m for m in imports_of(path) if m.startswith("sim.mechanisms")}
    assert registry == set(), "mechanisms do not know each other"
    modify = next(f for f in functions_of(path) if f.name == "modify")
    assert modify.args.args[0].arg == "channel"


@pytest.mark.parametrize("path", MECHANISM_FILES, ids=name)
def test_a_mechanism_writes_only_the_channels_that_it_declares(path: Path) -> None:
    declared = next(m.channels for m in MECHANISMS if m.name == path.stem)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name) and node.value.id == "channel"}  # fmt: skip
    assert read == set(declared)


def test_every_problem_of_a_border_has_an_answer_and_every_trait_a_bearer() -> None:
    assert (RELEVANCE.sum(axis=0) > 0.0).all()
    assert all(kind.any() for kind in (SURVIVES_CLOSURE, PROMISED, CONDITIONAL, LEGISLATED, PAID))


def test_what_survives_is_no_tie_between_the_towns() -> None:
    """docs/odd.md 5: the protocol runs between states, redundancy on partners elsewhere."""
    surviving = {name for name, kept in zip(NAMES, SURVIVES_CLOSURE, strict=True) if kept}
    assert surviving == {"restraint_protocol", "redundancy"}
    for k, name in enumerate(NAMES):
        strength, out = np.zeros((len(NAMES), 1)), np.ones(1)
        strength[k] = 0.5
        ties(out, strength, SURVIVES_CLOSURE, np.ones(1))
        assert out[0] == (0.0 if name in surviving else 0.5), name


def test_the_mask_of_operating_agreements_has_a_bit_for_every_mechanism() -> None:
    assert len(NAMES) <= 8 * EVENT["agreements"].itemsize


# ── rules ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", RULES, ids=name)
def test_no_rule_names_a_mechanism(path: Path) -> None:
    assert not {m for m in imports_of(path) if m.startswith("sim.mechanisms")}
    text = path.read_text(encoding="utf-8")
    code = text.split('"""', 2)[2]
    assert not [m for m in NAMES if re.search(rf"\b{m}\b", code)], "in its code"


@pytest.mark.parametrize("path", RULES, ids=name)
def test_a_rule_opens_with_claim_equation_and_source(path: Path) -> None:
    document = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    claim = document.split("\n")[0]
    assert WORDS.search(claim)
    assert claim.endswith((".", ":", ")", "?"))
    assert "Source" in document.replace("\n", " "), "a source, or why there is none"


@pytest.mark.parametrize("path", [*RULES, *MECHANISM_FILES], ids=name)
def test_every_function_of_a_rule_is_documented_and_compiled(path: Path) -> None:
    for function in functions_of(path):
        decorators = {d.id for d in function.decorator_list if isinstance(d, ast.Name)}
        assert decorators & {"kernel", "scalar", "spliced"}, f"{function.name} is not compiled"
        if not function.name.startswith("_"):
            assert ast.get_docstring(function), f"{function.name} has no docstring"


@pytest.mark.parametrize("path", RULES, ids=name)
def test_every_rule_is_in_the_schedule(path: Path) -> None:
    """The tick imports it, or a rule of the tick does (equations that several rules share)."""
    module = f"sim.rules.{path.stem}"
    users = [p for p in (SIM / "tick.py", SIM / "start.py", *RULES) if p != path]
    assert any(m == module or m.startswith(f"{module}.") for p in users for m in imports_of(p))


def test_only_one_file_imports_the_compiler() -> None:
    found = {p.relative_to(ROOT).as_posix() for p in SIM.rglob("*.py")
             if any(m.split(".")[0] == "numba" for m in imports_of(p))}  # fmt: skip
    assert found == {"sim/_jit.py"}


def test_every_field_of_the_state_is_used_by_some_rule() -> None:
    """A state that nothing reads is a promise that nothing keeps."""
    code = "\n".join(p.read_text(encoding="utf-8") for p in (*RULES, *SIM.glob("*.py"))
                     if p.name not in ("state.py", "agents.py", "channels.py"))  # fmt: skip
    unused = [f"{part.__name__}.{field}" for part in PARTS for field in fields(part)
              if not re.search(rf"\.{field}\b", code)]  # fmt: skip
    assert unused == []


def test_each_purpose_has_its_number_and_is_drawn() -> None:
    numbers = [int(p) for p in Purpose]
    assert len(set(numbers)) == len(numbers)
    code = "\n".join(p.read_text(encoding="utf-8") for p in SIM.rglob("*.py"))
    unused = [p.name for p in Purpose if f"Purpose.{p.name}" not in code]
    assert unused == []


# ── state and topology ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("part", PARTS, ids=lambda p: p.__name__)
def test_every_field_of_the_state_is_declared(part) -> None:
    for field, declared in fields(part).items():
        assert re.fullmatch(r"[npmgubdki]+", declared.axes), field
        assert declared.unit, field
        assert WORDS.search(declared.about), field
        assert declared.lo <= declared.start <= declared.hi, field
        assert np.dtype(declared.dtype).kind in "fi", field


def test_a_workspace_that_is_used_again_starts_afresh() -> None:
    fresh, used = (allocate(synthetic_region().topology, len(NAMES)) for _ in "ab")
    for part in used[:-1]:
        for array in part:
            array[...] = 1
    used.tally[...] = 9
    restart(used)
    for a, b in zip(fresh[:-1], used[:-1], strict=True):
        assert all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))
    assert not used.tally.any()
    assert State._fields[-1] == "tally"


def test_every_array_of_the_topology_is_explained() -> None:
    text = inspect.getsource(topology)
    for table in topology.Topology.__annotations__:
        cls = type(getattr(synthetic_region().topology, table))
        for field in cls._fields:
            assert re.search(rf"    {field}: \w+  # \[", text), f"{cls.__name__}.{field}"


# ── outcomes, series, acts ──────────────────────────────────────────────────────────────────────


def chunk_of(runs: int, points: int = 4) -> Chunk:
    """A chunk in which nothing happened."""
    return Chunk(np.zeros((runs, len(COUNTS))), np.zeros((runs, points, len(SERIES)), np.float32),
                 np.zeros((runs, len(SUMS))), 1.0, 1000.0, 3)  # fmt: skip


@pytest.mark.parametrize("key", OUTCOMES)
def test_an_outcome_is_defined_and_works_on_an_empty_chunk(key: str) -> None:
    outcome = OUTCOMES[key]
    assert outcome.key == key
    assert outcome.better in BETTER
    assert outcome.kind in KINDS
    for text in (outcome.label, outcome.unit, outcome.about):
        assert text.strip()
    assert WORDS.search(outcome.about)
    assert outcome.about.endswith(".")
    assert outcome.compute(chunk_of(0)).shape == (0,)
    values = outcome.compute(chunk_of(3))
    assert values.shape == (3,)
    assert values.dtype == np.float64
    assert outcome.compute(chunk_of(2, points=0)).shape == (2,)


@pytest.mark.parametrize("key", [k for k, o in OUTCOMES.items() if o.kind == "probability"])
def test_a_probability_is_nought_or_one_in_every_run(key: str) -> None:
    chunk = chunk_of(2)
    chunk.counts[1] = 2.0
    assert OUTCOMES[key].compute(chunk).tolist() == [0.0, 1.0]


@pytest.mark.parametrize("series", SERIES, ids=SERIES_KEYS)
def test_a_series_says_what_it_is(series) -> None:
    assert WORDS.search(series.label)
    assert series.unit
    assert series.lo < series.hi


def test_keys_are_used_once() -> None:
    for keys in (list(OUTCOMES), list(SERIES_KEYS), list(NAMES), list(COUNTS)):
        assert len(set(keys)) == len(keys)
        assert all(re.fullmatch(r"[a-z_]+", key) for key in keys)


@pytest.mark.parametrize("act", ACTS, ids=lambda a: a.name)
def test_an_act_has_its_place_on_every_scale(act) -> None:
    assert -7 <= act.bar <= 7
    assert 0 <= act.hostility <= 5
    assert 0 <= act.actor < len(CLASSES)
    assert WORDS.search(act.about)
    assert 0 <= act.rung < len(LOCAL_RUNGS if act.local else INTERSTATE_RUNGS)
    if act.hostility >= 3:
        assert CLASSES[act.actor] in ("border guard", "army"), "only organs of the state militarize"


def test_the_log_carries_what_the_validation_asks_for() -> None:
    """Time, place, sides, scales, issue, cause, answer, deaths, settlement and reporter."""
    asked = {"time", "dyad", "pair", "actor", "target", "bar", "hostility", "issue", "cause",
             "answered", "delay", "fatal", "settlement", "outcome", "kept", "agreements",
             "reported"}  # fmt: skip
    assert asked <= set(EVENT.names)


# ── the door of a scenario ──────────────────────────────────────────────────────────────────────


def test_every_mistake_in_a_scenario_is_told_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario(synthetic_region(), mechanisms={"data_sharin": 1.0, "exchanges": 1.5}, years=-3,
                 parameters={"drought.severity_men": 0.3, "onset.contagion": -1},
                 seed=-1)  # fmt: skip
    told = caught.value.messages
    assert len(told) == 6
    assert any("Did you mean 'drought.severity_mean'?" in m for m in told)
    assert any("Did you mean 'data_sharing'?" in m for m in told)
    assert any("exchanges: 1.5 is outside the allowed range 0 to 1" in m for m in told)
