"""The papers beside the numbers: declarations, config, overrides, manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from experiments.store import Chunk, write_json, write_text
from experiments.study import SCHEMA, Study

NOT_KEPT = ("out", "threads")  # say where and how, not what


def write_papers(study: Study, folder: Path) -> None:
    """Write region, declarations, config and overrides into a folder of results."""
    write_json(folder / "region.json", study.document)
    write_json(folder / "declarations.json", declarations(study))
    write_text(folder / "config.yaml", config_text(study))
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
    kept = {key: value for key, value in study.settings.items() if key not in NOT_KEPT}
    kept["arms"] = [arm.name for arm in study.arms]
    if study.command == "run":
        kept.pop("arms")
    body = yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, default_flow_style=None)
    return f"# thalweg {study.command} --config config.yaml\n{body}"


def manifest(study: Study, chunks: list[Chunk], chunk_length: int) -> dict[str, Any]:
    """The manifest of a study before its first run."""
    return {
        "schema": SCHEMA,
        "command": study.command,
        "region": study.region.name,
        "identity": study.identity,
        "identity_parts": study.parts,
        "kernel_digest": study.parts["model code"],
        "arms": [
            {"name": a.name, "label": a.label, "mechanisms": a.mechanisms,
             "negotiated": a.negotiated, "from_years": a.from_years, "dyads": a.dyads}
            for a in study.arms
        ],
        "seeds": {"first": study.first_seed, "count": study.seeds},
        "years": float(study.settings["years"]),
        "spinup_years": float(study.settings["spinup_years"]),
        "tick_weeks": float(study.settings["tick_weeks"]),
        "chunk": chunk_length,
        "chunks": [chunk._asdict() for chunk in chunks],
        "runs": {"launched": study.runs, "ok": 0, "failed": 0, "aborted": study.runs},
        "complete": False,
    }  # fmt: skip
