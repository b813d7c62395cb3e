"""The head and the tail of a document: titles, number, date, addressees, issuer, attachments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from pipeline.structure import metadata
from pipeline.structure.issuers import fuller, published_by
from pipeline.structure.lines import Row
from pipeline.structure.patterns import find_date, pattern, squeeze, words
from pipeline.structure.titles import doc_type, inner_titles, is_title, notice_between, quoted, set_on_lines

_BODY_NAME = re.compile(r"[\u4e00-\u9fff（）()、]{2,40}$")
_HEAD_ROWS = 14
#: Menus and breadcrumbs of a page copied whole stand above its title.
_PAGE_ROWS = 80


@dataclass(slots=True)
class Head:
    """Findings about one document; rows are indices into its rows."""

    notice_title: str | None = None
    title: str | None = None
    doc_number: str | None = None
    issuer: str | None = None
    written_on: date | None = None
    addressees: tuple[str, ...] = ()
    head_rows: list[int] = field(default_factory=list)  # title rows
    body: int = 0  # first row of the body
    rules: list[tuple[str, str]] = field(default_factory=list)


def is_date(line: str) -> bool:
    return len(line) < 24 and pattern("date_line").match(line) is not None


def is_number(line: str) -> bool:
    return len(line) < 40 and pattern("doc_number").fullmatch(line.strip("（）()")) is not None


def is_body_name(line: str) -> bool:
    """A line that is only the name of a body (a signature)."""
    return (
        len(line) <= 40
        and line.endswith(words("body_ends"))
        and _BODY_NAME.match(line) is not None
        and doc_type(line) is None
    )


def is_tail(line: str) -> bool:
    """A line below the text: signature, date, disclosure, copies, who published it."""
    if pattern("footer").match(line):
        return len(line) < 400
    return len(line) < 160 and (is_date(line) or is_body_name(line) or published_by(line) is not None)


def parse(text: str, rows: list[Row]) -> Head:
    """Read the head of a document that begins at rows[0]."""
    lines = [text[r.start : r.end] for r in rows]
    head = Head()
    at = _titles(lines, rows, head)
    at = _front_matter(lines, rows, head, at)
    at = _inner(lines, rows, head, at)
    head.body = at
    _finish(lines, head)
    return head


def _titles(lines: list[str], rows: list[Row], head: Head) -> int:
    """The title lines, a repetition of the title included."""
    first = _first_title(lines, rows)
    if first is None:
        return _untyped_title(lines, rows, head)
    head.notice_title = lines[first]
    head.head_rows = [first]
    for line in lines[:first]:
        _known(line, head)
    return _repeated(lines, head, first + 1)


def _first_title(lines: list[str], rows: list[Row]) -> int | None:
    """The first line that could be a title; further down only below the menus of a web page."""
    for i, line in enumerate(lines[:_PAGE_ROWS]):
        if i >= _HEAD_ROWS and (line[-1] in "。；" or rows[i].rank >= 0):
            return None
        titled = rows[i].rank < 0 and is_title(line) and not metadata.is_metadata(line)
        if titled and (i < _HEAD_ROWS or pattern("title").search(line)):
            return i
    return None


def _known(line: str, head: Head) -> bool:
    """Take the number and the date of writing from a line that says what it is."""
    number = line.strip("（）()") if is_number(line) else metadata.doc_number(line)
    if number and head.doc_number is None:
        head.doc_number = number
        head.rules.append(("doc_number", "structure.doc_number"))
    if head.written_on is None and (day := metadata.written_on(line)):
        head.written_on = day
        head.rules.append(("written_on", "structure.metadata_date"))
    return number is not None or metadata.is_metadata(line)


def _untyped_title(lines: list[str], rows: list[Row], head: Head) -> int:
    """A short first line is the title though it names no type; 附件 above it is none."""
    at = 1 if lines and pattern("annex_heading").match(lines[0]) else 0
    if at + 1 >= len(lines) or len(lines[at]) > 60 or lines[at][-1] in "。；：，" or rows[at].rank >= 0:
        return 0
    head.notice_title = lines[at]
    head.head_rows = [at]
    return at + 1


def _repeated(lines: list[str], head: Head, at: int) -> int:
    """Skip the title printed again (a page title above the document itself), on one line or several."""
    whole = squeeze(head.notice_title or "")
    for begin in range(at, min(at + 8, len(lines))):
        joined = ""
        for i in range(begin, min(begin + 4, len(lines))):
            joined += squeeze(lines[i])
            if joined == whole:
                if (notice := notice_between(lines, at, begin, whole)) is not None:
                    head.notice_title = lines[notice]
                    head.head_rows = [notice]  # its plan's title alone stood above, as the page's
                    begin, i = notice, notice
                for line in lines[at:begin]:
                    _known(line, head)
                head.head_rows += [r for r in range(begin, i + 1) if r not in head.head_rows]
                return i + 1
            if not whole.startswith(joined):
                break
    return at


def _front_matter(lines: list[str], rows: list[Row], head: Head, at: int) -> int:
    """Number, bracketed date, addressees, as far as they stand under the title."""
    end = min(len(lines), at + _HEAD_ROWS)
    while at < end and rows[at].rank < 0:
        line = lines[at]
        if _known(line, head):
            pass
        elif _orders(line, head):
            head.doc_number = f"{head.notice_title}{line}"
            head.rules.append(("doc_number", "structure.order_number"))
        elif line[0] in "（(" and line[-1] in "）)" and find_date(line):
            _from_bracket(line, head)
        elif is_date(line) and head.written_on is None:
            head.written_on = find_date(line)
            head.rules.append(("written_on", "structure.date"))
        elif not head.addressees and _addresses(line):
            _address(line, head)
        elif not (is_body_name(line) or pattern("footer").match(line) or rows[at].heading and category_like(line)):
            break
        at += 1
    return at


def _orders(line: str, head: Head) -> bool:
    """第276号 below 某省人民政府令."""
    title = head.notice_title or ""
    return head.doc_number is None and title.endswith("令") and pattern("order_number").match(line) is not None


def category_like(line: str) -> bool:
    return line[0] in "【〔" and line[-1] in "】〕"


def _addresses(line: str) -> bool:
    return (
        len(line) < 420
        and pattern("addressees").match(line) is not None
        and re.search("各|政府|局|委|部|厅|办|单位|中心|公司|院|处", line) is not None
    )


def _address(line: str, head: Head) -> None:
    parts = re.split("[，,；;]", line.rstrip("：: "))
    head.addressees = tuple(p.strip() for p in parts if p.strip())
    head.rules.append(("addressees", "structure.addressees"))


def _from_bracket(line: str, head: Head) -> None:
    """（2011年12月15日某市人民政府令第61号公布…）"""
    if head.written_on is None:
        head.written_on = find_date(line)
        head.rules.append(("written_on", "structure.date"))
    match = pattern("order_bracket").search(line)
    if match and head.doc_number is None:
        head.doc_number = match["body"] + match["n"]
        head.issuer = match["body"]
        head.rules.append(("doc_number", "structure.doc_number"))


def _inner(lines: list[str], rows: list[Row], head: Head, at: int) -> int:
    """For a notice that issues a plan: pass its own text and find the plan's printed title."""
    wanted = [squeeze(t) for t in inner_titles(head.notice_title)]
    wanted += [squeeze(t) for line in lines[at : at + 3] if pattern("wrapper").search(line) for t in quoted(line)]
    if not wanted:
        return at
    listing = False
    for i in range(at, min(at + 24, len(lines))):
        line = squeeze(lines[i])
        listing = listing or line.startswith(("附件", "附："))
        if line in wanted or any(line.startswith(w) and len(line) - len(w) < 24 and is_title(lines[i]) for w in wanted):
            return _enter(lines, rows, head, at, i)
        if (last := set_on_lines(lines, rows, i, wanted)) is not None:
            lines[i] = "".join(lines[i : last + 1])
            return _enter(lines, rows, head, at, i, last)
        if rows[i].rank >= 0 and not (listing and len(line) < 60 and lines[i][-1] not in "。；"):
            return at if head.title else _unprinted(lines, rows, head, at, i)
    # A title worded a little differently from the notice's.
    for i in range(at, min(at + 10, len(lines))):
        line = lines[i]
        if rows[i].rank < 0 and line[0] != "附" and pattern("plan_title").match(line) and not is_body_name(line):
            return _enter(lines, rows, head, at, i)
    return at


