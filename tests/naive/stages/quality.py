"""What water carries: pollution, salt and sediment, and what use of it they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from naive.nature import AQUIFER, RIVER
from naive.numbers import exp, relax, retention
from sim.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from naive.nature import ResourceUnit


def carry_through(unit: ResourceUnit, before: float, kept: float, flowing: float) -> None:
    """Everything that a reach carries, with what it has gained and what has come from upstream.

    ``before``: stock before it flowed; ``kept``: share that a full reach can hold; ``flowing``:
    discharge, whose concentrations its users meet.
    """
    p = unit.model.parameters.quality
    unit.salt_arriving += p.salt * unit.gained
    unit.silt_arriving += mud(unit) * unit.channel.sediment
    decay, settling = WEEKS_PER_YEAR / p.decay_weeks, WEEKS_PER_YEAR / p.settling_weeks
    for what, entering, loss in (
        ("pollution", "sewage", decay),
        ("carried", "dirt_arriving", decay),
        ("salinity", "salt_arriving", 0.0),
        ("sediment", "silt_arriving", settling),
    ):
        mass = getattr(unit, what) * before
        stays, gone = carry(unit, mass, getattr(unit, entering), loss, kept)
        setattr(unit, what, stays / unit.stock if unit.stock > 0.0 else 0.0)
        unit.met[what] = gone / flowing if flowing > 0.0 else getattr(unit, what)
        if what == "carried":  # to the next reach, all that has flowed on comes from upstream
            continue
        if what == "pollution" and unit.downstream is not None:
            unit.downstream.dirt_arriving += gone
        if unit.downstream is not None:
            reached = getattr(unit.downstream, entering) + gone
            setattr(unit.downstream, entering, reached)


def carry(
    unit: ResourceUnit, mass: float, entering: float, decay: float, kept: float
) -> tuple[float, float]:
    """Linear reservoir that also decays: what stays after the tick, and what has flowed on."""
    total, dt = unit.release + decay, unit.model.dt
    hold, late = exp(-total * dt), 1.0
    if total * dt > 1e-9:
        late = (1.0 - hold) / (total * dt)
    stays = min(mass * hold + entering * late, mass + entering)  # rounding makes no mass
    gone = (mass + entering - stays) * (unit.release / total) if total > 0.0 else 0.0
    return stays * kept, gone + stays * (1.0 - kept)


def mud(unit: ResourceUnit) -> float:
    """Sediment of the own inflow: its concentration grows with the flow."""
    if unit.inflow <= 0.0:
        return 0.0
    silt = unit.model.parameters.quality.silt
    return silt * unit.gained * unit.gained / (unit.inflow * unit.model.dt)


def in_the_ground(unit: ResourceUnit) -> None:
    """Sewage mixes with groundwater; salt comes up where the stock is low."""
    p, dt = unit.model.parameters.quality, unit.model.dt
    if unit.stock > 0.0:
        mixed = (unit.pollution * (unit.stock - unit.gained) + unit.sewage) / unit.stock
        unit.pollution = mixed * retention(p.ground_years, dt)
    empty = max(1.0 - 2.0 * unit.stock / unit.capacity, 0.0)
    target = p.salt + p.intrusion * unit.saline * empty
    unit.salinity = relax(unit.salinity, target, retention(p.intrusion_years, dt))


def usability(unit: ResourceUnit, keep: float) -> None:
    """Share of the use that quality leaves, as people feel it over a season."""
    if unit.kind not in {RIVER, AQUIFER}:
        return
    p = unit.model.parameters.quality
    dirty, salt, muddy = unit.pollution, unit.salinity, unit.sediment
    if unit.kind == RIVER:
        dirty, salt, muddy = (unit.met[what] for what in ("pollution", "salinity", "sediment"))
        lost = dirty * unit.met["carried"] / (1.0 + dirty * dirty)
        unit.fouled = relax(unit.fouled, lost, keep)
        mean = unit.initial * unit.capacity
        if unit.saline > 0.0 and mean > 0.0:
            low = max(1.0 - unit.stock / mean, 0.0)
            salt += p.intrusion * unit.saline * (low * low)
    worse = (1.0 + dirty * dirty) * (1.0 + salt * salt) * (1.0 + muddy * muddy)
    unit.usable = relax(unit.usable, (1.0 - unit.eroded) / worse, keep)
