"""Everything that README and docs show as code is run by a test, or says here why it is not."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

import pytest
import test_coursework
import test_docs_run
import test_tutorials
import yaml
from conftest import ROOT
from test_docs import README, TAUGHT, name_of

LANGUAGES = ("sh", "bash", "python", "py", "yaml", "csv")
FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w+)\n(?P<body>.*?)^(?P=indent)```$",
                   re.DOTALL | re.MULTILINE)  # fmt: skip
PYTHON = {  # the test that runs every Python block of a page
    "README.md": "tests/test_docs.py::test_the_python_of_the_readme_runs",
    "docs/notebook.md": "tests/test_tidy.py::"
                        "test_the_example_of_the_notebook_page_runs_word_for_word",
    "docs/sensitivity.md": "tests/test_sensitivity.py::test_the_python_of_the_page_runs",
    **{name_of(page): "tests/test_docs_run.py::test_every_command_runs"
       for page in test_docs_run.PYTHON},
}  # fmt: skip


class Excuse(NamedTuple):
    """A block, or lines of one, that no test types: why, and the test that covers it, if any."""

    page: str
    line: str  # a pattern that the whole line, or the first line of a block, matches
    why: str
    test: str = ""


EXCEPTIONS = [
    Excuse("README.md", r"make (demo|test)", "the build of a clean checkout, hours in sum",
               "tests/test_docs_run.py::test_every_command_runs"),
    Excuse(".*", r"source .venv/bin/activate", "a word to the shell"),
    Excuse(".*", r".*python -m pip install .*|python3 -m venv .*", "installs"),
    Excuse(".*", r"npm pack .*|tar -x[zf]+ .*|sha256sum .*",
               "fetches or unpacks with programs of others; the unpacked capsule has its test",
               "tests/test_trust.py::"
               "test_the_capsule_is_equal_for_equal_folders_and_works_elsewhere"),
    Excuse(".*", r"cp .*", "copied by the tests themselves",
               "tests/test_docs.py::test_every_example_of_the_command_line_is_accepted"),
    Excuse(".*", r"thalweg live .*", "serves until it is stopped",
               "tests/test_live.py::test_it_opens_without_a_word_and_without_barriers"),
    Excuse(".*", r"thalweg validate.*", "minutes; with a small mix of borders",
               "tests/test_cli_validate.py::"
               "test_validate_writes_a_scorecard_and_goes_on_where_it_was"),
    Excuse("docs/validation.md", r"thalweg calibrate .*", "minutes; with a small budget",
               "tests/test_calibrate.py::test_a_calibration_goes_on_and_its_record_is_whole"),
    Excuse("docs/trust.md", r"thalweg (digest|verify) \..*", "in an unpacked capsule",
               "tests/test_trust.py::"
               "test_the_capsule_holds_nothing_of_the_machine_and_its_page_can_be_followed"),
    Excuse("docs/clusters.md", r"thalweg sweep .* engine=slurm .*", "needs a SLURM",
               "tests/test_engines_slurm.py"),
    Excuse("docs/clusters.md", r"dask (scheduler|worker) .*|.* engine.address=.*",
               "needs a scheduler elsewhere", "tests/test_engines.py::"
               "test_workers_of_a_scheduler_elsewhere_do_not_end_with_the_sweep"),
    Excuse("docs/clusters.md", r"(RAY_USAGE_STATS_ENABLED=0 )?\.venv-ray/bin/.*",
               "Ray is not installed where the tests run"),
    Excuse("docs/coursework/.*", r"thalweg coursework.*",
               "the check of answers, by the tests of the coursework",
               "tests/test_coursework.py::test_right_answers_pass_and_blanks_are_told"),
    Excuse("docs/how-to/languages.md", r"python -m experiments.messages.*",
               "writes the message files; they must be as it writes them",
               "tests/test_languages.py::test_the_file_is_as_the_command_writes_it"),
    Excuse("docs/extending.md", r"\.venv/bin/python -m experiments.document",
               "writes the documents; they must be as it writes them",
               "tests/test_docs.py::test_generated_parts_are_up_to_date"),
    Excuse("docs/extending.md", r"\.venv/bin/python -m tests.baseline|make check",
               "writes the baseline of the tests, and runs the tests"),
    Excuse("docs/how-to/new-study.md", r"# any.yaml",
               "a comment for an editor; the files with it are held to their schemas",
               "tests/test_new.py::test_each_file_names_a_schema_that_holds_it"),
    Excuse("docs/own-border.md", r"# bodies.yaml, a part of a pair",
               "a part of a file; its keys are those that a region may have",
               "tests/test_docs_blocks.py::test_the_body_of_the_own_border_is_one"),
]  # fmt: skip


class Block(NamedTuple):
    """A fenced block: its page and line, its language and text."""

    page: str
    line: int
    language: str
    body: str


def blocks() -> Iterator[Block]:
    """Every block of code of README and docs."""
    for path in [README, *sorted((ROOT / "docs").rglob("*.md"))]:
        text = path.read_text(encoding="utf-8")
        for found in FENCE.finditer(text):
            if found["language"] in LANGUAGES:
                yield Block(name_of(path), text.count("\n", 0, found.start()) + 1,
                            found["language"], textwrap.dedent(found["body"]))  # fmt: skip


def lines_run() -> dict[str, list[list[str]]]:
    """Words of the command lines that the tests type, by page."""
    run = {name_of(page): test_docs_run.typed(page) for page in test_docs_run.PAGES}
    for page in test_tutorials.PAGES:
        run[name_of(page)] = [shlex.split(line)[1:] for line in test_tutorials.commands(page)
                              if line.startswith("thalweg ")]  # fmt: skip
    for one in test_coursework.EXERCISES:
        run[name_of(one.folder / "README.md")] = [
            words if words[0] == "python" else words[1:]
            for words in test_coursework.commands(str(one.number)) if words[1] != "coursework"
        ]  # fmt: skip
    return run


def asked(block: Block) -> Iterator[str]:
    """What must be run of a block: command lines of a shell, else its first line."""
    if block.language not in {"sh", "bash"}:
        yield block.body.splitlines()[0]
        return
    for line in block.body.replace("\\\n", " ").splitlines():
        if typed := line.partition("  #")[0].strip():
            yield typed


def is_run(block: Block, line: str, run: dict[str, list[list[str]]]) -> bool:
    """True where a test runs the line, the block, or a command that takes the file."""
    if block.language in {"python", "py"}:
        return block.page in PYTHON
    if block.language in {"yaml", "csv"}:
        name = re.match(r"# (\S+\.(?:yaml|csv))$", line)
        taught = name and ROOT / block.page in {*TAUGHT, *test_docs_run.PAGES}
        mine = [word for words in run.get(block.page, []) for word in words]
        return bool(taught) and any(used(name[1]) in word for word in mine)  # type: ignore[index]
    words = shlex.split(line)
    return words in run.get(block.page, []) or words[1:] in run.get(block.page, [])


def used(name: str) -> str:
    """How a command names a file: a choice of a folder of choices by its name."""
    return name.rpartition("/")[2].removesuffix(".yaml") if "/" in name else name


def excused(block: Block, line: str) -> list[Excuse]:
    return [one for one in EXCEPTIONS
            if re.fullmatch(one.page, block.page) and re.fullmatch(one.line, line)]  # fmt: skip


def test_every_block_of_the_pages_is_run_or_says_why_not() -> None:
    run, every = lines_run(), list(blocks())
    assert len(every) > 100
    missing = [f"{block.page}:{block.line}: {line}" for block in every for line in asked(block)
               if not is_run(block, line, run) and not excused(block, line)]  # fmt: skip
    assert missing == [], "run it (tests/test_docs_run.py), or say here why no test can"


def test_no_exception_is_idle_and_each_names_a_test_that_there_is() -> None:
    lines = [(block, line) for block in blocks() for line in asked(block)]
    used_up = {one for block, line in lines for one in excused(block, line)}
    assert [one for one in EXCEPTIONS if one not in used_up] == []
    for test in {*PYTHON.values(), *(one.test for one in EXCEPTIONS if one.test)}:
        path, _, name = test.partition("::")
        assert f"def {name}" in (ROOT / path).read_text(encoding="utf-8"), test


@pytest.mark.parametrize(
    ("language", "body"),
    [("sh", "thalweg run region=nowhere\n"), ("sh", "rm -rf /\n"), ("py", "1 / 0\n"),
     ("yaml", "# nobody.yaml\na: 1\n"), ("yaml", "a: 1\n")],
)  # fmt: skip
def test_a_planted_block_is_found(language: str, body: str) -> None:
    block = Block("docs/science.md", 1, language, body)
    (line,) = asked(block)
    assert not is_run(block, line, lines_run())
    assert excused(block, line) == []


def test_the_body_of_the_own_border_is_one() -> None:
    from sim.region_fields import SECTIONS, SHARED_WORDS

    (block,) = [one for one in blocks() if "bodies.yaml, a part" in one.body]
    (body,) = yaml.safe_load(block.body)["bodies"]
    declared = SECTIONS["bodies"]
    for key, field in declared.numbers.items():
        assert field.lo <= body[key] <= field.hi
    assert {*body} <= {*declared.numbers, *declared.words, *SHARED_WORDS}