def _enter(lines: list[str], rows: list[Row], head: Head, at: int, inner: int, last: int | None = None) -> int:
    for i in range(at, inner):
        if is_date(lines[i]) and head.written_on is None:
            head.written_on = find_date(lines[i])
            head.rules.append(("written_on", "structure.date"))
        elif not head.addressees and rows[i].rank < 0 and _addresses(lines[i]):
            _address(lines[i], head)
        if is_body_name(lines[i]) and i + 1 < len(lines) and head.issuer is None:
            head.issuer = lines[i]
    head.title = lines[inner]
    after = (inner if last is None else last) + 1
    head.head_rows += range(inner, after)
    while (
        after < len(lines)
        and rows[after].rank < 0
        and lines[after][0] in "（("
        and lines[after][-1] in "）)"
        and len(lines[after]) < 60
    ):
        head.head_rows.append(after)
        if head.written_on is None:
            head.written_on = find_date(lines[after])
        after += 1
    return after


def _unprinted(lines: list[str], rows: list[Row], head: Head, at: int, first_label: int) -> int:
    """The plan's title is not printed again: its text begins after the notice's own lines."""
    for i in range(at, first_label):
        if is_date(lines[i]):
            head.written_on = head.written_on or find_date(lines[i])
            return i + 1
    return at


def _finish(lines: list[str], head: Head) -> None:
    issuer = pattern("issuer").match(head.notice_title or "")
    if issuer and len(issuer["issuer"]) > 1:
        named = issuer["issuer"].strip("，、 ")
        signed = head.issuer is not None and fuller(head.issuer, named)
        head.issuer = head.issuer if signed else named
        head.rules.append(("issuer", "structure.footer" if signed else "structure.issuer"))
    if head.title is None:
        plans = inner_titles(head.notice_title)
        head.title = plans[0] if plans else head.notice_title
