"""Pages in headless Chromium: every page of the house, a visit, an audit, a walk with the Tab key.

`PAGES` names every page that the house writes. One line there, and the bars of
test_pages_browser.py hold for a new page, whatever sections it has.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from axe_playwright_python.base import AXE_FILE_PATH
from beside_factory import make_beside
from playwright.sync_api import Browser, BrowserContext, Page
from study_factory import make_study
from sweep_factory import make_sweep

import analysis.report
import analysis.sweep_report
import analysis.two_report
from analysis.comparisons import load_comparison
from analysis.two_report import Asked, Changed
from analysis.two_report.asked import ASKED
from experiments.main import main

WIDE, PHONE, SMALL = (1360, 900), (390, 844), (320, 700)
SCHEMES = ("light", "dark")
NAMES = ("chromium", "chromium-browser", "google-chrome")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective));
window.clickable = new Set();
const listen = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (type, ...rest) {
  if (type === "click" && this instanceof Element) clickable.add(this);
  return listen.call(this, type, ...rest);
};
window.$$ = (selector, root = document) => [...root.querySelectorAll(selector)];
window.CONTROLS = "a[href], button, select, input, textarea, summary, [tabindex='0']";
window.controls = () => $$(CONTROLS).filter((e) => !e.disabled && e.checkVisibility());
"""
SHORTEN = "$$('.scroll tbody').forEach((t) => [...t.rows].slice(4, -1).forEach((r) => r.remove()))"
SMALL_TARGETS = """controls()
.filter((e) => e.tabIndex >= 0 && !(e.matches('a') && e.closest('p, main li, td, dd')))
.map((e) => [e, e.getBoundingClientRect()]).filter(([, r]) => r.width < 24 || r.height < 24)
.map(([e]) => e.outerHTML.slice(0, 80))"""
HERE = """() => {
  const now = document.activeElement, ring = getComputedStyle(now);
  const box = now.getBoundingClientRect();
  const drawn = ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 2;
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return [stops.indexOf(now), drawn && inside, now.outerHTML.slice(0, 80)];
}"""


class Kind(NamedTuple):
    """A page: its template, and how to make one with everything in it below a folder."""

    template: str
    make: Callable[[Path], Path]
    sheets: int = 15  # of paper, at most


def _report(room: Path) -> Path:
    return analysis.report.build(make_study(room / "s", seeds=120, crisis=0.6))


def _sweep(room: Path) -> Path:
    return analysis.sweep_report.build(make_sweep(room / "s", failing=3))


def _beside(room: Path) -> Path:
    """The report with every answer that other studies give."""
    study, beside = make_beside(room)
    return analysis.report.build(study, None, beside)


def _two(room: Path) -> Path:
    """B without effects and with failed runs."""
    a = make_study(room / "a", crisis=0.6, histories=False)
    b = make_study(room / "b", crisis=0.6, effect=0.1, failing=3, histories=False)
    studies = (load_comparison(a), load_comparison(b))
    seeds = Changed("seeds", "histories per arm", "seeds", "200", "150", ASKED)
    asked = Asked(("results/a", "results/b"), studies, (seeds,), True, "")
    analysis.two_report.build(asked, room / "page.html")
    return room / "page.html"


def _replay(room: Path) -> Path:
    """Three arms side by side over three years."""
    words = ("region=fergana", "years=3", "spinup_years=1", "seed=7", "arms=none,negotiated,full")
    assert main(["run", *words, "--replay", str(room / "page.html")]) == 0
    return room / "page.html"


PAGES = {
    "report": Kind("page.html.j2", _report),
    "sweep": Kind("sweep.html.j2", _sweep),
    "beside": Kind("page.html.j2", _beside),
    "two": Kind("two.html.j2", _two),
    "replay": Kind("replay.html.j2", _replay, sheets=40),  # every act in words
}


