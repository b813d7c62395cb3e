"""One document: its head, its measures, its annexes."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import replace
from itertools import pairwise

from pipeline.model import Document, Text
from pipeline.structure.annex import annexes
from pipeline.structure.cites import citations
from pipeline.structure.head import Head, attachment, doc_type, inner_titles, is_body_name, is_date, parse, published_by
from pipeline.structure.lines import ITEM_RANK, Row
from pipeline.structure.measures import measures
from pipeline.structure.patterns import find_date, pattern, squeeze
from pipeline.structure.split import Part


def documents(text: Text, part: Part, ordinal: int) -> list[Document]:
    """The document of some rows; each further plan that its notice issues is one of its own."""
    rows = [r for r in part.rows if not r.aside]
    head = parse(text.text, rows)
    _separate_issuers(text, rows, head)
    starts = _plans(text.text, rows, head)
    if starts and head.title == text.text[rows[starts[0]].start : rows[starts[0]].end]:
        head.title = head.notice_title  # the notice has work of its own; its plan is an annex
    out = [_document(text, rows[: starts[0]] if starts else rows, head, part.category, ordinal)]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=False):
        own = copy(head)
        own.title, own.head_rows, own.body = text.text[rows[start].start : rows[start].end], [0], 1
        own.rules = [*head.rules, ("title", "structure.plan_title")]
        out.append(_document(text, rows[start:end], own, part.category, ordinal + len(out)))
    out[-1] = replace(out[-1], end=part.rows[-1].end)  # lines set aside are its own too
    return out


def _separate_issuers(text: Text, rows: list[Row], head: Head) -> None:
    """Bodies that issue together are printed with a blank between; the canonical text has none."""
    if not head.issuer or not head.head_rows or not head.notice_title or not head.notice_title.startswith(head.issuer):
        return
    start = rows[head.head_rows[0]].start
    ends = {s.start for s in text.segments if start < s.start < start + len(head.issuer)}
    bounds = [start, *sorted(ends), start + len(head.issuer)]
    parts = [text.text[a:b] for a, b in pairwise(bounds)]
    if len(parts) > 1 and all(len(p) > 3 and is_body_name(p) for p in parts):
        head.issuer = "、".join(parts)


def _document(text: Text, rows: list[Row], head: Head, category: str | None, ordinal: int) -> Document:
    body = text.text
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
        category,
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


def _plans(body: str, rows: list[Row], head: Head) -> list[int]:
    """Rows that are titles of further plans: quoted by the notice, or opening an annex with measures."""
    wanted = {squeeze(t) for t in inner_titles(head.notice_title)} - {squeeze(head.title or "")}
    found = []
    for i in range(max(head.body, 1), len(rows)):
        row = rows[i]
        if row.rank >= 0 or not 6 <= row.end - row.start <= 90:
            continue
        line = body[row.start : row.end]
        above = body[rows[i - 1].start : rows[i - 1].end][:12]
        if squeeze(line) in wanted or pattern("annex_heading").match(above) and _is_plan(body, rows, i):
            found.append(i)
    return found


def _is_plan(body: str, rows: list[Row], i: int) -> bool:
    """The title of an annex that is a text of its own, with labelled items in it."""
    if not pattern("plan_title").match(body[rows[i].start : rows[i].end]):
        return False
    labelled = 0
    for row in rows[i + 1 :]:
        if body[row.start] == "附" and pattern("annex_heading").match(body[row.start : row.end]):
            break
        labelled += 0 <= row.rank < ITEM_RANK and row.end - row.start > 4
    return labelled >= 3


def _annex_start(body: str, rows: list[Row], start: int) -> int:
    for i in range(start, len(rows)):
        row = rows[i]
        if (
            row.end - row.start < 12
            and body[row.start] == "附"
            and pattern("annex_heading").match(body[row.start : row.end])
            and not _lists(body, rows, i)
        ):
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
    if pattern("footer").match(line):
        return len(line) < 400
    return len(line) < 160 and (is_date(line) or is_body_name(line) or published_by(line) is not None)


def _attachments(body: str, rows: list[Row]) -> tuple[str, ...]:
    out: list[str] = []
    listing = False
    for row in rows:
        line = body[row.start : row.end]
        if line[0] == "附" and pattern("attachments").match(line):
            listing = True
            out += _entries(line)
        elif listing and row.rank == 6:
            out.append(attachment(line))
        elif listing and out and _continues(line):
            out[-1] += line
        elif listing and line.rstrip("：:") not in ("附件", "附表"):
            break
        else:
            listing = listing or line[0] == "附"
    return tuple(out)


def _continues(line: str) -> bool:
    """The rest of an entry that was set on two lines."""
    return len(line) < 30 and line[-1] not in "。：；" and not _is_tail(line)


def is_attachment_line(line: str, titles: set[str]) -> bool:
    """Whether a line of the tail is (part of) the list of attachments."""
    return pattern("attachments").match(line) is not None or squeeze(attachment(line)) in titles


_NUMBERED = re.compile(r"(?<!\d)\d{1,2}[.．、](?!\d)")


def _entries(line: str) -> list[str]:
    """The titles on the line 附件：1. … 2. …"""
    starts = [m.start() for m in _NUMBERED.finditer(line)] or [0]
    parts = [line[a:b] for a, b in zip(starts, [*starts[1:], len(line)], strict=True)]
    return [attachment(p) for p in parts if len(p) > 4]


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
