"""Which time governs a place of a measure.

A time governs its segment and, carried over 、，；, the segments after it up to the
next time. It is carried over 。 only where it heads the paragraph, or where the
measure states goals (目标指标). A time in brackets governs only what stands in them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.assemble.clauses import Segment, Sentence
from pipeline.assemble.heads import stand_under
from pipeline.assemble.work import Span, Work, within
from pipeline.model import Time

BOUNDING = frozenset({"bound", "validity", "permission"})
_GOALS = re.compile(r"目标|指标")
_LIMIT_LINE = re.compile(r"(?:完成时[限间]|时限要求|办结时限|时间节点|进度安排|时限)[：:]")


class Governing(NamedTuple):
    """Times that hold from an offset on."""

    start: int
    times: tuple[Time, ...]


def same(a: Time | None, b: Time | None) -> bool:
    """Whether two are one time: a list of years in one span has several times of one place."""
    if a is None or b is None:
        return a is b
    return a.start == b.start and a.due_on == b.due_on


class Timeline:
    """The times of a measure by place; `default` holds where nothing in the measure says when."""

    def __init__(self, work: Work, default: tuple[Time, ...] = ()) -> None:
        self._marks: list[Governing] = []
        self._in_brackets: dict[tuple[Span, Time], None] = {}  # a lead-in's are found before the others
        self._by_segment: dict[int, list[tuple[Time, ...]]] = {}
        self._carried: tuple[Time, ...] = ()
        self._heading = False
        self._under: list[tuple[int, int, tuple[Time, ...]]] = []  # sentences below 2030年底前，完成以下任务：
        self._default = _limit_line(work) or default
        self._goals = _GOALS.search(work.measure.title) is not None
        if work.times:
            self._read(work)
        self._starts = [m.start for m in self._marks]
        self._brackets = sorted(self._in_brackets, key=lambda b: b[0][0])
        self._opens = [span[0] for span, _ in self._brackets]

    def _read(self, work: Work) -> None:
        paragraph = -1
        above = stand_under(work.text, work.sentences, lambda s: self._leading_in(work, s))
        for sentence, under in zip(work.sentences, above, strict=True):
            if sentence.paragraph != paragraph:
                self._carried, self._heading, paragraph = (), False, sentence.paragraph
            if under:
                self._under.append((sentence.start, sentence.end, under))
            self._walk(work, sentence)

    def _walk(self, work: Work, sentence: Sentence) -> None:
        if not self._heading and not _semicolon_before(work.text, sentence.start):
            self._carried = ()
        for k, segment in enumerate(sentence.segments):
            own = self._own(work, segment)
            if own:
                self._heading = self._goals or (sentence.heads and k == 0 and _leads(work, segment, own[0]))
                first = True
                self._by_segment[segment.start] = groups = _grouped(own)
                for times in groups:
                    at = segment.start if first and not self._carried else times[0].start
                    self._marks.append(Governing(at, times))
                    # a rhythm without a date says how often its own clause is done, no more
                    self._carried, first = tuple(t for t in times if t.due_on or not t.recurrence), False
            else:
                self._marks.append(Governing(segment.start, self._carried))

    def _own(self, work: Work, segment: Segment) -> list[Time]:
        own = []
        for time in within(work.times, segment.start, segment.end):
            if time.use not in BOUNDING:
                continue
            bracket = _bracket(work.text, segment, time)
            if not bracket:
                own.append(time)
            else:
                self._in_brackets[bracket, time] = None
        return own

    def at(self, offset: int) -> tuple[Time, ...]:
        """The times that govern a place, those of one list together; empty for none."""
        if not self._marks:
            return self._default
        k = bisect_right(self._opens, offset)
        first: tuple[Time, ...] = ()
        while k and self._brackets[k - 1][0][1] > offset:  # they nest; the first named decides
            k -= 1
            first = (self._brackets[k][1],)
        if first:
            return first
        i = bisect_right(self._starts, offset) - 1
        return (self._marks[i].times if i >= 0 else ()) or self._above(offset) or self._default

    def _above(self, offset: int) -> tuple[Time, ...]:
        return next((times for a, b, times in self._under if a <= offset < b), ())

    def _leading_in(self, work: Work, sentence: Sentence) -> tuple[Time, ...] | None:
        """The dated time of a sentence that ends in ：, for the items under it."""
        if work.text[sentence.end : sentence.end + 1] not in ("：", ":"):
            return None
        dated = [t for s in sentence.segments for t in self._own(work, s) if t.use == "bound" and t.due_on]
        return tuple(dated) if len(dated) == 1 else None

    @property
    def has_brackets(self) -> bool:
        """Whether any time stands in brackets."""
        return bool(self._brackets)

    @property
    def last(self) -> tuple[Time, ...]:
        """The times carried to the end of the measure: what a heading 发展目标 sets for the items under it."""
        return self._carried

    def own(self, segment: Segment) -> list[tuple[Time, ...]]:
        """Times printed in a segment outside brackets, lists together."""
        return self._by_segment.get(segment.start, [])

    def bracketed(self, start: int, end: int) -> list[tuple[Span, tuple[Time, ...]]]:
        """(bracket, times) of the brackets in [start, end) that hold a time of their own."""
        low, high = bisect_left(self._opens, start), bisect_left(self._opens, end)
        return [(span, (time,)) for span, time in self._brackets[low:high]]


def _grouped(times: Sequence[Time]) -> list[tuple[Time, ...]]:
    groups: list[list[Time]] = []
    for time in times:
        if groups and time.group is not None and groups[-1][-1].group == time.group:
            groups[-1].append(time)
        else:
            groups.append([time])
    return [tuple(g) for g in groups]


def _leads(work: Work, segment: Segment, time: Time) -> bool:
    return time.start - segment.start <= 1


def _semicolon_before(text: str, offset: int) -> bool:
    return text[max(0, offset - 2) : offset].rstrip()[-1:] in ("；", ";")


def _bracket(text: str, segment: Segment, time: Time) -> Span | None:
    opened = max(text.rfind("（", segment.start, time.start), text.rfind("(", segment.start, time.start))
    closed = max(text.rfind("）", segment.start, time.start), text.rfind(")", segment.start, time.start))
    if opened < 0 or closed > opened:
        return None
    ends = [e for e in (text.find("）", time.end, segment.end), text.find(")", time.end, segment.end)) if e >= 0]
    return opened + 1, min(ends, default=segment.end)


def _limit_line(work: Work) -> tuple[Time, ...]:
    """The time of a line 完成时限：…, which holds for the whole measure."""
    if not work.times:
        return ()
    for match in _LIMIT_LINE.finditer(work.text, work.measure.start, work.measure.end):
        for time in within(work.times, match.end(), match.end() + 8):
            if time.use in BOUNDING:
                return (time,)
    return ()
