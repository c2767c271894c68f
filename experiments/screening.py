"""Which parameter moves what: each alone, at both ends of its range, under the same draws.

``python -m experiments.screening seeds=40 years=20 region=fergana`` (all words may be left out;
``keys=drought,ladder.up_rate`` screens only these parameters, or groups of them) runs every
declared parameter at the low and at the high end of its range against its default, in three states
of the border: for a rule without mechanisms, with all of them and with all left to the towns; for a
number of a mechanism with that one alone instead of none. docs/screening.json keeps by parameter,
end and state how many outcomes moved (on enough events; p at most 0.05 by Holm's steps over all
outcomes of that end and state, so that a hundred looks count as a hundred) and the few that moved
most: [difference, lower and upper end of its own 95 % interval, mean at the default].

One parameter moved alone, all others at their defaults, in one region: no interactions, and what is
not seen with so many seeds may still move. Parameters that studies and sets which ship give another
value come first. The store is written after every parameter; the same command goes on where it
stopped, and one of another campaign or model is begun anew.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import console
from experiments.exits import USAGE, UsageError

if TYPE_CHECKING:
    import numpy as np

    from sim.declare import Declared

STORE = Path(__file__).resolve().parent.parent / "docs" / "screening.json"
COMMAND = "make screening"
REGION, SEEDS, YEARS, FIRST_SEED = "fergana", 40, 20.0, 1
KEPT = 5  # outcomes that are kept of those that moved: the largest in spreads of the default
ENDS = ("low", "high")
LEVEL = 0.05  # p of one outcome among all of an end and state, by Holm's steps
RULE = "p at most 0.05 by Holm's steps over the outcomes of an end and state"
WORDS = ("region", "seeds", "years", "keys")
Values = dict[str, "np.ndarray"]  # outcome -> values [seed]; NaN where a run failed


def kept_screening(store: Path = STORE) -> dict[str, Any]:
    """The screening that is stored, or nothing where there is none."""
    found: dict[str, Any] = json.loads(store.read_text("utf-8")) if store.is_file() else {}
    return found


def declared(region: str, seeds: int, years: float) -> dict[str, Any]:
    """The campaign: everything that can change a number of it."""
    from sim._jit import kernel_digest

    return {"kernel": kernel_digest()[:16], "region": region, "seeds": seeds,
            "first_seed": FIRST_SEED, "years": years, "moved": RULE}  # fmt: skip


def states_of(key: str) -> tuple[str, ...]:
    """The arms in which a parameter is moved."""
    from experiments.arm_lists import FULL, NEGOTIATED, NONE
    from sim.mechanisms import NAMES

    prefix = key.split(".", maxsplit=1)[0]
    return (prefix if prefix in NAMES else NONE, FULL, NEGOTIATED)


def simulated(
    campaign: Mapping[str, Any], states: Sequence[str], changed: Mapping[str, float]
) -> dict[str, Values]:
    """Outcomes of some arms with some parameters changed, under the draws of the campaign."""
    from experiments.arm_lists import members_of
    from experiments.regions import load_region
    from sim.scenario import scenario
    from sim.simulate import simulate_many

    region, seeds = load_region(campaign["region"]), campaign["seeds"]
    bundles = [[dict.fromkeys(part, 1.0) for part in members_of(arm)] for arm in states]
    given = [
        scenario(region, parameters=changed, mechanisms=imposed, negotiated=left,
                 years=campaign["years"])
        for imposed, left in bundles
    ]  # fmt: skip
    first = campaign["first_seed"]
    found = simulate_many([one._replace(seed=first + k) for one in given for k in range(seeds)])
    return {
        arm: {key: values.reshape(len(given), seeds)[row] for key, values in found.outcomes.items()}
        for row, arm in enumerate(states)
    }


def moved(without: Values, with_it: Values) -> dict[str, Any]:
    """What moved from one ensemble to the other: how many outcomes, and the few that did most."""
    import numpy as np

    from analysis.intervals import bootstrap_intervals, paired_change
    from analysis.many_rows import holm, paired_p

    keys = [key for key in without if _enough(key, without[key], with_it[key])]
    changes = {key: paired_change(without[key], with_it[key]) for key in keys}
    keys = [key for key in keys if np.nanmax(np.abs(changes[key]), initial=0.0) > 0.0]
    if not keys:
        return {"moved": 0, "most": {}}
    lo, hi = bootstrap_intervals(np.stack([changes[key] for key in keys], axis=1))
    p = holm(np.array([paired_p(changes[key]) for key in keys]))
    clear = {key: (lo[row], hi[row]) for row, key in enumerate(keys) if p[row] <= LEVEL}
    size = {key: abs(_mean(changes[key])) / max(float(np.nanstd(without[key])), 1e-12)
            for key in clear}  # fmt: skip
    order = sorted(clear, key=lambda key: -size[key])[:KEPT]
    rows = {key: (_mean(changes[key]), *clear[key], _mean(without[key])) for key in order}
    most = {key: [float(f"{number:.3g}") for number in row] for key, row in rows.items()}
    return {"moved": len(clear), "most": most}


def _enough(key: str, without: np.ndarray, with_it: np.ndarray) -> bool:
    """Pairs enough that define an outcome, and events enough where it counts any."""
    import numpy as np

    from analysis.scruples import MOST_LOST, short, with_any
    from analysis.study import Outcome
    from sim.outcomes import OUTCOMES

    said = OUTCOMES[key]
    outcome = Outcome(key, said.label, said.unit, said.better, said.kind, said.about)
    both = np.stack([without, with_it], axis=1)
    lost = float(np.isnan(both).any(axis=1).mean())
    return lost <= MOST_LOST and not short(outcome, *with_any(outcome, both).tolist())


def _mean(values: np.ndarray) -> float:
    import numpy as np

    return float(np.nanmean(values))


def measure(
    campaign: Mapping[str, Any], one: Declared, base: Mapping[str, Values]
) -> dict[str, Any]:
    """What one parameter moves at both ends of its range; an end that is the default: nothing."""
    states, said = states_of(one.key), {}
    for end, value in zip(ENDS, (one.lo, one.hi), strict=True):
        if value == one.default:
            continue
        runs = simulated(campaign, states, {one.key: value})
        said[end] = {"value": value, **{arm: moved(base[arm], runs[arm]) for arm in states}}
    return said


def as_text(campaign: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """The store: a line per parameter, so that a diff can be read."""
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(found[key])}" for key in found)
    return f'{json.dumps(campaign)[:-1]},\n"found": {{\n{lines}}}}}\n'


def chosen(text: str) -> list[Declared]:
    """The parameters of ``keys=``: all, or these and those of these groups. Raises UsageError."""
    from experiments.overrides import nearest
    from sim.parameters import DECLARED, KEYS

    asked = [word.removeprefix("parameters.") for word in text.split(",") if word]
    groups = dict.fromkeys(key.split(".")[0] for key in KEYS)
    wrong = [word for word in asked if word not in KEYS and word not in groups]
    if wrong:
        raise UsageError(f"keys={text}: no parameter '{wrong[0]}'. "
                         f"{nearest(wrong[0], [*KEYS, *groups], 'Groups')}")  # fmt: skip
    found = [d for d in DECLARED if not asked or d.key in asked or d.key.split(".")[0] in asked]
    return sorted(found, key=lambda d: not _is_doubted(d.key))


def _is_doubted(key: str) -> bool:
    """Whether a study or a set that ships gives the parameter another value."""
    from experiments.explain_shipped import in_sets, in_studies

    return bool(in_sets(key) or in_studies(f"parameters.{key}"))


def asked(words: Sequence[str]) -> tuple[dict[str, Any], list[Declared]]:
    """Campaign and parameters of the command line. Raises UsageError."""
    given = {word.partition("=")[0]: word.partition("=")[2] for word in words}
    for word in given:
        if word not in WORDS:
            raise UsageError(f"'{word}': words are {', '.join(f'{name}=' for name in WORDS)}.")
    try:
        seeds, years = int(given.get("seeds", SEEDS)), float(given.get("years", YEARS))
    except ValueError:
        raise UsageError("seeds= is a whole number and years= a number.") from None
    campaign = declared(given.get("region", REGION), seeds, years)
    if "keys" in given and (other := _other(campaign)):
        raise UsageError(f"{STORE.name} holds another campaign ({other}), which these words would "
                         "begin anew. Give the same, or leave keys= out.")  # fmt: skip
    return campaign, chosen(given.get("keys", ""))


def _other(campaign: Mapping[str, Any]) -> str:
    """The words of the campaign that is stored, where they are not those of this one."""
    held = kept_screening()
    words = {word: held[word] for word in WORDS if word in held}
    same = all(campaign[word] == value for word, value in words.items())
    return "" if same else " ".join(f"{word}={value}" for word, value in words.items())


def screen(campaign: Mapping[str, Any], keys: Sequence[Declared], store: Path = STORE) -> None:
    """Run what is missing and store it, parameter by parameter."""
    from experiments.provenance import found_before

    found = found_before(store, campaign)
    missing = [one for one in keys if one.key not in found]
    base: dict[str, Values] = {}
    for place, one in enumerate(missing, 1):
        lacking = [arm for arm in states_of(one.key) if arm not in base]
        base |= simulated(campaign, lacking, {}) if lacking else {}
        found[one.key] = measure(campaign, one, base)
        store.write_text(as_text(campaign, found), encoding="utf-8")
        console.say(f"{place} of {len(missing)}: {one.key}")
    console.say(f"{store.name}: {len(found)} parameters screened")


def main(words: Sequence[str]) -> int:
    """Run what is missing, and store it."""
    from sim.region import RegionError

    try:
        screen(*asked(words))
    except (UsageError, RegionError) as error:
        console.complain("screening", error.messages, f"All of it: {COMMAND}")
        return USAGE
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
