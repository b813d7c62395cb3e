"""The lines of a text with their labels; text without line breaks is cut at its labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline import rules
from pipeline.model import Text
from pipeline.structure.patterns import enclosed, number, source

#: Rank of the narrowest style whose items are measures; （1） and ① stay inside one.
ITEM_RANK = 8
_FLAT = 700
_STOP = frozenset("。；;！？：:）)〕”》")


class Row:
    """A line, or the part of one that begins at a label."""

    __slots__ = ("body", "end", "heading", "label", "rank", "rule", "start", "value")

    def __init__(self, start: int, end: int, heading: int = 0) -> None:
        self.start = start
        self.end = end
        self.heading = heading
        self.rank = -1  # no label
        self.value = 0
        self.label = ""
        self.rule = ""
        self.body = start  # after the label


@cache
def _styles() -> tuple[re.Pattern[str], dict[str, tuple[int, str]]]:
    parts, table = [], {}
    ranked = sorted((r for r in rules.rules("structure") if "rank" in r), key=lambda r: -r["rank"])
    # 1.1 before 1., （1） before 1）: the longer label first.
    ranked.sort(key=lambda r: r["id"] != "structure.label_decimal")
    for i, rule in enumerate(ranked):
        part = re.sub(r"\(\?P<(\w)>", lambda m, i=i: f"(?P<{m[1]}{i}>", source(rule["id"]))
        parts.append(f"(?P<s{i}>{part})")
        table[f"s{i}"] = (rule["rank"], rule["id"])
    return re.compile("|".join(parts)), table


def set_label(row: Row, match: re.Match[str]) -> None:
    """Take the label found by the styles' pattern into a row."""
    name = match.lastgroup or ""
    # lastgroup is the outermost group closed last: the style.
    i = name[1:]
    row.rank, row.rule = _styles()[1][f"s{i}"]
    groups = match.groupdict()
    if text := groups.get(f"v{i}"):
        row.value = number(re.split("[.．]", text)[-1])
    elif char := groups.get(f"c{i}"):
        row.value = enclosed(char)
    row.label = match[0].strip()
    row.body = match.end()


def rows(text: Text) -> list[Row]:
    """All lines in order, labels recognised."""
    out: list[Row] = []
    body, label = text.text, _styles()[0]
    for p in text.paragraphs:
        if p.start == p.end:
            continue
        row = Row(p.start, p.end, p.heading)
        if match := label.match(body, p.start, p.end):
            set_label(row, match)
        if p.end - p.start > _FLAT or _hides_label(body, p.start, p.end):
            out += _cut(body, row)
        else:
            out.append(row)
    return out


_ARTICLE_INSIDE = re.compile(r"[。：；\u4e00-\u9fff](?=第[一二三四五六七八九十百]{1,5}[条章])")


def _hides_label(body: str, start: int, end: int) -> bool:
    """A short line with a second article or chapter in it."""
    return body.find("第", start + 1, end) > 0 and _ARTICLE_INSIDE.search(body, start + 1, end) is not None


def _candidates(body: str, row: Row) -> Iterator[Row]:
    for match in _styles()[0].finditer(body, row.start, row.end):
        part = Row(match.start(), row.end, 0)
        set_label(part, match)
        yield part


def _cut(body: str, row: Row) -> list[Row]:
    """Cut a long line at the labels that continue a sequence.

    A label is taken when its value is the next of its style (or 1, opening a style below),
    and it follows a stop, or a heading that has no stop of its own.
    """
    found = [c for c in _candidates(body, row) if c.rank < ITEM_RANK and c.rank != 7]
    last: dict[int, int] = {}
    high: dict[int, int] = {}
    cuts: list[Row] = []
    for i, part in enumerate(found):
        if part.start == row.start:
            last[part.rank] = high[part.rank] = part.value
            continue
        if _fits(body, row, part, found[i + 1 :], (last, high), cuts[-1] if cuts else row):
            for rank in [r for r in last if r > part.rank]:
                del last[rank]
            last[part.rank] = high[part.rank] = part.value
            cuts.append(part)
    if not cuts:
        return [row]
    row.end = cuts[0].start
    for a, b in zip(cuts, cuts[1:], strict=False):
        a.end = b.start
    return [row, *cuts]


def _fits(body: str, row: Row, part: Row, later: list[Row], seen: tuple[dict[int, int], dict[int, int]], before: Row) -> bool:
    last, high = seen
    stop = body[part.start - 1] in _STOP
    heading = part.start - before.body <= 40 and before.rank >= 0 and not _has_stop(body, before.body, part.start)
    if not (stop or heading):
        return False
    if body[part.start - 1] in "）)" and part.rank == 5:
        return last.get(5) == part.value - 1 and stop
    known = last.get(part.rank)
    if known is not None and part.value == known + 1:
        return True
    if part.rank in (0, 1, 2, 3) and part.value > 1:
        return known is None or part.value in (known + 1, known + 2)
    if part.value == 1 and known is None:
        return row.end - row.start > _FLAT and any(n.rank == part.rank and n.value == 2 for n in later)
    # Numbering that runs on across headings: （四） under the next 二、.
    return known is None and part.rank in (5, 6) and high.get(part.rank) == part.value - 1


def _has_stop(body: str, start: int, end: int) -> bool:
    return any(body.find(c, start, end) >= 0 for c in "。；！？")
