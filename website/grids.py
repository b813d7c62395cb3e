"""A table of an annex as it is shown: header rows with their spans, cells with their doubts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from website.reading import Row


@dataclass(frozen=True, slots=True)
class Head:
    """A cell of the header and how many columns and rows it is over."""

    words: str
    columns: int
    rows: int


def grid(table: Mapping[str, Any], cells: Sequence[Row], tasks: Mapping[tuple[str, int], list[str]]) -> dict[str, Any]:
    """Title, notes, header and rows. Each row: number, label, the tasks read from it, its cells (null where none is).

    Cells are what a table says of its rows; columns before the first of them name the row, and the nearest is shown.
    """
    at = {(cell["row"], cell["col"]): cell for cell in cells}
    labels = {cell["row"]: cell["row_label"] or "" for cell in cells}
    first = min((col for _, col in at), default=1)
    last = max(max((col for _, col in at), default=0), len(table["header"] or []))
    table_id = table["table_id"]
    return {
        "id": table_id,
        "title": table["title"],
        "annex": table["annex_no"],
        "status": table["status"],
        "notes": table["notes"] or [],
        "labelled": first > 1,
        "head": heads((table["header"] or [])[max(first - 2, 0) :]),
        "rows": [
            (n, labels[n], tasks.get((table_id, n), []), [at.get((n, col)) for col in range(first, last + 1)])
            for n in sorted(labels)
        ],
    }


def heads(header: Sequence[Sequence[str]]) -> list[list[Head]]:
    """Rows of the header from the words above each column, equal neighbours under one head joined."""
    depth = max((len(words) for words in header), default=0)
    made = []
    for level in range(depth):
        line: list[Head] = []
        start = 0
        while start < len(header):
            end = start + 1
            while end < len(header) and level < len(header[start]) - 1 and _same(header, start, end, level):
                end += 1
            if level < len(header[start]):
                last = level == len(header[start]) - 1
                line.append(Head(header[start][level], end - start, depth - level if last else 1))
            start = end
        made.append(line)
    return made


def _same(header: Sequence[Sequence[str]], one: int, other: int, level: int) -> bool:
    return len(header[other]) > level + 1 and header[one][: level + 1] == header[other][: level + 1]
