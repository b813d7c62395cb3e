"""Provisions of regulations and notices: what an article orders, under which head, and who must do it."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline import parse

HEAD = "云海市港区管理办法\n（2031年3月1日云海市人民政府令第7号公布）\n"


def rows(article: str, table: str = "tasks") -> list[dict[str, Any]]:
    """Rows of the one article of a regulation of an invented city."""
    return parse((HEAD + article + "\n").encode(), name="rules.txt").records[table]


def actions(article: str) -> list[str]:
    return [r["action"] for r in rows(article)]


ARTICLES = [
    (
        "第八条 经营单位应当公示收费标准。市水利局负责巡查。",
        ["经营单位应当公示收费标准", "负责巡查"],
        "the first sentence of an article orders like any other",
    ),
    ("第八条 收费标准\n经营单位应当公示收费标准。", ["经营单位应当公示收费标准"], "a short first line is a heading"),
    (
        "第九条 申请泊位的单位应当符合下列条件：\n（一）登记满3年；\n（二）按时缴纳费用。",
        [],
        "a sentence that is a head and no more is no task, nor are the conditions under it",
    ),
    (
        "第九条 有下列行为之一的，由市水利局责令改正；情节严重的，由市水利局给予处罚：\n"
        "（一）擅自开工，未提交设计文件的；\n（二）完成施工后，未报备案的。",
        ["有下列行为之一的，由市水利局责令改正", "情节严重的，由市水利局给予处罚"],
        "a head whose parts are set off by ；: the conduct under it is a condition",
    ),
]


@pytest.mark.parametrize(("article", "expected", "why"), ARTICLES)
def test_articles(article: str, expected: list[str], why: str) -> None:
    assert actions(article) == expected, why


def test_a_prohibition_is_of_the_body_that_it_names() -> None:
    first, second = rows("第十条 办理登记时，市水利局不得收取费用。构成犯罪的，依法追究刑事责任。")
    assert first["modality"] == "forbid"
    assert first["responsible"] == ["云海市水利局"]
    assert second["responsible"] == []


SUBJECTS = [
    ("市水利局负责审核资料；组织现场验收；建立台账。", 3, "an action without a subject goes on with the one before ；"),
    ("市水利局负责审核资料；经营单位负责整改。", 1, "another subject"),
    ("市水利局负责审核资料；构成犯罪的，依法追究刑事责任。", 1, "a case that others decide"),
    ("市水利局负责审核资料。组织现场验收。", 1, "not behind a full stop"),
]


@pytest.mark.parametrize(("text", "count", "why"), SUBJECTS)
def test_the_subject_behind_a_semicolon(text: str, count: int, why: str) -> None:
    owned = [r for r in rows(f"第六条 {text}") if r["responsible"] == ["云海市水利局"]]
    assert len(owned) == count, why


def test_lines_that_break_a_sentence_before_a_colon() -> None:
    article = "第十二条 转让港区泊位使用权的，双方当事人应当按照以下程序办理登\n记手续：\n（一）提交转让合同。"
    assert actions(article)[0].endswith("办理登记手续")


CLAUSES = [
    (
        "对落户本市的重点组织，给予最高20万元开办费。",
        ["对落户本市的重点组织，给予最高20万元开办费"],
        "to whom, and what is given",
    ),
    (
        "对通过评审的项目，纳入年度计划，给予5万元奖励。",
        ["对通过评审的项目，纳入年度计划，给予5万元奖励"],
        "also farther on",
    ),
    ("编制港区规划，应当优先安排公共泊位。", ["编制港区规划，应当优先安排公共泊位"], "in doing what, and what is due"),
    ("新建泊位必须环评，应当同步建设岸电。", ["新建泊位必须环评", "同步建设岸电"], "two duties are two tasks"),
    ("支持企业通过租用、托管等方式，建设智能泊位。", ["支持企业通过租用、托管等方式，建设智能泊位"], "by which means"),
    (
        "泊位满3年的，须实行有偿使用的应按季缴费。",
        ["泊位满3年的，须实行有偿使用的应按季缴费"],
        "须 inside a condition stays",
    ),
    ("需市政府批准的事项要按程序报批。", ["需市政府批准的事项要按程序报批"], "and at its head"),
    ("经营单位应当设置标识。", ["经营单位应当设置标识"], "a noun that begins like a preposition"),
    ("本办法由市水利局负责解释。", [], "what words mean is no work"),
]


@pytest.mark.parametrize(("text", "expected", "why"), CLAUSES)
def test_clauses_that_belong_together(text: str, expected: list[str], why: str) -> None:
    assert actions(f"第七条 {text}") == expected, why


NAMES = [
    ("由市、区住房保障部门核查资料。", ["市、区住房保障部门"], "the departments of two levels are one group"),
    ("由市水利局会同市财政局负责制定标准。", ["云海市水利局", "云海市财政局"], "two bodies, not one long name"),
    ("本办法由市水利局负责解释。", [], "no work"),
]


@pytest.mark.parametrize(("text", "expected", "why"), NAMES)
def test_names(text: str, expected: list[str], why: str) -> None:
    assert [r["name"] for r in rows(f"第七条 {text}", "responsibilities")] == expected, why


def test_a_time_counted_back_from_an_event_is_a_deadline_without_a_date() -> None:
    (row,) = rows("第七条 承租人应当在合同期满3个月前提出续租申请。", "deadlines")
    assert (row["printed"], row["due_on"], row["basis"]) == ("期满3个月前", None, "relative")
