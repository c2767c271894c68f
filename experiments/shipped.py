"""What comes with Thalweg, by name: its folder of choices and the regions in it.

Only the standard library is imported here, so that a help text can name the regions at no cost.
"""

from __future__ import annotations

from pathlib import Path


def config_folder() -> Path:
    """Folder of the choices that come with Thalweg: beside the installed package or in the tree."""
    here = Path(__file__).resolve().parent
    installed = here / "configs"
    return installed if installed.is_dir() else here.parent / "configs"


def coursework_folder() -> Path:
    """Folder of the exercises that come with Thalweg: beside the installed package or in docs."""
    here = Path(__file__).resolve().parent
    installed = here / "coursework_files"
    return installed if installed.is_dir() else here.parent / "docs" / "coursework"


def region_names() -> tuple[str, ...]:
    """Names of the regions that come with Thalweg."""
    return tuple(sorted(path.stem for path in (config_folder() / "region").glob("*.yaml")))


def parameter_sets() -> tuple[str, ...]:
    """Names of the prepared sets of parameters that come with Thalweg, less the defaults."""
    return tuple(sorted(path.stem for path in (config_folder() / "parameters").glob("*.yaml")))


def parameter_values(name: str) -> dict[str, dict[str, float]]:
    """What a prepared set that comes with Thalweg changes: parameter values by group and key."""
    import yaml

    text = (config_folder() / "parameters" / f"{name}.yaml").read_text(encoding="utf-8")
    return {group: held for group, held in yaml.safe_load(text).items() if group != "defaults"}
