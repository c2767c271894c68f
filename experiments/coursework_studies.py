"""What two studies, a sweep or a set of mixes answers; beside `coursework_asks`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.coursework_asks import paired
from experiments.coursework_held import Expected, Held
from experiments.coursework_history import HISTORY_ASKS
from experiments.exits import UsageError

if TYPE_CHECKING:
    from analysis.portfolio import Portfolio
    from analysis.sensitivity.study import Answer
    from analysis.sweep_study import Sweep

REFUSED = "refused"
CANNOT_TELL = "cannot tell"
UNTOLD = ("arms", "seed", "seeds", "command", "schema")  # of an identity: no assumption
Entry = Mapping[str, Any]


def setting(held: Held, entry: Entry) -> Expected:
    """The one setting in which two studies differ."""
    keys = changed_settings(held)
    said = str(held.answers.given.get(str(entry["name"]), "")).removeprefix("parameters.")
    if len(keys) != 1:
        return Expected("", reason="two-things" if keys else "nothing-changed")
    plain = keys[0]
    whole = str(held.answers.given.get(str(entry["name"]), ""))
    return Expected(whole if said == plain else plain)


def change(held: Held, entry: Entry) -> Expected:
    """By how much the effect of an arm differs between two studies: changed minus first."""
    value, lo, hi = _change(held, entry)
    return Expected(value, (("sign", -value),), 0.05 * (hi - lo))


def changed(held: Held, entry: Entry) -> Expected:
    """Whether the effect of an arm is told to have changed, by its own interval."""
    _, lo, hi = _change(held, entry)
    told = not lo <= 0 <= hi
    return Expected("yes" if told else "no", (("change-missed", "no") if told else
                                              ("compared-verdicts", "yes"),))  # fmt: skip


def survives(held: Held, entry: Entry) -> Expected:
    """Whether a claim holds under the other assumption, too."""
    before, after = (str(held.effect(name, int(entry["arm"]), entry["outcome"])["verdict"])
                     for name in held.exercise.studies)  # fmt: skip
    if before not in {"better", "worse"}:
        slips = (("nothing-to-survive", "yes"), ("nothing-to-survive", "no"))
        return Expected("nothing to survive", slips)
    if before == after:
        return Expected("yes", (("claim-missed", "no"), ("claim-missed", "nothing to survive")))
    return Expected("no", (("claimed-over-zero", "yes"), ("claim-missed", "nothing to survive")))


def points(held: Held, entry: Entry) -> Expected:
    """Points of a sweep."""
    study = held.study(entry["study"])
    number = int(study.manifest["points"])
    blocks = number // (len(_sweep(held, entry).sampled) + 2)
    slips = (("runs-for-points", study.counts.launched), ("blocks-for-points", blocks))
    return Expected(number, slips)


def most(held: Held, entry: Entry) -> Expected:
    """The setting with the largest total index."""
    found = _totals(held, entry)
    if not found:
        return Expected(CANNOT_TELL, reason="read-into-luck")
    first = _indices(held, entry, "first")
    top = max(found, key=lambda key: found[key].now.value)
    alone = max(first, key=lambda key: first[key].now.value) if first else top
    said = str(held.answers.given.get(str(entry["name"]), ""))
    short = {key.removeprefix("parameters."): key for key in found}
    slips = (("first-for-total", alone.removeprefix("parameters.")),) if alone != top else ()
    return Expected(said if short.get(said, said) == top else top, slips)


def index(held: Held, entry: Entry) -> Expected:
    """The largest total index."""
    found = _totals(held, entry)
    if not found:
        return Expected(-1, reason="read-into-luck")
    top = max(found, key=lambda key: found[key].now.value)
    first = _indices(held, entry, "first")
    slips = (("first-for-total", first[top].now.value),) if top in first else ()
    now = found[top].now
    return Expected(now.value, (*slips, ("points-for-share", 100 * now.value)),
                    max(0.005, 0.05 * (now.hi - now.lo)))  # fmt: skip


def known(held: Held, entry: Entry) -> Expected:
    """Whether that index is known."""
    found = _totals(held, entry)
    word = max(found.values(), key=lambda one: one.now.value).verdict.word if found else CANNOT_TELL
    rest = {"converged", "not yet", CANNOT_TELL} - {word}
    return Expected(word, tuple(("claimed-unsettled" if one == "converged" else "verdict-misread",
                                 one) for one in sorted(rest)))  # fmt: skip


def luck(held: Held, entry: Entry) -> Expected:
    """Share of the variance of one history that is the seed's alone, in 100."""
    shares = _answer(held, entry).shares
    one = 100 * shares.seed.value
    slips = (("settings-for-seed", 100 * shares.parameters.value), ("share-for-points", one / 100),
             ("both-for-seed", 100 * shares.luck.value))  # fmt: skip
    return Expected(one, slips, 0.6)


