"""Numbers in words: signs, digits, natural frequencies, units."""

from __future__ import annotations

import math

import pytest

from analysis import words
from analysis.study import Outcome

CHANCE = Outcome("c", "crisis", "probability", "lower", "probability", "")
SHARE = Outcome("s", "contained", "share", "higher", "share", "")
RATE = Outcome("r", "incidents", "1/year", "lower", "rate", "")
MONEY = Outcome("m", "spent", "million dollars (2020)/year", "none", "money", "")


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (1234.5, 0, "1,234"),
        (-0.04, 1, "0.0"),
        (-2.5, 1, "\u22122.5"),
        (math.nan, 1, "not defined"),
        (math.inf, 1, "unbounded"),
    ],
)
def test_plain_numbers(value: float, digits: int, said: str) -> None:
    assert words.plain(value, digits) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(3.2, "+3.2"), (-3.2, "\u22123.2"), (0.01, "0.0"), (math.nan, "not defined")],
)
def test_signed_numbers(value: float, said: str) -> None:
    assert words.signed(value, 1) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.31, "31 in 100"), (0.0, "0 in 100"), (0.004, "4 in 1,000"), (0.0004, "0.4 in 1,000")],
)
def test_natural_frequencies(share: float, said: str) -> None:
    assert words.in_100(share) == said


def test_two_values_are_told_apart_when_they_differ() -> None:
    assert words.from_to(CHANCE, 0.31, 0.22) == ("31 in 100", "22 in 100")
    assert words.from_to(CHANCE, 0.312, 0.308) == ("31.2 in 100", "30.8 in 100")
    assert words.from_to(RATE, 0.78, 0.5) == ("0.78 per year", "0.50 per year")
    assert words.from_to(SHARE, 0.5, 0.5) == ("50 %", "50 %")


def test_units_are_spoken() -> None:
    assert words.unit_of(RATE) == "per year"
    assert words.unit_of(MONEY) == "million dollars (2020) per year"
    assert words.unit_of(CHANCE) == "in 100 histories"
    assert words.unit_of(SHARE) == "percent"


def test_a_tight_interval_gets_the_digits_that_show_it() -> None:
    assert words.difference_digits(RATE, -0.28, -0.30, -0.26) == 2
    assert words.difference_digits(RATE, 12.04, 12.01, 12.07) == 1
    assert words.difference_digits(RATE, 0.0, 0.0, 0.0) == 0


def test_lists_counts_and_capitals() -> None:
    assert words.listing(["a", "b", "c"]) == "a, b and c"
    assert words.listing([]) == ""
    assert words.count(1, "history", "histories") == "1 history"
    assert words.count(1200, "run") == "1,200 runs"
    assert words.lower_first("Joint committee") == "joint committee"
    assert words.lower_first("BAR scale") == "BAR scale"
    assert words.wrap("diplomatic and economic hostility", 14) == [
        "diplomatic and",
        "economic",
        "hostility",
    ]


@pytest.mark.parametrize(
    ("lo", "hi", "said"),
    [
        (-0.0158, -0.0004, ["\u22120.83", "\u22121.58", "\u22120.04"]),
        (-0.0158, 0.0, ["\u22120.8", "\u22121.6", "0.0"]),
        (-0.0158, 0.0004, ["\u22120.8", "\u22121.6", "0.0"]),
    ],
)
def test_an_interval_that_excludes_zero_does_so_as_it_is_read(
    lo: float, hi: float, said: list[str]
) -> None:
    digits = words.difference_digits(CHANCE, -0.0083, lo, hi)
    assert [words.difference(CHANCE, x, digits) for x in (-0.0083, lo, hi)] == said
