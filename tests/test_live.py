"""The live page: sliders act from their week on, the server keeps to loopback, Ctrl-C ends it."""

from __future__ import annotations

import ast
import re
import signal
import socket
import subprocess
import threading
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from browsing import PHONE, SCHEMES, WIDE, Visit, rgb
from conftest import ROOT, command_line, environment
from dash.development.base_component import Component
from playwright.sync_api import Browser

from analysis import live_figures
from analysis.theme import DARK, LIGHT
from experiments import live
from experiments.live_app import HOST, OUTPUTS, application, policy
from experiments.live_history import OFFERED, History
from experiments.live_page import Shown, layout, turned, values
from experiments.main import main
from experiments.settings import mechanism_names, settings
from experiments.study import plan

WORDS = ("region=fergana", "years=4", "spinup_years=1", "seed=7")
LOOKS = {"scheme": "light", "narrow": False}


def history(*words: str) -> History:
    return History(plan("run", [*WORDS, *words]))


def moved(one: History, **keys: float) -> dict[str, float]:
    """Where the sliders stand when some are moved; ``__`` stands for the dots of a key."""
    return {**one.asked, **{key.replace("__", "."): value for key, value in keys.items()}}


def below(part: Any) -> Iterator[Component]:
    """A component and all within it."""
    if isinstance(part, Component):
        yield part
        part = getattr(part, "children", None)
        yield from below(part)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from below(one)


@pytest.fixture(scope="module")
def alone() -> History:
    """A history that nobody touches, at its end."""
    one = history()
    while not one.over:
        one.advance(13, one.asked)
    return one


# ── the history ────────────────────────────────────────────────────────────────────────────────


def test_a_history_that_nobody_touches_is_the_one_of_run(alone: History) -> None:
    from sim.simulate import simulate

    whole = simulate(alone.study.scenario(alone.study.arms[0], 7))
    assert np.array_equal(alone.model.events, whole.events)
    assert alone.changes == []
    assert alone.years[-1] == pytest.approx(alone.study.region.start_year + 4)


def test_a_change_acts_from_its_week_on_and_not_before(alone: History) -> None:
    changed = history()
    changed.advance(52, changed.asked)
    assert np.array_equal(alone.ladders[:, :52], changed.ladders)
    changed.advance(208, moved(changed, parameters__ladder__up_rate=100.0))
    assert [(one.key, one.time) for one in changed.changes] == [("parameters.ladder.up_rate", 1.0)]
    before = [one.model.events[one.model.events["time"] < 1.0]["time"] for one in (alone, changed)]
    assert np.array_equal(*before)
    assert len(before[0]) > 0
    assert not np.array_equal(alone.model.events, changed.model.events)


@pytest.mark.parametrize("key", OFFERED)
def test_every_parameter_on_the_page_acts_while_the_history_runs(
    key: str, alone: History
) -> None:
    changed = history()
    setting = settings()[f"parameters.{key}"]
    far = max((setting.lo, setting.hi), key=lambda end: abs(end - setting.default))
    asked = {**changed.asked, setting.key: far}
    changed.advance(208, asked)
    assert changed.over
    group = alone.model.state.group, changed.model.state.group
    same = np.array_equal(group[0].grievance, group[1].grievance)
    assert not (same and np.array_equal(alone.model.events, changed.model.events))


def test_a_mechanism_sets_in_and_ends_with_its_slider() -> None:
    from sim.mechanisms import NAMES

    one, row = history(), NAMES.index("joint_committee")
    strength = one.model.state.accord.strength[row]
    one.advance(26, moved(one, mechanisms__joint_committee__intensity=0.8))
    assert strength.max() > 0.1
    assert one.reached.shape == (len(one.study.region.dyad_names),)
    one.advance(1, moved(one, mechanisms__joint_committee__intensity=0.0))
    assert strength.max() == 0.0
    assert [(change.before, change.after) for change in one.changes] == [(0.0, 0.8), (0.8, 0.0)]


def test_a_new_history_starts_with_the_sliders_where_they_stand() -> None:
    one = history()
    asked = moved(one, mechanisms__data_sharing__intensity=0.5)
    turned(one, "step", 52, 7, asked, LOOKS)
    turned(one, "begin", 1, 8, asked, LOOKS)
    assert (one.seed, one.time, one.changes) == (8, 0.0, [])
    turned(one, "step", 1, 8, asked, LOOKS)
    assert [change.time for change in one.changes] == [0.0]
    turned(one, "begin", 1, "nonsense", asked, LOOKS)
    assert one.seed == 8


def test_what_the_command_line_imposes_is_where_the_sliders_start() -> None:
    one = history("mechanisms=joint_committee", "mechanisms.joint_committee.intensity=0.4",
                  "parameters.trust.gain=0.3")  # fmt: skip
    assert one.asked["mechanisms.joint_committee.intensity"] == 0.4
    assert one.asked["parameters.trust.gain"] == 0.3


