"""The report as a file: bytes, size, policy, escaping, and numbers that agree with the study."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from plotly.offline import get_plotlyjs
from study_factory import LABELS, OUTCOMES, make_study

from analysis.comparisons import StudyError, load_comparison
from analysis.effects import effects
from analysis.figures import FIGURES
from analysis.headline import headline
from analysis.report import build
from analysis.report.bundle import digest, json_text
from analysis.report.icons import icon_array, quantile_dots

pytestmark = pytest.mark.slow

ATTACK = '<script>alert("x")</script><img src=x onerror=alert(1)>'


class Page(HTMLParser):
    """Elements, their attributes and the text of the page."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep a text under its element."""
        self.texts.setdefault(self.open[-1] if self.open else "", []).append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of all elements of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def prose(self) -> str:
        """All text that a reader may see."""
        parts = (t for tag, texts in self.texts.items() if tag not in ("script", "style")
                 for t in texts)  # fmt: skip
        return re.sub(r"\s+", " ", " ".join(parts))


def packed_of(source: str, name: str) -> dict:
    """What the page carries packed, by name."""
    found = re.search(rf'<script type="text/plain" id="{name}">(.*?)</script>', source, re.DOTALL)
    assert found is not None
    return json.loads(gzip.decompress(base64.b64decode(found.group(1))))


def tables_of(source: str) -> dict:
    """The tables that the page carries, packed."""
    return packed_of(source, "tables")


def words_of(source: str) -> dict:
    """The words that the page carries, those of its views unpacked."""
    found = re.search(
        r'<script type="application/json" id="words">(.*?)</script>', source, re.DOTALL
    )
    assert found is not None
    content = json.loads(found.group(1))
    for key, views in packed_of(source, "views").items():
        content[key]["views"] = views
    return content


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_study(tmp_path_factory.mktemp("report") / "s")


@pytest.fixture(scope="module")
def source(folder: Path) -> str:
    return build(folder).read_text(encoding="utf-8")


def test_the_report_and_the_headline_lie_in_the_folder(folder: Path, source: str) -> None:
    assert (folder / "report.html").is_file()
    text = (folder / "headline.txt").read_text(encoding="utf-8")
    assert text == headline(load_comparison(folder)).text + "\n"
    assert not list(folder.glob(".*.tmp"))


def test_the_same_study_gives_the_same_bytes(folder: Path, source: str, tmp_path: Path) -> None:
    again = build(folder, tmp_path / "deep" / "again.html")
    assert again.read_text(encoding="utf-8") == source
    assert (tmp_path / "deep" / "headline.txt").is_file()


def test_the_report_is_small(source: str) -> None:
    assert len(source.encode()) < 2_500_000


def test_the_report_of_many_arms_is_small_too(tmp_path: Path) -> None:
    names = ("data_sharing", "joint_committee", *(f"mechanism_{k}" for k in range(15)))
    arms = ("none", *names, "full", *(f"full-{name}" for name in names), "negotiated")
    written = build(make_study(tmp_path / "s", arms=arms, seeds=60))
    assert written.stat().st_size < 2_500_000


def test_a_folder_that_is_no_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError):
        build(tmp_path)
    assert not list(tmp_path.iterdir())


def test_nothing_is_fetched_and_the_policy_says_so(source: str) -> None:
    page = Page(source)
    assert not page.named("link")
    assert not page.named("iframe")
    assert not [a for a in page.named("img") if "src" in a]
    assert not [a for a in page.named("script") if "src" in a]
    assert all(a["href"].startswith("#") for a in page.named("a") if a["href"])
    assert not [k for _, a in page.tags for k in a if k == "style" or k.startswith("on")]
    policy = next(a["content"] for a in page.named("meta") if a.get("http-equiv"))
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.split("style-src-attr")[0]


def test_every_script_and_style_is_named_by_its_hash(source: str) -> None:
    policy = re.search(r'Policy" content="([^"]+)"', source).group(1)
    for tag in ("script", "style"):
        for body in re.findall(rf"<{tag}>(.*?)</{tag}>", source, re.DOTALL):
            raw = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
            assert f"'sha256-{raw}'" in policy
    packed = re.search(r'id="plotly"[^>]*>([^<]*)<', source).group(1)
    assert gzip.decompress(base64.b64decode(packed)).decode() == get_plotlyjs()
    assert digest(get_plotlyjs()) in policy


def test_every_number_of_the_cards_is_computed(folder: Path, source: str) -> None:
    study = load_comparison(folder)
    effect = effects(study)["full", "crisis_resource"]
    page = Page(source)
    shown = re.findall(r'<p class="big"><b>(\d+)</b> in 100', source)
    assert shown == [str(round(100 * v)) for v in (effect.reference_mean, effect.arm_mean)]
    filled = [drawing.count('class="event"') for drawing in re.findall(
        r'<svg class="icons".*?</svg>', source, re.DOTALL)]  # fmt: skip
    assert [str(count) for count in filled] == shown
    assert f"{round(effect.better * effect.n)} of {effect.n} pairs" in page.prose
    assert "Not a forecast" in page.prose
    assert "simulated, not observed" in page.prose


