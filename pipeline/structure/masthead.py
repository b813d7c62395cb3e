"""The head of a gazette issue, its contents page and the categories it prints."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Masthead
from pipeline.structure.lines import Row
from pipeline.structure.patterns import find_date, number, pattern, squeeze

_NEAR_TOP = 20


@dataclass(slots=True)
class Front:
    """What stands before the first document."""

    masthead: Masthead
    body: int  # index of the first row after it
    titles: dict[str, str | None]  # squeezed titles of the contents with their category
    initials: frozenset[str] = frozenset()  # first characters of the titles


def front(text: str, rows: list[Row]) -> Front:
    """Masthead and contents; empty, body 0, for a file that is no gazette issue."""
    lines = [text[r.start : r.end] for r in rows[:_NEAR_TOP]]
    named = next((i for i, line in enumerate(lines) if pattern("gazette").match(line)), None)
    if named is None or not any(pattern("issue_number").search(x) or pattern("total_number").search(x) for x in lines):
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
    body, titles = _contents(text, rows, contents + 1) if contents is not None else (head_end, {})
    return Front(_masthead(head, lines[named]), body, titles, frozenset(t[0] for t in titles if t))


def _head_end(text: str, rows: list[Row], named: int) -> int:
    """Without a contents page the masthead is the run of lines about the issue."""
    at = named + 1
    while at < len(rows) and at < _NEAR_TOP:
        line = text[rows[at].start : rows[at].end]
        if not (
            pattern("issue_number").search(line)
            or pattern("total_number").search(line)
            or find_date(line)
            and len(line) < 16
            or pattern("publisher").match(line)
        ):
            break
        at += 1
    return at


def _masthead(lines: list[str], name: str) -> Masthead:
    joined = "\n".join(lines)
    issue, total = pattern("issue_number").search(joined), pattern("total_number").search(joined)
    dated = next((d for line in lines if (d := find_date(line))), None)
    publisher = next((m["body"] for line in lines if line != name and (m := pattern("publisher").match(line))), None)
    return Masthead(
        name,
        publisher,
        number(issue["year"].replace("○", "〇")) if issue else None,
        number(issue["n"]) if issue else None,
        number(total["n"]) if total else None,
        dated,
    )


def category(line: str) -> str | None:
    """市政府文件 of a line 【市政府文件】."""
    match = pattern("category").match(line)
    return (match["name"] or match["bare"]) if match else None


def _contents(text: str, rows: list[Row], at: int) -> tuple[int, dict[str, str | None]]:
    """Read the contents up to where its first title is printed again."""
    titles: dict[str, str | None] = {}
    current: str | None = None
    start = at
    while at < len(rows) and at - start < 200:
        line = text[rows[at].start : rows[at].end]
        name = category(line)
        bare = squeeze(pattern("page_reference").sub("", line))
        if name:
            current = name
        elif bare in titles or len(line) > 120 or (line.endswith("：") and titles):
            break
        else:
            titles[bare] = current
        at += 1
    # A category above the first document belongs to it, not to the contents.
    while at > start and category(text[rows[at - 1].start : rows[at - 1].end]):
        at -= 1
    return at, titles
