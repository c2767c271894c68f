"""Study files of `thalweg validate` and `thalweg calibrate`: borders and national backgrounds.

A border is a region with a background: rivalry as declared or drawn per history, joint bodies as
declared or none. Every mistake of a file is named at once, with the nearest valid key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.config_files import load_mapping, near
from experiments.exits import UsageError
from experiments.file_kinds import CALIBRATION, VALIDATION, instead, kind_of
from experiments.observe import BODIES, Task
from experiments.overrides import nearest
from experiments.shipped import config_folder
from experiments.study import Study, plan
from experiments.yaml_lines import at

CHOICES = {"rivalry": ("declared", "drawn"), "bodies": ("declared", "none")}
NUMBERS = {"years": (11, 200), "spinup_years": (0, 200), "tick_weeks": (0.25, 4),
           "first_seed": (0, 2**53)}  # fmt: skip
BORDER_KEYS = ("name", "region", "options", "rivalry", "bodies", "histories")
QUICK_KEYS = ("years", "histories")


class Border(NamedTuple):
    """A region and a background. ``study``: its settings, checked; ``region``: with background.

    ``stripped``: the joint bodies that the region declares were taken away.
    """

    name: str
    histories: int
    study: Study
    region: Any
    stripped: bool = False


class Plan(NamedTuple):
    """A study file, read and checked."""

    borders: tuple[Border, ...]
    first_seed: int
    years: int
    spinup_years: float

    @property
    def histories(self) -> int:
        """Histories of one root."""
        return sum(border.histories for border in self.borders)

    def tasks(
        self, root: int, parameters: Mapping[str, float] | None = None, only: int | None = None
    ) -> list[Task]:
        """Every history of a root: root 0, 1, 2 ... draw from seeds that do not meet.

        ``parameters`` replace those of the settings; ``only``: row of the one border to take.
        """
        most = max(border.histories for border in self.borders)
        first = self.first_seed + root * most
        found = []
        for border in self.borders if only is None else [self.borders[only]]:
            study = border.study._replace(region=border.region)
            if parameters is not None:
                study = study._replace(parameters={**study.parameters, **parameters})
            scenario = study.scenario(study.arms[0], first)
            found += [
                Task(border.name, scenario._replace(seed=first + k))
                for k in range(border.histories)
            ]
        return found


def study_file(name: str) -> Path:
    """A study file that comes with Thalweg, or one of the user's own."""
    own = Path(name)
    return own if own.suffix in {".yaml", ".yml"} else config_folder() / "study" / f"{name}.yaml"


def read_plan(
    content: Mapping[str, Any], where: str, words: Sequence[str], config_dir: str | None,
    quick: bool,
) -> Plan:  # fmt: skip
    """Check the content of a study file and settle every border. Raises UsageError."""
    mistakes = _faults(content, where)
    if mistakes:
        raise UsageError(mistakes)
    short = content.get("quick") or {} if quick else {}
    years = int(short.get("years", content["years"]))
    common = [f"years={years}", *(f"{key}={content[key]:g}" for key in NUMBERS if key in content
              and key not in {"years", "first_seed"})]  # fmt: skip
    common.append(f"mechanisms={content.get('mechanisms', 'none')}")
    borders = []
    for row, entry in enumerate(content["borders"]):
        options = [f"region.{key}={value}" for key, value in (entry.get("options") or {}).items()]
        chosen = [f"region={entry['region']}", *options, *common, *words]
        try:
            study = plan("run", chosen, None, config_dir)
        except UsageError as error:
            line = at(where, "borders", row)
            told = [f"{line}: border {entry['name']}: {text}" for text in error.messages]
            raise UsageError(told) from None
        histories = int(short.get("histories", entry["histories"]))
        region = background(study.region, entry)
        stripped = entry.get("bodies") == "none"
        borders.append(Border(entry["name"], histories, study, region, stripped))
    spinup = float(borders[0].study.settings["spinup_years"])
    return Plan(tuple(borders), int(content.get("first_seed", 1)), years, spinup)


def load_content(name: str) -> tuple[dict[str, Any], str]:
    """Content of a study file and how messages call it."""
    path = study_file(name)
    if not path.exists():
        raise UsageError(f"{name}: there is no such study file.{near(path)}")
    content, where = load_mapping(path)
    kind = kind_of(content)
    if kind not in {VALIDATION, CALIBRATION}:
        raise UsageError(f"{where}: {instead(kind, where)}")
    return content, where


def background(region: Any, entry: Mapping[str, Any]) -> Any:
    """The region with the rivalry and joint bodies that an entry asks for."""
    topology = region.topology
    pair, nation = topology.pair, topology.nation
    if entry.get("rivalry") == "drawn":
        pair = pair._replace(rivalry=np.full(pair.rivalry.shape, np.nan))
        nation = nation._replace(hawkishness=np.full(nation.hawkishness.shape, np.nan))
    if entry.get("bodies") == "none":
        pair = pair._replace(**{name: np.zeros_like(getattr(pair, name)) for name in BODIES})
    return region._replace(topology=topology._replace(pair=pair, nation=nation))


def _faults(content: Mapping[str, Any], where: str) -> list[str]:
    """What is wrong with a study file, one line each."""
    known = (*NUMBERS, "mechanisms", "borders", "quick")
    faults = [f"{at(where, key)}: unknown key '{key}'. {nearest(str(key), known)}"
              for key in content if key not in known]  # fmt: skip
    for key, (lo, hi) in NUMBERS.items():
        value = content.get(key, lo if key != "years" else None)
        if not isinstance(value, int | float) or isinstance(value, bool) or not lo <= value <= hi:
            line = at(where, key)
            faults.append(f"{line}: {key}: a number from {lo:g} to {hi:g} is needed.")
    borders = content.get("borders")
    if not isinstance(borders, list) or not borders:
        return [*faults, f"{at(where, 'borders')}: borders: a list of borders is needed."]
    for row, entry in enumerate(borders):
        faults += [f"{at(where, 'borders', row)}: border {row + 1}: {fault}"
                   for fault in _entry_faults(entry)]  # fmt: skip
    names = [entry.get("name") for entry in borders if isinstance(entry, dict)]
    if len({*map(str, names)}) < len(names):
        faults.append(f"{at(where, 'borders')}: borders: two borders have one name.")
    return faults + _quick_faults(content.get("quick"), where)


def _entry_faults(entry: Any) -> list[str]:
    if not isinstance(entry, dict):
        return ["a block of keys is needed."]
    faults = [f"unknown key '{key}'. {nearest(str(key), BORDER_KEYS)}"
              for key in entry if key not in BORDER_KEYS]  # fmt: skip
    faults += [f"{key}: a name is needed." for key in ("name", "region")
               if not isinstance(entry.get(key), str)]  # fmt: skip
    for key, allowed in CHOICES.items():
        if entry.get(key, allowed[0]) not in allowed:
            faults.append(f"{key}: one of {', '.join(allowed)} is needed.")
    return faults + _whole(entry.get("histories"), "histories")


def _quick_faults(quick: Any, where: str) -> list[str]:
    if quick is None:
        return []
    if not isinstance(quick, dict) or not {*quick} <= {*QUICK_KEYS}:
        return [f"{at(where, 'quick')}: quick: only {' and '.join(QUICK_KEYS)} stand there."]
    return [f"{at(where, 'quick', key)}: quick: {fault}"
            for key in quick for fault in _whole(quick[key], key)]  # fmt: skip


def _whole(value: Any, key: str) -> list[str]:
    good = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return [] if good else [f"{key}: a whole number above 0 is needed."]