def test_the_page_carries_the_frames_digit_by_digit(folder: Path, source: str) -> None:
    study = load_comparison(folder)
    view = words_of(source)["forest"]["views"]["crisis_resource"]
    at = [column[0] for column in view["columns"]].index("difference")
    expected = [effects(study)[a.name, "crisis_resource"].difference for a in study.arms[1:]]
    rows = tables_of(source)["forest"]["crisis_resource"]
    assert rows[at] == pytest.approx(expected, rel=1e-9)


def test_sections_stand_in_their_order(source: str) -> None:
    page = Page(source)
    assert [a["id"] for a in page.named("section")] == [
        "headline", "time", "works", "money", "where", "history", "methods", "glossary",
    ]  # fmt: skip
    targets = {a["href"][1:] for a in page.named("a")}
    assert targets <= {a["id"] for _, a in page.tags if "id" in a}
    assert len(page.named("h1")) == 1


def test_plots_have_text_alternatives_and_tables_names(source: str) -> None:
    page = Page(source)
    plots = [a for a in page.named("div") if a.get("class") == "plot"]
    drawn = {a["data-figure"] for a in page.named("article") if "data-figure" in a}
    assert drawn == {*FIGURES, "frontier"}, "a figure has no place in analysis/report/outline.py"
    assert len(plots) == len(drawn)
    assert all(a["role"] == "img" and len(a["aria-label"] or "") > 40 for a in plots)
    scrolls = [a for a in page.named("div") if a.get("class") == "scroll"]
    assert all(a["role"] == "region" and a["aria-label"] and a["tabindex"] == "0" for a in scrolls)


def test_methods_hold_command_sources_licences_and_assumptions(source: str) -> None:
    prose = Page(source).prose
    for part in (
        "thalweg compare region=testland seeds=200 years=20",
        "GeoNames",
        "CC BY 4.0",
        "Natural Earth",
        "plotly.js",
        "Capacity is assumed from its width.",
        "drought.rate",
        "800 runs launched: 800 ended well, 0 failed",
        "What this model cannot say",
        "0123456789abcdef",
        "Definition of hazard damage",
        "million US dollars of 2020",
    ):
        assert part in prose, part


def test_every_text_of_a_study_is_escaped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LABELS, "full", ATTACK)
    label, *rest = OUTCOMES["crisis_resource"]
    monkeypatch.setitem(OUTCOMES, "crisis_resource", (label + ATTACK, *rest))
    folder = make_study(tmp_path / "s", seeds=60, label=ATTACK)
    for name in ("region.json", "provenance.json", "history-none.json", "declarations.json"):
        path = folder / name
        content = path.read_text(encoding="utf-8")
        quoted = json.dumps(ATTACK)[1:-1]
        for word in ("Arden", "Capacity is", "Linux", "What it is", "Nation A"):
            content = content.replace(word, word + quoted)
        path.write_text(content, encoding="utf-8")
    source = build(folder).read_text(encoding="utf-8")
    page = Page(source)
    assert "<script>alert" not in source
    assert not page.named("img")
    assert "alert" not in "".join(page.texts["title"]).replace(ATTACK, "")
    assert ATTACK in " ".join(page.texts["h3"]) or ATTACK in page.prose


def test_a_refusal_is_a_report_too(tmp_path: Path) -> None:
    source = build(make_study(tmp_path / "s", failing=5)).read_text(encoding="utf-8")
    prose = Page(source).prose
    assert "No claim, and why" in prose
    assert "5 runs of 800 did not finish" in prose
    assert "5 failed" in prose


def test_another_headline_outcome_gets_its_distribution(tmp_path: Path) -> None:
    source = build(make_study(tmp_path / "s", crisis=0.03)).read_text(encoding="utf-8")
    assert source.count('<svg class="dots"') == 2
    assert "Why this outcome?" in source
    assert "little to prevent" in source


def test_a_study_of_one_arm_still_reports(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "s", arms=("none",), seeds=20, histories=False)
    source = build(folder).read_text(encoding="utf-8")
    assert "nothing to compare" in source
    assert 'id="works"' not in source


def test_json_in_the_page_cannot_end_its_script() -> None:
    assert "<" not in json_text({"a": "</script><!--", "b": "\u2028&"})
    with pytest.raises(ValueError, match="JSON"):
        json_text({"a": float("nan")})


def test_drawings_count_their_dots() -> None:
    assert str(icon_array(0.314, "x")).count('class="event"') == 31
    assert str(quantile_dots([1.0, 2.0, 3.0], 0.0, 4.0, "x")).count("<circle") == 20
    assert str(quantile_dots([], 0.0, 1.0, "x")) == ""
