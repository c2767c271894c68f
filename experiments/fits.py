"""Fits on disk: one prepared set of parameters per fit, and one record of the whole calibration."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis import history_matching as matching
from experiments import store
from experiments.calibrate import Found, Point, parameters_at
from experiments.validate import Request


def write_fits(request: Request, found: list[Found], record: dict[str, Any]) -> list[str]:
    """Write parameters/fit_*.yaml and calibration.json; returns what to say."""
    folder = request.folder / "parameters"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("fit_*.yaml"):
        old.unlink()
    lines, entries = [], []
    for each in found:
        written = []
        for number, (point, again) in enumerate(each.fits, 1):
            name = f"fit_{each.structure.name}_{number}"
            store.write_text(folder / f"{name}.yaml", _text(request, each, name, point, again))
            written.append(name)
        lines += _told(each, written)
        entries.append(_entry(each, written))
    content = {
        "label": "Simulated, not observed.",
        "identity": request.identity,
        "years": request.plan.years,
        "borders": [[b.name, b.histories] for b in request.plan.borders],
        "targets": {t.key: list(t.range) for t in matching.targets()},
        "structures": entries,
        "provenance": record,
    }
    store.write_json(request.folder / "calibration.json", content)
    use = f"use a fit: thalweg compare --config-dir {request.folder} parameters=NAME"
    return [*lines, use, f"record: {request.folder / 'calibration.json'}"]


def _text(request: Request, each: Found, name: str, point: Point, again: Point) -> str:
    """A fit as a prepared set of parameters, with where it comes from."""
    worst = float(matching.implausibility(again.value[None], again.variance[None])[0])
    made = request.identity[:12]
    patterns = ", ".join(sorted({t.pattern.key for t in matching.targets()}))
    held = [f"{key} {found['verdict']}" for key, found in (again.held or {}).items()]
    lines = [
        f"# A fit of the structure '{each.structure.name}': {each.structure.about}.",
        f"# Use it:  thalweg compare parameters={name}",
        f"# Fitted to {patterns} by history matching; held-out patterns were not looked at.",
        f"# Confirmed with fresh seeds, largest implausibility {worst:.2f}; {made}.",
        f"# Held out, as they fall: {', '.join(held) or 'none'}.",
        "defaults:",
        "  - default",
        "  - _self_",
    ]
    groups: dict[str, list[tuple[str, float]]] = {}
    for key, value in {**changed(request), **parameters_at(each.structure, point.position)}.items():
        group, leaf = key.split(".", 1)
        groups.setdefault(group, []).append((leaf, value))
    for group, entries in groups.items():
        lines.append(f"{group}:")
        lines += [f"  {leaf}: {value!r}" for leaf, value in entries]
    return "\n".join(lines) + "\n"


def changed(request: Request) -> dict[str, float]:
    """Parameters that the command set away from their defaults for the whole calibration."""
    from sim.parameters import DECLARED

    given = request.plan.borders[0].study.parameters
    return {d.key: given[d.key] for d in DECLARED if given[d.key] != d.default}


def _entry(each: Found, names: list[str]) -> dict[str, Any]:
    """One structure as plain values: fits, their spread, every point and what was missed."""
    keys = [axis.key for axis in each.structure.axes]
    fitted = [parameters_at(each.structure, point.position) for point, _ in each.fits]
    return {
        "name": each.structure.name,
        "about": each.structure.about,
        "fixed": each.structure.fixed,
        "searched": {axis.key: [axis.lo, axis.hi] for axis in each.structure.axes},
        "kept_share_by_wave": each.kept_share,
        "fits": [
            {"name": name, "parameters": parameters_at(each.structure, point.position),
             "values": _values(point), "confirmed": _values(again), "held_out": again.held}
            for name, (point, again) in zip(names, each.fits, strict=True)
        ],
        "spread": {key: [min(f[key] for f in fitted), max(f[key] for f in fitted)]
                   for key in keys} if fitted else None,
        "nearest": {"parameters": parameters_at(each.structure, each.nearest.position),
                    "values": _values(each.nearest), "misses": _misses(each.nearest)},
        "points": [{"parameters": parameters_at(each.structure, p.position), "values": _values(p)}
                   for p in each.points],
    }  # fmt: skip


def _values(point: Point) -> dict[str, list[float | None]]:
    """Value and standard error of every target."""
    sd = np.sqrt(np.nan_to_num(point.variance))
    return {
        t.key: [float(f"{v:.5g}") if np.isfinite(v) else None, float(f"{s:.3g}")]
        for t, v, s in zip(matching.targets(), point.value, sd, strict=True)
    }


def _misses(point: Point) -> list[str]:
    reached = matching.met(point.value, point.variance)
    return [t.key for t, hit in zip(matching.targets(), reached, strict=True) if not hit]


def _told(each: Found, names: list[str]) -> list[str]:
    name = each.structure.name
    left = f"{100 * each.kept_share[-1]:.2g} % of the space is left" if each.kept_share else ""
    head = f"{name}: {len(each.points)} ensembles, {left}; {len(names)} fits"
    if names:
        return [head, f"  {', '.join(names)}"]
    missed = ", ".join(_misses(each.nearest))
    return [head, f"  no fit; the nearest point misses {missed}"]
