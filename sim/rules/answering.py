"""For every hostile act: does the target answer?

    P(answer) = logistic(c + t tension + h (hawkishness - 0.5) + s (level - 3) exp(m z)
                         + q attention - R)

tension: of the target towards the actor; level: rung of the act as the target reads it, with
misreading m (channel); attention: a watching public makes silence costly (audience costs, Fearon
1994); R, in disputes over a shared resource only: the restraint channel, and b times how far a
joint body that deals with it monitors both sides (information exchange makes militarization rarer:
Mitchell & Zawahri 2015). Over other issues R is 0 and signals are misread as without any protocol.
Only what is answered climbs and lasts. The answer comes after a
time that is exponential with a mean of days. Source: reciprocated militarized disputes are about
half of all (Schultz 2001; the share is not checked); coefficients: assumption around it.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from sim._jit import scalar
from sim.declare import Par
from sim.elementary import exp, logistic


class AnswerParameters(NamedTuple):
    """The decision to answer."""

    constant: Annotated[float, Par(
        "logit", -6, 4, "Answer at reference",
        "about half of militarized disputes are reciprocated, Schultz 2001 (not checked)")] = -0.4
    tension: Annotated[float, Par(
        "logit", 0, 3, "Effect of tension",
        "assumption: a unit doubles the odds; 0.5 (mean rivalry) makes them about even")] = 0.7
    hawkishness: Annotated[float, Par(
        "logit", 0, 5, "Effect of hawkishness",
        "assumption: from one in three by a dove to two in three by a hawk, at that tension")] = 1.5
    severity: Annotated[float, Par(
        "logit", -1, 2, "Effect of the rung of the act",
        "assumption: force is answered more often than words")] = 0.25
    audience: Annotated[float, Par(
        "logit", 0, 5, "Effect of public attention",
        "audience costs, Fearon 1994; size: assumption, from a half to three quarters")] = 1.0
    misreading: Annotated[float, Par(
        "log", 0, 1.5, "Misreading of signals", "assumption: half a rung either way")] = 0.4
    body: Annotated[float, Par(
        "logit", 0, 4, "Restraint lent by a joint body that monitors fully",
        "sign: Mitchell & Zawahri 2015; size: assumption, it halves the odds, as tension 1 doubles "
        "them")] = 0.7
    delay_weeks: Annotated[float, Par(
        "weeks", 0.05, 26, "Mean time to the answer",
        "days in the border fighting of April 2021")] = 0.8


@scalar
def answer_chance(
    tension: float, hawkishness: float, level: float, attention: float, restraint: float, z: float,
    misreading: float, p: AnswerParameters,
) -> float:
    """Chance that the target answers an act of the given rung."""
    read = (level - 3.0) * exp(misreading * z)
    return logistic(
        p.constant + p.tension * tension + p.hawkishness * (hawkishness - 0.5)
        + p.severity * read + p.audience * attention - restraint)
