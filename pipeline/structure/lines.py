"""The lines of a text with their labels; text without line breaks is cut at its labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from pipeline import rules
from pipeline.model import Paragraph, Text
from pipeline.structure import flat
from pipeline.structure.patterns import enclosed, number, source

#: Rank of the narrowest style whose items are measures; （1） and ① stay inside one.
ITEM_RANK = 8
_ARTICLE = 3
_NUM, _DECIMAL = 6, 7
_BARE = re.compile(r"(\d{1,2})[\u4e00-\u9fff][^。；！？：，\d]{1,20}")
_FLAT = 700
_HEADING = 40  # characters of the longest heading that an item follows on its line
_NEAR = 30  # lines that an item with its sub-items takes at most
_STOP = frozenset("。；;！？：:）)〕”》")


class Row:
    """A line, or the part of one that begins at a label."""

    __slots__ = ("aside", "body", "depth", "end", "heading", "label", "rank", "rule", "start", "title_end", "value")

    def __init__(self, start: int, end: int, heading: int = 0) -> None:
        self.start = start
        self.end = end
        self.heading = heading
        self.rank = -1  # no label
        self.value = 0
        self.depth = 0  # of a decimal label: 2 for 1.1
        self.label = ""
        self.rule = ""
        self.body = start  # after the label
        self.title_end = 0  # where the title ends, when the contents tell
        self.aside = ""  # reason why the line is outside the document


@cache
def _styles() -> tuple[re.Pattern[str], dict[str, tuple[int, str]]]:
    parts, table = [], {}
    ranked = sorted((r for r in rules.rules("structure") if "rank" in r), key=lambda r: -r["rank"])
    # 1.1 before 1., （1） before 1）: the longer label first.
    ranked.sort(key=lambda r: r["id"] != "structure.label_decimal")
    for i, rule in enumerate(ranked):
        part = source(rule["id"].partition(".")[2]).replace("(?P<v>", f"(?P<v{i}>").replace("(?P<c>", f"(?P<c{i}>")
        parts.append(f"(?P<s{i}>{part})")
        table[f"s{i}"] = (rule["rank"], rule["id"])
    return re.compile("|".join(parts)), table


@cache
def _groups() -> dict[str, tuple[int, int]]:
    """Numbers of the groups that hold a style's numeral and its enclosed numeral; 0 for none."""
    index = _styles()[0].groupindex
    return {name: (index.get(f"v{name[1:]}", 0), index.get(f"c{name[1:]}", 0)) for name in _styles()[1]}


def set_label(row: Row, match: re.Match[str]) -> None:
    """Take the label found by the styles' pattern into a row."""
    name = match.lastgroup or ""
    # lastgroup is the outermost group closed last: the style.
    row.rank, row.rule = _styles()[1][name]
    value, char = _groups()[name]
    if value and (text := match[value]):
        parts = (text,) if text.isdecimal() else re.split("[.．]", text)
        row.value, row.depth = number(parts[-1]), len(parts)
    elif char and (sign := match[char]):
        row.value = enclosed(sign)
    row.label = match[0].strip()
    row.body = match.end()


def label_at(body: str, start: int, end: int) -> int:
    """Rank of the label that opens body[start:end]; -1 for none."""
    match = _styles()[0].match(body, start, end)
    return _styles()[1][f"s{(match.lastgroup or 's0')[1:]}"][0] if match else -1


def rows(text: Text) -> list[Row]:
    """All lines in order, labels recognised."""
    out: list[Row] = []
    body, label = text.text, _styles()[0]
    quoted: list[str] = []
    entries: list[str] = []
    article = 0
    for index, p in enumerate(text.paragraphs):
        bounds = [p.start, *flat.cuts(body, p.start, p.end, index, quoted), p.end]
        for start, end in pairwise(bounds):
            row = Row(start, end, p.heading)
            if match := label.match(body, start, end):
                set_label(row, match)
            if len(bounds) > 2 and _aside(body, row, bounds, entries):
                out.append(row)
                continue
            long = end - start > _FLAT or _hides_label(body, start, end)
            found = (
                _cut(body, row, article)
                if long
                else _below_heading(body, row, text.paragraphs[index + 1 : index + 1 + _NEAR])
            )
            article = next((r.value for r in reversed(found) if r.rank == _ARTICLE), article)
            for one in found if entries else ():
                _know_title(body, one, entries)
            out += found
    if any(r.rank == _DECIMAL for r in out):
        _bare_numbers(body, out)
    return out


def _bare_numbers(body: str, out: list[Row]) -> None:
    """1总则 above 1.1: headings whose number has no point."""
    last = 0
    for row, below in pairwise(out):
        match = _BARE.fullmatch(body, row.start, row.end) if row.rank < 0 else None
        if match is None or below.rank not in (_DECIMAL, -1):
            continue
        opens = any(r.label.startswith(match[1] + ".") for r in out if r.rank == _DECIMAL)
        if opens or last and int(match[1]) == last + 1:
            last = int(match[1])
            row.rank, row.rule, row.label = _NUM, "structure.label_bare", match[1]
            row.value, row.body = int(match[1]), match.end(1)


