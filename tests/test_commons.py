"""Commons experiments: the ordinal test none < sanction only (net) < communication < both agreed.

Ostrom, Walker & Gardner 1992; Ostrom 2006; Janssen et al. 2010. A stock that regrows is shared by
eight users of two towns whose need is four times its largest sustainable yield (two to four in the
variants). They perceive, cooperate, keep rules and take by the model's own rules. What stands for
what:

- none: strangers (trust 0.3), errors of perception as declared, no rule, nobody watches;
- sanction: detection 0.4, at a cost of 1 % of what is taken, held against custom;
- communication: trust 0.7 (people who met and kept promises) and half the error of perception;
- agreed: communication, a shared rule of weight 0.8 that follows what is there, detection with its
  cost, and the legitimacy (0.7) that a rule of one's own has;
- imposed: the same rule and detection under a legitimacy of 0.3, among strangers.

The yield is net of cost, as a share of the largest sustainable yield, over twenty years. What is
found: the order holds under strong pressure (four times). Sanctions alone bring next to nothing
gross, and under milder pressure less than they cost; an imposed rule is no better than none. The
trust of 0.7 is put in by hand here: how cooperation builds trust is the model's rule of trust.
"""

from __future__ import annotations

import itertools
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from rules.worked import WEEK, numbers

from sim.rules.abstraction import compliance, following_rule, given_back, wanted
from sim.rules.perception import over_taking
from sim.rules.resources import logistic_growth
from sim.units import retention

pytestmark = pytest.mark.slow

USERS, YEARS, CAPACITY, GROWTH = 8, 20, 100.0, 0.8
LARGEST = GROWTH * CAPACITY / 4.0
PARAMETERS = numbers()


class Treatment(NamedTuple):
    """What an experiment changes."""

    trust: float = 0.3
    error: float = 1.0
    rule: float = 0.0
    detection: float = 0.0
    legitimacy: float = 0.5
    cost: float = 0.0


SANCTION = Treatment(detection=0.4)
TALK = Treatment(trust=0.7, error=0.5)
TREATMENTS = {
    "none": Treatment(),
    "sanction, gross": SANCTION,
    "sanction": SANCTION._replace(cost=0.01),
    "communication": TALK,
    "agreed": TALK._replace(rule=0.8, detection=0.4, legitimacy=0.7, cost=0.01),
    "imposed": Treatment(rule=0.8, detection=0.4, legitimacy=0.3, cost=0.01),
}


def asked(
    need: float, ease: float, cooperation: float, fair: float, noise: float, given: Treatment
) -> float:
    """What one user sets out to take."""
    p = PARAMETERS.abstraction._replace(flexible=1.0)  # a rule that follows what is there
    seen = 1.0 - min((1.0 - fair) * float(np.exp(noise)), 1.0)
    want = wanted(need, ease, cooperation, seen)
    comply = compliance(given.detection, given.legitimacy, cooperation, p)
    caught = (1.0 - given.rule) * p.custom * given.detection * comply
    return following_rule(want, need, fair, p.flexible, given.rule * comply, caught)


def yield_of(given: Treatment, pressure: float, seed: int, reciprocal: float = 1.0) -> float:
    """Net yield of twenty years; ``reciprocal`` 0: the self-interested rival."""
    p, draw = PARAMETERS, np.random.default_rng(seed)
    need = pressure * LARGEST / USERS * WEEK
    adapt = retention(p.abstraction.cooperation_years, WEEK)
    season, planning = retention(13.0 / 52.0, WEEK), retention(8.0 / 52.0, WEEK)
    stock, supply, total = CAPACITY / 2.0, LARGEST, 0.0
    cooperation, satisfied = np.full(USERS, 0.5), np.full(USERS, 1.0 / pressure)
    for _ in range(YEARS * 52):
        stock = logistic_growth(stock, CAPACITY, GROWTH, WEEK)
        surplus = GROWTH * stock * (1.0 - stock / CAPACITY)
        supply = surplus + (supply - surplus) * planning
        fair = min(supply / (need * USERS / WEEK), 1.0)
        z = draw.standard_normal((2, USERS)) * given.error
        takes = np.zeros(USERS)
        for g in range(USERS):
            others = (satisfied.sum() - satisfied[g]) / (USERS - 1)
            seen = over_taking(others, fair, p.perception.take_error, z[0, g])
            target = reciprocal * given_back(
                seen, given.trust, given.detection, given.legitimacy, p.abstraction)
            cooperation[g] = target + (cooperation[g] - target) * adapt
            noise = p.perception.stock_error * z[1, g]
            takes[g] = asked(need, min(2.0 * stock / CAPACITY, 2.0), cooperation[g], fair, noise,
                             given)  # fmt: skip
        takes *= min(1.0, stock * (1.0 - np.exp(-p.resource.fleet_rate * WEEK)) / takes.sum())
        stock -= takes.sum()
        satisfied = takes / need + (satisfied - takes / need) * season
        total += takes.sum() * (1.0 - given.cost)
    return float(total / YEARS / LARGEST)


@cache
def net_yield(treatment: str, pressure: float = 4.0) -> float:
    """Mean over two seeds (the same draws in every treatment)."""
    return float(np.mean([yield_of(TREATMENTS[treatment], pressure, seed) for seed in range(2)]))


def test_the_order_of_the_experiments_holds_under_strong_pressure() -> None:
    order = [net_yield(t) for t in ("none", "sanction", "communication", "agreed")]
    assert all(less < more for less, more in itertools.pairwise(order)), order
    assert order[2] - order[0] > 5.0 * (order[1] - order[0]), "talk does what sanctions do not"


def test_sanctions_alone_bring_no_gross_gain_to_speak_of() -> None:
    """Janssen et al. 2010; what is brought stays below a twentieth of the yield without them."""
    assert net_yield("sanction, gross") < 1.05 * net_yield("none")


def test_an_imposed_rule_is_broken() -> None:
    """Ostrom 2006: without legitimacy not even watched rules are kept."""
    assert net_yield("imposed") < 1.05 * net_yield("none") < net_yield("agreed")


def test_the_self_interested_ruin_the_commons() -> None:
    assert yield_of(TREATMENTS["none"], 4.0, 0, reciprocal=0.0) < 0.5 * net_yield("none")


def test_under_mild_pressure_sanctions_alone_cost_more_than_they_bring() -> None:
    """Not the order of the experiments: reported as it is. Talk still helps."""
    assert net_yield("sanction", 2.0) < net_yield("none", 2.0) < net_yield("communication", 2.0)
