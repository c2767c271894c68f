"""Disputes: how long they last, how they end, whether agreements are kept, what states build."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.base import Chunk, Outcome, ratio


def ended(c: Chunk) -> NDArray[np.float64]:
    """Interstate disputes over a resource that ended [run]."""
    return (c.number("disputes_settled") + c.number("disputes_renounced")
            + c.number("disputes_forgotten"))


def local_ended(c: Chunk) -> NDArray[np.float64]:
    """Disputes between towns that ended [run]."""
    return c.number("local_disputes_settled") + c.number("local_disputes_forgotten")


def attempts(c: Chunk) -> NDArray[np.float64]:
    """Attempts at settlement between states [run]."""
    return c.number("attempts_bilateral") + c.number("attempts_body") + c.number("attempts_third")


FAMILY = (
    Outcome("resource_disputes", "Interstate disputes over the resource", "1/year", "lower", "rate",
            "Disputes between nations over a shared resource, per year.",
            lambda c: c.number("resource_disputes") / c.years),
    Outcome("disputes_militarized", "Resource disputes that turned military", "share", "lower",
            "share", "Share of interstate disputes over a resource that reached a threat of force; "
            "undefined without any.",
            lambda c: ratio(c.number("militarized_resource_disputes"),
                            c.number("resource_disputes"))),
    Outcome("dispute_years", "Duration of resource disputes", "years", "lower", "level",
            "Mean years from the first act to the end of interstate disputes over a resource that "
            "ended; those still open are left out; undefined without any.",
            lambda c: ratio(c.number("dispute_years"), ended(c))),
    Outcome("disputes_settled", "Resource disputes settled", "share", "higher", "share",
            "Share of ended interstate disputes over a resource that ended by agreement; undefined "
            "without any.", lambda c: ratio(c.number("disputes_settled"), ended(c))),
    Outcome("disputes_renounced", "Resource disputes renounced", "share", "none", "share",
            "Share of ended interstate disputes over a resource in which a government gave its "
            "claim up; undefined without any.",
            lambda c: ratio(c.number("disputes_renounced"), ended(c))),
    Outcome("disputes_forgotten", "Resource disputes forgotten", "share", "none", "share",
            "Share of ended interstate disputes over a resource that ended by five years without "
            "an act; undefined without any.",
            lambda c: ratio(c.number("disputes_forgotten"), ended(c))),
    Outcome("disputes_open", "Resource disputes open at the horizon", "count", "lower", "count",
            "Interstate disputes over a resource that are still open at the end (censored).",
            lambda c: c.number("disputes_open")),
    Outcome("settlement_attempts", "Attempts at settlement between states", "1/year", "none",
            "rate", "Bilateral, by a joint body or mediated, over a shared resource, per year.",
            lambda c: attempts(c) / c.years),
    Outcome("attempts_agreed", "Attempts that reached agreement", "share", "higher", "share",
            "Share of attempts at settlement between states that ended in agreement; undefined "
            "without any.", lambda c: ratio(c.number("attempts_agreed"), attempts(c))),
    Outcome("attempts_body", "Attempts by a joint body", "share", "none", "share",
            "Share of attempts at settlement between states that a joint body made; undefined "
            "without any.", lambda c: ratio(c.number("attempts_body"), attempts(c))),
    Outcome("attempts_mediated", "Attempts by a third party", "share", "none", "share",
            "Share of attempts at settlement between states that a third party mediated; undefined "
            "without any.", lambda c: ratio(c.number("attempts_third"), attempts(c))),
    Outcome("agreements_kept", "Settlements between states kept", "share", "higher", "share",
            "Share of settlements kept among those kept or broken by the end; undefined without "
            "any.",
            lambda c: ratio(c.number("agreements_kept"),
                            c.number("agreements_kept") + c.number("agreements_broken"))),
    Outcome("local_disputes", "Disputes between towns", "1/year", "none", "rate",
            "Disputes between towns that opened, per year.",
            lambda c: c.number("local_disputes") / c.years),
    Outcome("local_dispute_years", "Duration of disputes between towns", "years", "lower", "level",
            "Mean years from the first act to settlement or oblivion, of disputes between towns "
            "that ended; undefined without any.",
            lambda c: ratio(c.number("local_dispute_years"), local_ended(c))),
    Outcome("local_disputes_settled", "Disputes between towns settled", "share", "higher", "share",
            "Share of ended disputes between towns that were settled; undefined without any.",
            lambda c: ratio(c.number("local_disputes_settled"), local_ended(c))),
    Outcome("bodies_founded", "Joint bodies founded", "1/year", "none", "rate",
            "Joint bodies that states founded after friction, per year.",
            lambda c: c.number("bodies_founded") / c.years),
    Outcome("borders_marked", "Rounds of demarcation", "1/year", "higher", "rate",
            "Rounds in which a share of the disputed stretches was agreed and marked, per year.",
            lambda c: c.number("borders_marked") / c.years),
    Outcome("towns_reined_in", "Towns reined in by a capital", "1/year", "lower", "rate",
            "Times a capital suspended what its border towns had agreed, per year.",
            lambda c: c.number("towns_reined_in") / c.years),
)
