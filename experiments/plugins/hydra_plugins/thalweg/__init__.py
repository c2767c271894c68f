"""Plugins for Hydra: the sweeper that deals chunks out to jobs, and a launcher for Dask.

Hydra runs every module of this folder at each start, before the module is in ``sys.modules``: they
stay small, import lazily, and do without postponed annotations (which a dataclass could not read).
"""
