"""Which kind of YAML file a user has at hand, told by its keys, and which command reads it.

Standard library only: told apart are files before anything in them is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SETTINGS, REGION, VALIDATION, CALIBRATION = "settings", "region", "validation", "calibration"
_REGION = {"generator", "municipalities", "basins", "nations", "units", "dyads", "start_year"}
_SETTINGS = {"region", "arms", "seeds", "years", "parameters", "mechanisms", "method", "n"}
NAMES = {
    SETTINGS: "a file of settings",
    REGION: "a region file",
    VALIDATION: "a study of thalweg validate",
    CALIBRATION: "a study of thalweg calibrate",
}
_READ_BY = {
    SETTINGS: "give it as thalweg sweep study={file}, or thalweg compare --config {file}",
    REGION: "give it as region={file}",
    VALIDATION: "give it as thalweg validate --study {file}",
    CALIBRATION: "give it as thalweg calibrate --study {file}",
}


def kind_of(content: Mapping[str, Any]) -> str:
    """The kind of a file of keys; settings where nothing speaks for another."""
    keys = {key.split(".")[0] for key in content}
    if keys & {"free", "structures"}:
        return CALIBRATION
    if "borders" in keys:
        return VALIDATION
    if keys & _REGION and not keys & _SETTINGS:
        return REGION
    return SETTINGS


def no_region(content: Mapping[str, Any]) -> str:
    """The kind of a file that is surely no region; empty where it may be a poor one."""
    kind = kind_of(content)
    keys = {key.split(".")[0] for key in content}
    return kind if kind in {VALIDATION, CALIBRATION} or keys & _SETTINGS - _REGION else ""


def instead(kind: str, file: str) -> str:
    """What a file is that stands in the wrong place, and where it belongs."""
    return f"this is {NAMES[kind]}; {_READ_BY[kind].format(file=file)}"
