"""Stage 6, continued. Where interstate disputes come from, how they climb, and how they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from naive.entities import INFINITE
from naive.events import Origin
from naive.nature import LAND
from naive.numbers import exp, log, probability, retention
from naive.stages.state_act import (
    FORCE_USED,
    Occasion,
    close_border,
    nation_of,
    place_of,
    seen_as,
    state_act,
)
from naive.states import OTHER
from sim.events import (
    ACTS,
    AGREEMENT,
    ARMY_DISPLAY,
    CLAIM_RENOUNCED,
    CONDEMNATION,
    GUARDS_DISPLAY,
    GUARDS_FIRE,
    NOTE,
    OTHER_DISPLAY,
    OTHER_FORCE,
    ROOT_DISPUTE,
    ROOT_LOCAL,
    ROOT_OTHER,
    SANCTIONS,
    TALKS,
    THREAT,
    TREATY,
)
from sim.streams import Purpose
from sim.undone import NOT_DONE

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.stages.local_ladder import HandedUp
    from naive.states import Dispute, Pair

MOST_STEPS = 24
FORGOTTEN_YEARS = 5.0
SPOILS_YEARS = 1.0  # those who gained from a closed border still count so long
MILD_SHARE = 250.0 / 414.0  # of hostile words are -1, the others -2
DESCENT_YEARS = 0.5  # a later protest has no cause in the last act: its root is the dispute
BILATERAL, JOINT_BODY, THIRD_PARTY = 1, 2, 3  # rows of sim.events.SETTLEMENTS


def take_up(matter: HandedUp) -> None:
    """Guards or a capital act on what a local incident handed up this week."""
    dyad = matter.dyad
    by_guards = matter.act in {GUARDS_DISPLAY, GUARDS_FIRE}
    origin = Origin(ROOT_LOCAL, matter.incident, matter.cause)
    occasion = Occasion(
        matter.time, origin, dyad.key, 2048 + matter.step, dyad.row if by_guards else -1
    )
    state_act(dyad.pair.disputes[dyad.basin.kind], matter.act, matter.side, occasion)


def background_quarrel(pair: Pair, keep: float) -> None:
    """Nations quarrel over other issues: h = (floor s + jump m) (1 + d (0.5 - approval))."""
    model, p = pair.model, pair.model.parameters.quarrel
    rate = onset_rate(pair, pair.memory) * diverted(pair, p.diversion)
    u, v = model.draws.uniforms(Purpose.QUARREL, pair.key, model.tick)
    pair.memory *= keep
    quarrel = pair.disputes[OTHER]
    if u < probability(rate, model.dt) and quarrel.level < 3:
        time = model.now + model.dt * min(u / max(rate * model.dt, 1e-12), 1.0)
        x, _ = model.draws.uniforms(Purpose.QUARREL, pair.key, model.tick, 1)
        hawks = pair.first.hawkishness + 0.1
        # Added from the left: the order decides the last bit.
        total = hawks + pair.second.hawkishness + 0.1
        act = OTHER_FORCE if v < p.force_entry else OTHER_DISPLAY
        occasion = Occasion(time, Origin(ROOT_OTHER), pair.key, 900)
        state_act(quarrel, act, 0 if x < hawks / total else 1, occasion)


def onset_rate(pair: Pair, memory: float) -> float:
    """Onset per year: pairs differ and remember, or differ only (1), or remember only (2)."""
    p = pair.model.parameters.quarrel
    if p.rival >= 1.5:
        return p.floor_alike + p.jump_alike * memory
    if p.rival >= 0.5:
        return p.floor_alone * pair.rivalry
    return p.floor * pair.rivalry + p.jump * memory


def diverted(pair: Pair, diversion: float) -> float:
    """Unpopular governments are a little readier to quarrel abroad."""
    return max(1.0 + diversion * (0.5 - pair.approval), 0.0)


def new_protest(dispute: Dispute) -> None:
    """A claim to a shared resource opens a dispute; an open one goes on making protests."""
    pair, model = dispute.pair, dispute.model
    if not dispute.over_resource or pair.shares[dispute.issue] <= 0.0 or dispute.level > 0:
        return
    rate = protest_rate(dispute)
    u, v = model.draws.uniforms(Purpose.CLAIM, pair.key, model.tick, dispute.issue)
    if u < probability(rate, model.dt):
        w, _ = model.draws.uniforms(Purpose.CLAIM, pair.key, model.tick, 16 + dispute.issue)
        time = model.now + model.dt * min(u / max(rate * model.dt, 1e-12), 1.0)
        origin = Origin(ROOT_DISPUTE)
        if dispute.open == 1 and time - dispute.last_act <= DESCENT_YEARS:
            origin = Origin(dispute.root, dispute.incident, dispute.event)
        act = NOTE if v < MILD_SHARE else CONDEMNATION
        occasion = Occasion(time, origin, pair.key, 1024 + dispute.issue)
        state_act(dispute, act, 0 if w < 0.5 else 1, occasion)


def protest_rate(dispute: Dispute) -> float:
    """Protests per year: scarcity, tension, a body that hears them, hawks who probe weakness."""
    pair, p = dispute.pair, dispute.model.parameters.interstate
    probes = 1.0 + p.probing * pair.channel.weakness * pair.hawk
    mood = tone(p.tension, pair.tension) * probes * (1.0 + p.body_claims * dispute.body_resolution)
    if dispute.issue == LAND:  # claimed less where the border is marked
        mood *= p.land_marked + pair.undemarcated
    if dispute.open == 1:
        return p.note_rate * mood * (p.note_plenty + dispute.scarcity)
    return p.claim_rate * mood * (p.claim_plenty + dispute.scarcity) * diverted(pair, p.diversion)


def tone(effect: float, tension: float) -> float:
    """Factor of tension on disputes over a resource: 1 at tension 1, level from 3 on."""
    return exp(effect * (min(tension, 3.0) - 1.0))


def up_rate(dispute: Dispute) -> float:
    """Hazard of the next rung per year; only what was answered climbs."""
    p, pair = dispute.model.parameters.interstate, dispute.pair
    if dispute.answered == 0:
        return 0.0
    rate = {1: p.up_1, 2: p.up_2, 3: p.up_3, 4: p.up_4}.get(dispute.level, 0.0)
    if dispute.level >= 4 or not dispute.over_resource:
        return rate  # the step into war knows neither tension nor what the dispute is about
    salience = (p.salience_river, p.salience_aquifer, p.salience_fishery, p.salience_land)
    body = max(dispute.body_monitoring, dispute.body_enforcement)
    return rate * tone(p.tension, pair.tension) * salience[dispute.issue] * (1.0 - p.body * body)


def watching_public(dispute: Dispute) -> float:
    """Attention to the border or the last actor's own hostile words, whichever binds it more."""
    actor = nation_of(dispute.pair, dispute.actor)
    return max(dispute.pair.attention, actor.rhetoric)


