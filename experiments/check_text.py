"""What ``thalweg check`` says of a file that is fine: what it asks for, in words and numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.factors import Factor
from experiments.plan import Plan
from experiments.settings import plain, settings
from experiments.study import Study

COUNTED = 500_000  # runs up to which equal ones are looked for; it takes about a second
SHOWN = 8  # values of a list


def sweep_told(plan: Plan, path: Path, compare: bool) -> list[str]:
    """Everything that a sweep asks for. ``compare``: the file may be one for compare, too."""
    head, rows = plan.head, [f"{path}: settings, and nothing is wrong with them."]
    regions = list(dict.fromkeys(case.region.name for case in plan.cases))
    rows += [f"  note: {note}" for note in dict.fromkeys(n for c in plan.cases for n in c.notes)]
    rows += _row("about", [head.settings["about"] or ""])
    rows += _row("regions", [", ".join(regions)])
    rows += _row("arms", [", ".join(arm.name for arm in head.arms)])
    rows += _row("frames", [factor_told(f) for f in plan.crossed])
    rows += _row("factors", [factor_told(f) for f in plan.sampled])
    if plan.sampled:
        rows += _row("points", [f"{len(plan.points)} by {_method(plan)}"])
    last = head.first_seed + head.seeds - 1
    rows += _row("seeds", [f"{head.seeds} ({head.first_seed} to {last})"])
    rows += _row("years", [_years(plan)])
    rows += _row("kept", [_kept(plan)])
    rows += _row("runs", [_runs(plan)])
    rows += _row("use it", [f"thalweg sweep study={path}"])
    if compare and not plan.crossed and not plan.sampled and len(head.arms) > 1:
        rows += _row("or", [f"thalweg compare --config {path}"])
    return rows


def run_told(study: Study, path: Path) -> list[str]:
    """What one history takes."""
    return [
        f"{path}: settings of one history, and nothing is wrong with them.",
        *_row("region", [study.region.name]),
        *_row("mechanisms", [study.arms[0].label]),
        *_row("years", [f"{study.settings['years']:g}"]),
        *_row("use it", [f"thalweg run --config {path}"]),
    ]


def regions_told(region: Any, path: Path) -> list[str]:
    """What a region holds."""
    counts = [
        (region.nation_names, "nations"), (region.municipality_names, "municipalities"),
        (region.group_names, "groups"), (region.basin_names, "basins"),
        (region.unit_names, "sources of water, fish or land"),
        (region.dyad_names, "pairs of towns"),
    ]  # fmt: skip
    return [
        f"{path}: a region, and nothing is wrong with it.",
        *_row("region", [f"{region.name}: {region.label}, from {region.start_year} on"]),
        *_row("holds", [", ".join(f"{len(names)} {what}" for names, what in counts)]),
        *_row("use it", [f"thalweg run region={path}"]),
    ]


def factor_told(factor: Factor) -> str:
    """A factor with its values or its range, unit and scale."""
    setting = settings().get(factor.key)
    unit = f" {setting.unit}" if setting is not None and setting.unit else ""
    group = f", in group {factor.group}" if factor.group else ""
    if factor.kind == "list":
        values = [_word(value) for value in factor.values[:SHOWN]]
        more = ", ..." if len(factor.values) > SHOWN else ""
        return f"{factor.key}: {len(factor.values)} values, {', '.join(values)}{more}{unit}{group}"
    scale = ", even in the logarithm" if factor.scale == "log" else ""
    whole = ", whole numbers" if factor.whole and setting and setting.kind == "whole" else ""
    return f"{factor.key}: {plain(factor.lo)} to {plain(factor.hi)}{unit}{scale}{whole}{group}"


def _row(name: str, texts: list[str]) -> list[str]:
    """A named line, with what follows below its first text; none where there is none."""
    return [f"  {name if place == 0 else '':<10} {text}" for place, text in enumerate(texts)
            if text]  # fmt: skip


def _method(plan: Plan) -> str:
    method, n = plan.head.settings["method"], plan.head.settings["n"]
    return str(method) if n is None else f"{method}, n={n}"


def _years(plan: Plan) -> str:
    lengths = dict.fromkeys(f"{case.settings['years']:g}" for case in plan.cases)
    before = dict.fromkeys(f"{case.settings['spinup_years']:g}" for case in plan.cases)
    return f"{' or '.join(lengths)}, after {' or '.join(before)} to begin with"


def _kept(plan: Plan) -> str:
    layout = plan.layout
    series = f", {len(layout.series)} series" if layout.series else ""
    return f"{len(layout.outcomes)} outcomes{series}{', the event logs' * layout.events} of a run"


def _runs(plan: Plan) -> str:
    """How many runs, and how many of them are not the same."""
    from experiments.book import book_content, read_book
    from experiments.runs import merged, planned

    head, points = plan.head, len(plan.points)
    sizes = [(len(plan.cases), "frame"), (points, "point"), (len(head.arms), "arm"),
             (head.seeds, "seed")]  # fmt: skip
    crossed = " x ".join(f"{n} {what}{'s' * (n > 1)}" for n, what in sizes)
    told = f"{plan.asked:,} = {crossed}"
    if plan.asked > COUNTED:
        return told
    runs, _ = merged(None, planned(plan, read_book(book_content(plan))))
    return told + (f"; {runs.size:,} differ and are simulated" if runs.size < plan.asked else "")


def _word(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return plain(value) if isinstance(value, int | float) and not isinstance(value, bool) \
        else str(value)  # fmt: skip
