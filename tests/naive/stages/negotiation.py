"""Stage 4, every four weeks. Memory, shocks, reviews, talks, and the end of agreements."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, NamedTuple

from naive.entities import NEVER
from naive.numbers import clip, probability, relax, retention
from naive.stages.agreements import (
    ABSENT,
    IN_FORCE,
    LAPSED,
    NEGOTIATING,
    PROPOSED,
    SETTING_UP,
    SUSPENDED,
    stopped,
    tell,
)
from naive.stages.towns import election_falls
from sim.events import (
    AGREEMENT_LAPSED,
    AGREEMENT_PROPOSED,
    AGREEMENT_RENEWED,
    AGREEMENT_SIGNED,
)
from sim.streams import Purpose

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.people import Dyad, Municipality
    from naive.states import Agreement

WEEKS = 4
ROUND = WEEKS / 52.0  # years


class Deal(NamedTuple):
    """What two towns would agree on."""

    intensity: float
    share: float  # of the cost that the first pays
    surplus: float  # million a year
    price: float


def rounds_of_talks(model: NaiveModel) -> None:
    """All rounds of four weeks that end with this tick."""
    last = floor((model.tick + 1) * model.weeks / WEEKS)
    for turn in range(floor(model.tick * model.weeks / WEEKS), last):
        model.municipalities.do(live_through)
        model.municipalities.do(political_shock, turn)
        model.dyads.do(mark_election, turn)
        model.agreements.do(deliver)
        model.agreements.do(review, turn)
        for mechanism in {agreement.mechanism: None for agreement in model.agreements}:
            left_to_towns(model, mechanism, turn)


# ── what happens to every town ──────────────────────────────────────────────────────────────────


def live_through(town: Municipality) -> None:
    """Remember the worst of every problem, fading over years."""
    p = town.model.parameters.lived
    keep = retention(p.memory_years, ROUND)
    living, mass = 0.0, 0.0
    for group in town.groups:
        living += group.weight * group.livelihood
        mass += group.weight
    lost = 1.0 - living / mass if mass > 0.0 else 0.0
    unpaid = max(1.0 - town.service, 1.0 - town.funding)
    town.lived_water = max(1.0 - town.satisfaction, 0.0, town.lived_water * keep)
    town.lived_hazard = max(min(town.damage / p.hazard_full, 1.0), town.lived_hazard * keep)
    town.lived_conflict = max(town.heat, town.lived_conflict * keep)
    town.lived_livelihood = max(lost, town.lived_livelihood * keep)
    town.lived_money = max(unpaid, town.lived_money * keep)


def political_shock(town: Municipality, turn: int) -> None:
    """A scandal or a change of party takes part of the commitment, unless it is anchored."""
    p = town.model.parameters.shock
    u, v = town.model.draws.uniforms(Purpose.POLITICAL_SHOCK, town.key, turn)
    if u < probability(p.rate, ROUND):
        town.commitment *= 1.0 - p.depth * v * (1.0 - town.channel.anchoring)


def mark_election(dyad: Dyad, turn: int) -> None:
    """Which agreements face the election of a round."""
    towns = (dyad.first, dyad.second)
    if any(election_falls(turn, ROUND, town.term_years, town.phase) for town in towns):
        for agreement in dyad.agreements.values():
            if agreement.phase in IN_FORCE:
                agreement.election_at = dyad.model.now
                dyad.faced_elections += 1


# ── what happens to agreements in force ─────────────────────────────────────────────────────────


def deliver(agreement: Agreement) -> None:
    """A promise of the other side is kept as far as there is trust, or money tied to it."""
    if not agreement.promised or agreement.phase not in IN_FORCE:
        return
    dyad = agreement.dyad
    if agreement.paid and dyad.below == 1:
        kept = 0.5 * (dyad.trust_second + dyad.second.legitimacy)
    elif agreement.paid and dyad.below == -1:
        kept = 0.5 * (dyad.trust_first + dyad.first.legitimacy)
    else:
        trust = 0.5 * (dyad.trust_first + dyad.trust_second)
        kept = 0.5 * (trust + min(dyad.first.legitimacy, dyad.second.legitimacy))
    target = dyad.channel.tied + (1.0 - dyad.channel.tied) * kept
    years = agreement.model.parameters.review.delivery_years
    agreement.delivered = relax(agreement.delivered, target, retention(years, ROUND))


def review(agreement: Agreement, turn: int) -> None:
    """A review fits an agreement to the present; without one it fits ever less."""
    if agreement.phase not in IN_FORCE:
        return
    model, dyad = agreement.model, agreement.dyad
    p, fair = model.parameters.review, dyad.basin.fair
    rate = p.rate * dyad.channel.learning * (1.0 - dyad.channel.lock_in)
    u, _ = model.draws.uniforms(Purpose.REVIEW, agreement.key, turn)
    revised = u < probability(rate, ROUND)
    if not agreement.conditional:
        agreement.fit = 1.0 if revised else agreement.fit * retention(p.ageing_years, ROUND)
        return
    if revised:
        agreement.basis = fair
    agreement.fit = max(1.0 - p.rigidity * abs(fair - agreement.basis), 0.0)


# ── what a study leaves to the towns ────────────────────────────────────────────────────────────


def left_to_towns(model: NaiveModel, mechanism: str, turn: int) -> None:
    """One round of one mechanism on every dyad that may agree on it."""
    agreements = [dyad.agreements[mechanism] for dyad in model.dyads]
    if all(a.ceiling <= 0.0 for a in agreements) or model.now < agreements[0].from_year:
        return
    for town in model.municipalities:
        own = [dyad.agreements[mechanism] for dyad in town.dyads]
        town.strong = sum((a.strength for a in own), 0.0)
        town.lost = float(sum(a.phase == LAPSED for a in own))
    near = {a: neighbours(a) for a in agreements}
    for agreement in agreements:
        if agreement.ceiling <= 0.0:
            continue
        worked, failed = near[agreement]
        draw = model.draws.uniforms(Purpose.NEGOTIATION, agreement.key, turn)
        if agreement.phase in IN_FORCE:
            stay_alive(agreement, failed, draw[0], turn)
        elif agreement.phase in {PROPOSED, NEGOTIATING}:
            talk_on(agreement, draw, turn)
        else:
            propose(agreement, worked, draw[0])


def neighbours(agreement: Agreement) -> tuple[float, float]:
    """Mean strength, and share lapsed, of the same agreement on dyads that share a town."""
    first, second = agreement.dyad.first, agreement.dyad.second
    count = len(first.dyads) + len(second.dyads) - 2
    if count == 0:
        return 0.0, 0.0
    strong = first.strong + second.strong - 2.0 * agreement.strength
    own = 2.0 if agreement.phase == LAPSED else 0.0
    return clip(strong / count, 0.0, 1.0), (first.lost + second.lost - own) / count


def prospect(agreement: Agreement) -> Deal:
    """The deal that both towns would strike now, each paying by what it gains."""
    p, dyad = agreement.model.parameters.bargain, agreement.dyad
    first, second = dyad.first, dyad.second
    years = agreement.setup_years
    rate = agreement.cost_per_year + agreement.setup_cost * years / p.term_years
    base = min(first.revenue, second.revenue) * dyad.channel.legal
    price = rate * base * (1.0 - dyad.channel.matched)
    worth_first = p.worth * gain(agreement, first, 1.0 - dyad.trust_first) * first.revenue
    worth_second = p.worth * gain(agreement, second, 1.0 - dyad.trust_second) * second.revenue
    if agreement.paid and dyad.below != 0:  # by the side downstream, for what it gains
        worth_first = worth_first if dyad.below == 1 else 0.0
        worth_second = worth_second if dyad.below == -1 else 0.0
    worth = worth_first + worth_second
    x, share = 0.0, 0.5
    if worth > 0.0:
        x = max(1.0 - price / (2.0 * worth), 0.0)
        share = worth_first / worth
    return Deal(x, share, worth * x * (2.0 - x) - price * x, price * x)


def gain(agreement: Agreement, town: Municipality, distrust: float) -> float:
    """Share of its problems that the agreement would take from a town."""
    felt, lived = 0.0, (town.lived_water, town.lived_hazard, town.lived_conflict,
                        town.lived_livelihood, town.lived_money, distrust)  # fmt: skip
    for weight, problem in zip(agreement.relevance, lived, strict=True):
        felt += weight * problem
    felt = min(felt, 1.0)
    return felt + (1.0 - felt) * town.model.parameters.bargain.credit * agreement.strength


def propose(agreement: Agreement, worked: float, u: float) -> None:
    """Somebody raises the matter, once it has rested."""
    model, dyad = agreement.model, agreement.dyad
    p = model.parameters.negotiation
    if model.now < agreement.due:
        return
    agreement.phase = ABSENT
    if shut(agreement):
        return
    most = model.parameters.bargain.worth * (dyad.first.revenue + dyad.second.revenue)
    appeal = min(prospect(agreement).surplus / most, 1.0) if most > 0.0 else 0.0
    rate = p.propose_rate * appeal * will(dyad) * (1.0 + p.copying * worked)
    if u < probability(rate, ROUND):
        agreement.phase, agreement.milestone = PROPOSED, 0
        tell(dyad, AGREEMENT_PROPOSED, agreement.number)


def shut(agreement: Agreement) -> bool:
    """True while a closed border or a capital stands in the way."""
    return stopped(agreement.dyad) and not agreement.survives_closure


def will(dyad: Dyad) -> float:
    """Commitment of the less committed town."""
    return min(dyad.first.commitment, dyad.second.commitment)


def talk_on(agreement: Agreement, draw: tuple[float, float], turn: int) -> None:
    """Milestones and failures compete; after the last milestone the towns sign or part."""
    model, dyad = agreement.model, agreement.dyad
    p = model.parameters.negotiation
    up = p.step_rate * will(dyad) / (dyad.channel.slowness * dyad.channel.legal)
    if shut(agreement):
        up = 0.0
    total = up + vetoes(agreement)
    if draw[0] >= probability(total, ROUND):
        return
    if draw[1] * total >= up:
        rest(agreement, ABSENT)
        return
    agreement.milestone += 1
    agreement.phase = NEGOTIATING
    if agreement.milestone < p.milestones:
        return
    deal = prospect(agreement)
    if deal.intensity <= 0.0:
        rest(agreement, ABSENT)
        return
    agreement.phase = SETTING_UP
    agreement.delivered = 1.0
    sign(agreement, deal, (turn + 1) * ROUND + model.parameters.bargain.term_years)
    dyad.signed += 1
    dyad.first_signed = min(dyad.first_signed, model.now)
    tell(dyad, AGREEMENT_SIGNED, agreement.number)


def vetoes(agreement: Agreement) -> float:
    """Failures of talks per year: budget, electorate, nation, legal distance."""
    p, dyad = agreement.model.parameters.negotiation, agreement.dyad
    budget, deal = 0.0, prospect(agreement)
    sides = ((dyad.first, deal.share), (dyad.second, 1.0 - deal.share))
    for town, share in sides:
        general = town.model.parameters.agreement
        own = deal.price * share
        room = max(general.budget_share * town.income * town.commitment - town.cost, 0.0)
        if own > 0.0:
            budget = max(budget, 1.0 - room / own)
    opposed = max(
        1.0 - dyad.trust_first * (1.0 - dyad.first.complaint),
        1.0 - dyad.trust_second * (1.0 - dyad.second.complaint),
    )
    pair = dyad.pair
    hostile = max(
        pair.first.hawkishness * (pair.tension_first / (1.0 + pair.tension_first)),
        pair.second.hawkishness * (pair.tension_second / (1.0 + pair.tension_second)),
    )
    return (
        p.veto_budget * budget + p.veto_electorate * opposed + p.veto_nation * hostile
        + p.veto_legal * dyad.channel.legal
    )  # fmt: skip


def sign(agreement: Agreement, deal: Deal, until: float) -> None:
    """Terms of a new or renewed agreement."""
    agreement.intensity = agreement.ceiling * deal.intensity
    agreement.share = deal.share
    agreement.due = until
    agreement.basis = agreement.dyad.basin.fair
    agreement.fit = 1.0
    agreement.missed = 0


def rest(agreement: Agreement, phase: int) -> None:
    """Nothing is left; the matter rests for a while."""
    agreement.phase = phase
    agreement.due = agreement.model.now + agreement.model.parameters.negotiation.cooling_years
    agreement.milestone = agreement.missed = 0
    agreement.intensity = agreement.maturity = agreement.strength = 0.0
    agreement.election_at = agreement.crisis_at = NEVER


# ── the end of agreements ───────────────────────────────────────────────────────────────────────


def stay_alive(agreement: Agreement, failed: float, u: float, turn: int) -> None:
    """Meetings, lapse, end of term."""
    convene(agreement, turn)
    if u < probability(lapse_rate(agreement, failed), ROUND):
        lapse(agreement)
    elif (turn + 1) * ROUND >= agreement.due:
        deal = prospect(agreement)
        if deal.intensity > 0.0:
            years = agreement.model.parameters.bargain.term_years
            sign(agreement, deal, agreement.due + years)
            tell(agreement.dyad, AGREEMENT_RENEWED, agreement.number)
        else:
            lapse(agreement)


def convene(agreement: Agreement, turn: int) -> None:
    """A yearly meeting is held, or missed for want of commitment or of an open border."""
    every = agreement.dyad.channel.slowness
    before, after = agreement.due - turn * ROUND, agreement.due - (turn + 1) * ROUND
    if floor(before / every) == floor(after / every):
        return
    u, _ = agreement.model.draws.uniforms(Purpose.CONVENING, agreement.key, turn)
    missed = shut(agreement) or u >= will(agreement.dyad)
    agreement.missed = min(agreement.missed + 1, 9) if missed else 0


def lapse_rate(agreement: Agreement, failed: float) -> float:
    """The one hazard of lapse, term by term."""
    p, dyad = agreement.model.parameters.renewal, agreement.dyad
    trust = 0.5 * (dyad.trust_first + dyad.trust_second)
    rate = p.commitment * (1.0 - will(dyad))
    rate += p.funding * (1.0 - min(dyad.first.funding, dyad.second.funding))
    rate += p.trust * (1.0 - trust) + p.missed * agreement.missed
    rate += p.spoiler * dyad.spoiler
    if agreement.phase == SUSPENDED:
        rate += p.suspended
    return rate + p.neighbour * failed * (1.0 - dyad.channel.backup)


def lapse(agreement: Agreement) -> None:
    """It ends; an election or a suspension that it faced within a year is the cause."""
    dyad, now = agreement.dyad, agreement.model.now
    dyad.lapsed += 1
    dyad.lost_elections += now - agreement.election_at < 1.0
    dyad.lost_crises += now - agreement.crisis_at < 1.0
    rest(agreement, LAPSED)
    tell(dyad, AGREEMENT_LAPSED, agreement.number)
