"""The text of a cell: its lines joined where only the width of the cell broke them."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.read.layout.geometry import Strip, Word, same_row
from pipeline.read.layout.strips import strips


def rows_of(found: Sequence[Strip]) -> list[list[Strip]]:
    """Strips side by side, from top to bottom, each row from left to right."""
    rows: list[list[Strip]] = []
    for strip in sorted(found, key=lambda s: s.top + s.bottom):
        if rows and same_row(rows[-1][0], strip):
            rows[-1].append(strip)
        else:
            rows.append([strip])
    return [sorted(row, key=lambda s: s.x0) for row in rows]


def cell_text(words: Sequence[Word], x0: float, x1: float) -> str:
    """Words of the cell between x0 and x1; a line end is kept where the line had room for more."""
    if len(words) == 1:
        return words[0].text
    return joined_rows(rows_of(strips(words)), x0, x1)


def joined_rows(rows: Sequence[Sequence[Strip]], x0: float, x1: float) -> str:
    """Rows of one cell as text."""
    text = ""
    room = 0.0
    for row in rows:
        line = "\u3000".join(s.text for s in row)
        if text:
            em = row[0].size
            # what stands first in this line would have fitted in the one before
            fits = room > 1.6 * em + (row[0].x1 - row[0].x0 if line.isascii() else 0)
            text += (
                "\n"
                if fits
                else " "
                if text[-1].isascii() and text[-1].isalpha() and line[0].isalpha() and line[0].isascii()
                else ""
            ) + line
        else:
            text = line
        room = (x1 - x0) - (row[-1].x1 - row[0].x0)
    return text
