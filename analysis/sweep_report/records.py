"""What the folder records of its runs: failures, sessions, versions, the command."""

from __future__ import annotations

from typing import Any

from analysis import words
from analysis.language import say
from analysis.sweep_study import Sweep

MOST_FAILURES = 20
LAST_LINES = 3  # of a traceback


def failure_rows(sweep: Sweep) -> list[dict[str, str]]:
    """The first failed runs with row, seed, inputs, error and the command that repeats them."""
    rows = []
    for one in sweep.failures.get("runs", [])[:MOST_FAILURES]:
        inputs = ", ".join(f"{key} {_number(v)}" for key, v in one.get("inputs", {}).items())
        status = say("status {code}", code=one.get("status"))
        error = str(one.get("error") or status).strip().splitlines()
        rows.append(
            {
                "row": f"{one.get('row')}",
                "arm": str(one.get("arm")),
                "seed": f"{one.get('seed')}",
                "inputs": inputs or str(one.get("region", "")),
                "error": "\n".join(error[-LAST_LINES:]),
                "again": f"thalweg replay DIR {one.get('row')}",
            }
        )
    return rows


def failed_by_arm(sweep: Sweep) -> str:
    """Failed runs per frame and arm: where they cluster, what is left is no fair sample."""
    parts = []
    for frame in sweep.frames:
        failed = (sweep.status[sweep.row[frame.case]] > 0).sum(axis=(0, 1))
        parts += [say("{frame}, {arm}: {number}", frame=frame.label, arm=arm.label,
                      number=words.plain(n, 0))
                  for arm, n in zip(sweep.arms, failed, strict=True) if n]  # fmt: skip
    shown = "; ".join(parts[:MOST_FAILURES])
    return shown + (" \u2026" if len(parts) > MOST_FAILURES else "")


def session_rows(sweep: Sweep) -> list[tuple[str, ...]]:
    """Every session that worked in the folder."""
    sessions = sweep.provenance.get("sessions") or [sweep.provenance]
    return [
        (
            str(s.get("started", "")), words.typed(s.get("wall_seconds", "")),
            f"{s.get('runs_made', '')}", f"{s.get('reused', '')}",
            say("{engine}, {jobs} jobs, {threads} threads", engine=s.get("engine", ""),
                jobs=s.get("jobs", ""), threads=s.get("threads", "")),
            str(s.get("platform", "")), _commit(s, 12),
            str(s.get("kernel_digest", ""))[:16],
        )
        for s in sessions if s
    ]  # fmt: skip


def provenance_rows(sweep: Sweep) -> list[tuple[str, str]]:
    """Identity, model, versions, as the folder states them."""
    p = sweep.provenance
    versions = ", ".join(f"{k} {v}" for k, v in (p.get("versions") or {}).items())
    rows = [
        (say("Study"), str(sweep.manifest.get("identity", ""))),
        (say("Model digest"), str(sweep.manifest.get("kernel_digest", ""))),
        (say("Commit"), _commit(p)),
        (say("Versions"), versions),
        ("Python", str(p.get("python", ""))),
        (say("Seed scheme"), str(p.get("seed_scheme", ""))),
        (say("Complete"), say("yes") if sweep.complete else say("no")),
    ]
    return [(name, value) for name, value in rows if value]


def command(sweep: Sweep) -> str:
    """The command that makes this sweep again."""
    stated = sweep.provenance.get("command_line")
    return str(stated) if stated else f"thalweg sweep {' '.join(sweep.overrides)}".strip()


def _commit(record: dict[str, Any], most: int | None = None) -> str:
    commit = str(record.get("commit") or "")[:most]
    return say("{commit} with changes", commit=commit) if record.get("dirty") else commit


def _number(value: Any) -> str:
    return words.numeral(f"{value:.6g}") if isinstance(value, float) else str(value)
