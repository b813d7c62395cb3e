"""Grounding: where a row stands, in the columns every extracted table has."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.assemble.work import Row
from pipeline.model import Text

_SIDES = ("x0", "top", "x1", "bottom")


def ground(text: Text, start: int, end: int) -> Row:
    """char_start, char_end, page, line, boxes and quote of a span of the canonical text."""
    segment = text.segment_at(start)
    boxes = text.boxes(start, end) if text.boxed else ()
    return {
        "char_start": start,
        "char_end": end,
        "page": segment.page if segment else None,
        "line": segment.line if segment else None,
        "boxes": [
            {"page": page, **{side: round(at, 1) for side, at in zip(_SIDES, box, strict=True)}} for page, box in boxes
        ]
        if boxes
        else None,
        "quote": text.text[start:end],
    }


def by_rule(pairs: Iterable[tuple[str, str]]) -> list[Row]:
    """The column `rules`: which rule found which field."""
    return [{"field": field, "rule": rule} for field, rule in pairs]
