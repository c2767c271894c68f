"""Stage 6. Nations: what was handed up, quarrels, disputes, talk, attention, tension, opinion.

What an act of state does stands in `naive.stages.state_act`, the life of disputes in
`naive.stages.interstate`.
"""

from __future__ import annotations

from itertools import accumulate
from math import sqrt
from typing import TYPE_CHECKING

from naive.events import Origin
from naive.nature import LAND
from naive.numbers import clip, exp, probability, relax, retention
from naive.stages.bodies import backlash, demarcate, found_body, shared_issue
from naive.stages.interstate import (
    MILD_SHARE,
    background_quarrel,
    climb_or_calm,
    interstate_settlement,
    new_protest,
    quarrel_memory,
    take_up,
    tone,
)
from naive.stages.state_act import nation_of, place_of, seen_as
from naive.stages.towns import election_falls
from naive.states import OTHER
from sim.events import ACTS, CONDEMNATION, NEUTRAL, NOTE, ROOT_DISPUTE, TALKS
from sim.streams import Purpose
from sim.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.states import Nation, Pair

# Counts of friendly acts of BAR +1 to +4, 1948-1999, as cumulated shares.
FRIENDLY_SHARES = tuple(accumulate(n / 1064.0 for n in (438.0, 190.0, 170.0, 266.0)))
MOST_EVENTS = 16


def govern_nations(model: NaiveModel) -> None:
    """Acts of the week reach the capitals in the same week."""
    p, dt = model.parameters, model.dt
    model.pairs.do(scarcity)
    for matter in model.handed_up:
        take_up(matter)
    model.handed_up.clear()
    model.pairs.do(background_quarrel, quarrel_memory(model))
    model.disputes.do(new_protest)
    model.disputes.do(climb_or_calm)
    model.disputes.do(interstate_settlement)
    model.pairs.do(found_body)
    model.pairs.do(demarcate)
    model.pairs.do(backlash)
    echo_years = p.talk.echo_weeks / WEEKS_PER_YEAR
    model.pairs.do(talk, retention(echo_years, dt), probability(1.0 / echo_years, dt))
    over = p.opinion.attention_weeks / WEEKS_PER_YEAR
    model.pairs.do(attention, retention(over, 0.5 * dt))
    model.pairs.do(tension, retention(1.0 / p.tension.fatigue, dt))
    fading = retention(p.opinion.rhetoric_weeks / WEEKS_PER_YEAR, dt)
    model.nations.do(opinion, retention(p.opinion.approval_years, dt), fading)


def scarcity(pair: Pair) -> None:
    """Mean shortage where the pair's dyads contest each kind of resource, and where any."""
    for dispute in pair.disputes[:OTHER]:
        kind = dispute.issue
        contested = [dyad.basin for dyad in pair.dyads if dyad.basin.kind == kind]
        shared = [basin for basin in pair.basins if basin.kind == kind]
        dispute.scarcity = mean_of([1.0 - basin.fair for basin in contested or shared])
    pair.scarcity = mean_of([1.0 - dyad.basin.fair for dyad in pair.dyads])
    pair.disputes[OTHER].scarcity = pair.scarcity
    land = [dyad.unit.disputed for dyad in pair.dyads if dyad.unit.kind == LAND]
    pair.undemarcated = mean_of(land)


def mean_of(values: list[float]) -> float:
    """Mean, added from the left; 0 of nothing."""
    total = 0.0
    for value in values:
        total += value
    return total / len(values) if values else 0.0


def talk(pair: Pair, keep: float, released: float) -> None:
    """Words excite themselves: acts ~ Poisson(base dt + released echoes)."""
    p, dt = pair.model.parameters.talk, pair.model.dt
    shared = sum(pair.shares)
    if shared <= 0.0:
        return
    expected = hostile_rate(pair) * dt + released * pair.hostile_talk
    made = speak(pair, Purpose.TALK_HOSTILE, expected)
    pair.hostile_talk = pair.hostile_talk * keep + p.hostile_branching * made
    over = [dispute for dispute in pair.disputes[:OTHER] if pair.shares[dispute.issue] > 0.0]
    body = max(max(dispute.body_monitoring, dispute.body_resolution) for dispute in over)
    friendly = p.friendly_rate * interest(pair) * (1.0 + p.body_bonus * body)
    speaking = pair.silent_until <= (pair.model.tick + 0.5) * dt
    expected = friendly * dt + released * pair.friendly_talk if speaking else 0.0
    made = speak(pair, Purpose.TALK_FRIENDLY, expected)
    pair.friendly_talk = pair.friendly_talk * keep + p.friendly_branching * made
    speak(pair, Purpose.NEUTRAL_ACT, p.neutral_rate * interest(pair) * dt)


def interest(pair: Pair) -> float:
    """How much there is to talk about: scarcity and an open dispute."""
    p = pair.model.parameters.talk
    disputed = any(dispute.open for dispute in pair.disputes[:OTHER])
    return p.plenty + pair.scarcity + (p.disputed if disputed else 0.0)


def hostile_rate(pair: Pair) -> float:
    """First hostile words per year: interest and tension."""
    p = pair.model.parameters.talk
    return p.hostile_rate * interest(pair) * tone(p.tension, pair.tension)


def poisson(expected: float, u: float) -> int:
    """Poisson number by inversion, at most 16; u uniform."""
    number = 0
    term = total = exp(-expected)
    while u > total and number < MOST_EVENTS:
        number += 1
        term *= expected / number
        total += term
    return number


