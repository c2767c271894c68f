"""The parameters of a scenario by name: ``p.drought.severity_mean``, ``p.mutual_aid.recovery``."""

from __future__ import annotations

from types import SimpleNamespace

from sim.parameters import KEYS
from sim.scenario import Scenario


def parameters_of(scenario: Scenario) -> SimpleNamespace:
    """The scenario's row of numbers as one namespace per rule."""
    rules: dict[str, dict[str, float]] = {}
    for key, value in zip(KEYS, scenario.parameters, strict=True):
        rule, name = key.split(".")
        rules.setdefault(rule, {})[name] = float(value)
    return SimpleNamespace(**{rule: SimpleNamespace(**own) for rule, own in rules.items()})
