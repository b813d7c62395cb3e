"""Text whose line ends were lost: where the fixed parts of a document must have begun.

Title, number, addressees, the notice's own sentence, signature, date and attachments each
stood on a line of their own; they are known by their form and by what stands before them.
"""

from __future__ import annotations

import re

from pipeline.structure.patterns import pattern

#: Only these first lines can hold a document's head.
HEAD_LINES = 4
_LONG = 240
#: What every match of structure.flat_tail holds: looked for first, it costs nothing.
_TAIL_OPENINGS = ("附件", "附表", "抄送", "联系人", "。本", "日")
_BRACKET_DATE = re.compile(r"[（(][^（）()]{6,20}日[）)]")
_QUOTED = re.compile(r"《([^《》]{6,90})》")


def cuts(text: str, start: int, end: int, index: int, known: list[str]) -> list[int]:
    """Offsets inside text[start:end] where a line must begin; `known` collects quoted titles."""
    if index > HEAD_LINES and end - start < _LONG:
        return []
    found: set[int] = set()
    if index <= HEAD_LINES:
        _head(text, start, end, index, found, known)
    if end - start >= _LONG:
        _rest(text, start, end, found, known)
    return sorted(c for c in found if start < c < end)


def _head(text: str, start: int, end: int, index: int, found: set[int], known: list[str]) -> None:
    at = start
    if index <= 1 and (title := pattern("flat_title").match(text, at, end)):
        at = title.end()
        found.add(at)
        if number := pattern("doc_number").match(text, at, end):
            at = number.end()
            found.add(at)
        if dated := _BRACKET_DATE.match(text, at, end):
            at = dated.end()
            found.add(at)
    if (addressees := pattern("flat_addressees").match(text, at, end)) and end - addressees.end() > 10:
        at = addressees.end()
        found.add(at)
    limit = min(end, at + 300)
    known += _QUOTED.findall(text, start, limit)
    if (wrapped := pattern("flat_wrapper").search(text, at, limit)) and "印发" in text[start : wrapped.end()]:
        found.add(wrapped.end())


def _rest(text: str, start: int, end: int, found: set[int], known: list[str]) -> None:
    if text.find("件", start, end) > 0:
        for match in pattern("flat_disclosure").finditer(text, start, end):
            found |= {match.start(), match.end()}
    if text.find("日", start, end) > 0:
        for match in pattern("flat_signature").finditer(text, start, end):
            found |= {match.start(), match.start("date"), match.end()}
    if text.find("）各", start, end) > 0:
        found |= {match.start() for match in pattern("flat_closing").finditer(text, start, end)}
    if contents := pattern("flat_contents").search(text, start, end):
        found.add(contents.start())
    _tail(text, start, end, found)
    for title in dict.fromkeys(known):
        _title_printed(text, start, end, title, found)
    repeated = text.find(text[start : start + 40], start + 40, end)
    if repeated > 0:
        found.difference_update([c for c in found if c > repeated])
        found.add(repeated)


def _tail(text: str, start: int, end: int, found: set[int]) -> None:
    if any(text.find(opening, start, end) > 0 for opening in _TAIL_OPENINGS):
        # Sliced, because $ must be the end of this line.
        for match in pattern("flat_tail").finditer(text[:end], start):
            found.add(match.start())


def _title_printed(text: str, start: int, end: int, title: str, found: set[int]) -> None:
    """A quoted title printed again after a line already ended (signature, disclosure, contents)."""
    at = text.find(title, start, end)
    while at >= 0:
        if at in found or text[at - 1] in "。）":
            found |= {at, at + len(title)}
        elif any(text.startswith("目录", c) and c < at for c in found) and text[at - 1] not in "《〈“":
            found |= {at, at + len(title)}
            return
        at = text.find(title, at + len(title), end)
