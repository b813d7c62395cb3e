"""A reviewer's decisions, from the page to corrections.jsonl."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import records as sample
from hostile_issue import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

KEYS = [
    *("action", "table", "issue_id", "id", "char_start", "char_end", "quote", "before", "after"),
    *("evidence", "fields", "note", "by", "at"),
]
_SELECT = """([from, to]) => {
  const size = (p) => Array.from(p.textContent).length, lines = [...document.querySelectorAll("#text p")];
  const line = lines.find((p) => Number(p.dataset.o) <= from && to <= Number(p.dataset.o) + size(p));
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT), range = document.createRange();
  let at = Number(line.dataset.o);
  while (walker.nextNode()) {
    const node = walker.currentNode, points = Array.from(node.data);
    const units = (n) => points.slice(0, n).join("").length;
    if (from >= at && from < at + points.length) range.setStart(node, units(from - at));
    if (to > at && to <= at + points.length) range.setEnd(node, units(to - at));
    at += points.length;
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


@pytest.fixture
def text(curated: Path) -> str:
    return (curated / "text" / f"{sample.ISSUE}.txt").read_text(encoding="utf-8")


def issue(page: Page, site: Path) -> None:
    page.goto((site / "issues" / f"{sample.ISSUE}.html").as_uri())


def exported(page: Page, tmp_path: Path) -> list[dict[str, Any]]:
    with page.expect_download() as download:
        page.click("#export")
    assert download.value.suggested_filename == "corrections.jsonl"
    path = tmp_path / "corrections.jsonl"
    download.value.save_as(path)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def check(line: dict[str, Any], text: str) -> None:
    """The form of a line, and that its words are those of the canonical text."""
    start, end = line["char_start"], line["char_end"]
    assert list(line) == KEYS
    assert line["quote"] == text[start:end] != ""
    assert line["before"] == text[max(start - 20, 0) : start]
    assert line["after"] == text[end : end + 20]
    assert line["issue_id"] == sample.ISSUE
    assert line["evidence"] is None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line["at"])


def test_confirm_wrong_and_edit(page: Page, site: Path, text: str, tmp_path: Path) -> None:
    issue(page, site)
    page.select_option("#order", "text")
    first, second = page.locator(".card.task").nth(0), page.locator(".card.task").nth(1)
    second.locator(".decide.wrong").first.click()
    second.locator(".why").fill("不是任务")
    first.locator(".decide.confirm").first.click()
    assert "2 条" in page.locator("#tray summary").inner_text()
    first.locator(".decide.edit").first.click()  # takes the place of the confirmation
    page.fill("#field-action", "完成试验河道清淤和复绿")
    page.fill("#field-support", "云海市财政局\n云海市水务集团")
    page.fill("#field-due_on", "2026-05-31")
    page.select_option("#field-modality", "must")
    page.fill("#field-note", "附件已改")
    page.click("text=保存批改")
    page.locator("#tray input").fill("甲组")
    page.locator("#tray input").blur()
    wrong, edit = exported(page, tmp_path)
    for line in (wrong, edit):
        check(line, text)
    assert (wrong["action"], wrong["table"], wrong["id"]) == ("wrong", "tasks", f"{sample.ISSUE}/1/1#2")
    assert (wrong["fields"], wrong["note"], wrong["by"]) == ({}, "不是任务", "甲组")
    assert edit["id"] == f"{sample.ISSUE}/1/1#1"
    assert edit["fields"] == {
        "action": "完成试验河道清淤和复绿",
        "modality": "must",
        "support": ["云海市财政局", "云海市水务集团"],
        "due_on": "2026-05-31",
    }
    assert edit["note"] == "附件已改"
    assert page.locator("#export").count() == 0
    assert "已导出 2 条" in page.locator("#tray").inner_text()


