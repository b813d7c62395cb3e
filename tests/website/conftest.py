"""A site of invented issues, and Chromium to open it from disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import records as sample
from hostile_issue import hostile_records, publish_file

from pipeline.publish import publish, stage, to_tables
from website import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="package")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample of the repository, and a small issue with hostile words."""
    root = tmp_path_factory.mktemp("published")
    publish_file(ROOT / "raw" / "yunhai-2025-03.md", root / "curated", root / "sample")
    rows, text = hostile_records()
    stage(to_tables(rows), text, root / "hostile")
    publish(root / "hostile", root / "curated", sample.ISSUE, "99", 2025)
    return root / "curated"


@pytest.fixture(scope="package")
def site(curated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, in a path with a space and Chinese characters."""
    out = tmp_path_factory.mktemp("pages") / "公报 site"
    build(curated, out)
    return out


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium without a window and without a network of its own."""
    if not CHROMIUM.is_file():
        pytest.skip(f"needs Chromium at {CHROMIUM}")
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright: make test installs it")
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile; its pages may ask for no address and write no error."""
    made = browser.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    made.set_default_timeout(60_000)
    complaints: list[str] = []
    made.on("request", lambda r: None if r.url.startswith(("file:", "blob:")) else complaints.append(r.url))
    # Who goes to the next page ends what the last one was still reading.
    made.on("requestfailed", lambda r: None if r.failure == "net::ERR_ABORTED" else complaints.append(r.url))
    made.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    made.on("weberror", lambda e: complaints.append(str(e.error)))
    yield made
    made.close()
    assert complaints == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
