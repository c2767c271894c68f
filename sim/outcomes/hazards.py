"""Hazards: damage by each, how long it lasts, what stays exposed, and services.

Recovery time is Little's law: mean of what is damaged over what is newly damaged in a year.
"""

from __future__ import annotations

from sim.outcomes.base import Outcome, last_path, mean_path, ratio, worst_path

MONEY = "million dollars (2020)/year"

FAMILY = (
    Outcome("hazard_damage", "Hazard damage", MONEY, "lower", "money",
            "Damage by floods, storms and heat waves, per year, at exposed values of dollars of "
            "2020.", lambda c: c.total("losses") / c.years),
    Outcome("flood_damage", "Flood damage", MONEY, "lower", "money",
            "Of hazard damage, that by floods.",
            lambda c: (c.total("losses") - c.total("storm_losses") - c.total("heat_losses"))
            / c.years),
    Outcome("storm_damage", "Storm damage", MONEY, "lower", "money",
            "Of hazard damage, that by storms.", lambda c: c.total("storm_losses") / c.years),
    Outcome("heat_damage", "Heat damage", MONEY, "lower", "money",
            "Of hazard damage, that by heat waves.", lambda c: c.total("heat_losses") / c.years),
    Outcome("recovery_time", "Time to recover from damage", "years", "lower", "time",
            "Mean of the share of exposed value that is damaged over the share newly damaged in a "
            "year; undefined without damage.",
            lambda c: ratio(mean_path(c, "unrepaired"), c.total("struck") / c.years)),
    Outcome("exposure_end", "Exposure to floods at the horizon", "share", "lower", "level",
            "Share of towns that a flood can reach, mean over inhabitants, at the end.",
            lambda c: last_path(c, "exposure")),
    Outcome("service_continuity", "Service continuity", "share", "higher", "level",
            "Works in order and undamaged, mean over people and time.",
            lambda c: mean_path(c, "service")),
    Outcome("service_worst", "Service in the worst quarter", "share", "higher", "level",
            "Works in order and undamaged, mean over people, in the worst quarter.",
            lambda c: worst_path(c, "service")),
)
