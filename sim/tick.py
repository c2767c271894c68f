"""The schedule: one tick, one line per rule, in a fixed order.

| stage | what happens | rules |
| --- | --- | --- |
| 0 | channels of cooperation, from the agreements of the tick before | mechanisms.compose |
| 1 | weather, hazards, accidents, works | weather ... storm, unilateral_project |
| 2 | stocks fill, recharge, regrow; needs and fair shares | resources, abstraction.needs |
| 3 | groups perceive, want, take, live, resent, blame, mobilise | perception ... identity |
| 4 | towns: damage, flight, upkeep, elections, agreements | hazard_response ... agreements |
| 5 | dyads: onset, ladder, settlement, guards, trust | local_onset ... trust |
| 6 | nations: quarrels, disputes, bodies, talk, tension | background_quarrel ... tension |
| 7 | record | sim.record |

Order is a decision: damage is known before groups' losses are counted, acts of the week reach the
capitals in the same week, agreements act with a tick's delay. A tick's draws belong to its number
(negative: spin-up), so the length of the spin-up does not move the draws after the start.
"""

from __future__ import annotations

import numpy as np

from sim._jit import kernel, spliced
from sim.events import EVENTS
from sim.mechanisms import compose
from sim.parameters import Parameters
from sim.reach import over_pairs
from sim.rules.abstraction import (
    cooperate,
    fodder,
    gather,
    intentions,
    needs,
    reciprocity,
    rule_kept,
    thirst,
)
from sim.rules.agreements import note_operating
from sim.rules.background_quarrel import background_quarrel
from sim.rules.blame import blame
from sim.rules.cooperation import rounds_of_talks, run_agreements
from sim.rules.demarcation import demarcation
from sim.rules.displacement import borders, displace, felt_border, hosted, uncovered
from sim.rules.drought import drought
from sim.rules.erosion import erosion
from sim.rules.exposure import exposure
from sim.rules.flood import flood
from sim.rules.hazard_response import aided, blows, livelihood_loss, strike, struck, works
from sim.rules.heat_wave import heat_wave, towns_in_heat
from sim.rules.identity import identity, meetings
from sim.rules.interstate_bodies import interstate_bodies
from sim.rules.interstate_claims import handed_up, new_protests
from sim.rules.interstate_ladder import climb_or_calm
from sim.rules.interstate_scarcity import scarcity
from sim.rules.interstate_settlement import FORGOTTEN_YEARS, interstate_settlement
from sim.rules.livelihood import (
    livelihood,
    most_aid,
    recover,
    satisfaction,
    smooth,
    unrecovered,
)
from sim.rules.local_ladder import local_ladder
from sim.rules.local_onset import anger, calm_hazard, onset_chance, onset_hazard
from sim.rules.mobilisation import mobilise, public_anger
from sim.rules.municipal_budget import budget, mean_living
from sim.rules.municipal_politics import legitimacy, municipal_election
from sim.rules.paradiplomacy import paradiplomacy, ties
from sim.rules.perception import (
    gather_dyads,
    perceived_dirt,
    perceived_taking,
    taken_of_system,
)
from sim.rules.public_opinion import approval_and_elections, attention, attention_fades
from sim.rules.quality import accidents, sewage, usability
from sim.rules.relative_deprivation import expectation, grievance
from sim.rules.resources import fair_share, replenish
from sim.rules.routing import route
from sim.rules.state_reaction import QUEUED
from sim.rules.storm import storm, towns_in_storm
from sim.rules.talk import talk
from sim.rules.tension import tension
from sim.rules.trust import (
    close_disputes,
    fade,
    hear_waiting,
    heat_around,
    heat_of_towns,
    mean_while_fading,
    trust,
)
from sim.rules.unilateral_project import unilateral_project
from sim.rules.voice import voice
from sim.rules.weather import anomaly, grown, inflow_factor, month_of, share_of_month
from sim.schedule import Schedule
from sim.scratch import Scratch
from sim.state import State
from sim.streams import Purpose, fill_uniforms, to_normals
from sim.topology import Topology
from sim.units import WEEKS_PER_YEAR

PERCEPTION, PERCEIVED_TAKING = int(Purpose.PERCEPTION), int(Purpose.PERCEIVED_TAKING)
ONSET, PROJECT_DRAW = int(Purpose.LOCAL_ONSET), int(Purpose.PROJECT)


