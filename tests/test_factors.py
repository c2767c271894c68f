"""Factors: Hydra's sweep grammar as lists and ranges, checked against the declared settings."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.factors import Factor, check_factor, factor_of_list, is_structural, read_factor
from experiments.schema import explain, fault_of
from experiments.settings import Setting, settings

MEAN = "parameters.drought.severity_mean"  # 0 to 0.8
RATE = "parameters.onset.complaint_rate"  # 0 to 200
MODE, DYADS = "mechanisms.exchanges.mode", "mechanisms.exchanges.dyads"
INTENSITY = "mechanisms.exchanges.intensity"
REGIONS = ("fergana", "upper_rhine", "synthetic")


def factor(key: str, text: str, names: tuple[str, ...] = ()) -> Factor:
    """The factor of a text that is well."""
    found, mistakes = read_factor(key, text, f"command line: {key}={text}", names)
    assert mistakes == []
    assert found is not None
    return found


def mistake(key: str, text: str, names: tuple[str, ...] = ()) -> str:
    """The one message of a text that is not."""
    found, mistakes = read_factor(key, text, "study.yaml:7", names)
    if found is not None:
        mistakes = check_factor(found)
    assert len(mistakes) == 1, mistakes
    start = f"{key} (study.yaml:7): "
    assert mistakes[0].startswith(start)
    return mistakes[0].removeprefix(start)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("10,20", (10.0, 20.0)),
        (" 20 , 10 ", (20.0, 10.0)),
        ("choice(3,1,2)", (3.0, 1.0, 2.0)),
        ("range(1,4)", (1.0, 2.0, 3.0)),
        ("range(3)", (0.0, 1.0, 2.0)),
        ("range(9,1,-4)", (9.0, 5.0)),
        ("range(0,0.8,0.1)", (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)),
        ("sort(3,1,2)", (1.0, 2.0, 3.0)),
        ("sort(3,1,2,reverse=true)", (3.0, 2.0, 1.0)),
        ("sort(range(1,10,4),reverse=true)", (9.0, 5.0, 1.0)),
        ("int(1.0,2.0)", (1.0, 2.0)),
        ("1_000,1e-3", (1000.0, 0.001)),
    ],
)
def test_a_list_keeps_the_values_and_the_order_that_were_given(
    text: str, values: tuple[float, ...]
) -> None:
    found = factor(RATE, text)
    assert (found.kind, found.values) == ("list", values)
    assert {type(value) for value in found.values} == {float}


@pytest.mark.parametrize(
    ("text", "lo", "hi", "scale", "whole", "group"),
    [
        ("interval(0.1, 0.5)", 0.1, 0.5, "uniform", False, ""),
        ("int(interval(1,12))", 1.0, 12.0, "uniform", True, ""),
        ("tag(logunif,interval(0.01,1))", 0.01, 1.0, "log", False, ""),
        ("tag(log, group_econ, interval(0.01,1))", 0.01, 1.0, "log", False, "econ"),
        ("tag(group_a-1, int(interval(1,9)))", 1.0, 9.0, "uniform", True, "a-1"),
        ("int(tag(logunif, interval(1,100)))", 1.0, 100.0, "log", True, ""),
        ("float(int(interval(1,3)))", 1.0, 3.0, "uniform", False, ""),
        ("interval(start=-1, end=1)", -1.0, 1.0, "uniform", False, ""),
    ],
)
def test_an_interval_keeps_ends_scale_wholeness_and_group(
    text: str, lo: float, hi: float, scale: str, whole: bool, group: str
) -> None:
    found = factor(RATE, text)
    assert found[:4] == (RATE, "range", lo, hi)
    assert (found.values, found.scale, found.whole, found.group) == ((), scale, whole, group)


def test_a_list_keeps_its_group_through_a_cast() -> None:
    """Hydra drops the tags there."""
    found = factor(RATE, "int(tag(group_a, choice(1,2)))")
    assert (found.values, found.group) == ((1.0, 2.0), "a")


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (MEAN, "0.3"),
        (MEAN, ""),
        (MEAN, "fast"),
        (MEAN, "[0.1,0.2]"),
        (MEAN, "'0.1,0.2'"),
        ("arms", "none,full"),
        ("arms", "full,full-exchanges"),
        ("out", "results/a,b"),
        ("region", "my (1).yaml"),
        ("region", "'a,b.yaml'"),
        (DYADS, "Isfara-Batken,Osh-Andijan"),
        (DYADS, "N'Djamena-Kousseri,A-B"),
    ],
)
def test_one_plain_value_is_no_factor(key: str, text: str) -> None:
    assert read_factor(key, text, "here") == (None, [])


def test_lists_of_dyads_are_the_values_of_dyads() -> None:
    assert factor(DYADS, "[A-B],[C-D,E-F]").values == (["A-B"], ["C-D", "E-F"])
    assert factor(DYADS, "null,A-B").values == (None, ["A-B"])
    assert factor(DYADS, "choice(A-B,C-D)").values == (["A-B"], ["C-D"])
    assert check_factor(factor(DYADS, "null,[A-B]")) == []


def test_glob_chooses_among_the_names() -> None:
    assert factor("region", "glob(*)", REGIONS).values == REGIONS
    assert factor("region", "glob([f*,u*])", REGIONS).values == ("fergana", "upper_rhine")
    assert factor("region", "glob(*, exclude=s*)", REGIONS).values == ("fergana", "upper_rhine")
    assert factor("mechanisms", "glob(*)", ("none", "full")).values == ("none", "full")


@pytest.mark.parametrize(
    ("key", "text", "cause", "cure"),
    [
        (MEAN, "0.2,0.20", "0.2 is listed twice", "runs once"),
        (MEAN, "choice(0.2)", "one value varies nothing", f"write {MEAN}=0.2"),
        (MEAN, "range(5,1)", "no value", "the list"),
        (MEAN, "range(0,1,0)", "step of range() is 0", "range(START, STOP, STEP)"),
        (MEAN, "range(0,1e9)", "more than 10000 values", "longer step"),
        (MEAN, "range(0,inf)", "finite", "range()"),
        (MEAN, "range(true,3)", "finite", "range()"),
        (MEAN, "interval(1,0)", "begins above its end", "write interval(0, 1)"),
        (MEAN, "interval(0.5,0.5)", "both ends", f"{MEAN}=0.5"),
        (MEAN, "interval(0,inf)", "interval(0, inf)", "two finite numbers"),
        (MEAN, "interval(nan,1)", "interval(nan, 1)", "two finite numbers"),
        (MEAN, "interval(1)", "'interval(1)' cannot be read", "Write interval(LOW, HIGH)"),
        (MEAN, "interval(0,1", "cannot be read", "Write interval(LOW, HIGH)"),
        (MEAN, "interval(0 0.5)", "cannot be read", "Write interval(LOW, HIGH)"),
        (MEAN, "intervall(0,1)", "unknown function 'intervall'", "Did you mean 'interval'?"),
        (MEAN, "tag(log, beta(0,1))", "unknown function 'beta'", "Known: bool, choice"),
        (MEAN, "uniform(0,1)", "unknown function 'uniform'", "Write interval(LOW, HIGH)"),
        (MEAN, "interval(0,1, 0,5)", "commas in its numbers", "interval(0.1, 0.5)"),
        (MEAN, "range(0.1,0.5)", "goes in steps of 1", "range(0.1, 0.5, 0.1)"),
        (MEAN, "0.1,,0.2", "cannot be read", "A list is written 1,2,3"),
        (MEAN, "0.1,interval(0,1)", "a list holds plain values", "alone"),
        (MEAN, "tag(logunif,interval(0,0.5))", "does not reach 0", "begin above 0"),
        (MEAN, "tag(log,choice(0.1,0.2))", "scale of an interval()", "as it is"),
        (MEAN, "tag(lognorm,interval(0.1,0.5))", "unknown tag 'lognorm'", "Did you mean 'logunif'"),
        (MEAN, "tag(x,interval(0.1,0.5))", "unknown tag 'x'", "Known: logunif, group_NAME"),
        (MEAN, "tag(group_a,group_b,interval(0,0.5))", "one group", "group_a and group_b"),
        (MEAN, "tag(log,tag(group_a,interval(0.1,0.5)))", "would be lost", "both in one"),
        (MEAN, "tag(group_a,glob(*))", "cannot be read", "tag(group_NAME, choice(A, B))"),
        (RATE, "int(interval(0.5,3))", "0.5 is not a whole number", "write whole numbers"),
        (RATE, "int(1.5,3)", "would cut it to 1", "write whole numbers"),
        (RATE, "int(range(0,3,0.5))", "0.5 is not a whole number", "write whole numbers"),
        (RATE, "int(interval(0,inf))", "inf is not a finite number", ""),
        (RATE, "shuffle(1,2)", "another order each time", "leave it out"),
        (RATE, "shuffle([1,2])", "another order each time", "leave it out"),
        (RATE, "sort(shuffle(range(1,4)))", "another order each time", "leave it out"),
        (RATE, "sort(1,a)", "cannot be read", "values of one kind"),
        (RATE, "glob(*)", "there are none for this setting", "list the values"),
        ("region", "glob(x*)", "glob(x*) matches none", "Known: fergana, upper_rhine"),
        ("region", "glob(u*)", "one value varies nothing", "write region=upper_rhine"),
    ],
)
def test_a_mistake_in_the_grammar_is_told_in_one_line(
    key: str, text: str, cause: str, cure: str
) -> None:
    text = mistake(key, text, REGIONS if key == "region" else ())
    assert cause in text
    assert cure in text


@pytest.mark.parametrize(
    ("key", "text", "cause", "cure"),
    [
        (MEAN, "interval(0,0.9)", "0.9 share is outside the range", "Allowed: 0 to 0.8 share"),
        (MEAN, "interval(-1,0.5)", "-1 share is outside the range", "Allowed: 0 to 0.8 share"),
        (INTENSITY, "interval(0,1.5)", "1.5 is outside", "Allowed: 0 to 1."),
        (MEAN, "0.1,fast", "'fast' is not a number", "Allowed: 0 to 0.8"),
        (MEAN, "0.1,true", "True is not a number", "Allowed"),
        (MEAN, "0.1,'0.2'", "'0.2' is not a number", "without quotes write 0.2"),
        (MEAN, "0.1,nan", "nan is not a finite number", "Allowed"),
        (MEAN, "0.1,null", "no value is given", "Allowed"),
        (MEAN, "0.1,[0.2]", "[0.2] is not a number", "Allowed"),
        ("years", "0,20", "0 years is outside", "1 to 200 years"),
        ("region.nations", "2,2.5", "2.5 is not a whole number", "1 to 6"),
        ("region.land", "true,1", "1 is not true or false", "true, false"),
        ("region", "fergana,true", "read as true or false", "quotes"),
        ("mechanisms", "none,1", "1 is not the name of a set", ""),
        (MODE, "absent,impose", "'impose' is not one of the allowed words", "imposed"),
        ("zz.x", "1,2", "unknown setting", "Settings:"),
        ("parameters.drought.severty_mean", "1,2", "unknown setting", MEAN),
        ("years", "interval(10,30)", "not drawn from an interval", "years=10,30"),
        ("region.nations", "int(interval(1,3))", "not drawn from an interval", "nations=1,3"),
        ("region", "interval(0,1)", "holds numbers", "region=glob(*)"),
        ("parameters", "interval(0,1)", "holds numbers", "parameters=NAME,NAME"),
        ("region.land", "interval(0,1)", "holds numbers", "region.land=true,false"),
        (MODE, "interval(0,1)", "holds numbers", f"{MODE}=absent,imposed,negotiated"),
        (DYADS, "interval(0,1)", "holds numbers", f"{DYADS}=[NAME-NAME],[NAME-NAME]"),
        ("years", "tag(group_a,choice(5,9))", "a group joins", "leave out group_a"),
        ("seed", "1,2", "not varied", "the same seeds"),
        ("seeds", "int(interval(1,9))", "not varied", "the same seeds"),
        ("threads", "1,2", "not varied", "one value"),
        ("chunk", "8,16", "not varied", "one value"),
    ],
)
def test_a_factor_is_checked_against_the_declared_setting(
    key: str, text: str, cause: str, cure: str
) -> None:
    text = mistake(key, text)
    assert cause in text
    assert cure in text


def test_both_ends_are_told() -> None:
    lines = check_factor(factor(MEAN, "interval(-3,9)"))
    assert ["-3 share" in lines[0], "9 share" in lines[1], len(lines)] == [True, True, 2]


def test_ends_on_the_declared_limits_are_allowed() -> None:
    for key, setting in settings().items():
        if setting.kind == "number" and not is_structural(key):
            assert check_factor(factor(key, f"interval({setting.lo}, {setting.hi})")) == []


def test_a_whole_setting_takes_a_whole_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting that is sampled is whole today; the next one is checked already."""
    key = "parameters.acts"
    monkeypatch.setitem(settings(), key, Setting(key, "whole", 3, "acts", 1, 9, "acts"))
    assert check_factor(factor(key, "int(interval(1,9))")) == []
    assert "only whole numbers are taken" in mistake(key, "interval(1.0,9.0)")
    assert f"write {key}=int(interval(1, 9))" in mistake(key, "interval(1,9)")
    assert "12 acts is outside the range" in mistake(key, "int(interval(1,12))")
    assert type(factor(key, "int(interval(1,9))").value(4.0)) is int


