"""One document: its head, its measures, its annexes."""

from __future__ import annotations

from pipeline.model import Document, Text
from pipeline.structure.annex import annexes
from pipeline.structure.cites import citations
from pipeline.structure.head import Head, attachment, doc_type, is_body_name, is_date, parse, published_by
from pipeline.structure.lines import Row
from pipeline.structure.measures import measures
from pipeline.structure.patterns import find_date, pattern
from pipeline.structure.split import Part


def document(text: Text, part: Part, ordinal: int) -> Document:
    """Build a document from its rows."""
    body, rows = text.text, [r for r in part.rows if not r.aside]
    head = parse(body, rows)
    annex_at = _annex_start(body, rows, head.body)
    tail = _tail_start(body, rows, head.body, annex_at)
    attachments = _attachments(body, rows[tail:annex_at])
    _from_tail(body, rows[tail:annex_at], head)
    head_rows = [rows[i] for i in head.head_rows] or rows[:1]
    return Document(
        ordinal,
        rows[0].start,
        rows[-1].end,
        head_rows[0].start,
        head_rows[0].end,
        part.category,
        head.doc_number,
        head.notice_title,
        head.title,
        doc_type(head.title) or doc_type(head.notice_title),
        head.issuer,
        head.written_on,
        head.addressees,
        attachments,
        citations(body, rows[0].start, rows[-1].end),
        measures(body, rows[head.body : tail]),
        annexes(text, rows, annex_at, attachments),
        tuple(head.rules),
    )


def _annex_start(body: str, rows: list[Row], start: int) -> int:
    for i in range(start, len(rows)):
        row = rows[i]
        if row.end - row.start < 12 and body[row.start] == "附" and pattern("annex_heading").match(body[row.start : row.end]) and not _lists(body, rows, i):
            return i
    return len(rows)


def _lists(body: str, rows: list[Row], i: int) -> bool:
    """附件： on its own line above 1. … is the list of attachments, no annex."""
    if i + 1 >= len(rows) or body[rows[i].end - 1] not in "：:":
        return False
    row = rows[i + 1]
    return row.rank == 6 and row.value == 1 and row.end - row.start < 60 and body[row.end - 1] not in "。；"


def _tail_start(body: str, rows: list[Row], start: int, end: int) -> int:
    """First of the lines after the text: attachments, signature, date, disclosure, copies."""
    at = next((i for i in range(start, end) if _opens_list(body, rows, i)), end)
    while at > start and rows[at - 1].rank < 0 and _is_tail(body[rows[at - 1].start : rows[at - 1].end]):
        at -= 1
    return at


def _opens_list(body: str, rows: list[Row], i: int) -> bool:
    if body[rows[i].start] != "附" or rows[i].rank >= 0:
        return False
    line = body[rows[i].start : rows[i].end]
    return len(line) < 400 and pattern("attachments").match(line) is not None or _lists(body, rows, i)


def _is_tail(line: str) -> bool:
    if len(line) > 160:
        return False
    return is_date(line) or is_body_name(line) or pattern("footer").match(line) is not None or published_by(line) is not None


def _attachments(body: str, rows: list[Row]) -> tuple[str, ...]:
    out: list[str] = []
    listing = False
    for row in rows:
        line = body[row.start : row.end]
        if line[0] == "附" and pattern("attachments").match(line):
            listing = True
            if len(line) > 4:
                out.append(attachment(line))
        elif listing and row.rank == 6:
            out.append(attachment(line))
        elif listing and line.rstrip("：:") not in ("附件", "附表"):
            break
        else:
            listing = listing or line[0] == "附"
    return tuple(out)


def _from_tail(body: str, rows: list[Row], head: Head) -> None:
    """Issuer and date from the signature, where the head did not print them."""
    for row in rows:
        line = body[row.start : row.end]
        if is_date(line) and head.written_on is None:
            head.written_on = find_date(line)
            head.rules.append(("written_on", "structure.date"))
        elif head.issuer is None and is_body_name(line):
            head.issuer = line
            head.rules.append(("issuer", "structure.footer"))
        elif head.issuer is None and (name := published_by(line)):
            head.issuer = name
            head.rules.append(("issuer", "structure.footer"))
