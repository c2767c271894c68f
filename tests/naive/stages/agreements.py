"""Stage 4, last part. Agreements in force: set-up, suspension, money, strength."""

from __future__ import annotations

from typing import TYPE_CHECKING

from naive.events import Origin, Place
from naive.numbers import clip, relax, retention
from sim.events import AGREEMENT_SUSPENDED

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.people import Dyad, Municipality
    from naive.states import Agreement

ABSENT, SETTING_UP, OPERATING, SUSPENDED, PROPOSED, NEGOTIATING, LAPSED = range(7)
IN_FORCE = {SETTING_UP, OPERATING, SUSPENDED}


def run_agreements(model: NaiveModel) -> None:
    """Agreements run, cost money and work."""
    p, dt = model.parameters, model.dt
    for dyad in model.dyads:
        dyad.suspensions = 0
    model.agreements.do(operate, retention(p.agreement.decay_years, dt))
    model.dyads.do(note_suspensions)
    model.dyads.do(send_bill)
    share_out_funds(model)
    model.municipalities.do(receive_bills)
    model.municipalities.do(finance)
    pass_on(model)
    model.municipalities.do(leak)
    model.agreements.do(take_effect)


def operate(agreement: Agreement, forget: float) -> None:
    """An agreement in force matures; a closed border suspends it, and it is unlearnt."""
    model, dyad = agreement.model, agreement.dyad
    if agreement.asked > 0.0 and model.now >= agreement.from_year:
        if agreement.phase == ABSENT:
            agreement.basis = dyad.basin.fair
            if agreement.paid:
                agreement.share = {1: 1.0, 0: 0.5, -1: 0.0}[dyad.below]
        agreement.intensity = agreement.asked
    elif agreement.phase not in IN_FORCE:
        return
    if stopped(dyad) and not agreement.survives_closure:
        if agreement.phase != SUSPENDED:
            dyad.suspensions += 1
            agreement.crisis_at = model.now
        agreement.phase = SUSPENDED
        agreement.maturity *= forget
        return
    agreement.phase = OPERATING if agreement.maturity > 0.5 else SETTING_UP
    if not agreement.legislated or a_law_would_pass(dyad):
        pace = model.dt / (dyad.channel.slowness * dyad.channel.legal)
        learn = retention(agreement.setup_years, pace)
        agreement.maturity = 1.0 - (1.0 - agreement.maturity) * learn


def stopped(dyad: Dyad) -> bool:
    """The border is closed, or a capital has reined its towns in."""
    return max(dyad.pair.closed_until, dyad.pair.backlash_until) > dyad.model.now


def a_law_would_pass(dyad: Dyad) -> bool:
    """Both governments have the approval that a majority takes."""
    approval = min(dyad.pair.first.approval, dyad.pair.second.approval)
    return approval >= dyad.model.parameters.agreement.majority


def note_suspensions(dyad: Dyad) -> None:
    """A closed border that suspends agreements is written down once per dyad."""
    if dyad.suspensions:
        dyad.faced_crises += dyad.suspensions
        tell(dyad, AGREEMENT_SUSPENDED)


def tell(dyad: Dyad, act: int, mechanism: int = -1) -> None:
    """An act in the life of an agreement; the first town acts for both."""
    place = Place(dyad.row, dyad.pair.row, dyad.first.row, dyad.second.row)
    log = dyad.model.log
    row = log.emit(dyad.model.now, act, place, dyad.basin.kind, Origin(0))
    if row >= 0:
        log.events[row].mechanism = mechanism


def send_bill(dyad: Dyad) -> None:
    """What the dyad's agreements cost each side, and what of it is set-up; million a year."""
    first, second, setup = 0.0, 0.0, 0.0
    part = dyad.model.parameters.money.suspended_cost
    for agreement in dyad.agreements.values():
        if agreement.phase not in IN_FORCE:
            continue
        if agreement.phase == SUSPENDED:
            rate, extra = agreement.cost_per_year * part, 0.0
        else:
            rate = agreement.cost_per_year
            left = 1.0 - agreement.maturity
            extra = agreement.intensity * agreement.setup_cost * left
        total = agreement.intensity * rate + extra
        first += agreement.share * total
        second += (1.0 - agreement.share) * total
        setup += extra
    base = min(dyad.first.revenue, dyad.second.revenue) * dyad.channel.legal
    dyad.bill = (first * base, second * base, setup * base)
    if first + second <= 0.0:
        dyad.bill = (first, second, setup)


