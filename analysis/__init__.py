"""The analysis room: reads a study folder, never runs the model.

`analysis.comparisons` reads a comparison as a `Study`, `analysis.sweeps` a sweep as a `Sweep`; what
computes, draws and tells takes one of them.
"""
