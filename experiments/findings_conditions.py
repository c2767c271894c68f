"""Run the second part of docs/findings.md: under which conditions, region by region.

``python -m experiments.findings_conditions points=200 seeds=16 years=20 regions=fergana`` (all four
words may be left out; by default all regions that are places) sweeps a Latin hypercube over what
two shipped studies vary, the doubtful assumptions of ``study=doubts`` and the severity of droughts
of ``study=droughts``, under the default numbers of everything else, with the arms none and full and
the single mechanisms that help and backfire most there by docs/findings.json. The sweep of a region
lies in results/conditions/REGION and goes on where it stopped, as any.

Each region is then asked (`analysis.discovery.records`) under which conditions a crisis over the
resource comes without any mechanism, and under which the full package fails to make it rarer or
makes an outcome worse; under which the mechanism that helps most does not, by what it helps, and
the one that backfires most does, by what it harms. A point is a case of a crisis where its share of
histories with one is among the highest: at least T, the share that as nearly as can be a third of
the points reach.

docs/findings_conditions.json keeps, by region, every question with its records, or the reason why
there is none; it is written after every region, and the same command goes on where it stopped. A
store of another campaign, of a model with other results or of other ranges is begun anew.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments import console
from experiments.arms import FULL, NONE
from experiments.exits import OK, SOME_RUNS_FAILED, StoppedError
from experiments.findings_document import CONDITIONS, PAGE, STORE, page
from experiments.findings_grades import BACKFIRES, COUNTED, HELPS, findings
from experiments.findings_summary import strongest
from experiments.findings_words import judged
from experiments.mechanism_document import EFFECTS
from experiments.mechanism_effects import asked
from experiments.provenance import found_before
from experiments.regions import load_region
from experiments.shipped import config_folder

POINTS, SEEDS = 200, 16
SOCIAL, PHYSICAL = "doubts", "droughts"  # studies that ship
FOLDER = Path("results") / "conditions"
CASES = 1 / 3  # of the points, of a crisis: conditions are about what stands out


def ranges() -> dict[str, str]:
    """What is swept, in the grammar of sweeps, by key: ranges as two shipped studies have them."""
    social, physical = (_parameters(name) for name in (SOCIAL, PHYSICAL))
    ends = {key: f"interval({min(values):g},{max(values):g})" for key, values in physical.items()}
    return {**social, **ends}


def _parameters(study: str) -> dict[str, Any]:
    import yaml

    text = (config_folder() / "study" / f"{study}.yaml").read_text(encoding="utf-8")
    return {f"parameters.{group}.{key}": value
            for group, held in yaml.safe_load(text)["parameters"].items()
            for key, value in held.items()}  # fmt: skip


def declared(regions: Sequence[str], points: int, seeds: int, years: float) -> dict[str, Any]:
    """The campaign: everything that can change a number of it."""
    from sim._jit import kernel_digest

    return {
        "kernel": kernel_digest()[:16], "points": points, "seeds": seeds, "years": years,
        "ranges": ranges(), "regions": {name: load_region(name).label for name in regions},
        "asked": {name: list(map(list, singled_out(name))) for name in regions},
    }  # fmt: skip


def singled_out(region: str) -> Iterator[tuple[str, str, str]]:
    """Arm, outcome and what makes a case, of the mechanisms that help and backfire most alone."""
    from analysis.discovery.question import FAILS, WORSE

    stored = json.loads(STORE.read_text(encoding="utf-8")) if STORE.is_file() else {"regions": {}}
    if region not in stored["regions"]:
        return
    alone = [f for f in findings(stored, judged())
             if (f.region, f.comparison) == (region, EFFECTS)]  # fmt: skip
    for verdict, when in ((HELPS, FAILS), (BACKFIRES, WORSE)):
        one = strongest(alone, verdict)
        if one is not None:
            yield one.arm, one.outcome, when


def arms_of(campaign: Mapping[str, Any], region: str) -> list[str]:
    """The arms of the sweep of a region."""
    return list(dict.fromkeys([NONE, FULL, *(arm for arm, _, _ in campaign["asked"][region])]))


def swept(campaign: Mapping[str, Any], region: str) -> Path:
    """Run what is missing of the sweep of one region; its folder. Raises StoppedError."""
    from experiments.main import main as thalweg

    folder = FOLDER / region
    words = [f"{key}={value}" for key, value in campaign["ranges"].items()]
    words += [f"{key}={campaign[key]}" for key in ("seeds", "years")]
    words += [f"n={campaign['points']}", "method=latin", f"region={region}"]
    words += [f"arms=[{','.join(arms_of(campaign, region))}]",
              f"outcomes=[{','.join(judged())}]", f"out={folder}"]  # fmt: skip
    code = thalweg(["sweep", "--replace", "--yes", *words])
    if code not in {OK, SOME_RUNS_FAILED}:
        raise StoppedError(f"the sweep of {region} ended with {code}")
    return folder


def questions(campaign: Mapping[str, Any], region: str) -> Iterator[tuple[str, str, str]]:
    """Outcome, arm, and what makes a case."""
    from analysis.discovery.question import CRISIS, FAILS, WORSE

    yield COUNTED, NONE, CRISIS
    yield COUNTED, FULL, FAILS
    yield from ((outcome, FULL, WORSE) for outcome in judged())
    yield from ((outcome, arm, when) for arm, outcome, when in campaign["asked"][region])


def answered(
    folder: Path, asked_of_it: Iterable[tuple[str, str, str]]
) -> dict[str, Any]:
    """What the sweep of one region says to every question: outcome, arm, and what makes a case."""
    from analysis.discovery.question import CRISIS
    from analysis.discovery.records import conditions
    from analysis.sweeps import load_sweep

    sweep = load_sweep(folder)
    crises = sweep.values([COUNTED])[COUNTED][0][:, :, 0]
    said = []
    for outcome, arm, when in asked_of_it:
        alone = when == CRISIS
        threshold = highest_third(crises) if alone else None
        found = conditions(sweep, outcome, arm, None if alone else NONE, when=when,
                           threshold=threshold)[0]  # fmt: skip
        said.append({"outcome": outcome, "arm": arm, "when": when, "threshold": threshold,
                     "question": found.question, "records": found.records,
                     "reason": found.reason})  # fmt: skip
    counts = sweep.counts
    factors = [{"key": f.key, "label": f.label, "unit": f.unit, "lo": f.lo, "hi": f.hi}
               for f in sweep.sampled]  # fmt: skip
    return {"runs": counts.launched, "failed": counts.failed, "factors": factors,
            "crises": int(np.nansum(crises > 0)), "questions": said}  # fmt: skip


def highest_third(crises: np.ndarray) -> float:
    """The share of histories with a crisis that nearest to a third of points [seed] reach."""
    share = np.nanmean(crises, axis=1)
    seeds = crises.shape[1]
    steps = np.arange(1, seeds + 1) / seeds
    apart = [abs((share >= step - 1e-12).mean() - CASES) for step in steps]
    return float(steps[int(np.argmin(apart))])


def main(words: Sequence[str]) -> int:
    """Run what is missing, ask, store it, and write the page."""
    regions, seeds, years = asked(words, SEEDS)
    given = dict(word.split("=", 1) for word in words)
    campaign = declared(regions, int(given.get("points", POINTS)), seeds, years)
    found = found_before(CONDITIONS, campaign)
    for region in campaign["regions"]:
        if region not in found:
            folder = swept(campaign, region)
            found[region] = answered(folder, questions(campaign, region))
            text = json.dumps({**campaign, "found": found}, ensure_ascii=False, indent=1)
            CONDITIONS.write_text(text + "\n", encoding="utf-8")
            console.say(f"{region}: asked")
    PAGE.write_text(page(), encoding="utf-8")
    console.say(f"{CONDITIONS.name} and {PAGE.name}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
