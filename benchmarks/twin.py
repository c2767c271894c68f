"""The compiled loop against the slow twin: the same model as plain Mesa agents, in one run.

The headline ratio gives the twin its draws from a table prepared beforehand, so that slow random
numbers do not flatter the compiled loop; the loop draws its own numbers inside the time measured.
"""

from __future__ import annotations

from typing import NamedTuple


class Ratio(NamedTuple):
    """Nanoseconds per entity and tick of each, and their ratios."""

    compiled: float
    twin_table: float
    twin_philox: float

    @property
    def random_free(self) -> float:
        """Twin with prepared draws over the compiled loop."""
        return self.twin_table / self.compiled

    @property
    def as_is(self) -> float:
        """Twin that draws its own numbers over the compiled loop."""
        return self.twin_philox / self.compiled
