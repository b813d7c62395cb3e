"""A measure's text cut into sentences and segments.

A sentence ends at 。；！？ or a line end, a segment at ， or ：. Marks inside brackets
and quotation marks do not cut, so that （…，…） stays in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

_OPEN = "（(〔［[【《〈“‘「"
_CLOSE = "）)〕］]】》〉”’」"
_FULL = "。；;！？!?\n"
_MARK = re.compile(rf"[{re.escape(_OPEN + _CLOSE + _FULL)}，：]|,(?!\d)|:(?!\d)")
_BLANK = " \t\u3000\n"


class Segment(NamedTuple):
    """A piece between commas: `text[start:end]` without the mark that ends it."""

    start: int
    end: int


class Sentence(NamedTuple):
    """Segments up to a full stop; `heads` when it is the first of its paragraph."""

    segments: tuple[Segment, ...]
    heads: bool
    paragraph: int  # number of the paragraph in the measure
    start: int
    end: int


def without(start: int, end: int, holes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts of [start, end) outside `holes`, which are ascending."""
    for a, b in holes:
        if b <= start or a >= end:
            continue
        if a > start:
            yield start, a
        start = max(start, b)
    if start < end:
        yield start, end


class _Cutter:
    """Collects segments into sentences while the text is walked once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sentences: list[Sentence] = []
        self.segments: list[Segment] = []
        self.paragraph = 0
        self.heads = True

    def segment(self, start: int, end: int) -> None:
        text = self.text
        while start < end and text[start] in _BLANK:
            start += 1
        while end > start and text[end - 1] in _BLANK:
            end -= 1
        if start < end:
            self.segments.append(Segment(start, end))

    def sentence(self) -> None:
        if self.segments:
            start, end = self.segments[0].start, self.segments[-1].end
            self.sentences.append(Sentence(tuple(self.segments), self.heads, self.paragraph, start, end))
            self.segments = []
            self.heads = False

    def new_paragraph(self) -> None:
        self.sentence()
        self.paragraph += 1
        self.heads = True


def sentences(text: str, start: int, end: int, holes: Sequence[tuple[int, int]], cuts: Iterable[int]) -> list[Sentence]:
    """The sentences of `text[start:end]` outside `holes`.

    `cuts` are offsets where a sentence must begin whatever stands before them: the
    labels of sub-items.
    """
    cutter = _Cutter(text)
    borders = sorted({c for c in cuts if start < c < end})
    for a, b in without(start, end, holes):
        inner = [c for c in borders if a < c < b]
        for left, right in zip([a, *inner], [*inner, b], strict=True):
            _walk(cutter, left, right)
            cutter.sentence()
    return cutter.sentences


def _walk(cutter: _Cutter, start: int, end: int) -> None:
    depth, begin = 0, start
    for match in _MARK.finditer(cutter.text, start, end):
        mark = match.group()
        if mark in _OPEN:
            depth += 1
        elif mark in _CLOSE:
            depth = max(depth - 1, 0)
        elif depth == 0 or mark == "\n":
            depth = 0
            cutter.segment(begin, match.start())
            begin = match.end()
            if mark == "\n":
                cutter.new_paragraph()
            elif mark in _FULL:
                cutter.sentence()
    cutter.segment(begin, end)