def test_a_value_is_refused_in_the_words_of_a_plain_value() -> None:
    for key, value in ((MEAN, 3), (MEAN, "fast"), (MEAN, True), (MODE, "off"), ("years", None)):
        tree: dict[str, Any] = {}
        place = tree
        *branches, leaf = key.split(".")
        for branch in branches:
            place = place.setdefault(branch, {})
        place[leaf] = value
        lines = [line for line in explain(tree, lambda _: "") if line.startswith(f"{key}: ")]
        assert lines == [f"{key}: {fault_of(key, value)}"]
    assert fault_of(MEAN, 0.3) == fault_of("years", 5) == fault_of("threads", None) == ""


def test_a_list_of_yaml_is_a_factor() -> None:
    found, mistakes = factor_of_list(RATE, [1, 2.5], "my.yaml:7")
    assert mistakes == []
    assert found == Factor(RATE, "list", 0.0, 0.0, (1.0, 2.5), "uniform", False, "", "my.yaml:7")
    assert factor_of_list(DYADS, ["A-B", "C-D"], "my.yaml:7") == (None, [])
    assert factor_of_list("arms", ["none", "full"], "my.yaml:7") == (None, [])
    lists, _ = factor_of_list(DYADS, [["A-B"], ["C-D"]], "my.yaml:7")
    assert lists is not None
    assert lists.values == (["A-B"], ["C-D"])


