"""Which mix of mechanisms for which money: frontier, best mix, break-even, robustness.

``portfolio(folder)`` answers; ``tables(answer)`` are tidy frames, ``told(answer)`` lines of text
and ``document(answer)`` plain values.
"""

from analysis.portfolio.answer import Ask, Portfolio, portfolio
from analysis.portfolio.tables import document, tables
from analysis.portfolio.told import told

__all__ = ["Ask", "Portfolio", "document", "portfolio", "tables", "told"]
