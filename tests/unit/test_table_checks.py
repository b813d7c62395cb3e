"""What the figures of annex tables must agree in, and what must not be asked of them. All tables are invented."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from expectations import suites
from pipeline.assemble.table_annexes import UNLABELLED
from pipeline.assemble.table_checks import findings
from pipeline.assemble.tables import tables
from pipeline.model import AnnexTable, Document, Grid, PlacedGrid, Source, Territory, Text

Outcome = set[tuple[bool, str]]

AIR = """\
区县\t2031年\t\t2032年\t
\t优良天\t重污染天\t优良天\t重污染天
甲县\t221\t7\t230\t5
乙县\t219\t8\t228\t6
丙县\t224\t7\t233\t5
丁县\t220\t6\t229\t4
全市\t221\t7\t230\t5"""

FLEET = """\
车辆类型\t总数/辆\t现状/辆\t占比%\t2031年替代量/辆\t2031年新能源车辆比例%\t2032年替代量/辆
洒水车\t40\t10\t25.0\t14\t60.0\t16
吊车\t60\t21\t35.0\t19\t66.7\t20
校车\t120\t33\t27.5\t87\t100\t/
救护车\t75\t12\t16.0\t33\t60.0\t30
叉车\t88\t0\t0\t60\t68.2\t28
拖车\t50\t31\t62.0\t10\t82.0\t9"""

PIPES = """\
区县\t总村数\t管网覆盖村数\t2031年目标\t\t2032年目标\t
\t\t\t新增覆盖村数\t新增入户\t新增覆盖村数\t新增入户
甲县\t255\t170\t75\t2000\t10\t1500
乙县\t223\t218\t3\t582\t2\t639
丙县\t262\t193\t58\t4538\t11\t700
丁县\t171\t101\t45\t4000\t25\t2100
戊区\t18\t18\t/\t100\t/\t120
己区\t14\t14\t/\t150\t/\t160
合计\t943\t714\t181\t11370\t48\t5219"""

HOMES = """\
区县\t总户数\t入户户数\t未覆盖管网村户数\t2031年目标\t\t2032年目标\t
\t\t\t\t新增户数\t入户率\t新增户数\t入户率
甲县\t80638\t50883\t18914\t2000\t65.6%\t1500\t67.4%
乙县\t65902\t55735\t3216\t582\t85.5%\t639\t
丙县\t109761\t58563\t25434\t4538\t57.5%\t700\t
丁县\t64097\t28616\t21719\t4000\t50.9%\t2100\t
戊区\t7727\t5245\t0\t100\t69.2%\t120\t
己区\t8255\t5505\t0\t150\t68.5%\t160\t"""

HEAT = """\
区县\t2031年目标\t\t\t2032年目标\t\t
\t供暖面积(万m2)\t供暖户数(万户)\t覆盖率\t供暖面积(万m2)\t供暖户数(万户)\t覆盖率
甲县\t16\t0.2\t61.5%\t8\t0.1\t64.2%
乙县\t24\t0.3\t70.1%\t40\t0.5\t73.3%
丙县\t32\t0.4\t55.0%\t12\t0.15\t56.9%
丁区\t48\t0.6\t91.5%\t20\t0.25\t92.5%
戊区\t11\t0.11\t\t13\t0.12\t
己区\t19\t0.15\t\t21\t0.17\t"""

CASES: list[tuple[str, str, str, str, Outcome, str]] = [
    ("row_trend", AIR, "", "", {(True, "")}, "days of the whole are no sum: a level"),
    ("row_trend", HEAT, "70.1%", "74.1%", set(), "one of four falls: no trend to speak of"),
    ("row_trend", PIPES, "", "", set(), "amounts to be added rise and fall"),
    ("row_sum", FLEET, "", "", {(True, "")}, "present and additions are the whole"),
    ("row_share", FLEET, "", "", {(True, "")}, "shares at their precision"),
    ("row_share", HOMES, "", "", {(True, "")}, "the one rate printed of the next year is made in the same way"),
    ("row_share", HOMES, "67.4%", "76.4%", {(True, ""), (False, "甲县")}, "and tells where it is not"),
    ("row_room", HOMES, "", "", {(True, "")}, "room is left"),
    ("row_room", HOMES, "100\t69.2%\t120", "100\t69.2%\t12000", {(False, "戊区")}, "more than there are"),
    ("row_room", FLEET, "", "", set(), "a sum says it already"),
    ("row_stroke", PIPES, "", "", {(True, "")}, "strokes where all is done"),
    ("row_stroke", PIPES, "18\t18", "28\t18", {(False, "戊区")}, "a stroke where ten are left"),
    ("row_stroke", PIPES, "/", "0", set(), "no strokes"),
    ("row_ratio", HEAT, "", "", {(True, "")}, "area to households"),
    ("row_ratio", HEAT, "20\t0.25", "20\t2.5", {(True, ""), (False, "丁区")}, "a shifted point"),
    ("row_ratio", HEAT.replace("供暖户数(万户)", "新植树木(万株)"), "20\t0.25", "20\t2.5", set(), "two things"),
    ("row_ratio", HEAT.replace("万m2", "万元"), "20\t0.25", "20\t2.5", set(), "money is spent unevenly"),
    ("row_constant", HEAT, "", "", {(True, "")}, "80 a household in four rows"),
    ("row_constant", HEAT, "0.15\t56.9%", "0.2\t56.9%", {(True, "")}, "in three rows and one of its years"),
]


def _grid(text: str) -> Grid:
    rows = tuple(tuple(line.split("\t")) for line in text.split("\n"))
    return Grid(rows, tuple(range(1, len(rows) + 1)))


def found(*texts: str, check: str = "", **said: Any) -> list[dict[str, Any]]:
    """Findings of an issue of these tables, with `targets`, `tasks` and `documents`; of one check where it is given."""
    annexes = tuple(AnnexTable(PlacedGrid(_grid(t), 0), f"云海市任务表{n}", n) for n, t in enumerate(texts, 1))
    text = Text("", (), (), (), Source("a.md", "0" * 64, "text/markdown", ()))
    document = Document(1, 0, 0, 0, 0, tables=annexes)
    rows, cells = tables(text, document, "x/1", "x", Territory("990100", "云海市", "city", ""))
    cells = [{**c, "region_code": "1" if (c["row_label"] or "")[-1:] in "县区" else None} for c in cells]
    return [dict(f) for f in findings(rows, cells, **said) if check in ("", f["check"])]


def outcome(those: list[dict[str, Any]]) -> Outcome:
    """Whether each holds, with the rows that break it."""
    return {(f["holds"], "" if f["holds"] else "、".join(f["rows"])) for f in those}


@pytest.mark.parametrize(("check", "text", "old", "new", "expected", "why"), CASES)
def test_within_a_table(check: str, text: str, old: str, new: str, expected: Outcome, why: str) -> None:
    assert old in text
    changed = text.replace(old, new) if old else text
    assert outcome(found(changed, check=check)) == expected, why


def test_rows_of_noughts_count_where_they_hold() -> None:
    shares = {f["columns"][0]: len(f["rows"]) for f in found(FLEET, check="row_share")}
    assert shares == {"占比%": 6, "2031年新能源车辆比例%": 6}


def test_columns_of_one_header() -> None:
    rows = "\n".join(f"{x}县\t{n}.5\t{n}.1" for n, x in enumerate("甲乙丙丁戊己庚", 3))
    twins = f"区县\t已供户数(万户)\t已供户数(万户)\n{rows}"
    assert outcome(found(twins, check="row_twins")) == {(True, "")}
    assert outcome(found(twins.replace("5.5\t5.1", "5.5\t51"), check="row_twins")) == {(False, "丙县")}
    assert not found(twins.replace("5.5\t5.1", "5.5\t51").replace("4.5\t4.1", "4.5\t41"), check="row_twins")


def test_between_tables() -> None:
    assert outcome(found(PIPES, HOMES, check="tables_nought")) == {(True, "")}
    assert outcome(found(PIPES, HOMES.replace("3216", "0"), check="tables_nought")) == {(False, "乙县")}
    assert not found(PIPES, HOMES.replace("未覆盖管网村", "困难"), check="tables_nought")
    assert outcome(found(PIPES, HOMES, check="tables_rows")) == {(True, "")}


GOALS: list[tuple[str, str, dict[str, Any], list[tuple[str, bool]], str]] = [
    ("text_days", AIR, {"indicator": "优良天数比例", "low": "60.5"}, [("全市", True)], "60.5 % of 365 days"),
    ("text_days", AIR, {"indicator": "优良天数比例", "low": "64"}, [("全市", False)], "234 days"),
    ("text_days", AIR, {"indicator": "入户率", "low": "64"}, [], "no days"),
    ("text_floor", FLEET, {"indicator": "新能源汽车比例", "low": "60"}, [("all", True)], "the lowest just reaches it"),
    ("text_floor", FLEET, {"indicator": "新能源汽车比例", "low": "50"}, [], "a goal for something else, perhaps"),
    ("text_floor", FLEET, {"indicator": "新能源车辆比例", "low": "95"}, [("all", False)], "all together miss it"),
    ("text_floor", FLEET, {"indicator": "其他区新能源车辆比例", "low": "60"}, [], "of others"),
    ("text_share", PIPES, {"indicator": "管网覆盖率", "low": "100", "due_on": 2032}, [("合计", True)], "all by then"),
    ("text_share", PIPES, {"indicator": "管网覆盖率", "low": "100"}, [("合计", False)], "895 of 943 by then"),
    ("text_share", PIPES, {"indicator": "管网覆盖率", "low": "90", "op": ">="}, [("合计", True)], "at least"),
    ("text_share", PIPES, {"indicator": "困难家庭救助率", "low": "100"}, [], "of something else"),
    (
        "text_figure",
        HEAT,
        {"indicator": "供暖覆盖率", "low": "91.5", "scope": "三个城区"},
        [("丁区", True)],
        "one for a group",
    ),
    ("text_figure", HEAT, {"indicator": "覆盖率", "low": "91.5", "scope": "五城区"}, [], "three rows are no five"),
    ("text_figure", HEAT, {"indicator": "覆盖率", "low": "80", "scope": "三城区"}, [], "one of them may differ"),
]


@pytest.mark.parametrize(("check", "table", "target", "expected", "why"), GOALS)
def test_goals_of_the_text(
    check: str, table: str, target: dict[str, Any], expected: list[tuple[str, bool]], why: str
) -> None:
    year = target.get("due_on", 2031)
    goal = {"target_id": "t", "unit": "%", "kind": "goal", "op": "=", **target}
    goal |= {"low": Decimal(target["low"]), "due_on": date(year, 12, 31)}
    said = found(table, check=check, targets=[goal])
    assert [(r, f["holds"]) for f in said for r in (f["rows"] if len(f["rows"]) == 1 else ["all"])] == expected, why


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("到2031年底，全市校车全部更换为新能源车辆", {(True, "")}, "100 %"),
        ("到2031年底，叉车全部更换为新能源车辆", {(False, "叉车")}, "68.2 %"),
        ("到2031年底，新购叉车全部为新能源车辆", set(), "only new ones"),
        ("到2031年底，甲县叉车全部为新能源车辆", set(), "only of a county"),
        ("到2031年底，叉车全部完成年检", set(), "something else"),
    ],
)
def test_all_of_a_row(text: str, expected: Outcome, why: str) -> None:
    task = {"text": text, "due_on": date(2031, 12, 31)}
    assert outcome(found(FLEET, check="text_all", tasks=[task])) == expected, why


@pytest.mark.parametrize(
    ("title", "notes", "label", "same", "why"),
    [
        ("云海市2031年管网建设任务表", [], [True], [True], "as listed"),
        ("云海市2031年管网建设任务表（单位：个）", [], [True], [True], "more than the list says"),
        ("云海市2031年管网改造任务表", [], [True], [False], "one word differs"),
        ("表1 主要指标", [], [True], [], "a part of the annex"),
        ("云海市2031年管网建设任务表", [UNLABELLED], [False], [True], "no label over it"),
    ],
)
def test_labels_and_titles(title: str, notes: list[str], label: list[bool], same: list[bool], why: str) -> None:
    table = {"table_id": "x/1/t1", "document_id": "x/1", "annex_no": 1, "title": title, "notes": notes}
    document = {"document_id": "x/1", "attachments": ["云海市 2031 年管网建设任务表"]}
    said = findings([table], [], documents=[document])
    assert [f["holds"] for f in said if f["check"] == "annex_label"] == label, why
    assert [f["holds"] for f in said if f["check"] == "annex_title"] == same, why


def test_every_finding_is_an_expectation() -> None:
    named = {c.name.removeprefix("arithmetic.") for c in suites.load("arithmetic")}
    assert {f["check"] for f in found(AIR, FLEET, PIPES, HOMES, HEAT)} <= named
