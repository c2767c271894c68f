"""A campaign of ``kill -9``: ``python -m tests.chaos KILLS [FIRST]``, or ``make chaos``.

A sweep is started over and over, by every engine in turn, and at a random moment its front or one
of its workers is killed. After every kill the parts that were there must be there still, the same
files untouched; when the sweep has come to its end (a last time without a kill) its digest must be
that of the undisturbed run, every run must be there once, and the last command must have reused
some. FIRST is the seed of the moments. Ends with 1 where anything of that does not hold.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

from experiments.digest import digest_of

WORDS = ("sweep", "region=synthetic", "region.municipalities=4", "arms=none,full", "years=6",
         "spinup_years=2", "seeds=20", "parameters.ladder.up_rate=interval(3,7)", "method=sobol",
         "n=8", "series=trust", "chunk=16", "out=study", "--yes")  # fmt: skip
ENGINES = {
    "local": (),
    "joblib": ("engine=joblib", "engine.jobs=2"),
    "dask": ("engine=dask", "engine.jobs=2"),
}
EARLIEST = 0.5  # seconds after the start; the latest moment is when the engine alone would end


class Seen(NamedTuple):
    """What a campaign counted."""

    kills: int
    of_workers: int
    ends: int
    reused: int


def say(line: str) -> None:
    """Print a line of the account at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def command(engine: str) -> list[str]:
    """The sweep as a user types it, under this Python."""
    return [sys.executable, "-m", "experiments.main", *WORDS, *ENGINES[engine]]


def descendants(root: int) -> list[int]:
    """Processes that a process started, and theirs."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = entry.read_text().rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found, open_ = [], [root]
    while open_:
        children = parents.get(open_.pop(), [])
        found += children
        open_ += children
    return found


def parts(folder: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of the files of every chunk that is there: its outcomes are written last."""
    found = {}
    for path in (folder / "study").glob("part-*.parquet"):
        for one in (path, path.with_name(path.name.replace("part-", "series-"))):
            state = one.stat()
            found[one.name] = (state.st_ino, state.st_mtime_ns)
    return found


def disturbed(
    engine: str, folder: Path, latest: float, chance: random.Random
) -> tuple[str, str]:
    """Start the sweep and kill something: (what was killed, or how it ended; its words)."""
    with subprocess.Popen(
        command(engine), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(EARLIEST, latest))
        if process.poll() is not None:
            return f"ended with {process.returncode}", process.communicate()[0]
        workers = descendants(process.pid)
        worker = bool(workers) and chance.random() < 0.5
        with contextlib.suppress(ProcessLookupError):
            os.kill(chance.choice(workers) if worker else process.pid, signal.SIGKILL)
        if not worker:
            process.wait()
            return "front", ""
        told = process.communicate()[0]  # the front goes on, or says what is missing
    assert process.returncode in {0, 1}, told
    return "worker", told


def account(folder: Path, runs: int) -> None:
    """Every run is there once, none is invented, and the manifest says so."""
    study = folder / "study"
    rows = [row for path in sorted(study.glob("part-*.parquet"))
            for row in pq.read_table(path, columns=["row"])["row"].to_pylist()]  # fmt: skip
    assert sorted(rows) == list(range(runs)), f"{len(rows)} rows, {len(set(rows))} of them distinct"
    told = json.loads((study / "manifest.json").read_text())
    assert told["complete"] is True
    assert told["runs"] == {"launched": runs, "ok": runs, "failed": 0, "aborted": 0, "pending": 0}
    assert not list(study.glob("*.tmp*")), "temporary files are left"


def finished(engine: str, folder: Path, whole: str, runs: int, kept: int) -> int:
    """Let the sweep come to its end; returns how many runs its last command reused."""
    before = parts(folder)
    done = subprocess.run(command(engine), cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    now = parts(folder)
    assert all(now.get(name) == stood for name, stood in before.items()), "a part was touched"
    account(folder, runs)
    assert digest_of(folder / "study").text == whole, f"another digest with {engine}"
    told = [line for line in done.stderr.splitlines() if line.startswith("reused ")]
    assert told or not kept, f"nothing reused although parts were there: {done.stderr}"
    return int(told[0].split()[1]) if told else 0


def undisturbed(engine: str) -> tuple[str, int, float]:
    """(digest, runs, seconds) of the sweep left in peace."""
    calm = Path(tempfile.mkdtemp(prefix="thalweg-chaos-calm-"))
    begun = time.monotonic()
    subprocess.run(command(engine), cwd=calm, check=True, capture_output=True)
    seconds = time.monotonic() - begun
    found = digest_of(calm / "study")
    shutil.rmtree(calm)
    return found.text, found.runs, seconds


def campaign(engine: str, kills: int, whole: str, runs: int, chance: random.Random) -> Seen:
    """Kill until it is enough, a new study whenever one has come to its end."""
    done = workers = ends = reused = 0
    alone, _, latest = undisturbed(engine)
    assert alone == whole, f"another digest with {engine}"
    say(f"  {engine} undisturbed: the same digest after {latest:.0f} s")
    while done < kills:
        folder = Path(tempfile.mkdtemp(prefix=f"thalweg-chaos-{engine}-"))
        for _ in range(12):
            before = parts(folder)
            what, told = disturbed(engine, folder, latest, chance)
            now = parts(folder)
            lost = [name for name, stood in before.items() if now.get(name) != stood]
            assert not lost, f"after {what}: {lost} touched"
            if what.startswith("ended"):
                assert what.endswith(" 0"), told
                latest = latest if before else 0.9 * latest  # it was slower when it was timed
                break
            done, workers = done + 1, workers + (what == "worker")
            if done == kills:
                break
        last = finished(engine, folder, whole, runs, len(parts(folder)))
        reused, ends = reused + last, ends + 1
        say(f"  {engine}: {done} kills, {workers} of them workers; one digest; "
            f"the last command reused {last} of {runs}")  # fmt: skip
        shutil.rmtree(folder)
    return Seen(done, workers, ends, reused)


def main() -> None:
    """Run the whole campaign and say what it saw."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 201
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    begun = time.monotonic()
    whole, runs, _ = undisturbed("local")
    say(f"undisturbed: {runs} runs, {whole}")
    share = -(-kills // len(ENGINES))
    seen = {engine: campaign(engine, share, whole, runs, random.Random(first + place))
            for place, engine in enumerate(ENGINES)}  # fmt: skip
    total = sum(one.kills for one in seen.values())
    assert any(one.reused for one in seen.values()), "nothing was ever reused"
    left = [pid for pid in descendants(os.getpid()) if Path(f"/proc/{pid}").exists()]
    assert not left, f"processes are left: {left}"
    minutes = (time.monotonic() - begun) / 60
    say(f"{total} kills over {', '.join(seen)} in {minutes:.1f} min: always one digest; no run "
        "lost, doubled or invented; no part touched")  # fmt: skip


if __name__ == "__main__":
    main()
