"""What is held while answers are checked: the student's folders, read once, and the answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.config_files import shown_path
from experiments.coursework_folder import Answers, Exercise
from experiments.exits import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from analysis.tidy import TidyStudy

HISTORY, COMPARISON, SWEEP = "history", "comparison", "sweep"
COMMANDS = {HISTORY: "run", COMPARISON: "compare", SWEEP: "sweep"}


class Expected(NamedTuple):
    """What is right. ``slips``: pairs of a slip's name and the value that betrays it.

    ``grain``: an error so small is none. ``reason``: slip of any other wrong answer, if known.
    """

    value: float | str
    slips: tuple[tuple[str, float | str], ...] = ()
    grain: float = 0.0
    reason: str = ""


class Held:
    """The studies that answers are about. Raises UsageError where one is missing or half done."""

    def __init__(self, exercise: Exercise, answers: Answers) -> None:
        self.exercise, self.answers = exercise, answers
        self._studies: dict[str, TidyStudy] = {}
        self._effects: dict[str, pd.DataFrame] = {}
        self.worked_out: dict[str, Any] = {}  # answers that several entries ask for

    def folder(self, name: str) -> Path:
        """Where a study of the exercise lies, beside the answers."""
        wanted = self.exercise.studies[name]
        said = self.answers.given.get(name)
        if said is None:
            raise UsageError(f"{self.answers.place.at(name)}: {name}: the folder that thalweg "
                             f"{COMMANDS[wanted['kind']]} wrote is wanted")  # fmt: skip
        path = Path(self.answers.folder) / str(said)
        if not path.is_dir():
            raise UsageError(f"{shown_path(path)}: no such folder. Make it as the text of the "
                             f"exercise says, or name another in {self.answers.place}")  # fmt: skip
        return path

    def manifest(self, name: str) -> dict[str, Any]:
        """What a folder says of itself; it is of the kind that is asked for."""
        from analysis.comparisons import is_sweep, read_manifest
        from analysis.study import StudyError

        path = self.folder(name)
        try:
            found = read_manifest(path)
        except StudyError as error:
            raise UsageError(str(error)) from None
        wanted = str(self.exercise.studies[name]["kind"])
        kind = HISTORY if found["command"] == "run" else SWEEP if is_sweep(found) else COMPARISON
        if kind != wanted:
            raise UsageError(f"{shown_path(path)}: a {kind}; a folder of thalweg "
                             f"{COMMANDS[wanted]} ({wanted}) is wanted here")  # fmt: skip
        return found

    def study(self, name: str) -> TidyStudy:
        """A comparison or sweep, whole, with the arms that the exercise asks for."""
        if name not in self._studies:
            self._studies[name] = self._whole(name)
        return self._studies[name]

    def _whole(self, name: str) -> TidyStudy:
        from analysis import load
        from analysis.study import StudyError

        self.manifest(name)
        path, wanted = self.folder(name), self.exercise.studies[name]
        try:
            found = load(path)
        except StudyError as error:
            raise UsageError(str(error)) from None
        missing = found.counts.pending + found.counts.aborted
        if missing:
            raise UsageError(f"{shown_path(path)}: {missing} of {found.counts.launched} runs are "
                             "not there; the command that made it goes on with it")  # fmt: skip
        arms = len(found.stored.arms)
        if arms < int(wanted.get("arms", 1)):
            raise UsageError(f"{shown_path(path)}: {arms} arms; the exercise compares "
                             f"{wanted['arms']}. Begin from its starter file")  # fmt: skip
        lacking = [key for key in wanted.get("outcomes", ()) if key not in found.stored.outcomes]
        if lacking:
            raise UsageError(f"{shown_path(path)}: does not keep {lacking[0]}; leave outcomes= as "
                             "the starter has it")  # fmt: skip
        return found

    def events(self, name: str) -> pd.DataFrame:
        """The event log of one history, one act a row."""
        import pandas as pd

        path = self.folder(name) / "events.csv"
        self.manifest(name)
        if not path.is_file():
            raise UsageError(f"{shown_path(path)}: missing; run the history again")
        return pd.read_csv(path)

    def arm(self, name: str, place: int) -> str:
        """Name of the arm at a place; 0 is the first."""
        return str(self.study(name).stored.arms[place].name)

    def effect(self, name: str, place: int, outcome: str) -> Mapping[str, Any]:
        """The paired effect of an arm on an outcome, as `analysis.tidy_effects` gives it."""
        if name not in self._effects:
            self._effects[name] = self.study(name).effects()
        every = self._effects[name]
        row = every[(every["arm"] == self.arm(name, place)) & (every["outcome"] == outcome)]
        return {str(key): value for key, value in row.iloc[0].items()}