def _aside(body: str, row: Row, bounds: list[int], entries: list[str]) -> bool:
    """Contents and second printings inside a flat line are set aside whole."""
    if body.startswith("目录", row.start) and row.end - row.start > 40:
        starts = [m.start() for m in _styles()[0].finditer(body, row.start, row.end)]
        entries += [body[a:b] for a, b in zip(starts, [*starts[1:], row.end], strict=True)]
        row.aside = "contents"
    elif (
        row.start > bounds[0]
        and body.startswith(body[bounds[0] : bounds[0] + 40], row.start)
        and row.end - row.start > 40
    ):
        row.aside = "repeated"
    return bool(row.aside)


def _know_title(body: str, row: Row, entries: list[str]) -> None:
    """The contents say where a heading ends that runs on into its text."""
    if row.rank >= 0:
        best = max((e for e in entries if body.startswith(e, row.start)), key=len, default="")
        row.title_end = row.start + len(best) if best else 0


_ARTICLE_INSIDE = re.compile(r"第[一二三四五六七八九十百]{1,5}条")


def _hides_label(body: str, start: int, end: int) -> bool:
    """A line with an article after its first words: 第七章 法律责任 第四十二条 …"""
    return body.find("第", start + 1, end) > 0 and _ARTICLE_INSIDE.search(body, start + 1, end) is not None


def _below_heading(body: str, row: Row, later: Sequence[Paragraph]) -> list[Row]:
    """A heading and its first item printed on one line: （四）…攻坚战1. …, with 2. on a line below."""
    if not 0 <= row.rank < _NUM:
        return [row]
    window = Row(row.body, min(row.end, row.body + _HEADING + 4))
    for part in _candidates(body, window):
        if not row.rank < part.rank < ITEM_RANK or part.rank == _DECIMAL or part.start < row.body + 4:
            continue
        if _has_stop(body, row.body, part.start) or "，" in body[row.body : part.start]:
            break
        if _next_of(body, part.rank, later) == part.value + 1:
            part.end, row.end = row.end, part.start
            return [row, part]
    return [row]


def _next_of(body: str, rank: int, later: Sequence[Paragraph]) -> int:
    """The number of the next line with a label of a rank, up to a line with a higher one; 0 for none."""
    for p in later:
        if match := _styles()[0].match(body, p.start, p.end):
            row = Row(p.start, p.end)
            set_label(row, match)
            if row.rank <= rank:
                return row.value if row.rank == rank else 0
    return 0


def _candidates(body: str, row: Row) -> Iterator[Row]:
    for match in _styles()[0].finditer(body, row.start, row.end):
        part = Row(match.start(), row.end, 0)
        set_label(part, match)
        yield part


def _cut(body: str, row: Row, article: int) -> list[Row]:
    """Cut a long line at the labels that continue a sequence; `article` is the last one before it.

    A label is taken when its value is the next of its style (or 1, opening a style below),
    and it follows a stop, or a heading that has no stop of its own.
    """
    found = [c for c in _candidates(body, row) if c.rank < ITEM_RANK and c.rank != 7]
    last: dict[int, int] = {_ARTICLE: article} if article else {}
    high: dict[int, int] = {}
    cuts: list[Row] = []
    for i, part in enumerate(found):
        if part.start == row.start:
            last[part.rank] = high[part.rank] = part.value
            continue
        if _fits(body, row, part, found[i + 1 :], (last, high), cuts[-1] if cuts else row):
            for rank in [r for r in last if r > part.rank and r != _ARTICLE]:
                del last[rank]
            last[part.rank] = high[part.rank] = part.value
            cuts.append(part)
    if not cuts:
        return [row]
    row.end = cuts[0].start
    for a, b in pairwise(cuts):
        a.end = b.start
    return [row, *cuts]


def _fits(
    body: str, row: Row, part: Row, later: list[Row], seen: tuple[dict[int, int], dict[int, int]], before: Row
) -> bool:
    last, high = seen
    stop = body[part.start - 1] in _STOP
    heading = (
        0 <= before.rank < part.rank and part.start - before.body <= 40 and not _has_stop(body, before.body, part.start)
    )
    known = last.get(part.rank)
    if part.rank == _ARTICLE:
        # 《某办法》第四十五条 is a reference: an article follows its predecessor, or opens a chapter.
        follows = body[part.start - 1] in "。；" or heading and before.rank < _ARTICLE
        return follows and (part.value == 1 if known is None else known < part.value <= known + 2)
    if not (stop or heading):
        return False
    if known is not None and part.value == known + 1:
        return True
    if part.rank <= _ARTICLE:
        return part.value == 1 or known is None or known < part.value <= known + 2
    if part.value == 1 and known is None:
        return row.end - row.start > _FLAT and any(n.rank == part.rank and n.value == 2 for n in later)
    # Numbering that runs on across headings: （四） under the next 二、.
    return known is None and part.rank in (5, 6) and high.get(part.rank) == part.value - 1


def _has_stop(body: str, start: int, end: int) -> bool:
    return any(body.find(c, start, end) >= 0 for c in "。；！？")
