"""People and towns: livelihood, grievance, trust."""

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
    Outcome("inequality_groups", "Inequality between groups", "index", "lower", "level",
            "Theil's T of livelihood over people of all groups (0: all alike), mean over time.",
            lambda c: mean_path(c, "inequality")),
    Outcome("displaced", "Displaced people", "share", "lower", "level",
            "Share of people who had to leave and are not back, mean over time.",
            lambda c: mean_path(c, "displaced")),
    Outcome("displaced_end", "Displaced people at the horizon", "share", "lower", "level",
            "The same at the end.", lambda c: last_path(c, "displaced")),
    Outcome("protected", "Livelihood upheld after loss", "share", "none", "level",
            "Livelihood that a floor makes up for, mean over people and time.",
            lambda c: mean_path(c, "protected")),
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
)
