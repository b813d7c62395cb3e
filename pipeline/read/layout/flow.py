"""Pages to blocks: lines with what the layout says of their paragraphs, tables that go on over columns and pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.model import Block, Doubt, Grid, Line
from pipeline.read.layout.cells import rows_of
from pipeline.read.layout.columns import Column, Gutter, columns
from pipeline.read.layout.furniture import Sheet, clear
from pipeline.read.layout.geometry import Page, Strip, Table
from pipeline.read.layout.lattice import lattices, table
from pipeline.read.layout.loose import loose_tables
from pipeline.read.layout.strips import strips

_FULL = 1.6  # ems a line of running text may stay short of its margin
_SHORT = 4  # ems: what cannot be divided goes to the next line
_END = frozenset("。！？；：!?;:")
_INDENT = 1.2  # ems by which a first line stands in
_FIRST = 2.6  # ems: more than the indent of a paragraph
_LARGER = 1.08  # than the body: a title
_LEADING = 1.5  # of the usual distance of lines: a gap between paragraphs
_SAME_SIZE = 0.06
_LIKE = 24.0  # points between left margins that are the same
_OFF = 1.6  # ems a centred line may stand off the middle
_CENTRED = 0.8  # of the column: a centred line so wide goes on


@dataclass(slots=True)
class _Row:
    """A line of a column."""

    text: str
    box: tuple[float, float, float, float]
    size: float
    page: int
    column: Column
    doubts: tuple[Doubt, ...] = ()


def blocks(pages: Iterable[Page]) -> tuple[Block, ...]:
    """Lines and grids of all pages in reading order; pages are taken one at a time and not kept."""
    sheets = [_sheet(page) for page in pages]
    body = clear(sheets)
    flow: list[_Row | tuple[Table, int]] = []
    all_columns: list[Column] = []
    gutter: Gutter | None = None
    for sheet in sheets:
        found, gutter = columns(sheet.elements, gutter)
        all_columns += found
        for column in found:
            flow += _column(column, sheet.number)
    _settle(all_columns)
    return tuple(_blocks(_continued(flow), body))


def _settle(found: Sequence[Column]) -> None:
    """Columns of few full lines have margins and paragraphs as the columns of running text have them."""
    prose = [c for c in found if c.indented is not None]
    indented = 2 * sum(bool(c.indented) for c in prose) > len(prose)
    for column in found:
        like = [c.x1 for c in prose if abs(c.x0 - column.x0) < _LIKE and c.x1 < column.limit]
        end = max(like, default=column.x1)
        # a page of short lines: their ends are no margin
        if column.indented is None or column.x1 - column.x0 < _CENTRED * (end - column.x0):
            column.indented = indented
            column.x1 = max(column.x1, end)


def _sheet(page: Page) -> Sheet:
    words, tables = list(page.words), []
    ruled = lattices(page.rules)
    for lattice in ruled:
        inside = [w for w in words if lattice.holds(w)]
        found = table(lattice, inside) if inside else None
        if found:
            tables.append(found)
            taken = set(map(id, inside))
            words = [w for w in words if id(w) not in taken]
    loose = [r for r in page.rules if r.bottom - r.top < 3 and not any(_on(r, t) for t in tables)]
    return Sheet(page.number, page.width, page.height, [*strips(words), *tables], loose)


def _on(rule: tuple[float, float, float, float], table: Table) -> bool:
    return table.top - 3 <= rule[1] <= table.bottom + 3 and table.x0 - 3 <= rule[0] <= table.x1 + 3


def _column(column: Column, page: int) -> Iterator[_Row | tuple[Table, int]]:
    """Rows and tables of a column, tables without rules recognised."""
    run: list[Strip] = []
    for e in [*column.elements, None]:
        if isinstance(e, Strip):
            run.append(e)
            continue
        for found in loose_tables(rows_of(run), column.x0, column.x1):
            yield (found, page) if isinstance(found, Table) else _row(found, page, column)
        run = []
        if e is not None:
            yield e, page


def _row(row: Sequence[Strip], page: int, column: Column) -> _Row:
    box = (min(s.x0 for s in row), min(s.top for s in row), max(s.x1 for s in row), max(s.bottom for s in row))
    doubts: list[Doubt] = []
    at = 0
    for s in row:
        doubts += [(at + i, sure) for i, sure in s.doubts]
        at += len(s.text) + 1
    return _Row("\u3000".join(s.text for s in row), box, max(s.size for s in row), page, column, tuple(doubts))


def _continued(flow: list[_Row | tuple[Table, int]]) -> list[_Row | tuple[Table, int]]:
    """Tables cut by the end of a column or page made whole; a header printed again is left out."""
    out: list[_Row | tuple[Table, int]] = []
    for item in flow:
        before = out[-1] if out else None
        if isinstance(item, tuple) and isinstance(before, tuple) and _goes_on(before[0], before[1], item[0], item[1]):
            first, second = before[0], item[0]
            header = _repeated(first.rows, second.rows)
            whole = Table(
                [*first.rows, *second.rows[header:]], second.x0, second.top, second.x1, second.bottom, second.edges
            )
            shift = len(first.rows) - header
            below = {(i + shift, j): sure for (i, j), sure in second.doubts.items() if i >= header}
            whole.doubts = first.doubts | below
            out[-1] = (whole, before[1])
        else:
            out.append(item)
    return out


def _goes_on(a: Table, page: int, b: Table, later: int) -> bool:
    """Columns of the same number and widths, in the next column or page."""
    if later - page > 1 + len(a.rows) or len(a.edges) != len(b.edges) or not a.edges:
        return False
    if later == page and b.top > a.bottom:  # one above the other: two tables
        return False
    shift = b.edges[0] - a.edges[0]
    return all(abs(y - x - shift) < 6 for x, y in zip(a.edges, b.edges, strict=True))


def _repeated(a: list[list[str]], b: list[list[str]]) -> int:
    """Rows at the head of `b` that open `a` as well."""
    same = 0
    while same < min(len(a), len(b)) - 1 and a[same] == b[same]:
        same += 1
    return same


def _blocks(flow: Sequence[_Row | tuple[Table, int]], body: float) -> Iterator[Block]:
    page, number = 0, 0
    before: _Row | None = None
    rows = [item if isinstance(item, _Row) else None for item in flow]
    for i, item in enumerate(flow):
        at = item.page if isinstance(item, _Row) else item[1]
        if at != page:
            page, number = at, 0
        if isinstance(item, _Row):
            number += 1
            following = rows[i + 1] if i + 1 < len(rows) else None
            follows = _follows(before, item, following, body) if before else None
            yield Line(item.text, number, page, 0, item.box, follows, item.doubts)
            before = item
        else:
            found = item[0]
            numbers = tuple(range(number + 1, number + 1 + len(found.rows)))
            doubts = tuple((i, j, sure) for (i, j), sure in sorted(found.doubts.items()))
            yield Grid(tuple(tuple(r) for r in found.rows), numbers, page, doubts)
            number += len(found.rows)
            before = None


def _follows(a: _Row, b: _Row, c: _Row | None, body: float) -> bool | None:
    """Whether the layout makes `b` the continuation of `a`; null where it does not say. `c` is the row after `b`."""
    em = max(a.size, b.size)
    if abs(a.size - b.size) > _SAME_SIZE * em:
        return False
    left_a, left_b = a.box[0] - a.column.x0, b.box[0] - b.column.x0
    room_a, room_b = a.column.x1 - a.box[2], b.column.x1 - b.box[2]
    if a.column is b.column and b.box[1] - a.box[3] > _LEADING * em:
        return False
    centred = abs(left_a - room_a) < _OFF * em and abs(left_b - room_b) < _OFF * em and left_b > _INDENT * em
    wide = a.box[2] - a.box[0] > _CENTRED * (a.column.x1 - a.column.x0)
    if min(a.size, b.size) > _LARGER * body or centred and left_a > _FIRST * em:
        return True if wide and left_b < a.column.x1 - a.column.x0 - _FIRST * em else None
    if left_b > _INDENT * em:
        hanging = c is not None and c.column is b.column and abs(c.box[0] - b.box[0]) < 0.5 * em
        return None if hanging and room_a < _FULL * em else False
    if not a.column.indented:
        return None if room_a < _SHORT * em else False
    if room_a < _FULL * em or room_a < _SHORT * em and a.text[-1] not in _END:
        return True
    # a first word too long for the rest of the line is no sign; the text must say
    return None if b.box[2] - b.box[0] > room_a and b.text[:1].isascii() else False
