"""What a student gets wrong: one plain message, exit code 2, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT, Command

from experiments.main import main

NATION = "  - {name: KG, label: Kyrgyzstan"
INDENT = "name: mine\nlabel: Mine\n  start_year: 2026\n"

# (what, command, what the message must name: cause, then cure)
TWELVE = (
    ("wrong key", "compare parameters.drought.severty_mean=0.4",
     "unknown setting", "Did you mean 'parameters.drought.severity_mean'?"),
    ("wrong group", "compare regoin=upper_rhine", "regoin", "Did you mean 'region'?"),
    ("wrong group", "run mechanism=full", "mechanism (", "Did you mean 'mechanisms'?"),
    ("intensity 1.5", "run mechanisms=full mechanisms.joint_committee.intensity=1.5",
     "1.5 is outside the range", "Allowed: 0 to 1."),
    ("text for a number", "compare years=twenty", "'twenty' is not a number", "1 to 200 years"),
    ("country: NO", "run region=no.yaml", "read as false", "Put it in quotes"),
    ("bad indentation", "run region=indent.yaml", "indent.yaml:3:13", "Check the indentation"),
    ("missing =", "compare years 20", "key=value without spaces", "Write years=20"),
    ("spaces round =", "compare years = 20", "without spaces", "Write years=20"),
    ("unknown region", "compare region=fergan", "unknown region", "Did you mean 'fergana'?"),
    ("negative years", "run years=-5", "-5 years is outside", "Allowed: 1 to 200 years."),
    ("years=1e9", "run years=1e9", "1000000000 years is outside", "Allowed: 1 to 200 years."),
    ("+typo=3", "compare +typo=3", "'+' is refused", "Settings: about, arms, chunk"),
    ("+ before a key", "compare +years=3", "'+' is refused", "Leave out the '+'"),
    ("swept key mistyped", "compare mechanisms.joint_comittee.intensity=0.2,0.5",
     "unknown setting", "Did you mean 'mechanisms.joint_committee.intensity'? Also: several"),
)  # fmt: skip
MORE = (
    ("sweep", "compare years=5,10", "several values are given", "use thalweg sweep"),
    ("one arm", "compare arms=none", "two arms at least", "arms=none,full"),
    ("unknown arm", "compare arms=none,ful", "no mechanism 'ful'", "Did you mean 'full'?"),
    ("arm twice", "compare arms=full,full", "named twice", "arms"),
    ("none in a bundle", "compare arms=none,none+exchanges", "none+exchanges", "join different"),
    ("no effect", "run mechanisms.exchanges.intensity=0.5", "absent", "mechanisms=exchanges"),
    ("unknown mode", "run mechanisms=full mechanisms.exchanges.mode=negotiate",
     "not one of the allowed words", "Allowed: absent, imposed, negotiated"),
    ("unknown dyad", "run mechanisms=full mechanisms.exchanges.dyads=Isfara-Batke",
     "no pair of towns 'Isfara-Batke'", "Did you mean 'Isfara-Batken'?"),
    ("dyads, no effect", "run mechanisms.exchanges.dyads=Isfara-Batken", "absent",
     "mechanisms=exchanges"),
    ("full without nothing", "compare arms=none,full-exchange", "no mechanism 'full-exchange'",
     "Did you mean 'full-exchanges'?"),
    ("negotiated twice", "compare arms=none,exchanges+exchanges-negotiated", "join different",
     "arms"),
    ("mode in compare", "compare mechanisms.exchanges.mode=imposed",
     "the arms say", "leave it out"),
    ("never begins", "run mechanisms=full years=5 mechanisms.exchanges.from_year=7",
     "not before the end", "never begin"),
    ("code", "run _target_=os.system", "cannot run code", "Leave it out"),
    ("hydra", "run hydra.run.dir=x", "refused", "Leave it out"),
    ("bare name", "run severity_mean=0.4", "unknown", "'parameters.drought.severity_mean'"),
    ("whole number", "compare seeds=1.5", "1.5 is not a whole number", "Allowed: 1 to 1000000"),
    ("no value", "run seed=", "no value is given", "seed=VALUE"),
    ("region option", "run region.municipalities=5", "only region=synthetic", "Copy the file"),
    ("synthetic", "run region=synthetic region.nations=99", "99 nations is outside", "1 to 6"),
    ("set of mechanisms", "run mechanisms=al", "no prepared set 'al'", "full"),
    ("off", "run mechanisms=off", "no prepared set 'off'", "mechanisms=none"),
    ("config file", "run --config gone.yaml", "no such file", "gone.yaml"),
    ("config folder", "run --config-dir gone", "no such folder", "gone"),
)  # fmt: skip


@pytest.mark.parametrize(("what", "words", "cause", "cure"), TWELVE)
def test_each_of_the_twelve_mistakes(
    what: str, words: str, cause: str, cure: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write_regions(here)
    before = sorted(here.rglob("*"))
    assert main(words.split()) == 2, what
    captured = capsys.readouterr()
    _check_message(words, captured.err, cause, cure)
    assert captured.out == ""
    assert sorted(here.rglob("*")) == before


@pytest.mark.slow
def test_the_twelve_mistakes_as_a_user_meets_them(thalweg: Command, tmp_path: Path) -> None:
    """Each in a process of its own: exit code 2, two lines, no traceback, nothing written."""
    _write_regions(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    for what, words, cause, cure in TWELVE:
        done = thalweg(*words.split())
        assert done.returncode == 2, what
        _check_message(words, done.stderr, cause, cure)
        assert done.stdout == ""
        assert sorted(tmp_path.rglob("*")) == before, what


@pytest.mark.parametrize(("what", "words", "cause", "cure"), MORE)
def test_other_mistakes(
    what: str, words: str, cause: str, cure: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words.split()) == 2, what
    captured = capsys.readouterr()
    assert cause in captured.err
    assert cure in captured.err
    assert captured.out == ""
    assert list(here.iterdir()) == []


def test_every_mistake_is_told_at_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = "compare yeers=5 seeds=0 tick_weeks=9 arms=none,ful threads=two region=mars"
    assert main(words.split()) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "thalweg compare: 6 mistakes; nothing was run or written."
    named = {line.split(maxsplit=1)[0] for line in lines[1:7]}
    assert named == {"yeers", "seeds", "tick_weeks", "arms", "threads", "region"}
    assert all("(command line: " in line for line in lines[1:7])


def _check_message(words: str, text: str, cause: str, cure: str) -> None:
    command = words.split(maxsplit=1)[0]
    message, *helps = text.strip().splitlines()
    assert message.startswith(f"thalweg {command}: ")
    assert cause in message
    assert cure in message
    assert helps == [f"Help: thalweg {command} --help"]


def _write_regions(folder: Path) -> None:
    """A region with an unquoted NO as a nation's name, and one with bad indentation."""
    text = (ROOT / "configs" / "region" / "fergana.yaml").read_text(encoding="utf-8")
    assert NATION in text
    (folder / "no.yaml").write_text(text.replace(NATION, NATION.replace("KG", "NO")))
    (folder / "indent.yaml").write_text(INDENT)
