"""Colours: contrast in both themes, distance under simulated colour blindness, token resolution."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from analysis import theme

# Machado, Oliveira & Fernandes (2009), doi:10.1109/TVCG.2009.113: severity 1.
BLINDNESS = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]]
    ),
}  # fmt: skip


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of linear RGB."""
    matrix = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
         [0.0193339, 0.1191920, 0.9503041]]
    )  # fmt: skip
    scaled = matrix @ np.clip(rgb, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(first: str, second: str, kind: str) -> float:
    seen = [lab(BLINDNESS[kind] @ linear(colour)) for colour in (first, second)]
    return math.dist(*seen)


@pytest.mark.parametrize("name", list(theme.THEMES))
def test_both_themes_name_the_same_tokens_as_plain_hex(name: str) -> None:
    tokens = theme.THEMES[name]
    assert set(tokens) == set(theme.LIGHT)
    assert all(len(c) == 7 and c[0] == "#" and int(c[1:], 16) >= 0 for c in tokens.values())


@pytest.mark.parametrize("name", list(theme.THEMES))
def test_text_has_contrast_on_every_ground_it_stands_on(name: str) -> None:
    tokens = theme.THEMES[name]
    inks = ["text", "muted", "accent", *(f"arm{i}-text" for i in range(theme.ARMS))]
    grounds = ["page", "card", "sunken", "accent-soft"]
    for ink, ground in itertools.product(inks, grounds):
        assert theme.contrast(tokens[ink], tokens[ground]) >= 4.5, (ink, ground)
    assert theme.contrast(tokens["badge-text"], tokens["badge"]) >= 4.5
    assert theme.contrast(tokens["on-accent"], tokens["accent"]) >= 4.5
    assert theme.contrast(tokens["text"], tokens["land0"]) >= 4.5
    for rung in range(theme.RUNGS):
        assert theme.contrast(tokens[f"rung{rung}-ink"], tokens[f"rung{rung}"]) >= 4.5, rung


@pytest.mark.parametrize("name", list(theme.THEMES))
def test_marks_have_contrast_on_the_card(name: str) -> None:
    tokens = theme.THEMES[name]
    marks = [f"arm{i}" for i in range(theme.ARMS)]
    marks += [f"trace{i}" for i in range(1, theme.RUNGS)]
    for mark in (*marks, "event", "good", "bad", "unclear", "outline", "axis"):
        assert theme.contrast(tokens[mark], tokens["card"]) >= 3, mark
    assert theme.contrast(tokens["outline"], tokens["land0"]) >= 3
    assert theme.contrast(tokens["border"], tokens["land0"]) >= 3


@pytest.mark.parametrize("name", list(theme.THEMES))
@pytest.mark.parametrize("kind", list(BLINDNESS))
def test_the_first_four_arms_differ_for_every_reader(name: str, kind: str) -> None:
    tokens = theme.THEMES[name]
    for first, second in itertools.combinations(range(4), 2):
        apart = distance(tokens[f"arm{first}"], tokens[f"arm{second}"], kind)
        assert apart >= 12, (first, second, apart)


def test_every_token_has_a_part_whose_contrast_is_held() -> None:
    """A new colour is text, mark, ground, step of a ramp, or decoration that tells nothing."""
    text = {"text", "muted", "accent", "badge-text", "on-accent"}
    text |= {f"arm{i}-text" for i in range(theme.ARMS)}
    text |= {f"rung{i}-ink" for i in range(theme.RUNGS)}
    marks = {"event", "good", "bad", "unclear", "outline", "axis", "border"}
    marks |= {f"arm{i}" for i in range(theme.ARMS)} | {f"trace{i}" for i in range(1, theme.RUNGS)}
    grounds = {"page", "card", "sunken", "accent-soft", "badge", "land0", "land1"}
    ramp = {f"rung{i}" for i in range(theme.RUNGS)}  # outlined wherever they are marks
    decoration = {"line", "grid", "empty"}
    assert set(theme.LIGHT) == text | marks | grounds | ramp | decoration


@pytest.mark.parametrize("name", list(theme.THEMES))
@pytest.mark.parametrize("kind", list(BLINDNESS))
def test_arms_whose_colours_are_close_differ_in_dash_or_symbol(name: str, kind: str) -> None:
    tokens = theme.THEMES[name]
    for first, second in itertools.combinations(range(theme.ARMS), 2):
        if distance(tokens[f"arm{first}"], tokens[f"arm{second}"], kind) < 12:
            shapes = [(theme.arm_dash(arm), theme.arm_symbol(arm)) for arm in (first, second)]
            assert shapes[0][0] != shapes[1][0] or shapes[0][1] != shapes[1][1], (first, second)


@pytest.mark.parametrize("name", list(theme.THEMES))
@pytest.mark.parametrize("kind", list(BLINDNESS))
def test_verdicts_differ_for_every_reader(name: str, kind: str) -> None:
    tokens = theme.THEMES[name]
    for first, second in itertools.combinations(("good", "bad", "unclear"), 2):
        assert distance(tokens[first], tokens[second], kind) >= 12, (first, second)


@pytest.mark.parametrize("name", list(theme.THEMES))
@pytest.mark.parametrize("kind", list(BLINDNESS))
def test_neighbouring_rungs_differ_for_every_reader(name: str, kind: str) -> None:
    tokens = theme.THEMES[name]
    for rung in range(theme.RUNGS - 1):
        apart = distance(tokens[f"rung{rung}"], tokens[f"rung{rung + 1}"], kind)
        assert apart >= 12, (rung, apart)


def test_the_ramp_runs_from_pale_to_strong_in_each_theme() -> None:
    for tokens in theme.THEMES.values():
        steps = [theme.contrast(tokens[f"rung{r}"], tokens["card"]) for r in range(theme.RUNGS)]
        assert steps == sorted(steps)


def test_tokens_are_resolved_everywhere_and_unknown_ones_refused() -> None:
    spec = {"a": ["@arm1", {"b": "@arm1/25"}], "c": "plain", "d": 3}
    assert theme.resolve(spec, "light") == {
        "a": ["#0077bb", {"b": "rgba(0,119,187,0.25)"}],
        "c": "plain",
        "d": 3,
    }
    with pytest.raises(KeyError):
        theme.resolve("@no-such-colour", "dark")


def test_contrast_is_the_published_ratio() -> None:
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_many_arms_keep_tokens_dashes_and_symbols() -> None:
    assert theme.arm_token(0) == "@arm0"
    assert theme.arm_token(8) == "@arm1"
    assert theme.arm_dash(1) != theme.arm_dash(2)
    assert theme.arm_symbol(8) == theme.arm_symbol(0)
    assert theme.rung_token(4, 4) == "@rung5"
    assert theme.rung_token(0, 0) == "@rung0"
    assert theme.trace_token(1, 5) == "@trace1"
    assert theme.trace_token(4, 4) == "@trace5"
