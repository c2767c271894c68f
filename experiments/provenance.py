"""Where results come from: versions, code, platform and times; nothing of the environment."""

from __future__ import annotations

import json
import platform
import shlex
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from experiments.model_digest import model_digest

PACKAGES = (
    "thalweg", "numpy", "numba", "llvmlite", "mesa", "pyarrow", "pandas", "plotly",
    "hydra-core", "omegaconf", "pydantic", "pyyaml", "rich", "jinja2", "SALib", "scipy",
)  # fmt: skip
SEED_SCHEME = "Philox4x32-10 keyed by (seed; purpose, entity, tick), version 1"


def provenance(
    threads: int | None, *, engine: str = "local", jobs: int = 1
) -> dict[str, Any]:
    """What was used, before the work begins; `ended` adds the end."""
    from sim._jit import kernel_digest

    commit, dirty = source_state()
    return {
        "versions": versions(),
        "python": platform.python_version(),
        "commit": commit,
        "dirty": dirty,
        "kernel_digest": kernel_digest(),
        "model_digest": model_digest(),
        "seed_scheme": SEED_SCHEME,
        "platform": f"{platform.system()} {platform.release()} {platform.machine()}",
        "threads": threads if threads is not None else thread_count(),
        "engine": engine,
        "jobs": jobs,
        "started": now(),
        "command_line": shlex.join(["thalweg", *sys.argv[1:]]),
    }


def with_session(folder: Path, record: dict[str, Any]) -> dict[str, Any]:
    """The record, and beside it every session that has worked in a folder, this one last."""
    try:
        old = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
        sessions = list(old.get("sessions", []))
    except (OSError, ValueError, AttributeError):
        sessions = []
    sessions = [one for one in sessions if one.get("started") != record["started"]]
    return {**record, "sessions": [*sessions, record]}


def ended(record: dict[str, Any]) -> dict[str, Any]:
    """The record with the time of its end."""
    begun = datetime.fromisoformat(record["started"])
    finished = datetime.fromisoformat(now())
    seconds = round((finished - begun).total_seconds(), 1)
    return {**record, "ended": finished.isoformat(), "wall_seconds": seconds}


def versions() -> dict[str, str]:
    """Versions of the packages that results depend on; packages that are missing are left out."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def thread_count() -> int:
    """Cores that this process may use."""
    import os

    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def source_state() -> tuple[str | None, bool | None]:
    """(commit, whether files differ from it) of the source tree; (None, None) without one."""
    tree = Path(__file__).resolve().parent.parent
    if not (tree / ".git").exists():
        return None, None
    commit = _git(tree, "rev-parse", "HEAD")
    changed = _git(tree, "status", "--porcelain")
    return commit or None, None if changed is None else bool(changed)


def age_of(kernel: str, *, speed: bool = False) -> str:
    """Words on numbers that a compiled model made; ``kernel``: its digest, or how it begins.

    ``speed``: they are times, which an edit may move that moves no result.
    """
    from sim._jit import kernel_digest

    if kernel_digest().startswith(kernel):
        return "this one"
    if gives_the_same(kernel):
        return f"an earlier one with equal results{', other times perhaps' if speed else ''}"
    return "an older one: numbers may have moved since"


def gives_the_same(kernel: str) -> bool:
    """True of this compiled model, and of earlier ones whose results are equal in every bit."""
    from experiments.same_bits import equal_models
    from sim._jit import kernel_digest

    present = kernel_digest()
    return any(one.startswith(kernel) for one in (present, *equal_models(present)))


def found_before(store: Path, campaign: Mapping[str, Any]) -> dict[str, Any]:
    """What a store holds of this very campaign (``found``), made by a model of equal results."""
    if not store.is_file():
        return {}
    held = json.loads(store.read_text(encoding="utf-8"))
    asked = json.loads(json.dumps(campaign))
    same = all(held.get(key) == asked[key] for key in asked if key != "kernel")
    found: dict[str, Any] = held["found"] if same and gives_the_same(held["kernel"]) else {}
    return found


def cache_is_warm() -> bool:
    """True when machine code of this version of the model lies in the cache."""
    from sim._jit import cache_folder

    return next(cache_folder().rglob("simulate.run-*.nbi"), None) is not None


def now() -> str:
    """The time in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _git(tree: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 (fixed words, no shell)
            ["git", "-C", str(tree), *words],  # noqa: S607 (the user's own git)
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
