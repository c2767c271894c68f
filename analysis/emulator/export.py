"""An emulator as one JSON document, and back; with test points that any reader can assert.

The numbers are rounded first (coefficients to ten digits, covariance to seven), and the test points
are those of the rounded emulator: a page that evaluates the document must meet them to 1e-6.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from analysis.emulator.basis import Axis, Floats, Term
from analysis.emulator.families import is_switch
from analysis.emulator.held import LEVEL, Z
from analysis.emulator.model import Emulator, Prediction, bounds_of
from analysis.emulator.quality import Quality
from analysis.study import Outcome, StudyError

SCHEMA = 2
TESTS = 5


def document(emulator: Emulator) -> dict[str, Any]:
    """Everything an evaluation needs, as plain values; of a refused one what it is and why not."""
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "usable": not emulator.refusals,
        "refusals": list(emulator.refusals),
        "flags": list(emulator.flags),
        "about": emulator.about,
        "outcome": emulator.outcome._asdict(),
        "axes": [{**axis._asdict(), "switch": is_switch(axis.key)} for axis in emulator.axes],
        "quality": [{key: _finite(value) for key, value in one._asdict().items()}
                    for one in emulator.quality],
    }  # fmt: skip
    if emulator.refusals:
        return content
    content |= {
        "link": "logit" if emulator.logit else "identity",
        "terms": [[list(part) for part in term.parts] for term in emulator.terms],
        "coefficients": _rounded(emulator.coefficients, 10),
        "covariance": _rounded(emulator.covariance[np.tril_indices(len(emulator.terms))], 7),
        "tau": float(f"{emulator.tau:.7g}"),
        "leverage": float(f"{emulator.leverage:.7g}"),
        "range": {"level": LEVEL, "z": Z},
        "bounds": [_finite(end) for end in bounds_of(emulator.outcome)],
        "conditions": [_rounded(row, 7) for row in emulator.conditions],
    }
    content["tests"] = _tests(read(content))
    return content


def read(content: dict[str, Any]) -> Emulator:
    """The emulator of a document. Raises StudyError for a refused one."""
    if not content["usable"]:
        raise StudyError("this emulator was refused: " + "; ".join(content["refusals"]))
    size = len(content["terms"])
    half = np.zeros((size, size))
    half[np.tril_indices(size)] = content["covariance"]
    axes = tuple(Axis(**{k: v for k, v in axis.items() if k in Axis._fields})
                 for axis in content["axes"])  # fmt: skip
    return Emulator(
        Outcome(**content["outcome"]), axes,
        tuple(Term(tuple((int(i), int(d)) for i, d in parts)) for parts in content["terms"]),
        np.array(content["coefficients"]), half + np.tril(half, -1).T,
        content["link"] == "logit", content["tau"], content["leverage"],
        np.array(content["conditions"]).reshape(-1, len(axes)),
        tuple(_quality(one) for one in content["quality"]),
        tuple(content["refusals"]), tuple(content["flags"]), content["about"],
    )  # fmt: skip


def _quality(one: dict[str, Any]) -> Quality:
    values: Any = [math.nan if one[key] is None else one[key] for key in Quality._fields]
    return Quality(*values)


def _tests(emulator: Emulator) -> list[dict[str, Any]]:
    """Points with what they must give: defaults, no and all mechanisms, ends, a middle."""
    axes = emulator.axes
    chosen: list[tuple[str, Floats]] = [
        ("at", np.array([axis.default for axis in axes])),
        ("at", np.array([axis.lo for axis in axes])),
        ("at", np.array([axis.hi for axis in axes])),
        ("at", emulator.conditions[len(emulator.conditions) // 2]),
        ("average", np.array([axis.hi if is_switch(axis.key) else math.nan for axis in axes])),
    ]
    found = []
    for kind, values in chosen[:TESTS]:
        own = {axis.key: float(v) for axis, v in zip(axes, values, strict=True) if math.isfinite(v)}
        said: Prediction = emulator.evaluate(own) if kind == "at" else emulator.average(own)
        found.append({"kind": kind, "settings": own, "mean": said.mean, "lo": said.lo,
                      "hi": said.hi})  # fmt: skip
    return found


def _rounded(values: Floats, digits: int) -> list[float]:
    return [float(f"{value:.{digits}g}") for value in np.asarray(values).ravel()]


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
