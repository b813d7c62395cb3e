"""The pages as a reader uses them, opened from disk: no request but for files, no error in the console."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import records as sample
from hostile_issue import HOSTILE, publish_file

from pipeline import parse
from pipeline.query import query
from website import build
from website.rendering import file_name

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES = ["index", "issues", "departments", "deadlines", "targets", "checks", "residuals"]
SOURCE = Path(__file__).parents[2] / "raw" / "yunhai-2025-03.md"


@pytest.fixture(scope="module")
def issue_id() -> str:
    return parse(SOURCE).issue_id


def address(site: Path, path: str, fragment: str = "") -> str:
    return (site / path).as_uri() + (f"#{fragment}" if fragment else "")


def start(page: Page, site: Path, fragment: str = "") -> None:
    """Open the start page; clauses are searched as well once they are there."""
    page.goto(address(site, "index.html", fragment))
    page.wait_for_function("document.body.dataset.texts === 'ready'")


def actions(page: Page) -> list[str]:
    return page.locator(".row .go").all_inner_texts()


def wanted(curated: Path, where: str) -> int:
    result = query(curated, f"SELECT count(*) AS n FROM tasks WHERE {where}")
    assert result is not None
    return int(result.to_pylist()[0]["n"])


def counted(page: Page) -> int:
    return int(page.locator("#count .zh").first.inner_text().split()[0].replace(",", ""))


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_in_both_widths(page: Page, site: Path, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(address(site, f"{name}.html"))
    if page.locator(".vega").count():
        page.wait_for_selector(".vega svg, .vega[hidden]", state="attached")
    assert page.locator("h1").inner_text()
    assert page.locator("nav [aria-current=page]").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.broken") is None


def test_the_list_has_all_tasks_and_filters_agree_with_the_tables(page: Page, site: Path, curated: Path) -> None:
    start(page, site)
    assert counted(page) == wanted(curated, "true")
    page.fill("#q", "岸电 泊位")
    assert counted(page) == wanted(curated, "contains(text, '岸电') AND contains(text, '泊位')") > 0
    page.fill("#q", "")
    page.fill("[name=body]", "云海市水利局")
    assert counted(page) == wanted(
        curated, "list_contains(list_concat(lead, responsible, support, implement), '云海市水利局')"
    )
    page.select_option("[name=role]", "lead")
    assert counted(page) == wanted(curated, "list_contains(lead, '云海市水利局')") > 0
    page.fill("[name=body]", "")
    page.select_option("[name=role]", "")
    page.fill("[name=from]", "2026-01-01")
    page.fill("[name=to]", "2026-12-31")
    assert counted(page) == wanted(curated, "due_on BETWEEN '2026-01-01' AND '2026-12-31'") > 0
    days = page.locator(".row time").all_inner_texts()
    assert days == sorted(days)
    page.click("text=清除")
    page.check("[name=review]")
    assert counted(page) == wanted(curated, "review")
    page.uncheck("[name=review]")
    page.fill("[name=indicator]", "淘汰")
    where = "len(list_filter(targets, lambda x: contains(x.indicator, '淘汰'))) > 0"
    assert counted(page) == wanted(curated, where) > 0


def test_regions(page: Page, site: Path, curated: Path) -> None:
    start(page, site)
    page.select_option("[name=region]", "990100")
    assert counted(page) == wanted(curated, f"issue_id = '{sample.ISSUE}'") == 2
    page.goto(address(site, "index.html", "region=990000"))  # a province has its cities
    page.select_option("[name=issue]", sample.ISSUE)
    assert counted(page) == 2


def test_filters_are_in_the_address(page: Page, site: Path) -> None:
    start(page, site)
    page.fill("#q", "闸门")
    page.fill("#q", "截污率")
    page.check("[name=dated]")
    shown, here = actions(page), page.url
    assert "dated=1" in here
    assert shown == ["完成试验河道清淤"]
    page.goto("about:blank")
    page.goto(here)
    page.wait_for_selector(".row")
    assert actions(page) == shown
    assert page.input_value("#q") == "截污率"


def test_keys_of_the_list(page: Page, site: Path) -> None:
    start(page, site)
    page.keyboard.press("/")
    page.keyboard.type("清淤")
    page.keyboard.press("Enter")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == first
    page.keyboard.press("Enter")
    page.wait_for_selector(".card.open")
    assert page.locator(".card.open h3").text_content() == first
    page.keyboard.press("?")
    assert page.locator("dialog.help[open]").count() == 1
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.help", state="detached")


def test_the_language_is_remembered(page: Page, site: Path) -> None:
    page.goto(address(site, "index.html"))
    assert page.locator("h1").inner_text() == "任务"
    page.click("#language")
    assert page.locator("h1").inner_text() == "Tasks"
    page.goto(address(site, "checks.html"))
    assert page.locator("h1").inner_text() == "Checks"
    assert page.get_attribute("html", "lang") == "en"
    assert page.get_attribute("#q", "placeholder") == "Search findings"


def test_the_first_tab_skips_to_the_content(page: Page, site: Path) -> None:
    page.goto(address(site, "issues.html"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_record_marks_its_evidence_and_evidence_opens_its_record(page: Page, site: Path, issue_id: str) -> None:
    page.goto(address(site, f"issues/{file_name(issue_id)}"))
    card = page.locator(".card.task").nth(3)
    name = card.get_attribute("data-ref")
    card.locator("h3").click()
    marked = page.locator(f'#text [data-r~="{name}"]')
    assert marked.count() > 0
    assert marked.evaluate_all("all => all.every((one) => one.classList.contains('active'))")
    assert page.locator("#text .active").count() == marked.count()
    body = page.locator("#text .lead").first
    ref = str(body.get_attribute("data-r")).split()[0]
    body.click()
    assert page.locator(f'.card.open [data-ref="{ref}"].chosen').count() == 1
    assert body.evaluate("one => one.classList.contains('part-active')")
    page.keyboard.press("Escape")
    assert page.locator(".card.open").count() == 0


def test_the_text_is_the_canonical_text(page: Page, site: Path, curated: Path, issue_id: str) -> None:
    text = (curated / "text" / f"{issue_id}.txt").read_text(encoding="utf-8")
    page.goto(address(site, f"issues/{file_name(issue_id)}"))
    shown = page.locator("#text p").evaluate_all("all => all.map((one) => [Number(one.dataset.o), one.textContent])")
    assert all(text[at : at + len(words)] == words for at, words in shown)
    assert [words for _, words in shown] == [line for line in text.split("\n") if line]


def test_kinds_differ_without_colour(page: Page, site: Path, issue_id: str) -> None:
    page.goto(address(site, f"issues/{file_name(issue_id)}"))
    style = """one => {
      const s = getComputedStyle(one);
      return [s.textDecorationStyle, s.textDecorationLine, s.boxShadow !== "none"].join();
    }"""
    kinds = ("lead", "support", "implement", "time", "number")
    found = {kind: page.locator(f"#text .k.{kind}").first.evaluate(style) for kind in kinds}
    assert len(set(found.values())) == len(kinds), found
    letter = page.locator("#text .e-lead").first.evaluate("one => getComputedStyle(one, '::after').content")
    assert "牵" in letter


def test_what_waits_for_review_comes_first(page: Page, site: Path, curated: Path, issue_id: str) -> None:
    page.goto(address(site, f"issues/{sample.ISSUE}.html"))
    first = page.locator(".card").first
    assert first.locator(".badge.review").count() == 1
    assert HOSTILE in first.locator("h3").text_content()
    page.select_option("#order", "text")
    assert page.locator(".card.task h3").first.text_content() == "完成试验河道清淤"
    page.select_option("#show", "review")
    assert page.locator(".card.task").count() == 1


def test_the_address_names_a_record_a_table_or_a_cell(page: Page, site: Path, issue_id: str) -> None:
    issue = f"issues/{file_name(issue_id)}"
    page.goto(address(site, issue, f"{issue_id}/1/t1:2:3"))
    assert page.locator("td.active").inner_text() == "480"
    page.goto(address(site, issue, f"{issue_id}/r1"))
    page.wait_for_selector(".card.residual.open")
    assert page.locator("#text .left.active").count() > 0


def test_narrow_screens_show_text_or_records(page: Page, site: Path, issue_id: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address(site, f"issues/{file_name(issue_id)}"))
    assert page.locator("#text-pane").is_visible() and not page.locator("#records-pane").is_visible()
    page.click("#tab-records")
    page.locator(".card.task h3").first.click()
    assert page.locator("#text-pane").is_visible() and not page.locator("#records-pane").is_visible()
    page.locator("#text .active").first.click()
    assert page.locator(".card.open").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_findings_lead_to_their_records(page: Page, site: Path) -> None:
    page.goto(address(site, "checks.html"))
    page.fill("#q", "期限可以计算")
    assert page.locator(".findings li:visible").count() == 1
    page.click(".findings li:visible .ids a")
    page.wait_for_selector(".card.open")
    assert page.locator(".card.open .id code").text_content() == f"{sample.ISSUE}/1/1#2"


def test_residuals_have_reasons_with_notes(page: Page, site: Path) -> None:
    page.goto(address(site, "residuals.html"))
    assert "action.title" in page.locator(".reasons summary").all_inner_texts()[0]
    assert page.locator(".reasons summary small").first.inner_text().startswith("The heading of a measure")
    page.locator(".reasons li a").first.click()
    page.wait_for_selector(".card.residual.open")


def test_bodies_sort_and_have_their_page(page: Page, site: Path, curated: Path) -> None:
    page.goto(address(site, "departments.html"))
    numbers = [int(n) for n in page.locator("tbody td b").all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True)
    page.click("th button >> nth=0")
    assert int(page.locator("tbody td b").first.inner_text()) == min(numbers)
    page.fill("#q", "云海市水利局")
    page.locator("tbody tr:visible a").first.click()
    page.wait_for_selector(".row")
    assert page.locator("h1").inner_text() == "云海市水利局"
    assert counted(page) > 0
    assert all("云海市水利局" in each for each in page.locator(".row .owners").all_inner_texts())


def test_target_lines_have_their_points(page: Page, site: Path) -> None:
    page.goto(address(site, "targets.html"))
    page.wait_for_selector("#lines svg")
    page.fill("#q", "充电桩")
    page.wait_for_selector("#lines[data-drawn] svg")
    assert "充电桩" in page.locator("#chosen-name").inner_text()
    assert page.locator("#points tbody tr").count() >= 4
    page.locator("#points tbody a").first.click()
    page.wait_for_selector(".active")


def test_months_lead_to_their_tasks(page: Page, site: Path, curated: Path) -> None:
    page.goto(address(site, "deadlines.html"))
    page.click('.month[data-month="2026-06"] h3 a')
    page.wait_for_selector(".row")
    assert counted(page) == wanted(curated, "due_on BETWEEN '2026-06-01' AND '2026-06-30'") > 0


def test_an_unread_file_says_so(page: Page, tmp_path: Path) -> None:
    from pipeline.publish import publish, stage, to_tables
    from pipeline.unread import id_of, records

    (tmp_path / "broken.pdf").write_bytes(b"%PDF-broken")
    issue = id_of("ab" * 32)
    stage(to_tables(records(tmp_path / "broken.pdf", "ab" * 32, "no page can be read")), "", tmp_path / "staged")
    publish(tmp_path / "staged", tmp_path / "curated", issue, "99", None, unread="broken.pdf")
    build(tmp_path / "curated", tmp_path / "site")
    for name in PAGES:
        page.goto(address(tmp_path / "site", f"{name}.html"))
    page.goto(address(tmp_path / "site", f"issues/{issue}.html"))
    assert "未能读取" in page.locator("#text").inner_text()
    page.select_option("#show", "left")
    assert "no page can be read" in page.locator(".card.residual").text_content()


def test_a_real_issue(page: Page, shared: Path, tmp_path: Path) -> None:
    issue = publish_file(shared / "corpus" / "jiaozuo-2024-04.md", tmp_path / "curated", tmp_path / "staged")
    build(tmp_path / "curated", tmp_path / "site")
    start(page, tmp_path / "site")
    assert counted(page) == wanted(tmp_path / "curated", "true") > 500
    page.goto(address(tmp_path / "site", f"issues/{issue}.html"))
    page.locator("#text .time").first.click()
    assert page.locator(".card.open .chosen").count() == 1
    page.goto(address(tmp_path / "site", "departments.html"))
    page.wait_for_selector("#load svg")
    page.goto(address(tmp_path / "site", "deadlines.html"))
    page.wait_for_selector("#months svg")
