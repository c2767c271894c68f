"""Stage 7. Acts are completed, closed weeks counted; once a quarter a point of every series.

Rungs are the highest of the quarter, everything else is the value at its end. Sums run in the order
of the region's names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from naive.nature import RIVER
from naive.numbers import log
from naive.people import VIOLENCE
from naive.stages.agreements import OPERATING
from naive.states import OTHER
from sim.mechanisms import NAMES
from sim.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.nature import ResourceUnit
    from naive.people import UserGroup
    from naive.states import Pair

Point = dict[str, float]
QUARTER_WEEKS = 13.0


def record(model: NaiveModel) -> None:
    """Count and record from the start on; of the spin-up planners keep what they saw."""
    if not model.counted:
        model.units.do(look_back)
        return
    note_operating(model)
    model.pairs.do(count_closed_weeks)
    if quarter_ends(model.tick, model.weeks):
        point = {**of_dyads(model), **of_pairs(model), **of_people(model), **of_resources(model)}
        model.series.append(point)
        model.dyad_peaks.append([dyad.peak for dyad in model.dyads])
        model.pair_peaks.append([pair.peak for pair in model.pairs])
        new_maxima(model)


def quarter_ends(tick: int, weeks: float) -> bool:
    """True when no other tick ends nearer to the end of a quarter; of two, the later one."""
    end = (tick + 1) * weeks
    quarter = round(end / QUARTER_WEEKS) * QUARTER_WEEKS
    behind = end - quarter  # weeks since the end of the nearest quarter
    return quarter > 0 and -0.5 * weeks < behind <= 0.5 * weeks


def new_maxima(model: NaiveModel) -> None:
    """A quarter's highest rungs start from the rungs of its first day."""
    for dyad in model.dyads:
        dyad.peak = dyad.rung
    for pair in model.pairs:
        pair.peak = max(dispute.level for dispute in pair.disputes)


def note_operating(model: NaiveModel) -> None:
    """Write into new acts which mechanisms operate on their dyad, or on any dyad of their pair."""
    dyads, pairs = list(model.dyads), list(model.pairs)
    for event in model.log.events[model.noted :]:
        where = [dyads[event.dyad]] if event.dyad >= 0 else pairs[event.pair].dyads
        for k, mechanism in enumerate(NAMES):
            if any(dyad.agreements[mechanism].phase == OPERATING for dyad in where):
                event.agreements |= 1 << k
    model.noted = len(model.log.events)


def count_closed_weeks(pair: Pair) -> None:
    """Part of this tick during which the border was closed."""
    dt = pair.model.dt
    closed = min(max(pair.closed_until - pair.model.now, 0.0), dt)
    pair.closed_weeks += closed * WEEKS_PER_YEAR


def total(values: list[float]) -> float:
    """Sum from the left, as the compiled record does (`sum` may round better)."""
    result = 0.0
    for value in values:
        result += value
    return result


def of_dyads(model: NaiveModel) -> Point:
    """Local rungs, trust and agreements."""
    dyads, many = list(model.dyads), len(model.dyads)
    peaks = [float(dyad.peak) for dyad in dyads]
    strengths = [agreement.strength for agreement in model.agreements]
    return {
        "local_rung": total([peak / many for peak in peaks]),
        "local_rung_max": max(0.0, *peaks),
        "violent_dyads": total([(1.0 if peak >= VIOLENCE else 0.0) / many for peak in peaks]),
        "trust": total([0.5 * (d.trust_first + d.trust_second) / many for d in dyads]),
        "strength": total([strength / len(strengths) for strength in strengths]),
    }


def of_pairs(model: NaiveModel) -> Point:
    """Interstate rung, tension, attention, closures and open disputes over a resource."""
    pairs, many, now = list(model.pairs), len(model.pairs), (model.tick + 1) * model.dt
    closed = [(1.0 if pair.closed_until > now else 0.0) / many for pair in pairs]
    # Half the sum of both sides, then over the pairs: the order decides the last bit.
    tensions = [0.5 * (pair.tension_first + pair.tension_second) / many for pair in pairs]
    return {
        "interstate_rung": max(0.0, *(float(pair.peak) for pair in pairs)),
        "tension": total(tensions),
        "attention": total([pair.attention / many for pair in pairs]),
        "border_closed": total(closed),
        "open_disputes": total([float(d.open) for p in pairs for d in p.disputes[:OTHER]]),
    }


def of_people(model: NaiveModel) -> Point:
    """Means over people, the worst-off group, and the gap between nations."""
    groups = list(model.groups)
    people = max(total([group.size for group in groups]), 1e-300)
    point = {}
    for name in ("grievance", "blame", "mobilised", "livelihood", "identity"):
        point[name] = total([group.size * getattr(group, name) for group in groups]) / people
    for name in ("legitimacy", "service", "damage"):
        values = [group.size * getattr(group.municipality, name) for group in groups]
        point[name] = total(values) / people
    point["worst_livelihood"] = min(1.0, *(group.livelihood for group in groups))
    point["livelihood_gap"] = livelihood_gap(model)
    for series, name in (("displaced", "displaced"), ("protected", "aid")):
        point[series] = total([group.size * getattr(group, name) for group in groups]) / people
    point["inequality"] = theil(groups, point["livelihood"], people)
    towns = list(model.municipalities)
    inhabitants = max(total([town.population for town in towns]), 1e-300)
    for series, name in (("exposure", "exposure"), ("unrepaired", "damage")):
        values = [town.population * getattr(town, name) for town in towns]
        point[series] = total(values) / inhabitants
    return point


def theil(groups: list[UserGroup], mean: float, people: float) -> float:
    """Theil's T of livelihood: mean of (x / mean) ln(x / mean) over people."""
    terms = [
        group.size * (group.livelihood / mean) * log(group.livelihood / mean)
        for group in groups
        if group.livelihood > 0.0 and mean > 0.0
    ]
    return max(total(terms) / people, 0.0)


def livelihood_gap(model: NaiveModel) -> float:
    """Mean livelihood of the best-off nation less that of the worst-off."""
    low, high = 2.0, -1.0
    for nation in model.nations:
        groups = [group for group in model.groups if group.municipality.nation is nation]
        people = total([group.size for group in groups])
        if people > 0.0:
            mean = total([group.size * group.livelihood for group in groups]) / people
            low, high = min(low, mean), max(high, mean)
    return max(high - low, 0.0)


def health(unit: ResourceUnit) -> float:
    """Rivers: fair share of their system; stocks: share of capacity."""
    return unit.basin.fair if unit.kind == RIVER else unit.stock / unit.capacity


def look_back(unit: ResourceUnit) -> None:
    """Before the start planners see one tick more, and count on the mean of all that they saw."""
    dt = unit.model.dt
    unit.watched += dt
    unit.projected += (health(unit) - unit.projected) * (dt / unit.watched)


def of_resources(model: NaiveModel) -> Point:
    """Resource health, against its projection, and fair shares."""
    units, basins = list(model.units), list(model.basins)
    ratios = [min(health(unit) / max(unit.projected, 0.05), 4.0) for unit in units]
    return {
        "resource_health": total([health(unit) / len(units) for unit in units]),
        "quality": total([unit.usable / len(units) for unit in units]),
        "against_projection": total([ratio / len(units) for ratio in ratios]),
        "fair_share": total([basin.fair / len(basins) for basin in basins]),
    }
