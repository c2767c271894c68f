"""V7: recent militarization multiplies the hazard."""

from __future__ import annotations

import numpy as np

from analysis.patterns.acts import Cluster, disputes
from analysis.patterns.base import Measure, Pattern, ratio, share

RECENT = 10  # years in which an earlier dispute counts as recent
COLUMNS = (
    "disputes", "pair_years", "onset_years", "recent_years", "recent_onsets", "quiet_years",
    "quiet_onsets", "pairs", "never", "gap_cv", "gap_pairs",
)  # fmt: skip


def count(cluster: Cluster, reported: bool) -> tuple[float, ...]:
    """Pair-years with an onset, after a dispute in the ten years before and without one."""
    acts = cluster.acts.reported() if reported else cluster.acts
    found = disputes(cluster, acts)
    onset = np.zeros((cluster.pairs, cluster.years), dtype=bool)
    variation, varied = 0.0, 0
    for pair in range(cluster.pairs):
        begun = np.array([float(own.time[0]) for p, own in found if p == pair])
        onset[pair, np.minimum(begun.astype(int), cluster.years - 1)] = True
        gaps = np.diff(begun)
        if gaps.size >= 3:
            variation += float(gaps.std(ddof=1) / gaps.mean())
            varied += 1
    recent = np.zeros_like(onset)
    for year in range(1, cluster.years):
        recent[:, year] = onset[:, max(year - RECENT, 0) : year].any(axis=1)
    known, then = onset[:, RECENT:], recent[:, RECENT:]
    return (
        len(found), onset.size, onset.sum(), then.sum(), (known & then).sum(),
        (~then).sum(), (known & ~then).sum(), cluster.pairs, (~onset.any(axis=1)).sum(),
        variation, varied,
    )  # fmt: skip


PATTERN = Pattern(
    "V7", "recent militarization multiplies the hazard",
    "years of pairs of land neighbours (most of it is the background quarrel over other issues)",
    "COW militarized disputes (MID 5), 1946-2014", "C", True, COLUMNS, count,
    (
        Measure("ratio", "hazard after / without a dispute in 10 years", "ratio", 8.2, (5.0, 10.0),
                "disputes", lambda s: ratio(ratio(s["recent_onsets"], s["recent_years"]),
                                            ratio(s["quiet_onsets"], s["quiet_years"]))),
        Measure("rate", "onset years", "%/year", 6.5, (5.4, 7.7), "onset_years",
                lambda s: share(s["onset_years"], s["pair_years"])),
        Measure("recent", "after a dispute in 10 years", "%/year", 17.3, None, "recent_onsets",
                lambda s: share(s["recent_onsets"], s["recent_years"])),
        Measure("quiet", "without one", "%/year", 2.1, None, "quiet_onsets",
                lambda s: share(s["quiet_onsets"], s["quiet_years"])),
        Measure("never", "pairs without any (40-51 % in 69 years)", "%", 45.0, None, "pairs",
                lambda s: share(s["never"], s["pairs"])),
        Measure("gap_cv", "CV of the gaps within a pair", "ratio", 1.0, None, "gap_pairs",
                lambda s: ratio(s["gap_cv"], s["gap_pairs"])),
    ),
)  # fmt: skip
