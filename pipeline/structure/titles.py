"""Titles: what could be one, its type, the plans that it names, and titles set on several lines."""

from __future__ import annotations

import re
from functools import cache

from pipeline.structure.lines import Row
from pipeline.structure.patterns import pattern, squeeze, words

_QUOTED = re.compile(r"《([^《》]{4,120}(?:《[^《》]*》[^《》]*)?)》")
_TYPE_TAIL = re.compile(r"(?:[（(][^（）()]*[）)])+$")


@cache
def _types() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(words("doc_types")) + ")$")


def doc_type(title: str | None) -> str | None:
    """通知, 意见, 方案 …: the word a title ends in, its brackets apart."""
    match = _types().search(_TYPE_TAIL.sub("", title or ""))
    return match[0] if match else None


def is_title(line: str) -> bool:
    """Whether a line could be the title of a document."""
    if len(line) > 130 or len(line) < 5 or line[-1] in "。；：，" or pattern("navigation").match(line):
        return False
    return pattern("title").search(line) is not None or pattern("plan_title").match(line) is not None


def notice_between(lines: list[str], at: int, end: int, whole: str) -> int | None:
    """The notice that issues a plan, between the plan's title as a page heads it and as it is printed."""
    for i in range(at, end):
        if is_title(lines[i]) and doc_type(lines[i]) == "通知" and whole in squeeze(lines[i]):
            return i
    return None


def inner_titles(notice: str | None) -> list[str]:
    """The plans a notice issues, from its own title."""
    issued = pattern("issued").search(notice or "")
    if issued is None:
        return []
    return quoted(issued["plan"]) or [issued["plan"]]


def set_on_lines(lines: list[str], rows: list[Row], i: int, wanted: list[str]) -> int | None:
    """The last of the lines from `i` on that only together are a title that is looked for."""
    joined = ""
    for last in range(i, min(i + 4, len(lines))):
        joined += squeeze(lines[last])
        if rows[last].rank >= 0 or not any(w.startswith(joined) for w in wanted):
            return None
        if joined in wanted:
            return last
    return None


def quoted(line: str) -> list[str]:
    """The titles in 《》 of a line."""
    return _QUOTED.findall(line)
