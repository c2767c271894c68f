"""Figures for papers: one question per file, drawn from one tidy frame.

Every file has QUESTION, NEEDS (columns without which it cannot be drawn), MAY (columns that it uses
where they are), ``draw(frame, source) -> Figure`` and ``caption(frame, source) -> str``; both are
given to `analysis.paper_kit.save_figure`. Columns mean the same in every frame:

    quantity  what is estimated, in the words of the declarations; one panel each
    unit      its unit, in words; may be empty
    label     what the row is about: an arm, a mechanism, a setting, a portfolio
    group     a heading over neighbouring rows
    estimate, lo, hi    the number and its 95 % interval; NaN: not defined, drawn as nothing
    n         what it rests on: pairs, runs or points
    verdict   a word of `marks.MARKS`: better, worse, unclear, unknown, rises, falls, few events;
              of indices converged, not yet, cannot tell

Rows are drawn in the order of the frame, from above.
"""