def mixes(held: Held, entry: Entry) -> Expected:
    """Mixes that a folder compares."""
    found = _portfolio(held, entry).mixes
    return Expected(len(found.arms), (("mechanisms-for-mixes", len(found.mechanisms)),))


def frontier(held: Held, entry: Entry) -> Expected:
    """Mixes that no other one beats in everything."""
    found = _portfolio(held, entry)
    number = int(found.frontier.sum())
    return Expected(number, (("beaten-for-frontier", len(found.frontier) - number),))


def best(held: Held, entry: Entry) -> Expected:
    """The best mix for the money; ``refused`` where no best mix is named."""
    found = _portfolio(held, entry)
    names = [arm.name for arm in found.mixes.arms]
    one = found.choices[0]
    slips = [("over-budget", name) for name, cost in zip(names, found.level[0, :, 0], strict=True)
             if cost > one.budget]  # fmt: skip
    if found.refusals or one.mix < 0:
        return Expected(REFUSED, reason="named-though-refused")
    said = str(held.answers.given.get(str(entry["name"]), ""))
    parts = _named_parts(found, said)
    same = parts == set(names[one.mix].split("+"))
    return Expected(said if same else names[one.mix], (*slips, ("refused-a-claim", REFUSED)),
                    reason="not-best" if parts else "not-a-name")  # fmt: skip


def _named_parts(found: Any, said: str) -> set[str]:
    """Mechanisms of a mix as a student wrote it, by names or labels; empty where one is neither."""
    known = {"none": "none"}
    for arm in found.mixes.arms:
        names = arm.name.split("+")
        known |= dict(zip(names, names, strict=True))
        known |= dict(zip(arm.label.lower().split(" + "), names, strict=False))
    parts = [part.strip().lower() for part in said.split("+")]
    return {known[part] for part in parts} if all(part in known for part in parts) else set()


def level(held: Held, entry: Entry) -> Expected:
    """Mean of an objective (0: cost, 1: risk) of the best mix on all seeds; -1 where refused."""
    found, which = _portfolio(held, entry), int(entry["objective"])
    one = found.choices[0]
    if found.refusals or one.mix < 0:
        return Expected(-1, reason="named-though-refused")
    value = float(found.level[0, one.mix, which])
    slips = [("other-arm", float(x)) for k, x in enumerate(found.level[0, :, which])
             if k != one.mix]  # fmt: skip
    lo, hi = found.ends(which)
    grain = min(0.05 * float(hi[one.mix] - lo[one.mix]), 0.005)
    return Expected(value, tuple(slips), max(grain, 0.0006))


def rivals(held: Held, entry: Entry) -> Expected:
    """Affordable mixes that cannot be told from the best."""
    found = _portfolio(held, entry)
    one = found.choices[0]
    if found.refusals or one.mix < 0:
        return Expected(-1, reason="named-though-refused")
    return Expected(len(one.rivals), (("best-among-rivals", len(one.rivals) + 1),))


