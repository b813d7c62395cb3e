"""What is printed on a page but is no part of the text: running heads, page numbers, footnotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.read.layout.cells import rows_of
from pipeline.read.layout.geometry import Element, Rule, Strip

_EDGE = 0.14  # of the page's height: where heads and feet stand
_EDGE_ROWS = 3
_NUMBER = re.compile(
    r"[-—–－_·•.~\s]{0,4}(?:第\s?)?(\d{1,4})(?:\s?页)?(?:[，,/／\s]{0,3}共?\s?\d{1,4}\s?页?)?[-—–－_·•.~\s]{0,4}"
)
_DASHED = re.compile(r"[-—–－]{1,2}\s?\d{1,4}\s?[-—–－]{1,2}")  # GB/T 9704; a scan may have wide margins
_DASHED_EDGE = 0.22
_ROMAN = re.compile(r"[-—·\s]{0,3}[ivxIVX]{1,6}[-—·\s]{0,3}")
_DIGITS = re.compile(r"\d+")
_BLANK = re.compile(r"\s+")
_NOTE = re.compile(r"[①-⑳*＊※†]|[¹²³⁴-⁹]{1,2}|\[\d{1,2}\]|〔\d{1,2}〕")
_SMALLER = 0.92  # of the size of the body


@dataclass(slots=True)
class Edge:
    """A row in the margin of a page; `depth` counts from the edge."""

    text: str
    row: list[Strip]
    depth: int
    top: bool


@dataclass(slots=True)
class Sheet:
    """A page on the way: its elements, and its ruled lines that belong to no table."""

    number: int
    width: float
    height: float
    elements: list[Element]
    rules: Sequence[Rule] = ()
    edges: list[Edge] = field(default_factory=list)


def clear(sheets: Sequence[Sheet]) -> float:
    """Take the furniture off all pages; the size of the body's characters."""
    body = _body_size(sheets)
    for sheet in sheets:
        sheet.edges = _edges(sheet)
    seen = Counter(key for sheet in sheets for key in {k for e in sheet.edges for k in _keys(e, sheet.number)})
    for sheet in sheets:
        gone = _furniture(sheet, seen, body, len(sheets))
        gone |= _footnotes(sheet, body, gone)
        sheet.elements = [e for e in sheet.elements if id(e) not in gone]
        sheet.edges = []
    return body


def _body_size(sheets: Sequence[Sheet]) -> float:
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        for e in sheet.elements:
            if isinstance(e, Strip):
                sizes[round(e.size, 1)] += len(e.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _edges(sheet: Sheet) -> list[Edge]:
    """The outermost rows of the top and bottom margins, from the edge of the page inwards."""
    found = []
    strips = [e for e in sheet.elements if isinstance(e, Strip)]
    limit, low = _EDGE * sheet.height, (1 - _DASHED_EDGE) * sheet.height
    for top in (True, False):
        near = [
            s
            for s in strips
            if (s.bottom <= limit if top else s.top >= sheet.height - limit)
            or not top
            and s.top >= low
            and _DASHED.fullmatch(s.text)
        ]
        rows = rows_of(near)
        if not top:
            rows.reverse()
        for i, row in enumerate(rows[:_EDGE_ROWS]):
            found.append(Edge(_BLANK.sub("", "".join(s.text for s in row)), row, i, top))
    return found


def _keys(edge: Edge, page: int) -> set[tuple[bool, str]]:
    """The text as it is, and with each number as its distance to the number of the page."""
    moving = _DIGITS.sub(lambda m: f"#{int(m[0]) - page}" if len(m[0]) < 5 else m[0], edge.text)
    return {(edge.top, edge.text), (edge.top, moving)}


def _furniture(sheet: Sheet, seen: Counter[tuple[bool, str]], body: float, pages: int) -> set[int]:
    gone: set[int] = set()
    for edge in sheet.edges:
        repeated = max(seen[key] for key in _keys(edge, sheet.number))
        apart = max(s.size for s in edge.row) < _SMALLER * body or _stands_apart(edge, sheet)
        if (
            edge.depth == 0
            and _is_number(edge.text)
            or repeated >= 3
            and apart
            and not edge.text.startswith("附")
            or repeated == pages == 2
            and apart
            or edge.top
            and edge.depth == 0
            and _above_a_rule(edge, sheet, body)
        ):
            gone.update(id(s) for s in edge.row)
            _promote(edge, sheet)
    return gone


def _promote(gone: Edge, sheet: Sheet) -> None:
    """What stands inside a row that goes is now the outermost."""
    for edge in sheet.edges:
        if edge.top == gone.top and edge.depth > 0:
            edge.depth -= 1


def _is_number(text: str) -> bool:
    return len(text) < 20 and (_NUMBER.fullmatch(text) or _ROMAN.fullmatch(text)) is not None


def _stands_apart(edge: Edge, sheet: Sheet) -> bool:
    """A gap as high as the row between it and the rest of the page."""
    top, bottom = min(s.top for s in edge.row), max(s.bottom for s in edge.row)
    mine = {id(s) for s in edge.row}
    rest = [e for e in sheet.elements if id(e) not in mine]
    gaps = (
        [e.top - bottom for e in rest if e.top > bottom]
        if edge.top
        else [top - e.bottom for e in rest if e.bottom < top]
    )
    return min(gaps, default=bottom - top) >= 0.8 * (bottom - top)


def _above_a_rule(edge: Edge, sheet: Sheet, body: float) -> bool:
    """A small line above a line drawn from margin to margin, at the top of the page."""
    bottom = max(s.bottom for s in edge.row)
    if max(s.size for s in edge.row) >= _SMALLER * body:
        return False
    return any(r.x1 - r.x0 > 0.5 * sheet.width and 0 <= r.top - bottom < 12 for r in sheet.rules)


def _footnotes(sheet: Sheet, body: float, gone: set[int]) -> set[int]:
    """Ids of the notes at the foot: small print below a short rule, or opened by a mark that the text has."""
    strips = [e for e in sheet.elements if isinstance(e, Strip) and id(e) not in gone]
    low = [s for s in strips if s.top > 0.5 * sheet.height]
    for rule in sheet.rules:
        if 20 < rule.x1 - rule.x0 < 0.45 * sheet.width and rule.top > 0.5 * sheet.height:
            under = [s for s in low if s.top >= rule.top - 2]
            others = any(e.bottom > rule.top + 2 for e in sheet.elements if not isinstance(e, Strip))
            if under and not others and all(s.size < _SMALLER * body for s in under):
                return {id(s) for s in under}
    small = []
    for row in reversed(rows_of(low)):
        if max(s.size for s in row) >= _SMALLER * body:
            break
        small.append(row)
    for i, row in enumerate(reversed(small)):
        mark = _NOTE.match(row[0].text)
        if mark and any(mark[0] in s.text[1:] for s in strips):
            return {id(s) for later in small[: len(small) - i] for s in later}
    return set()
