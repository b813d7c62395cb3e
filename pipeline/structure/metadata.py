"""The lines a web page sets around a document: 索引号：…, 发文字号：…, 来源：…"""

from __future__ import annotations

import re
from datetime import date

from pipeline.structure.patterns import find_date, pattern

_LONGEST = 160
_NUMERIC = re.compile(r"((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")


def is_metadata(line: str) -> bool:
    """Whether a line is about the page or the document, not of it."""
    return len(line) < _LONGEST and pattern("metadata").match(line) is not None


def is_page_end(line: str) -> bool:
    """Whether the page goes on below the document: back to the list, related links."""
    return pattern("page_end").match(line) is not None


def title(line: str) -> str | None:
    """The value of 标题：…"""
    return _value(line, "metadata_title")


def doc_number(line: str) -> str | None:
    """The value of 发文字号：… when it is one."""
    return _value(line, "metadata_number")


def written_on(line: str) -> date | None:
    """The value of 成文日期：…"""
    value = _value(line, "metadata_date")
    numeric = _NUMERIC.match(value) if value else None
    try:
        return date(int(numeric[1]), int(numeric[2]), int(numeric[3])) if numeric else find_date(value or "")
    except ValueError:
        return None


def _value(line: str, rule: str) -> str | None:
    match = pattern(rule).search(line)
    return match["value"] if match else None
