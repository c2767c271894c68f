"""A study: a region, arms and seeds, checked and ready to simulate, with its identity.

The identity is a hash of everything that can change a number: region, parameters, arms, horizon,
seeds, the lists of outcomes and series, and the digest of the compiled model. Paths, threads, chunk
length and times are not part of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from experiments.arms import Arm, arm_from_modes, arm_names, arm_of, check_use, idle
from experiments.compose import Settled, find, settle
from experiments.config_files import near
from experiments.exits import UsageError
from experiments.overrides import COMMAND_LINE, Assignment
from experiments.region_document import document_of
from experiments.regions import RegionFile, open_region, own_path, portable
from experiments.settings import COMPARING, SWEEP, Setting
from experiments.until_text import faults_of_until
from sim.region import RegionError

SCHEMA = 2
DYADS = re.compile(r"dyads of (\w+)")


class Study(NamedTuple):
    """What is to be simulated. ``parts``: the pieces of the identity, in words."""

    command: str
    region: Any  # sim.region.Region
    document: dict[str, Any]  # names, places and sources: the content of region.json
    arms: tuple[Arm, ...]
    first_seed: int
    seeds: int
    settings: dict[str, Any]  # composed and checked
    parameters: dict[str, float]  # by declared key
    parts: dict[str, Any]
    overrides: tuple[str, ...]
    notes: tuple[str, ...]
    source: dict[str, Any]  # the region as plain values: experiments.regions.portable
    region_path: Path  # the file that it was read from

    @property
    def identity(self) -> str:
        """64 hex digits."""
        return hashlib.sha256(json.dumps(self.parts, sort_keys=True).encode()).hexdigest()

    @property
    def folder(self) -> Path:
        """Where the results go."""
        if self.settings["out"] is not None:
            return Path(self.settings["out"])
        return Path("results") / f"{self.command}-{self.region.name}-{self.identity[:10]}"

    @property
    def runs(self) -> int:
        """Number of histories in all."""
        return len(self.arms) * self.seeds

    def scenario(self, arm: Arm, seed: int) -> Any:
        """The scenario of one run."""
        from sim.scenario import scenario

        return scenario(
            self.region,
            parameters=self.parameters,
            mechanisms=arm.mechanisms,
            negotiated=arm.negotiated,
            from_years=arm.from_years,
            dyads=arm.dyads,
            years=self.settings["years"],
            spinup_years=self.settings["spinup_years"],
            tick_weeks=self.settings["tick_weeks"],
            seed=seed,
        )


def plan(
    command: str, words: Sequence[str], config: str | None = None, config_dir: str | None = None
) -> Study:
    """Compose, check and plan. Raises UsageError with every mistake; writes nothing."""
    settled = settle(words, config, config_dir)
    return study_of(command, settled)


def study_of(command: str, settled: Settled) -> Study:
    """The study of composed settings. Raises UsageError with every mistake; writes nothing."""
    mistakes = list(settled.mistakes)
    if command == "run":
        names: list[str] = []
        mistakes += check_use(settled)
    else:
        names, faults = arm_names(settled, least=2 if command == "compare" else 1)
        mistakes += faults or idle(settled, names)
    if command != "sweep":
        mistakes += _for_others(command, settled, SWEEP, "sweep")
    if command == "run":
        mistakes += _for_others(command, settled, COMPARING, "compare and sweep")
    else:
        mistakes += faults_of_until(settled)
    mistakes += _late(settled)
    opened, faults = _region(settled)
    mistakes += faults
    if mistakes or opened is None:
        raise UsageError(mistakes)
    values = settled.values
    chosen = values["mechanisms"]
    arms = [arm_of(name, chosen) for name in names] or [arm_from_modes(chosen)]
    study = _study(command, opened, tuple(arms), settled)
    _check_scenarios(study, settled.given)
    return study


def load_scenario(*words: str, config: str | None = None, config_dir: str | None = None) -> Any:
    """The scenario of the settings that ``thalweg run`` takes; the door for a notebook.

    ``load_scenario("region=fergana", "mechanisms=full", "seed=7")``. Raises UsageError.
    """
    study = plan("run", words, config, config_dir)
    return study.scenario(study.arms[0], study.first_seed)


def region_digest(region: Any) -> str:
    """Hash of the names and arrays of a region: what its file says, free of comments and order."""
    digest = hashlib.sha256()

    def feed(value: Any) -> None:
        if isinstance(value, tuple):
            for item in value:
                feed(item)
        elif hasattr(value, "tobytes"):
            digest.update(f"{value.dtype.str}{value.shape}".encode())
            digest.update(value.tobytes())
        else:
            digest.update(repr(value).encode())
        digest.update(b";")

    feed(region)
    return digest.hexdigest()


def _study(command: str, opened: RegionFile, arms: tuple[Arm, ...], settled: Settled) -> Study:
    from sim.parameters import DECLARED

    values = settled.values

    parameters = {d.key: float(_leaf(values["parameters"], d.key)) for d in DECLARED}
    seeds = 1 if command == "run" else values["seeds"]
    study = Study(
        command, opened.region, document_of(*opened), arms, values["seed"], seeds, values,
        parameters, {}, tuple(a.text for a in settled.given),
        tuple(settled.notes), portable(opened, _options(settled)), opened.path,
    )  # fmt: skip
    return study._replace(parts=_parts(study))


def _parts(study: Study) -> dict[str, Any]:
    """Everything that can change a number."""
    from experiments.model_digest import model_digest
    from sim.outcomes import OUTCOMES
    from sim.record import SERIES

    values = study.settings
    return {
        "schema": SCHEMA,
        "command": study.command,
        "region": study.region.name,
        "region content": region_digest(study.region),
        "years": float(values["years"]),
        "spinup_years": float(values["spinup_years"]),
        "tick_weeks": float(values["tick_weeks"]),
        "arms": [arm.content for arm in study.arms],
        "seed": study.first_seed,
        "seeds": study.seeds,
        "parameters": study.parameters,
        "outcomes": list(OUTCOMES),
        "series": [series.key for series in SERIES],
        "model code": model_digest(),
    }


def _leaf(tree: dict[str, Any], key: str) -> Any:
    for part in key.split("."):
        tree = tree[part]
    return tree


def _region(settled: Settled) -> tuple[RegionFile | None, list[str]]:
    """The region, or what is wrong with it."""
    name = settled.values.get("region")
    if not isinstance(name, str) or any(m.startswith("region.") for m in settled.mistakes):
        return None, []
    given = settled.was_given("region")
    where = f"region ({given.where}): " if given is not None else "region: "
    path = Path(name)
    if path.suffix in {".yaml", ".yml"} and not own_path(name).is_file():
        return None, [f"{where}there is no file {name}.{near(own_path(name))}"]
    own = find(settled.folders[:-1], "region", name)
    source = str(own) if own is not None else name
    try:
        return open_region(source, _options(settled)), []
    except RegionError as error:
        known = own is not None or Path(source).is_file()
        return None, [m if known else where + m for m in _causes(error.messages)]


def _options(settled: Settled) -> dict[str, Any]:
    """Options of a generated region that are given."""
    return {k: v for k, v in settled.values["region_options"].items() if v is not None}


def _causes(messages: list[str]) -> list[str]:
    """Where an unquoted NO was read as false, only that: the other complaints follow from it."""
    read_wrong = [message for message in messages if "was read as" in message]
    return read_wrong or messages


def _for_others(
    command: str, settled: Settled, theirs: Sequence[Setting], whose: str
) -> list[str]:
    """Settings that only other commands take; in a file they may stand at their defaults."""
    own = {setting.key: setting.default for setting in theirs if setting.key != "about"}
    return [
        f"{a.key} ({a.where}): belongs to thalweg {whose}; thalweg {command} has no use for it."
        for a in settled.given
        if a.key in own and (a.where.startswith(COMMAND_LINE) or a.value != own[a.key])
    ]


def _late(settled: Settled) -> list[str]:
    """First years that lie after the end of the history."""
    years = settled.values.get("years")
    if not isinstance(years, int | float):
        return []
    return [
        f"{a.key} ({a.where}): year {a.value:g} is not before the end, year {years:g}; the "
        "mechanism would never begin."
        for a in settled.given
        if a.key.endswith(".from_year") and isinstance(a.value, int | float) and a.value >= years
    ]


def _check_scenarios(study: Study, given: Sequence[Assignment]) -> None:
    """Let the model itself look at one scenario per arm before anything is written."""
    from sim.scenario import ScenarioError

    for arm in study.arms:
        try:
            study.scenario(arm, study.first_seed)
        except ScenarioError as error:
            raise UsageError([_placed(text, given) for text in error.messages]) from None


def _placed(text: str, given: Sequence[Assignment]) -> str:
    """A message of the model about the dyads of a mechanism, with where they were given."""
    match = DYADS.match(text)
    key = f"mechanisms.{match[1]}.dyads" if match else ""
    place = next((a.where for a in reversed(given) if a.key == key), None)
    return text if match is None or place is None else f"{key} ({place}){text[match.end(1):]}"
