"""Markdown and plain text: lines as printed, tables as grids."""

from __future__ import annotations

import re

from pipeline.model import Block, Grid, Line
from pipeline.read.encoding import decode

_LINE_END = re.compile(r"\r\n|\r|\n")
_HEADING = re.compile(r"[ ]{0,3}(#{1,6})[ \u3000\t]")
_PIPE_RULE = re.compile(r"[\s|:\-—]+")
# A page kept by a site generator has its title between lines of --- before the markup.
_FRONT_MATTER = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,20}---[ \t]*\r?\n(?:[^\n]*\n){0,60}?---[ \t]*\r?\n")
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|!--|[a-z][a-z0-9]{0,10}[\s>])", re.I)
_CLOSED = re.compile(rb"</(?:p|div|td|li|h[1-6]|span|section)>", re.I)
_FEW = 5


def is_html(head: bytes) -> bool:
    """Whether the first bytes of a file open an HTML page or a part of one, front matter apart;
    or every third line closes an element, whatever the first ones look like.
    """
    matter = _FRONT_MATTER.match(head)
    start = matter.end() if matter else 0
    if _HTML.match(head, start) and head.count(b"<", start) > 2:
        return True
    closed = len(_CLOSED.findall(head, start))
    return closed >= _FEW and 3 * closed >= sum(1 for line in head[start:].split(b"\n") if line.strip())


def read(content: bytes) -> tuple[tuple[Block, ...], str]:
    """Blocks (blank lines left out; line numbers keep the gaps) and the encoding."""
    text, encoding = decode(content)
    blocks: list[Block] = []
    lines = _LINE_END.split(text)
    i = 0
    while i < len(lines):
        line = lines[i]
        if "\t" in line or "|" in line:
            end = _grid_end(lines, i)
            if end:
                blocks.append(_grid(lines, i, end))
                i = end
                continue
        i += 1
        if line and not line.isspace():
            heading = _HEADING.match(line) if "#" in line else None
            blocks.append(Line(line, i, None, len(heading[1]) if heading else 0))
    return tuple(blocks), encoding


def _grid_end(lines: list[str], start: int) -> int:
    """Line after the table that begins at `start`; 0 where none does."""
    for is_row in (_is_tab_row, _is_pipe_row):
        if not is_row(lines[start]):
            continue
        end = start + 1
        # A row with a figure under one column only (a total) has tabs but a single cell.
        while end < len(lines) and (is_row(lines[end]) or ("\t" in lines[end] and is_row is _is_tab_row)):
            end += 1
        if end - start >= 2:
            return end
    return 0


def _is_tab_row(line: str) -> bool:
    """Tabs between cells; a tab that only indents makes no row."""
    return "\t" in line.strip(" \t\u3000") or line.startswith("\t\t")


def _is_pipe_row(line: str) -> bool:
    line = line.strip()
    return line.startswith("|") and line.count("|") >= 2


def _grid(lines: list[str], start: int, end: int) -> Grid:
    rows, numbers = [], []
    for i in range(start, end):
        line = lines[i]
        if "\t" in line:
            cells = line.split("\t")
        elif _PIPE_RULE.fullmatch(line):
            continue
        else:
            cells = line.strip().strip("|").split("|")
        rows.append(tuple(c.strip() for c in cells))
        numbers.append(i + 1)
    return Grid(tuple(rows), tuple(numbers))
