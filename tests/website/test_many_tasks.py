"""Fifty thousand tasks: the list has them all, holds few in the page, and finds the right ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.bulk import publish_many
from pipeline.query import query
from website import build

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many") / "curated"
    publish_many(folder, 50_000, 25)
    return folder


@pytest.fixture(scope="module")
def site(curated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("many-pages") / "site"
    build(curated, out)
    return out


def test_search_among_fifty_thousand(page: Page, site: Path, curated: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.wait_for_function("document.body.dataset.texts === 'ready'")
    assert page.locator("#count .zh").first.inner_text() == "50,000 项任务"
    assert page.locator(".row").count() < 60
    page.fill("#q", "编号0123")
    page.fill("[name=body]", "石渡市")
    page.select_option("[name=role]", "lead")
    page.select_option("[name=order]", "text")
    result = query(
        curated,
        "SELECT task_id, action FROM tasks WHERE contains(text, '编号0123') "
        "AND len(list_filter(lead, lambda x: contains(x, '石渡市'))) > 0 ORDER BY issue_id, char_start",
    )
    assert result is not None
    found = result.to_pylist()
    assert page.locator("#count .zh").first.inner_text() == f"{len(found)} 项任务"
    shown = page.locator(".row .go").all_inner_texts()
    assert shown == [row["action"] for row in found][: len(shown)]


def test_the_last_row_is_reached(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.select_option("[name=order]", "text")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    last = page.locator('.row[aria-posinset="50000"]')
    last.wait_for()
    assert page.locator(".row").count() < 60
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('.row').getAttribute('aria-posinset')") == "1"
