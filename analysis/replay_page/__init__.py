"""The replay page: up to four told histories watched on the map, in one offline HTML file."""

from analysis.replay_page.builder import MOST, render

__all__ = ["MOST", "render"]
