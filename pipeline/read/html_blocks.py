"""An element of a page as lines and grids, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from resiliparse.parse.html import ElementNode, NodeType

from pipeline.model import Block, Grid, Line
from pipeline.read.raised import raised
from pipeline.read.spans import Cell, laid_out
from pipeline.rules import load

_SPACE = re.compile(r"[ \t\r\n\f]+")
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_LONG = 200  # characters of a cell that is a page's column rather than a cell


@cache
def _blocks() -> frozenset[str]:
    return frozenset(load("html")["blocks"].split())


def blocks_of(root: ElementNode) -> Iterator[Block]:
    """Lines and grids below an element; line numbers are set by the caller."""
    walk = _Walk()
    walk.element(root, 0)
    walk.flush(0)
    return iter(walk.blocks)


class _Walk:
    """Collects inline text until a block begins or ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.words: list[str] = []

    def flush(self, heading: int) -> None:
        text = _SPACE.sub(" ", "".join(self.words)).strip()
        self.words.clear()
        if text:
            self.blocks.append(Line(text, 0, None, heading))

    def element(self, node: ElementNode, heading: int) -> None:
        start = node.getattr("start") or ""
        count = int(start) - 1 if start.isdecimal() else 0
        for child in node.child_nodes:
            if child.type == NodeType.TEXT:
                self.words.append(child.text or "")
            elif isinstance(child, ElementNode):
                count += child.tag == "li"
                self.child(child, heading, count if node.tag == "ol" and child.tag == "li" else 0)

    def child(self, node: ElementNode, heading: int, ordinal: int) -> None:
        tag = node.tag or ""
        if tag == "br":
            self.flush(heading)
        elif tag in ("sub", "sup"):
            self.words.append(raised(node.text_content or "") if tag == "sup" else node.text_content or "")
        elif tag == "table":
            self.flush(heading)
            self.table(node)
        elif tag in _blocks():
            self.flush(heading)
            level = _HEADINGS.get(tag, heading)
            if ordinal:
                self.words.append(f"{ordinal}. ")
            self.element(node, level)
            self.flush(level)
        else:
            self.element(node, heading)

    def table(self, node: ElementNode) -> None:
        """A data table becomes a grid; a table that only lays the page out is read through."""
        caption = node.query_selector("caption")
        if caption:
            self.element(caption, 0)
            self.flush(0)
            caption.decompose()
        rows = [r for r in node.query_selector_all("tr") if _closest_table(r) == node]
        cells = [[c for c in row.children if c.tag in ("td", "th")] for row in rows]
        if _is_layout(node, cells):
            for row in cells:
                for cell in row:
                    self.element(cell, 0)
                    self.flush(0)
            return
        grid = laid_out([[_cell(c) for c in row] for row in cells])
        lines = _metadata(grid)
        self.blocks.extend(lines or [Grid(grid, ())])


def _closest_table(node: ElementNode) -> ElementNode | None:
    parent = node.parent_element
    while parent is not None and parent.tag != "table":
        parent = parent.parent_element
    return parent


def _is_layout(node: ElementNode, cells: list[list[ElementNode]]) -> bool:
    if node.query_selector("table") is not None or not cells:
        return True
    if max(len(row) for row in cells) == 1:
        return True
    # a frame: few cells, one of which holds paragraphs of running text
    few = sum(len(row) for row in cells) <= 4
    return few and any(len(c.text_content or "") > _LONG and c.query_selector("p + p") for row in cells for c in row)


def _cell(node: ElementNode) -> Cell:
    walk = _Walk()
    walk.element(node, 0)
    walk.flush(0)
    text = "\n".join(b.text for b in walk.blocks if isinstance(b, Line))
    return Cell(text, _span(node, "rowspan"), _span(node, "colspan"))


def _span(node: ElementNode, name: str) -> int:
    value = node.getattr(name) or "1"
    return max(1, min(int(value), 200)) if value.strip().isdigit() else 1


def _metadata(rows: tuple[tuple[str, ...], ...]) -> list[Line]:
    """The table of data about the document above it (索引号, 发文机关 …) as lines; empty for other tables."""
    keys = re.compile(load("html")["metadata_key"])
    found: list[Line] = []
    for row in rows:
        full = [c for c in row if c]
        for key, value in pairwise(full):
            bare = re.sub(r"[\s:：]", "", key)
            if keys.fullmatch(bare) and value and not keys.fullmatch(re.sub(r"[\s:：]", "", value)):
                found.append(Line(f"{bare}：{value}", 0))
    whole = sum(1 for row in rows for c in row if c)
    return found if found and 3 * len(found) >= whole else []
