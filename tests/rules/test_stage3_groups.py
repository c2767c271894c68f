"""Stage 3: groups perceive, want, take, live, resent, blame and mobilise (model.md, a tick, 3)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules.worked import WEEK, World, changed, handed, numbers, small_region, world

from sim.rules.abstraction import (
    compliance,
    cooperate,
    following_rule,
    given_back,
    inequity_averse,
    intentions,
    reciprocity,
    rule_kept,
    wanted,
)
from sim.rules.blame import blame, blamed_share
from sim.rules.displacement import DISPLACED
from sim.rules.identity import contact_identity, identity, meetings
from sim.rules.livelihood import (
    earned,
    livelihood,
    most_aid,
    recover,
    relief,
    satisfaction,
    smooth,
    unrecovered,
)
from sim.rules.mobilisation import active_share, joining_share, mobilise, public_anger
from sim.rules.perception import (
    gather_dyads,
    over_taking,
    perceived_dirt,
    perceived_taking,
    taken_of_system,
)
from sim.rules.relative_deprivation import expectation, grievance, hardship
from sim.rules.voice import heard_of, unheard_grievance, voice
from sim.topology import FISHERY, GROUP_KINDS

share = st.floats(0.0, 1.0)
quantity = st.just(0.0) | st.floats(1e-9, 100.0)
EPSTEIN = numbers().mobilisation._replace(threshold=0.1, arrest=2.3, floor=0.02, weeks=3.0)


def rows(*values: int) -> np.ndarray:
    """Row indices."""
    return np.array(values, dtype=np.uint32)


# ── perceiving ──────────────────────────────────────────────────────────────────────────────────


def test_over_taking_worked_by_hand() -> None:
    """S h / f - 1: 0.9 against a fair share of 0.6 is half too much; an error may hide it."""
    assert over_taking(0.9, 0.6, 0.0, 3.0) == pytest.approx(0.5)
    assert over_taking(0.9, 0.6, 0.5, 1.0) == pytest.approx(1.5 * math.exp(0.375) - 1.0)
    assert over_taking(0.9, 0.6, 0.5, -1.0) == 0.0
    assert over_taking(2.0, 0.0, 0.0, 0.0) == 5.0


@pytest.mark.parametrize("unit", [1.0, 1000.0])
def test_what_is_seen_is_the_take_of_the_contested_system(unit: float) -> None:
    """Towns of farmers, fishers (20 of 10 needed) and herders (9 of 30); fish in any unit.

    Who contests the fishery sees 20 / 10 of it, who contests the land 9 / 30. The second town has
    two groups on the river (5 of 8 together). No one of the third town lives from the system that
    its partner contests: it takes nothing from it.
    """
    here, river, fishery, land, other = world(), 0, 1, 2, 3
    people = here.state.group
    people.take_felt[:7] = [4.0, 20.0 * unit, 9.0, 1.0, 4.0, 3.0 * unit, 2.0]
    people.need_felt[:7] = [4.0, 10.0 * unit, 30.0, 4.0, 4.0, 2.0 * unit, 2.0]
    start, system = rows(0, 3, 6, 7), rows(river, fishery, land, river, river, fishery, other)
    out, side, contested = np.zeros(4), rows(0, 0, 1, 2), rows(fishery, land, river, river)
    taken_of_system(out, side, contested, start, system, handed(people))
    assert out == pytest.approx([2.0, 0.3, 0.625, 0.0])
    seen, fair, error = np.zeros(4), np.array([0.5, 1.0, 0.2, 1.0]), np.zeros(3)
    out[1] = 1.5
    perceived_taking(seen, rows(1, 1, 0, 0), out, contested, fair, error, np.ones(4),
                     numbers().perception)  # fmt: skip
    assert fair[contested] == pytest.approx([1.0, 0.2, 0.5, 0.5])
    assert seen == pytest.approx([1.0, 5.0, 0.25, 0.0])


def test_dirt_from_upstream_is_put_down_to_the_other_side() -> None:
    """Weight 2 x 0.3 of the use lost x half of those upstream = 0.3; error 0.5 at z = 1: x e^0.375.

    Who has nobody upstream, or no reach, sees what was seen of the other side's taking.
    """
    p = numbers().perception._replace(dirt=2.0, take_error=0.5)
    seen, reach, fouled = np.full(4, 0.1), np.array([1, 1, -1]), np.array([0.9, 0.3])
    perceived_dirt(seen, rows(0, 1, 0, 2), np.array([0.5, 0.5, 0.0, 0.0]), reach, fouled,
                   np.array([0.0, 1.0, 0.0]), np.ones(4), p)  # fmt: skip
    assert seen == pytest.approx([0.4, 0.1 + 0.3 * math.exp(0.375), 0.1, 0.1])


@given(share, share, st.floats(0.0, 1.5), st.floats(-5.0, 5.0))
def test_over_taking_grows_with_what_the_other_side_takes(
    satisfied: float, fair: float, error: float, z: float
) -> None:
    seen = over_taking(satisfied, fair, error, z)
    assert 0.0 <= seen <= over_taking(satisfied + 0.1, fair, error, z) <= 5.0
    assert seen >= over_taking(satisfied, fair + 0.1, error, z)


def test_a_town_sees_the_weighted_mean_of_its_dyads() -> None:
    """Town 1 is side b of dyad 0 (weight 1, sees 0.4) and side a of dyad 1 (weight 3, sees 0.8)."""
    out, weight = np.zeros(3), np.array([1.0, 3.0])
    of_first, of_second = np.array([9.0, 0.8]), np.array([0.4, 9.0])
    gather_dyads(out, rows(0, 1, 3, 3), rows(0, 0, 1), rows(0, 1), of_first, of_second, weight)
    assert out[1] == pytest.approx((0.4 + 3.0 * 0.8) / 4.0)
    assert out[2] == 0.0  # a town without partners sees nothing


# ── wanting and taking ──────────────────────────────────────────────────────────────────────────


def cooperation_after(seen: float, own: float, years: float, **values: float) -> float:
    """Cooperation from 0.5 on, after some years at a fair share of 0.5, unwatched, no trust."""
    p = numbers().abstraction._replace(cooperation_years=0.5, **values)
    here, group = world(), world().topology.group
    people, n, m = here.state.group, group.key.size, here.topology.municipality.key.size
    people.cooperation[:], people.take_felt[:], people.need_felt[:] = 0.5, 0.5 * (1.0 + own), 1.0
    out, towns, none = np.zeros(m), np.ones(m), np.zeros(m)
    reciprocity(out, seen * towns, none, none, towns, p)
    cooperate(handed(people), group.municipality, out, seen * towns, np.full(n, 0.5), p, years)
    return float(people.cooperation[0])


def test_cooperation_follows_what_is_seen() -> None:
    """A little less than is expected of others: 0.85 (1 - seen)."""
    reached = cooperation_after(0.2, 0.0, 0.5, conditional=0.85)
    assert reached == pytest.approx(0.68 + (0.5 - 0.68) * math.exp(-1.0))


def test_who_trusts_excuses_part_of_what_she_sees() -> None:
    """0.85 (1 - 0.5 (1 - 0.4 x 0.5)) = 0.51; where nothing is seen trust adds nothing."""
    p = numbers().abstraction._replace(conditional=0.85, excuse=0.4)
    assert given_back(0.5, 0.5, 0.0, 1.0, p) == pytest.approx(0.51)
    assert given_back(0.0, 1.0, 0.0, 1.0, p) == given_back(0.0, 0.0, 0.0, 1.0, p) == 0.85
    assert given_back(5.0, 0.5, 0.0, 1.0, p) == 0.0


def test_rival_forms_of_cooperation() -> None:
    """Self-interest: none. Inequity aversion: 0.4, less 0.85 x 0.2 behind, 0.315 x 0.2 ahead."""
    assert cooperation_after(0.0, 0.0, 50.0, rival=1.0) == pytest.approx(0.0, abs=1e-12)
    assert cooperation_after(0.0, 0.0, 50.0, rival=0.5) == pytest.approx(0.425)
    assert cooperation_after(0.3, 0.3, 50.0, rival=2.0) == pytest.approx(0.4)
    assert cooperation_after(0.3, 0.1, 50.0, rival=2.0) == pytest.approx(0.23)
    assert cooperation_after(0.1, 0.3, 50.0, rival=2.0) == pytest.approx(0.463)
    assert inequity_averse(0.0, 5.0, 0.4, 0.85, 0.315) == 0.0


def test_control_without_legitimacy_crowds_cooperation_out() -> None:
    """1 - 0.3 x 0.5 x (1 - 2 x 0.3) = 0.94; accepted by half, or unwatched, all is left."""
    p = numbers().abstraction._replace(conditional=1.0, crowding=0.3)
    assert given_back(0.0, 0.0, 0.5, 0.3, p) == pytest.approx(0.94)
    assert given_back(0.0, 0.0, 0.5, 0.5, p) == given_back(0.0, 0.0, 0.0, 0.1, p) == 1.0


def test_restraint_and_rule_worked_by_hand() -> None:
    """Need 10, cooperation 0.5, share 0.6 seen: want 8; a rule with 0.6 flexible allows 7.6."""
    want = wanted(10.0, 1.0, 0.5, 0.6)
    assert want == pytest.approx(8.0)
    assert following_rule(want, 10.0, 0.6, 0.6, 0.5, 0.0) == pytest.approx(8.0 - 0.5 * 0.4)
    assert following_rule(want, 10.0, 0.6, 0.6, 0.0, 0.1) == pytest.approx(8.0 - 0.1 * 2.0)
    assert following_rule(want, 10.0, 0.6, 0.6, 0.0, 0.0) == want
    assert following_rule(6.0, 10.0, 0.6, 0.6, 1.0, 0.0) == 6.0  # less than allowed stays as it is


def test_without_error_or_scarcity_people_intend_what_they_need() -> None:
    need, one = np.array([3.0, 4.0]), np.ones(2)
    out = np.zeros(2)
    intentions(out, need, 0.5 * one, one, one, 0.0 * one, one, 0.0 * one, numbers().abstraction)
    assert out == pytest.approx(need)


def test_compliance_needs_legitimacy_and_cooperation() -> None:
    """Weight min(1, 1.6 legitimacy cooperation): 0.9 x 1.6 x 0.5 x 0.5 = 0.36."""
    here, p = world(), numbers().abstraction._replace(compliance=1.6)
    town, g = here.topology.group.municipality, here.topology.group.key.size
    legitimacy, cooperation = np.full(12, 0.5), np.full(g, 0.5)
    legitimacy[1], cooperation[town == 1], legitimacy[2] = 0.9, 0.9, 0.0
    kept, caught = np.zeros(g), np.ones(g)
    rule = np.full(here.topology.unit.key.size, 0.9)
    rule_kept(kept, caught, handed(here.topology.group), rule, np.zeros(12), legitimacy,
              cooperation, p)  # fmt: skip
    assert kept[town == 0] == pytest.approx(0.36)
    assert kept[town == 1] == pytest.approx(0.9)
    assert not kept[town == 2].any()
    assert not caught.any(), "nobody watches"


def test_detection_deters_where_the_authority_is_accepted() -> None:
    """Comply 0.4 + 0.6 x 0.7 x 0.5 x 0.5 = 0.505; by custom 0.3 x 0.5 of what the rule leaves."""
    p = numbers().abstraction._replace(compliance=1.6, deterrence=0.7, custom=0.3)
    assert compliance(0.5, 0.5, 0.5, p) == pytest.approx(0.505)
    assert compliance(1.0, 0.0, 0.5, p) == 0.0, "no legitimacy, no compliance"
    here = world()
    g = here.topology.group.key.size
    kept, caught, half = np.zeros(g), np.zeros(g), np.full(12, 0.5)
    rule = np.full(here.topology.unit.key.size, 0.9)
    rule_kept(kept, caught, handed(here.topology.group), rule, half, half, np.full(g, 0.5), p)
    assert kept == pytest.approx(0.9 * 0.505)
    assert caught == pytest.approx(0.1 * 0.15 * 0.505)


@given(share, share, share)
def test_compliance_is_a_share_and_grows_with_detection(
    caught: float, legitimate: float, cooperation: float
) -> None:
    p = numbers().abstraction
    now = compliance(caught, legitimate, cooperation, p)
    assert 0.0 <= now <= compliance(min(caught + 0.1, 1.0), legitimate, cooperation, p) <= 1.0


@given(share, share, share, share, share)
def test_a_rule_never_makes_people_take_more(
    need: float, cooperation: float, fair: float, flexible: float, kept: float
) -> None:
    want = wanted(need, 1.0, cooperation, fair)
    followed = following_rule(want, need, fair, flexible, kept, 0.5 * (1.0 - kept))
    assert -1e-12 <= followed <= want <= need


# ── living ──────────────────────────────────────────────────────────────────────────────────────


def test_livelihood_worked_by_hand() -> None:
    """1 - 0.7 (1 - 0.8) = 0.86; more than needed adds nothing; half the trade shut: - 0.3 x 0.5."""
    assert earned(0.7, 8.0, 10.0, 0.0) == pytest.approx(0.86)
    assert earned(0.7, 20.0, 10.0, 0.0) == 1.0
    assert earned(0.7, 0.0, 0.0, 0.0) == 1.0
    assert earned(0.7, 8.0, 10.0, 0.5) == pytest.approx(0.71)
    assert earned(1.0, 0.0, 1.0, 1.0) == 0.0


@given(share, share, share, share)
def test_what_is_earned_is_a_share_and_grows_with_take(
    dependence: float, taken: float, more: float, shut: float
) -> None:
    low = earned(dependence, taken, 1.0, shut)
    assert 0.0 <= low <= earned(dependence, taken + more, 1.0, shut) <= 1.0


def test_a_floor_makes_up_for_a_loss_and_for_nothing_else() -> None:
    """0.5 of 0.9 is left and the floor is 0.7: 0.2. Who earned 0.6 gets 0.1, who lost little 0."""
    assert relief(0.9, 0.5, 0.7) == pytest.approx(0.2)
    assert relief(0.6, 0.5, 0.7) == pytest.approx(0.1)
    assert relief(0.9, 0.8, 0.7) == 0.0
    assert relief(0.4, 0.4, 0.7) == 0.0, "poverty without a loss"
    assert relief(0.9, 0.5, 0.0) == 0.0


@given(share, share, share)
def test_nobody_gains_by_a_loss(living: float, lost: float, floor: float) -> None:
    bare = max(living - lost, 0.0)
    assert 0.0 <= relief(living, bare, floor) <= living - bare


def peopled(kind: str, **group: float) -> World:
    """The small region with all groups of one kind, content and with a town to match."""
    rows_of = {k: v for k, v in group.items() if k in ("dependence", "vulnerability", "voice")}
    here = world(changed(small_region(), "group", kind=GROUP_KINDS.index(kind), **rows_of))
    here.state.group.need_felt[:], here.state.group.take_felt[:] = 1.0, 1.0
    return here


def lived(
    here: World, floor: float, closed: float, portable: float, abroad: float, cover: float = 1.0
) -> float:
    """Livelihood of the first group."""
    m = here.topology.municipality.key.size
    p = numbers().livelihood._replace(border=0.8, displaced=0.5)
    state, channel = here.state, here.state.channel
    state.municipality.closed[:] = closed
    channel.floor[:], channel.cover[:], channel.portable[:] = floor, cover, portable
    livelihood(handed(state.group), handed(here.topology.group), here.topology.unit.kind,
               state.unit.usable, handed(state.municipality), handed(channel),
               np.full(m, abroad), p)  # fmt: skip
    return float(here.state.group.livelihood[0])


def test_traders_live_from_an_open_border() -> None:
    """1 - (1 - 0.2) x 0.8 while all of it is closed; irrigators do not notice."""
    assert lived(peopled("traders", dependence=0.2), 0.0, 1.0, 0.0, 0.0) == pytest.approx(0.36)
    assert lived(peopled("traders", dependence=0.2), 0.0, 0.5, 0.0, 0.0) == pytest.approx(0.68)
    assert lived(peopled("irrigators", dependence=0.2), 0.0, 1.0, 0.0, 0.0) == 1.0


def test_water_works_add_to_the_living_of_their_builder_in_shortage() -> None:
    """A dam, x = 1.08: from 0.75 of the need 1 - 0.8 (1 - 0.81) = 0.848, against 0.8 without.

    Others live as before, and nobody lives from more water than there is: in plenty 1.
    """
    here = peopled("irrigators", dependence=0.8)
    group, kinds = here.topology.group, here.topology.unit.kind
    built = group.municipality[0]
    for taken, alone, with_dam in ((0.75, 0.8, 0.848), (1.0, 1.0, 1.0)):
        here.state.group.take_felt[:] = taken
        here.state.municipality.expansion[:] = 1.0
        assert lived(here, 0.0, 0.0, 0.0, 0.0) == pytest.approx(alone)
        here.state.municipality.expansion[built] = 1.08
        lived(here, 0.0, 0.0, 0.0, 0.0)
        gains = (group.municipality == built) & (kinds[group.unit] != FISHERY)
        assert here.state.group.livelihood == pytest.approx(np.where(gains, with_dam, alone))


def test_the_displaced_lose_their_living_and_a_floor_does_not_follow_them() -> None:
    """Half displaced: 1 - 0.5 x 0.5 = 0.75; floor 0.9 for those within: 0.15 (1 - 0.5 x 0.2)."""
    here = peopled("herders")
    here.state.group.displaced[:] = 0.5
    assert lived(here, 0.0, 0.0, 0.0, 0.2) == pytest.approx(0.75)
    assert lived(here, 0.9, 0.0, 0.0, 0.2) == pytest.approx(0.885)
    assert lived(here, 0.9, 0.0, 0.0, 0.2, cover=0.5) == pytest.approx(0.8175)
    assert lived(here, 0.9, 0.0, 0.0, 0.0) == pytest.approx(0.9)
    assert here.state.group.aid[0] == pytest.approx(0.15)


def test_people_from_across_the_border_are_covered_as_far_as_rights_are_portable() -> None:
    here = peopled("displaced")
    assert here.topology.group.kind[0] == DISPLACED
    here.state.group.loss[:] = 0.6
    assert lived(here, 0.8, 0.0, 0.0, 0.0) == pytest.approx(0.4)
    assert lived(here, 0.8, 0.0, 0.75, 0.0) == pytest.approx(0.7)
    assert lived(here, 0.8, 0.0, 1.0, 0.0) == pytest.approx(0.8)


def test_the_best_supported_group_of_every_town() -> None:
    out = np.zeros(3)
    most_aid(out, rows(0, 2, 3, 3), np.array([0.1, 0.3, 0.2]))
    assert out == pytest.approx([0.3, 0.2, 0.0])


def test_take_is_felt_over_a_season() -> None:
    """After one season (13 weeks) 1 - 1/e of a change is felt."""
    felt, p = np.array([0.0]), numbers().livelihood._replace(season_weeks=13.0)
    for _ in range(13):
        smooth(felt, np.array([2.0 * WEEK]), p, WEEK)
    assert felt[0] == pytest.approx(2.0 * (1.0 - math.exp(-1.0)))


def test_losses_recover_faster_with_aid() -> None:
    """Loss e^(-r speed dt): a year at r = 0.8 leaves 0.449, at twice the speed 0.202."""
    loss, p = np.array([1.0, 1.0]), numbers().livelihood._replace(recovery_rate=0.8)
    left = np.zeros(2)
    for _ in range(52):
        unrecovered(left, np.array([1.0, 2.0]), p, WEEK)
        recover(loss, rows(0, 1), left)
    assert loss == pytest.approx([math.exp(-0.8), math.exp(-1.6)])


def test_satisfaction_is_the_mean_over_people_of_take_over_need() -> None:
    """0.9 x 0.5 + 0.1 x 1.5 = 0.6, be the 15 fish of the second group 15 or 15,000."""
    out, start, weight = np.zeros(3), rows(0, 3, 4, 4), np.array([0.9, 0.1, 5.0, 1.0])
    for unit in (1.0, 1000.0):
        taken, need = np.array([2.0, 15.0 * unit, 0.0, 9.0]), np.array([4.0, 10.0 * unit, 0.0, 3.0])
        satisfaction(out, start, weight, taken, need)
        assert out == pytest.approx([0.6, 2.0, 1.0])


# ── resenting and blaming ───────────────────────────────────────────────────────────────────────


def test_hardship_under_both_rival_rules() -> None:
    """Expected 0.9, attained 0.8, gain 5: relative 0.5, absolute 1.0; hope of 0.02 adds 0.1."""
    assert hardship(0.9, 0.8, 0.0, 5.0, 0.0) == pytest.approx(0.5)
    assert hardship(0.9, 0.8, 0.0, 5.0, 1.0) == pytest.approx(1.0)
    assert hardship(0.9, 0.8, 0.02, 5.0, 0.0) == pytest.approx(0.6)
    assert hardship(0.7, 0.8, 0.0, 5.0, 0.0) == 0.0


@given(st.floats(0.0, 1.5), share, st.floats(0.0, 0.2), st.floats(0.2, 10.0), share)
def test_hardship_is_a_share_and_falls_with_livelihood(
    expected: float, living: float, hope: float, gain: float, absolute: float
) -> None:
    worse = hardship(expected, living, hope, gain, absolute)
    assert 0.0 <= hardship(expected, living + 0.1, hope, gain, absolute) <= worse <= 1.0


def grieved(here: World, outside: float = 0.0, best: float = 0.0, weeks: int = 400) -> float:
    """Grievance of the first group after some weeks; gain 5, exclusion 0.4."""
    m = here.topology.municipality.key.size
    p = numbers().deprivation._replace(gain=5.0, grievance_weeks=8.0, absolute=0.0)
    q = numbers().voice._replace(exclusion=0.4)
    for _ in range(weeks):
        grievance(handed(here.state.group), here.topology.group.municipality,
                  handed(here.state.municipality), np.zeros(m), np.full(m, outside),
                  np.full(m, best), p, q, WEEK)  # fmt: skip
    return float(here.state.group.grievance[0])


def deprived(expected: float, living: float, heard: float = 1.0) -> World:
    """Groups that expect and attain so much, in towns of legitimacy 0.6."""
    here = world()
    group, town = here.state.group, here.state.municipality
    group.expectation[:], group.livelihood[:], group.heard[:] = expected, living, heard
    town.legitimacy[:] = 0.6
    return here


def test_grievance_is_hardship_times_one_minus_legitimacy() -> None:
    """Epstein 2002: G = H (1 - L) = 0.5 x 0.4, reached up to 1/e after the time of grievance."""
    reached = grieved(deprived(0.9, 0.8), weeks=8)
    assert reached == pytest.approx(0.2 * (1.0 - math.exp(-1.0)))


def test_who_is_not_heard_resents_what_she_lacks() -> None:
    """X = 0.4 (1 - 0.25)(1 - 0.8) = 0.06 beside G = 0.2: 1 - 0.8 x 0.94; in plenty nothing."""
    assert unheard_grievance(0.25, 0.8, 0.4) == pytest.approx(0.06)
    assert grieved(deprived(0.9, 0.8, heard=0.25)) == pytest.approx(1.0 - 0.8 * 0.94)
    assert grieved(deprived(1.0, 1.0, heard=0.0)) == 0.0


def test_those_just_outside_resent_the_aid_of_others() -> None:
    """Envy 0.5 x 0.3 x (1 - 0.8) = 0.03 adds 0.15 of hardship; who gets as much feels none."""
    assert grieved(deprived(0.9, 0.8), outside=0.5, best=0.3) == pytest.approx(0.65 * 0.4)
    supported = deprived(0.9, 0.8)
    supported.state.group.aid[:] = 0.3
    assert grieved(supported, outside=0.5, best=0.3) == pytest.approx(0.5 * 0.4)


def test_voice_is_raised_by_inclusion_and_lost_with_ones_place() -> None:
    """(0.4 + 0.6 x 0.5)(1 - 0.7 x 0.5) = 0.455."""
    assert heard_of(0.4, 0.5, 0.5, 0.7) == pytest.approx(0.455)
    out, p = np.zeros(2), numbers().voice._replace(uprooted=0.7)
    voice(out, np.array([0.4, 0.4]), rows(0, 1), np.array([0.0, 1.0]), np.zeros(2), p)
    assert out == pytest.approx([0.4, 1.0])


def test_people_get_used_to_what_they_have() -> None:
    """Adaptive expectation: a fall of 0.3 is half forgotten after 4 ln 2 years."""
    expected, p = np.array([1.0]), numbers().deprivation._replace(expectation_years=4.0)
    expectation(expected, np.array([0.7]), p, 4.0 * math.log(2.0))
    assert expected[0] == pytest.approx(0.85)


def test_blame_worked_by_hand() -> None:
    """Seen 0.5, dryness 0.5, service 0.8, identity 0.2: 0.8 x 0.5 / (0.5 + 0.35 + 0.1 + 0.15)."""
    p = numbers().blame._replace(nature=0.7, own=0.5, prior=0.15)
    assert blamed_share(0.5, 0.5, 0.8, 0.2, p) == pytest.approx(0.8 * 0.5 / 1.1)
    assert blamed_share(0.0, 0.5, 0.8, 0.2, p) == 0.0
    assert blamed_share(0.5, 0.5, 0.8, 1.0, p) == 0.0


@given(st.floats(0.0, 5.0), share, share, share)
def test_blame_is_a_share_and_points_where_causes_are_seen(
    seen: float, dry: float, service: float, same: float
) -> None:
    p = numbers().blame
    share_of = blamed_share(seen, dry, service, same, p)
    assert 0.0 <= share_of <= blamed_share(seen + 0.1, dry, service, same, p) <= 1.0
    assert blamed_share(seen, dry + 0.1, service, same, p) <= share_of
    assert blamed_share(seen, dry, service, min(same + 0.1, 1.0), p) <= share_of


def test_blame_follows_what_is_seen_within_a_season() -> None:
    out, one, p = np.array([0.0]), np.ones(1), numbers().blame._replace(weeks=16.0)
    target = blamed_share(0.5, 0.2, 0.8, 0.2, p)
    for _ in range(16):
        blame(out, 0.2 * one, rows(0), rows(0), 0.5 * one, 0.2 * one, 0.8 * one, p, WEEK)
    assert out[0] == pytest.approx(target * (1.0 - math.exp(-1.0)))


# ── identity ────────────────────────────────────────────────────────────────────────────────────


def test_identity_grows_with_contact_and_is_lost_in_violence() -> None:
    """At rest where contact and forgetting balance; full heat takes a share of it away."""
    assert contact_identity(0.5, 0.2, 1.0, 0.1, 0.0) == pytest.approx(0.55)
    assert contact_identity(0.5, 0.2, 1.0, 0.0, 0.1) == pytest.approx(0.45)
    out, p = np.array([0.2]), numbers().identity._replace(base=0.2, memory_years=8.0)
    gained, lost = np.zeros(1), np.zeros(1)
    for _ in range(52 * 60):
        meetings(gained, lost, np.array([0.06]), np.zeros(1), p, WEEK)
        identity(out, rows(0), gained, lost, p, WEEK)
    # rest: 0.06 (1 - I) = (I - 0.2) / 8
    assert out[0] == pytest.approx((0.06 + 0.2 / 8.0) / (0.06 + 1.0 / 8.0), rel=1e-3)


@given(share, share, share, share, share)
def test_identity_is_a_share(
    now: float, base: float, keep: float, gained: float, lost: float
) -> None:
    assert 0.0 <= contact_identity(now, base, keep, gained, lost) <= 1.0


# ── mobilising: Epstein's rule ──────────────────────────────────────────────────────────────────


def share_that_acts(grievance_now: float, voice: float, risk: float, threshold: float) -> float:
    """Epstein's rule counted person by person: G_i V - R_i P > T, G_i ~ U(0, 2G), R_i ~ U(0, 1)."""
    middle = (np.arange(800) + 0.5) / 800.0
    heard = (2.0 * grievance_now * middle)[:, None] * (0.5 + 0.5 * voice)
    return float(np.mean(heard - (middle * risk)[None, :] > threshold))