# ── the page ───────────────────────────────────────────────────────────────────────────────────


def test_every_slider_has_the_range_and_the_label_of_its_declaration() -> None:
    page = layout(history())
    every = [part for part in below(page) if getattr(part, "type", None) == "range"]
    ranges = [part for part in every if isinstance(part.id, dict)]
    assert [part.id for part in every if part not in ranges] == ["speed"]
    keys = [part.id["slider"] for part in ranges]
    assert keys == [*(f"mechanisms.{name}.intensity" for name in mechanism_names()),
                    *(f"parameters.{key}" for key in OFFERED)]  # fmt: skip
    for part in ranges:
        declared = settings()[part.id["slider"]]
        assert (part.min, part.max) == (declared.lo, declared.hi)
    labels = [part for part in below(page) if getattr(part, "title", None) is not None]
    assert len(labels) == len(ranges)
    assert all(label.children[0].children for label in labels)


def test_every_output_of_the_callback_is_on_the_page() -> None:
    ids = {part.id for part in below(layout(history())) if isinstance(getattr(part, "id", 0), str)}
    assert {output.component_id for output in OUTPUTS} <= ids
    assert len(OUTPUTS) == len(Shown._fields)


def test_a_step_moves_the_date_and_draws_both_figures() -> None:
    one = history()
    start = turned(one, "", 4, 7, one.asked, LOOKS)
    after = turned(one, "step", 52, 7, one.asked, LOOKS)
    assert start.date != after.date == "1 Jan 2027 (week 1)"
    assert not after.over
    for spec in (after.map, after.ladders):
        go.Figure(spec)
        assert "@" not in str(spec).replace("@import", "")
    steps = after.ladders["data"][0]
    assert len(steps["x"]) == 52
    assert max(steps["y"]) == one.ladders[0].max() > 0
    assert len(after.acts) > 5
    assert "between towns the highest rung so far is" in after.ladder_words
    dark = turned(one, "", 4, 7, one.asked, {"scheme": "dark", "narrow": True})
    assert dark.date == after.date
    assert dark.map["layout"]["plot_bgcolor"] == DARK["land0"] != LIGHT["land0"]


def test_the_map_says_in_words_what_it_shows() -> None:
    one = history()
    drawn = live_figures.Drawn(one.study.document)
    reached = np.zeros(len(one.study.document["dyads"]), dtype=int)
    rungs = ("calm", "complaint", "protest", "unilateral act", "violent incident")
    assert live_figures.map_words(drawn, reached, rungs).endswith(f"calm: {len(reached)}.")
    reached[3] = 4
    words = live_figures.map_words(drawn, reached, rungs)
    assert f"{one.study.document['dyads'][3]['name']}: violent incident; calm: 11." in words
    spec = live_figures.live_map(drawn, reached, rungs, narrow=False)
    assert spec["data"][10]["line"]["color"] == "@rung5"
    assert len(spec["data"][10]["x"]) == 3


def test_at_the_horizon_it_says_so_and_stays() -> None:
    one = history("years=1")
    end = turned(one, "clock", 520, 7, one.asked, LOOKS)
    assert end.over
    assert end.told.startswith("The history ends here, after 1 years")
    assert turned(one, "step", 1, 7, one.asked, LOOKS).date == end.date


def test_a_slider_that_says_nothing_readable_is_left_out() -> None:
    keys = [{"slider": "a"}, {"slider": "b"}, {"slider": "c"}]
    assert values(keys, ["0.5", None, ""]) == {"a": 0.5}


# ── the server ─────────────────────────────────────────────────────────────────────────────────


def test_it_listens_on_loopback_and_takes_a_free_port_where_its_own_is_taken() -> None:
    app = application(history())
    first = live._bound(app, None)
    try:
        second = live._bound(app, None)
        second.server_close()
        assert first.server_address[0] == second.server_address[0] == HOST == "127.0.0.1"
        assert first.port != second.port
        with pytest.raises(live.UsageError, match=f"port={first.port}: another program has it"):
            live._bound(app, first.port)
    finally:
        first.server_close()


def test_answers_carry_the_policy_and_other_names_are_refused() -> None:
    app = application(history())
    client = app.server.test_client()
    answer = client.get("/", base_url="http://127.0.0.1:8050")
    rule = answer.headers["Content-Security-Policy"]
    assert rule == policy(app)
    assert "connect-src 'self'" in rule
    assert "default-src 'none'" in rule
    assert "http" not in rule
    assert client.get("/", base_url="http://elsewhere.example:8050").status_code == 403
    assert client.get("/report.css", base_url="http://localhost:8050").status_code == 200


@pytest.mark.parametrize(
    ("word", "cause"),
    [
        ("host=0.0.0.0", "host=: live serves this machine only"),
        ("port=lots", "port=lots: a port is a whole number from 1024 to 65535"),
        ("port=80", "port=80: a port is a whole number from 1024 to 65535"),
        ("out=here", "out=: live writes nothing"),
        ("sead=7", "seed"),
    ],
)
def test_mistakes_stop_it_in_one_line(
    word: str, cause: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["live", "region=fergana", word]) == 2
    assert cause in capsys.readouterr().err
    assert list(here.iterdir()) == []


