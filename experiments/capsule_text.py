"""The page that opens a capsule: what it is, what it found, how to read it and how to check it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.holdings import Holdings, layout_of
from experiments.status import account_line

PAGE = """\
# {title}

A study of Thalweg, packed whole: settings, design, every run, where it came from, the report.
Everything in it is simulated, not observed; no position on any border.

{headline}

- {account}
- {design}
- digest of the results: `{digest}`
- digest of the model: `{kernel}`
- identity of the study: `{identity}`
- made with {made}
- packages: {versions}
{sessions}
## What lies where

{contents}
## How to read it

`part-*.parquet` hold one row per run: `row`, `arm`, `seed`, `status` (0: ok), `error`, and the
outcomes; a failed run holds NaN and never a number. `design.parquet` says which `row` belongs to
which values of what was varied (equal points share a run). `declarations.json` says what each
column means and its unit.{beside}

With pandas:

```python
from glob import glob
import pandas as pd
runs = pd.concat(map(pd.read_parquet, sorted(glob("part-*.parquet"))))
design = pd.read_parquet("design.parquet").drop(columns=["arm", "seed"])
study = design.merge(runs[runs["status"] == 0], on="row")
print(study.groupby("arm")["{outcome}"].mean())
```

With R (package arrow):

```r
parts <- lapply(sort(Sys.glob("part-*.parquet")), arrow::read_parquet)
runs <- do.call(rbind, lapply(parts, as.data.frame))
design <- as.data.frame(arrow::read_parquet("design.parquet"))[, c("row", "point")]
study <- merge(design, runs[runs$status == 0, ], by = "row")
aggregate({outcome} ~ arm, data = study, FUN = mean)
```

With DuckDB:

```sql
SELECT arm, avg({outcome})
FROM 'part-*.parquet' JOIN (SELECT row, point FROM 'design.parquet') USING (row)
WHERE status = 0 GROUP BY arm ORDER BY arm;
```

## How to verify it

In the folder of this file:

```sh
sha256sum -c SHA256SUMS
thalweg digest .
thalweg verify . --share 0.01
```

The first checks that no file has changed. The second prints one hash over all results; it must end
with

```text
{digest}
```

The third simulates a share of the runs again and compares every bit (`--share 1`: all of them). It
needs the model with the digest above:
{install}.

`thalweg status .` says what is here, `thalweg replay . 0` makes one run again, and
`thalweg report .` writes the report anew.
"""
MEANINGS = (
    ("report.html", "the report, one file for any browser"),
    ("headline.txt", "its first sentence"),
    ("config.yaml", "the resolved settings"),
    ("overrides.txt", "what was given on the command line or in a file"),
    ("plan.json", "all that a run needs besides its row: regions, parameters, arms"),
    ("runs.parquet", "every run once: identity, case, arm, seed, swept values"),
    ("design.parquet", "every entry of the design and the row of its run"),
    ("part-", "outcomes of the runs"),
    ("series-", "series of the runs"),
    ("events-", "event logs of the runs"),
    ("history-", "one history of an arm, told in full"),
    ("failures.json", "runs that failed, with inputs and traceback"),
    ("manifest.json", "the study, its chunks and the account of its runs"),
    ("provenance.json", "versions, commit, platform, times of every session"),
    ("declarations.json", "meaning and unit of every outcome, series and parameter"),
    ("region", "names and places of the regions (.json); regions of the user's own, whole (.yaml)"),
    ("CITATION.cff", "how to cite the program"),
    ("LICENSE", "the licence of the program"),
)


def page(
    found: Holdings, digest: str, headline: str, sessions: Sequence[Mapping[str, Any]],
    names: Sequence[str],
) -> str:  # fmt: skip
    """The README of a capsule; ``names``: the files in it."""
    content = found.manifest
    layout = layout_of(content)
    last = sessions[-1] if sessions else {}
    commit = _commit(last)
    versions = last.get("versions", {})
    return PAGE.format(
        title=f"A thalweg {content['command']}: {', '.join(sorted(set(found.regions)))}",
        headline=headline or "It has no headline: it compares no two arms in one frame.",
        account=account_line(found.account),
        design=_design(content),
        digest=digest,
        kernel=content["model_digest"],
        identity=content["identity"],
        made=f"thalweg {versions.get('thalweg', '(version not kept)')}{commit}, Python "
        f"{last.get('python')}, {last.get('platform')}",
        versions=", ".join(f"{k} {v}" for k, v in versions.items() if k != "thalweg"),
        sessions=_sessions(sessions),
        contents=_contents(names),
        beside=_beside(layout.every, bool(layout.series), layout.events),
        outcome=layout.outcomes[0],
        install=f"thalweg {versions.get('thalweg')}{commit}",
    )


def _design(content: Mapping[str, Any]) -> str:
    arms = ", ".join(arm["name"] for arm in content["arms"])
    seeds = content["seeds"]
    varied = [factor["key"] for factor in content.get("factors", [])]
    swept = f"; varied: {', '.join(varied)}, {content['points']} points" if varied else ""
    years = f"{content['years']:g} year{'s' if content['years'] != 1 else ''}"
    return f"{years}, arms {arms}, {seeds['count']} seeds from {seeds['first']} on{swept}"


def _commit(record: Mapping[str, Any]) -> str:
    """The commit in words, and whether files differed from it."""
    if not record.get("commit"):
        return ""
    return f", commit {record['commit']}" + (" with changes on top" if record.get("dirty") else "")


def _sessions(sessions: Sequence[Mapping[str, Any]]) -> str:
    """Earlier sessions where another commit or version was at work."""
    made = list(dict.fromkeys(
        f"thalweg {one.get('versions', {}).get('thalweg')}{_commit(one)}" for one in sessions
    ))  # fmt: skip
    return f"- worked on in turn by {'; '.join(made)}\n" if len(made) > 1 else ""


def _contents(names: Sequence[str]) -> str:
    rows = [(name, about, [n for n in names if n.startswith(name)]) for name, about in MEANINGS]
    lines = [
        f"| `{there[0]}`{f' and {len(there) - 1} more' if len(there) > 1 else ''} | {about} |"
        for _, about, there in rows
        if there
    ]
    return "\n".join(["| file | what it holds |", "| --- | --- |", *lines, ""])


def _beside(every: int, series: bool, events: bool) -> str:
    words = []
    if series:
        step = "quarter" if every == 1 else f"{every} quarters"
        words.append(f"`series-*.parquet` hold a list per run and series, one value per {step}")
    if events:
        words.append("`events-*.parquet` hold one row per act with the `row` of its run")
    return f" {'; '.join(words)}." if words else ""
