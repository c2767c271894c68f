"""Scenario discovery: conditions under which a mechanism fails or a crisis happens.

Submodules are imported where they are used: `answer` asks, `told` says, `ranking` compares arms.
"""