def down_rate(dispute: Dispute, time: float) -> float:
    """Hazard of stepping down; watching publics (audience costs) and silent channels slow it."""
    p, pair, public = dispute.model.parameters.interstate, dispute.pair, watching_public(dispute)
    rate = p.down_rate * max(1.0 - p.audience * public * (dispute.level - 1.0), 0.1)
    rate = rate if dispute.answered == 1 else p.unanswered * rate
    return p.silent * rate if pair.silent_until > time else rate


def act_at(dispute: Dispute, level: int) -> int:
    """The act of armies that enters a rung from a show of force on."""
    return (ARMY_DISPLAY if dispute.over_resource else OTHER_DISPLAY) + level - 3


def climb_or_calm(dispute: Dispute) -> None:
    """Run the exits of one dispute within the tick; a rung waits for an answer on its way."""
    model, pair = dispute.model, dispute.pair
    time, end = model.now, (model.tick + 1) * model.dt
    for step in range(1, MOST_STEPS):
        if dispute.level == 0:
            return
        up = up_rate(dispute)
        total = up + down_rate(dispute, time)
        number = 64 * dispute.issue + step
        u, v = model.draws.uniforms(Purpose.INTERSTATE_LADDER, pair.key, model.tick, number)
        exit_time = max(time, dispute.last_act) - log(u) / total
        due = dispute.answer_due
        if dispute.level >= FORCE_USED:  # the border does not open before the next exit
            stands = min(due if due < INFINITE else exit_time, end)
            pair.closed_until = max(pair.closed_until, stands)
        if end <= due < INFINITE:
            return
        if due < end:
            reply(dispute, due, number)
            time = max(due, time)
            continue
        if exit_time >= end:
            return
        time = exit_time
        model.track_steps += 1
        if v * total < up:
            climb(dispute, time, number)
        else:
            back_down(dispute)


