"""The answer of ``thalweg trace`` for papers: the chain and the removals as tables, one figure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.comparisons import read_json
from analysis.paper_figures import chain as figure
from analysis.paper_kit import Column, Source, answer_folder, save_figure, save_table
from experiments.trace_removals import Explained
from experiments.trace_text import Told, verdict

NAME = "trace"
NOT_ASKED, EITHER = "not asked", "either would do"
COLUMNS = (
    Column("step", "Step", "", "place in the chain, 1 the first cause"),
    Column("event", "Event", "", "id of the act: row of the event log"),
    Column("cause", "Cause", "", "id of the act that led to it; empty: none"),
    Column("date", "Date", "", "by the calendar"),
    Column("time", "Time", "years", "since the start"),
    Column("weeks", "Time to the crisis", "weeks", "0: with it; below: before it"),
    Column("ladder", "Ladder", "", "local or interstate"),
    Column("place", "Place", "", "pair of towns, or of states"),
    Column("pair", "Pair of states", "", "empty: none"),
    Column("actor", "Actor", "", "town or state"),
    Column("actor_class", "Kind of actor", "", "who of it acts"),
    Column("target", "Target", "", "towards whom"),
    Column("act", "Act", "", "kind of act"),
    Column("issue", "Issue", "", "what it is over"),
    Column("root", "Root", "", "where its dispute comes from"),
    Column("rung", "Rung", "rung", "of the ladder, 0 calm or normal"),
    Column("rung_label", "Rung in words", "", ""),
    Column("hostility", "Hostility", "level", "3: show of force"),
    Column("fatal", "Fatal", "", "whether people died"),
    Column("verdict", "Without it", "", "what leaving it out changes"),
    Column("sentence", "In words", "", ""),
    Column("left_out", "Left out", "", "one act, either of two, or local acts of the year before"),
    Column("events", "Events", "", "ids of the acts left out"),
    Column("in_chain", "In the chain", "", "whether all of them are"),
    Column("weeks_later", "Later by", "weeks", "below 0: earlier; empty: averted or not asked"),
    Column("then_from", "Then from", "", "first cause of the crisis that comes all the same"),
    Column("within", "Looked for", "years", "after the crisis, for the same rung"),
    Column("told", "What happens", "", "in words"),
)  # fmt: skip
CHAIN = ("step", "event", "cause", "date", "time", "weeks", "ladder", "place", "pair", "actor",
         "actor_class", "target", "act", "issue", "root", "rung", "rung_label", "hostility",
         "fatal", "verdict", "sentence")  # fmt: skip
REMOVALS = {
    "left_out": "str", "events": "str", "in_chain": "bool", "verdict": "str",
    "weeks_later": "Float64", "then_from": "str", "within": "float64", "told": "str",
}  # fmt: skip


def write(told: Told, why: Explained, manifest: dict[str, Any], run: Told, out: str | None) -> Path:
    """Write both tables and the figure of one run; ``run`` as of `trace.heading`.

    Returns the folder that they are in.
    """
    folder = Path(run["folder"])
    place = answer_folder(folder, NAME, out)
    own = f"{NAME}-{run['row']}" + (f"-event-{run['event']}" if "event" in run else "")
    chain, removals = chain_frame(told), removals_frame(told)
    save_table(chain, place, f"{own}-chain", COLUMNS)
    save_table(removals, place, f"{own}-removals", COLUMNS)
    shown, source = _shown(chain, removals), _source(folder, manifest, run, why)
    caption = " ".join(part for part in (
        _either_words(told), figure.caption(shown, source)) if part)  # fmt: skip
    save_figure(figure.draw(shown, source), place, own, caption)
    return place


def chain_frame(told: Told) -> pd.DataFrame:
    """The chain from first cause to crisis, one act a row."""
    last = told["chain"][-1]
    rows = [
        {**{key: act[key] for key in CHAIN if key in act}, "step": step, "event": act["id"],
         "weeks": round((act["time"] - last["time"]) * 52, 2),
         "ladder": "local" if act["local"] else "interstate",
         "pair": act["pair"] or "",
         "verdict": figure.CRISIS if act is last else _verdict(act["removal"])}
        for step, act in enumerate(told["chain"], 1)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(CHAIN)).astype({"cause": "Int64", "weeks": "float64"})


def removals_frame(told: Told) -> pd.DataFrame:
    """What was left out and what came of it, one removal a row; empty where nothing was."""
    return pd.DataFrame(list(_removals(told)), columns=list(REMOVALS)).astype(REMOVALS)


def _removals(told: Told) -> Iterator[Told]:
    inside = {act["id"] for act in told["chain"]}
    for act in (*told["chain"][:-1], *told["outside_the_chain"]):
        yield _row("one act", [act["id"]], act["removal"], inside, told)
    for pair in told["either_would_do"]:
        yield {**_row(EITHER, pair, None, inside, told), "verdict": EITHER,
               "told": "without one of them it comes about then all the same, without both not"}
    if told["without_local_acts"] is not None:
        left = told["without_local_acts"]
        yield _row("local acts of the year before", left["events"], left, inside, told)


def _row(
    kind: str, events: list[int], removal: Told | None, inside: set[int], told: Told
) -> dict[str, Any]:
    return {
        "left_out": kind, "events": " ".join(map(str, events)),
        "in_chain": inside.issuperset(events), "verdict": _verdict(removal),
        "weeks_later": removal["weeks_later"] if removal else None,
        "then_from": (removal["then_from"] if removal else None) or "",
        "within": told["within_years"],
        "told": verdict(removal, told["within_years"]) if removal
        else "a settlement is no act to leave out",
    }  # fmt: skip


def _verdict(removal: Told | None) -> str:
    return NOT_ASKED if removal is None else str(removal["verdict"])


def _shown(chain: pd.DataFrame, removals: pd.DataFrame) -> pd.DataFrame:
    """What the figure draws."""
    step_of = dict(zip(chain["event"], chain["step"], strict=True))
    known = dict(zip(removals["events"], removals["told"], strict=True))
    texts, lanes = [], []
    rows: list[Any] = list(chain.itertuples(index=False))
    for act in rows:
        lanes.append(act.place if act.ladder == "local" else f"{act.pair}, between states")
        over = "another issue" if act.issue == "other" else f"the {act.issue}"
        who = f"people of {act.actor}" if act.actor_class == "crowd" else act.actor
        said = known.get(str(act.event), "").partition(";")[0].partition(" (")[0]
        said = f" (without it: {said})" if act.verdict not in {figure.CRISIS, NOT_ASKED} else ""
        texts.append(f"{act.date}: {act.act}, {who}, over {over}{said}")
    last = chain.iloc[-1]
    over = "another issue" if last["issue"] == "other" else f"the {last['issue']}"
    return pd.DataFrame({
        "quantity": f"{last['act']} in {last['place']} over {over}, {last['date']}",
        "step": chain["step"], "cause_step": chain["cause"].map(step_of).astype("Int64"),
        "weeks": chain["weeks"], "place": lanes, "rung": chain["rung"],
        "rung_label": chain["rung_label"], "text": texts, "verdict": chain["verdict"],
    })  # fmt: skip


def _either_words(told: Told) -> str:
    pairs = [f"{one} or {other}" for one, other in told["either_would_do"]]
    return f"Either of two acts would do (events {'; '.join(pairs)})." if pairs else ""


def _source(folder: Path, manifest: dict[str, Any], run: Told, why: Explained) -> Source:
    made = read_json(folder / "provenance.json", optional=True).get("command_line")
    counted = (f"1 history (row {run['row']}, {run['region']}, arm {run['arm']}, seed "
               f"{run['seed']}) and {why.runs} of it with acts left out")  # fmt: skip
    command = made or f"thalweg {manifest.get('command', 'compare')}"
    return Source(str(manifest.get("identity", "")), counted, str(command))
