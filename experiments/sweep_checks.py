"""What is wrong with a sweep as a whole: names, size, settings that would change nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from experiments.arm_lists import expanded
from experiments.compose import Settled
from experiments.factors import Factor
from experiments.overrides import COMMAND_LINE, nearest
from experiments.sampling import count, faults
from experiments.settings import MODES

MOST_CASES = 1000
MOST_RUNS = 20_000_000  # their list alone takes some 2 GB of memory
DYAD_PEAK = "dyad_peak"


def faults_of_sweep(
    settled: Settled, crossed: Sequence[Factor], sampled: Sequence[Factor]
) -> list[str]:
    """Why a sweep cannot be planned, one plain line each.

    What is wrong with one key stands in ``settled.mistakes``; then the design is not looked at.
    """
    found = [*_names(settled), *_bundles(crossed), *_late(settled, (*crossed, *sampled))]
    if settled.mistakes:
        return found
    values = settled.values
    found += [_placed(text, settled)
              for text in faults(sampled, values["method"], values["n"], values["levels"])]
    return found or _size(settled, crossed, sampled)


def every_outcome() -> tuple[str, ...]:
    """Keys of the declared outcomes."""
    from sim.outcomes import OUTCOMES

    return tuple(OUTCOMES)


def every_series() -> tuple[str, ...]:
    """Keys of the recorded series."""
    from sim.record import SERIES

    return tuple(series.key for series in SERIES)


def _placed(text: str, settled: Settled) -> str:
    """A message about a setting of the design, with its line where a file gave it."""
    subject = text.partition(":")[0]
    given = settled.was_given(subject.partition("=")[0])
    if given is None or given.where.startswith(COMMAND_LINE) or "(" in subject:
        return text
    return f"{subject} ({given.where}){text.removeprefix(subject)}"


def _size(settled: Settled, crossed: Sequence[Factor], sampled: Sequence[Factor]) -> list[str]:
    """Say so where a study is too large to be listed."""
    values = settled.values
    cases = math.prod(len(factor.values) for factor in crossed)
    if cases > MOST_CASES:
        what = " x ".join(f"{len(f.values)} of {f.key} ({f.where})" for f in crossed)
        most = f"at most {MOST_CASES:,} are taken. List fewer values of them."
        return [f"{what}: {cases:,} combinations; {most}"]
    points = count(sampled, values["method"], values["n"], values["second_order"])
    runs = cases * points * values["seeds"] * len(expanded(values["arms"], values))
    if runs > MOST_RUNS:
        grid = values["method"] == "grid"
        cure = "choose method=latin or sobol with n=NUMBER" if grid else "choose a smaller n"
        what = f"{cases:,} frames x {points:,} points x {values['seeds']:,} seeds x arms"
        most = f"at most {MOST_RUNS:,} are taken in one study"
        return [f"{what} make {runs:,} runs; {most}. List fewer values, or {cure}."]
    return []


def _names(settled: Settled) -> list[str]:
    """Outcomes and series that do not exist."""
    known = {"outcomes": every_outcome(), "series": ("all", DYAD_PEAK, *every_series())}
    found = []
    for key, names in known.items():
        given, chosen = settled.was_given(key), settled.values.get(key)
        if given is not None and isinstance(chosen, list):
            found += [f"{key} ({given.where}): no '{name}'. {_nearest(str(name), names)}"
                      for name in chosen if name not in names]  # fmt: skip
    return found


def _nearest(name: str, names: Iterable[str]) -> str:
    return nearest(name, names).partition(" (and keys")[0]


def _bundles(crossed: Sequence[Factor]) -> list[str]:
    """Mechanisms that are swept by name: they are arms, which stand side by side at every point."""
    found = []
    for factor in crossed:
        if factor.key == "mechanisms":
            names = ",".join(map(str, factor.values))
            found.append(f"mechanisms ({factor.where}): bundles of mechanisms are arms, and every "
                         f"point runs all of them. Write arms={names}")  # fmt: skip
        elif factor.key.endswith(".mode"):
            name = factor.key.split(".")[1]
            arms = {"absent": "none", "imposed": name, "negotiated": f"{name}-negotiated"}
            wanted = ",".join(arms[mode] for mode in MODES if mode in factor.values)
            found.append(f"{factor.key} ({factor.where}): modes of a mechanism are arms, and every "
                         f"point runs all of them. Write arms={wanted}")  # fmt: skip
    return found


def _late(settled: Settled, factors: Sequence[Factor]) -> list[str]:
    """Swept first years that lie after the end, or ends before a first year."""
    swept = {factor.key: factor for factor in factors}
    years = _least("years", settled, swept)
    found = []
    for key, factor in swept.items():
        last = factor.hi if factor.kind == "range" else max(factor.values, default=0.0, key=_number)
        if key.endswith(".from_year") and years is not None and _number(last) >= years:
            found.append(f"{key} ({factor.where}): year {_number(last):g} is not before the end, "
                         f"year {years:g}; the mechanism would never begin.")  # fmt: skip
    return found


def _least(key: str, settled: Settled, swept: dict[str, Factor]) -> float | None:
    """The smallest value of a number that is given or swept; None where it is no number."""
    values = swept[key].values if key in swept else (settled.values.get(key),)
    numbers = [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    return min(numbers, default=None)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else -math.inf
