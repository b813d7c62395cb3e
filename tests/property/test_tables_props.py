"""Any grid gives tidy cells: one for each place, nothing lost, the same each time."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.assemble.rows import Place
from pipeline.assemble.table_checks import findings
from pipeline.assemble.table_tasks import table_tasks
from pipeline.assemble.table_text import clean
from pipeline.assemble.tables import sheets, tables
from pipeline.model import AnnexTable, Document, Grid, PlacedGrid, Source, Text

TEXT = Text("", (), (), (), Source("a.md", "0" * 64, "text/markdown", ()))
CELL = st.one_of(
    st.sampled_from(
        ["", "/", "—", "合计", "序号", "县市区", "2031年目标", "覆盖率", "面积(万m2)", "甲县", "2,857", "61%"]
    ),
    st.integers(0, 9999).map(str),
    st.decimals(0, 100, places=2).map(str),
    st.text(max_size=6),
)
ROWS = st.lists(st.lists(CELL, max_size=7).map(tuple), max_size=9).map(tuple)


def read(rows: tuple[tuple[str, ...], ...]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    grid = Grid(rows, tuple(range(1, len(rows) + 1)))
    document = Document(1, 0, 0, 0, 0, tables=(AnnexTable(PlacedGrid(grid, 0), None, None),))
    tables_rows, cells = tables(TEXT, document, "i/1", "i", None)
    return tables_rows[0], cells


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_any_grid_is_read(rows: tuple[tuple[str, ...], ...]) -> None:
    table, cells = read(rows)
    assert read(rows) == (table, cells)
    places = [(c["row"], c["col"]) for c in cells]
    assert len(places) == len(set(places))
    assert all(1 <= r <= table["n_rows"] and 1 <= c <= table["n_cols"] for r, c in places)
    assert all(bool(c["reason"]) == c["suspect"] for c in cells)
    assert table["status"] in ("ok", "repaired", "suspect")
    for finding in findings([table], cells):
        assert finding["rows"] and finding["message"]


@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_no_number_is_invented(rows: tuple[tuple[str, ...], ...]) -> None:
    printed = {clean(c) for row in rows for c in row}
    _, cells = read(rows)
    assert all(c["printed"] in printed | {""} for c in cells)
    assert all(c["value"] is None or c["printed"] for c in cells)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 99999), min_size=3, max_size=5), min_size=4, max_size=8))
def test_sound_tables_are_not_doubted(amounts: list[list[int]]) -> None:
    width = min(map(len, amounts))
    body = [[str(sum(row[:width])), *map(str, row[:width])] for row in amounts]
    total = [str(sum(int(row[j]) for row in body)) for j in range(width + 1)]
    head = ("区县", "总数", *(f"第{j}类" for j in "甲乙丙丁戊"[:width]))
    rows = (head, *((f"县{i}", *row) for i, row in enumerate(body)), ("合计", *total))
    table, cells = read(rows)
    assert not [c for c in cells if c["suspect"]]
    assert table["status"] == "ok"
    assert all(f["holds"] for f in findings([table], cells))


HEAD = st.sampled_from(
    ["序号", "重点任务", "工作内容", "目标", "牵头单位", "责任单位及责任人", "配合单位", "完成时限", "备注", ""]
)
WORDS = st.one_of(
    st.sampled_from(
        [
            "完成清河疏浚8公里",
            "市水利局",
            "市财政局、\n教育局",
            "6月底前",
            "2031.6",
            "长期坚持",
            "/",
            "一、水利",
            "合计",
            "",
        ]
    ),
    st.text(max_size=12),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(HEAD, min_size=2, max_size=7), st.lists(st.lists(WORDS, max_size=8).map(tuple), max_size=6))
def test_any_table_of_work_is_read(head: list[str], body: list[tuple[str, ...]]) -> None:
    title = "云海市2031年任务分工表"
    text = Text(title, (), (), (), TEXT.source)
    grid = Grid((tuple(head), *body), tuple(range(1, len(body) + 2)))
    document = Document(
        1, 0, len(title), 0, len(title), tables=(AnnexTable(PlacedGrid(grid, len(title)), title, None),)
    )
    for table, sheet in sheets(document):
        found = table_tasks(Place(text, "i", "i/1", None), document, table, sheet, "i/1/t1", 1, None)
        ids = [t["task_id"] for t in found.tasks] if found else []
        assert len(ids) == len(set(ids))
        for task in found.tasks if found else ():
            assert task["quote"] == title == text.text[task["char_start"] : task["char_end"]]
            assert task["action"] and task["text"] and sheet and task["table_row"] <= len(sheet.rows)
