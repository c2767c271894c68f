"""Regenerate the baseline on purpose: ``python -m tests.baseline``."""

# ruff: noqa: T201  (a program that prints what it changed)

from tests.baseline import GOLDEN, differences, golden, present, write

before = golden() if GOLDEN.exists() else {}
for run, after in present().items():
    known = before.get(run, {})
    for line in differences(known, after):
        print(f"{run}: {line}")
    for key in after["outcomes"].keys() - known.get("outcomes", {}).keys():
        print(f"{run}: {key} is new: {after['outcomes'][key]}")
write()
print(f"Wrote {GOLDEN.name}. Explain the difference in the commit.")
