"""On what a benchmark ran: machine, memory, versions, compiled model and date."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.benchmark_document import PACKAGES
from experiments.provenance import now, thread_count, versions
from sim._jit import kernel_digest


def made(load: Sequence[float]) -> dict[str, Any]:
    """Everything that a reader needs to judge the numbers. ``load``: before and during."""
    held = versions()
    return {
        "date": now()[:10], "machine": _processor(), "cores": thread_count(),
        "memory_gib": round(_memory_bytes() / 2**30, 1), "system": platform.system(),
        "load": [round(value, 2) for value in load], "python": platform.python_version(),
        "versions": {name: held[name] for name in PACKAGES if name in held},
        "kernel": kernel_digest()[:16],
    }  # fmt: skip


def _processor() -> str:
    """The processor as it names itself, else its architecture."""
    listed = Path("/proc/cpuinfo")
    lines = listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{named[0]} ({platform.machine()})" if named and named[0] else platform.machine()


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
