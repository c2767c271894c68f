"""The exercises: each runs as its text says, its right answers pass, and slips are named."""

from __future__ import annotations

import re
import runpy
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT
from coursework_solutions import fill, solve

from experiments.commands import COMMANDS
from experiments.coursework_asks import ASKS
from experiments.coursework_folder import FREE, MARKING, WORDS, exercises
from experiments.coursework_held import Expected
from experiments.coursework_marks import DESIGNS, is_right
from experiments.coursework_slips import SLIPS
from experiments.coursework_studies import MORE
from experiments.main import main, parser_of

COURSE = ROOT / "docs" / "coursework"
EXERCISES = exercises()
NUMBERS = [str(one.number) for one in EXERCISES]
SHORT = {"1": ("years=3",), "2": ("seeds=40", "years=3"), "3": ("seeds=12", "years=3"),
         "4": ("seeds=4", "years=1"), "5": ("seeds=40", "years=3"), "6": ("seeds=12", "years=3")}
SIMULATING = {"run", "compare", "sweep"}
FENCE = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
Solved = Callable[[str], Path]


def commands(number: str) -> list[list[str]]:
    """What the text of an exercise tells to type."""
    text = (EXERCISES[int(number) - 1].folder / "README.md").read_text(encoding="utf-8")
    return [shlex.split(line) for body in FENCE.findall(text) for line in body.splitlines()]


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Solved:
    """A folder of an exercise, simulated (shorter, with fewer seeds) as its text says, answered."""
    made: dict[str, Path] = {}
    right: dict[str, dict[str, Any]] = {}

    def of(number: str) -> Path:
        if number not in made:
            place = tmp_path_factory.mktemp("course") / number
            assert main(["coursework", "start", number, str(place)]) == 0
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(place)
                for program, *words in commands(number):
                    more = (*SHORT[number], "spinup_years=1") if words[0] in SIMULATING else ()
                    if program == "python":
                        runpy.run_path(words[0])
                    if program == "thalweg" and words[0] != "coursework":
                        parser_of(words[0]).parse_args(words[1:])
                        if number == "6" and words[0] == "regions":
                            own = (place / "towns.csv").read_text("utf-8")
                            (place / "towns.csv").write_text(own.replace("Low Ferry", "Own Town"))
                        assert main([*words, *more]) == 0, words
            made[number], right[number] = place, solve(number, place)
        fill(made[number], right[number])
        return made[number]

    return of


