"""Region files: find them, read them, build them, and describe them for the study folder.

A region is a YAML file: one that comes with Thalweg (``fergana``) or one of the user's own
(``path/to/my.yaml``). What it may say stands in `sim.region`; beside ``NAME.yaml`` may lie
``NAME.borders.json`` (lines for the map) and the CSV file of a basin's ``record`` (columns month
and flow, whole years from January; it is scaled to mean 1). A file with ``generator: synthetic``
holds the settings of `sim.synthetic.synthetic_region` instead.
"""

from __future__ import annotations

import csv
import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from experiments.file_kinds import instead, no_region
from experiments.region_document import document_of
from experiments.region_yaml import Document, read_yaml
from experiments.shipped import config_folder, region_names
from sim.region import Region, RegionError, build_region
from sim.region_reader import nearest
from sim.synthetic import synthetic_region

GENERATOR_KEYS = ("generator", "name", "label", "about", "note", "money", "assumption", "source")
Lines = dict[tuple[str | int, ...], int]


class RegionFile(NamedTuple):
    """A region file that was read and built."""

    path: Path
    spec: dict[str, Any]
    region: Region


def region_path(region: str) -> Path:
    """The file of a region given by name or by path. Raises RegionError when there is none."""
    if region in region_names():
        return config_folder() / "region" / f"{region}.yaml"
    path = own_path(region)
    if path.suffix in (".yaml", ".yml"):
        if path.is_file():
            return path
        raise RegionError([f"region: there is no file {region}."])
    guess = nearest(region, region_names(), "regions")
    names = ", ".join(region_names())
    raise RegionError(
        [f"unknown region '{region}'. {guess} Known: {names}; or give the path of a .yaml file."]
    )


def own_path(text: str) -> Path:
    """The path of a user's own file; ``~`` is the home folder where there is one."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def open_region(region: str, settings: Mapping[str, Any] | None = None) -> RegionFile:
    """Read and build a region; ``settings`` replace those of a generated one.

    Raises RegionError with every mistake, each with file and line.
    """
    path = region_path(str(region))
    shown = _shown(path)
    document = read_yaml(path, shown)
    spec = document.value
    if other := no_region(spec):
        raise RegionError([f"{shown}: {instead(other, shown)}"])
    try:
        _check_name(spec.get("name"))
        built = _build(spec, path, dict(settings or {}))
    except RegionError as error:
        lines = [_line(where, document) for where in error.paths]
        order = sorted(range(len(lines)), key=lambda row: lines[row])
        places = [f"{shown}:{lines[row]}" if lines[row] else shown for row in order]
        told = [f"{p}: {error.messages[row]}" for p, row in zip(places, order, strict=True)]
        raise RegionError(told, [error.paths[row] for row in order]) from None
    return RegionFile(path, spec, built)


def portable(opened: RegionFile, settings: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Plain values from which `rebuilt` makes the same region on a machine without its files."""
    spec = opened.spec
    whole = spec if "generator" in spec else _with_records(spec, opened.path)
    return {"spec": whole, "settings": dict(settings or {})}


def rebuilt(kept: Mapping[str, Any]) -> Region:
    """The region of `portable`, read back from JSON. Raises RegionError."""
    if "generator" in kept["spec"]:
        return _generate(kept["spec"], kept["settings"])
    return build_region(kept["spec"])


def load_region(region: str, settings: Mapping[str, Any] | None = None) -> Region:
    """The region of a name or a path, as arrays. Raises RegionError."""
    return open_region(region, settings).region


def region_document(region: str, settings: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a report needs to name and draw a region: content of ``region.json``."""
    return document_of(*open_region(region, settings))


def _check_name(name: object) -> None:
    """Results are kept under the name of their region, so that it cannot hold a path."""
    if isinstance(name, str) and ("/" in name or name in {".", ".."}):
        text = f"the region's name '{name}' would be a path; leave out '/'."
        raise RegionError([text], [("name",)])


def _build(spec: dict[str, Any], path: Path, settings: dict[str, Any]) -> Region:
    """Arrays of a spec: generated, or built from its tables."""
    if "generator" in spec:
        return _generate(spec, settings)
    if settings:
        keys = ", ".join(sorted(settings))
        raise RegionError([f"{keys}: only a generated region (synthetic) has settings."])
    return build_region(_with_records(spec, path))


def _generate(spec: Mapping[str, Any], settings: Mapping[str, Any]) -> Region:
    """An invented region from the settings of its file, replaced by the caller's."""
    if spec["generator"] != "synthetic":
        text = f"unknown generator '{spec['generator']}'. Allowed: synthetic."
        raise RegionError([text], [("generator",)])
    known = tuple(inspect.signature(synthetic_region).parameters)
    chosen = {**{k: v for k, v in spec.items() if k not in GENERATOR_KEYS}, **settings}
    wrong = [key for key in chosen if key not in known]
    if wrong:
        messages = [f"unknown setting '{k}'. {nearest(k, known, 'settings')}" for k in wrong]
        raise RegionError(messages, [(key,) for key in wrong])
    region = synthetic_region(**chosen)
    return region._replace(name=str(spec.get("name", region.name)))


def _with_records(spec: dict[str, Any], path: Path) -> dict[str, Any]:
    """The spec with the CSV file of every basin's record replaced by its monthly flows."""
    if not isinstance(spec.get("basins"), list):
        return spec
    basins = list(spec["basins"])
    mistakes: dict[tuple[str | int, ...], str] = {}
    for row, basin in enumerate(basins):
        name = basin.get("record") if isinstance(basin, dict) else None
        if isinstance(name, str):
            flows = _flows(path.parent / name)
            basins[row] = {**basin, "record": flows}
            if isinstance(flows, str):
                place = ("basins", row, "record")
                mistakes[place] = f"basin {basin.get('name')}: record {name}: {flows}"
    if mistakes:
        raise RegionError(list(mistakes.values()), list(mistakes))
    return {**spec, "basins": basins}


def _flows(path: Path) -> list[float] | str:
    """Monthly flows of a CSV file (``#`` opens a comment), or in words why there are none."""
    if not path.is_file():
        return "there is no such file beside the region file."
    rows = [row for row in path.read_text(encoding="utf-8").splitlines() if row[:1] != "#"]
    reader = csv.DictReader(rows)
    if "flow" not in (reader.fieldnames or ()) or "month" not in (reader.fieldnames or ()):
        return "needs the columns 'month' and 'flow'."
    table = list(reader)
    for number, row in enumerate(table):
        month = str(row["month"])
        if month[5:7] != f"{number % 12 + 1:02d}":
            return f"month '{month}' is out of order (YYYY-MM, from January, none missing)."
    try:
        return [float(row["flow"]) for row in table]
    except (TypeError, ValueError):
        return "holds a flow that is not a number."


def _shown(path: Path) -> str:
    """A path as short as it can be told."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _line(where: tuple[str | int, ...], document: Document) -> int:
    """Line of the nearest known ancestor of a path; 0 when the whole file is meant."""
    for length in range(len(where), 0, -1):
        line = document.lines.get(where[:length])
        if line is not None:
            return line
    return 0
