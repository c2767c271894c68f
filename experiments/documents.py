"""The papers beside the numbers: declarations, config, overrides, manifest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from experiments.factors import Factor, cell_of
from experiments.part_files import Chunk
from experiments.plan import Plan
from experiments.region_files import document_files, named, write_regions
from experiments.settings import COMPARING, GROUPS, SWEEP, settings
from experiments.store import write_json, write_text
from experiments.study import SCHEMA, Study

NOT_KEPT = ("out", "threads")  # say where and how, not what
_SWEEP = {setting.key for setting in SWEEP}
_COMPARING = {setting.key for setting in COMPARING}


def write_papers(study: Study, folder: Path) -> None:
    """Write region, declarations, config and overrides of one study into a folder of results."""
    write_regions([study], folder)
    _write_papers(study, folder, config_text(study))


def write_plan_papers(plan: Plan, folder: Path) -> None:
    """The same for a plan; histories told of a study that was a comparison before it grew go."""
    write_regions(plan.cases, folder)
    _write_papers(plan.head, folder, plan_text(plan))
    if len(plan.cases) > 1 or plan.sampled:
        for path in folder.glob("history-*.json"):
            path.unlink()


def _write_papers(study: Study, folder: Path, config: str) -> None:
    write_json(folder / "declarations.json", declarations(study))
    write_text(folder / "config.yaml", config)
    write_text(folder / "overrides.txt", "".join(f"{line}\n" for line in study.overrides))


def declarations(study: Study) -> dict[str, Any]:
    """Everything that is declared: outcomes, series, mechanisms, parameters and both ladders."""
    from sim.events import INTERSTATE_RUNGS, LOCAL_RUNGS
    from sim.mechanisms import MECHANISMS
    from sim.outcomes import OUTCOMES
    from sim.parameters import DECLARED
    from sim.record import SERIES

    about = ("label", "unit", "better", "kind", "about")
    return {
        "outcomes": {k: {name: getattr(o, name) for name in about} for k, o in OUTCOMES.items()},
        "series": [
            {"key": s.key, "label": s.label, "unit": s.unit, "lo": float(s.lo), "hi": float(s.hi)}
            for s in SERIES
        ],
        "mechanisms": [
            {
                "name": m.name,
                "label": m.label,
                "about": m.about,
                "fails_when": m.fails_when,
                "cost_note": m.cost_note,
            }
            for m in MECHANISMS
        ],
        "parameters": [
            {
                "key": d.key,
                "default": float(d.default),
                "value": study.parameters[d.key],
                "unit": d.unit,
                "lo": float(d.lo),
                "hi": float(d.hi),
                "label": d.label,
                "source": d.source,
            }
            for d in DECLARED
        ],
        "local_rungs": list(LOCAL_RUNGS),
        "interstate_rungs": list(INTERSTATE_RUNGS),
    }


def config_text(study: Study) -> str:
    """The resolved settings; ``--config`` takes them back."""
    return _as_text(study.command, _kept(study))


def plan_text(plan: Plan) -> str:
    """The resolved settings of a plan, swept ones with all that they sweep over."""
    kept = _kept(plan.head)
    for factor in (*plan.crossed, *plan.sampled):
        if factor.key in GROUPS:
            kept[factor.key] = list(factor.values)
            kept |= {key: value for key, value in plan.given.items()
                     if key.startswith(f"{factor.key}.")}  # fmt: skip
    for factor in (*plan.crossed, *plan.sampled):
        if factor.key == "region":
            kept["region"] = list({values["region"]: named(case) for case, values
                                   in zip(plan.cases, plan.values, strict=True)}.values())
        elif factor.key not in GROUPS:
            _put(kept, factor.key, swept_text(factor))
    return _as_text(plan.command, kept)


def swept_text(factor: Factor) -> Any:
    """What a factor sweeps over, as a study file says it."""
    if factor.kind == "list":
        return list(factor.values)
    ends = (int(factor.lo), int(factor.hi)) if factor.whole else (factor.lo, factor.hi)
    text = f"interval({ends[0]!r}, {ends[1]!r})"
    text = f"int({text})" if factor.whole else text
    tags = ["logunif"] if factor.scale == "log" else []
    tags += [f"group_{factor.group}"] if factor.group else []
    return f"tag({', '.join([*tags, text])})" if tags else text


def _kept(study: Study) -> dict[str, Any]:
    """Settings that say what was simulated, without where and how."""
    kept = {key: value for key, value in study.settings.items() if key not in NOT_KEPT}
    kept["region"] = named(study)
    kept["arms"] = [arm.name for arm in study.arms]
    if study.command == "run":
        kept = {key: value for key, value in kept.items() if key not in {"arms", *_COMPARING}}
    else:  # the arms say which mechanisms are in force
        kept["mechanisms"] = {name: {key: value for key, value in entry.items() if key != "mode"}
                              for name, entry in kept["mechanisms"].items()}  # fmt: skip
    if study.command != "sweep":
        kept = {key: value for key, value in kept.items() if key not in _SWEEP}
    return kept


def _put(kept: dict[str, Any], key: str, value: Any) -> None:
    """Set a dotted key in nested settings; options of a region have a branch of their own."""
    path = ["region_options", key[7:]] if key.startswith("region.") else key.split(".")
    place = kept
    for branch in path[:-1]:
        if not isinstance(place.get(branch), dict):  # a group that is swept stands as a list
            place[key] = value
            return
        place = place[branch]
    place[path[-1]] = value


def _as_text(command: str, kept: dict[str, Any]) -> str:
    body = yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, default_flow_style=None)
    return f"# thalweg {command} --config config.yaml\n{body}"


def manifest(plan: Plan, chunks: list[Chunk], chunk_length: int) -> dict[str, Any]:
    """The manifest of a study; the caller adds where its runs are."""
    head = plan.head
    sweep = {} if plan.command != "sweep" else {
        "cases": [{**plain, "region": case.region.name, "region_file": file}
                  for case, plain, file in zip(plan.cases, plan.told,
                                               document_files(plan.cases), strict=True)],
        "factors": [_told(factor) for factor in (*plan.by_name, *plan.sampled)],
        "sampled": [factor.key for factor in plan.sampled],
        "method": head.settings["method"],
        "block": len(plan.points) // (head.settings["n"] or len(plan.points)),
        "points": len(plan.points),
        "about": head.settings["about"],
    }  # fmt: skip
    return {
        **frame(head),
        **sweep,
        "identity": plan.identity,
        "identity_parts": plan.parts,
        "asked": plan.asked,
        "layout": plan.layout._asdict(),
        "chunk": chunk_length,
        "chunks": [chunk._asdict() for chunk in chunks],
        "complete": False,
    }


def _told(factor: Factor) -> dict[str, Any]:
    """A factor with what its setting is called; a prepared set of a group has no setting."""
    setting = settings().get(factor.key)
    about = {"label": factor.key, "unit": ""} if setting is None else {
        "label": setting.label, "unit": setting.unit, "default": setting.default
    }  # fmt: skip
    values = [cell_of(value) for value in factor.values]
    return {**factor.content, "values": values, **about}


def frame(study: Study) -> dict[str, Any]:
    """What a study is about: region, arms, seeds, horizon."""
    from sim._jit import kernel_digest

    return {
        "schema": SCHEMA,
        "command": study.command,
        "region": study.region.name,
        "identity": study.identity,
        "identity_parts": study.parts,
        "kernel_digest": kernel_digest(),
        "model_digest": study.parts["model code"],
        "arms": [
            {"name": a.name, "label": a.label, "mechanisms": a.mechanisms,
             "negotiated": a.negotiated, "from_years": a.from_years, "dyads": a.dyads}
            for a in study.arms
        ],
        "seeds": {"first": study.first_seed, "count": study.seeds},
        "years": float(study.settings["years"]),
        "spinup_years": float(study.settings["spinup_years"]),
        "tick_weeks": float(study.settings["tick_weeks"]),
        **({} if study.command == "run" else {"attribution": attribution(study.settings)}),
    }  # fmt: skip


def attribution(values: Mapping[str, Any]) -> dict[str, Any]:
    """Which mechanisms `thalweg effects` shares out (none named: all), and by which orders."""
    package = values["package"]
    return {"package": package.split("+") if package else None,
            "permutations": values["permutations"],
            "seed": values["permutation_seed"]}  # fmt: skip
