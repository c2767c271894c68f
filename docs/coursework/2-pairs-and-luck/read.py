"""Prints what the questions ask about (run it: python read.py)."""

from analysis import load

study = load("study")
effects = study.effects()
columns = ["arm", "reference_mean", "arm_mean", "estimate", "lo", "hi", "verdict", "worse", "n"]
print(effects[effects["outcome"] == "violent_incidents"][columns].to_string())

runs = study.runs()
wide = runs.pivot_table(index="seed", columns="arm", values="violent_incidents")
change = wide["joint_committee"] - wide["none"]  # one difference for each seed: a pair
for first in range(0, len(change) - 9, 10):
    print(f"block {first // 10 + 1}: {change.iloc[first : first + 10].mean():+.3f}")
