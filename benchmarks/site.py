"""How long the site takes: to build, to show its first page, to search it.

    python -m benchmarks.site                 # 5,000 and 50,000 invented tasks, in Chromium without a window

First view: from the start of the navigation until the first rows are in the page, as the browser's clock has it.
Search: from the text of a query until the list shows what was found.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from benchmarks.bulk import publish_many
from website import build

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_SEARCH = """words => {
  const field = document.getElementById("q");
  const start = performance.now();
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return performance.now() - start;
}"""
_FIRST_VIEW = "performance.getEntriesByName('gongbao:first-view')[0].startTime"


def measure(page: Page, site: Path, rounds: int) -> dict[str, float]:
    """Medians in milliseconds."""
    views, searches = [], []
    for _ in range(rounds):
        page.goto((site / "index.html").as_uri())
        page.wait_for_function("document.body.dataset.texts === 'ready'")
        views.append(page.evaluate(_FIRST_VIEW))
        page.evaluate(_SEARCH, "先备")  # makes the index
        searches.append(page.evaluate(_SEARCH, "水利局 泊位 编号0000"))
    return {"first view": median(views), "search": median(searches)}


def main() -> int:
    """Print a line for each size."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tasks", type=int, nargs="+", default=[5000, 50000])
    arguments.add_argument("--rounds", type=int, default=5)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for tasks in given.tasks:
            curated, site = Path(folder) / f"{tasks}", Path(folder) / f"site-{tasks}"
            publish_many(curated, tasks, max(tasks // 1000, 1))
            start = time.process_time()
            build(curated, site)
            built = time.process_time() - start
            found = measure(browser.new_page(), site, given.rounds)
            size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) / 1e6
            print(
                f"{tasks:6,} tasks: built in {built:.1f} s of processor time, {size:.0f} MB; "
                f"first view {found['first view']:.0f} ms (aim: 1000), search {found['search']:.0f} ms"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
