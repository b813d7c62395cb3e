"""Annex tables: what is read, what is put back, what is doubted. All tables are invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipeline.assemble.table_annexes import rows_agree
from pipeline.assemble.table_checks import findings
from pipeline.assemble.table_headers import column_of, is_rate, period_of, split_unit, unit_noun
from pipeline.assemble.table_labels import is_total
from pipeline.assemble.table_text import name_of, read_cell
from pipeline.assemble.table_views import View, views_of
from pipeline.assemble.tables import tables
from pipeline.model import AnnexTable, Document, Grid, PlacedGrid, Source, Territory, Text
from pipeline.rules import load, rules

CITY = Territory("410800", "焦作市", "city", "河南省")
TEXT = Text("", (), (), (), Source("a.md", "0" * 64, "text/markdown", ()))

FLEET = """\
车辆类型\t总数/辆\t现状/辆\t占比%\t2031年替代量/辆\t2032年替代量/辆
洒水车\t40\t10\t25.0\t12\t18
吊车\t60\t21\t35\t19\t20
校车\t120\t33\t27.5\t50\t37
救护车\t75\t12\t16.0\t30\t33
叉车\t88\t31\t35.2\t22\t35
合 计\t383\t107\t27.9\t133\t143"""

HEAT = """\
序号\t区县\t2031年目标\t\t\t2032年目标\t\t
\t\t新增面积(万m <sup>2</sup> )\t新增户数(万户)\t覆盖率\t新增面积(万m <sup>2</sup> )\t新增户数(万户)\t覆盖率
1\t甲 县\t16\t0.2\t61.5%\t8\t0.1\t64.2%
2\t乙县\t24\t0.3\t70.1%\t40\t0.5\t73.3%
3\t丙县\t32\t0.4\t55.0%\t12\t0.15\t56.9%"""

GAS = """\
序号\t县（市、区）\t总户数\t已通\t\t2031 年情况\t\t2032 年情况\t
\t\t\t入户户数\t管网户数\t未通户数\t新增入户\t入户率\t新增入户
1\t甲县\t8064\t5088\t1084\t1892\t200\t65.6%\t150
2\t乙县\t6590\t5573\t695\t322\t58\t85.4%\t64
3\t丙县\t9776\t5856\t1576\t2344\t454\t64.5%\t70
4\t丁县\t6410\t2862\t1376\t2172\t400\t50.9%\t200
5\t戊县\t5183\t2334\t2780\t69\t300\t50.8%\t280
<b>合计</b>\t\t36023\t21713\t7511\t6799\t1412\t64.2%\t764
\t\t\t\t\t\t\t66.3%\t"""


def grid(text: str) -> Grid:
    rows = [tuple(line.split("\t")) for line in text.split("\n")]
    return Grid(tuple(rows), tuple(range(1, len(rows) + 1)))


def read(text: str, title: str | None = "云海市任务表") -> tuple[dict[str, Any], list[dict[str, Any]]]:
    document = Document(1, 0, 0, 0, 0, tables=(AnnexTable(PlacedGrid(grid(text), 0), title, 1),))
    rows, cells = tables(TEXT, document, "990100-2031-01/1", "990100-2031-01", CITY)
    return rows[0], cells


def value(cells: list[dict[str, Any]], label: str, *header: str) -> Any:
    found = [c for c in cells if c["row_label"] == label and c["header"] == list(header)]
    assert len(found) == 1, (label, header, {tuple(c["header"]) for c in cells})
    return found[0]["value"]


CELLS = [
    ("12", "12", None, "a number"),
    ("1,234.5", "1234.5", None, "thousands"),
    ("12,345,678", "12345678", None, "thousands twice"),
    ("2,8571", "2.8571", None, "four digits after a comma are no thousands"),
    ("0,141", "0.141", None, "nothing is thousands after 0"),
    ("32.80%", "32.80", "%", "a share"),
    ("１２．５％", "12.5", "%", "full width"),
    ("≥85%", "85", "%", "a comparator is in print only"),
    ("90%以上", "90", "%", "and after the number"),
    ("12 家", "12", "家", "a unit in the cell"),
    ("-3.1", "-3.1", None, "negative"),
    ("/", None, None, "a stroke"),
    ("—", None, None, "a dash"),
    ("3-5", None, None, "a range is no one value"),
    ("2031年", None, None, "a year is no amount"),
    ("6月底前", None, None, "nor is a month"),
    ("附件3", None, None, "a number in a name"),
    ("PM <sub>2.5</sub>", None, None, "markup"),
]


@pytest.mark.parametrize(("text", "expected", "unit", "reason"), CELLS)
def test_cells(text: str, expected: str | None, unit: str | None, reason: str) -> None:
    cell = read_cell(text)
    assert cell.value == (Decimal(expected) if expected else None), reason
    assert cell.unit == unit, reason


HEADERS = [
    (("2031年目标", "新增户数(万户)"), "2031年", "万户", "新增户数", "generic words and unit off"),
    (("车辆总数/辆",), None, "辆", "车辆总数", "unit after a stroke"),
    (("2031年比例%",), "2031年", "%", "比例", "a % at the end"),
    (("总村庄数(不含山区、岭区)",), None, None, "总村庄数(不含山区、岭区)", "brackets without a unit"),
    (("新增燃气入户数",), None, "户", "新增燃气入户数", "a counted noun"),
    (("2031",), "2031年", None, "2031", "a bare year"),
    (("“十五五”期间", "投资（亿元）"), "十五五”期间", "亿元", "投资", "a plan period"),
]


@pytest.mark.parametrize(("path", "period", "unit", "indicator", "reason"), HEADERS)
def test_columns(path: tuple[str, ...], period: str | None, unit: str | None, indicator: str, reason: str) -> None:
    column = column_of(path)
    assert (column.period, column.unit, column.indicator) == (period, unit, indicator), reason


def test_one_header_row() -> None:
    table, cells = read(FLEET)
    assert (table["status"], table["n_rows"], table["n_cols"]) == ("ok", 6, 6)
    assert value(cells, "洒水车", "2031年替代量/辆") == 12
    assert {c["row_label"] for c in cells if c["is_total"]} == {"合计"}
    assert not any(c["suspect"] for c in cells)
    assert [c["line"] for c in cells if c["row_label"] == "合计"] == [7] * 5


def test_two_header_rows_with_spans() -> None:
    _, cells = read(HEAT)
    assert value(cells, "甲县", "2031年目标", "新增面积(万m2)") == 16
    assert value(cells, "丙县", "2032年目标", "覆盖率") == Decimal("56.9")
    assert {c["unit"] for c in cells if c["header"][-1] == "覆盖率"} == {"%"}


def test_header_that_lost_a_column() -> None:
    table, cells = read(GAS)
    assert table["status"] == "repaired"
    assert value(cells, "甲县", "未通户数") == 1892
    assert value(cells, "甲县", "2031年情况", "入户率") == Decimal("65.6")
    assert value(cells, "甲县", "2032年情况", "新增入户") == 150
    lost = [c for c in cells if c["header"] == ["2032年情况", "入户率"]]
    assert [(c["row_label"], c["value"], c["suspect"], c["line"]) for c in lost] == [
        ("合计", Decimal("66.3"), False, 9)
    ]


def test_continuation_without_proof_is_suspect() -> None:
    _, cells = read(GAS.replace("66.3%", "68.3%"))
    lost = [c for c in cells if c["header"] == ["2032年情况", "入户率"]]
    assert [(c["value"], c["suspect"]) for c in lost] == [(Decimal("68.3"), True)]


def test_moved_cells_are_put_back_by_a_ratio() -> None:
    table, cells = read(HEAT + "\n4\t丁县\t\t\t\t4\t0.05\t")
    assert table["status"] == "ok"
    with_state = "\n".join(
        "\t".join([*line.split("\t")[:2], state, *line.split("\t")[2:]])
        for line, state in zip(HEAT.split("\n"), ("现有面积(万m2)", "", "310", "222", "405"), strict=True)
    )
    table, cells = read(with_state + "\n4\t丁县\t4\t0,05\t\t\t8\t0.1\t")
    assert table["status"] == "repaired"
    assert value(cells, "丁县", "2031年目标", "新增面积(万m2)") == 4
    assert value(cells, "丁县", "2031年目标", "新增户数(万户)") == Decimal("0.05")


def test_a_percentage_goes_to_the_rates_and_the_rest_is_suspect() -> None:
    _, cells = read(HEAT + "\n4\t丁县\t7\t66.1%\t\t9\t0.1\t68%")
    assert value(cells, "丁县", "2031年目标", "覆盖率") == Decimal("66.1")
    assert [c["suspect"] for c in cells if c["row_label"] == "丁县"][:2] == [True, False]


def test_total_in_the_column_of_numbers() -> None:
    body = "序号\t区县\t2031年数量\t2032年数量\n1\t甲县\t5\t2\n2\t乙县\t/\t3\n3\t丙县\t4\t1\n"
    for last in ("合计\t\t9\t6", "合计\t9\t6\t"):
        _, cells = read(body + last)
        assert [c["value"] for c in cells if c["is_total"]] == [9, 6]
    assert value(cells, "乙县", "2031年数量") is None


def test_decimal_commas_by_column() -> None:
    _, cells = read("区县\t产量\t面积\n甲县\t1,588\t1,588\n乙县\t2,310\t2,31\n丙县\t4,100\t0.4")
    assert [c["value"] for c in cells] == list(map(Decimal, ("1588", "1.588", "2310", "2.31", "4100", "0.4")))
    assert [c["suspect"] for c in cells] == [False, True, False, True, False, False]


def test_groups_of_rows_and_caption_unit() -> None:
    table, cells = read("单位：万元\t\t\n类别\t项目\t2031年\n水利\t水库\t120\n\t灌区\t80\n交通\t公路\t300\n合计\t\t500")
    assert [c["row_label"] for c in cells] == ["水利/水库", "水利/灌区", "交通/公路", "合计"]
    assert {c["unit"] for c in cells} == {"万元"}
    assert table["n_rows"] == 4


def test_regions_of_rows() -> None:
    _, cells = read("县市区\t数量\n沁阳市\t3\n温 县\t4\n合计\t7")
    assert [c["region_code"] for c in cells] == ["410882", "410825", None]


def test_pipe_tables_text_tables_and_forms() -> None:
    _, cells = read("区县\t数量\n---\t:---:\n甲县\t3\n乙县\t4")
    assert [c["value"] for c in cells] == [3, 4]
    _, cells = read("序号\t举措\t单位\n1\t推广甲机制\t某局\n2\t推广乙机制\t某委")
    assert [(c["row_label"], c["printed"], c["value"]) for c in cells] == [
        ("推广甲机制", "某局", None),
        ("推广乙机制", "某委", None),
    ]


def test_a_wrong_digit_is_pinned_by_row_and_column() -> None:
    _, cells = read(FLEET.replace("校车\t120\t33\t27.5\t50\t37", "校车\t120\t33\t27.5\t56\t37"))
    doubted = [(c["row_label"], c["header"][0]) for c in cells if c["suspect"]]
    assert doubted == [("校车", "2031年替代量/辆")]


def test_findings_within_a_table() -> None:
    table, cells = read(FLEET)
    found = findings([table], cells)
    assert {(f["check"], f["holds"]) for f in found} == {
        ("column_total", True),
        ("row_sum", True),
        ("row_share", True),
    }
    table, cells = read(FLEET.replace("合 计\t383", "合 计\t384"))
    broken = [f for f in findings([table], cells) if not f["holds"]]
    assert {f["check"] for f in broken} >= {"column_total", "row_sum"}
    assert all(f["rows"] == ["合计"] for f in broken)


def test_findings_between_tables() -> None:
    document = Document(
        1,
        0,
        0,
        0,
        0,
        tables=tuple(
            AnnexTable(PlacedGrid(grid(t), 0), name, None)
            for t, name in (
                (FLEET, "车辆任务表"),
                (FLEET.replace("2031年替代量", "2031年新能源替代量"), "新能源任务表"),
            )
        ),
    )
    rows, cells = tables(TEXT, document, "x/1", "x", None)
    agree = [f for f in findings(rows, cells) if f["check"] == "tables_agree"]
    assert ["2031年替代量/辆", "2031年新能源替代量/辆"] in [f["columns"] for f in agree]
    assert all(f["holds"] for f in agree)


FIGURES = [
    ({"indicator": "车辆替代量", "unit": "辆", "low": Decimal("133")}, [("text_figure", True)], "equal"),
    ({"indicator": "车辆替代量", "unit": "辆", "low": Decimal("130")}, [("text_figure", False)], "differs"),
    ({"indicator": "车辆替代量", "unit": "台", "low": Decimal("130")}, [], "another unit"),
    ({"indicator": "植树", "unit": "辆", "low": Decimal("130")}, [], "another indicator"),
    ({"indicator": "替代量", "unit": "辆", "low": Decimal("50"), "scope": "校车"}, [("text_figure", True)], "a row"),
    ({"indicator": "替代量", "unit": "辆", "low": Decimal("50"), "scope": "丁县"}, [], "no such row"),
    ({"indicator": "替代量", "unit": "辆", "low": Decimal("9"), "kind": "condition"}, [], "no goal"),
]


@pytest.mark.parametrize(("target", "expected", "reason"), FIGURES)
def test_findings_of_the_text(target: dict[str, Any], expected: list[tuple[str, bool]], reason: str) -> None:
    table, cells = read(FLEET)
    target = {"target_id": "t", "due_on": date(2031, 12, 31), **target}
    found = [f for f in findings([table], cells, [target]) if f["check"].startswith("text")]
    assert [(f["check"], f["holds"]) for f in found] == expected, reason


def test_figure_for_several_years() -> None:
    table, cells = read(FLEET)
    target = {"indicator": "车辆替代量", "unit": "辆", "low": Decimal("276"), "due_on": date(2032, 12, 31)}
    found = [f for f in findings([table], cells, [target]) if f["check"].startswith("text")]
    assert [(f["check"], f["holds"]) for f in found] == [("text_sum", True)]


BY_CELL: dict[str, Callable[[str], bool]] = {
    "tables.period": lambda t: period_of(name_of(t)) is not None,
    "tables.unit": lambda t: split_unit(name_of(t))[1] is not None,
    "tables.unit_noun": lambda t: unit_noun(t) is not None,
    "tables.rate": lambda t: is_rate(name_of(t)),
    "tables.total": lambda t: is_total(name_of(t)),
    "tables.null": lambda t: read_cell(t).kind in ("null", "blank"),
    "tables.number": lambda t: read_cell(t).kind == "number",
    "tables.decimal_comma": lambda t: read_cell(t).comma,
    "tables.header_rows": lambda t: bool(read(t)[0]["header"][0]),
    "tables.parallel_headers": lambda t: read(t + "\n9\t8\t7\t6\t5")[0]["status"] == "repaired",
    "tables.moved": lambda t: _moved(t),
    "tables.continuation": lambda t: any(
        c["rule"] == "tables.continuation" for c in read(GAS[: GAS.rindex("\n") + 1] + t)[1]
    ),
    "tables.column_total": lambda t: all(f["holds"] for f in _found("区县\t数量\n" + t)),
    "tables.row_indicator": lambda t: len({c["indicator"] for c in read(t)[1] if c["value"] is not None}) > 1,
    "tables.order": lambda t: all(f["holds"] for f in _found(t) if f["check"] == "row_order"),
    "tables.ratio": lambda t: any(not f["holds"] for f in _found(t) if f["check"] == "row_ratio"),
    "tables.trend": lambda t: any(f["check"] == "row_trend" for f in _found(t)),
    "tables.nothing_left": lambda t: any(f["check"] == "row_stroke" and f["holds"] for f in _found(t)),
    "tables.same_rows": lambda t: len(rows_agree([_places(PLACES), _places(PLACES), _places(t)])) == 2,
    "tables.merged_rate": lambda t: any("one cell" in (c["reason"] or "") for c in read("区县\t户数\t覆盖率\n" + t)[1]),
    "tables.row_relation": lambda t: any(f["check"] == "row_sum" for f in _found("区县\t总数\t一\t二\n" + t)),
}


def _found(text: str) -> list[Any]:
    table, cells = read(text)
    return list(findings([table], cells))


def _moved(row: str) -> bool:
    head = "区县\t现状\t2031年\t\t\t2032年\t\t\n\t\t面积\t户数\t覆盖率\t面积\t户数\t覆盖率\n"
    body = "乙区\t9\t4\t0.05\t31%\t5\t0.0625\t33%\n丙区\t8\t6\t0.075\t37%\t7\t0.0875\t39%\n"
    return any(c["rule"] == "tables.moved" for c in read(head + body + row)[1])


PLACES = "甲县 乙县 丙县 丁县 戊县 己县 庚县"


def _places(labels: str) -> View:
    """A table of these places."""
    table, cells = read("区县\t数量\n" + "\n".join(f"{x}\t{n}" for n, x in enumerate(labels.split(), 3)))
    (view,) = views_of([{**table, "table_id": labels}], [{**c, "table_id": labels, "region_code": "1"} for c in cells])
    return view


EXAMPLES = [(r["id"], e, True) for r in rules("tables") for e in r["examples"]]
COUNTERS = [(r["id"], e, False) for r in rules("tables") for e in r["counter_examples"]]


@pytest.mark.parametrize(("rule", "text", "expected"), EXAMPLES + COUNTERS)
def test_rules_do_what_their_examples_say(rule: str, text: str, expected: bool) -> None:
    assert BY_CELL[rule](text) is expected


def test_every_word_list_is_used() -> None:
    assert set(load("tables")) - {"rule"} == {
        "index_headers",
        "totals",
        "sum_totals",
        "remarks",
        "nulls",
        "rate_endings",
        "generic",
        "done_words",
        "due_words",
        "undone_words",
        "goal_words",
        "count_nouns",
        "non_additive",
        "unit_headers",
    }
