"""One document: its head, its measures, its annexes."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from itertools import pairwise

from pipeline.model import Document, Text
from pipeline.structure.annex import annexes
from pipeline.structure.annex_texts import annex_texts, heads_annex, states_items
from pipeline.structure.attachments import attachments, listed, opens_list
from pipeline.structure.cites import citations
from pipeline.structure.head import (
    Head,
    is_body_name,
    is_date,
    is_tail,
    parse,
)
from pipeline.structure.issuers import fuller, is_elided, placed, published_by, same_place
from pipeline.structure.lines import ITEM_RANK, Row
from pipeline.structure.measures import measures, numbered
from pipeline.structure.metadata import is_page_end
from pipeline.structure.patterns import find_date, pattern, squeeze, words
from pipeline.structure.split import Part
from pipeline.structure.titles import doc_type, inner_titles

_LIST_RANK = 6
_SHORT = 40
_OFFICE = 4  # 办公室 on a line of its own is the end of the name above


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
    if len(parts) == 1:
        parts = same_place(head.issuer)
    if len(parts) > 1 and all(len(p) > 3 and is_body_name(p) for p in parts):
        head.issuer = "、".join(parts)


def _place_issuer(head: Head, attachments: tuple[str, ...]) -> None:
    """市财政局 is that of the place which the titles begin with."""
    if head.issuer and is_elided(head.issuer) and (full := placed(head.issuer, (head.title or "", *attachments))):
        head.issuer = full
        head.rules.append(("issuer", "structure.elided_issuer"))


def _document(text: Text, rows: list[Row], head: Head, category: str | None, ordinal: int) -> Document:
    body = text.text
    names, after = listed(body, rows)
    titles = frozenset(map(squeeze, names))
    annex_at = _annex_start(body, rows, head.body, after, titles)
    page_at = _page_end(body, rows, head.body, annex_at)
    tail = _tail_start(body, rows, head.body, page_at)
    above, below = _attachments(body, rows, head), attachments(body, rows[head.body : annex_at])
    _from_tail(body, rows[tail:page_at], head)
    _place_issuer(head, above + below)
    head_rows = [rows[i] for i in head.head_rows] or rows[:1]
    items, lead_ins = measures(body, rows[head.body : tail])
    below_at = _page_end(body, rows, annex_at, len(rows))
    annexed, above_annexed = annex_texts(body, rows[annex_at:below_at], titles)
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
        tuple(dict.fromkeys(above + below)),
        citations(body, rows[0].start, rows[-1].end),
        tuple(numbered([*items, *annexed])),
        annexes(text, rows, (above, below)),
        tuple(head.rules),
        (*lead_ins, *above_annexed),
    )


def _attachments(body: str, rows: list[Row], head: Head) -> tuple[str, ...]:
    """The list that a notice prints above the plan it issues."""
    return attachments(body, [rows[i] for i in range(head.body) if i not in head.head_rows])


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
    title = body[rows[i].start : rows[i].end]
    if not pattern("plan_title").match(title) or title.endswith(words("annex_parts")):
        return False
    own: list[Row] = []
    for row in rows[i + 1 :]:
        if body[row.start] == "附" and pattern("annex_heading").match(body[row.start : row.end]):
            break
        own.append(row)
    return sum(0 <= r.rank < ITEM_RANK and r.end - r.start > 4 for r in own) >= 3 and states_items(body, own)


def _annex_start(body: str, rows: list[Row], start: int, listed_to: int, titles: frozenset[str]) -> int:
    """The first row of the annexes; in the list itself the titles stand for the first time."""
    for i in range(start, len(rows)):
        if heads_annex(body, rows, i, titles if i >= listed_to else frozenset()):
            return i
    return len(rows)


def _tail_start(body: str, rows: list[Row], start: int, end: int) -> int:
    """First of the lines after the text: attachments, signature, date, disclosure, copies."""
    at = next((i for i in range(start, end) if opens_list(body, rows, i) and _ends_text(body, rows[i + 1 : end])), end)
    while at > start and rows[at - 1].rank < 0 and is_tail(body[rows[at - 1].start : rows[at - 1].end]):
        at -= 1
    return at


def _page_end(body: str, rows: list[Row], start: int, end: int) -> int:
    """The first line of the page below the document; numbering that goes on shows that it is none."""
    for i in range(start, end):
        row = rows[i]
        if row.rank < 0 and row.end - row.start < _SHORT and is_page_end(body[row.start : row.end]):
            after = next((r for r in rows[i + 1 : end] if 0 <= r.rank < _LIST_RANK), None)
            if after is None or after.value == 1:
                return i
    return end


def _ends_text(body: str, after: list[Row]) -> bool:
    """Whether no further labelled text follows a list of attachments, unless below a signature."""
    for row in after:
        if 0 <= row.rank < _LIST_RANK:
            return False
        if row.rank < 0 and is_tail(body[row.start : row.end]):
            return True
    return True


def _from_tail(body: str, rows: list[Row], head: Head) -> None:
    """Issuer and date from the signature, where the head did not print them."""
    signed = -1
    for i, row in enumerate(rows):
        line = body[row.start : row.end]
        if is_date(line) and head.written_on is None:
            head.written_on = find_date(line)
            head.rules.append(("written_on", "structure.date"))
        elif is_body_name(line) and (head.issuer is None or is_elided(head.issuer) and fuller(line, head.issuer)):
            head.issuer, signed = line, i
            head.rules.append(("issuer", "structure.footer"))
        elif signed >= 0 and signed == i - 1 and len(line) > _OFFICE and is_body_name(line):
            head.issuer, signed = f"{head.issuer}、{line}", i  # bodies that issue together sign together
        elif head.issuer is None and (name := published_by(line)):
            head.issuer = name
            head.rules.append(("issuer", "structure.footer"))