@spliced
def hazards(
    topology: Topology, s: State, w: Scratch, log: np.ndarray, p: Parameters, seed: int, t: int,
    weeks: float,
) -> None:
    """Stage 1."""
    dt = weeks / WEEKS_PER_YEAR
    anomaly(topology.basin, s.climate, p.weather, seed, t, dt)
    more = grown(p.weather.extremes_trend, t, dt)
    drought(topology.basin, s.climate, p.drought, more, seed, t, dt)
    inflow_factor(topology.basin, s.climate, p.weather, t, weeks)
    flood(topology.unit, topology.basin, s.climate, s.unit.flood, p.flood, (w.units, w.mass),
          more, seed, t, dt)
    erosion(topology.unit.kind, s.unit, s.channel.sediment, p.erosion, dt)
    accidents(topology.unit, s.unit, p.quality, (w.units, w.mass), seed, t, dt)
    when = (month_of(t, weeks), share_of_month(t, weeks))
    heat_wave(topology.basin, s.climate, p.heat, more, when, seed, t, dt)
    towns_in_heat(s.municipality.heat_wave, topology.municipality.basin, s.climate.heat, weeks)
    storm(topology.basin, s.climate.storm, p.storm, more, seed, t, dt)
    towns_in_storm(s.municipality.storm, topology.municipality, s.climate.storm, seed, t)
    fill_uniforms(seed, PROJECT_DRAW, t, topology.dyad.key, w.u_dyad, w.v_dyad)
    unilateral_project(topology, s.dyad, s.municipality, s.unit, s.channel.settlement, log,
                       s.tally, (w.u_dyad, w.v_dyad), p.project, seed, t, dt)


@spliced
def stocks(topology: Topology, s: State, w: Scratch, p: Parameters, dt: float) -> None:
    """Stage 2."""
    group = topology.group
    replenish(topology.unit, s.climate, s.unit, s.channel, p.resource, p.heat.fish, dt)
    sewage(w.dirt, group, topology.municipality, topology.unit, s.group, s.channel, p.quality, dt)
    thirst(w.towns, s.channel.demand, topology.municipality.basin, s.climate.heat, p.heat.need)
    fodder(w.towns, topology.unit.kind, group, topology.municipality.group_start, s.group,
           p.abstraction)
    needs(s.group.need, group, w.system, topology.basin.kind, s.climate, s.municipality.expansion,
          w.towns, p.abstraction, dt)
    fair_share(topology.basin, topology.unit, s.unit, s.climate, s.group.need, p.resource, dt)


@spliced
def use(
    topology: Topology, s: State, w: Scratch, p: Parameters, seed: int, t: int, dt: float
) -> None:
    """Stage 3, first half: perceive, want, take."""
    dyad, group, town, towns = topology.dyad, topology.group, topology.municipality, s.municipality
    fill_uniforms(seed, PERCEIVED_TAKING, t, dyad.key, w.u_dyad, w.v_dyad)
    to_normals(w.u_dyad, w.v_dyad)
    taken_of_system(w.more, dyad.second, dyad.basin, town.group_start, w.system, s.group)
    perceived_taking(s.dyad.seen_first, dyad.first, w.more, dyad.basin, s.climate.fair,
                     s.channel.take_error, w.u_dyad, p.perception)
    taken_of_system(w.more, dyad.first, dyad.basin, town.group_start, w.system, s.group)
    perceived_taking(s.dyad.seen_second, dyad.second, w.more, dyad.basin, s.climate.fair,
                     s.channel.take_error, w.v_dyad, p.perception)
    perceived_dirt(s.dyad.seen_first, dyad.first, w.theirs_first, town.reach, s.unit.fouled,
                   s.channel.take_error, w.u_dyad, p.perception)
    perceived_dirt(s.dyad.seen_second, dyad.second, w.theirs_second, town.reach, s.unit.fouled,
                   s.channel.take_error, w.v_dyad, p.perception)
    gather_dyads(towns.seen, town.dyad_start, town.dyad, dyad.first, s.dyad.seen_first,
                 s.dyad.seen_second, dyad.weight)
    gather(w.fair, s.climate.fair, w.system)
    gather_dyads(w.towns, town.dyad_start, town.dyad, dyad.first, s.dyad.trust_first,
                 s.dyad.trust_second, dyad.weight)
    reciprocity(w.towns, towns.seen, w.towns, s.channel.detection, towns.legitimacy,
                p.abstraction)
    cooperate(s.group, group.municipality, w.towns, towns.seen, w.fair, p.abstraction, dt)
    fill_uniforms(seed, PERCEPTION, t, group.key, w.z_group, w.y_group)
    to_normals(w.z_group, w.y_group)
    gather(w.ease, s.unit.ease, group.unit)
    gather(w.error, s.channel.stock_error, group.municipality)
    scale(w.error, w.z_group, p.perception.stock_error)
    rule_kept(w.kept, w.caught, group, s.channel.access_rule, s.channel.detection,
              towns.legitimacy, s.group.cooperation, p.abstraction)
    intentions(s.group.intended, s.group.need, s.group.cooperation, w.fair, w.ease, w.error,
               w.kept, w.caught, p.abstraction)
    route(topology.unit, s.unit, s.group.take, s.group.intended, s.channel.sediment,
          (w.units, w.dirt, w.salt, w.silt, w.foul), p.resource, p.quality, dt)
    usability(topology.unit, s.unit, (w.dirt, w.salt, w.silt, w.foul), p.quality,
              p.livelihood.season_weeks, dt)


