"""People and towns: livelihood, grievance, trust, damage, money."""

from __future__ import annotations

from sim.outcomes.base import Outcome, last_path, mean_path

FAMILY = (
    Outcome("worst_livelihood", "Livelihood of the worst-off group", "share", "higher", "level",
            "Livelihood of the worst-off user group (1: full), mean over time.",
            lambda c: mean_path(c, "worst_livelihood")),
    Outcome("mean_livelihood", "Mean livelihood", "share", "higher", "level",
            "Livelihood (1: full), mean over people and time.",
            lambda c: mean_path(c, "livelihood")),
    Outcome("livelihood_gap_sides", "Livelihood gap between sides", "share", "lower", "level",
            "Largest gap of mean livelihood between nations, mean over time.",
            lambda c: mean_path(c, "livelihood_gap")),
    Outcome("grievance_end", "Grievance at the horizon", "share", "lower", "level",
            "Grievance, mean over people, at the end: a calm ladder over rising grievance is "
            "suppression.", lambda c: last_path(c, "grievance")),
    Outcome("trust_end", "Trust at the horizon", "share", "higher", "level",
            "Trust across the border, mean over dyads, at the end.",
            lambda c: last_path(c, "trust")),
    Outcome("identity_end", "Shared identity at the horizon", "share", "higher", "level",
            "Shared identity across the border, mean over people, at the end.",
            lambda c: last_path(c, "identity")),
    Outcome("legitimacy_end", "Legitimacy at the horizon", "share", "higher", "level",
            "Legitimacy of local government, mean over people, at the end.",
            lambda c: last_path(c, "legitimacy")),
    Outcome("hazard_damage", "Hazard damage", "million dollars (2020)/year", "lower", "money",
            "Damage by floods, per year, at exposed values of dollars of 2020.",
            lambda c: c.total("losses") / c.years),
    Outcome("service_continuity", "Service continuity", "share", "higher", "level",
            "Works in order and undamaged, mean over people and time.",
            lambda c: mean_path(c, "service")),
    Outcome("money_spent", "Money spent on cooperation", "million dollars (2020)/year", "none",
            "money", "Paid by the towns for agreements, set-up and yearly, per year.",
            lambda c: c.total("spent") / c.years),
)
