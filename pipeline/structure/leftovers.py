"""What of a text belongs to no heading, measure, head or annex: nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model import Document, Outline, Text
from pipeline.structure.documents import is_attachment_line
from pipeline.structure.head import is_body_name, is_date, published_by
from pipeline.structure.lines import label_at
from pipeline.structure.patterns import find_date, pattern, squeeze

#: Longer than any line of a head: contents that run together, a second printing.
_HEAD_LINE = 420
_SIGNATURE = 60


def leftovers(text: Text, outline: Outline) -> list[tuple[int, int, str]]:
    """Spans (start, end, reason) inside documents that are in no heading, measure, head,
    annex title or list of attachments. Reasons: signature, footer, contents, repeated,
    annex_text, unplaced.
    """
    return [span for document in outline.documents for span in _of_document(text.text, document)]


def _of_document(text: str, document: Document) -> Iterator[tuple[int, int, str]]:
    at = document.start
    for measure in document.measures:
        for start, end in _lines(text, at, measure.start):
            if at == document.start:
                contents = text.find("目录", start, end) if end - start > _HEAD_LINE else -1
                if contents >= 0:
                    yield contents, end, "contents"
            elif label_at(text, start, end) < 0:
                yield start, end, _reason(text[start:end]) or "unplaced"
        at = measure.end
    if document.measures:
        yield from _after(text, at, document)


def _after(text: str, at: int, document: Document) -> Iterator[tuple[int, int, str]]:
    """Lines below the last measure."""
    titles = {squeeze(t.title) for t in document.tables if t.title} | {squeeze(a) for a in document.attachments}
    annexed = opened = False
    for start, end in _lines(text, at, document.end):
        line = text[start:end]
        if is_attachment_line(line, titles):
            opened = False
            annexed = annexed and squeeze(line) in titles  # 附件： above the list was no annex
        elif pattern("annex_heading").match(line):
            annexed = opened = True
        elif opened:
            opened = False
        elif end - start > _HEAD_LINE and not annexed:
            yield start, end, "repeated"
        else:
            yield start, end, "annex_text" if annexed else _reason(line) or "unplaced"


def _reason(line: str) -> str | None:
    if pattern("footer").match(line) or published_by(line):
        return "footer"
    if is_date(line) or is_body_name(line) or len(line) < _SIGNATURE and find_date(line):
        return "signature"
    return None


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if text[start:stop].strip():
            yield start, stop
        start = stop + 1