@spliced
def feel(topology: Topology, s: State, w: Scratch, p: Parameters, t: int, dt: float) -> None:
    """Stage 3, second half: live, expect, resent, blame, mobilise."""
    group, g, town, towns = topology.group, s.group, topology.municipality, s.municipality
    smooth(g.need_felt, g.need, p.livelihood, dt)
    smooth(g.take_felt, g.take, p.livelihood, dt)
    satisfaction(towns.satisfaction, town.group_start, group.weight, g.take_felt, g.need_felt)
    unrecovered(w.hit, s.channel.recovery, p.livelihood, dt)
    recover(g.loss, group.municipality, w.hit)
    borders(w.pairs, w.fire, s.pair.closed_until, s.track.level, t * dt)
    felt_border(towns, town, topology.dyad, s.dyad.rung, w.pairs, w.fire, p.displacement)
    uncovered(w.towns, towns.closed, s.channel.portable, p.displacement)
    livelihood(g, group, topology.unit.kind, s.unit.usable, towns, s.channel, w.towns,
               p.livelihood)
    most_aid(w.towns, town.group_start, g.aid)
    voice(g.heard, group.voice, group.municipality, s.channel.inclusion, g.displaced, p.voice)
    grievance(g, group.municipality, towns, s.channel.hope, s.channel.outside, w.towns,
              p.deprivation, p.voice, dt)
    expectation(g.expectation, g.livelihood, p.deprivation, dt)
    meetings(w.hit, w.towns, s.channel.contact, towns.heat, p.identity, dt)
    identity(g.identity, group.municipality, w.hit, w.towns, p.identity, dt)
    blame(g.blame, g.identity, group.municipality, w.system, towns.seen, s.climate.dryness,
          towns.service, p.blame, dt)
    mobilise(g.mobilised, g.grievance, g.heard, group.municipality, towns.capacity,
             p.mobilisation, dt)
    public_anger(towns.complaint, towns.pressure, town.group_start, group.weight, g.grievance,
                 g.blame, g.mobilised, g.heard)


@spliced
def govern_towns(
    topology: Topology, s: State, w: Scratch, p: Parameters, seed: int, t: int, dt: float
) -> None:
    """Stage 4."""
    town, towns, channel, counted = topology.municipality, s.municipality, s.channel, t >= 0
    hits = (w.hit, w.storm_hit, w.heat_hit)
    blows(town, towns, s.unit.flood, channel.warning_weeks, hits, w.towns, p.hazard)
    aided(hits, w.towns, towns.damage, channel.crews, town, topology.dyad, p.hazard)
    strike(town, towns, hits, p.hazard, counted)
    struck(w.struck, topology.group, town.group_start, towns.exposure, hits, p.hazard)
    livelihood_loss(s.group.loss, w.struck)
    exposure(towns.exposure, w.hit, channel.draw, p.hazard.exposed_share, p.exposure, dt)
    causes = (channel.displacement, channel.displacing, channel.recovery)
    displace(s.group.displaced, w.struck, topology.group, towns.flight, causes, w.towns,
             p.displacement, dt)
    hosted(towns.hosted, w.towns, w.hit, town, topology.group, s.group.displaced, topology.dyad,
           w.pairs, p.displacement)
    mean_living(w.towns, town.group_start, topology.group.weight, s.group.livelihood)
    mean_living(w.hit, town.group_start, topology.group.weight, s.group.expectation)
    budget(towns, town.revenue, w.towns, w.hit, channel.upkeep_cost, p.agreement, p.budget)
    works(towns, channel.recovery, channel.ageing, channel.hostage, p.hazard, dt)
    legitimacy(towns, w.towns, channel.inclusion, channel.audit, town.revenue, p.politics,
               dt)
    municipal_election(town, towns, channel.anchoring, p.politics, seed, t, dt)