def checked(number: str, place: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and text of the check."""
    capsys.readouterr()
    code = main(["coursework", "check", number, str(place)])
    told = capsys.readouterr()
    return code, told.out + told.err


def line_of(text: str, entry: str) -> str:
    """What the check says of one entry, its wrapped lines joined."""
    found = re.search(rf"^  (?:right|wrong|blank|to read) +{re.escape(entry)}(?:  .*)?$"
                      r"(?:\n {12,}.*)*", text, re.MULTILINE)  # fmt: skip
    assert found, text
    return re.sub(r"\s+", " ", found[0])


def test_the_exercises_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coursework"]) == 0
    told = capsys.readouterr().out
    assert all(one.title in told for one in EXERCISES)
    assert [one.number for one in EXERCISES] == list(range(1, len(EXERCISES) + 1))


@pytest.mark.parametrize("one", EXERCISES, ids=lambda one: one.name)
def test_an_exercise_is_whole(one: Any) -> None:
    """Text, blanks and marking speak of the same entries; all that is asked for exists."""
    text = (one.folder / "README.md").read_text(encoding="utf-8")
    blanks = yaml.safe_load((one.folder / "answers.yaml").read_text(encoding="utf-8"))
    assert list(blanks) == ["exercise", *one.studies, *one.entries]
    assert blanks["exercise"] == one.name
    assert [key for key in one.entries if f"`{key}`" not in text] == []
    assert {entry["ask"] for entry in one.entries.values()} <= {*ASKS, *MORE, FREE, WORDS}
    assert {*one.designs} <= {*DESIGNS}
    assert all(heading in text for heading in ("**Aim.**", "## What you need to know",
               "## Do this", "## Questions", "## Hand in", "## Hints"))  # fmt: skip
    typed = commands(str(one.number))
    assert all(words[0] != "thalweg" or words[1] in COMMANDS for words in typed)
    assert not re.search(r"\]\((?!https?:)", text), "links break in a copied folder"


def test_every_slip_in_the_code_has_words() -> None:
    named = {slip for path in (ROOT / "experiments").glob("coursework_*.py")
             if path.name != "coursework_slips.py"
             for slip in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', path.read_text())}  # fmt: skip
    named |= {"anecdote", "level", "sign", "unpaired"}
    assert named == {*SLIPS}


@pytest.mark.slow
@pytest.mark.parametrize("number", NUMBERS)
def test_right_answers_pass_and_blanks_are_told(
    number: str, solved: Solved, capsys: pytest.CaptureFixture[str]
) -> None:
    place = solved(number)
    code, told = checked(number, place, capsys)
    assert code == 0, told
    assert " 0 wrong, 0 blank" in told
    entries = EXERCISES[int(number) - 1].entries
    keys = [key for key, entry in entries.items() if entry["ask"] != FREE]
    fill(place, dict.fromkeys(keys))
    code, told = checked(number, place, capsys)
    assert code == 1
    assert f"{len(keys)} blank" in told


Answer = dict[str, Any]
PLANTED: list[tuple[str, dict[str, tuple[Callable[[Answer], Any], str]]]] = [
    ("1", {"acts": (lambda a: a["acts"] + 1, ""),
           "busiest_pair": (lambda _: "KG-TJ", "nations-for-pair"),
           "chain": (lambda a: a["chain"] - 1, "arrows-for-acts"),
           "violent_acts": (lambda a: a["violent_acts"] * 1000, ""),
           "shows_that_it_works": (lambda _: True, "anecdote"),
           "story": (lambda _: "it helps", "")}),
    ("2", {"finished": (lambda a: a["finished"] // 3, "one-arm"),
           "difference": (lambda a: -a["difference"], "sign"),
           "rate_with": (lambda a: a["rate_without"], "other-arm"),
           "worsened": (lambda a: a["worsened"] / 100, "share-for-points"),
           "lower": (lambda a: a["upper"], "other-end"),
           "seeds_for_half": (lambda a: a["seeds_for_half"] // 2, "twice-for-four")}),
    ("2", {"difference": (lambda a: a["rate_with"], "level")}),
    ("4", {"moves_most": (lambda _: "rain", ""),
           "points": (lambda a: a["finished"], "runs-for-points"),
           "luck": (lambda a: a["luck"] / 100, "share-for-points")}),
    ("5", {"rivals": (lambda a: a["rivals"] + 1, "best-among-rivals"),
           "number_of_mixes": (lambda _: 3, "mechanisms-for-mixes")}),
    ("5", {"budget": (lambda _: 0.001, ""),
           "best_mix": (lambda _: "mutual_aid", "over-budget")}),
    ("5", {"best_mix": (lambda _: "BC", "not-a-name")}),
    ("6", {"second_mechanism": (lambda a: a["first_mechanism"], "other-arm")}),
    ("6", {"first_mechanism": (lambda _: "the first", "not-a-name")}),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("number", "planted"), PLANTED)
def test_planted_slips_are_named(
    number: str, planted: dict[str, Any], solved: Solved, capsys: pytest.CaptureFixture[str]
) -> None:
    place = solved(number)
    right = yaml.safe_load((place / "answers.yaml").read_text("utf-8"))
    fill(place, {key: made(right) for key, (made, _) in planted.items()})
    code, told = checked(number, place, capsys)
    assert code == 1
    for entry, (_, slip) in planted.items():
        if entry != "budget":
            line = line_of(told, entry)
            assert line.strip().startswith("wrong"), line
            assert (f"[{slip}]" if slip else "") in line


@pytest.mark.slow
@pytest.mark.parametrize(("number", "entry"), [("5", "best_mix"), ("6", "first_mechanism")])
def test_labels_are_names_too(
    number: str, entry: str, solved: Solved, capsys: pytest.CaptureFixture[str]
) -> None:
    place = solved(number)
    right = yaml.safe_load((place / "answers.yaml").read_text("utf-8"))[entry]
    label = " + ".join(part.replace("_", " ").capitalize() for part in right.split("+"))
    fill(place, {entry: label})
    _, told = checked(number, place, capsys)
    assert line_of(told, entry).strip().startswith("right")


@pytest.mark.slow
def test_what_a_table_prints_may_be_pasted(
    solved: Solved, capsys: pytest.CaptureFixture[str]
) -> None:
    place = solved("2")
    right = yaml.safe_load((place / "answers.yaml").read_text("utf-8"))
    pasted = f"{right['difference']:.3f}".replace("-", "\u2212")
    fill(place, {"difference": pasted, "claim": str(right["claim"]).capitalize()})
    _, told = checked("2", place, capsys)
    for entry in ("difference", "claim"):
        assert line_of(told, entry).strip().startswith("right"), told


@pytest.mark.slow
def test_an_unpaired_interval_and_a_claim_over_zero_are_named(
    solved: Solved, capsys: pytest.CaptureFixture[str]
) -> None:
    from analysis import load

    place = solved("2")
    study = load(place / "study")
    runs = study.runs().pivot_table(index="seed", columns="arm", values="violent_incidents")
    a, b = runs["none"], runs["data_sharing"]
    low = (b.mean() - a.mean()) - 1.96 * ((a.var() + b.var()) / len(a)) ** 0.5
    right = yaml.safe_load((place / "answers.yaml").read_text("utf-8"))
    planted: dict[str, Any] = {"lower": float(low)}
    unclear = [key for key in ("claim", "claim_third") if right[key] == "no claim"]
    assert unclear, "so few seeds leave one of two open"
    fill(place, planted | dict.fromkeys(unclear, "better"))
    _, told = checked("2", place, capsys)
    assert "[unpaired]" in line_of(told, "lower")
    assert "[claimed-over-zero]" in line_of(told, unclear[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "slip"),
    [(("parameters.budget.fixed=0.7",), "two-things"),
     (("parameters.drought.severity_mean=0.3",), "nothing-changed"),
     (("seed=5",), "other-seeds")],
)  # fmt: skip
def test_a_comparison_of_two_folders_that_is_none_is_named(
    words: tuple[str, ...], slip: str, solved: Solved, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    place = solved("3")
    monkeypatch.chdir(place)
    short = (*SHORT["3"], "spinup_years=1", f"out={slip}")
    assert main(["compare", "--config", "changed.yaml", *short, *words]) == 0
    fill(place, {"after": slip})
    code, told = checked("3", place, capsys)
    fill(place, {"after": "after"})
    assert code == 1
    assert f"[{slip}]" in told


@pytest.mark.slow
def test_the_towns_of_the_starter_are_no_own_region(
    solved: Solved, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = solved("6")
    towns = (place / "towns.csv").read_text("utf-8")
    monkeypatch.setattr("csv.DictReader", lambda _: [
        {"name": line.partition(",")[0]} for line in towns.splitlines()[2:]])  # fmt: skip
    code, told = checked("6", place, capsys)
    assert code == 1
    assert "[starter-towns]" in told


@pytest.mark.parametrize(
    ("given", "value", "right"),
    [(-0.25, -0.2467, True), (-0.2, -0.2467, False), (-0.3, -0.2467, False), (0.0, 0.2, False),
     (12, 12.05, True), (2.95, 2.9499, True), ("no", "no", True), ("no", "yes", False)],
)  # fmt: skip
def test_a_number_is_right_as_far_as_it_was_rounded(
    given: float | str, value: float | str, right: bool
) -> None:
    assert is_right(given, Expected(value)) is right


@pytest.mark.parametrize(
    ("words", "cause"),
    [(["chekc", "1"], "Did you mean 'check'?"), (["check"], "of which exercise?"),
     (["check", "9"], "There are 1, 2, 3"), (["check", "2", "nowhere"], "no such folder"),
     (["start", "1", "a", "b"], "one argument too many"), (["check", "pairs"], "no exercise")],
)  # fmt: skip
def test_a_mistake_of_use_is_one_line(
    words: list[str], cause: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["coursework", *words]) == 2
    told = capsys.readouterr().err
    assert cause in told
    assert len(told.splitlines()) == 2
    assert list(here.iterdir()) == []


def test_starting_never_overwrites_and_hands_out_no_marking(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["coursework", "start", "2"]) == 0
    assert not (here / "2-pairs-and-luck" / MARKING).exists()
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    assert main(["coursework", "start", "2"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("text", "cause"),
    [("exercise: 3-change-an-assumption\n", "these are answers to '3-change-an-assumption'"),
     ("diffrence: 1\n", "Did you mean 'difference'?"), ("difference: lots\n", "a number is wanted"),
     ("claim: bettr\n", "Did you mean 'better'?"), ("finished: 1.5\n", "a whole number"),
     ("- a\n", "one per line"), ("study: elsewhere\n", "no such folder"),
     ("difference: [1, 2]\n", "one value is wanted"), ("study:\n", "is wanted")],
)  # fmt: skip
def test_a_mistyped_answer_is_told_in_one_line(
    text: str, cause: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "answers.yaml").write_text(text, encoding="utf-8")
    assert main(["coursework", "check", "2"]) == 2
    told = capsys.readouterr().err
    assert cause in told
    assert len(told.splitlines()) == 2


@pytest.mark.slow
def test_the_wrong_kind_and_a_half_done_folder_are_told_in_one_line(
    solved: Solved, capsys: pytest.CaptureFixture[str]
) -> None:
    place = solved("2")
    fill(place, {"study": str(solved("1") / "history")})
    code, told = checked("2", place, capsys)
    assert code == 2
    assert "a comparison" not in told.split("(")[0]
    assert "thalweg compare (comparison) is wanted" in told
    fill(place, {"study": "study"})
    part = max((place / "study").glob("part-*.parquet"))
    hidden = part.with_suffix(".hidden")
    part.rename(hidden)
    code, told = checked("2", place, capsys)
    hidden.rename(part)
    assert code == 2
    assert len(told.splitlines()) == 2
