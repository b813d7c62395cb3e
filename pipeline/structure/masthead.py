"""The head of a gazette issue, its contents page and the categories it prints."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.model import Masthead
from pipeline.structure.head import is_number
from pipeline.structure.lines import Row
from pipeline.structure.patterns import find_date, number, pattern, squeeze

_NEAR_TOP = 20
_CATEGORY_MAX = 12
_MOST_COMBINED = 12  # numbers of an issue: a year's


@dataclass(slots=True)
class Front:
    """What stands before the first document."""

    masthead: Masthead
    body: int  # index of the first row after it
    titles: dict[str, str | None]  # squeezed titles of the contents with their category
    initials: frozenset[str] = frozenset()  # first characters of the titles
    categories: frozenset[str] = frozenset()


def front(text: str, rows: list[Row]) -> Front:
    """Masthead and contents; empty, body 0, for a file that is no gazette issue."""
    lines = [text[r.start : r.end] for r in rows[:_NEAR_TOP]]
    named = next((i for i, line in enumerate(lines) if pattern("gazette").match(line)), None)
    if named is None or not any(_is_numbered(line) for line in lines):
        return Front(Masthead(), 0, {})
    contents = next(
        (
            i
            for i in range(named, min(len(rows), 4 * _NEAR_TOP))
            if pattern("contents").match(text[rows[i].start : rows[i].end])
        ),
        None,
    )
    head_end = contents if contents is not None else _head_end(text, rows, named)
    head = [text[r.start : r.end] for r in rows[:head_end]]
    body, entries = _contents(text, rows, contents + 1) if contents is not None else (head_end, _Entries(False))
    initials = frozenset(t[0] for t in entries.titles if t)
    return Front(_masthead(head, lines[named]), body, entries.titles, initials, frozenset(entries.categories))


def _head_end(text: str, rows: list[Row], named: int) -> int:
    """Without a contents page the masthead is the run of lines about the issue."""
    at = named + 1
    while at < len(rows) and at < _NEAR_TOP:
        line = text[rows[at].start : rows[at].end]
        if not (_is_numbered(line) or find_date(line) and len(line) < 16 or pattern("publisher").match(line)):
            break
        at += 1
    return at


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of an issue in some words; `last` and `total_last` are those of a combined issue (合刊)."""

    year: int | None = None
    first: int | None = None
    last: int | None = None
    total: int | None = None
    total_last: int | None = None


def numbers(text: str) -> Numbers:
    """The numbers that a masthead, or the title of a link to an issue, prints; blanks within lines do not matter."""
    text = "\n".join(map(_bare, text.split("\n")))
    issue = pattern("issue_number").search(text) or pattern("issue_number_bare").search(text)
    total = pattern("total_number").search(text) or pattern("total_label").search(text)
    year = issue.groupdict().get("year") if issue else None
    return Numbers(number(year.replace("○", "〇")) if year else None, *_span(issue), *_span(total))


def _span(match: re.Match[str] | None) -> tuple[int | None, int | None]:
    if match is None:
        return None, None
    to = match.groupdict().get("to")
    first = number(match["n"])
    last = number(to) if to else first
    return first, last if first < last < first + _MOST_COMBINED else None


def _bare(line: str) -> str:
    return "".join(line.split())


def _is_numbered(line: str) -> bool:
    names = ("issue_number", "issue_number_bare", "total_number", "total_label")
    return any(pattern(name).search(_bare(line)) for name in names)


def _masthead(lines: list[str], name: str) -> Masthead:
    found = numbers("\n".join(lines))
    dated = next((d for line in lines if (d := find_date(line))), None)
    publisher = next((m["body"] for line in lines if line != name and (m := pattern("publisher").match(line))), None)
    return Masthead(name, publisher, found.year, found.first, found.total, dated, found.last, found.total_last)


def category(line: str) -> str | None:
    """市政府文件 of a line 【市政府文件】."""
    match = pattern("category").match(line)
    return (match["name"] or match["bare"]) if match else None


class _Entries:
    """The contents as they are read: titles with their category, and an entry set on several lines."""

    def __init__(self, paged: bool) -> None:
        self.paged = paged  # entries end in a page number
        self.titles: dict[str, str | None] = {}
        self.categories: set[str] = set()
        self.current: str | None = None
        self.held: list[str] = []

    def take(self, line: str) -> bool:
        """Read a line; false where the contents are over."""
        entry = pattern("page_reference").sub("", line)
        bare = squeeze(pattern("entry_number").sub("", entry))
        whole = "".join([*self.held, bare])
        if bare in self.titles or whole in self.titles or is_number(line) or len(line) > 120:
            return False
        if (name := category(line)) or self.paged and entry == line and len(line) <= _CATEGORY_MAX and not self.held:
            self.current = name or line
            self.categories.add(self.current)
        elif line.endswith("：") and self.titles or len(self.held) > 2:
            return False
        elif self.paged and entry == line:
            self.held.append(bare)
        else:
            self.titles[whole] = self.current
            self.held = []
        return True


def _contents(text: str, rows: list[Row], at: int) -> tuple[int, _Entries]:
    """Read the contents up to where its first title is printed again."""
    start = at
    near = [text[r.start : r.end] for r in rows[at : at + _NEAR_TOP]]
    entries = _Entries(any(pattern("page_reference").search(line) for line in near))
    while at < len(rows) and at - start < 200 and entries.take(text[rows[at].start : rows[at].end]):
        at += 1
    at -= len(entries.held)
    # A category above the first document belongs to it, not to the contents.
    while at > start and _is_category(text[rows[at - 1].start : rows[at - 1].end], entries.categories):
        at -= 1
    return at, entries


def _is_category(line: str, known: set[str]) -> bool:
    return category(line) is not None or line in known
