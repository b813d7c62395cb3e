"""Tables in Markdown and plain text: where one begins and ends, and its cells.

Four forms are known: pipes (at the edges too or not), grids of +---+, tabs, and columns kept apart by blanks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pipeline.model import Grid

_PIPE_RULE = re.compile(r"[\s|:\-—]+")
_GRID_RULE = re.compile(r"\+(?:[-=:]{2,}\+)+")
_PIPE = re.compile(r"(?<!\\)\|")
_GAP = re.compile(r"[ \u3000\xa0]{2,}")
_INNER_GAP = re.compile(r"\S[ \u3000\xa0]{2,}\S")
_FIGURE = re.compile(r"[-+]?\d[\d,.]*[%‰]?")
_LONGEST = 40  # characters of a cell between blanks; longer are sentences
_FEWEST = 3  # rows and columns that blanks alone make a table of


def grid_at(lines: Sequence[str], start: int) -> tuple[Grid, int] | None:
    """The table that begins at a line and the line after it; null where none does."""
    line = lines[start]
    if "|" in line or "\t" in line or line.startswith("+"):
        for is_row in (_is_tab_row, _is_pipe_row):
            end = _end(lines, start, is_row)
            if end:
                return _grid(lines, start, end), end
        end = _edgeless_end(lines, start) if "|" in line else 0
        if end:
            return _grid(lines, start, end), end
    return _aligned(lines, start) if _INNER_GAP.search(line) else None


def _end(lines: Sequence[str], start: int, test: Callable[[str], bool]) -> int:
    """Line after the run of rows of one form; 0 where there are not two."""
    if not test(lines[start]):
        return 0
    end = start + 1
    # A row with a figure under one column only (a total) has tabs but a single cell.
    while end < len(lines) and (test(lines[end]) or ("\t" in lines[end] and test is _is_tab_row)):
        end += 1
    return end if end - start >= 2 else 0


def _is_tab_row(line: str) -> bool:
    """Tabs between cells; a tab that only indents makes no row."""
    return "\t" in line.strip(" \t\u3000") or line.startswith("\t\t")


def _is_pipe_row(line: str) -> bool:
    line = line.strip()
    return line.startswith("|") and line.count("|") >= 2 or _GRID_RULE.fullmatch(line) is not None


def _edgeless_end(lines: Sequence[str], start: int) -> int:
    """A table without pipes at its edges: a row, a ruling of dashes, rows with pipes."""
    if start + 2 >= len(lines) or "|" not in lines[start + 1] or "--" not in lines[start + 1]:
        return 0
    if not _PIPE_RULE.fullmatch(lines[start + 1]):
        return 0
    end = start + 2
    while end < len(lines) and _PIPE.search(lines[end]):
        end += 1
    return end if end > start + 2 else 0


def _grid(lines: Sequence[str], start: int, end: int) -> Grid:
    rows: list[list[str]] = []
    numbers: list[int] = []
    ruled = any(_GRID_RULE.fullmatch(line.strip()) for line in lines[start:end])
    new = True
    for i in range(start, end):
        line = lines[i]
        if "\t" not in line and (_PIPE_RULE.fullmatch(line) or _GRID_RULE.fullmatch(line.strip())):
            new = True
            continue
        cells = [c.strip() for c in (line.split("\t") if "\t" in line and "|" not in line else _cells(line))]
        if ruled and not new and len(cells) == len(rows[-1]):  # a cell of several lines
            rows[-1] = ["\n".join(filter(None, pair)) for pair in zip(rows[-1], cells, strict=True)]
            continue
        rows.append(cells)
        numbers.append(i + 1)
        new = False
    return Grid(tuple(map(tuple, rows)), tuple(numbers))


def _cells(line: str) -> list[str]:
    """Cells between pipes; only the pipes at the edges are none of theirs."""
    line = line.strip()
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [c.replace("\\|", "|") for c in _PIPE.split(line)]


def _aligned(lines: Sequence[str], start: int) -> tuple[Grid, int] | None:
    """Columns kept apart by two blanks or more: as many in each of three lines or more, a head without figures,
    and a column of figures under it. What is less regular stays text.
    """
    rows: list[tuple[str, ...]] = []
    figures: list[int] = []  # columns of figures so far; without any the lines that follow need no look
    for i in range(start, len(lines)):
        cells = tuple(_GAP.split(lines[i].strip(" \u3000\xa0\r")))
        if len(cells) < _FEWEST or rows and len(cells) != len(rows[0]) or not all(map(_is_cell, cells)):
            break
        numeric = [j for j, c in enumerate(cells) if _FIGURE.fullmatch(c)]
        if not rows and numeric:
            return None
        figures = numeric if len(rows) == 1 else [j for j in figures if j in numeric]
        if rows and not figures:
            return None
        rows.append(cells)
    if len(rows) < _FEWEST:
        return None
    end = start + len(rows)
    return Grid(tuple(rows), tuple(range(start + 1, end + 1))), end


def _is_cell(text: str) -> bool:
    return 0 < len(text) <= _LONGEST and not text.endswith("。")
