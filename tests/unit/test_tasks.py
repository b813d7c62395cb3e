"""From a bulletin's sentences to tasks, targets, deadlines and the ledger."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import parse
from pipeline.assemble.actions import phrase
from pipeline.bulletin import Bulletin
from tests.ledger import figures_lost, words_lost

HEAD = "云海市人民政府关于印发云海市绿色港城行动方案的通知\n云海政〔2031〕3号\n各县（区）人民政府：\n"
DATE = "2031年3月1日\n云海市绿色港城行动方案\n一、重点任务\n"


def bulletin(item: str, title: str = "推进港区整治") -> Bulletin:
    """A notice of an invented city with one item."""
    return parse((HEAD + DATE + f"（一）{title}。{item}\n").encode(), name="notice.txt")


def rows(item: str, table: str) -> list[dict[str, Any]]:
    return bulletin(item).records[table]


TASKS = [
    (
        "2031年10月底前，完成锅炉改造；建成监测平台。",
        [("完成锅炉改造", "2031-10-31"), ("建成监测平台", "2031-10-31")],
        "a time is carried over ；",
    ),
    (
        "2031年10月底前完成锅炉改造。建成监测平台。",
        [("完成锅炉改造", "2031-10-31"), ("建成监测平台", None)],
        "but not over 。 inside a paragraph",
    ),
    (
        "6月底前完成自查，9月底前完成整改。",
        [("完成自查", "2031-06-30"), ("完成整改", "2031-09-30")],
        "each clause with its own time, years inferred",
    ),
    (
        "2031年、2032年分别整治码头12座、20座。",
        [("分别整治码头12座、20座", "2031-12-31"), ("分别整治码头12座、20座", "2032-12-31")],
        "a list of years gives one task each",
    ),
    (
        "加快推进港区热源替代，力争2032年6月底前完成。",
        [("加快推进港区热源替代，力争完成", "2032-06-30")],
        "a clause that only says when belongs to the action before it",
    ),
    (
        "完善服务体系，按照就近办理原则，设立服务窗口。",
        [("完善服务体系", None), ("按照就近办理原则，设立服务窗口", None)],
        "what leads up to an action goes with it",
    ),
    (
        "建立排查机制，对拒不改正的，依法查处。",
        [("建立排查机制", None), ("对拒不改正的，依法查处", None)],
        "so does a condition",
    ),
    (
        "2031年底前，完成以下任务：\n（1）建成泵站。\n（2）整治河道。\n加强巡查。",
        [("完成以下任务", "2031-12-31"), ("建成泵站", "2031-12-31"), ("整治河道", "2031-12-31"), ("加强巡查", None)],
        "the time of a line that ends in a colon holds for the items under it, no further",
    ),
    (
        "各区环保部门和公安机关要建立联动机制。",
        [("建立联动机制", None)],
        "two bodies as the subject",
    ),
    (
        "对投资额超过500万元的项目，给予10万元补助。",
        [("对投资额超过500万元的项目，给予10万元补助", None)],
        "a condition stays with what it limits",
    ),
]


@pytest.mark.parametrize(("item", "expected", "why"), TASKS)
def test_tasks(item: str, expected: list[tuple[str, str | None]], why: str) -> None:
    found = [(t["action"], str(t["due_on"]) if t["due_on"] else None) for t in rows(item, "tasks")]
    assert found == expected, why


PLAN = "一、发展目标\n{lead}\n1.建设泵站。建成泵站30座。\n2.整治河道。整治河道12公里。\n二、工作要求\n抓好落实。\n"


@pytest.mark.parametrize(
    ("lead", "due", "why"),
    [
        ("到2033年，实现以下目标：", "2033-12-31", "a lead-in with a time"),
        ("“十六五”期间，力争实现两个目标：", "2035-12-31", "the period of a plan"),
        ("持续用力：", "None", "no time"),
    ],
)
def test_the_time_of_a_lead_in_holds_for_its_items(lead: str, due: str, why: str) -> None:
    found = parse((HEAD + "2031年3月1日\n云海市绿色港城行动方案\n" + PLAN.format(lead=lead)).encode(), name="n.txt")
    tasks = [t for t in found.records["tasks"] if t["targets"]]
    assert [str(t["due_on"]) for t in tasks] == [due, due], why
    assert [str(d["due_on"]) for d in found.records["deadlines"]] == ([due, due] if due != "None" else [])
    assert not words_lost(found)


def test_the_subject_holds_for_its_sentence() -> None:
    found = rows("市水利局要完善台账，建立巡查机制。建成泵站。", "tasks")
    assert [t["responsible"] for t in found] == [["云海市水利局"], ["云海市水利局"], []]


def test_conditions_and_stock_phrases_have_columns() -> None:
    found = rows("加强组织领导。对拒不整改的，依法查处。", "tasks")
    assert [(t["boilerplate"], t["condition"]) for t in found] == [(True, None), (False, "对拒不整改的")]


TARGETS = [
    ("覆盖率由65%提高到75%。", [("fact", "65"), ("goal", "75")], "where a change starts is a fact"),
    ("到2032年，甲县、乙县供热普及率分别达到40%、50%。", [("goal", "40"), ("goal", "50")], "分别 pairs"),
    ("2031、2032年，秸秆利用率均达到95%以上。", [("goal", "95"), ("goal", "95")], "one number for two years is two"),
    ("粉尘浓度不高于10毫克/立方米。", [("limit", "10")], "a cap without a time stands"),
    ("单个企业补助不超过200万元。", [("money", "2000000")], "multipliers are in"),
    ("港口不得有下列行为：\n（1）堆存量超过库容的30%。", [("limit", "30")], "what is forbidden is a limit"),
]


@pytest.mark.parametrize(("item", "expected", "why"), TARGETS)
def test_targets(item: str, expected: list[tuple[str, str]], why: str) -> None:
    assert [(t["kind"], str(t["low"])) for t in rows(item, "targets")] == expected, why


def test_pairs_of_regions_and_years() -> None:
    by_region = rows("到2032年，甲县、乙县供热普及率分别达到40%、50%。", "targets")
    assert [(t["scope"], t["indicator"]) for t in by_region] == [("甲县", "供热普及率"), ("乙县", "供热普及率")]
    by_year = rows("2031、2032年，秸秆利用率均达到95%以上。", "targets")
    assert [t["due_on"] for t in by_year] == [date(2031, 12, 31), date(2032, 12, 31)]


def test_baselines() -> None:
    (share,) = rows("到2032年，公路运量占比较2030年下降10个百分点。", "targets")
    assert (share["baseline"], share["change"], share["low"]) == ("较2030年", "decrease", Decimal(10))
    _, after = rows("覆盖率由65%提高到75%。", "targets")
    assert after["baseline"] == "65%"


def test_a_time_in_brackets_stays_there() -> None:
    found = rows("原料清洁运输，达不到的部分用新能源车（2032年9月底前替代比例不低于60%）。", "targets")
    assert [(t["kind"], t["due_on"]) for t in found] == [("goal", date(2032, 9, 30))]


def test_a_time_at_the_head_of_a_paragraph_holds_for_all_of_it() -> None:
    item = "加强管理。\n2032年，新建泊位12个。岸电使用率达到60%。\n"
    assert [t["due_on"] for t in rows(item, "targets")] == [date(2032, 12, 31)] * 2


def test_a_time_limit_line_holds_for_the_measure() -> None:
    item = "改造管网36公里。\n完成时限：2032年6月底前\n"
    assert rows(item, "tasks")[0]["due_on"] == date(2032, 6, 30)


def test_owners_of_the_measure_and_of_the_clause() -> None:
    found = rows("交通部门负责制定方案。改造泊位。（市水利局牵头，市财政局参与）", "tasks")
    first, second = found[0], found[-1]
    assert second["lead"] == ["云海市水利局"] and second["support"] == ["云海市财政局"]
    assert first["responsible"] and not first["lead"]


def test_preambles_state_no_task_but_lose_nothing() -> None:
    found = parse((HEAD + DATE + "（一）指导思想。坚持绿色发展，推进改革。\n").encode(), name="n.txt")
    assert found.records["tasks"] == []
    assert any(r["reason"] == "action.preamble" for r in found.records["residuals"])


def test_every_field_names_a_rule_that_exists() -> None:
    from pipeline.rules import explain

    found = bulletin(TASKS[0][0] + TARGETS[1][0] + "（市水利局牵头）")
    for table in ("tasks", "targets", "deadlines", "responsibilities"):
        for row in found.records[table]:
            assert row["rules"], table
            assert all(explain(r["rule"]) for r in row["rules"]), row["rules"]


CLAUSES = st.sampled_from(
    [
        "2032年6月底前",
        "力争全年",
        "完成改造",
        "管网36公里",
        "达到90%以上",
        "甲县、乙县分别",
        "10、35、50毫克/立方米",
        "（含税）",
        "，",
        "；",
        "。",
        "\n",
        "（市水利局牵头）",
        "①",
        "的",
        "“一网”",
        "每年5月",
        "由18%",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(CLAUSES, max_size=14).map("".join))
def test_any_mixture_keeps_its_words_and_quotes(item: str) -> None:
    found = bulletin(item)
    text = found.text.text
    for table in found.records.values():
        for row in table:
            if row.get("char_start") is not None:
                assert text[row["char_start"] : row["char_end"]] == row["quote"]
    assert words_lost(found) == []
    found.tables()


def test_figures_of_the_sample_are_all_somewhere() -> None:
    from pathlib import Path

    sample = Path(__file__).parents[2] / "raw" / "yunhai-2025-03.md"
    assert figures_lost(parse(sample)) == []


def test_a_body_named_again_owns_its_later_task() -> None:
    tasks = rows("市水利局要建立台账。各区要加强巡查。市水利局要定期通报情况。", "tasks")
    assert [t["action"] for t in tasks] == ["建立台账", "加强巡查", "定期通报情况"]
    assert tasks[2]["responsible"] == ["云海市水利局"]


@pytest.mark.parametrize(
    ("item", "action"),
    [
        ("良种繁育工程：建设育苗基地3个。", "建设育苗基地3个"),
        ("专栏3现代种业提升工程种质保护：以东湾区为重点，建设种质圃。", "以东湾区为重点，建设种质圃"),
        ("推进泵站建设：新建泵站2座。", "推进泵站建设：新建泵站2座"),
        ("锻造三个知名品牌：建设港口博物馆。", "锻造三个知名品牌：建设港口博物馆"),
        ("准备以下资料：提交身份证明。", "准备以下资料：提交身份证明"),
    ],
)
def test_the_heading_an_item_runs_on_from_is_no_action(item: str, action: str) -> None:
    assert phrase(item, 0, len(item), []) == action


def test_when_another_document_takes_effect_bounds_nothing() -> None:
    found = bulletin("2030年1月1日起全面施行的《云海市绿化条例》是重要依据，要认真学习。").records
    assert found["documents"][0]["effective_on"] is None
    assert not found["deadlines"]


def test_lines_of_owners_one_below_the_other_are_for_all_before_them() -> None:
    text = "1.推广岸电。新建泊位12个；改造码头3座。\n牵头单位：市交通局\n配合单位：市财政局、市商务局\n"
    rows = parse(f"云海市行动方案\n\n一、任务\n\n{text}".encode(), name="a.md").records["tasks"]
    assert [(len(r["lead"]), len(r["support"])) for r in rows] == [(1, 2), (1, 2)]


def test_a_bracket_within_a_paragraph_is_for_what_stands_before_it() -> None:
    text = "1.推广岸电。新建泊位12个（市交通局负责）。改造码头3座（市水务局负责）。\n"
    rows = parse(f"云海市行动方案\n\n一、任务\n\n{text}".encode(), name="a.md").records["tasks"]
    assert [[n[-3:] for n in r["responsible"]] for r in rows] == [["运输局"], ["水务局"]]
