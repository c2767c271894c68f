"""``thalweg trace``: the chain, what its removals change, and planted causes that it must name."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from experiments import planted, trace
from experiments.main import main
from experiments.planted import KINDS, named, tells, worlds
from experiments.trace_chain import begun, chain_of, climbing, crisis_of, gravest
from experiments.trace_paper import chain_frame, removals_frame
from experiments.trace_removals import (
    AVERTS,
    NOTHING,
    Explained,
    Marks,
    Removal,
    explain,
    removable,
)
from experiments.trace_text import ELSEWHERE, LOCAL, content, lines, root_of
from sim import events as log
from sim.simulate import simulate
from sim.undone import undone_of

pytestmark = pytest.mark.slow


def acts(*rows: tuple[float, int, int, int]) -> np.ndarray:
    """A log of (time, act, cause, root)."""
    found = np.zeros(len(rows), log.EVENT)
    for row, (time, act, cause, root) in enumerate(rows):
        found[row]["time"], found[row]["act"], found[row]["cause"] = time, act, cause
        found[row]["root"], found[row]["answered"], found[row]["channels"] = root, 1, -1
        found[row]["rung"], found[row]["hostility"] = log.RUNG[act], log.HOSTILITY[act]
        found[row]["dyad"] = 0 if log.ACTS[act].local else -1
    return found


@cache
def world(kind: str) -> planted.Planted:
    """The first planted world of a kind."""
    return next(worlds(kind, 1))


@cache
def explained(kind: str) -> Explained:
    """What is found out about it."""
    found = explain(world(kind).scenario)
    assert found is not None
    return found


# ── which crisis, and its chain ─────────────────────────────────────────────────────────────────


def test_force_over_the_resource_comes_before_war_over_another_issue() -> None:
    events = acts((1.0, log.VIOLENT, -1, 1), (1.1, log.ARMY_DISPLAY, 0, 1),
                  (2.0, log.OTHER_WAR, -1, 3))  # fmt: skip
    assert gravest(events) == 1
    assert gravest(events[[0, 2]]) == 1, "the war where no force was over the resource"
    assert gravest(events[:1]) == 0, "the highest local rung where there was no force"
    assert gravest(events[:0]) is crisis_of(events[:0]) is None


def test_a_chain_goes_back_to_the_act_without_a_cause() -> None:
    events = acts((1.0, log.COMPLAINT, -1, 1), (1.0, log.COMPLAINT, -1, 1),
                  (1.1, log.VIOLENT, 0, 1), (1.2, log.NOTE, 2, 1))  # fmt: skip
    assert chain_of(events, 3) == [0, 2, 3]
    crisis = crisis_of(events)
    assert crisis is not None
    assert (crisis.row, crisis.local, crisis.chain) == (3, False, (0, 2, 3))


def test_words_that_capitals_only_speak_climb_nothing() -> None:
    events = acts((1.0, log.NOTE, -1, 2), (1.0, log.NOTE, -1, 2))
    events[0]["answered"] = -1
    assert climbing(events).tolist() == [False, True]


def test_a_settlement_in_a_chain_is_not_left_out() -> None:
    events = acts((1.0, log.NOTE, -1, 2), (1.5, log.AGREEMENT, 0, 2), (2.0, log.CONDEMNATION, 1, 2))
    assert removable(events, [0, 1, 2]) == [0, 2]


# ── planted worlds ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
def test_trace_names_the_planted_cause(kind: str) -> None:
    """The campaign of a hundred worlds is ``make planted``."""
    tried = list(worlds(kind, 4, first_seed=1000))
    assert [named(one) for one in tried] == [True] * 4


def test_leaving_out_the_one_cause_averts_the_crisis() -> None:
    found = explained("single")
    accident = found.single[0]
    assert accident.verdict == AVERTS
    assert accident.years is None
    assert root_of(found) == LOCAL
    assert found.local_left_out is None
    assert found.either == ()


def test_of_redundant_causes_neither_alone_averts_the_crisis_and_both_do() -> None:
    found = explained("redundant")
    assert any(removal.verdict == NOTHING for removal in found.single)
    assert found.either
    told = content(found, found.scenario.region)
    text = "\n".join(lines(told, found.scenario.region))
    assert "Either would do" in text
    assert "changes nothing; it comes in the same week, from the violent incident" in text


def test_a_crisis_over_another_issue_has_no_local_cause_and_needs_none() -> None:
    found = explained("elsewhere")
    assert root_of(found) == ELSEWHERE
    left = found.local_left_out
    assert left is not None
    assert len(left.rows) > 3, "towns were noisy"
    assert left.stays
    local = found.events["dyad"][list(left.rows)] >= 0
    assert local.all()
    text = "\n".join(lines(content(found, found.scenario.region), found.scenario.region))
    assert f"Without the {len(left.rows)} local acts of the year before on this border: " in text
    told = text.partition("year before on this border: ")[2]
    assert not told.startswith("averts")


@pytest.mark.parametrize("kind", KINDS)
def test_an_explanation_that_is_not_true_counts_as_none(kind: str) -> None:
    """Each planted truth told wrongly in one respect."""
    true, own = explained(kind), world(kind)
    assert tells(own, true)
    gone = Removal((0,), AVERTS, None, None, ())
    wrong = {
        "single": [true._replace(single=()),
                   true._replace(single=tuple(r._replace(verdict=NOTHING, years=0.0)
                                              for r in true.single)),
                   true._replace(crisis=true.crisis._replace(chain=true.crisis.chain[1:]))],
        "redundant": [true._replace(either=()), true._replace(single=(), off_chain=())],
        "elsewhere": [true._replace(local_left_out=None), true._replace(local_left_out=gone)],
    }[kind]  # fmt: skip
    elsewhere = true.crisis._replace(root=log.ROOT_LOCAL if kind == "elsewhere" else log.ROOT_OTHER)
    for one in (*wrong, true._replace(crisis=elsewhere)):
        assert not tells(own, one)


def test_history_is_the_same_up_to_the_act_that_is_left_out() -> None:
    found = explained("single")
    row = found.crisis.chain[0]
    other = simulate(found.scenario._replace(undone=(undone_of(found.events[row]),))).events
    assert other[:row].tobytes() == found.events[:row].tobytes()
    mark = Marks(found.events, 1.0).of(row)
    assert Marks(other, 1.0).row_of(mark) is None


def test_leaving_acts_out_changes_no_draw_of_the_weather() -> None:
    from sim.simulate import advance, workspace

    given = explained("single").scenario
    spaces = [workspace(given.region.topology, given.years) for _ in range(2)]
    row = explained("single").crisis.chain[0]
    undone = (undone_of(explained("single").events[row]),)
    advance(given, spaces[0], -104, 416, fresh=True)
    advance(given._replace(undone=undone), spaces[1], -104, 416, fresh=True)
    plain, other = (space.state.climate for space in spaces)
    assert all(a.tobytes() == b.tobytes() for a, b in zip(plain, other, strict=True)
               if a is not plain.fair and a is not plain.dryness)  # fmt: skip
    assert spaces[0].state.dyad.trust_first.tobytes() != spaces[1].state.dyad.trust_first.tobytes()


# ── the command ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def study(here: Path) -> Path:
    """Two histories of a border on which a lot happens."""
    assert main(["sweep", "region=synthetic", "region.municipalities=4", "years=10",
                 "spinup_years=1", "arms=none", "seeds=2", "parameters.quarrel.floor=0",
                 "parameters.ladder.hand_over=1", "parameters.interstate.up_1=10",
                 "parameters.interstate.up_2=10", "out=mine"]) == 0  # fmt: skip
    return here / "mine"


def test_the_command_tells_chain_and_removals_and_how_to_see_the_run_again(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["trace", str(study), "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["run"]["seed"] == 2
    assert told["run"]["as_kept"] is True
    assert told["run"]["replay"].startswith("thalweg replay ")
    ids = [act["id"] for act in told["chain"]]
    assert [act["cause"] for act in told["chain"]] == [None, *ids[:-1]]
    assert ids[-1] == told["crisis"]["id"]
    assert all(act["removal"]["verdict"] for act in told["chain"][:-1] if act["removal"])
    assert main(["trace", str(study), "1"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert f"row 1 of {study}" in text
    assert all(f"event {act['id']}: {act['sentence']}" in text for act in told["chain"])
    assert text.endswith("Simulated, not observed.")
    assert main(["trace", str(study), "1", "--event", str(ids[0]), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["crisis"]["id"] == ids[0]


def test_an_answer_is_kept_as_tables_and_a_figure_with_the_same_bytes_every_time(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["trace", str(study), "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    place = study / "answers" / "trace"
    found = {path.name: path.read_bytes() for path in place.iterdir()}
    tables = {f"trace-1-{name}.{kind}" for name in ("chain", "removals")
              for kind in ("csv", "parquet", "columns.csv")}  # fmt: skip
    assert set(found) == {*tables, "trace-1.pdf", "trace-1.svg", "trace-1.txt"}
    assert main(["trace", str(study), "1", "--out", "again"]) == 0
    assert {path.name: path.read_bytes() for path in Path("again").iterdir()} == found
    chain = pd.read_parquet(place / "trace-1-chain.parquet")
    assert chain["event"].tolist() == [act["id"] for act in told["chain"]]
    assert chain["sentence"].tolist() == [act["sentence"] for act in told["chain"]]
    assert chain["verdict"].iloc[-1] == "the crisis"
    assert chain.drop(columns="cause").notna().all(axis=None)
    removals = pd.read_parquet(place / "trace-1-removals.parquet")
    assert len(removals) >= len(chain) - 1
    later = removals.set_index("verdict")["weeks_later"]
    assert later.drop([AVERTS, "not asked", "either would do"], errors="ignore").notna().all()
    for name in ("chain", "removals"):
        meant = pd.read_csv(place / f"trace-1-{name}.columns.csv", keep_default_na=False)
        assert (meant["label"] != "").all()
        schema = pq.read_schema(place / f"trace-1-{name}.parquet")
        assert schema.names == meant["column"].tolist()
    assert b"<text" in found["trace-1.svg"]
    assert str(study.parent).encode() not in b"".join(found.values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_planted_answer_has_its_tables(kind: str) -> None:
    found = explained(kind)
    told = json.loads(json.dumps(content(found, found.scenario.region)))
    chain, removals = chain_frame(told), removals_frame(told)
    assert len(chain) == len(found.crisis.chain)
    assert (removals["left_out"] == "either would do").sum() == len(found.either)
    assert ("local acts of the year before" in set(removals["left_out"])) == (kind == "elsewhere")
    averted = removals[removals["verdict"] == AVERTS]
    assert averted["weeks_later"].isna().all()
    assert (removals["told"] != "").all()


def test_nothing_is_written_without_a_crisis_or_for_another_run(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as changed:
        changed.setattr("experiments.trace.explained", lambda *_: None)
        assert main(["trace", str(study), "1"]) == 0
    kept = trace.replayed
    monkeypatch.setattr(trace, "replayed", lambda *given: kept(*given)._replace(off=["other"]))
    assert main(["trace", str(study), "1"]) == 1
    assert not (study / "answers").exists()


@pytest.mark.parametrize("words", [["7"], ["one"], ["0", "--event", "9999"], ["0", "--event", "x"]])
def test_a_row_or_act_that_is_not_there_is_a_mistake_of_the_call(
    words: list[str], study: Path
) -> None:
    assert main(["trace", str(study), *words]) == 2


def test_crises_that_began_are_found() -> None:
    events = acts((1.0, log.OTHER_FORCE, -1, 3), (1.1, log.OTHER_FORCE, 0, 3))
    events[0]["channels"] = 0
    assert begun(events).tolist() == [0]
