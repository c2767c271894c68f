"""Where the plugins for Hydra are: beside the packages once installed, else in the source tree."""

from __future__ import annotations

import sys
from pathlib import Path


def plugin_folder() -> Path | None:
    """The folder to put on the path from a source tree; None where the wheel is installed."""
    folder = Path(__file__).resolve().parent / "plugins"
    return folder if folder.is_dir() else None


def reach_plugins() -> None:
    """Let this process import ``hydra_plugins.thalweg`` from a source tree without installing."""
    folder = plugin_folder()
    if folder is not None and str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
