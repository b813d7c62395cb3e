"""The forms in which annex tables are printed: heads, units, totals, parts, indicators. All tables are invented."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipeline.assemble.table_checks import findings
from pipeline.assemble.tables import tables
from pipeline.model import AnnexTable, Document, Grid, PlacedGrid, Source, Territory, Text

CITY = Territory("410800", "焦作市", "city", "河南省")
TEXT = Text("", (), (), (), Source("a.md", "0" * 64, "text/markdown", ()))
Rows = list[dict[str, Any]]


def read(*grids: str, title: str = "云海市统计表") -> tuple[Rows, Rows]:
    parts = []
    for text in grids:
        rows = tuple(tuple(line.split("\t")) for line in text.split("\n"))
        parts.append(
            AnnexTable(PlacedGrid(Grid(rows, tuple(range(1, len(rows) + 1))), 0), title if not parts else None, 1)
        )
    return tables(TEXT, Document(1, 0, 0, 0, 0, tables=tuple(parts)), "x/1", "x", CITY)


def cell(cells: Rows, label: str, *header: str) -> dict[str, Any]:
    (found,) = [c for c in cells if c["row_label"] == label and c["header"] == list(header)]
    return found


def figures(cells: Rows) -> list[tuple[str | None, str | None, str | None, Any]]:
    return [(c["indicator"], c["period"], c["unit"], c["value"]) for c in cells if c["value"] is not None]


def test_rows_that_are_indicators() -> None:
    _, cells = read(
        "序号\t指标名称\t单位\t2030年\t2035年\t属性\n一、农业\t\t\t\t\t\n1\t粮食产量\t万吨\t107.5\t≧110\t约束性\n"
        "2\t水利用系数\t—\t0.503\t0.515\t预期性\n3\t收入比\t—\t2.45:1\t2.35∶1\t预期性\n4\t自来水普及率\t%\t82.5\t[85]\t预期性"
    )
    assert figures(cells) == [
        ("粮食产量", "2030年", "万吨", Decimal("107.5")),
        ("粮食产量", "2035年", "万吨", 110),
        ("水利用系数", "2030年", None, Decimal("0.503")),
        ("水利用系数", "2035年", None, Decimal("0.515")),
        ("收入比", "2030年", "比", Decimal("2.45")),
        ("收入比", "2035年", "比", Decimal("2.35")),
        ("自来水普及率", "2030年", "%", Decimal("82.5")),
        ("自来水普及率", "2035年", "%", 85),
    ]
    assert cell(cells, "粮食产量", "属性")["printed"] == "约束性"


def test_units_in_the_names_of_indicators() -> None:
    _, cells = read("指标\t2030年\t2035年\t年均增速（%）\n总产值（亿元）\t120\t175\t7.8\n失业率（%）\t5.2\t<5.5\t—")
    assert figures(cells) == [
        ("总产值", "2030年", "亿元", 120),
        ("总产值", "2035年", "亿元", 175),
        ("总产值年均增速", None, "%", Decimal("7.8")),
        ("失业率", "2030年", "%", Decimal("5.2")),
        ("失业率", "2035年", "%", Decimal("5.5")),
    ]


def test_a_transposed_table() -> None:
    _, cells = read("指标\t沁阳市\t温县\t合计\n户数（户）\t5\t4\t9\n覆盖率（%）\t50\t45\t47")
    assert cell(cells, "户数（户）", "温县")["region_code"] == "410825"
    assert [c["is_total"] for c in cells] == [False, False, True] * 2
    assert cell(cells, "覆盖率（%）", "沁阳市")["unit"] == "%"


HEADS = [
    ("县区\t2031年\t\t2032年\t\n\t户数\t面积\t户数\t面积", "blanks under spans"),
    ("县区\t2031年\t2031年\t2032年\t2032年\n县区\t户数\t面积\t户数\t面积", "merged cells repeated"),
]


@pytest.mark.parametrize(("head", "reason"), HEADS)
def test_merged_heads(head: str, reason: str) -> None:
    _, cells = read(head + "\n甲县\t1\t2\t3\t4\n乙县\t5\t6\t7\t8")
    assert cell(cells, "乙县", "2032年", "户数")["value"] == 7, reason
    assert cell(cells, "甲县", "2031年", "面积")["period"] == "2031年", reason


def test_three_rows_of_heads() -> None:
    _, cells = read(
        "县区\t目标\t目标\t目标\t目标\n县区\t2031年\t2031年\t2032年\t2032年\n县区\t户数(户)\t率(%)\t户数(户)\t率(%)\n甲县\t1\t2\t3\t4"
    )
    assert (cell(cells, "甲县", "目标", "2032年", "率(%)")["value"], len(cells)) == (4, 4)


def test_grids_of_one_table() -> None:
    head = "序号\t县区\t户数\n"
    for second in (head + "3\t丙县\t3\n合计\t\t12", "3\t丙县\t3\n合计\t\t12"):
        rows, cells = read(head + "1\t甲县\t5\n2\t乙县\t4", second)
        assert len(rows) == 1 and [c["value"] for c in cells] == [5, 4, 3, 12]
        assert [f["holds"] for f in findings(rows, cells)] == [True]
    rows, _ = read(head + "1\t甲县\t5", "7\t丙县\t3\n8\t丁县\t9")
    assert len(rows) == 2 and rows[1]["status"] == "suspect" and "no header" in rows[1]["notes"][0]


TOTALS = [
    ("合计\t12\n甲县\t5\n乙县\t4\n丙县\t3", True, "the total first"),
    ("总计\t100\n一、水利\t60\n其中：水库\t40\n灌区\t20\n二、交通\t40", True, "parts named in full"),
    ("水利\t60\n其中：水库\t45\n交通\t40\n合计\t100", True, "parts named in part"),
    ("（一）水利\t60\n1.水库\t45\n2.灌区\t15\n（二）交通\t40\n合计\t100", True, "levels"),
    ("甲\t10\n乙\t20\n小计\t30\n丙\t5\n丁\t6\n小计\t11\n合计\t41", True, "sums of parts"),
    ("甲县\t5\n乙县\t4\n丙县\t3\n合计\t13", False, "a wrong total"),
]


@pytest.mark.parametrize(("body", "holds", "reason"), TOTALS)
def test_totals(body: str, holds: bool, reason: str) -> None:
    rows, cells = read("项目\t金额(万元)\n" + body)
    found = [f for f in findings(rows, cells) if f["check"] == "column_total"]
    assert found and all(f["holds"] is holds for f in found), reason
    assert (rows[0]["status"] == "suspect") is not holds, reason


def test_units_of_a_caption_in_every_column_and_of_the_title() -> None:
    _, cells = read("单位：万元\t单位：万元\n县区\t投资\n甲县\t12")
    assert cells[0]["unit"] == "万元"
    _, cells = read("县区\t投资\n甲县\t1,200", title="云海市投资表（单位：万元）")
    assert (cells[0]["unit"], cells[0]["value"]) == ("万元", 1200)


def test_remarks_are_no_rows() -> None:
    rows, _ = read("县区\t户数\n甲县\t5\n乙县\t4\n注：不含山区。\t")
    assert rows[0]["n_rows"] == 2 and rows[0]["notes"] == ["注：不含山区。"] and rows[0]["status"] == "ok"


SUMMED = """\
区县\t总数\t一\t二\t三\t人数
甲县\t31\t12\t12\t7\t1
乙县\t45\t30\t10\t5\t2
丙县\t27\t11\t9\t7\t3
丁县\t58\t29\t20\t9\t1
戊县\t92\t41\t40\t11\t2"""
MOVED = [
    ("己县\t\t70\t30\t30\t10", [70, 30, 30, 10, None], "repaired", "a row one column right"),
    ("己县\t70\t60\t\t10\t4", [70, 60, None, 10, 4], "ok", "a blank in its place"),
    ("己县\t\t\t30\t30\t10", [None, None, 30, 30, 10], "ok", "nothing to prove it"),
]


@pytest.mark.parametrize(("row", "values", "status", "reason"), MOVED)
def test_sums_show_where_cells_belong(row: str, values: list[Any], status: str, reason: str) -> None:
    rows, cells = read(f"{SUMMED}\n{row}")
    assert [c["value"] for c in cells if c["row_label"] == "己县"] == values, reason
    assert rows[0]["status"] == status, reason


def test_heads_that_lie() -> None:
    body = "\n".join(f"{n}县\t{9 + k}\t{4 + k}" for k, n in enumerate("甲乙丙丁"))
    rows, cells = read(f"县区\t已装户数\t应装户数\n{body}")
    (found,) = [f for f in findings(rows, cells) if f["check"] == "row_order"]
    assert not found["holds"] and "exchanged" in found["observed"]
    rows, _ = read("县区\t户数\t户数\n甲县\t3\t4\n乙县\t5\t6")
    assert rows[0]["notes"] == ["columns 2 and 3 have the same header"]


def test_figures_of_the_text_in_a_table_of_indicators() -> None:
    rows, cells = read("指标\t单位\t2030年\t2035年\n粮食产量\t万吨\t105\t110\n森林覆盖率\t%\t40\t41")
    due = date(2035, 12, 31)
    said = [
        {"target_id": "a", "indicator": "粮食产量", "unit": "吨", "low": Decimal(1100000), "due_on": due},
        {"target_id": "b", "indicator": "森林覆盖率", "unit": "%", "low": Decimal(42), "due_on": due},
    ]
    found = [(f["check"], f["rows"], f["holds"]) for f in findings(rows, cells, said)]
    assert found == [("text_figure", ["粮食产量"], True), ("text_figure", ["森林覆盖率"], False)]