def occasion_of(dispute: Dispute, time: float, number: int) -> Occasion:
    """A next act of the same dispute, caused by its last one."""
    origin = Origin(dispute.root, dispute.incident, dispute.event)
    return Occasion(time, origin, dispute.pair.key, number)


def reply(dispute: Dispute, time: float, number: int) -> None:
    """The target of the last act answers in kind."""
    act = {1: NOTE, 2: SANCTIONS}.get(dispute.level, act_at(dispute, dispute.level))
    occasion = occasion_of(dispute, time, number)
    state_act(dispute, act, 1 - dispute.actor, occasion, answering=True)


def climb(dispute: Dispute, time: float, number: int) -> None:
    """One side goes a rung further."""
    model, pair, level = dispute.model, dispute.pair, dispute.level + 1
    w, s = model.draws.uniforms(Purpose.INTERSTATE_LADDER, pair.key, model.tick, number + 4096)
    act = act_at(dispute, level)
    if level == 2:
        act = THREAT if w < model.parameters.interstate.threat_share else SANCTIONS
    occasion, side = occasion_of(dispute, time, number), 0 if s < 0.5 else 1
    row = state_act(dispute, act, side, occasion)
    if level == 2 and row != NOT_DONE:
        consider_closure(dispute, side, row, occasion)


def consider_closure(dispute: Dispute, side: int, row: int, occasion: Occasion) -> None:
    """A side that enters diplomatic hostility may shut its crossings."""
    model, pair, step = dispute.model, dispute.pair, occasion.step
    ladder = Purpose.INTERSTATE_LADDER
    u, length = model.draws.uniforms(ladder, pair.key, model.tick, step + 8192)
    seen, _ = model.draws.uniforms(ladder, pair.key, model.tick, step + 12288)
    if u < model.parameters.interstate.closure_share:
        origin = Origin(occasion.origin.root, occasion.origin.incident, row)
        close_border(dispute, place_of(pair, side), occasion.time, origin, (length, seen))


def back_down(dispute: Dispute) -> None:
    """One rung down; the side that acted last pays for it in approval."""
    p, actor = dispute.model.parameters.interstate, nation_of(dispute.pair, dispute.actor)
    cost = p.approval_cost * watching_public(dispute) * max(dispute.level - 1.0, 0.0)
    actor.lost += cost
    dispute.level -= 1
    dispute.answered, dispute.answer_due = 0, INFINITE  # the gate closes
    if dispute.level == 0 and not dispute.over_resource:
        dispute.open = 0


def interstate_settlement(dispute: Dispute) -> None:
    """Open disputes over a resource are settled or forgotten; broken settlements open again."""
    model = dispute.model
    if not dispute.over_resource:
        return
    if dispute.open == 0:
        if dispute.relapse < model.now + model.dt:
            relapse(dispute)
    elif model.now - dispute.last_act > FORGOTTEN_YEARS:
        dispute.open, dispute.level = 0, 0
    elif not renounce(dispute):
        attempt(dispute)


def relapse(dispute: Dispute) -> None:
    """A settlement is broken by one side or the other, and the dispute is open again."""
    model, pair, step = dispute.model, dispute.pair, 320 + dispute.issue
    due = max(dispute.relapse, model.now)
    dispute.relapse = INFINITE
    settled = dispute.settled
    origin = Origin(max(dispute.root, ROOT_LOCAL), cause=settled)
    u, _ = model.draws.uniforms(Purpose.INTERSTATE_SETTLEMENT, pair.key, model.tick, step)
    occasion = Occasion(due, origin, pair.key, 3072 + dispute.issue)
    row = state_act(dispute, CONDEMNATION, 0 if u < 0.5 else 1, occasion)
    if settled >= 0 and row != NOT_DONE:
        model.log.events[settled].kept = 0


