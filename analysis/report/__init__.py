"""The report: ``build(folder)`` writes one offline HTML file and the headline as text."""

from analysis.report.builder import build

__all__ = ["build"]
