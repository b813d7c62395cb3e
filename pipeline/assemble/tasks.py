"""Tasks: one action with one time and one set of owners.

A sentence is cut where a segment has a time of its own, or begins with a verb of
doing after an action that is complete. What is no task goes to the ledger with the
reason.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.assemble.actions import Section, no_action, phrase, section
from pipeline.assemble.clauses import Segment, Sentence
from pipeline.assemble.heads import Head, heads
from pipeline.assemble.openings import opening
from pipeline.assemble.targets import Target
from pipeline.assemble.timing import Timeline, same
from pipeline.assemble.words import listed
from pipeline.assemble.work import Span, Work, within
from pipeline.find.modality import modality_of, strongest
from pipeline.model import Responsibility, Time

_HEADING = 40  # characters of the longest heading that is taken for one
_MOST = 30  # times of one clause that give a task each; a longer list is no list of milestones
_STATED = frozenset({"goal", "limit", "money"})
_TASK_RULES = frozenset({"action.time", "action.target", "action.imperative", "action.goal", "action.duty"})
_SHORTEST = 4  # characters of an action that has neither time nor number
_TAIL = re.compile(r"^等?(?:有关|相关|各)?(?:部门|单位|机构)?(?:和(?:有关|相关)?(?:部门|单位))?(?=[要应须需将负牵])")
_WITH = ("会同", "联合", "配合", "对", "商")
_AROUND = re.compile(r"(?:目标到|力争到|截至|截止|在|于|至|到|自|从)$")


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


def split(work: Work, timeline: Timeline, found: Sequence[Target], above: Head | None = None) -> Split:
    """The tasks of a measure and the rest of its words; `above` is the head that the measure stands under."""
    return _Splitter(work, timeline, found, above).split()


def _is_heading(work: Work, timeline: Timeline, found: Sequence[Target]) -> bool:
    """The first sentence is the measure's heading, on a line of its own or run in, and no more.

    A first sentence with a number or a time states work itself, and so does one with a
    comma, unless it is the very title and a paragraph of its own.
    """
    if len(work.sentences) < 2 or not work.measure.title:
        return False
    first = work.sentences[0]
    words = work.text[first.start : first.end]
    if not words.endswith(work.measure.title) or any(timeline.own(s) for s in first.segments):
        return False
    if any(first.start <= t.quantity.start < first.end for t in found):
        return False
    alone = work.sentences[1].paragraph != first.paragraph or len(work.sentences) > 2
    return len(words) <= _HEADING and (len(first.segments) == 1 or alone)


def _only_time(work: Work, segment: Segment) -> bool:
    """力争2025年6月底前完成: says when for the words before it, and nothing of its own."""
    words = phrase(work.text, segment.start, segment.end, _bound_times(work, segment.start, segment.end))
    return not words or words in listed("actions", "bare").words


def _bound_times(work: Work, start: int, end: int) -> list[Span]:
    """Times to be left out of an action, with the words that only lead to them (于…前, 目标到…)."""
    text, out = work.text, []
    for time in within(work.times, start, end):
        if time.use == "bound" and time.end <= end and time.due_on is not None:
            lead = _AROUND.search(text, max(start, time.start - 4), time.start)
            out.append((lead.start() if lead else time.start, time.end + (text[time.end : time.end + 1] in "，,、")))
    return out


def _untimed(own: list[tuple[Time, ...]], segment: Segment, words: str) -> str:
    """A segment without the time at its head, so that its verb shows."""
    if own[0][0].start - segment.start <= 2:
        return words[own[0][-1].end - segment.start :].lstrip("，, ")
    return words


def _with_rhythm(times: list[Time]) -> Sequence[Time | None]:
    """The times of a clause, one for each date.

    A bare rhythm (2026年至2027年，每年…) and a bare begin (2020年起，每年2月底前…) are
    parts of the dated time beside them.
    """
    dated = [t for t in times if t.due_on is not None]
    bare = [t for t in times if t.due_on is None]
    if len(dated) != 1 or not bare:
        return times
    rhythm = next((t.recurrence for t in bare if t.recurrence), None)
    begin = next((t.starts_on for t in bare if t.starts_on and not t.recurrence), None)
    whole = dated[0]
    return [replace(whole, recurrence=whole.recurrence or rhythm, starts_on=whole.starts_on or begin)]


class _Splitter:
    """Cuts the sentences of one measure into clauses and sorts them into tasks and the rest."""

    def __init__(self, work: Work, timeline: Timeline, found: Sequence[Target], above: Head | None) -> None:
        self.work, self.timeline, self.found = work, timeline, found
        self.starts = [t.quantity.start for t in found]
        self.section = section(work.measure.title, work.measure.path)
        self.heads = heads(work.text, work.sentences, above)
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
            head = self.heads[k]
            if head and head.effect in ("condition", "matter"):
                self.rests.append(Rest(sentence.start, sentence.end, head.rule))
                continue
            for clause in self._clauses(sentence):
                self._sort(clause, head)
        return Split(tuple(self.tasks), tuple(self.rests))

    def _targets(self, start: int, end: int) -> list[Target]:
        return list(self.found[bisect_left(self.starts, start) : bisect_left(self.starts, end)])

    def _clauses(self, sentence: Sentence) -> list[_Clause]:
        """Segments are added to a clause until it is complete and the next has a time or action of its own."""
        groups: list[list[Segment]] = []
        acting: list[bool] = []
        complete = timed = False
        for segment in sentence.segments:
            words = self.work.text[segment.start : segment.end]
            own = self.timeline.own(segment)
            how = opening(words)
            new = own and not _only_time(self.work, segment) and (complete or timed) or complete and how.begins
            if groups and not new:
                groups[-1].append(segment)
            else:
                groups.append([segment])
                acting.append(False)
                complete = timed = False
            # a time with words beside it is a clause that another time ends
            timed = timed or bool(own) and len(_untimed(own, segment, words)) > _SHORTEST
            if not complete:
                acting[-1] = (opening(_untimed(own, segment, words)) if own else how).acts
                stated = (t.kind in _STATED for t in self._targets(segment.start, segment.end))
                complete = acting[-1] or any(stated)
        return [_Clause(tuple(g), a) for g, a in zip(groups, acting, strict=True)]

    def _sort(self, clause: _Clause, head: Head | None) -> None:
        start, end = clause.span
        inner = self._targets(start, end)
        own = [times for s in clause.segments for times in self.timeline.own(s)]
        rule = self._why(clause, inner, any(t.use != "validity" for group in own for t in group))
        if rule is None or rule not in _TASK_RULES:
            self.rests.append(Rest(start, end, rule or "action.none"))
        else:
            here = [t for group in own for t in group] or list(self.timeline.at(start))
            self._add((start, end), _with_rhythm(here) or [None], bool(own), inner, rule, head)
        for span, times in self.timeline.bracketed(start, end):
            self._add(span, times, True, self._targets(*span), "action.time", head)

    def _why(self, clause: _Clause, inner: Sequence[Target], timed: bool) -> str | None:
        """The rule by which a clause is a task or, with a reason, is none; null for no reason."""
        start, end = clause.span
        text = self.work.text[start:end]
        if self.section is Section.RETROSPECT:
            return "action.retrospect"
        if timed:
            return "action.time"
        if refusal := no_action(text):
            return refusal
        if self.section is Section.LISTED:
            return "action.listed"
        if any(t.kind in _STATED for t in inner):
            return "action.target"
        if self.section is Section.PREAMBLE:
            return "action.preamble"
        if len(text) < _SHORTEST:
            return "action.too_short"
        if clause.acts:
            return "action.imperative"
        if self.section is Section.GOALS and any(t.due_on for t in self.timeline.at(start)):
            return "action.goal"
        return "action.duty" if within(self.work.cues, start, end) else None

    def _add(
        self,
        span: Span,
        times: Sequence[Time | None],
        own: bool,
        inner: Sequence[Target],
        rule: str,
        head: Head | None,
    ) -> None:
        """One task for each of the times of a clause."""
        start, end = span
        cue = strongest(within(self.work.cues, start, end))
        modality, found = modality_of(cue), (("action", rule), ("modality", cue))
        if head:
            modality, found = head.effect, (("action", rule), ("modality", head.rule))
        owners = tuple(r for r in self.named if start <= r.start < end)
        action = action_of(self.work, start, end, owners)
        for time in times[:_MOST]:
            mine = tuple(t for t in inner if time is None or t.time is None or same(t.time, time) or not own)
            rules = found if time is None else (*found, ("due_on", time.rule))
            self.tasks.append(Task(start, end, action, time, own, modality, owners, mine, rules))


def action_of(work: Work, start: int, end: int, owners: Sequence[Responsibility]) -> str:
    """The words of a task without its time and the body it begins with."""
    text = work.text
    drop = _bound_times(work, start, end)
    lead = start
    for owner in sorted(owners, key=lambda r: r.start):
        if owner.start <= lead + 1 and owner.end <= end and not text.startswith(_WITH, owner.end):
            tail = _TAIL.match(text[owner.end : end])
            lead = owner.end + (tail.end() if tail else 0)
            drop.append((owner.start, lead))
    return phrase(text, start, end, drop)
