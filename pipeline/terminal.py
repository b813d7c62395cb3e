"""Text on a terminal: East Asian widths, tables of 80 columns, colour only where it is wanted."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TextIO

WIDTH = 80
_GAP = 2
_NARROW = 8  # columns below which a value says nothing


def columns_of(stream: TextIO) -> int:
    """Columns of the terminal behind `stream`; 80 where it is none."""
    return shutil.get_terminal_size((WIDTH, 24)).columns if stream.isatty() else WIDTH


def wants_colour(stream: TextIO) -> bool:
    """Whether marks may be coloured: a terminal, and NO_COLOR not set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width(text: str) -> int:
    """Columns a terminal gives the text: two for wide and full-width characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def clip(text: str, columns: int) -> str:
    """The text in at most so many columns, … for what was cut off."""
    if width(text) <= columns:
        return text
    kept, used = [], 1
    for char in text:
        used += _char_width(char)
        if used > columns:
            break
        kept.append(char)
    return "".join(kept) + "…"


# What a line may be broken between: words of letters, single wide characters with the punctuation that closes them.
_PIECES = re.compile(r"\s+|[^\s\u2e80-\uffff]+[，。；：、）》」”]*|[\u2e80-\uffff][，。；：、）》」”]*")


def fold(text: str, columns: int) -> list[str]:
    """The text on lines of at most so many columns, broken at spaces and between wide characters."""
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if width(line) + width(piece.rstrip()) > columns and line.strip():
            lines.append(line.strip())
            line = ""
        line += piece
        while width(line.rstrip()) > columns > 1:
            head = clip(line, columns + 1)[:-1]
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line.strip()] if line.strip() else lines


def wrap(line: str, columns: int, indent: str = "") -> str:
    """The line on as many lines of at most so many columns as it takes, those below indented."""
    lead = line[: len(line) - len(line.lstrip())]
    first, *more = fold(line, columns - max(len(lead), len(indent))) or [""]
    return "\n".join([lead + first, *(indent + each for each in more)])


def wrapped(lines: Iterable[str], stream: TextIO) -> Iterator[str]:
    """Lines no wider than the terminal, or 80 columns: what is longer goes on below, indented."""
    columns = columns_of(stream)
    for line in lines:
        yield wrap(line, columns, " " * (len(line) - len(line.lstrip()) + 2))


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """The text filled up with spaces to so many columns."""
    space = " " * max(0, columns - width(text))
    return space + text if right else text + space


def shown(value: Any) -> str:
    """A value of a record on one line: nothing for null, 12.5 for 12.500000."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return " ".join(shown(v) for v in value.values() if v is not None)
    if isinstance(value, (list, tuple)):
        nested = any(isinstance(v, (list, tuple)) for v in value)
        return "、".join(shown(v).replace("、", "/") if nested else shown(v) for v in value)
    return " ".join(str(value).split())


def render(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], titles: Mapping[str, str], total: int = WIDTH
) -> str:
    """The rows as aligned text, at most `total` columns wide; ids are kept whole where there is room.

    Where the columns would be too narrow to say anything, each row is a block of lines, a field to a line.
    """
    rows = list(rows)
    cells = [[shown(row.get(c)) for c in columns] for row in rows]
    heads = [titles.get(c, c) for c in columns]
    natural = [max(map(width, col)) for col in zip(heads, *cells, strict=True)]
    if sum(min(w, _NARROW) for w in natural) + _GAP * (len(natural) - 1) > total:
        return _blocks(heads, cells, total)
    numeric = [any(is_number(row.get(c)) for row in rows) for c in columns]
    widths = _fit(natural, columns, total)
    lines = [heads, ["─" * w for w in widths], *cells]
    return "\n".join(
        (" " * _GAP).join(pad(clip(c, w), w, right=n) for c, w, n in zip(line, widths, numeric, strict=True)).rstrip()
        for line in lines
    )


def _blocks(heads: Sequence[str], cells: Sequence[Sequence[str]], total: int) -> str:
    label = max(map(width, heads)) + _GAP
    lines: list[str] = []
    for number, row in enumerate(cells, 1):
        lines.append(f"── {number} ".ljust(total, "─"))
        lines += [pad(h, label) + clip(c, max(total - label, _NARROW)) for h, c in zip(heads, row, strict=True) if c]
    return "\n".join(lines)


def is_number(value: Any) -> bool:
    """Whether the value goes to the right of its column."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _fit(natural: list[int], names: Sequence[str], total: int) -> list[int]:
    """Widths that fit: the widest gives way first, an id or a date last."""
    widths = list(natural)
    room = max(total - _GAP * (len(widths) - 1), len(widths))
    firm = [name.endswith(("_id", "_on")) for name in names]
    while sum(widths) > room:
        soft = [i for i, w in enumerate(widths) if not firm[i] and w > _NARROW]
        widest = max(soft or range(len(widths)), key=lambda i: widths[i])
        if widths[widest] <= 1:
            break
        widths[widest] -= 1
    return widths
