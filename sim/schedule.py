"""What a study asks of every agreement, and the facts of mechanisms that its life depends on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Schedule(NamedTuple):
    """Imposed agreements run at ``asked``; those with a ``ceiling`` are left to the towns."""

    asked: np.ndarray  # [k, d] intensity imposed; 0: none
    ceiling: np.ndarray  # [k, d] most that towns may agree on; 0: not theirs to agree on
    from_year: np.ndarray  # [k] first year
    cost: np.ndarray  # [k] a year, share of the smaller town's revenue
    setup_cost: np.ndarray  # [k] more while it is being set up
    setup_years: np.ndarray  # [k] time to set up
    survives: np.ndarray  # [k] 1: goes on while the border is closed
    promised: np.ndarray  # [k] 1: worth what the other side delivers
    conditional: np.ndarray  # [k] 1: fits the conditions at its signature
    legislated: np.ndarray  # [k] 1: parliaments must pass it
    paid: np.ndarray  # [k] 1: the side downstream pays the side upstream for it
    relevance: np.ndarray  # [k, problem] how far it answers what towns lived through
    key: np.ndarray  # [k] identity of the mechanism
