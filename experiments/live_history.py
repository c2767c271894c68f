"""One history that is stepped and changed while it runs: the model behind ``thalweg live``.

The model honestly allows a change from a week on: `sim.model.BorderModel.impose` and ``change`` act
on the weeks that follow and on no draw. What a slider asks for is therefore applied before the next
week is simulated, never to a week that is past. A history in which no slider is moved has the bits
of ``thalweg run`` with the same settings.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from experiments.settings import Setting, settings
from experiments.study import Study

MOST_ACTS = 12
QUARTER = 13.0  # weeks: a link shows the highest rung of so long
# What the page offers of the 400 and more: read by the rules anew in every week of the model.
OFFERED = (
    "drought.severity_mean", "drought.rate_factor", "abstraction.conditional",
    "mobilisation.threshold", "ladder.up_rate", "ladder.hand_over", "trust.gain",
    "interstate.up_1",
)  # fmt: skip


class Change(NamedTuple):
    """Something that was changed by hand. ``time``: years since the start."""

    time: float
    key: str
    before: float
    after: float


class History:
    """The one history of a server. ``lock`` is held by whoever steps it."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.lock = threading.Lock()
        self.controls = controls_of(study)
        self.begin(study.first_seed)

    def begin(self, seed: int) -> None:
        """Start anew from the settings of the command line, with another or the same seed."""
        from sim.model import BorderModel

        self.seed = seed
        self.model = BorderModel(self.study.scenario(self.study.arms[0], seed))
        self.asked = {control.key: control.default for control in self.controls}
        self.changes: list[Change] = []
        ticks = round(self.study.settings["years"] * 52 / self._weeks) + 2
        self._local = np.zeros((ticks, len(self.study.region.dyad_names)), dtype=np.int8)
        self._states = np.zeros(ticks, dtype=np.int8)

    @property
    def over(self) -> bool:
        """True at the horizon."""
        return self.model.ticks > 0 and not self.model.running

    @property
    def time(self) -> float:
        """Years since the start."""
        return float(self.model.year)

    def advance(self, weeks: float, asked: Mapping[str, float]) -> None:
        """Apply what the sliders ask for, then simulate so many weeks, at least one tick."""
        if self.over:
            return
        self._apply(asked)
        for _ in range(max(1, round(weeks / self._weeks))):
            self.model.step()
            at, state = self.model.ticks - 1, self.model.state
            self._local[at] = state.dyad.rung
            self._states[at] = state.track.level.max(initial=0)
            if self.over:
                return

    @property
    def reached(self) -> np.ndarray:
        """Highest local rung [dyad] of the past quarter."""
        last = self.model.ticks
        first = max(0, last - round(QUARTER / self._weeks))
        return np.asarray(self._local[first:last].max(axis=0, initial=0))

    @property
    def years(self) -> np.ndarray:
        """Calendar year [tick] at the end of every tick so far."""
        ticks = np.arange(1, self.model.ticks + 1)
        return np.asarray(self.study.region.start_year + ticks * self._weeks / 52)

    @property
    def ladders(self) -> np.ndarray:
        """Highest rung [2, tick] of the local and of the interstate ladder at every tick so far."""
        done = self.model.ticks
        return np.stack([self._local[:done].max(axis=1, initial=0), self._states[:done]])

    @property
    def acts(self) -> int:
        """Acts so far, the years before the start left out."""
        return len(self.model.events)

    @property
    def full(self) -> bool:
        """True where acts were lost, as the log is full; a study calls such a run failed."""
        from sim.events import OVERFLOW

        return bool(self.model.state.tally[OVERFLOW] > 0)

    def last_acts(self) -> list[str]:
        """The last acts as sentences, newest first."""
        from experiments.story import readable, sentence

        region, log = self.study.region, self.model.events
        known: list[dict[str, Any]] = [{}] * len(log)  # only what is told is made readable
        rows = range(len(log) - 1, max(len(log) - 1 - MOST_ACTS, -1), -1)
        for row in {*rows, *(int(log[row]["cause"]) for row in rows)}:
            if row >= 0:
                known[row] = readable(region, log[row : row + 1])[0]
        return [sentence(region, known[row], known) for row in rows]

    @property
    def _weeks(self) -> float:
        return float(self.study.settings["tick_weeks"])

    def _apply(self, asked: Mapping[str, float]) -> None:
        """Hand what differs from before to the model; raises ScenarioError out of range."""
        for key, value in asked.items():
            before = self.asked[key]
            if value == before:
                continue
            group, _, rest = key.partition(".")
            if group == "mechanisms":
                self.model.impose(rest.partition(".")[0], value)
            else:
                self.model.change(rest, value)
            self.asked[key] = value
            self.changes.append(Change(self.time, key, before, value))


def controls_of(study: Study) -> list[Setting]:
    """What can be moved, with range, unit and label as declared; ``default``: as the study has it.

    A mechanism that is left to the towns, or begins later, stands at 0 until it is moved.
    """
    from sim.mechanisms import MECHANISMS

    declared, arm = settings(), study.arms[0]
    found = []
    for mechanism in MECHANISMS:
        name = mechanism.name
        now = arm.mechanisms.get(name, 0.0) if not arm.from_years.get(name) else 0.0
        setting = declared[f"mechanisms.{name}.intensity"]
        found.append(setting._replace(default=float(now), label=mechanism.label))
    return found + [
        declared[f"parameters.{key}"]._replace(default=study.parameters[key]) for key in OFFERED
    ]
