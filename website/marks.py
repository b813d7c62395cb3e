"""The canonical text as lines of pieces, each with the records whose evidence it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

#: What a browser would change when it reads the page, one for one, so that offsets stay.
_CHANGED = {0: "\ufffd", 13: "\u240d", 12: "\u240c"}


@dataclass(frozen=True, slots=True)
class Mark:
    """The evidence of a record: what it is (task, lead, deadline …), where, and the name of the record in the page."""

    kind: str
    start: int
    end: int
    ref: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that the same records cover: their kinds, names, and the kinds whose evidence ends here."""

    text: str
    kinds: tuple[str, ...]
    refs: tuple[str, ...]
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text: where it starts, its rank as a heading (0: none), whether an item begins, its pieces."""

    start: int
    level: int
    item: bool
    pieces: tuple[Piece, ...]


def lines(text: str, marks: Iterable[Mark], headings: Mapping[str, int], items: Set[int]) -> list[Line]:
    """The text cut at its lines and at each end of a mark.

    `headings`: words without spaces → rank; `items`: offsets where a measure begins.
    """
    pending = sorted(marks, key=lambda m: (m.start, -m.end, m.kind, m.ref))
    made: list[Line] = []
    active: list[Mark] = []
    at = start = 0
    for printed in text.split("\n"):
        end = start + len(printed)
        while at < len(pending) and pending[at].start < end:
            active.append(pending[at])
            at += 1
        pieces = tuple(_pieces(printed, start, active)) if printed else ()
        made.append(Line(start, headings.get(_bare(printed), 0), start in items, pieces))
        start = end + 1
        active = [mark for mark in active if mark.end > start]
    return made


def headings(documents: Sequence[Mapping[str, Any]], measures: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Words of headings, without spaces, with their rank: 1 a document's title, 2 and 3 what stands over measures."""
    found: dict[str, int] = {}
    for measure in measures:
        for depth, words in enumerate(measure["path"] or ()):
            found.setdefault(_bare(words), min(depth + 2, 3))
    for document in documents:
        for words in (document["title"], document["notice_title"]):
            if words:
                found[_bare(words)] = 1
    found.pop("", None)
    return found


def _bare(words: str) -> str:
    return re.sub(r"\s+", "", words)


def _pieces(printed: str, start: int, active: Sequence[Mark]) -> Iterator[Piece]:
    end = start + len(printed)
    cuts = {start, end}
    for mark in active:
        cuts.update(edge for edge in (mark.start, mark.end) if start < edge < end)
    edges = sorted(cuts)
    waiting, over = sorted(active, key=lambda m: m.start, reverse=True), list[Mark]()
    for left, right in pairwise(edges):
        over = [mark for mark in over if mark.end > left]
        while waiting and waiting[-1].start <= left:
            over.append(waiting.pop())
        over.sort(key=lambda m: (m.end - m.start, m.kind, m.ref))
        words = printed[left - start : right - start].translate(_CHANGED)
        kinds = tuple(dict.fromkeys(mark.kind for mark in over))
        ends = tuple(dict.fromkeys(m.kind for m in over if m.end == right and m.kind != "task"))
        yield Piece(words, kinds, tuple(mark.ref for mark in over), ends)
