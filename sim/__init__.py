"""The model: a border region that acts week by week, compiled and reproducible.

A notebook opens it here: ``BorderModel`` steps one history with Mesa agents, ``simulate_many`` runs
an ensemble of the same history. A scenario is made by ``sim.scenario.scenario`` and one history by
``sim.simulate.simulate``. Nothing heavy is imported until a name is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.agents import Municipality, Nation, UserGroup
    from sim.model import BorderModel
    from sim.region import Region
    from sim.scenario import Scenario
    from sim.simulate import Ensemble, History, simulate_many
    from sim.synthetic import synthetic_region

__all__ = [
    "BorderModel",
    "Ensemble",
    "History",
    "Municipality",
    "Nation",
    "Region",
    "Scenario",
    "UserGroup",
    "simulate_many",
    "synthetic_region",
]

_HOMES = {
    "BorderModel": "sim.model",
    "Ensemble": "sim.simulate",
    "History": "sim.simulate",
    "Municipality": "sim.agents",
    "Nation": "sim.agents",
    "Region": "sim.region",
    "Scenario": "sim.scenario",
    "UserGroup": "sim.agents",
    "simulate_many": "sim.simulate",
    "synthetic_region": "sim.synthetic",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
