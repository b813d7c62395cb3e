"""Markdown and plain text: lines as printed, tables as grids."""

from __future__ import annotations

import re

from pipeline.model import Block, Line
from pipeline.read.encoding import decode
from pipeline.read.plain_tables import grid_at
from pipeline.read.raised import raised

_LINE_END = re.compile(r"\r\n|\r|\n")
_RAISED = re.compile(r"(?<=[0-9]<sup>)[0-9+−-]{1,3}(?=</sup>)")
_HEADING = re.compile(r"[ ]{0,3}(#{1,6})[ \u3000\t]")
_SIGN_OF_ROW = re.compile("[\t|+ \u3000\xa0]")  # quick to see; most lines have none
_MAY_BE_ROW = re.compile(r"[\t|]|^\+-|\S[ \u3000\xa0]{2}")
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
    text = _RAISED.sub(lambda m: raised(m[0]), text)  # a power, as in other formats: 10<sup>4</sup> is not 104
    blocks: list[Block] = []
    lines = _LINE_END.split(text)
    i = 0
    while i < len(lines):
        line = lines[i]
        if _SIGN_OF_ROW.search(line) and _MAY_BE_ROW.search(line) and (found := grid_at(lines, i)):
            grid, i = found
            blocks.append(grid)
            continue
        i += 1
        if line and not line.isspace():
            heading = _HEADING.match(line) if "#" in line else None
            blocks.append(Line(line, i, None, len(heading[1]) if heading else 0))
    return tuple(blocks), encoding
