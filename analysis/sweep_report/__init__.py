"""The report of a sweep: ``build(folder)`` writes one offline HTML file and the headline."""

from analysis.sweep_report.builder import build

__all__ = ["build"]