@pytest.mark.parametrize(
    ("key", "values", "cause"),
    [
        (RATE, [], "the list holds no value"),
        (RATE, [1], f"write {RATE}=1"),
        (RATE, [1, 1.0], "1 is listed twice"),
        (RATE, [1, "interval(0, 1)"], "'interval(0, 1)' is not a number"),
        (RATE, ["1e-3", 2], "without quotes write 0.001"),
        ("region", ["fergana", False], "put the word in quotes"),
        ("arms", [["none", "full"], ["none", "exchanges"]], "name all arms in one list"),
        ("out", ["a", "b"], "changes no result"),
    ],
)
def test_a_mistake_in_a_list_of_yaml_is_told(key: str, values: list[Any], cause: str) -> None:
    found, mistakes = factor_of_list(key, values, "my.yaml:7")
    lines = mistakes or check_factor(found) if found is not None else mistakes
    assert len(lines) == 1
    assert lines[0].startswith(f"{key} (my.yaml:7): ")
    assert cause in lines[0]


def test_true_and_one_are_different_values() -> None:
    assert factor("region.land", "1,true").values == (1, True)


def test_a_cell_gives_the_value_of_the_setting() -> None:
    assert factor(MODE, "absent,imposed").value(1.0) == "imposed"
    assert factor(RATE, "5,9").value(0.0) == 5.0
    assert factor(RATE, "interval(5,9)").value(5.5) == 5.5
    assert type(factor(RATE, "int(interval(5,9))").value(7.0)) is float


