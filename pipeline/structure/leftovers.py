"""What of a text belongs to no heading, measure, head or annex: nothing is lost in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.model import Document, Outline, Text
from pipeline.structure.attachments import attachment
from pipeline.structure.head import category_like, is_body_name, is_date, is_number
from pipeline.structure.issuers import published_by
from pipeline.structure.lines import label_at
from pipeline.structure.metadata import is_metadata, is_page_end
from pipeline.structure.patterns import find_date, pattern, squeeze

#: Longer than any line of a head: contents that run together, a second printing.
_HEAD_LINE = 420
_SIGNATURE = 60
_WORD = re.compile(r"[^\W_]")
#: One span for a run of such lines: what counts is the part, not its lines.
_WHOLE = frozenset({"masthead", "contents", "annex_text", "repeated", "roster", "page"})

Span = tuple[int, int, str]


def leftovers(text: Text, outline: Outline) -> list[Span]:
    """Spans (start, end, reason), ascending, that are in no heading above measures, measure,
    head of a document, annex title or list of attachments. With them every letter, digit and
    ideograph of the text has its place. Reasons: masthead, contents, category; notice (a text
    above the plan it issues), lead_in, roster (组长：…), page (menus
    and metadata of a web page), signature, footer, repeated,
    annex_text, unplaced.
    """
    body, at = text.text, 0
    spans: list[Span] = []
    for document in outline.documents:
        spans += _between(body, at, document.start)
        spans += _of_document(body, document)
        at = document.end
    spans += _between(body, at, len(body))
    return list(_merged(body, spans))


def _merged(body: str, spans: list[Span]) -> Iterator[Span]:
    last: Span | None = None
    for span in spans:
        if not _WORD.search(body, span[0], span[1]):
            continue
        if last and last[2] == span[2] and span[2] in _WHOLE and not body[last[1] : span[0]].strip():
            last = (last[0], span[1], span[2])
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def _between(body: str, start: int, end: int) -> Iterator[Span]:
    """Lines outside documents: the head of the issue, its contents, its categories."""
    reason = "unplaced" if start else "masthead"
    for a, b in _lines(body, start, end):
        if body.startswith(("目录", "目次"), a):
            reason = "contents"
        yield a, b, "category" if start and category_like(body[a:b]) else reason


def _of_document(body: str, document: Document) -> Iterator[Span]:
    at = document.start
    if document.measures:
        yield from _above(body, at, document.measures[0].start, document)
        last = document.measures[0]
        for measure in document.measures[1:]:
            if measure.annexed:
                yield from _below(body, last.end, measure.start, document, measure.path, annexed=last.annexed)
            else:
                for start, end in _lines(body, last.end, measure.start):
                    yield from _heading(body, start, end, measure.path)
            last = measure
        yield from _below(body, last.end, document.end, document, annexed=last.annexed)
    else:
        yield from _below(body, _head_end(body, document), document.end, document)


def _head_end(body: str, document: Document) -> int:
    names = _names(document)
    for start, end in _lines(body, document.start, document.end):
        if not _is_head(body[start:end], document, names):
            return start
    return document.end


def _above(body: str, at: int, end: int, document: Document) -> Iterator[Span]:
    """Lines between the start of a document and its first measure."""
    names, path = _names(document), document.measures[0].path
    for start, stop in _lines(body, at, end):
        line = body[start:stop]
        contents = line.find("目录") if len(line) > _HEAD_LINE else -1
        if contents >= 0:
            yield start + contents, stop, "contents"
        elif _is_head(line, document, names):
            continue
        elif label_at(body, start, stop) < 0 and not any(squeeze(line).startswith(squeeze(p)) for p in path):
            yield start, stop, _above_reason(line, stop <= document.head_start, document)
        elif squeeze(attachment(line)) not in names:
            yield from _heading(body, start, stop, path)


def _above_reason(line: str, above_title: bool, document: Document) -> str:
    if above_title or is_metadata(line):
        return "page"
    return _reason(line) or ("notice" if document.title != document.notice_title else "unplaced")


def _names(document: Document) -> frozenset[str]:
    return frozenset(squeeze(n) for n in (document.title, document.notice_title, *document.attachments) if n)


def _is_head(line: str, document: Document, names: frozenset[str]) -> bool:
    """Titles (whole or in parts), number, date, addressees, the sentence that issues a plan, attachments."""
    bare = squeeze(line)
    if not _WORD.search(bare) or any(bare in n or bare.startswith(n) for n in names):
        return True
    if pattern("annex_heading").match(line) or _lists(line, names):
        return True
    if len(line) > _HEAD_LINE:
        return False
    named = (is_number, is_date, is_body_name, category_like, published_by)
    addressed = document.addressees and line[-1] in "：:" and line.startswith(document.addressees[0])
    if document.doc_number and document.doc_number.endswith(line):
        return True
    dated = line[0] in "（(" and find_date(line)
    return bool(addressed or dated or any(test(line) for test in named) or pattern("wrapper").search(line))


def _heading(body: str, start: int, end: int, path: tuple[str, ...]) -> Iterator[Span]:
    """Nothing for headings of the next measure; a reason for other words between measures."""
    rest = squeeze(body[start:end])
    headed = False
    for part in map(squeeze, path):
        if rest.startswith(part):
            rest, headed = rest[len(part) :], True
    if _WORD.search(rest):
        yield start, end, "lead_in" if headed else _reason(body[start:end]) or _passage(body[start:end])


def _passage(line: str) -> str:
    if pattern("roster").match(line):
        return "roster"
    return "lead_in" if line[-1] in "：:" else "unplaced"


def _below(
    body: str, at: int, to: int, document: Document, path: tuple[str, ...] = (), *, annexed: bool = False
) -> Iterator[Span]:
    """Lines below the last measure, or above one of an annex with these headings."""
    titles = _names(document) | {squeeze(t.title) for t in document.tables if t.title}
    opened = listed = False
    within, other = annexed, "unplaced"
    for start, end in _lines(body, at, to):
        line = body[start:end]
        if path and _is_above(line, path):
            yield from _heading(body, start, end, (*path, squeeze(line)) if squeeze(line) in squeeze(path[0]) else path)
            continue
        if _is_listed(line, titles, listed):
            opened, listed = False, True
            annexed = within or annexed and squeeze(line) in titles  # 附件： above the list was no annex
            continue
        listed = False
        if pattern("annex_heading").match(line):
            annexed = opened = True
        elif opened and _is_annex_title(line) or _is_titled(line, titles):
            annexed, opened = True, False
        elif end - start > _HEAD_LINE and not annexed:
            yield start, end, "repeated"
        else:
            opened = False
            other = "page" if is_page_end(line) else other
            yield start, end, other if other == "page" else "annex_text" if annexed else _reason(line) or other


def _is_above(line: str, path: tuple[str, ...]) -> bool:
    """A line of the annex's title, or a heading between it and the measure."""
    bare = squeeze(line)
    return bare in squeeze(path[0]) or any(bare.startswith(squeeze(p)) for p in path)


def _is_annex_title(line: str) -> bool:
    return len(line) <= _SIGNATURE and not any(c in line for c in "。；：:")


def _is_titled(line: str, titles: frozenset[str]) -> bool:
    """附件2：责任表 of an attachment or a table known by that title."""
    titled = pattern("annex_titled").match(line)
    return titled is not None and squeeze(titled["title"]) in titles


def _lists(line: str, titles: frozenset[str]) -> bool:
    """附件：1. … with titles that the document knows."""
    if line[0] != "附" or len(line) > _HEAD_LINE or not pattern("attachments").match(line):
        return False
    bare, entry = squeeze(line), squeeze(attachment(line))
    return any(t in bare or t.startswith(entry) for t in titles)


def _is_listed(line: str, titles: frozenset[str], listed: bool) -> bool:
    """Whether a line is (part of) a list of attachments or the title of a table."""
    if _lists(line, titles) or squeeze(attachment(line)) in titles:
        return True
    return listed and any(t.endswith(squeeze(line)) for t in titles)


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
