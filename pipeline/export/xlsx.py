"""One Excel file: a sheet that explains the columns, and one for each table and view, with frozen heads and filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.export.content import EXPLAINED, Part, Row, as_text, explained, usage
from pipeline.export.neutral import is_formula
from pipeline.terminal import shown, width
from schemas import Column

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

#: What Excel takes: rows of a sheet, UTF-16 units of a cell, digits of a number.
ROWS, CELL, DIGITS = 1_048_576, 32_767, 15
_FIRST_YEAR = 1900  # Excel knows no earlier day
_NARROW, _WIDE = 9, 60  # columns of a sheet, in characters
#: Columns for programs: there, but hidden.
_TECHNICAL = frozenset({"boxes", "rules", "char_start", "char_end"})
_GUIDE = "说明"
_MADE = datetime(2000, 1, 1)  # fixed: the same rows give the same bytes


@dataclass(slots=True)
class Written:
    """What came of it: rows by table, sheets by table, cells cut because Excel holds no more, by `table.column`."""

    rows: dict[str, int] = field(default_factory=dict)
    sheets: dict[str, list[str]] = field(default_factory=dict)
    cut: dict[str, int] = field(default_factory=dict)


def write_xlsx(parts: Iterable[Part], path: Path, limit: int = ROWS) -> Written:
    """The parts as sheets of a new file; a table of more than `limit` rows with its head goes on in a further sheet."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    written, seen = Written(), []
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": "gongbao", "created": _MADE})
        looks = _looks(book)
        guide = book.add_worksheet(_GUIDE)
        for part in parts:
            _Sheets(book, looks, part, written, limit).fill()
            seen.append(part)
        _explain(guide, looks, seen, written)
    return written


def _looks(book: Workbook) -> dict[str, Format]:
    head = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#DDE6EE", "bottom": 1}
    return {
        "head": book.add_format(head),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}),
        # The apostrophe of Excel itself: text stays text also when somebody edits the cell.
        "text": book.add_format({"quote_prefix": True}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "link": book.add_format({"font_color": "#0B5394", "underline": 1}),
    }


class _Sheets:
    """The sheets of one part: as many as its rows need."""

    def __init__(self, book: Workbook, looks: dict[str, Format], part: Part, written: Written, limit: int) -> None:
        self.book, self.looks, self.part, self.written, self.limit = book, looks, part, written, limit
        self.names: list[str] = written.sheets.setdefault(part.name, [])
        self.writers = [_writer(column, looks, self._cut) for column in part.columns]

    def fill(self) -> None:
        first = next(self.part.batches, [])
        widths = [_width(column, [row[n] for row in first]) for n, column in enumerate(self.part.columns)]
        sheet, at, total = self._begin(widths), 0, 0
        for row in chain(first, chain.from_iterable(self.part.batches)):
            if at + 1 == self.limit:
                self._end(sheet, at)
                sheet, at = self._begin(widths), 0
            at, total = at + 1, total + 1
            self._row(sheet, at, row)
        self._end(sheet, at)
        self.written.rows[self.part.name] = total

    def _begin(self, widths: Sequence[int]) -> Worksheet:
        number = len(self.names) + 1
        name = self.part.name if number == 1 else f"{self.part.name} {number}"
        sheet = self.book.add_worksheet(name)
        self.names.append(name)
        for n, (column, wide) in enumerate(zip(self.part.columns, widths, strict=True)):
            sheet.set_column(n, n, wide, None, {"hidden": True} if column.name in _TECHNICAL else {})
        sheet.set_row(0, 32)
        for n, column in enumerate(self.part.columns):
            sheet.write_string(0, n, f"{column.title_zh}\n{column.name}", self.looks["head"])
        sheet.freeze_panes(1, 1)
        return sheet

    def _end(self, sheet: Worksheet, rows: int) -> None:
        sheet.autofilter(0, 0, max(rows, 1), len(self.part.columns) - 1)

    def _row(self, sheet: Worksheet, at: int, row: Row) -> None:
        for n, (write, value) in enumerate(zip(self.writers, row, strict=True)):
            if value is not None:
                write(sheet, at, n, value)

    def _cut(self, column: str) -> None:
        name = f"{self.part.name}.{column}"
        self.written.cut[name] = self.written.cut.get(name, 0) + 1


