"""Agreements between towns: the part of the state that `sim.rules.cooperation` evolves."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from numpy.typing import NDArray

from sim.declare import Field

NEVER = -1000.0  # a time before every start
Array = NDArray[Any]
F, INF = Field, float("inf")


class Accord(NamedTuple):
    """Agreements: mechanism k on dyad d."""

    intensity: Annotated[Array, F("kd", "share", 0, 1, 0, "agreed intensity")]
    maturity: Annotated[Array, F("kd", "share", 0, 1, 0, "how far it is set up")]
    strength: Annotated[Array, F("kd", "share", 0, 1, 0, "effective intensity, the tick before")]
    phase: Annotated[Array, F(
        "kd", "phase", 0, 6, 0,
        "0 absent 1 set-up 2 operating 3 suspended 4 proposed 5 negotiating 6 lapsed", "i1")]
    milestone: Annotated[Array, F("kd", "steps", 0, 100, 0, "milestones of talks reached", "i1")]
    due: Annotated[Array, F(
        "kd", "years", -INF, INF, NEVER, "end of its term, or of the rest after a failure")]
    share: Annotated[Array, F("kd", "share", 0, 1, 0.5, "cost that the first town pays")]
    missed: Annotated[Array, F("kd", "count", 0, 9, 0, "meetings missed in a row", "i1")]
    basis: Annotated[Array, F("kd", "share", 0, 1, 1, "fair share that it is fitted to")]
    delivered: Annotated[Array, F("kd", "share", 0, 1, 1, "what the other side delivers of it")]
    fit: Annotated[Array, F("kd", "share", 0, 1, 1, "how well it fits changed conditions")]
    election_at: Annotated[Array, F("kd", "years", -INF, INF, NEVER, "last election that it faced")]
    crisis_at: Annotated[Array, F("kd", "years", -INF, INF, NEVER, "when it was last suspended")]
