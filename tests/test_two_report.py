"""The page on two studies: planted differences are told, and every number is computed anew here."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from study_factory import LABELS, make_study

from analysis.changes import Line, Table
from analysis.comparisons import StudyError, load_comparison
from analysis.headline import headline
from analysis.intervals import wilson
from analysis.many_rows import holm, paired_p, shares_p
from analysis.report.bundle import digest
from analysis.study import Arm, Outcome
from analysis.two_report import Asked, Changed, build, cards, notes, tables, texts
from analysis.two_report.asked import ASKED, MOVES, NOTHING
from analysis.two_report.rows import EFFECTS, LEVELS, Found, Row, _counted, _rows, compare
from analysis.unpaired import NEWCOMBE, WELCH, means_apart, shares_apart
from analysis.words import MINUS

ATTACK = '<script>alert("x")</script>'
RATE = Changed("parameters.ladder.up_rate", "climb to the next rung", "1/year", "7", "5", MOVES,
               "not said; the default", "", "assumption: half of protests climb")  # fmt: skip
SEEDS = Changed("seeds", "histories per arm", "seeds", "200", "150", ASKED)
IDLE = Changed("threads", "threads", "threads", "empty", "1", NOTHING)


def asked(a: Path, b: Path, *changes: Changed, same_towns: bool = True, unlike: str = "") -> Asked:
    """Two folders under short names."""
    return Asked(("results/a", "results/b"), (load_comparison(a), load_comparison(b)), changes,
                 same_towns, unlike)  # fmt: skip


def shifted(folder: Path, by: int) -> Path:
    """The same runs under other seeds."""
    for path in folder.glob("part-*.parquet"):
        table = pq.read_table(path)
        at = table.column_names.index("seed")
        pq.write_table(table.set_column(at, "seed", [table["seed"].to_numpy() + by]), path)
    return folder


def runs_of(folder: Path) -> pd.DataFrame:
    """Runs that ended well as the parts hold them, one column per arm and outcome."""
    runs = pd.concat([pq.read_table(p).to_pandas() for p in sorted(folder.glob("part-*.parquet"))])
    return runs[runs["status"] == 0].pivot_table(index="seed", columns="arm", dropna=False)


def row_of(found: Found, what: str, arm: str, key: str) -> Row:
    """One row."""
    return next(row for row in found.of(what)
                if row.arm.name == arm and row.line.outcome == key)  # fmt: skip


def prose(source: str) -> str:
    """Text of the page without its script and style."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", source, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", text).replace("\u00a0", " ").replace("&#39;", "'")
    return re.sub(r"\s+", " ", text)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """In B the mechanisms do nothing, and crises are as frequent."""
    place = tmp_path_factory.mktemp("two")
    return (make_study(place / "a", crisis=0.6, histories=False),
            make_study(place / "b", crisis=0.6, effect=0.0, histories=False))  # fmt: skip


@pytest.fixture(scope="module")
def found(folders: tuple[Path, Path]) -> Found:
    return compare(asked(*folders, RATE, SEEDS, IDLE))


