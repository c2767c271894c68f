"""The command line and the experiments behind it: compose, check, plan, run, store.

For a notebook: ``from experiments import load_scenario`` takes the settings of the command line and
returns a `sim.scenario.Scenario`. Nothing heavy is imported until a name is used.
"""

from __future__ import annotations

from typing import Any

__all__ = ["UsageError", "load_region", "load_scenario"]

_HOMES = {
    "UsageError": "experiments.exits",
    "load_region": "experiments.regions",
    "load_scenario": "experiments.study",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'experiments' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
