"""Let Hydra look into a user's folder of configs before the packaged one.

``--config-dir`` of Hydra itself appends, so that a user's file of a packaged name would be ignored
without a word. Import this module only where Hydra is needed anyway.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.plugins import Plugins
from hydra.plugins.search_path_plugin import SearchPathPlugin


class OwnFolderFirst(SearchPathPlugin):
    """Puts ``folder`` at the head of the search path; None: no such folder."""

    folder: ClassVar[Path | None] = None

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        """Called by Hydra while it sets up."""
        if self.folder is not None:
            search_path.prepend("thalweg-own", f"file://{self.folder}")


def search_first(folder: Path | None) -> None:
    """Use ``folder`` in the compositions that follow."""
    OwnFolderFirst.folder = folder
    Plugins.instance().register(OwnFolderFirst)