@pytest.fixture(scope="module")
def source(folders: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "page.html"
    build(asked(*folders, RATE, SEEDS, IDLE), path)
    return path.read_text(encoding="utf-8")


def test_every_difference_is_that_of_the_runs(
    found: Found, folders: tuple[Path, Path]
) -> None:
    a, b = map(runs_of, folders)
    assert found.paired
    assert len(found.of(LEVELS)) == 4 * 4
    assert len(found.of(EFFECTS)) == 4 * 3
    for row in found.rows:
        key, arm = row.line.outcome, row.arm.name
        own = [one[key][arm] - (one[key]["none"] if row.what == EFFECTS else 0.0)
               for one in (a, b)]  # fmt: skip
        assert row.line.difference == pytest.approx((own[1] - own[0]).mean(), abs=1e-9)
        assert row.line.before == pytest.approx(own[0].mean(), abs=1e-9)
        assert row.line.lo <= row.line.difference <= row.line.hi


def test_the_title_tells_the_planted_change_with_computed_numbers(
    found: Found, folders: tuple[Path, Path]
) -> None:
    a, b = map(runs_of, folders)
    key = "crisis_resource"
    effect = [round(100 * (one[key]["full"] - one[key]["none"]).mean()) for one in (a, b)]
    assert effect[0] < -20
    assert effect[1] == 0
    told = f"{MINUS}{-effect[0]} in 100 histories in A and 0 in 100 histories in B"
    label = found.outcomes[key].label
    assert texts.title(found) == (
        f"It mattered: the effect of {LABELS['full']} on {label} is {told}"
    )
    row = row_of(found, EFFECTS, "full", key)
    assert row.line.verdict == "worse"
    assert row.holds


def test_the_counts_in_words_are_those_of_the_rows(found: Found) -> None:
    every = sum(not row.line.reason for row in found.rows)
    for what, text in zip((LEVELS, EFFECTS), texts.in_short(found)[1:], strict=True):
        own = found.of(what)
        speaking = [row for row in own if not row.line.reason]
        clear = [row for row in speaking if row.line.lo > 0 or row.line.hi < 0]
        clear = [row for row in clear if row.line.differ]
        held = [row for row in clear if row.of_all <= 0.05]
        assert f"{len(speaking)} of {len(own)} rows may speak" in text
        assert f"excludes zero in {len(clear)}, and {len(held)} hold" in text
        assert f"all {every} rows counted" in text
        assert held
    assert f"about {0.05 * every:.1f} would exclude zero by chance" in notes.many_rows(found)
    steps = holm(np.array([row.p for row in found.rows if row.speaks]))
    assert [row.of_all for row in found.rows if row.speaks] == pytest.approx(steps.tolist())


def test_a_row_that_only_chance_may_have_moved_is_not_in_the_title(found: Found) -> None:
    line = Line("full", "crisis_resource", 90, 0.5, 0.4, -0.1, -0.19, -0.01, "", 40, "better", "")
    arm = Arm("full", "everything", {})
    rows = [Row(EFFECTS, arm, line, (90, 90), p) for p in (0.03, *[0.5] * 9)]
    own = found._replace(rows=_counted(rows))
    assert own.rows[0].of_all == pytest.approx(0.3)
    assert own.rows[0].clear
    assert not own.rows[0].holds
    assert texts.title(own) == (
        "No difference between A and B is seen that holds with all of 10 comparisons counted"
    )
    assert tables.holds_words(own.rows[0]) == "may be chance"


@pytest.mark.slow
@pytest.mark.parametrize("paired", [True, False], ids=["paired", "unpaired"])
def test_where_nothing_differs_few_pages_make_a_claim(paired: bool) -> None:
    """At most 5 in 100 by Holm's bound; more than 8 of 80 then come once in 50 tests (binomial)."""
    random, seeds = np.random.default_rng(3), 120
    outcomes = {
        "crisis_resource": Outcome("crisis_resource", "crisis", "", "lower", "probability", ""),
        "violent_incidents": Outcome("violent_incidents", "violence", "", "lower", "rate", ""),
        "worst_livelihood": Outcome("worst_livelihood", "living", "", "higher", "level", ""),
    }
    arms = tuple(Arm(name, name, {}) for name in ("none", "some", "full"))

    def drawn(luck: np.ndarray, mood: np.ndarray) -> Table:
        chance = luck[:, None] + 0.25 * random.random((seeds, 3)) < 0.5
        values = {
            "crisis_resource": chance.astype(float),
            "violent_incidents": random.poisson(np.exp(0.6 * mood + 0.5)[:, None], (seeds, 3)),
            "worst_livelihood": mood[:, None] + 0.5 * random.normal(size=(seeds, 3)),
        }
        return Table(values, np.zeros((seeds, 3), dtype=np.int8))

    claims = rows = clear = 0
    for _ in range(80):
        luck = [(random.random(seeds), random.normal(size=seeds)) for _ in "AB"]
        a, b = drawn(*luck[0]), drawn(*luck[0 if paired else 1])
        told = _counted(_rows(outcomes, arms, (a, b), paired=paired))
        claims += any(row.holds for row in told)
        rows += sum(row.speaks for row in told)
        clear += sum(row.clear for row in told)
    assert claims <= 8
    assert rows > 14 * 80
    assert 0.02 < clear / rows < 0.08, "a single interval excludes zero by chance in 1 of 20"


def test_the_same_runs_are_told_as_such(folders: tuple[Path, Path]) -> None:
    same = compare(asked(folders[0], folders[0]))
    assert texts.title(same) == (
        "Nothing that can move a number differs between A and B, and no history does"
    )
    idle = compare(asked(folders[0], folders[0], RATE))
    assert texts.title(idle) == "What changed moved nothing: no pair of histories differs"
    odd = compare(asked(*folders))
    assert texts.title(odd).endswith("yet their histories do")


def test_other_seeds_are_two_samples_and_it_is_said(tmp_path: Path) -> None:
    from scipy.stats import ttest_ind

    a = make_study(tmp_path / "a", crisis=0.6, histories=False)
    b = shifted(make_study(tmp_path / "b", crisis=0.6, effect=0.0, histories=False), 5000)
    found = compare(asked(a, b, RATE))
    assert not found.paired
    assert "none is shared, and 10 are needed" in notes.how_compared(found)
    assert "200 seeds of B (5,000 to 5,199)" in notes.how_compared(found)
    first, second = map(runs_of, (a, b))
    row = row_of(found, LEVELS, "full", "worst_livelihood")
    one, two = (own["worst_livelihood"]["full"] for own in (first, second))
    test = ttest_ind(two, one, equal_var=False)
    ends = test.confidence_interval()
    assert row.line.method == WELCH
    assert row.p == pytest.approx(test.pvalue)
    assert (row.line.lo, row.line.hi) == pytest.approx((ends.low, ends.high), rel=1e-3)
    row = row_of(found, EFFECTS, "full", "worst_livelihood")
    change = [own["worst_livelihood"]["full"] - own["worst_livelihood"]["none"]
              for own in (first, second)]  # fmt: skip
    assert row.line.difference == pytest.approx(change[1].mean() - change[0].mean())
    assert row_of(found, LEVELS, "full", "crisis_resource").line.method == NEWCOMBE
    assert tables.sizes(row, paired=False) == "200 and 200"
    assert "two independent samples" in notes.method_notes(found)[0]


def test_other_steps_in_time_are_other_luck(folders: tuple[Path, Path]) -> None:
    found = compare(asked(*folders, RATE, unlike="a draw belongs to the number of its step"))
    assert not found.paired
    assert "as a draw belongs to the number of its step." in notes.how_compared(found)


def test_the_score_interval_is_that_of_the_paper() -> None:
    """Newcombe (1998), example a, method 10: 56/70 against 48/80 is 0.2 (0.0524 to 0.3339)."""
    first, second = np.repeat([1.0, 0.0], [48, 32]), np.repeat([1.0, 0.0], [56, 14])
    apart = shares_apart(first, second)
    assert (apart.difference, apart.lo, apart.hi) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert shares_p(48, 80, 56, 70) == pytest.approx(0.00829, abs=5e-4)
    none = means_apart(np.zeros(40), np.zeros(60), rare=True)
    assert none.hi == pytest.approx(np.hypot(3 / 40, 3 / 60))


def test_few_pairs_that_differ_get_the_exact_sign_test() -> None:
    assert paired_p(np.array([1.0] * 8 + [0.0] * 90 + [-1.0])) == pytest.approx(20 / 512)
    assert paired_p(np.zeros(20)) == 1.0


def test_too_few_runs_say_nothing(tmp_path: Path) -> None:
    a, b = (make_study(tmp_path / name, seeds=8, effect=effect, histories=False)
            for name, effect in (("a", 0.5), ("b", 0.0)))  # fmt: skip
    found = compare(asked(a, b, RATE))
    assert texts.title(found) == "Whether it mattered cannot be said"
    assert not any(row.speaks for row in found.rows)
    assert "8 are shared, and 10 are needed" in notes.how_compared(found)
    assert "none of 16 rows may speak" in texts.in_short(found)[1]


def test_uneven_failures_silence_the_arm_and_are_listed(
    tmp_path: Path, folders: tuple[Path, Path]
) -> None:
    b = make_study(tmp_path / "b", crisis=0.6, effect=0.0, failing=30, histories=False)
    (b / "failures.json").write_text(json.dumps({"runs": [
        {"row": 300001, "arm": "full", "seed": 1, "error": f"line\nOverflow: {ATTACK}"}
    ]}), encoding="utf-8")  # fmt: skip
    found = compare(asked(folders[0], b, RATE))
    silent = {row.arm.name for row in found.rows if "uneven failures" in row.line.reason}
    assert silent == {"full"}
    row = texts.strongest(found)
    assert row is not None
    assert row.arm.name != "full"
    assert ("Failed or missing runs" in dict(notes.how_sure(found)))
    path = tmp_path / "page.html"
    build(found.asked, path)
    text = path.read_text(encoding="utf-8")
    assert ATTACK not in text
    assert "thalweg replay results/b 300001" in text
    assert tables.runs_table(found).rows[-1][1:] == ("200", "0", "0", "200", "30", "0")
    assert "B: 800 launched = 770 ok + 30 failed + 0 not there" in prose(text)


def test_other_towns_get_no_difference(folders: tuple[Path, Path], tmp_path: Path) -> None:
    found = compare(asked(*folders, RATE, same_towns=False))
    assert texts.title(found) == "The towns of A and B differ: no difference between them is given"
    assert found.rows == []
    assert cards.difference_cards(found) == []
    path = tmp_path / "page.html"
    build(found.asked, path)
    text = prose(path.read_text(encoding="utf-8"))
    assert "minus A" not in text
    assert "It mattered" not in text
    assert "thalweg diff" not in text.partition("Reproduce this")[2]
    assert len(tables.own_table(found).rows) == 2 * 4 * 3


def test_no_common_arm_is_refused_with_both_lists(tmp_path: Path) -> None:
    a = make_study(tmp_path / "a", arms=("none", "full"), seeds=20, histories=False)
    b = make_study(tmp_path / "b", arms=("idle", "data_sharing"), seeds=20, histories=False)
    with pytest.raises(StudyError, match="no arm in common: results/a has none, full"):
        compare(asked(a, b))


def test_one_common_arm_is_enough(tmp_path: Path) -> None:
    a = make_study(tmp_path / "a", arms=("none", "full"), crisis=0.6, histories=False)
    b = make_study(tmp_path / "b", arms=("none",), crisis=0.3, histories=False)
    found = compare(asked(a, b, RATE))
    assert found.of(EFFECTS) == []
    assert cards.own_card(found) is None
    first, second = (100 * runs_of(one)["crisis_resource"]["none"].mean() for one in (a, b))
    assert texts.title(found).endswith(
        f"{first:.0f} in 100 histories in A and {second:.0f} in 100 histories in B"
    )
    build(found.asked, tmp_path / "page.html")


def test_both_headlines_stand_on_the_page_on_one_scale(source: str, found: Found) -> None:
    text = prose(source)
    for study in found.asked.studies:
        assert headline(study).claim in text
    a, b = cards.side_cards(found)
    shares = [study.values("none", "crisis_resource") for study in found.asked.studies]
    for side, own in zip((a, b), shares, strict=True):
        assert side["cards"][0]["number"] == f"{100 * own.mean():.0f}"
        lo, hi = (round(100 * float(end)) for end in wilson(own.sum(), len(own)))
        assert f"{lo} to {hi}" in side["cards"][0]["interval"]
    said = texts.headlines_words(cards.heads(found), found.all_outcomes)
    assert said.startswith("Both headlines are about the same outcome and arm; A alone makes")
    assert "That one headline makes a claim and the other does not is no finding" in said
    same = texts.headlines_words((headline(found.asked.studies[0]),) * 2, found.all_outcomes)
    assert "both make a claim. That both say alike does not make them the same" in same


def test_headlines_of_other_outcomes_are_not_set_side_by_side(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    rare = make_study(tmp_path / "rare", crisis=0.1, histories=False)
    found = compare(asked(folders[0], rare, RATE))
    said = texts.headlines_words(cards.heads(found), found.all_outcomes)
    assert "A is about the chance of an interstate crisis" in said
    assert "B about the rate of uncontained incidents" in said
    assert "cannot be set side by side" in said
    assert "too few events" in row_of(found, LEVELS, "full", "crisis_resource").line.reason


def test_other_model_code_is_said_beside_the_pairs(folders: tuple[Path, Path]) -> None:
    code = Changed("model code", "the code", "", "ab12", "cd34", MOVES)
    assert "The model code differs, too" in notes.how_compared(compare(asked(*folders, code)))


def test_what_changed_is_told_with_label_unit_values_and_source(source: str) -> None:
    text = prose(source)
    for part in (RATE.key, RATE.source, "Climb to the next rung", "per year"):
        assert part in text
    differs = "1 setting that can move numbers differs: climb to the next rung"
    assert f"{differs}, 7 per year in A and 5 per year in B." in text
    assert "Can move a number (1)" in text
    assert "Ask for other histories of the same model (1)" in text
    assert "Move no number (1)" in text


def test_every_number_of_the_tables_stands_on_the_page(source: str, found: Found) -> None:
    text = prose(source)
    for card in cards.difference_cards(found):
        for row in card.table.rows:
            assert " ".join(row) in text
    for row in found.rows:
        drawn = tables.numbers(found.outcomes[row.line.outcome], row.line)
        assert drawn in text
    for command in ("thalweg report results/a results/b", "thalweg diff results/a results/b",
                    "thalweg compare region=testland seeds=200 years=20"):  # fmt: skip
        assert command in text


def test_the_same_folders_give_the_same_bytes_and_nothing_is_fetched(
    folders: tuple[Path, Path], source: str, tmp_path: Path
) -> None:
    build(asked(*folders, RATE, SEEDS, IDLE), tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == source
    assert not re.search(r"(src|href)=[\"'](?!#)", source)
    assert "connect-src 'none'" in source.replace("&#39;", "'")
    policy = source.replace("&#39;", "'").partition('Security-Policy" content="')[2]
    script = re.findall(r"<script>(.*?)</script>", source, re.DOTALL)[0]
    assert digest(script) in policy.partition('"')[0]
    assert len(source) < 400_000


def test_a_label_cannot_become_code(folders: tuple[Path, Path], tmp_path: Path) -> None:
    bad = RATE._replace(label=ATTACK, a=ATTACK, source=ATTACK)
    both = asked(*folders, bad)._replace(names=(ATTACK, "b"))
    build(both, tmp_path / "page.html")
    assert ATTACK not in (tmp_path / "page.html").read_text(encoding="utf-8")
