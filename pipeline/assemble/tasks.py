"""Tasks: one action with one time and one set of owners.

A sentence is cut where a segment has a time of its own, or begins with a verb of
doing after an action that is complete. What is no task goes to the ledger with the
reason.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.assemble.actions import opening, phrase, preambles
from pipeline.assemble.clauses import Segment, Sentence
from pipeline.assemble.targets import Target
from pipeline.assemble.timing import Timeline, same
from pipeline.assemble.words import listed
from pipeline.assemble.work import Span, Work, within
from pipeline.find.modality import modality_of, strongest
from pipeline.model import Responsibility, Time

_HEADING = 40  # characters of the longest heading that is taken for one
_MOST = 30  # times of one clause that give a task each; a longer list is no list of milestones
_STATED = frozenset({"goal", "limit", "money"})
_DUTY = frozenset({"modality.must", "modality.should", "modality.may", "modality.forbid", "modality.strive",
                   "modality.in_principle"})  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """An action; offsets into the canonical text. `time` is null where none governs it."""

    start: int
    end: int
    action: str
    time: Time | None
    own_time: bool  # the time is printed in the task, not carried over to it
    modality: str
    owners: tuple[Responsibility, ...]  # named in the clause itself
    targets: tuple[Target, ...]
    rules: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rest:
    """Words of a measure that are no task, with the rule that says so."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Split:
    """A measure taken apart: tasks in reading order, and what is none."""

    tasks: tuple[Task, ...]
    rests: tuple[Rest, ...]


@dataclass(frozen=True, slots=True)
class _Clause:
    """Segments that say one thing; `acts` when one of them states an action in full."""

    segments: tuple[Segment, ...]
    acts: bool

    @property
    def span(self) -> Span:
        return self.segments[0].start, self.segments[-1].end


def split(work: Work, timeline: Timeline, found: Sequence[Target]) -> Split:
    """The tasks of a measure and the rest of its words."""
    return _Splitter(work, timeline, found).split()


def _is_heading(work: Work, timeline: Timeline, found: Sequence[Target]) -> bool:
    """The first sentence is the measure's heading, on a line of its own or run in, and no more.

    A first sentence with a number, a time or a comma states work itself.
    """
    if len(work.sentences) < 2 or not work.measure.title:
        return False
    first = work.sentences[0]
    if len(first.segments) > 1 or timeline.own(first.segments[0]):
        return False
    words = work.text[first.start : first.end]
    stated = any(first.start <= t.quantity.start < first.end for t in found)
    return words.endswith(work.measure.title) and len(words) <= _HEADING and not stated


def _only_time(work: Work, segment: Segment) -> bool:
    """力争2025年6月底前完成: says when for the words before it, and nothing of its own."""
    words = phrase(work.text, segment.start, segment.end, _bound_times(work, segment.start, segment.end))
    return not words or words in listed("actions", "bare").words


def _bound_times(work: Work, start: int, end: int) -> list[Span]:
    text = work.text
    return [
        (t.start, t.end + (text[t.end : t.end + 1] in "，,、"))
        for t in within(work.times, start, end)
        if t.use == "bound" and t.end <= end and t.recurrence is None
    ]


def _untimed(own: list[tuple[Time, ...]], segment: Segment, words: str) -> str:
    """A segment without the time at its head, so that its verb shows."""
    if own[0][0].start - segment.start <= 2:
        return words[own[0][-1].end - segment.start :].lstrip("，, ")
    return words


def _with_rhythm(times: list[Time]) -> Sequence[Time | None]:
    """2026年至2027年，每年…: a bare rhythm is one of the time beside it, not a time of its own."""
    rhythms = [t for t in times if t.recurrence and t.due_on is None]
    dated = [t for t in times if t.due_on is not None]
    if len(rhythms) != 1 or not dated:
        return times
    return [t if t.recurrence else replace(t, recurrence=rhythms[0].recurrence) for t in dated]


