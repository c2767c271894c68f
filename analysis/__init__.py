"""The analysis room: reads a study folder, never runs the model.

Start with ``analysis.load.load(folder)``; `analysis.effects`, `analysis.headline`,
`analysis.figures` and `analysis.report` take the `Study` that it returns.
"""
