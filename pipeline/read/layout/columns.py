"""Reading order: the gutter of a page, what stands across it, and the columns on either side.

A page is cut by what crosses its gutter (titles, wide tables, running text of one column) into
bands; in each band the left column is read before the right one. Halves are searched again, for three columns and four.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.read.layout.geometry import Element, Strip, Table, same_row

Gutter = tuple[float, float]

_NARROWEST = 16  # ems of two columns together
_MIDDLE = (0.2, 0.8)  # of the width: where a gutter may lie
_GUTTER = 0.7  # ems of the narrowest
_ROWS = 3  # rows a column must have beside the other
_FULL = 0.75  # of the column's width: a line of running text
_PROSE = 0.35  # of the lines of a column that are full
_ACROSS = 0.5  # ems by which an element must reach over a gutter to cross it


@dataclass(slots=True)
class Column:
    """Elements that are read one after the other, top to bottom, between two margins."""

    x0: float
    x1: float
    elements: list[Element]
    indented: bool | None = None  # whether paragraphs are told by their first lines
    limit: float = float("inf")  # how far right it may reach: the gutter


def columns(elements: Sequence[Element], known: Gutter | None = None) -> tuple[list[Column], Gutter | None]:
    """Columns of a page in reading order, and its gutter (null: one column).

    `known` is the gutter of the page before: a page with few lines is divided there too.
    """
    if not elements:
        return [], None
    found = _gutter(elements)
    if found is None and known is not None and _divides(elements, known):
        found = known
    if found is None:
        return [_column(elements, elements)], None
    return _bands(elements, found), found


def _column(elements: Sequence[Element], whole: Sequence[Element], limit: float = float("inf")) -> Column:
    """A column of elements; its margins are those of all that stands between the same margins on the page."""
    strips = [e for e in whole if isinstance(e, Strip)]
    x0 = _margin([s.x0 for s in strips] or [e.x0 for e in whole], _em(whole))
    x1 = -_margin([-s.x1 for s in strips] or [-e.x1 for e in whole], _em(whole))
    return Column(x0, x1, sorted(elements, key=lambda e: (e.top, e.x0)), _indented(strips, x0, x1), limit)


def _margin(ends: Sequence[float], em: float) -> float:
    """The outermost place where several lines end; without one, where any does."""
    enough = max(2, len(ends) // 10)
    ordered = sorted(ends)
    for i, at in enumerate(ordered[: 1 - enough] if enough <= len(ordered) else ()):
        if ordered[i + enough - 1] - at < 0.6 * em:
            return at
    return ordered[0]


def _indented(strips: Sequence[Strip], x0: float, x1: float) -> bool | None:
    """Whether some full lines begin two characters in and most at the margin; null for too few lines to tell."""
    full = [s for s in strips if s.x1 > x1 - 2 * s.size and s.x0 - x0 < 2.6 * s.size]
    if len(full) < _ROWS or len(full) < _PROSE * len(strips):
        return None
    first = sum(s.x0 - x0 > 1.5 * s.size for s in full)
    return 0 < first <= 0.8 * len(full)


def _em(elements: Sequence[Element]) -> float:
    sizes = [e.size for e in elements if isinstance(e, Strip)]
    return median(sizes) if sizes else 10.0


def _gutter(elements: Sequence[Element]) -> Gutter | None:
    """The stretch in the middle that fewest elements cross, if columns of running text stand on both sides."""
    em = _em(elements)
    x0, x1 = min(e.x0 for e in elements), max(e.x1 for e in elements)
    if x1 - x0 < _NARROWEST * em:
        return None
    for gutter in _quiet(elements, x0, x1, em):
        left, right = _sides(elements, gutter, em)
        if _beside(left, right) >= _ROWS and all(_is_prose(s, em) or _gutter(s) for s in (left, right)):
            return gutter
    return None


def _quiet(elements: Sequence[Element], x0: float, x1: float, em: float) -> list[Gutter]:
    """Stretches with the least above and below them, the widest first."""
    size = int(x1 - x0) + 2
    steps = [0] * (size + 1)
    for e in elements:
        weight = len(e.rows) if isinstance(e, Table) else 1
        steps[max(0, int(e.x0 - x0 + 0.5))] += weight
        steps[min(size, int(e.x1 - x0 + 0.5))] -= weight
    low, high = int(_MIDDLE[0] * size), int(_MIDDLE[1] * size)
    depth, cover = 0, []
    for step in steps[:size]:
        depth += step
        cover.append(depth)
    least = min(cover[low:high], default=0)
    found, start = [], None
    for i in range(low, high + 1):
        quiet = i < high and cover[i] == least
        if quiet and start is None:
            start = i
        elif not quiet and start is not None:
            if i - start >= _GUTTER * em:
                found.append((x0 + start, x0 + i))
            start = None
    return sorted(found, key=lambda g: g[0] - g[1])[:3]


def _crosses(e: Element, gutter: Gutter, em: float) -> bool:
    return e.x0 < gutter[0] - _ACROSS * em and e.x1 > gutter[1] + _ACROSS * em


def _sides(elements: Sequence[Element], gutter: Gutter, em: float) -> tuple[list[Element], list[Element]]:
    middle = (gutter[0] + gutter[1]) / 2
    across = _crossing(elements, gutter, em)
    rest = [e for e in elements if id(e) not in across]
    left = [e for e in rest if (e.x0 + e.x1) / 2 < middle]
    return left, [e for e in rest if (e.x0 + e.x1) / 2 >= middle]


def _crossing(elements: Sequence[Element], gutter: Gutter, em: float) -> set[int]:
    """Ids of the elements that cross the gutter, with those beside them on their lines."""
    across = [e for e in elements if _crosses(e, gutter, em)]
    found = {id(e) for e in across}
    lines = [a for a in across if isinstance(a, Strip)]
    for e in elements:
        if id(e) not in found and isinstance(e, Strip) and any(same_row(e, a) for a in lines):
            found.add(id(e))
    return found


def _beside(left: Sequence[Element], right: Sequence[Element]) -> int:
    """The fewer of the rows that either column has where the other one stands too."""
    if not left or not right:
        return 0
    top = max(min(e.top for e in left), min(e.top for e in right))
    bottom = min(max(e.bottom for e in left), max(e.bottom for e in right))
    return min(sum(_rows(e) for e in side if e.bottom > top and e.top < bottom) for side in (left, right))


def _rows(e: Element) -> int:
    return len(e.rows) if isinstance(e, Table) else 1


def _is_prose(side: Sequence[Element], em: float) -> bool:
    """A column of text: many of its lines reach from margin to margin."""
    strips = [e for e in side if isinstance(e, Strip)]
    tables = [e for e in side if isinstance(e, Table)]
    width = max(e.x1 for e in side) - min(e.x0 for e in side)
    if width < _NARROWEST / 2 * em:
        return False
    full = sum(s.x1 - s.x0 > _FULL * width for s in strips)
    return full >= _PROSE * len(strips) or any(t.x1 - t.x0 > _FULL * width for t in tables)


def _divides(elements: Sequence[Element], gutter: Gutter) -> bool:
    """Whether a gutter known from another page leaves something on both of its sides."""
    em = _em(elements)
    left, right = _sides(elements, gutter, em)
    whole = len(left) + len(right)
    free = all(e.x1 <= gutter[0] + em for e in left) and all(e.x0 >= gutter[1] - em for e in right)
    return bool(left) and free and (bool(right) or whole == len(elements)) and 2 * whole > len(elements)


def _bands(elements: Sequence[Element], gutter: Gutter) -> list[Column]:
    em = _em(elements)
    across = _crossing(elements, gutter, em)
    left_side, right_side = _sides(elements, gutter, em)
    out: list[Column] = []
    band: list[Element] = []
    wide: list[Element] = []

    def flush() -> None:
        if band:
            out.extend(_band(band, left_side, right_side, gutter))
            band.clear()

    for e in sorted(elements, key=lambda e: (e.top, e.x0)):
        if id(e) in across:
            flush()
            wide.append(e)
            continue
        if wide:
            out.append(_column(wide, elements))
            wide = []
        band.append(e)
    flush()
    if wide:
        out.append(_column(wide, elements))
    return out


def _band(
    band: Sequence[Element], left_side: Sequence[Element], right_side: Sequence[Element], gutter: Gutter
) -> list[Column]:
    middle = (gutter[0] + gutter[1]) / 2
    left = [e for e in band if (e.x0 + e.x1) / 2 < middle]
    right = [e for e in band if (e.x0 + e.x1) / 2 >= middle]
    out: list[Column] = []
    if left and right:
        # a date or a signature at the right, above where the columns begin
        start = min(e.top for e in left)
        early = [e for e in right if e.bottom <= start + 1 and isinstance(e, Strip)]
        if early:
            out.append(_column(early, [*left_side, *right_side]))
            right = [e for e in right if e not in early]
    for side, whole, limit in ((left, left_side, gutter[1]), (right, right_side, float("inf"))):
        if not side:
            continue
        inner = _gutter(side)
        out += _bands(side, inner) if inner else [_column(side, whole, limit)]
    return out