@spliced
def meet_locally(
    topology: Topology, s: State, w: Scratch, log: np.ndarray, p: Parameters, seed: int, t: int,
    dt: float,
) -> None:
    """Stage 5."""
    dyad, link, town, towns = topology.dyad, s.dyad, topology.municipality, s.municipality
    mean_while_fading(w.warm, link.heat, p.trust.heat_weeks / WEEKS_PER_YEAR, dt)
    fade(link.heat, p.trust.heat_weeks / WEEKS_PER_YEAR, dt)
    attention_fades(s.pair, p.opinion, 0.5 * dt)
    fade(link.caseload, p.trust.case_years, dt)
    hear_waiting(link.caseload, s.channel.settlement, s.channel.diffuse, s.channel.slowness, dt)
    heat_of_towns(towns.heat, w.towns, w.hit, town.dyad_start, town.dyad, w.warm, dyad.weight)
    heat_around(w.more, dyad.first, dyad.second, w.towns, w.hit, w.warm, dyad.weight)
    anger(link.anger, dyad.first, dyad.second, towns.pressure, w.more, s.channel.rumour,
          s.channel.vigilance, p.onset)
    calm_hazard(link.calm, s.unit.disputed, dyad.unit, link.project, p.onset)
    onset_hazard(link.onset, dyad.first, dyad.second, towns.complaint, s.channel.complaint_ease,
                 link.anger, dyad.weight, link.calm, p.onset)
    onset_chance(w.chance, link.onset, dt)
    fill_uniforms(seed, ONSET, t, dyad.key, w.u_dyad, w.v_dyad)
    s.tally[QUEUED] = 0
    local_ladder(topology, link, s.channel, s.pair, s.unit.disputed, log, w.queue, s.tally,
                 towns.pressure, (w.chance, w.u_dyad, w.v_dyad), p.ladder, p.onset.protest_rate,
                 seed, t, dt)
    trust(link.trust_first, s.channel.trust_gain, w.warm, link.seen_first, p.trust, dt)
    trust(link.trust_second, s.channel.trust_gain, w.warm, link.seen_second, p.trust, dt)
    close_disputes(link.dispute, link.last_act, t * dt, FORGOTTEN_YEARS)


@spliced
def govern_nations(
    topology: Topology, s: State, w: Scratch, log: np.ndarray, plan: Schedule, p: Parameters,
    seed: int, t: int, dt: float,
) -> None:
    """Stage 6."""
    pair = topology.pair
    gather(w.chance, topology.basin.kind, topology.dyad.basin)
    scarcity(topology, s)
    handed_up(pair, s, log, w.queue, s.tally[QUEUED], topology.dyad.key, w.chance, p.crisis,
              p.answer, seed, t)
    background_quarrel(pair, s, log, p.quarrel, p.crisis, p.answer, seed, t, dt)
    new_protests(pair, s, log, p.interstate, p.crisis, p.answer, seed, t, dt)
    level = s.track.level
    for i in range(level.shape[0]):
        for j in range(level.shape[1]):
            if level[i, j] == 0:
                continue
            climb_or_calm(pair, s, log, p.interstate, p.crisis, p.answer, i, j, seed, t, dt)
    interstate_settlement(pair, s, log, p.settlement, p.crisis, p.answer, seed, t, dt)
    interstate_bodies(pair, s, log, p.body, seed, t, dt)
    demarcation(topology, s, log, w.units, p.demarcation, seed, t, dt)
    ties(w.v_dyad, s.accord.strength, plan.survives, s.channel.legal)
    over_pairs(w.pairs, topology, w.v_dyad)
    paradiplomacy(pair, s, log, w.pairs, p.paradiplomacy, seed, t, dt)
    talk(pair, s, log, p.talk, seed, t, dt)
    attention_fades(s.pair, p.opinion, 0.5 * dt)
    attention(s.pair, p.opinion)
    tension(pair, s.pair, s.channel, p.tension, seed, t, dt)
    approval_and_elections(topology.nation, s.nation, p.opinion, seed, t, dt)


@kernel
def scale(values: np.ndarray, by: np.ndarray, factor: float) -> None:
    """Values *= factor by."""
    for i in range(values.size):
        values[i] *= factor * by[i]


@spliced
def tick(
    topology: Topology, s: State, w: Scratch, log: np.ndarray, plan: Schedule, p: Parameters,
    seed: int, t: int, weeks: float,
) -> None:
    """Advance the whole region by one tick."""
    dt = weeks / WEEKS_PER_YEAR
    known = s.tally[EVENTS]
    compose(topology, s, p.mechanism, (w.towns, w.units, w.mass, w.pairs, w.u_dyad),
            t * dt)
    hazards(topology, s, w, log, p, seed, t, weeks)
    stocks(topology, s, w, p, dt)
    use(topology, s, w, p, seed, t, dt)
    feel(topology, s, w, p, t, dt)
    govern_towns(topology, s, w, p, seed, t, dt)
    rounds_of_talks(topology, s, w, log, plan, p, seed, t, weeks)
    run_agreements(topology, s, w, log, plan, p, t, dt)
    meet_locally(topology, s, w, log, p, seed, t, dt)
    govern_nations(topology, s, w, log, plan, p, seed, t, dt)
    note_operating(log, known, s.tally[EVENTS], topology.pair.dyad_start, topology.pair.dyad,
                   s.accord.phase)
