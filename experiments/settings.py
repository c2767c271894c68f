"""What a user may set: every key with its kind, range, unit, default and meaning.

The frame of a study is declared here; parameters and mechanisms are read from the declarations of
`sim`. Validation, error messages, nearest-key hints and the composed defaults all use this table.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

REGION_NOTE = "a region's name or the path of its file"
MODES = ("absent", "imposed", "negotiated")
MOST_SEED = 2**53  # every whole number up to here survives JSON and spreadsheets


class Setting(NamedTuple):
    """One key; a ``default`` of None may stay empty.

    ``kind`` is whole, number, flag, text, choice or list.
    """

    key: str
    kind: str
    default: Any
    unit: str
    lo: float
    hi: float
    label: str
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """What may be given, in words."""
        if self.kind == "choice":
            return f"Allowed: {', '.join(self.choices)}."
        if self.kind == "flag":
            return "Allowed: true, false."
        if self.kind in {"text", "list"}:
            return ""
        unit = f" {self.unit}" if self.unit else ""
        return f"Allowed: {plain(self.lo)} to {plain(self.hi)}{unit}."


def plain(value: float) -> str:
    """A number without an exponent where it is whole."""
    return f"{value:.0f}" if value == round(value) and abs(value) < 1e18 else f"{value:g}"


FRAME = (
    Setting("region", "text", "fergana", "", 0, 0, REGION_NOTE),
    Setting(
        "arms", "list", ["none", "data_sharing", "joint_committee", "full"], "", 0, 0,
        "bundles of mechanisms to compare, the first is the baseline",
    ),
    Setting("years", "number", 20, "years", 1, 200, "length of a history"),
    Setting("seeds", "whole", 200, "seeds", 1, 1_000_000, "histories per arm"),
    Setting("seed", "whole", 1, "", 0, MOST_SEED, "first seed; the others count up from it"),
    Setting("tick_weeks", "number", 1, "weeks", 0.25, 4, "length of a tick"),
    Setting("spinup_years", "number", 30, "years", 0, 200, "years simulated before the start"),
    Setting("threads", "whole", None, "threads", 1, 1024, "threads; empty: all cores"),
    Setting("chunk", "whole", None, "runs", 1, 100_000, "runs per part of the result"),
    Setting("out", "text", None, "", 0, 0, "folder of the results"),
)  # fmt: skip
# What only `thalweg sweep` takes; the other commands refuse it with its name.
SWEEP = (
    Setting(
        "method", "choice", "grid", "", 0, 0,
        "how points are drawn: grid crosses lists, the others sample ranges",
        ("grid", "latin", "sobol", "morris", "mixed"),
    ),
    Setting(
        "n", "whole", None, "points", 1, 10_000_000,
        "size of the design: points of latin and mixed, base samples of sobol, trajectories of "
        "morris",
    ),
    Setting("levels", "whole", 4, "levels", 2, 64, "levels of a morris design"),
    Setting("second_order", "flag", False, "", 0, 0, "sobol: also for indices of pairs"),
    Setting("design_seed", "whole", 1, "", 0, 2**31 - 1, "seed of the design, not of the runs"),
    Setting("outcomes", "list", None, "", 0, 0, "outcomes that are kept; empty: all"),
    Setting("series", "list", None, "", 0, 0, "quarterly series that are kept; all, or empty"),
    Setting("series_every", "whole", 1, "quarters", 1, 80, "every so many quarters of the series"),
    Setting("events", "flag", False, "", 0, 0, "keep the event log of every run"),
    Setting("about", "text", None, "", 0, 0, "what the study asks, in your words"),
)  # fmt: skip
# What compare and sweep take and one history does not: bundles that share a package out, and when
# there are seeds enough.
COMPARING = (
    Setting(
        "package", "text", None, "", 0, 0,
        "mechanisms, joined by +, that alone, minus and shapley are about; empty: all",
    ),
    Setting(
        "permutations", "whole", 16, "orders", 2, 200,
        "orders of joining of arms=shapley, an even number: each is followed by its reverse",
    ),
    Setting("permutation_seed", "whole", 1, "", 0, 2**31 - 1, "seed of these orders"),
    Setting(
        "until", "text", None, "", 0, 0,
        "halfwidth:0.02 adds seeds until every interval of the headline outcome is so narrow",
    ),
    Setting("until_step", "whole", 100, "seeds", 1, 1_000_000, "seeds that until= adds at a time"),
    Setting("until_most", "whole", 5000, "seeds", 2, 1_000_000, "seeds at which until= stops"),
)  # fmt: skip
SWEEP_SEEDS = 20  # histories per arm and point where a sweep does not say
GROUPS = ("mechanisms", "parameters")  # keys that also take the name of a prepared set
SYNTHETIC = "synthetic"


@cache
def mechanism_names() -> tuple[str, ...]:
    """Names of the registered mechanisms, in their fixed order."""
    from sim.mechanisms import MECHANISMS

    return tuple(mechanism.name for mechanism in MECHANISMS)


@cache
def mechanism_settings() -> tuple[Setting, ...]:
    """Mode, intensity, first year and dyads of every mechanism."""
    from sim.mechanisms import MECHANISMS

    found = []
    for mechanism in MECHANISMS:
        root, label = f"mechanisms.{mechanism.name}", mechanism.label
        found += [
            Setting(
                f"{root}.mode",
                "choice",
                "absent",
                "",
                0,
                0,
                f"{label}: in force or not, or left to the towns",
                MODES,
            ),
            Setting(
                f"{root}.intensity",
                "number",
                1.0,
                "",
                0,
                1,
                f"{label}: strength, or the most that towns may agree on",
            ),
            Setting(f"{root}.from_year", "number", 0.0, "years", 0, 200, f"{label}: first year"),
            Setting(
                f"{root}.dyads", "list", None, "", 0, 0, f"{label}: pairs of towns; empty: all"
            ),
        ]
    return tuple(found)


@cache
def parameter_settings() -> tuple[Setting, ...]:
    """Every declared parameter of the model."""
    from sim.parameters import DECLARED

    return tuple(
        Setting(f"parameters.{d.key}", "number", d.default, d.unit, d.lo, d.hi, d.label)
        for d in DECLARED
    )


@cache
def region_settings() -> tuple[Setting, ...]:
    """Options of the synthetic region."""
    from sim.synthetic_plan import SETTINGS

    numbers = [
        Setting(
            f"region.{key}",
            "number" if key in {"scarcity", "undemarcated"} else "whole",
            None,
            field.unit,
            field.lo,
            min(field.hi, MOST_SEED),
            f"synthetic region: {field.label}",
        )
        for key, field in SETTINGS.items()
    ]
    flags = [
        Setting(f"region.{key}", "flag", None, "", 0, 0, f"synthetic region: with a {what}")
        for key, what in (("fishery", "fishery"), ("land", "pasture"))
    ]
    return (*numbers, *flags)


@cache
def settings() -> dict[str, Setting]:
    """All settings by dotted key."""
    own = (*FRAME, *SWEEP, *COMPARING)
    every = (*own, *region_settings(), *mechanism_settings(), *parameter_settings())
    return {setting.key: setting for setting in every}


def nested(chosen: tuple[Setting, ...], prefix: str) -> dict[str, Any]:
    """Defaults of settings under ``prefix.`` as a tree of mappings."""
    tree: dict[str, Any] = {}
    for setting in chosen:
        *branches, leaf = setting.key.removeprefix(prefix + ".").split(".")
        place = tree
        for branch in branches:
            place = place.setdefault(branch, {})
        place[leaf] = setting.default
    return tree
