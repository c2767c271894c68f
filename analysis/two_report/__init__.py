"""The page that compares two studies: what changed in the settings, and whether it mattered."""

from analysis.two_report.asked import Asked, Changed
from analysis.two_report.builder import build, finding

__all__ = ["Asked", "Changed", "build", "finding"]