def test_structural_settings_are_those_that_change_the_case() -> None:
    structural = {key for key in settings() if is_structural(key)}
    assert structural == {
        key
        for key in settings()
        if key in {"region", "years", "spinup_years", "tick_weeks"}
        or key.startswith("region.")
        or key.endswith((".mode", ".dyads"))
    }
    assert is_structural("mechanisms")
    assert is_structural("parameters")
    assert not is_structural(INTENSITY)
    assert not is_structural(MEAN)


PIECES = ["1", "0.5", "a", "true", "null", ",", "(", ")", "[", "]", "{", "}", ":", "=", "'", '"',
          " ", "-", "*", "\\", "${", "inf", "interval", "int", "float", "bool", "str", "choice",
          "range", "tag", "sort", "shuffle", "glob", "logunif", "group_a", "exclude=", "step=",
          "interval(0,1)", "range(1,4)", "choice(1,2)", "tag(log,"]  # fmt: skip


@given(
    key=st.sampled_from((MEAN, "region", "region.nations", MODE, DYADS, "mechanisms", "seed")),
    text=st.lists(st.sampled_from(PIECES), max_size=9).map("".join),
)
def test_whatever_is_typed_is_a_value_a_factor_or_a_message(key: str, text: str) -> None:
    found, mistakes = read_factor(key, text, "here", ("none", "full"))
    assert found is None or not mistakes
    if found is not None:
        mistakes = check_factor(found)
        assert len(found.values) >= 2 or found.lo < found.hi
    assert all(line.startswith(f"{key} (here): ") and "\n" not in line for line in mistakes)
