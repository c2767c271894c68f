"""Sensitivity: which swept setting moves an outcome, how far that is known, and how far it is luck.

Modules on arrays alone: `sobol`, `morris`, `given` (designs), `luck` (shares of the variance, floor
of noise), `resample` (intervals), `verdicts`. `study` applies them to a sweep, `told` says it.
"""
