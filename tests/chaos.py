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

WORDS = ("sweep", "region=synthetic", "region.municipalities=4", "arms=none,full", "years=2",
         "spinup_years=1", "parameters.ladder.up_rate=interval(3,7)", "method=sobol", "n=8",
         "series=trust", "chunk=16", "out=study", "--yes")  # fmt: skip
ENGINES = {
    "local": (),
    "joblib": ("engine=joblib", "engine.jobs=2"),
    "dask": ("engine=dask", "engine.jobs=2"),
}
SHORT, LONG = "seeds=10", "seeds=40"  # of a few kills, and of many
EARLIEST, WORKING = 0.5, 4.0  # seconds: after the start, and after the first part
MANY = 50  # kills from which the long sweep is disturbed
LATE = 0.1  # share of the kills that fall anywhere up to the end


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


class Calm(NamedTuple):
    """The sweep left in peace: its digest, runs, and seconds to the first part and to the end."""

    digest: str
    runs: int
    first: float
    whole: float

    def moment(self, chance: random.Random) -> float:
        """Seconds after which to kill: while it starts, at its first work, now and then late."""
        latest = self.whole if chance.random() < LATE else min(self.first + WORKING, self.whole)
        return chance.uniform(EARLIEST, latest)


def command(engine: str) -> list[str]:
    """The sweep as a user types it, under this Python."""
    seeds = os.environ["THALWEG_CHAOS_SEEDS"]
    return [sys.executable, "-m", "experiments.main", *WORDS, seeds, *ENGINES[engine]]


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


def disturbed(engine: str, folder: Path, calm: Calm, chance: random.Random) -> tuple[str, str]:
    """Start the sweep and kill something: (what was killed, or how it ended; its words)."""
    with subprocess.Popen(
        command(engine), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(calm.moment(chance))
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


def undisturbed(engine: str) -> Calm:
    """Run the sweep once and kill nothing."""
    folder = Path(tempfile.mkdtemp(prefix="thalweg-chaos-calm-"))
    begun, first = time.monotonic(), 0.0
    with subprocess.Popen(
        command(engine), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            time.sleep(0.05)
            if not first and (folder / "study" / "part-000000.parquet").exists():
                first = time.monotonic() - begun
    assert process.returncode == 0
    found = digest_of(folder / "study")
    whole = time.monotonic() - begun
    shutil.rmtree(folder)
    return Calm(found.text, found.runs, first, whole)


def campaign(engine: str, kills: int, whole: str, runs: int, chance: random.Random) -> Seen:
    """Kill until it is enough, a new study whenever one has come to its end."""
    done = workers = ends = reused = 0
    calm = undisturbed(engine)
    assert calm.digest == whole, f"another digest with {engine}"
    say(f"  {engine} undisturbed: the same digest after {calm.whole:.0f} s")
    while done < kills:
        folder = Path(tempfile.mkdtemp(prefix=f"thalweg-chaos-{engine}-"))
        for _ in range(12):
            before = parts(folder)
            what, told = disturbed(engine, folder, calm, chance)
            now = parts(folder)
            lost = [name for name, stood in before.items() if now.get(name) != stood]
            assert not lost, f"after {what}: {lost} touched"
            if what.startswith("ended"):
                assert what.endswith(" 0"), told
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
    os.environ["THALWEG_CHAOS_SEEDS"] = LONG if kills > MANY else SHORT
    whole, runs, *_ = undisturbed("local")
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
