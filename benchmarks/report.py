"""The report as a reader meets it: its bytes, when words and charts are there, heap, paper.

``python -m benchmarks.report``: one real study and one real sweep through the commands that a user
types, each report opened in headless Chromium anew, in a window without a cache. Times are medians
of the visits, from the start of the navigation: words are there at the first contentful paint, a
chart once its drawing stands in the page. Bars are judged in docs/benchmarks.md, by no test.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from benchmarks.machine import made
from benchmarks.sweep import watched
from experiments.benchmark_document import PAGE, REPORT_LINES, REPORT_STORE, page, told

NAMES = ("chromium", "chromium-browser", "google-chrome")
STUDY = ["compare", "region=fergana", "arms=none,data_sharing,joint_committee,full",
         "seeds=200", "years=20"]  # fmt: skip
SWEEP = ["sweep", "--yes", "region=synthetic", "arms=none,full", "years=5",
         "parameters.drought.rate_factor=0.5,1,1.5", "seeds=20"]  # fmt: skip
VISITS, SHEETS = 7, b"/Type /Page\n"
WATCH = """
window.drawn = [];
new MutationObserver((changes) => {
  for (const change of changes) if (!change.oldValue) drawn.push(performance.now());
}).observe(document, { subtree: true, attributeFilter: ["data-drawn"], attributeOldValue: true });
"""
TEXT = "(performance.getEntriesByName('first-contentful-paint')[0]?.startTime || 0)"


def visited(browser: Browser, report: Path) -> dict[str, float]:
    """Milliseconds until words, the first and the last chart; bytes of the heap; sheets."""
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    opened = context.new_page()
    opened.add_init_script(WATCH)
    opened.goto(report.as_uri())
    while not opened.evaluate(f"document.documentElement.dataset.ready === 'yes' && {TEXT} > 0"):
        time.sleep(0.05)
    drawn = opened.evaluate("drawn") or [0.0]
    found = {"text_ms": opened.evaluate(TEXT), "first_chart_ms": drawn[0], "charts_ms": drawn[-1]}
    session = context.new_cdp_session(opened)
    session.send("HeapProfiler.collectGarbage")
    found["heap_bytes"] = session.send("Runtime.getHeapUsage")["usedSize"]
    found["sheets"] = opened.pdf(format="A4", print_background=True).count(SHEETS)
    context.close()
    return found


def medians(browser: Browser, report: Path) -> dict[str, float]:
    """The middle of the visits, one more before them to warm the machine; and the bytes."""
    each = [visited(browser, report) for _ in range(VISITS + 1)][1:]
    middle = {key: float(np.median([one[key] for one in each])) for key in each[0]}
    return {**middle, "bytes": report.stat().st_size}


def measure() -> dict[str, Any]:
    """Everything about both reports, by the names of report.json."""
    room, load = Path(tempfile.mkdtemp(prefix="thalweg-bench-")), [os.getloadavg()[0]]
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        sys.exit(f"none of {', '.join(NAMES)} was found: install Chromium")
    try:
        watched([*STUDY, f"out={room / 'study'}"])
        watched([*SWEEP, f"out={room / 'sweep'}"])
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            load.append(os.getloadavg()[0])
            study = medians(browser, room / "study" / "report.html")
            swept = medians(browser, room / "sweep" / "report.html")
            version = browser.version
            browser.close()
    finally:
        shutil.rmtree(room)
    swept = {f"sweep_{key}": value for key, value in swept.items() if "chart" not in key}
    return {**study, **swept, "chromium": version, "made": made(load)}


def main() -> None:
    """Measure, print, keep."""
    found = measure()
    print(*told(found, REPORT_LINES), sep="\n")
    REPORT_STORE.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    print("", f"written: benchmarks/{REPORT_STORE.name}, docs/{PAGE.name}", sep="\n")


if __name__ == "__main__":
    main()
