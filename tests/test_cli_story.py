"""A history in words: dates by the calendar, causes before effects, nothing told twice."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from experiments.regions import load_region
from experiments.story import date_of, readable, summary, told, written_date
from sim import events as log

REGION = load_region("fergana")


def history(*acts: tuple[float, int, int]) -> np.ndarray:
    """Events from (time, act, cause)."""
    found = np.zeros(len(acts), log.EVENT)
    for row, (time, act, cause) in enumerate(acts):
        local = log.ACTS[act].local
        found[row]["time"], found[row]["act"], found[row]["cause"] = time, act, cause
        found[row]["dyad"], found[row]["pair"] = 0 if local else -1, 0
        found[row]["target"] = 1
        for name, table in (("bar", log.BAR), ("hostility", log.HOSTILITY), ("rung", log.RUNG)):
            found[row][name] = table[act]
        found[row]["answered"] = found[row]["kept"] = found[row]["incident"] = -1
        found[row]["mechanism"] = -1
    return found


@pytest.mark.parametrize(
    ("time", "day", "week"),
    [
        (0.0, date(2026, 1, 1), 1),
        (1.0, date(2027, 1, 1), 1),
        (0.5, date(2026, 7, 2), 27),
        (2.999, date(2028, 12, 31), 52),
        (20.0, date(2046, 1, 1), 1),
    ],
)
def test_model_time_is_dated_by_the_calendar(time: float, day: date, week: int) -> None:
    assert date_of(2026, time) == (day, week)


def test_a_date_is_written_for_people() -> None:
    assert written_date(2026, 5.2) == "15 Mar 2031 (week 11)"


def test_every_act_of_the_table_can_be_told() -> None:
    events = readable(REGION, history(*((k / 10, k, -1) for k in range(len(log.ACTS)))))
    assert [event["act"] for event in events] == [act.name for act in log.ACTS]
    assert all(event["place"] and event["actor"] and event["target"] for event in events)
    assert len(told(REGION, events)) > 5


def test_the_gravest_act_is_told_with_its_causes_before_it() -> None:
    complaint, protest, guards = log.COMPLAINT, log.PROTEST, log.GUARDS_DISPLAY
    quiet = [(0.01 * k, complaint, -1) for k in range(40)]
    chain = [(1.0, complaint, -1), (1.1, protest, 40), (1.2, guards, 41)]
    sentences = told(REGION, readable(REGION, history(*quiet, *chain)))
    assert "guards display" in " ".join(sentences)
    at = next(k for k, text in enumerate(sentences) if ": guards display" in text)
    assert "after the protest of 6 Feb 2027" in sentences[at]
    assert "protest in " in sentences[at - 1]
    assert sentences[-1].endswith("events.csv holds them all)")


def test_a_loop_of_causes_ends() -> None:
    events = readable(REGION, history((0.1, log.PROTEST, 1), (0.2, log.PROTEST, 0)))
    assert len(told(REGION, events)) == 2


def test_a_calm_history_says_so() -> None:
    assert told(REGION, []) == ["Nothing was recorded: the border stayed calm."]
    text = summary(REGION, [], 20)
    assert "0 acts; highest local rung: calm; highest rung between states: normal" in text
    assert text.endswith("Simulated, not observed.")