class _Splitter:
    """Cuts the sentences of one measure into clauses and sorts them into tasks and the rest."""

    def __init__(self, work: Work, timeline: Timeline, found: Sequence[Target]) -> None:
        self.work, self.timeline, self.found = work, timeline, found
        self.starts = [t.quantity.start for t in found]
        self.preamble = work.measure.title in preambles()
        self.tasks: list[Task] = []
        self.rests: list[Rest] = []
        brackets = work.brackets
        self.named = [
            r for r in work.responsibilities if not r.inherited and not any(a <= r.start < b for a, b in brackets)
        ]

    def split(self) -> Split:
        heading = _is_heading(self.work, self.timeline, self.found)
        for k, sentence in enumerate(self.work.sentences):
            if k == 0 and heading:
                self.rests.append(Rest(sentence.start, sentence.end, "action.title"))
                continue
            for clause in self._clauses(sentence):
                self._sort(clause)
        return Split(tuple(self.tasks), tuple(self.rests))

    def _targets(self, start: int, end: int) -> list[Target]:
        return list(self.found[bisect_left(self.starts, start) : bisect_left(self.starts, end)])

    def _clauses(self, sentence: Sentence) -> list[_Clause]:
        """Segments are added to a clause until it is complete and the next has a time or action of its own."""
        groups: list[list[Segment]] = []
        acting: list[bool] = []
        complete = False
        for segment in sentence.segments:
            words = self.work.text[segment.start : segment.end]
            own = self.timeline.own(segment)
            how = opening(words)
            if groups and not (complete and (own and not _only_time(self.work, segment) or how.begins)):
                groups[-1].append(segment)
            else:
                groups.append([segment])
                acting.append(False)
                complete = False
            if not complete:
                acting[-1] = (opening(_untimed(own, segment, words)) if own else how).acts
                stated = (t.kind in _STATED for t in self._targets(segment.start, segment.end))
                complete = acting[-1] or any(stated)
        return [_Clause(tuple(g), a) for g, a in zip(groups, acting, strict=True)]

    def _sort(self, clause: _Clause) -> None:
        start, end = clause.span
        inner = self._targets(start, end)
        own = [times for s in clause.segments for times in self.timeline.own(s)]
        rule = self._why(clause, inner, bool(own))
        if rule is None:
            self.rests.append(Rest(start, end, "action.preamble" if self.preamble else "action.none"))
        else:
            here = [t for group in own for t in group] or list(self.timeline.at(start))
            self._add((start, end), _with_rhythm(here) or [None], bool(own), inner, rule)
        for span, times in self.timeline.bracketed(start, end):
            self._add(span, times, True, self._targets(*span), "action.time")

    def _why(self, clause: _Clause, inner: Sequence[Target], timed: bool) -> str | None:
        """The rule by which a clause is a task, or null."""
        if timed:
            return "action.time"
        if any(t.kind in _STATED for t in inner):
            return "action.target"
        if self.preamble:
            return None
        if clause.acts:
            return "action.imperative"
        return "action.duty" if any(c.rule in _DUTY for c in within(self.work.cues, *clause.span)) else None

    def _add(self, span: Span, times: Sequence[Time | None], own: bool, inner: Sequence[Target], rule: str) -> None:
        """One task for each of the times of a clause."""
        start, end = span
        modality = strongest(within(self.work.cues, start, end))
        owners = tuple(r for r in self.named if start <= r.start < end)
        action = _action(self.work, start, end, owners)
        found = (("action", rule), ("modality", modality))
        for time in times[:_MOST]:
            mine = tuple(t for t in inner if time is None or t.time is None or same(t.time, time) or not own)
            rules = found if time is None else (*found, ("due_on", time.rule))
            self.tasks.append(Task(start, end, action, time, own, modality_of(modality), owners, mine, rules))


def _action(work: Work, start: int, end: int, owners: Sequence[Responsibility]) -> str:
    """The words of a task without its time and the body it begins with."""
    drop = _bound_times(work, start, end)
    lead = start
    for owner in sorted(owners, key=lambda r: r.start):
        if owner.start <= lead + 1 and owner.end <= end:
            drop.append((owner.start, owner.end))
            lead = owner.end
    return phrase(work.text, start, end, drop)
