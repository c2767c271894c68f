"""``thalweg regions``: list them, build one, draw the border lines of one."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from experiments import console
from experiments.exits import OK, UsageError

PARTS = ("build", "borders")


def regions(arguments: argparse.Namespace) -> int:
    """Carry out what the first word asks for."""
    words = list(arguments.words)
    if not words:
        from experiments.region_list import list_regions

        return list_regions(arguments.config_dir, arguments.json)
    if words[0] not in PARTS:
        from sim.region_reader import nearest

        hint = nearest(words[0], PARTS) if "=" not in words[0] else f"Write: build {words[0]} ..."
        raise UsageError(f"'{words[0]}': no part of this command. {hint}")
    if words[0] == "build":
        from experiments.region_build import build

        return build(words[1:], arguments.replace)
    return _borders(words[1:], arguments.replace)


def _borders(words: Sequence[str], replace: bool) -> int:
    """Write ``NAME.borders.json`` beside a region file, from countries in TopoJSON."""
    from experiments.region_borders import as_text, box_around, lines_within
    from experiments.regions import open_region
    from experiments.store import write_text
    from sim.region import RegionError

    given = dict(word.split("=", 1) for word in words if "=" in word)
    if set(given) != {"region", "map"} or len(given) != len(words):
        raise UsageError(
            "borders needs two settings: region=my_border.yaml map=countries-10m.json (the npm "
            "package world-atlas)."
        )
    try:
        file = open_region(given["region"])
    except RegionError as error:
        raise UsageError(error.messages) from None
    target = file.path.with_suffix(".borders.json")
    if target.exists() and not replace:
        raise UsageError(f"{target} is there already; replace it with --replace.")
    towns = zip(file.region.longitude, file.region.latitude, strict=True)
    box = box_around([{"longitude": x, "latitude": y} for x, y in towns])
    lines = lines_within(Path(given["map"]), box)
    write_text(target, as_text(lines))
    console.say(f"{target}: {len(lines['lines'])} border lines. {lines['source']}")
    return OK