def test_without_dash_it_names_the_cure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(live, "find_spec", lambda name: None)
    assert main(["live", *WORDS]) == 2
    assert "live needs dash: pip install 'thalweg[live]'" in capsys.readouterr().err


# ── the example for SolaraViz ──────────────────────────────────────────────────────────────────


def test_the_pins_of_the_viewer_are_those_that_the_page_states() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (ROOT / "docs" / "live.md").read_text(encoding="utf-8")
    stated = re.findall(r"```text\n(altair.*?)```", page, re.DOTALL)
    assert sorted(project["optional-dependencies"]["viz"]) == stated[0].split()


def test_the_example_for_the_viewer_is_python_that_names_what_the_model_has() -> None:
    """It is not run here: its packages are in no environment of the tests."""
    from sim import BorderModel
    from sim.record import KEYS

    path = ROOT / "docs" / "examples" / "solara_viz.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    (model,) = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert [ast.unparse(base) for base in model.bases] == [BorderModel.__name__]
    first = next(node for node in model.body if isinstance(node, ast.FunctionDef))
    assert [one.arg for one in first.args.args] == ["self", "seed", "joint_committee", "years"]
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert {"trust", "grievance", "local_rung_max", "interstate_rung"} <= words & {*KEYS}
    assert "joint_committee" in mechanism_names()
    assert len(path.read_text(encoding="utf-8").splitlines()) < 40


# ── a browser ──────────────────────────────────────────────────────────────────────────────────


@dataclass
class Served:
    """The command as it runs, and where."""

    process: subprocess.Popen[str]
    address: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
        command_line("live", *WORDS, f"port={port}"), cwd=tmp_path_factory.mktemp("live"),
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        watchdog = threading.Timer(120, process.kill)
        watchdog.start()
        line = process.stdout.readline() if process.stdout else ""
        assert line.startswith(f"open http://127.0.0.1:{port} in a browser"), line
        yield Served(process, line.split()[1])
        watchdog.cancel()
        process.kill()
    signal.signal(signal.SIGINT, before)


def opened(browser: Browser, served: Served, size: tuple[int, int], scheme: str) -> Visit:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme,
        reduced_motion="reduce",
    )  # fmt: skip
    seen = Visit(context, served.address)
    seen.wait("$$('#map .main-svg, #ladders .main-svg').length >= 2")
    return seen


def quiet(seen: Visit, served: Served) -> None:
    """Nothing was said, refused, or asked of another address."""
    assert seen.messages == []
    assert seen.page.evaluate("violations") == []
    own = (served.address, "data:", "blob:")
    assert [url for url in seen.requests if not url.startswith(own)] == []


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("scheme", SCHEMES)
def test_it_opens_without_a_word_and_without_barriers(
    browser: Browser, served: Served, scheme: str
) -> None:
    seen = opened(browser, served, PHONE if scheme == "dark" else WIDE, scheme)
    expected = (DARK if scheme == "dark" else LIGHT)["page"]
    assert seen.colour("backgroundColor") == rgb(expected)
    assert seen.overflow() <= 0
    assert seen.barriers(least=25) == []
    assert seen.small_targets() == []
    quiet(seen, served)
    seen.page.context.close()


@pytest.mark.slow
@pytest.mark.browser
def test_play_moves_the_date_and_the_keyboard_moves_a_slider(
    browser: Browser, served: Served
) -> None:
    seen = opened(browser, served, WIDE, "light")
    page = seen.page
    first = page.inner_text("#date")
    slider = page.locator("details input[type=range]").first
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "0.03"
    page.locator("#play").focus()
    page.keyboard.press("Space")
    seen.wait(f"document.querySelector('#date').textContent !== '{first}'", 20)
    seen.wait("document.querySelector('#changes').textContent.includes('Joint committee 0 → 0.03')")
    assert page.get_attribute("#play", "aria-pressed") == "true"
    page.keyboard.press("Space")
    seen.wait("document.querySelector('#play').textContent === 'Play'")
    time.sleep(0.4)  # a frame that was on its way
    held = page.inner_text("#date")
    time.sleep(0.8)
    assert page.inner_text("#date") == held
    places = [stop[0] for stop in seen.tab_through()]
    assert all(a < b for a, b in pairwise(places))
    assert len(places) > 20
    quiet(seen, served)
    page.context.close()


@pytest.mark.slow
@pytest.mark.browser
def test_ctrl_c_ends_it(served: Served) -> None:
    served.process.send_signal(signal.SIGINT)
    out, err = served.process.communicate(timeout=20)
    assert served.process.returncode == 130, err
    assert err == "thalweg live: interrupted.\n"
    assert out == ""
