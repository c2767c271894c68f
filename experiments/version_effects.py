"""Do effects keep their sign under every model that passes as well? Run them and store the answer.

``python -m experiments.version_effects seeds=40 years=20 regions=fergana,upper_rhine`` (all three
words may be left out; by default all regions that are places) writes docs/versions.json: paired
differences, with 95 % intervals, of every mechanism alone, all together and all left to the towns
against none, under every prepared set of parameters that ships (``configs/parameters``): the fits
of ``thalweg calibrate``, rival structures among them, and doubtful assumptions set the other way.
docs/mechanisms.md is written from it, too: an effect that changes sign is unknown.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from experiments import console
from experiments.arm_lists import FULL, NEGOTIATED, NONE
from experiments.mechanism_document import PAGE, page
from experiments.mechanism_effects import FIRST_SEED, Numbers, against_none, asked, run_region
from experiments.shipped import parameter_sets, parameter_values
from experiments.version_document import STORE

SEEDS = 40


def arms() -> list[str]:
    """None, every mechanism alone, all together, all left to the towns."""
    from sim.mechanisms import NAMES

    return [NONE, *NAMES, FULL, NEGOTIATED]


def parameters_of(version: str) -> dict[str, float]:
    """Every parameter of a prepared set. Raises UsageError when there is none of that name."""
    from experiments.study import plan

    return plan("run", [f"parameters={version}"]).parameters


def measure(regions: Sequence[str], seeds: int, years: float) -> dict[str, Any]:
    """Everything that docs/versions.json holds."""
    from sim._jit import kernel_digest

    sets = {version: parameter_values(version) for version in parameter_sets()}
    effects: dict[str, dict[str, dict[str, Numbers]]] = {}
    for version in sets:
        chosen = parameters_of(version)
        effects[version] = {}
        for name in regions:
            console.say(f"{version}, {name}: {len(arms())} arms, {seeds} seeds of {years:g} years")
            runs = run_region(name, seeds, years, arms(), chosen)
            effects[version][name] = against_none(runs)
    head = {"kernel": kernel_digest()[:16], "seeds": seeds, "first_seed": FIRST_SEED}
    return {**head, "years": years, "regions": list(regions), "sets": sets, "effects": effects}


def as_text(found: dict[str, Any]) -> str:
    """The store: a line per version, region and mechanism, so that a diff can be read."""
    head = json.dumps({k: v for k, v in found.items() if k != "effects"}, ensure_ascii=False)[:-1]
    versions = []
    for version, regions in found["effects"].items():
        blocks = [
            f" {json.dumps(region)}: {{\n{_lines(arms)}}}" for region, arms in regions.items()
        ]
        joined = ",\n".join(blocks)
        versions.append(f"{json.dumps(version)}: {{\n{joined}}}")
    inner = ",\n".join(versions)
    return f'{head},\n"effects": {{\n{inner}}}}}\n'


def _lines(effects: dict[str, Numbers]) -> str:
    return ",\n".join(f"  {json.dumps(arm)}: {json.dumps(n)}" for arm, n in effects.items())


def main(words: Sequence[str]) -> int:
    """Run, store, and write the page."""
    STORE.write_text(as_text(measure(*asked(words, SEEDS))), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    console.say(f"{STORE.name} and {PAGE.name}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
