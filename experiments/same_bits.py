"""Does an edit of the model leave every bit as it was? Compare with an older checkout, keep it.

``python -m experiments.same_bits OLD_CHECKOUT seeds=20 years=20`` runs the same histories in the
older checkout and in this tree, every region that comes with Thalweg with no, all, negotiated
mechanisms and under raised rates, and compares their hashes. When all are equal the pair of digests
of the compiled models goes into docs/same_bits.json with what was compared; a measured page that
the older model made then says so (`experiments.provenance.age_of`). Where one differs nothing is
written, and the command ends with 1. Speed is no bit: figures of speed stay those of the older one.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from experiments import bits_of_model, console

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "docs" / "same_bits.json"
SEEDS, YEARS = 20, 20.0


def compare(checkout: Path, seeds: int, years: float, record: Path = RECORD) -> int:
    """Compare, say what differs, keep the pair when nothing does; returns the exit code."""
    from experiments.shipped import region_names

    regions = list(region_names())
    old, new = (simulated(tree, regions, seeds, years) for tree in (checkout, ROOT))
    off = [name for name, digest in new["digests"].items() if old["digests"].get(name) != digest]
    runs = len(new["digests"]) * seeds
    head = f"{old['kernel'][:16]} -> {new['kernel'][:16]}: {runs} histories of {years:g} years"
    if off:
        console.say(f"{head}; not equal: {'; '.join(off)}")
        return 1
    console.say(f"{head}, all equal in every bit")
    keep(entry_of(old, new, regions, seeds, years), record)
    return 0


def simulated(tree: Path, regions: list[str], seeds: int, years: float) -> dict[str, Any]:
    """What the model of a checkout gives. Raises CalledProcessError."""
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    words = [",".join(regions), str(seeds), str(years)]
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-P", bits_of_model.__file__, *words],
        cwd=tree, env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def entry_of(
    old: dict[str, Any], new: dict[str, Any], regions: list[str], seeds: int, years: float
) -> dict[str, Any]:
    """One line of the record: the two models and what was compared."""
    whole = hashlib.sha256(json.dumps(new["digests"], sort_keys=True).encode())
    return {
        "old": old["kernel"], "new": new["kernel"], "regions": regions,
        "arms": list(bits_of_model.ARMS), "seeds": seeds, "years": years,
        "runs": seeds * len(new["digests"]), "digest": whole.hexdigest(),
        "compared": "event log, series, peaks, outcomes", **new["versions"],
    }  # fmt: skip


def keep(entry: dict[str, Any], record: Path) -> None:
    """Add a pair to the record; the same pair is replaced."""
    pairs = [one for one in read(record)
             if (one["old"], one["new"]) != (entry["old"], entry["new"])]  # fmt: skip
    text = json.dumps({"pairs": [*pairs, entry]}, indent=1)
    record.write_text(text + "\n", encoding="utf-8")


def read(record: Path) -> list[dict[str, Any]]:
    """Pairs of models that were shown to be equal; none where there is no record."""
    try:
        pairs: list[dict[str, Any]] = json.loads(record.read_text(encoding="utf-8"))["pairs"]
    except FileNotFoundError:
        return []
    return pairs


@cache
def equal_models(present: str, record: Path = RECORD) -> frozenset[str]:
    """Digests of earlier models whose results are those of the present one, step by step."""
    pairs = read(record)
    found = {present}
    while more := {one["old"] for one in pairs if one["new"] in found} - found:
        found |= more
    return frozenset(found - {present})


def main(words: list[str]) -> int:
    """``OLD_CHECKOUT [seeds=N] [years=X]``."""
    options = dict(word.split("=", 1) for word in words[1:])
    if not words or options.keys() - {"seeds", "years"} or not (Path(words[0]) / "sim").is_dir():
        console.say("usage: python -m experiments.same_bits OLD_CHECKOUT [seeds=20] [years=20]")
        return 2
    seeds, years = int(options.get("seeds", SEEDS)), float(options.get("years", YEARS))
    return compare(Path(words[0]).resolve(), seeds, years)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