@pytest.mark.parametrize(
    ("grieved", "voice", "active", "police"),
    [
        (0.2, 0.4, 0.0, 0.02),
        (0.5, 0.6, 0.0, 0.04),
        (0.4, 0.0, 0.01, 0.03),
        (0.9, 1.0, 0.0, 0.3),
        (0.5, 0.4, 0.1, 0.02),
        (0.3, 0.2, 0.3, 0.0),
    ],
)
def test_the_active_share_is_epsteins_rule_for_many_people(
    grieved: float, voice: float, active: float, police: float
) -> None:
    """Closed forms below and beyond a - T = P against a count of people, P = 1 - exp(-2.3 C/A)."""
    risk = 1.0 - math.exp(-2.3 * police / (active + 0.02))
    counted = share_that_acts(grieved, voice, risk, 0.1)
    share_acting = active_share(grieved, voice, active, police, EPSTEIN)
    assert share_acting == pytest.approx(counted, abs=0.004)


def test_the_risk_of_arrest_is_that_of_epstein() -> None:
    """P = 0.9 where police and active are as many (k = 2.3): all who act have a - R P > T."""
    risk = 1.0 - math.exp(-2.3)
    assert risk == pytest.approx(0.9, abs=0.001)
    a = 2.0 * 0.5 * 0.8
    expected = (a - 0.1) ** 2 / (2.0 * a * risk)
    assert active_share(0.5, 0.6, 0.0, 0.02, EPSTEIN) == pytest.approx(expected)


