"""Tables in plain text: what is one, what stays text. All are invented."""

from __future__ import annotations

import pytest

from pipeline.model import Grid
from pipeline.read.plain import read

TABLES = [
    ("|a|b|c|\n|---|:-:|---|\n|1||3|\n||2||", [("a", "b", "c"), ("1", "", "3"), ("", "2", "")], "blank cells"),
    ("县区 | 户数\n---|---\n甲县 | 5", [("县区", "户数"), ("甲县", "5")], "no pipes at the edges"),
    ("| a | b |\n|--|--|\n| x\\|y | 2 |", [("a", "b"), ("x|y", "2")], "a pipe that is no border"),
    (
        "+--+----+\n| 序 | 任务 |\n+==+====+\n| 1 | 疏浚 |\n|  | 河道 |\n+--+----+",
        [("序", "任务"), ("1", "疏浚\n河道")],
        "grid",
    ),
    ("县区\t户数\n甲县\t5\n合计\t", [("县区", "户数"), ("甲县", "5"), ("合计", "")], "tabs"),
    (
        "  县区    2031年    2032年\n  甲县    5    6\n  乙县    7    8",
        [("县区", "2031年", "2032年"), ("甲县", "5", "6"), ("乙县", "7", "8")],
        "blanks",
    ),
    (
        "序号　　任务　　责任单位\n1　　疏浚清河　　市水利局\n2　　改造泵站　　市城管局",
        [("序号", "任务", "责任单位"), ("1", "疏浚清河", "市水利局"), ("2", "改造泵站", "市城管局")],
        "ideographic blanks",
    ),
]
TEXTS = [
    ("第一章  总则  1\n第二章  任务  3\n第三章  附则  9", "contents: no head"),
    ("县区    户数    人数\n甲县    5    6", "two rows only"),
    ("甲  乙  丙\n丁  戊  己\n庚  辛  壬", "no figures"),
    ("县区    户数    人数\n甲县    5    6\n乙县    7", "an irregular row leaves two"),
    ("　　一、总体要求。\n　　二、主要任务。\n　　三、保障措施。", "indents"),
    ("云海市人民政府      2031年3月15日", "a signature"),
    ("甲|乙\n丙|丁", "pipes without a ruling"),
]


@pytest.mark.parametrize(("text", "rows", "reason"), TABLES)
def test_tables(text: str, rows: list[tuple[str, ...]], reason: str) -> None:
    blocks, _ = read(f"前文。\n{text}\n后文。".encode())
    _, grid, _ = blocks
    assert isinstance(grid, Grid) and list(grid.rows) == rows, reason
    assert len(grid.numbers) == len(rows) and grid.numbers[0] >= 2


@pytest.mark.parametrize(("text", "reason"), TEXTS)
def test_texts(text: str, reason: str) -> None:
    blocks, _ = read(f"前文。\n{text}\n后文。".encode())
    assert not any(isinstance(b, Grid) for b in blocks), reason