def renounce(dispute: Dispute) -> bool:
    """A claim at rest may be given up; then the dispute is over."""
    model, pair, issue = dispute.model, dispute.pair, dispute.issue
    u, s = model.draws.uniforms(Purpose.RENUNCIATION, pair.key, model.tick, issue)
    rate = model.parameters.settlement.renunciation
    if dispute.level > 0 or u >= probability(rate, model.dt):
        return False
    origin, place = Origin(dispute.root, cause=dispute.event), place_of(pair, 0 if s < 0.5 else 1)
    row = model.log.emit(meeting_time(dispute), CLAIM_RENOUNCED, place, issue, origin)
    if row >= 0:
        seen, _ = model.draws.uniforms(Purpose.RENUNCIATION, pair.key, model.tick, 16 + issue)
        event = model.log.events[row]
        event.reported = seen_as(event.bar, seen)
    dispute.open = 0
    return True


def attempt(dispute: Dispute) -> None:
    """Capitals talk, a joint body hears the case, or a third party mediates."""
    pair, model, p = dispute.pair, dispute.model, dispute.model.parameters.settlement
    talk = 0.0  # silent capitals settle nothing by themselves
    if pair.silent_until <= model.now + 0.5 * model.dt:
        talk = p.bilateral * exp(-p.tension * pair.tension)
    body = p.joint_body * dispute.body_resolution
    accepted = 1.0 - p.refusal * pair.hawk
    third = p.third_party * pair.mediators * float(min(max(dispute.level - 1, 0), 3)) * accepted
    total = talk + body + third
    issue = dispute.issue
    u, v = model.draws.uniforms(Purpose.INTERSTATE_SETTLEMENT, pair.key, model.tick, issue)
    if u >= probability(total, model.dt):
        return
    dispute.attempts += 1
    pair.friction += 1.0
    w, x = model.draws.uniforms(Purpose.INTERSTATE_SETTLEMENT, pair.key, model.tick, 64 + issue)
    method = THIRD_PARTY
    if v * total < talk:
        method = BILATERAL
    elif v * total < talk + body:
        method = JOINT_BODY
    if w < p.success:
        conclude(dispute, method, TREATY if x < p.treaty_share else AGREEMENT)
    else:  # an attempt that fails is talks all the same
        log_meeting(dispute, TALKS, method)


def meeting_time(dispute: Dispute) -> float:
    """Middle of the tick, but not before the act that it is about."""
    return max(dispute.model.now + 0.5 * dispute.model.dt, dispute.last_act)


def log_meeting(dispute: Dispute, act: int, method: int) -> int:
    """Write an attempt at settlement down; returns its row in the log."""
    pair, model, step = dispute.pair, dispute.model, 512 + dispute.issue
    origin = Origin(dispute.root, cause=dispute.event)
    seen, s = model.draws.uniforms(Purpose.INTERSTATE_SETTLEMENT, pair.key, model.tick, step)
    place, time = place_of(pair, 0 if s < 0.5 else 1), meeting_time(dispute)
    row = model.log.emit(time, act, place, dispute.issue, origin)
    if row >= 0:
        event = model.log.events[row]
        event.reported = seen_as(event.bar, seen)
        event.settlement, event.attempt = method, min(dispute.attempts, 100)
    return row


def conclude(dispute: Dispute, method: int, act: int) -> None:
    """The dispute ends by agreement; whether that will be kept is drawn now."""
    pair, model, p = dispute.pair, dispute.model, dispute.model.parameters.settlement
    time, step = meeting_time(dispute), 256 + dispute.issue
    row = log_meeting(dispute, act, method)
    u, w = model.draws.uniforms(Purpose.INTERSTATE_SETTLEMENT, pair.key, model.tick, step)
    gained = pair.closed_until > time - SPOILS_YEARS
    spoiled = p.spoilers * pair.hawk if gained else 0.0
    if act == TREATY and time >= 0.0:
        without = (1.0 - dispute.body_monitoring) * (1.0 - p.treaty_clauses)
        dispute.body_monitoring = 1.0 - without
    keeps = u < p.kept + p.enforcement * dispute.body_enforcement - spoiled
    relief = p.relief * float(ACTS[act].bar)
    pair.impulse_first -= relief
    pair.impulse_second -= relief
    if row >= 0:
        event = model.log.events[row]
        event.outcome, event.kept = 1, 1 if keeps else -1
    dispute.relapse = INFINITE if keeps else time - p.broken_years * log(w)
    dispute.settled, dispute.open, dispute.level = row, 0, 0
    dispute.answered, dispute.answer_due = 0, INFINITE


def quarrel_memory(model: NaiveModel) -> float:
    """Share of hazard memory that a tick leaves."""
    return retention(model.parameters.quarrel.memory_years, model.dt)