def test_nobody_acts_below_the_threshold() -> None:
    """The most aggrieved person has 2 G V = 0.1 = T."""
    assert active_share(0.1, 0.0, 0.0, 0.04, EPSTEIN) == 0.0
    assert active_share(0.0, 1.0, 0.5, 0.0, EPSTEIN) == 0.0


@given(share, share, share, st.floats(0.0, 0.2))
def test_more_grievance_more_company_and_less_police_bring_more_people_out(
    grieved: float, voice: float, active: float, police: float
) -> None:
    now = active_share(grieved, voice, active, police, EPSTEIN)
    assert 0.0 <= now <= 1.0
    assert active_share(min(grieved + 0.1, 1.0), voice, active, police, EPSTEIN) >= now
    assert active_share(grieved, voice, min(active + 0.1, 1.0), police, EPSTEIN) >= now
    assert active_share(grieved, voice, active, police + 0.05, EPSTEIN) <= now


def fixed_point(deviation: float) -> float:
    """Where a crowd that is wholly aggrieved settles under the rival rule."""
    p = EPSTEIN._replace(threshold=0.0, floor=0.0, crowd_mean=0.25, crowd_sd=deviation)
    active = 0.0
    for _ in range(6000):
        active += 0.2 * (joining_share(1.0, 1.0, active, p) - active)
    return active


