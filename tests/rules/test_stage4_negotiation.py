"""Stage 4, every four weeks: memory, shocks, talks, signature, renewal and lapse of agreements."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules.worked import SEED, World, handed, many, numbers, world

from sim.events import ACTS
from sim.mechanisms import NAMES, PROBLEMS
from sim.rules.agreements import (
    ABSENT,
    LAPSED,
    NEGOTIATING,
    OPERATING,
    PROPOSED,
    SETTING_UP,
    SUSPENDED,
)
from sim.rules.bargain import gain, prospect, struck
from sim.rules.diffusion import neighbours
from sim.rules.lived import ROUND, live_through, rounds_before
from sim.rules.negotiation import hostile, opposed, over_budget
from sim.rules.political_shock import political_shock
from sim.rules.renewal import convene, lapse, lapse_rate, mark_elections, negotiate
from sim.schedule import Schedule

MECHANISMS = len(NAMES)
WATER, HAZARD, CONFLICT, LIVELIHOOD, MONEY, TRUST = range(len(PROBLEMS))
K = 1  # the mechanism of the examples


def plan_of(here: World, ceiling: float = 1.0) -> Schedule:
    """Mechanism 1 left to the towns on every dyad, from the first year on; it answers shortage."""
    shape = (MECHANISMS, here.topology.dyad.key.size)
    most, relevance = np.zeros(shape), np.zeros((MECHANISMS, len(PROBLEMS)))
    most[K], relevance[K, WATER] = ceiling, 1.0
    flags = [np.zeros(MECHANISMS, dtype=np.int8) for _ in range(5)]
    return Schedule(
        np.zeros(shape), most, np.zeros(MECHANISMS), np.full(MECHANISMS, 0.003),
        np.full(MECHANISMS, 0.007), np.full(MECHANISMS, 1.0), *flags, relevance,
        np.arange(1, MECHANISMS + 1, dtype=np.uint64),
    )  # fmt: skip


def short_of_water(first: float = 0.4, second: float = 0.4) -> World:
    """A calm, committed world whose towns on the first and second side remember a shortage."""
    here = world()
    town, link = here.state.municipality, here.state.dyad
    town.commitment[:], town.funding[:] = 1.0, 1.0
    town.income[:] = here.topology.municipality.revenue
    town.lived_water[here.topology.dyad.first] = first
    town.lived_water[here.topology.dyad.second] = second
    link.trust_first[:], link.trust_second[:] = 1.0, 1.0
    here.state.pair.tension_first[:], here.state.pair.tension_second[:] = 0.0, 0.0
    return here


def talked(
    here: World, plan: Schedule, rounds: int, first: int = 0, **values: dict[str, float]
) -> list[str]:
    """Run some rounds; names of the acts so far. ``values``: numbers by block."""
    p = numbers()
    blocks = [getattr(p, name)._replace(**values.get(name, {}))
              for name in ("renewal", "negotiation", "bargain", "agreement")]  # fmt: skip
    topology, state, scratch, log = here.by_reference
    for turn in range(first, first + rounds):
        negotiate(topology, state, scratch, log, handed(plan), *blocks, turn * ROUND, SEED, turn)
    return [ACTS[act].name for act in here.log["act"][: here.state.tally[0]]]


# ── memory and shocks ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("weeks", [0.5, 1.0, 2.0, 4.0, 13.0])
def test_rounds_are_the_same_whatever_the_tick(weeks: float) -> None:
    ticks = round(520 / weeks)
    rounds = [turn for t in range(-ticks, ticks)
              for turn in range(rounds_before(t, weeks), rounds_before(t + 1, weeks))]  # fmt: skip
    assert rounds == list(range(-130, 130))


def test_the_worst_is_remembered_and_fades() -> None:
    """Damage 0.1 of a town is half of what is felt in full; six years later 1/e of it is left."""
    here = world()
    town, group = here.state.municipality, here.topology.group
    town.service[:], town.satisfaction[:] = 1.0, 1.0
    town.damage[0], town.heat[1], town.satisfaction[2] = 0.1, 0.6, 0.7
    town.service[3], town.funding[4] = 0.4, 0.1
    here.state.group.livelihood[:] = 0.75
    p = numbers().lived._replace(memory_years=6.0, hazard_full=0.2)

    def once() -> None:
        live_through(handed(town), here.topology.municipality.group_start, group.weight,
                     here.state.group.livelihood, p)

    once()
    assert town.lived_hazard[:2] == pytest.approx([0.5, 0.0])
    assert town.lived_conflict[:2] == pytest.approx([0.0, 0.6])
    assert town.lived_water[2] == pytest.approx(0.3)
    assert town.lived_money[[0, 3, 4]] == pytest.approx([0.0, 0.6, 0.9])
    assert town.lived_livelihood == pytest.approx(np.full(12, 0.25))
    town.damage[:], town.heat[:] = 0.0, 0.0
    for _ in range(78):
        once()
    assert town.lived_hazard[0] == pytest.approx(0.5 * math.exp(-1.0))
    assert town.lived_livelihood == pytest.approx(np.full(12, 0.25)), "still there"


def test_shocks_come_at_their_rate_and_anchoring_protects() -> None:
    here = world()
    town, key = here.state.municipality, here.topology.municipality.key
    p = numbers().shock._replace(rate=0.2, depth=0.8)
    anchoring, struck_, left = np.zeros(12), 0, []
    anchoring[0] = 1.0
    years = many(400, 120)
    for turn in range(13 * years):
        town.commitment[:] = 1.0
        political_shock(handed(town), key, anchoring, p, SEED, turn)
        struck_ += int((town.commitment[1:] < 1.0).sum())
        left += town.commitment[1:][town.commitment[1:] < 1.0].tolist()
        assert town.commitment[0] == 1.0
    assert struck_ / (11 * years) == pytest.approx(0.2, rel=0.15)
    assert np.mean(left) == pytest.approx(0.6, abs=0.04)
    assert min(left) >= 0.2


# ── bargaining ──────────────────────────────────────────────────────────────────────────────────


@given(st.floats(0, 5), st.floats(0, 5), st.floats(0, 20))
def test_the_deal_maximises_what_both_gain_and_each_pays_by_its_gain(
    first: float, second: float, price: float
) -> None:
    x, share = struck(first, second, price)
    worth = first + second

    def surplus(at: float) -> float:
        return worth * at * (2.0 - at) - price * at

    assert 0.0 <= x <= 1.0
    assert 0.0 <= share <= 1.0
    assert all(surplus(x) >= surplus(at) - 1e-9 for at in (0.0, 0.1, 0.5, 0.9, 1.0))
    for own, part in ((first, share), (second, 1.0 - share)):
        assert own * x * (2.0 - x) - part * price * x >= -1e-9, "nobody signs at a loss"


def test_an_upstream_town_agrees_because_the_other_pays() -> None:
    """Worth 1 and 3 at a price of 4: half intensity; the downstream town pays three quarters."""
    assert struck(1.0, 3.0, 4.0) == (0.5, 0.25)
    assert struck(0.0, 3.0, 3.0) == (0.5, 0.0)
    assert struck(1.0, 1.0, 4.0)[0] == 0.0, "not worth its price"
    assert struck(0.0, 0.0, 0.0) == (0.0, 0.5)


def test_gain_is_what_was_lived_through_by_relevance() -> None:
    """0.5 x 0.4 + 1 x 0.3 (distrust) = 0.5; credit 0.2 of what runs at 0.5 adds a tenth of rest."""
    here = world()
    town = here.state.municipality
    town.lived_hazard[3] = 0.4
    weight = np.zeros(len(PROBLEMS))
    weight[HAZARD], weight[TRUST] = 0.5, 1.0
    assert gain(handed(town), 3, 0.3, weight, 0.0, 0.2) == pytest.approx(0.5)
    assert gain(handed(town), 3, 0.3, weight, 0.5, 0.2) == pytest.approx(0.55)
    assert gain(handed(town), 3, 9.0, weight, 0.0, 0.2) == 1.0


def test_a_prospect_follows_memory_price_legal_distance_and_matched_money() -> None:
    here = short_of_water(0.0, 0.4)
    plan, dyad = plan_of(here), here.topology.dyad
    revenue = here.topology.municipality.revenue
    a, b = int(dyad.first[0]), int(dyad.second[0])
    here.state.municipality.lived_water[[a, b]] = 0.0, 0.4
    p = numbers().bargain._replace(worth=0.02, term_years=7.0)
    topology, state = here.by_reference[:2]
    deal = prospect(topology, state, handed(plan), p, K, 0)
    price = (0.003 + 0.007 / 7.0) * min(revenue[a], revenue[b])
    worth = 0.02 * 0.4 * revenue[b]
    assert deal.intensity == pytest.approx(1.0 - price / (2.0 * worth))
    assert deal.share == 0.0
    assert deal.price == pytest.approx(price * deal.intensity)
    assert deal.surplus == pytest.approx(worth * deal.intensity**2)
    here.state.channel.legal[0] = 1.5
    assert prospect(topology, state, handed(plan), p, K, 0).intensity < deal.intensity
    here.state.channel.matched[0] = 1.0 / 3.0
    same = prospect(topology, state, handed(plan), p, K, 0)
    assert same.intensity == pytest.approx(deal.intensity)
    here.state.municipality.lived_water[b] = 0.0
    assert prospect(topology, state, handed(plan), p, K, 0).intensity == 0.0


def test_who_lies_below_pays_the_whole_price_of_what_upstream_does_for_it() -> None:
    """Both were short alike; only what the payer gains counts, and it decides how much."""
    here = short_of_water()
    paid = np.zeros(MECHANISMS, dtype=np.int8)
    paid[K] = 1
    dyad, revenue = here.topology.dyad, here.topology.municipality.revenue
    plan, p = plan_of(here)._replace(paid=paid), numbers().bargain
    d = int(np.flatnonzero(dyad.below)[0])
    payer = dyad.first[d] if dyad.below[d] > 0 else dyad.second[d]
    deal = prospect(*here.by_reference[:2], handed(plan), p, K, d)
    price = (0.003 + 0.007 / p.term_years) * min(revenue[dyad.first[d]], revenue[dyad.second[d]])
    assert deal.share == 0.5 * (1.0 + dyad.below[d])
    worth = p.worth * 0.4 * revenue[payer]
    assert deal.intensity == pytest.approx(max(1.0 - price / (2.0 * worth), 0.0))
    level = int(np.flatnonzero(dyad.below == 0)[0])
    assert 0.0 < prospect(*here.by_reference[:2], handed(plan), p, K, level).share < 1.0


# ── vetoes ──────────────────────────────────────────────────────────────────────────────────────


def test_vetoes_read_budget_electorate_and_capital() -> None:
    here = short_of_water()
    topology, state = here.by_reference[:2]
    town, dyad = here.state.municipality, here.topology.dyad
    a, b, i = int(dyad.first[0]), int(dyad.second[0]), int(dyad.pair[0])
    deal = prospect(topology, state, handed(plan_of(here)), numbers().bargain, K, 0)
    p = numbers().agreement._replace(budget_share=0.02)
    assert over_budget(topology, state, deal, p, 0) == 0.0
    town.cost[b] = 0.02 * town.income[b]  # everything is given out already
    assert over_budget(topology, state, deal, p, 0) == 1.0
    assert opposed(topology, state, 0) == 0.0
    here.state.dyad.trust_second[0], town.complaint[b] = 0.5, 0.4
    assert opposed(topology, state, 0) == pytest.approx(1.0 - 0.5 * 0.6)
    nation, pair = here.state.nation, here.state.pair
    nation.hawkishness[:] = 0.2
    nation.hawkishness[here.topology.pair.second[i]] = 0.8
    pair.tension_first[i], pair.tension_second[i] = 3.0, 1.0
    found = hostile(handed(pair), handed(here.topology.pair), handed(nation), i)
    assert found == pytest.approx(max(0.2 * 0.75, 0.8 * 0.5))
    assert town.cost[a] == 0.0


# ── from a proposal to a signature ──────────────────────────────────────────────────────────────

CERTAIN = {"negotiation": {
    "propose_rate": 20.0, "step_rate": 50.0, "veto_legal": 0.0, "veto_electorate": 0.0,
    "veto_nation": 0.0, "veto_budget": 0.0,
}}  # fmt: skip


def test_towns_in_want_propose_talk_and_sign() -> None:
    """Three milestones after the proposal; terms as bargained; the term runs from the signature."""
    here = short_of_water()
    plan, accord = plan_of(here, 0.5), here.state.accord
    here.state.climate.fair[:] = 0.6
    acts = talked(here, plan, 26, **CERTAIN)
    assert set(acts) == {"agreement proposed", "agreement signed"}
    signed = accord.phase[K] == SETTING_UP
    assert signed.sum() > 0.7 * signed.size
    assert not accord.phase[[0, 2]].any(), "only what is left to the towns"
    event = here.log[acts.index("agreement signed")]
    d = int(event["dyad"])
    assert event["mechanism"] == K
    assert (event["bar"], event["hostility"], event["incident"]) == (4, 0, -1)
    deal = prospect(*here.by_reference[:2], handed(plan), numbers().bargain, K, d)
    assert accord.intensity[K, d] == pytest.approx(0.5 * deal.intensity)
    assert accord.share[K, d] == pytest.approx(deal.share)
    assert accord.due[K, d] == pytest.approx(event["time"] + ROUND + 7.0)
    assert accord.basis[K, d] == pytest.approx(0.6)
    assert accord.milestone[K, d] == 3
    link = here.state.dyad
    assert link.signed.sum() == acts.count("agreement signed") == signed.sum()
    assert link.first_signed[d] == event["time"]
    proposed = next(e for e in here.log[: len(acts)]
                    if e["dyad"] == d and ACTS[e["act"]].name == "agreement proposed")  # fmt: skip
    assert event["time"] >= proposed["time"] + 2.9 * ROUND, "one milestone a round at most"


@pytest.mark.parametrize("what", ["plenty", "no will", "closed", "reined in", "ceiling", "later"])
def test_nobody_proposes_without(what: str) -> None:
    here = short_of_water(*((0.0, 0.0) if what == "plenty" else (0.4, 0.4)))
    plan = plan_of(here, 0.0 if what == "ceiling" else 1.0)
    if what == "no will":
        here.state.municipality.commitment[:] = 0.0
    if what == "later":
        plan = plan._replace(from_year=np.full(MECHANISMS, 3.0))
    if what == "closed":
        here.state.pair.closed_until[:] = 9.0
    if what == "reined in":
        here.state.pair.backlash_until[:] = 9.0
    fresh = [array.copy() for array in here.state.accord]
    assert talked(here, plan, 26, **CERTAIN) == []
    for array, before in zip(here.state.accord, fresh, strict=True):
        assert np.array_equal(array, before)


def test_vetoes_end_talks_and_the_matter_rests() -> None:
    """Fails when: nobody trusts the other side; after a failure nothing is proposed for a while."""
    here = short_of_water()
    here.state.dyad.trust_first[:] = 0.0
    plan, accord = plan_of(here), here.state.accord
    accord.phase[K] = NEGOTIATING
    accord.milestone[K] = 1
    hard = {"negotiation": {"veto_electorate": 20.0, "step_rate": 0.1, "propose_rate": 20.0,
                            "cooling_years": 2.0}}  # fmt: skip
    acts = talked(here, plan, 20, **hard)
    assert (accord.phase[K] == ABSENT).mean() > 0.9
    assert "agreement signed" not in acts
    assert "agreement proposed" not in acts
    assert (accord.due[K][accord.phase[K] == ABSENT] >= 2.0).all()
    assert "agreement proposed" in talked(here, plan, 13, 80, **hard)


def test_what_is_no_longer_worth_its_price_is_not_signed() -> None:
    here = short_of_water(0.0, 0.0)
    plan, accord = plan_of(here), here.state.accord
    accord.phase[K], accord.milestone[K] = NEGOTIATING, 2
    talked(here, plan, 20, **CERTAIN)
    assert not (accord.phase[K] == SETTING_UP).any()
    assert here.state.dyad.signed.sum() == 0


def test_inclusion_and_legal_distance_slow_talks_down() -> None:
    fast, slow = short_of_water(), short_of_water()
    slow.state.channel.slowness[:] = 3.0
    slow.state.channel.legal[:] = 2.0
    gone = []
    for here in (fast, slow):
        here.state.accord.phase[K] = NEGOTIATING
        talked(here, plan_of(here), 6, negotiation={"milestones": 10.0, "veto_legal": 0.0})
        gone.append(here.state.accord.milestone[K].sum())
    assert gone[1] < 0.5 * gone[0]


def test_neighbours_are_copied() -> None:
    """Two dyads share a town: strength 0.6 next door, and a lapse next door, are seen."""
    here = world()
    dyad, municipality = here.topology.dyad, here.topology.municipality
    d = dyad.key.size
    strength, phase = np.zeros(d), np.zeros(d, dtype=np.int8)
    strength[0], phase[0] = 0.6, LAPSED
    worked, failed = np.zeros(d), np.zeros(d)
    neighbours(worked, failed, strength, phase, handed(municipality), handed(dyad),
               (np.zeros(12), np.zeros(12)))
    sides = [{int(a), int(b)} for a, b in zip(dyad.first, dyad.second, strict=True)]
    for e in range(d):
        near = [f for f in range(d) if f != e and sides[f] & sides[e]]
        expected = (0.6 / len(near), 1.0 / len(near)) if 0 in near else (0.0, 0.0)
        assert (worked[e], failed[e]) == pytest.approx(expected)
    assert worked[0] == 0.0


def test_copying_brings_proposals_forward() -> None:
    counts = []
    for copying in (0.0, 20.0):
        here = short_of_water(0.1, 0.1)
        here.state.accord.strength[K] = 0.9  # as if it worked all around
        acts = talked(here, plan_of(here), 8, negotiation={"copying": copying})
        counts.append(acts.count("agreement proposed"))
    assert counts[1] > counts[0]


# ── the end ─────────────────────────────────────────────────────────────────────────────────────


def running(here: World, phase: int = OPERATING, due: float = 50.0) -> None:
    """Mechanism 1 in force everywhere."""
    accord = here.state.accord
    accord.phase[K], accord.intensity[K], accord.maturity[K] = phase, 0.8, 1.0
    accord.due[K] = due


def test_the_one_hazard_of_lapse_is_a_sum_of_named_terms() -> None:
    here = world()
    running(here)
    dyad, town, link = here.topology.dyad, here.state.municipality, here.state.dyad
    town.commitment[:], town.funding[:] = 1.0, 1.0
    link.trust_first[:], link.trust_second[:] = 1.0, 1.0
    p = numbers().renewal._replace(commitment=0.1, funding=0.2, trust=0.3, missed=0.4, spoiler=0.5,
                                   suspended=0.6, neighbour=0.7)

    def rate(failed: float = 0.0) -> float:
        return lapse_rate(here.by_reference[1], handed(dyad), p, K, 0, failed)

    found = [rate()]
    town.commitment[dyad.second[0]] = 0.5
    found.append(rate())
    town.funding[dyad.first[0]] = 0.5
    found.append(rate())
    link.trust_first[0] = 0.0
    found.append(rate())
    here.state.accord.missed[K, 0] = 2
    found.append(rate())
    link.spoiler[0] = 0.4
    found.append(rate())
    here.state.accord.phase[K, 0] = SUSPENDED
    found.append(rate())
    found.append(rate(failed=0.5))
    here.state.channel.backup[0] = 1.0
    found.append(rate(failed=0.5))
    steps = [0.0, 0.05, 0.1, 0.15, 0.8, 0.2, 0.6, 0.35, -0.35]
    assert found == pytest.approx(np.cumsum(steps).tolist())


def test_a_lapse_ends_everything_and_rests() -> None:
    here = world()
    running(here)
    link = here.state.dyad
    here.state.accord.election_at[K, 0], here.state.accord.crisis_at[K, 0] = 3.5, 1.0
    topology, state, _, log = here.by_reference
    p = numbers().negotiation._replace(cooling_years=2.0)
    lapse(topology, state, log, p, K, 0, 4.0)
    accord = here.state.accord
    assert accord.phase[K, 0] == LAPSED
    assert accord.due[K, 0] == 6.0
    left = accord.intensity[K, 0], accord.maturity[K, 0], accord.strength[K, 0]
    assert left == (0.0, 0.0, 0.0)
    assert (link.lapsed[0], link.lost_elections[0], link.lost_crises[0]) == (1.0, 1.0, 0.0)
    assert ACTS[here.log[0]["act"]].name == "agreement lapsed"


def test_an_agreement_that_nobody_pays_for_lapses_sooner() -> None:
    kept = []
    for funding in (1.0, 0.0):
        here = short_of_water()
        running(here)
        here.state.municipality.funding[:] = funding
        talked(here, plan_of(here), 39, renewal={"funding": 1.0})
        kept.append((here.state.accord.phase[K] == OPERATING).mean())
    assert kept[0] > 0.6
    assert kept[1] < 0.5 * kept[0]


@pytest.mark.parametrize(("remembered", "credit", "act"), [
    (0.4, 0.0, "agreement renewed"), (0.0, 0.0, "agreement lapsed"),
    (0.0, 0.9, "agreement renewed")])  # fmt: skip
def test_at_its_term_it_is_renewed_when_it_seems_worth_its_price(
    remembered: float, credit: float, act: str
) -> None:
    """Fails when: it worked so well that its problem is forgotten, and nobody credits it."""
    here = short_of_water(remembered, remembered)
    running(here, due=1.0)
    here.state.accord.strength[K] = 0.8
    here.state.accord.missed[K] = 2
    none = dict.fromkeys(numbers().renewal._fields, 0.0)
    acts = talked(here, plan_of(here), 13, renewal=none, bargain={"credit": credit})
    assert set(acts) == {act}
    if act == "agreement renewed":
        assert here.state.accord.due[K] == pytest.approx(np.full(len(acts), 8.0))
        assert not here.state.accord.missed[K].any()


def test_meetings_fall_due_every_year_and_are_missed_at_a_closed_border() -> None:
    here = short_of_water()
    running(here, due=10.0)
    plan = plan_of(here)
    topology, state = here.by_reference[:2]

    def years(first: int, count: int) -> int:
        for turn in range(13 * first, 13 * (first + count)):
            convene(topology, state, handed(plan), K, 0, turn * ROUND, SEED, turn)
        return int(here.state.accord.missed[K, 0])

    assert years(0, 3) == 0, "everybody comes"
    here.state.pair.closed_until[:] = 99.0
    assert years(3, 3) == 3
    here.state.pair.closed_until[:] = -99.0
    assert years(6, 1) == 0
    here.state.municipality.commitment[:] = 0.0
    here.state.channel.slowness[0] = 2.0
    assert years(7, 4) == 2, "slow decisions meet every other year"


def test_elections_that_agreements_face_are_counted() -> None:
    here = world()
    running(here)
    town, table, link = here.state.municipality, here.topology.municipality, here.state.dyad
    town.phase[:] = 0.5
    for turn in range(13 * 12):
        mark_elections(handed(table), handed(here.topology.dyad), handed(town), handed(link),
                       handed(here.state.accord), turn * ROUND, turn)
    terms = 12.0 / table.term_years[here.topology.dyad.first]
    assert link.faced_elections == pytest.approx(np.round(terms), abs=1.0)
    assert here.state.accord.election_at[K].min() > 6.0


def test_a_lapse_is_put_down_to_what_the_agreement_itself_faced() -> None:
    """Signed after the election and the closure, it was lost to neither; one loss per exposure."""
    here = world()
    running(here)
    town, table, link = here.state.municipality, here.topology.municipality, here.state.dyad
    accord, p = here.state.accord, numbers().negotiation
    topology, state, _, log = here.by_reference
    accord.phase[K, 0] = ABSENT
    town.phase[:] = 0.5
    turn = 0
    while not link.faced_elections[1:].any():
        mark_elections(handed(table), handed(here.topology.dyad), handed(town), handed(link),
                       handed(accord), turn * ROUND, turn)
        turn += 1
    d = int(link.faced_elections.argmax())
    for row in (0, d, d):  # the second lapse on d is of a successor that faced nothing
        accord.phase[K, row] = SETTING_UP
        lapse(topology, state, log, p, K, row, turn * ROUND)
    assert (link.lost_elections[0], link.lost_crises[0]) == (0.0, 0.0)
    assert (link.faced_elections[d], link.lost_elections[d]) == (1.0, 1.0)


def test_talks_know_no_row_of_the_registry() -> None:
    """A draw belongs to the names of mechanism and dyad: another place gives the same history."""
    here, there = short_of_water(), short_of_water()
    plan = plan_of(here)
    moved = plan._replace(ceiling=np.roll(plan.ceiling, 2, axis=0),
                          relevance=np.roll(plan.relevance, 2, axis=0),
                          key=np.roll(plan.key, 2))  # fmt: skip
    talked(here, plan, 60)
    talked(there, moved, 60)
    assert np.array_equal(here.state.accord.phase[K], there.state.accord.phase[K + 2])
    assert np.array_equal(here.state.accord.due[K], there.state.accord.due[K + 2])
    assert PROPOSED in here.state.accord.phase[K] or here.state.dyad.signed.any()
