"""Word processing documents (DOCX): paragraphs with their labels, tables, text boxes, notes.

Read is the final version: insertions are taken, deletions and hidden text are not; headers and
footers stand in parts of their own and stay there. Notes come behind the text, each as
a line of its own. Line numbers count the lines of the document: it has no pages until it is printed.
"""

from __future__ import annotations

import re

from pipeline.model import Block, Grid, Line
from pipeline.read.docx_numbering import Numbering
from pipeline.read.docx_styles import Styles
from pipeline.read.docx_tables import columns, is_frame, rows_of
from pipeline.read.docx_text import Fields, Inline, chosen
from pipeline.read.errors import ReadError
from pipeline.read.ooxml import Element, child, is_on, name, unpack, value
from pipeline.read.spans import laid_out

_THROUGH = frozenset({"ins", "moveTo", "customXml", "smartTag", "sdtContent"})
_LONGEST_HEADING = 60
_LEADER = "……"
_NOTES = {"footnote": "脚注", "endnote": "尾注"}  # structure.footer knows these words
_TAIL = re.compile(r"[。；;]$")


def read(content: bytes) -> tuple[Block, ...]:
    """Blocks of a document; ReadError, which says what to do, for what is damaged, locked or empty."""
    package = unpack(content)
    if package.has_foreign:
        raise ReadError("holds parts in another format (altChunk): open it in a word processor, save it and pass that")
    reader = _Reader(Styles(package.styles), package.numbering)
    try:
        reader.read(child(package.document, "body"))
        reader.read_notes({"footnote": package.footnotes, "endnote": package.endnotes})
    except RecursionError:
        raise ReadError("parts are nested too deep: save it anew in a word processor and pass that") from None
    if not reader.blocks:
        why = "only pictures: pass it as PDF" if reader.pictures else "no text: pass a file with the text of a bulletin"
        raise ReadError(f"holds {why}")
    return tuple(_numbered(reader.blocks))


class _Reader:
    """Collects blocks; its counters and fields run on through the document."""

    def __init__(self, styles: Styles, numbering: Element | None) -> None:
        self.blocks: list[Block] = []
        self.pictures = 0
        self._styles, self._numbering = styles, Numbering(numbering, styles)
        self._fields = Fields()
        self._notes: list[tuple[str, str]] = []
        self._carried: list[str] = []  # text of a paragraph whose end was deleted: it goes on in the next

    def read(self, parent: Element) -> None:
        """All blocks in an element."""
        for element in parent:
            kind = name(element)
            if kind == "p":
                self._paragraph(element)
            elif kind == "tbl":
                self._table(element)
            elif kind == "sdt":
                self._control(element)
            elif kind == "mc:AlternateContent":
                self.read(chosen(element))
            elif kind in _THROUGH:
                self.read(element)
        self._flush("", 0)

    def read_notes(self, parts: dict[str, Element | None]) -> None:
        """Notes that the text refers to, in its order, each on one line that says what it is."""
        for n, (kind, key) in enumerate(dict.fromkeys(self._notes), 1):
            part = parts[kind]
            note = next((e for e in part if value(e, "id") == key), None) if part is not None else None
            text = self.text_of(note).replace("\n", "").strip() if note is not None else ""
            if text:
                self.blocks.append(Line(f"{_NOTES[kind]}{n}：{text}", 0))

    def text_of(self, parent: Element) -> str:
        """The lines of a cell or a note; what a table in it holds, row by row."""
        outer, self.blocks = self.blocks, []
        self.read(parent)
        inner, self.blocks = self.blocks, outer
        lines = [b.text if isinstance(b, Line) else "\n".join(" ".join(filter(None, r)) for r in b.rows) for b in inner]
        return "\n".join(lines)

    def _control(self, element: Element) -> None:
        content = child(element, "sdtContent")
        if content is not None and not is_on(child(element, "sdtPr", "showingPlcHdr")):
            self.read(content)

    def _paragraph(self, element: Element) -> None:
        properties = child(element, "pPr")
        is_contents = self._styles.is_contents(properties) or self._fields.in_contents
        inline = Inline(self._styles, self._fields, properties)
        inline.walk(element)
        text = "".join(inline.words)
        if is_contents or self._fields.in_contents:
            text = text.strip().replace("\t", _LEADER)
        self._notes += inline.notes
        self.pictures += inline.pictures
        if self._is_open(properties):
            self._carried.append(text)
        else:
            self._flush(self._label(properties, text) + text, self._styles.heading(properties))
        for box in inline.boxes:
            self._box(box)

    def _is_open(self, properties: Element | None) -> bool:
        """Whether the end of a paragraph was deleted, or is hidden to set two styles on one line."""
        mark = child(properties, "rPr")
        return child(mark, "del") is not None or is_on(child(mark, "specVanish")) and is_on(child(mark, "vanish"))

    def _label(self, properties: Element | None, text: str) -> str:
        item = self._styles.list_item(properties, self._numbering.levels_of_styles)
        if item is None:
            return ""
        label = self._numbering.label(item)
        return label if text.strip() else ""

    def _flush(self, text: str, heading: int) -> None:
        """Write the lines of a paragraph, those that were carried over before them."""
        whole = "".join(self._carried) + text
        self._carried.clear()
        lines = [line for line in whole.split("\n") if line.strip()]
        if len(whole) > _LONGEST_HEADING or _TAIL.search(whole.rstrip()):
            heading = 0  # levels of headings are given to whole paragraphs of text, too
        self.blocks += [Line(line, 0, None, heading) for line in lines]

    def _box(self, box: Element) -> None:
        text = value(box, "string")
        if name(box) == "v:textpath" and text:
            self.blocks.append(Line(text, 0))
        else:
            self.read(box)

    def _table(self, element: Element) -> None:
        """A table becomes a grid; one that only lays the page out is read through."""
        self._flush("", 0)
        rows = rows_of(element)
        if is_frame(rows):
            for row in rows:
                for cell in row:
                    self.read(cell.element)
            return
        cells = columns(rows, [[self.text_of(c.element) for c in row] for row in rows])
        grid = laid_out(cells)
        if any(c for row in grid for c in row):
            self.blocks.append(Grid(grid, ()))


def _numbered(blocks: list[Block]) -> list[Block]:
    """Blocks with the numbers of their lines, from 1."""
    out: list[Block] = []
    n = 0
    for block in blocks:
        if isinstance(block, Grid):
            out.append(Grid(block.rows, tuple(range(n + 1, n + 1 + len(block.rows)))))
            n += len(block.rows)
        else:
            n += 1
            out.append(Line(block.text, n, None, block.heading))
    return out
