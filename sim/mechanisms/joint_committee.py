"""A standing committee of both towns hears disputes and settles cases.

Channels: settlement capacity (cases a year, shared by the cases that wait), ease of complaining. A
place to complain makes complaining cheaper, so complaints need not fall; what falls is how far they
climb. Fails when: the caseload saturates it (every incident is a case, and those that end unsettled
stand before the next: rules of the local ladder and of trust), or it is captured: without inclusion
it shelves the cases of those who have no voice,

    capacity = cases strength (1 - capture (1 - heard)),  heard: strength of inclusion on the dyad

or governments do not listen (vetoes, in the rule of negotiation: they make talks likelier to fail
and forbid nothing; a deal that cannot be paid is still signed in one talk of nine). Seeds: A (joint
committees, charters with decision rights and dispute resolution), B (dispute-resolution mechanisms,
regular convenings, rotating leadership). Source: states in basin organizations agree more often in
talks on river claims, though more of their claims turn military (Mitchell & Zawahri 2015);
stakeholders take part in 5 % of water agreements and in 36 % of basin organizations (TFDD), hence
capture; more complaints, and sizes: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class JointCommitteeParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    cases_per_year: Annotated[float, Par(
        "1/year", 0, 100, "Cases a fully working committee can settle in a year without a queue",
        "assumption: about one sitting a month")] = 14.0
    ease: Annotated[float, Par(
        "share", 0, 2, "Rise of complaints because complaining is easy",
        "assumption: a place to complain is used")] = 0.25
    capture: Annotated[float, Par(
        "share", 0, 1, "Cases that are shelved where the voiceless have no seat",
        "assumption: the cases of about a third of the people")] = 0.3
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: a secretary, an interpreter and meetings")] = 0.002
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: rooms, a charter and its translation cost one more year's running")] = 0.002
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: charter, members and a first docket take a budget year")] = 1.0


ABOUT = (
    "joint_committee", "Joint committee",
    "Both towns hear disputes together and settle cases.",
    ("settlement", "complaint_ease"),
    "the caseload saturates it, or it is captured by the strong",
)
ANSWERS = {"conflict": 1.0, "trust": 0.5, "water": 0.3}  # problems of the partners


@kernel
def modify(
    channel: Channels, strength: np.ndarray, heard: np.ndarray, p: JointCommitteeParameters
) -> None:
    """Change the channels of every dyad. strength, heard [d]."""
    settlement, complaint_ease = channel.settlement, channel.complaint_ease
    for d in range(strength.size):
        open_to = 1.0 - p.capture * (1.0 - heard[d])
        settlement[d] += p.cases_per_year * strength[d] * open_to
        complaint_ease[d] *= 1.0 + p.ease * strength[d]
