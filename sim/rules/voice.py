"""Who is heard: voice is raised by inclusion and lost by those who are displaced.

    heard = (v + (1 - v) inclusion)(1 - u displaced)

v: voice that the region declares, inclusion: channel, displaced: share of the group's members, u:
part of the voice that goes with one's place. Every rule that asks how loud a group is reads
`heard`. Source: voice as a means against decline (Hirschman 1970); displaced people lose networks
and standing as well as land (Cernea 1997); u: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par


class VoiceParameters(NamedTuple):
    """Voice and what its absence does."""

    uprooted: Annotated[float, Par(
        "share", 0, 1, "Voice that the displaced lose",
        "assumption: no address, no vote, often no paper")] = 0.7
    exclusion: Annotated[float, Par(
        "ratio", 0, 1, "Grievance of a group that lacks everything and is not heard at all",
        "assumption: a tenth of a full loss; it never wears off as a loss does; direction: "
        "Brockner & Wiesenfeld 1996, Cederman, Wimmer & Min 2010")] = 0.1


@scalar
def heard_of(voice: float, included: float, displaced: float, uprooted: float) -> float:
    """Effective voice of a group, 0..1."""
    return (voice + (1.0 - voice) * included) * (1.0 - uprooted * displaced)


@scalar
def unheard_grievance(heard: float, livelihood: float, exclusion: float) -> float:
    """Grievance at having no say in what one lacks, 0..1."""
    return exclusion * (1.0 - heard) * (1.0 - livelihood)


@kernel
def voice(
    out: np.ndarray, declared: np.ndarray, town: np.ndarray, included: np.ndarray,
    displaced: np.ndarray, p: VoiceParameters,
) -> None:
    """Effective voice of every group."""
    for g in range(out.size):
        out[g] = heard_of(declared[g], included[town[g]], displaced[g], p.uprooted)