def told(held: Held, entry: Entry) -> Expected:
    """Whether the best mix is told from no mechanism at all."""
    found = _portfolio(held, entry)
    one = found.choices[0]
    bare = [k for k, members in enumerate(found.mixes.members) if not members.any()]
    if found.refusals or one.mix < 0 or one.mix in bare or set(bare) & set(one.rivals):
        return Expected("no", (("claimed-over-zero", "yes"),))
    return Expected("yes", (("claim-missed", "no"),))


def changed_settings(held: Held) -> list[str]:
    """Settings in which the first two studies of an exercise differ, arms and seeds left out."""
    names = list(held.exercise.studies)[:2]
    a, b = (_flat(held.manifest(name)["identity_parts"]) for name in names)
    return sorted(key for key in {*a, *b} if a.get(key) != b.get(key))


def _flat(parts: Mapping[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in parts.items() if key not in {*UNTOLD, "parameters"}}
    rest.pop("region content", None)
    return {**rest, **parts.get("parameters", {})}


def _change(held: Held, entry: Entry) -> tuple[float, float, float]:
    from analysis.intervals import bootstrap_intervals

    names = list(held.exercise.studies)[:2]
    a, b = (paired(held, name, int(entry["arm"]), entry["outcome"]) for name in names)
    if len(a) != len(b):
        raise UsageError(f"{held.folder(names[1])}: other seeds finished than in "
                         f"{held.folder(names[0])}; use the same seeds= for both")  # fmt: skip
    lo, hi = bootstrap_intervals((b - a)[:, None])
    return float((b - a).mean()), float(lo[0]), float(hi[0])


def _sweep(held: Held, entry: Entry) -> Sweep:
    from analysis.sweep_study import Sweep

    stored = held.study(entry["study"]).stored
    if not isinstance(stored, Sweep):
        raise UsageError(f"{held.folder(entry['study'])}: a sweep is wanted")
    return stored


def _answer(held: Held, entry: Entry) -> Answer:
    from analysis.sensitivity.answers import answers
    from analysis.study import StudyError

    if "sensitivity" not in held.worked_out:
        try:
            told = answers(_sweep(held, entry), [str(entry["outcome"])])
        except StudyError as error:
            raise UsageError(str(error)) from None
        held.worked_out["sensitivity"] = told
    found: list[Answer] = held.worked_out["sensitivity"]
    first = held.arm(entry["study"], 0)
    return next(one for one in found if one.question.arm.name == first
                and one.question.statistic == "mean" and one.question.against is None)  # fmt: skip


def _totals(held: Held, entry: Entry) -> dict[str, Any]:
    found = _indices(held, entry, "total")
    fine = [one for one in found.values() if np.isfinite(one.now.value)]
    return found if len(fine) == len(found) and fine else {}


def _indices(held: Held, entry: Entry, kind: str) -> dict[str, Any]:
    return {one.units[0].name: one for one in _answer(held, entry).indices if one.kind == kind}


def _portfolio(held: Held, entry: Entry) -> Portfolio:
    from analysis.portfolio import Ask, portfolio
    from analysis.study import StudyError

    budget = held.answers.given.get("budget")
    if budget is None:
        raise UsageError(f"{held.answers.place.at('budget')}: budget: choose one, for example 0.2")
    held.study(entry["study"])
    folder: Path = held.folder(entry["study"])
    ask = Ask(budgets=(float(budget),), risk=str(entry["outcome"]))
    if "portfolio" not in held.worked_out:
        try:
            held.worked_out["portfolio"] = portfolio(folder, ask)
        except StudyError as error:
            raise UsageError(str(error)) from None
    found: Portfolio = held.worked_out["portfolio"]
    return found


MORE: dict[str, Callable[[Held, Entry], Expected]] = {
    **HISTORY_ASKS, "setting": setting, "change": change, "changed": changed,
    "survives": survives, "points": points, "most": most, "index": index, "known": known,
    "luck": luck, "mixes": mixes, "frontier": frontier, "best": best, "level": level,
    "rivals": rivals, "told": told,
}  # fmt: skip
