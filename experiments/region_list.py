"""``thalweg regions``: every region with what it is, where it comes from and what it shows.

Listed are the regions that come with Thalweg, those of ``--config-dir DIR`` (in ``DIR/region``),
and region files in the current folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments import console
from experiments.config_files import shown_path
from experiments.exits import OK, UsageError
from experiments.region_document import NOTE
from experiments.regions import open_region
from experiments.shipped import config_folder
from sim.region import RegionError
from sim.topology import RESOURCE_KINDS

PACKAGED = "Thalweg"
STATEMENT = (
    f"{NOTE} Names of real places are names only.",
    "Towns of real regions: GeoNames, CC BY 4.0.",
)


def list_regions(config_dir: str | None, as_json: bool) -> int:
    """Print the regions; raises UsageError when the user's folder does not exist."""
    found = [_entry(name, path, origin) for name, path, origin in _files(config_dir)]
    if as_json:
        console.say(json.dumps({"note": NOTE, "regions": found}, indent=1, ensure_ascii=False))
        return OK
    rows = [("region", "resources", "nations", "towns", "what it shows"), *map(_cells, found)]
    width = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        console.say("  ".join([*(row[c].ljust(width[c]) for c in range(4)), row[4]]))
    console.say(
        "",
        *STATEMENT,
        "Use one:       thalweg compare region=NAME",
        "Make your own: thalweg regions build --help",
    )
    return OK


def _cells(entry: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    """One line of the list."""
    origin = "" if entry["from"] == PACKAGED else f" [from {entry['from']}]"
    nations, resources = " ".join(entry["nations"]), "+".join(entry["resources"])
    return entry["region"], resources, nations, str(entry["towns"]), entry["shows"] + origin


def _files(config_dir: str | None) -> list[tuple[str, Path, str]]:
    """Word for ``region=``, file and origin of every region file."""
    found = [(p.stem, p, PACKAGED) for p in sorted((config_folder() / "region").glob("*.yaml"))]
    if config_dir is not None:
        own = Path(config_dir)
        if not own.is_dir():
            raise UsageError(f"--config-dir {config_dir}: no such folder.")
        mine = sorted((own / "region").glob("*.yaml"))
        hidden = {path.stem for path in mine}
        found = [entry for entry in found if entry[0] not in hidden]
        found += [(path.stem, path, shown_path(own)) for path in mine]
    here = [path for path in sorted(Path().glob("*.yaml")) if _is_region(path)]
    return found + [(f"./{path.name}", path, "this folder") for path in here]


def _is_region(path: Path) -> bool:
    """True for a file that declares municipalities and nations at its left edge."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    return {"nations:", "municipalities:"} <= {line.rstrip() for line in lines}


def _entry(name: str, path: Path, origin: str) -> dict[str, Any]:
    """One region in words; a file with a mistake is listed with its first one."""
    entry = {"region": name, "file": shown_path(path) if origin != PACKAGED else path.name,
             "from": origin, "nations": [], "towns": 0, "resources": [], "shows": ""}  # fmt: skip
    try:
        _, spec, region = open_region(str(path))
    except RegionError as error:
        return {**entry, "shows": f"cannot be used: {error.messages[0]}"}
    kinds = sorted({int(kind) for kind in region.topology.unit.kind})
    return {
        **entry,
        "label": region.label,
        "nations": list(region.nation_names),
        "towns": len(region.municipality_names),
        "resources": [RESOURCE_KINDS[kind] for kind in kinds],
        "shows": _first_comment(path) or " ".join(str(spec.get("about", region.label)).split()),
        "note": str(spec.get("note", NOTE)),
    }


def _first_comment(path: Path) -> str:
    """The sentence with which a region file opens."""
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    return first[1:].strip() if first.startswith("#") else ""