def test_granovetters_crowd_tips_at_a_small_change_of_the_spread() -> None:
    """Granovetter 1978: mean threshold 25 of 100; at a deviation of 12.2 a few become all."""
    assert fixed_point(0.100) == pytest.approx(0.008, abs=0.002)
    assert fixed_point(0.122) == pytest.approx(0.055, abs=0.01)
    assert fixed_point(0.123) > 0.99


def test_nobody_joins_without_grievance_and_police_do_not_matter() -> None:
    p = EPSTEIN._replace(rival=1.0, weeks=3.0, crowd_mean=0.25, crowd_sd=0.12)
    assert joining_share(0.0, 1.0, 0.9, p) == 0.0
    assert joining_share(0.05, 1.0, 0.9, p) == 0.0, "below Epstein's threshold T"
    out, one = np.full(2, 0.3), np.ones(2)
    mobilise(out, 0.6 * one, 0.5 * one, rows(0, 1), np.array([0.0, 1.0]), p, WEEK)
    assert out[0] == out[1]


def test_people_gather_within_weeks() -> None:
    """Towards the target within three weeks; those out after half a week share the risk."""
    out, one = np.array([0.0]), np.ones(1)
    p = EPSTEIN._replace(police=0.04)
    halfway = active_share(0.5, 0.5, 0.0, 0.04 * 0.5, p) * (1.0 - math.exp(-0.5 / 3.0))
    target = active_share(0.5, 0.5, halfway, 0.04 * 0.5, p)
    mobilise(out, 0.5 * one, 0.5 * one, rows(0), 0.5 * one, p, WEEK)
    assert out[0] == pytest.approx(target * (1.0 - math.exp(-1.0 / 3.0)))