def speak(pair: Pair, kind: Purpose, expected: float) -> int:
    """Log the acts of one kind of talk; returns how many there were."""
    model = pair.model
    u, _ = model.draws.uniforms(kind, pair.key, model.tick)
    number = poisson(expected, u)
    for k in range(number):
        v, w = model.draws.uniforms(kind, pair.key, model.tick, 1 + k)
        x, y = model.draws.uniforms(kind, pair.key, model.tick, 64 + k)
        time = (model.tick + (k + 0.5) / number) * model.dt
        act, side = spoken_act(kind, v), 0 if w < 0.5 else 1
        place, speaker = place_of(pair, side), nation_of(pair, side)
        speaker.spoken += model.parameters.talk.rhetoric * max(-float(ACTS[act].bar), 0.0)
        row = model.log.emit(time, act, place, shared_issue(pair, x), Origin(ROOT_DISPUTE))
        if row >= 0:
            model.log.events[row].reported = seen_as(ACTS[act].bar, y)
    return number


def spoken_act(kind: Purpose, v: float) -> int:
    """Which act of that kind of talk; v uniform."""
    if kind == Purpose.NEUTRAL_ACT:
        return NEUTRAL
    if kind == Purpose.TALK_HOSTILE:
        return NOTE if v < MILD_SHARE else CONDEMNATION
    grade = 0
    while grade < 3 and v > FRIENDLY_SHARES[grade]:
        grade += 1
    return TALKS + grade


def attention(pair: Pair, keep: float) -> None:
    """Acts of the tick draw attention, which fades within weeks (Downs 1972)."""
    drawn = 1.0 - exp(-pair.model.parameters.opinion.attention_gain * pair.shock)
    pair.shock = 0.0
    faded = pair.attention * keep  # the other half of the tick
    pair.attention = faded + (1.0 - faded) * drawn


def resting_tension(pair: Pair) -> float:
    """Where Richardson's equations rest."""
    p = pair.model.parameters.tension
    standing = p.grievance * min(pair.rivalry, p.most_rivalry)
    return standing / (p.fatigue - min(p.reaction, 0.9 * p.fatigue))


def tension(pair: Pair, keep: float) -> None:
    """Hostility by the rule in force."""
    p = pair.model.parameters.tension
    if p.rival < 0.5:
        richardson(pair, keep)
    else:
        keeping = keep, retention(1.0 / (p.fatigue * p.conciliation), pair.model.dt)
        pair.tension_first = in_kind(pair, pair.tension_first, pair.impulse_first, keeping)
        pair.tension_second = in_kind(pair, pair.tension_second, pair.impulse_second, keeping)
    pair.impulse_first = pair.impulse_second = 0.0


def in_kind(pair: Pair, own: float, received: float, keeping: tuple[float, float]) -> float:
    """Tit for tat: what was done is paid back; without provocation hostility fades faster."""
    keep, calm = keeping
    moved = relax(own, resting_tension(pair), keep if received > 0.0 else calm)
    return clip(moved + pair.model.parameters.tension.retaliation * received, 0.0, 10.0)


def richardson(pair: Pair, keep: float) -> None:
    """Richardson 1960: hostility feeds on the rival's as it is read, and fades with fatigue."""
    model, p = pair.model, pair.model.parameters.tension
    z, _ = model.draws.normals(Purpose.TENSION, pair.key_first, model.tick)
    y, _ = model.draws.normals(Purpose.TENSION, pair.key_second, model.tick)
    m = p.misreading * pair.channel.misreading
    standing = p.grievance * min(pair.rivalry, p.most_rivalry)

    def pushed(rival: float, misread: float) -> float:
        return (p.reaction * rival * exp(m * misread - 0.5 * m * m) + standing) / p.fatigue

    first, second = pair.tension_first, pair.tension_second
    moved = relax(first, pushed(second, z), keep) + pair.impulse_first
    pair.tension_first = clip(moved, 0.0, 10.0)
    moved = relax(second, pushed(first, y), keep) + pair.impulse_second
    pair.tension_second = clip(moved, 0.0, 10.0)


def opinion(nation: Nation, keep: float, fading: float) -> None:
    """Approval drifts, hostile words are forgotten, and elections renew governments."""
    model, p = nation.model, nation.model.parameters.opinion
    z, y = model.draws.normals(Purpose.APPROVAL, nation.key, model.tick)
    noise = p.approval_sd * sqrt(1.0 - keep * keep) * z
    left = max(nation.approval - nation.lost, 0.0)
    nation.approval = clip(relax(left, 0.5, keep) + noise, 0.0, 1.0)
    nation.rhetoric = min(nation.rhetoric + nation.spoken, 1.0) * fading
    nation.lost = nation.spoken = 0.0
    if election_falls(model.tick, model.dt, nation.term_years, nation.phase):
        u, _ = model.draws.uniforms(Purpose.NATIONAL_ELECTION, nation.key, model.tick)
        if u < 1.0 - nation.approval:
            succeed(nation, y)


def succeed(nation: Nation, y: float) -> None:
    """A new government lies halfway back to the nation's usual hawkishness, give or take."""
    base = nation.declared_hawkishness
    base = 0.5 if base is None else base
    p = nation.model.parameters.opinion
    moved = base + p.turnover_kept * (nation.hawkishness - base)
    mixed = moved + p.turnover_sd * y
    nation.hawkishness = clip(mixed, 0.0, 1.0)
