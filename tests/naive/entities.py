"""What every agent of the model has: its region's facts, its row and its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

if TYPE_CHECKING:
    from naive.model import NaiveModel

NEVER = -1000.0  # a time before every start, in years
INFINITE = float("inf")  # a time that does not come


class Entity(mesa.Agent):
    """An agent with facts that do not change (attributes given by the region) and a state."""

    model: NaiveModel

    def __init__(self, model: NaiveModel, row: int, name: str, facts: dict[str, Any]) -> None:
        super().__init__(model)
        self.row = row
        self.name = name
        for fact, value in facts.items():
            setattr(self, fact, value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name})"