def share_out_funds(model: NaiveModel) -> None:
    """Funds pay what they would like to, as far as their money goes; matched money comes on top."""
    p = model.parameters.money
    pot, wanted = 0.0, 0.0
    for town in model.municipalities:
        pot += p.fund_share * town.revenue
    for dyad in model.dyads:
        dyad.outside = 0.0
        if dyad.bill[0] + dyad.bill[1] > 0.0:
            dyad.outside = willing(dyad)
            wanted += dyad.outside * (dyad.bill[0] + dyad.bill[1])
    scale = min(pot / wanted, 1.0) if wanted > 0.0 else 0.0
    for dyad in model.dyads:
        if dyad.bill[0] + dyad.bill[1] > 0.0:
            paid = 1.0 - (1.0 - dyad.channel.matched) * (1.0 - dyad.outside * scale)
            damage = max(dyad.first.damage, dyad.second.damage)
            bad_year = max(damage, 1.0 - dyad.basin.fair)
            dyad.outside = paid * (1.0 - dyad.channel.tied * bad_year)


def willing(dyad: Dyad) -> float:
    """Share of the cost that funds would pay: for the poor and the hard-hit, on terms."""
    p, towns = dyad.model.parameters.money, (dyad.first, dyad.second)
    per_person = 1e6 * min(town.revenue / town.population for town in towns)
    poor = p.poor_revenue / (p.poor_revenue + per_person)
    hit = max(town.lived_hazard for town in towns)
    terms = max(1.0 - max(town.leaked for town in towns) / p.tolerance, 0.0)
    return p.match * poor * 0.5 * (1.0 + hit) * terms


def receive_bills(town: Municipality) -> None:
    """Sum what a town pays itself, the set-up in it, and what others pay for it."""
    town.cost = town.setup = town.aid = 0.0
    for dyad in sorted(town.dyads, key=lambda dyad: dyad.row):
        first, second, setup = dyad.bill
        if first + second <= 0.0:
            continue
        bill = first if dyad.first is town else second
        own = bill * (1.0 - dyad.outside)
        town.cost += own
        town.setup += own * (setup / (first + second))
        town.aid += bill * dyad.outside


def finance(town: Municipality) -> None:
    """Pay out of the committed share of revenue, then out of reserves."""
    p, dt = town.model.parameters.agreement, town.model.dt
    free = p.budget_share * town.income * town.commitment
    saved = town.reserves + p.reserve_share * town.income * dt
    town.funding = 1.0
    if town.cost > 0.0:
        town.funding = min((free + saved) / town.cost, 1.0)
        paid = town.cost * town.funding
        saved -= max(paid - free, 0.0) * dt
        if town.model.counted:
            town.spent += paid * dt
            town.spent_setup += town.setup * town.funding * dt
    if town.model.counted:
        matched = town.aid * town.funding
        town.matched_money += matched * dt
        town.leaked_money += town.leaked * (town.cost * town.funding + matched) * dt
    town.reserves = clip(saved, 0.0, p.reserve_cap * town.revenue)


def pass_on(model: NaiveModel) -> None:
    """Towns upstream receive part of what is paid for their care of the water, less leaks."""
    for town in model.municipalities:
        town.received = 0.0
    for agreement in model.agreements:
        dyad, running = agreement.dyad, agreement.phase in {SETTING_UP, OPERATING}
        if not agreement.paid or dyad.below == 0 or not running:
            continue
        payer, payee, share = dyad.first, dyad.second, agreement.share
        if dyad.below < 0:
            payer, payee, share = dyad.second, dyad.first, 1.0 - agreement.share
        bill = share * agreement.intensity * agreement.cost_per_year
        bill *= min(payer.revenue, payee.revenue) * dyad.channel.legal
        part = model.parameters.money.passed_on
        payee.received += part * bill * payer.funding * (1.0 - payer.leaked)


def leak(town: Municipality) -> None:
    """Part of the money leaks where capacity is low and spoilers are strong."""
    p, target = town.model.parameters.money, 0.0
    if town.cost + town.aid > 0.0:
        opaque = (1.0 - town.capacity) * (1.0 + p.spoiler_leak * town.spoiled)
        target = min(p.leak * town.channel.leakage * opaque, 1.0)
    town.leaked = relax(town.leaked, target, retention(p.leak_years, town.model.dt))


def ability(dyad: Dyad) -> float:
    """What capacity and money of both towns let their agreements do."""
    first, second, pooled = dyad.first, dyad.second, dyad.channel.pooled
    least = min(first.funding, second.funding)
    mean = 0.5 * (first.funding + second.funding)
    money = (1.0 - pooled) * least + pooled * mean
    honest = 1.0 - 0.5 * (first.leaked + second.leaked)
    return min(first.capacity, second.capacity) * money * honest


def take_effect(agreement: Agreement) -> None:
    """Strength = intensity x ability x maturity x what is delivered x how it fits."""
    if agreement.phase not in IN_FORCE:
        agreement.strength = 0.0
        return
    worth = agreement.intensity * ability(agreement.dyad) * agreement.maturity
    agreement.strength = worth * agreement.delivered * agreement.fit
    if agreement.phase == SUSPENDED:
        agreement.strength *= agreement.dyad.channel.backup
