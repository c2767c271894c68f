"""The site of docs/: built with warnings as errors, whole, and asking for nothing from outside."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import ROOT, environment
from playwright.sync_api import Browser

DOCS = ROOT / "docs"
# A page that the site leaves out on purpose: a line here, with a reason.
EXCLUDED: dict[str, str] = {}
TOCTREE = re.compile(r"^```\{toctree\}\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href",
         "object": "data", "embed": "src"}  # fmt: skip
OUTSIDE = re.compile(r"^(\w+:)?//|^(https?|ftp):")
LOADED_BY_STYLE = re.compile(r"(?:url\(|@import)\s*['\"]?([^'\")\s]+)")


class Page(HTMLParser):
    """What a page loads, where it leads, and the places in it that can be led to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one element."""
        given = {name: value or "" for name, value in attrs}
        self.places.add(given.get("id", ""))
        if LOADS.get(tag) in given:
            self.loads.append(given[LOADS[tag]])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])


def entries() -> Iterator[str]:
    """Names of pages in the tables of contents."""
    for page in DOCS.rglob("*.md"):
        for found in TOCTREE.findall(page.read_text(encoding="utf-8")):
            for line in found.splitlines():
                if line and not line.startswith(":"):
                    base = page.parent
                    yield from (
                        path.relative_to(DOCS).with_suffix("").as_posix()
                        for path in sorted(base.glob(f"{line}.md"))
                    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make site` builds it."""
    folder = tmp_path_factory.mktemp("site")
    words = ["-q", "-W", "--keep-going", "-b", "html", "-d", folder / "trees"]
    command = [sys.executable, "-m", "sphinx", *words, DOCS, folder / "site"]
    done = subprocess.run(command, env=environment(),
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "site"


def test_every_page_is_in_one_table_of_contents() -> None:
    listed = list(entries())
    assert len(listed) == len({*listed}), "a page stands in two tables of contents"
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")}
    assert pages - {*listed, *EXCLUDED} == {"index"}, "add it to a toctree of docs/index.md"
    assert {*EXCLUDED} <= pages, "an exception that is no longer needed"


def test_the_reference_holds_every_name() -> None:
    from experiments.main import COMMANDS, parser_of
    from sim.mechanisms import NAMES
    from sim.outcomes import OUTCOMES
    from sim.parameters import KEYS

    def held(page: str) -> str:
        return (DOCS / "reference" / f"{page}.md").read_text(encoding="utf-8")

    assert [key for key in KEYS if f"| `{key}` |" not in held("parameters")] == []
    assert [key for key in OUTCOMES if f"| `{key}` |" not in held("outcomes")] == []
    assert [name for name in NAMES if f"| `{name}` |" not in held("mechanisms")] == []
    sections = re.split(r"^## ", held("commands"), flags=re.MULTILINE)
    for name in COMMANDS:
        told = next(part for part in sections if part.startswith(f"{name}\n"))
        for option in re.findall(r"--[a-z-]+", parser_of(name).format_usage()):
            assert option in told, (name, option)


@pytest.mark.slow
def test_nothing_is_loaded_from_outside(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > len(list(DOCS.rglob("*.md")))
    outside = [(page.name, load) for page in pages for load in Page(page).loads
               if OUTSIDE.match(load)]  # fmt: skip
    assert outside == []
    for style in [*site.rglob("*.css"), *pages]:
        found = LOADED_BY_STYLE.findall(style.read_text(encoding="utf-8"))
        assert [load for load in found if OUTSIDE.match(load)] == [], style.name
    assert [path.name for path in site.rglob("*.woff*")] == []


@pytest.mark.slow
def test_links_of_the_site_lead_somewhere(site: Path) -> None:
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    broken = []
    for path, page in pages.items():
        for link in page.links:
            target, _, place = unquote(link).partition("#")
            if re.match(r"\w+:", target):
                continue
            there = (path.parent / target).resolve() if target else path
            known = pages[there].places if there in pages else {""}
            if not there.is_file() or (place and place not in known):
                broken.append((path.relative_to(site).as_posix(), link))
    assert broken == []


@pytest.mark.slow
@pytest.mark.browser
def test_it_opens_and_finds_from_a_folder_without_a_request(browser: Browser, site: Path) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    for name in ("index", "reference/parameters", "reference/python", "tutorials/policy"):
        page.goto((site / f"{name}.html").as_uri())
        wide = "document.documentElement.scrollWidth - innerWidth"
        assert page.evaluate(wide) <= 0, name
    page.goto((site / "search.html").as_uri() + "?q=drought")
    page.wait_for_selector("#search-results li a")
    found = page.eval_on_selector_all("#search-results li a", "a => a.map((e) => e.textContent)")
    assert "Parameters" in found
    page.context.close()
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert messages == []