class Visit:
    """One open page with everything that it said and asked for."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.messages: list[str] = []
        self.requests: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.add_init_script(LISTEN)
        self.page.goto(address)
        self.wait("document.documentElement.dataset.ready === 'yes'")

    def wait(self, condition: str, seconds: float = 30) -> None:
        """Poll from outside: the page's policy forbids evaluating strings inside."""
        end = time.monotonic() + seconds
        while not self.page.evaluate(condition):
            assert time.monotonic() < end, condition
            time.sleep(0.03)

    def check(self) -> None:
        """Nothing was said, fetched or refused so far."""
        assert self.messages == []
        assert self.page.evaluate("violations") == []
        assert [url for url in self.requests[1:] if not url.startswith(("data:", "blob:"))] == []

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - innerWidth")

    def colour(self, which: str) -> str:
        """A colour of the whole page as the browser has it."""
        return self.page.evaluate(f"getComputedStyle(document.body).{which}")

    def open_everything(self) -> None:
        """All details open, and what they fill in when opened is there."""
        self.page.evaluate("$$('details').forEach((d) => (d.open = true))")
        before, now = -1, 0
        while now != before:
            self.page.wait_for_timeout(150)
            before, now = now, self.page.evaluate("$$('*').length")

    def switch(self, scheme: str) -> None:
        """Let the reader's system ask for light or dark; charts are drawn anew."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.evaluate("typeof page === 'object' && page.redraw ? page.redraw() : null")

    def shorten(self) -> None:
        """Leave some rows of each table: they differ in their text, and contrast takes long."""
        self.page.evaluate(SHORTEN)

    def barriers(self, without: str = "", least: int = 40) -> list[str]:
        """What axe-core finds: rule, what it asks for, the first places.

        ``least``: more rules than that must have found something to pass on the page.
        """
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(Path(AXE_FILE_PATH).read_text(encoding="utf-8"))
        options: dict[str, Any] = {"runOnly": RULES, "resultTypes": ["violations"]}
        options |= {"preload": False, "rules": {without: {"enabled": False}} if without else {}}
        found = self.page.evaluate("(options) => axe.run(document, options)", options)
        assert len(found["passes"]) > least, "the audit did not see the page"
        return [
            f"{v['id']}: {v['help']}: {[n['html'][:120] for n in v['nodes'][:4]]}"
            for v in found["violations"]
        ]

    def small_targets(self) -> list[str]:
        """Controls under 24 by 24 pixels, links within a sentence left out (WCAG 2.2, 2.5.8)."""
        return self.page.evaluate(SMALL_TARGETS)

    def tab_through(self) -> list[tuple[int, bool, str]]:
        """Press Tab until focus leaves the page: place of each stop in the page, seen, markup."""
        self.page.evaluate("document.activeElement.blur()")
        self.page.evaluate("getSelection().setPosition(document.body, 0)")
        most = self.page.evaluate("(window.stops = controls()).length")
        found = []
        for _ in range(most + 5):
            self.page.keyboard.press("Tab")
            place, seen, markup = self.page.evaluate(HERE)
            if markup.startswith("<body"):
                break
            found.append((place, seen, markup))
        return found

    def heap_bytes(self) -> int:
        """Bytes that scripts hold once everything that can be thrown away is."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("HeapProfiler.collectGarbage")
        return session.send("Runtime.getHeapUsage")["usedSize"]

    def printed_pages(self) -> int:
        """Sheets of A4 that the page takes on paper."""
        return self.page.pdf(format="A4", print_background=True).count(b"/Type /Page\n")


def visit(browser: Browser, page: Path, size: tuple[int, int], scheme: str, at: str = "") -> Visit:
    """Open a page, or the report of a folder, in a window of its own."""
    file = page / "report.html" if page.is_dir() else page
    wanted: dict[str, Any] = {"viewport": {"width": size[0], "height": size[1]}}
    context = browser.new_context(
        color_scheme=scheme, reduced_motion="reduce", accept_downloads=True, **wanted
    )
    return Visit(context, f"{file.as_uri()}{at}")


def rgb(token: str) -> str:
    """A colour token as a browser tells it."""
    return f"rgb({', '.join(str(int(token[at : at + 2], 16)) for at in (1, 3, 5))})"


def chromium() -> str:
    """Path of the browser. Raises AssertionError where there is none."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path is not None, (
        f"none of {', '.join(NAMES)} was found; leave out with -m 'not browser'"
    )
    return path
