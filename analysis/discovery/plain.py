"""The answer as plain values for ``--json``, and as tidy tables for notebooks and files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.crossed import Estimate
from analysis.discovery.answer import Answer, Condition, Limit
from analysis.discovery.choice import Step
from analysis.discovery.peel import Box
from analysis.discovery.told import question_words
from analysis.sweep_study import Factor


def document(answers: Sequence[Answer]) -> dict[str, Any]:
    """All frames as plain values; what is not defined is null."""
    return {"frames": [_frame(answer) for answer in answers]}


def tables(answers: Sequence[Answer]) -> dict[str, pd.DataFrame]:
    """Tidy tables: ``points``, ``boxes`` (the curves), ``limits`` and ``leaves``."""
    rows: dict[str, list[dict[str, Any]]] = {"points": [], "boxes": [], "limits": [], "leaves": []}
    for answer in answers:
        frame = {"frame": answer.frame.label}
        rows["points"] += [
            {**frame, "point": int(point), "score": float(score), "case": bool(label),
             "seeds": int(seeds)}
            for point, score, label, seeds in zip(
                answer.cases.used, answer.cases.score, answer.cases.label,
                (~np.isnan(answer.cases.values)).sum(axis=1), strict=True,
            )
        ]  # fmt: skip
        for place, condition in enumerate(answer.conditions, 1):
            own = {**frame, "search": place}
            rows["boxes"] += [
                {**own, "box": i, "taken": i == condition.curve.taken, **_numbers(step)}
                for i, step in enumerate(condition.curve.steps)
            ]
            rows["limits"] += [{**own, **_limit(limit)} for limit in condition.limits]
        for leaf in answer.tree.leaves if answer.tree else ():
            rows["leaves"].append({**frame, **_numbers(leaf)})
    return {name: pd.DataFrame(found) for name, found in rows.items()}


def number(value: float) -> float | None:
    """A number of JSON; null where it is not defined."""
    return float(value) if math.isfinite(value) else None


def estimate(found: Estimate) -> dict[str, Any]:
    """A number with its 95 % interval and n."""
    return {"n": found.n, "value": number(found.mean), "lo": number(found.lo),
            "hi": number(found.hi)}  # fmt: skip


def _frame(answer: Answer) -> dict[str, Any]:
    q, cases, noise = answer.question, answer.cases, answer.cases.noise
    return {
        "frame": answer.frame.label,
        "region": answer.frame.name,
        "years": answer.frame.years,
        "question": {
            "text": question_words(answer), "when": q.when, "outcome": q.outcome.key,
            "arm": q.arm.name, "reference": q.reference.name if q.compares else None,
            "threshold": None if q.compares else q.threshold,
        },
        "points": len(cases.label),
        "seeds": answer.seeds,
        "cases": int(cases.label.sum()),
        "tied": cases.tied,
        "left_out": answer.points - len(cases.label),
        "planned_runs": answer.runs.planned,
        "runs_there": answer.runs.there,
        "whole_points": answer.runs.whole,
        "failed": int(answer.runs.failed.sum()),
        "noise": {
            "splits": noise.splits, "agreement": number(noise.agreement),
            "agreement_by_chance": number(noise.by_chance), "kappa": estimate(noise.kappa),
            "reliability": estimate(noise.reliability),
        },
        "verdict": answer.verdict,
        "reason": answer.reason,
        "refused": bool(answer.refusal),
        "density_that_would_have_been_seen": number(answer.bar),
        "searches": [_condition(answer.settings, one) for one in answer.conditions],
        "tree": None if answer.tree is None else {
            "explained": number(answer.tree.explained),
            "leaves": [_step(answer.settings, leaf) for leaf in answer.tree.leaves],
        },
    }  # fmt: skip


def _condition(settings: tuple[Factor, ...], found: Condition) -> dict[str, Any]:
    return {
        "verdict": found.verdict,
        "reason": found.reason,
        "points": found.points,
        "cases": found.cases,
        "box": _step(settings, found.curve.chosen),
        "box_is_searched": True,
        "runs": found.runs,
        "limits": [_limit(limit) for limit in found.limits],
        "p": found.chance.p,
        "shuffled_tables": found.chance.tables,
        "resamples": len(found.resamples.boxes),
        "not_searched": {
            name: estimate(one) for name, one in found.resamples.held._asdict().items()
        },
        "halves": len(found.halves.boxes),
        "density_under_other_seeds": number(found.halves.density),
        "share_under_other_seeds": number(found.halves.base),
        "halves_that_hold": number(found.halves.ahead),
        "not_searched_points_and_seeds": {
            "splits": found.splits.number,
            "found": found.splits.found,
            "score_inside_less_outside": estimate(found.splits.apart),
        },
        "taken": found.curve.taken,
        "curve": [_step(settings, step) for step in found.curve.steps],
    }


def _numbers(step: Step) -> dict[str, Any]:
    return {
        "limits": step.box.limits, "points": step.points, "cases": step.cases,
        "coverage": number(step.coverage), "density": number(step.density), "worth": step.worth,
    }  # fmt: skip


def _step(settings: tuple[Factor, ...], step: Step) -> dict[str, Any]:
    return {**_numbers(step), "restrictions": _box(settings, step.box)}


def _box(settings: tuple[Factor, ...], box: Box) -> list[dict[str, Any]]:
    return [
        {"key": factor.key, "label": factor.label, "unit": factor.unit,
         "lo": number(box.lo[k]), "hi": number(box.hi[k])}
        for k, factor in enumerate(settings)
        if box.restricted[k]
    ]  # fmt: skip


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "key": limit.factor.key, "label": limit.factor.label, "unit": limit.factor.unit,
        "end": "upper" if limit.upper else "lower", "at": limit.at,
        "found_again": number(limit.again.share), "lo": number(limit.again.lo),
        "hi": number(limit.again.hi), "found_in_halves": number(limit.luck),
        "quasi_p": limit.quasi_p, "stable": limit.stable,
    }  # fmt: skip
