"""Regenerate the baseline on purpose: ``python -m tests.baseline``."""

# ruff: noqa: T201  (a program that prints what it changed)

from tests.baseline import GOLDEN, differences, golden, present, write

before = golden() if GOLDEN.exists() else {}
for run, after in present().items():
    for line in differences(before.get(run, {}), after):
        print(f"{run}: {line}")
write()
print(f"Wrote {GOLDEN.name}. Explain the difference in the commit.")