Writer = Callable[["Worksheet", int, int, Any], None]


def _writer(column: Column, looks: dict[str, Format], cut: Callable[[str], None]) -> Writer:
    """How a value of the column becomes a cell."""

    def text(sheet: Worksheet, row: int, at: int, value: Any) -> None:
        words = str(as_text(value))
        if len(words.encode("utf-16-le")) > 2 * CELL:
            cut(column.name)
            words = words.encode("utf-16-le")[: 2 * (CELL - 1)].decode("utf-16-le", "ignore") + "…"
        if words:
            sheet.write_string(row, at, words, looks["text"] if is_formula(words) else None)

    def number(sheet: Worksheet, row: int, at: int, value: Any) -> None:
        if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) > DIGITS:
            sheet.write_string(row, at, f"{value.normalize():f}")  # Excel would round it
        else:
            sheet.write_number(row, at, float(value))

    def day(sheet: Worksheet, row: int, at: int, value: date) -> None:
        if value.year < _FIRST_YEAR:
            sheet.write_string(row, at, value.isoformat())
        elif isinstance(value, datetime):
            sheet.write_datetime(row, at, value.replace(tzinfo=None), looks["time"])
        else:
            sheet.write_datetime(row, at, value, looks["date"])

    def truth(sheet: Worksheet, row: int, at: int, value: bool) -> None:
        sheet.write_boolean(row, at, value)

    kinds = {"bool": truth, "int32": number, "float64": number, "decimal": number, "date32": day, "timestamp": day}
    return kinds.get(column.type, text)


def _width(column: Column, values: Sequence[Any]) -> int:
    natural = [width(shown(value)) for value in values]
    heads = max(width(column.title_zh), width(column.name)) + 3  # the button of the filter
    return max(_NARROW, heads, min(_WIDE, max(natural, default=0) + 1))


def _explain(sheet: Worksheet, looks: dict[str, Format], parts: Sequence[Part], written: Written) -> None:
    """The first sheet: the tables with their rows, what was cut, and every column."""
    for n, wide in enumerate((22, 22, 20, 26, 18, 16, 40, 50, 50, 60)):
        sheet.set_column(n, n, wide)
    sheet.write_string(0, 0, "政府公报任务数据集 Task records of government gazettes", looks["title"])
    lines = list(_notices(written))
    for at, line in enumerate(lines, 1):
        sheet.write_string(at, 0, line)
    at = len(lines) + 2
    for n, head in enumerate(
        ("表 table", "行数 rows", "中文", "English", "", "", "", "每行是", "one row is", "提示 usage")
    ):
        sheet.write_string(at, n, head, looks["head"])
    for part in parts:
        at += 1
        made = part.definition
        sheet.write_url(at, 0, f"internal:'{made.name}'!A1", looks["link"], made.name)
        sheet.write_number(at, 1, written.rows[made.name])
        meaning = {7: made.description_zh, 8: made.description_en, 9: usage(made.warnings)}
        for n, text in {2: made.title_zh, 3: made.title_en, **meaning}.items():
            sheet.write_string(at, n, text, looks["wrap"])
    at += 2
    for n, head in enumerate(EXPLAINED):
        sheet.write_string(at, n, head, looks["head"])
    for row in chain.from_iterable(explained(part.definition) for part in parts):
        at += 1
        for n, each in enumerate(row):
            sheet.write_string(at, n, each, looks["wrap"])


def _notices(written: Written) -> Iterable[str]:
    yield "每条记录由规则自动抽取，引用前请核对原文。Extracted by rule: check the text before citing a row."
    yield "灰色表头可筛选；供程序用的列已隐藏。Heads have filters; columns for programs are hidden."
    for name, sheets in written.sheets.items():
        if len(sheets) > 1:
            yield f"{name}: 行数超过一页的上限，分在多页 more rows than a sheet holds: {', '.join(sheets)}"
    for name, number in written.cut.items():
        yield f"{name}: {number} 格超过 {CELL} 字，已截断 cells that Excel cannot hold end with …"