def test_crowds_gather_alike_at_every_tick_length() -> None:
    """After eight weeks of growing company, ticks of 2 weeks and of a day differ by 1 %."""
    after = []
    for weeks in (2.0, 1.0 / 7.0):
        out, one = np.array([0.0]), np.ones(1)
        for _ in range(round(8.0 / weeks)):
            mobilise(out, 0.45 * one, 0.5 * one, rows(0), 0.5 * one, EPSTEIN, weeks * WEEK)
        after.append(out[0])
    assert after[0] == pytest.approx(after[1], rel=0.01)


def test_public_anger_is_blamed_grievance_by_voice() -> None:
    """Two groups of weight 1/2: complaint sums w b G (1 + v)/2, pressure w b X."""
    complaint, pressure, half = np.zeros(1), np.zeros(1), np.full(2, 0.5)
    public_anger(complaint, pressure, rows(0, 2), half, np.array([0.4, 0.8]), half,
                 np.array([0.1, 0.3]), np.array([0.0, 1.0]))  # fmt: skip
    assert complaint[0] == pytest.approx(0.25 * (0.4 * 0.5 + 0.8 * 1.0))
    assert pressure[0] == pytest.approx(0.25 * (0.1 + 0.3))


def test_a_region_at_rest_has_no_anger() -> None:
    """Start values: nobody aggrieved, nobody mobilised."""
    here = world()
    group, town = here.state.group, here.topology.municipality
    public_anger(here.state.municipality.complaint, here.state.municipality.pressure,
                 town.group_start, here.topology.group.weight, group.grievance, group.blame,
                 group.mobilised, here.topology.group.voice)  # fmt: skip
    assert not here.state.municipality.pressure.any()