def test_parts_are_corrected_too(page: Page, site: Path, text: str, tmp_path: Path) -> None:
    issue(page, site)
    page.select_option("#order", "text")
    page.locator(".card.task h3").first.click()
    number = page.locator('.card.open .part[data-ref="g1"]')
    number.locator(".decide.edit").click()
    page.fill("#field-low", "很多")
    page.click("text=保存批改")
    assert page.locator("#form[open]").count() == 1  # digits are asked for
    page.fill("#field-low", "95.50")
    page.fill("#field-unit", "")
    page.click("text=保存批改")
    assert page.locator("#form[open]").count() == 1  # a number has a unit
    page.fill("#field-unit", "千米")
    page.click("text=保存批改")
    page.locator('.card.open .part[data-ref="r0"] .decide.confirm').click()
    edit, confirm = exported(page, tmp_path)
    check(edit, text)
    check(confirm, text)
    assert (edit["table"], edit["fields"]) == ("targets", {"low": "95.50", "unit": "千米"})
    assert (confirm["table"], confirm["action"]) == ("responsibilities", "confirm")


def test_selected_words_become_a_record(page: Page, site: Path, text: str, tmp_path: Path) -> None:
    issue(page, site)
    start = text.index("每年汛期前")
    page.evaluate(_SELECT, [start - 1, start + 5])  # with the stop before it
    page.locator('#add-bar [data-table="deadlines"]').click()
    assert page.input_value("#field-printed") == "每年汛期前"
    page.click("text=保存批改")
    assert "周期" in page.locator(".problem").inner_text()  # a time says when
    page.fill("#field-recurrence", "yearly")
    page.click("text=保存批改")
    (line,) = exported(page, tmp_path)
    check(line, text)
    assert (line["action"], line["table"], line["id"]) == ("add", "deadlines", None)
    assert (line["char_start"], line["quote"]) == (start, "每年汛期前")
    assert line["fields"] == {"printed": "每年汛期前", "recurrence": "yearly", "basis": "explicit"}


def test_offsets_are_code_points(page: Page, site: Path, text: str, tmp_path: Path) -> None:
    issue(page, site)
    start = text.index("𠀀") + 1
    assert start < len(HOSTILE)
    page.evaluate(_SELECT, [start, start + 1])
    page.locator('#add-bar [data-table="tasks"]').click()
    page.click("text=保存批改")
    (line,) = exported(page, tmp_path)
    check(line, text)
    assert line["quote"] == "𠀀"


def test_decisions_are_kept_until_they_are_exported(context: BrowserContext, site: Path) -> None:
    page = context.new_page()
    issue(page, site)
    page.locator(".card.task .decide.confirm").first.click()
    page.reload()
    assert page.locator(".card.task .decide.confirm[aria-pressed=true]").count() == 1
    assert "1 条" in page.locator("#tray summary").inner_text()
    page.locator(".card.task .decide.confirm").first.click()  # the same again takes it back
    assert page.locator("#tray").is_hidden()
    page.reload()
    assert page.locator("#tray").is_hidden()


def test_keys_decide(page: Page, site: Path) -> None:
    issue(page, site)
    page.keyboard.press("j")
    page.keyboard.press("c")
    assert page.locator(".card.open .state.confirm").count() == 1
    page.keyboard.press("w")
    assert page.locator(".card.open .state.wrong").count() == 1
    page.keyboard.press("e")
    assert page.locator("#form[open]").count() == 1
    page.click("text=保存批改")
    assert "没有改动" in page.locator(".problem").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#form[open]").count() == 0


def test_a_browser_that_keeps_nothing_says_so(context: BrowserContext, site: Path, text: str, tmp_path: Path) -> None:
    context.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } })")
    page = context.new_page()
    issue(page, site)
    page.locator(".card.task .decide.confirm").first.click()
    assert "请导出" in page.locator("#tray .warn").inner_text()
    (line,) = exported(page, tmp_path)
    check(line, text)
    assert line["by"] is None
