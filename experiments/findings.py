"""Run the campaign behind docs/findings.md: every mechanism, every real region, every model.

``python -m experiments.findings seeds=100 years=20 regions=fergana,upper_rhine`` (all three words
may be left out; by default all regions that are places) runs, under the default numbers and under
every prepared set that ships (the fits of ``thalweg calibrate``, doubtful assumptions set the other
way): none, each mechanism alone, the full package, that less each mechanism, and all left to the
towns. docs/findings.json keeps, by model and region, both comparisons of docs/mechanisms.json
(``effects``: against none; ``within``: the full package against it less one) and ``events``, the
histories of every arm that hold a crisis over the resource. docs/findings.md is written from it.

Every model has seeds of its own, so that two models that say the same do not say it for having had
the same luck. The store is written after every model; the same command goes on where it stopped,
and a store of another campaign, a model with other results or other sets is begun anew.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from experiments import console
from experiments.findings_document import PAGE, STORE, page
from experiments.findings_grades import DEFAULT, counted
from experiments.mechanism_effects import arms, asked, compared, run_region
from experiments.provenance import found_before
from experiments.regions import load_region
from experiments.shipped import parameter_sets, parameter_values
from experiments.version_effects import parameters_of

SEEDS = 100
APART = 100_000  # between the first seeds of two models


def declared(regions: Sequence[str], seeds: int, years: float) -> dict[str, Any]:
    """The campaign: everything that can change a number of it."""
    from sim._jit import kernel_digest

    versions = (DEFAULT, *parameter_sets())
    return {
        "kernel": kernel_digest()[:16],
        "seeds": seeds,
        "years": years,
        "regions": {name: load_region(name).label for name in regions},
        "models": {
            name: {"first_seed": 1 + APART * place,
                   "sets": {} if name == DEFAULT else parameter_values(name)}
            for place, name in enumerate(versions)
        },
    }  # fmt: skip


def measure(campaign: Mapping[str, Any], model: str) -> dict[str, Any]:
    """What one model says, by region."""
    parameters = None if model == DEFAULT else parameters_of(model)
    first = campaign["models"][model]["first_seed"]
    said = {}
    for region in campaign["regions"]:
        console.say(f"{model}, {region}: {len(arms())} arms, {campaign['seeds']} seeds")
        runs = run_region(region, campaign["seeds"], campaign["years"], arms(), parameters, first)
        events = {
            arm: {key: int((kept[key] > 0).sum()) for key in counted()}
            for arm, kept in runs.items()
        }
        said[region] = {**compared(runs), "events": events}
    return said


def as_text(campaign: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """The store: a line per model, region, comparison and arm, so that a diff can be read."""
    opening = json.dumps(campaign, ensure_ascii=False)[:-1]
    return f'{opening},\n"found": {_nested(found, 4)}}}\n'


def _nested(content: Any, depth: int) -> str:
    """Objects down to a depth with one entry a line; what lies deeper on one line."""
    if depth == 0 or not isinstance(content, dict):
        return json.dumps(content)
    entries = [f"{json.dumps(key)}: {_nested(value, depth - 1)}" for key, value in content.items()]
    return "{\n" + ",\n".join(entries) + "}"


def main(words: Sequence[str]) -> int:
    """Run what is missing, store it, and write the page."""
    campaign = declared(*asked(words, SEEDS))
    found = found_before(STORE, campaign)
    for model in campaign["models"]:
        if model not in found:
            found[model] = measure(campaign, model)
            STORE.write_text(as_text(campaign, found), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    console.say(f"{STORE.name} and {PAGE.name}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
