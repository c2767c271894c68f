"""Colour tokens for light and dark, and their resolution in figure specs.

Figures name colours by token (``@arm1``, ``@arm1/25`` for 25 % opacity); the page and the tests
resolve them, so that one spec serves both themes. Contrast and colour-blind distance are tested.
"""

from __future__ import annotations

from typing import Any

ARMS = 8  # distinct arm colours; further arms reuse them with other dashes and symbols
RUNGS = 6

LIGHT = {
    "page": "#f6f5f1", "card": "#ffffff", "sunken": "#f1f0ea", "text": "#18202b",
    "muted": "#545e6b", "line": "#dddad1", "grid": "#e6e4dd", "axis": "#8b929b",
    "accent": "#0a5876", "accent-soft": "#e4eef2", "on-accent": "#ffffff",
    "badge": "#fbe8cf", "badge-text": "#7a4304", "empty": "#d3d6da", "event": "#b8361f",
    "good": "#0b6e4f", "bad": "#b03a1a", "unclear": "#6b7480",
    "land0": "#efece3", "land1": "#e6ecea", "border": "#6f7782",
    "arm0": "#7f8792", "arm1": "#0077bb", "arm2": "#d9690d", "arm3": "#117733",
    "arm4": "#8a4fb5", "arm5": "#b3314f", "arm6": "#00808a", "arm7": "#857000",
    "arm0-text": "#565e69", "arm1-text": "#00619b", "arm2-text": "#a34a05",
    "arm3-text": "#0e672b", "arm4-text": "#74409b", "arm5-text": "#9c2943",
    "arm6-text": "#006a73", "arm7-text": "#685800",
    "rung0": "#e9e6df", "rung1": "#f5d48c", "rung2": "#eda348", "rung3": "#d9602c",
    "rung4": "#a52a2a", "rung5": "#561027",
    "rung0-ink": "#10151b", "rung1-ink": "#10151b", "rung2-ink": "#10151b",
    "rung3-ink": "#10151b", "rung4-ink": "#ffffff", "rung5-ink": "#ffffff",
    "trace1": "#a07c1e", "trace2": "#c06a12", "trace3": "#c8431c", "trace4": "#93203f",
    "trace5": "#3d0f2b", "outline": "#3c434d",
}  # fmt: skip

DARK = {
    "page": "#0f141a", "card": "#19202a", "sunken": "#141a22", "text": "#e9eef4",
    "muted": "#a6b0bc", "line": "#313b48", "grid": "#2a333f", "axis": "#7d8894",
    "accent": "#7fcbea", "accent-soft": "#1b2f3b", "on-accent": "#0b141b",
    "badge": "#3d2c14", "badge-text": "#f6c98d", "empty": "#3b4552", "event": "#f47a5c",
    "good": "#56c596", "bad": "#f08a66", "unclear": "#97a2ae",
    "land0": "#1e2631", "land1": "#232c33", "border": "#a3adb8",
    "arm0": "#a3abb6", "arm1": "#55b4f0", "arm2": "#f2994a", "arm3": "#7dd181",
    "arm4": "#c39ae8", "arm5": "#f2849c", "arm6": "#4fcbd1", "arm7": "#d1c04c",
    "arm0-text": "#b4bcc6", "arm1-text": "#7cc5f4", "arm2-text": "#f6b277",
    "arm3-text": "#93dca0", "arm4-text": "#d3b5ee", "arm5-text": "#f6a3b5",
    "arm6-text": "#7ad9de", "arm7-text": "#dccf77",
    "rung0": "#293641", "rung1": "#64522e", "rung2": "#9c6a22", "rung3": "#f68049",
    "rung4": "#ffa79e", "rung5": "#fde2df",
    "rung0-ink": "#e9eef4", "rung1-ink": "#ffffff", "rung2-ink": "#ffffff",
    "rung3-ink": "#10151b", "rung4-ink": "#10151b", "rung5-ink": "#10151b",
    "trace1": "#a89058", "trace2": "#d9a03c", "trace3": "#f68049", "trace4": "#ffa79e",
    "trace5": "#fde2df", "outline": "#cdd5de",
}  # fmt: skip

THEMES = {"light": LIGHT, "dark": DARK}
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "hexagon", "star", "pentagon", "cross")


def arm_token(index: int) -> str:
    """Colour token of the arm at ``index``; the first is the grey reference."""
    return f"@arm{0 if index == 0 else 1 + (index - 1) % (ARMS - 1)}"


def arm_dash(index: int) -> str:
    """Line dash of an arm, for readers who do not see the colours."""
    return DASHES[index % len(DASHES)]


def arm_symbol(index: int) -> str:
    """Marker symbol of an arm."""
    return SYMBOLS[index % len(SYMBOLS)]


def rung_token(rung: int, top: int) -> str:
    """Ramp token of ``rung`` on a ladder whose highest rung is ``top``."""
    return f"@rung{round(rung * (RUNGS - 1) / max(top, 1))}"


def trace_token(rung: int, top: int) -> str:
    """Token of a line that stands for a rung above the lowest: dark enough to be seen thin."""
    return f"@trace{max(1, round(rung * (RUNGS - 1) / max(top, 1)))}"


def resolve(spec: Any, theme: str) -> Any:
    """Replace every colour token in a figure spec. Raises KeyError on an unknown token."""
    if isinstance(spec, dict):
        return {key: resolve(value, theme) for key, value in spec.items()}
    if isinstance(spec, list):
        return [resolve(value, theme) for value in spec]
    if isinstance(spec, str) and spec.startswith("@"):
        return _colour(spec[1:], THEMES[theme])
    return spec


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two hex colours (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _colour(token: str, tokens: dict[str, str]) -> str:
    name, _, percent = token.partition("/")
    colour = tokens[name]
    if not percent:
        return colour
    red, green, blue = _channels(colour)
    return f"rgba({red},{green},{blue},{float(percent) / 100:g})"


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
