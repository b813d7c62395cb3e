"""Tasks: one action with one time and one set of owners.

A sentence is cut where a segment has a time of its own, or begins with a verb of
doing after an action that is complete. What is no task goes to the ledger with the
reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.assemble.actions import opening, phrase, preambles
from pipeline.assemble.clauses import Segment, Sentence
from pipeline.assemble.targets import Target
from pipeline.assemble.timing import Timeline, same
from pipeline.assemble.work import Span, Work, within
from pipeline.find.modality import modality_of, strongest
from pipeline.model import Responsibility, Time

_HEADING = 40  # characters of the longest heading that is taken for one
_BARE = 4  # characters of a clause that says no more than 完成 or 建成
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


def split(work: Work, timeline: Timeline, found: Sequence[Target]) -> Split:
    """The tasks of a measure and the rest of its words."""
    tasks: list[Task] = []
    rests: list[Rest] = []
    heading = _is_heading(work, timeline, found)
    for k, sentence in enumerate(work.sentences):
        if k == 0 and heading:
            rests.append(Rest(sentence.start, sentence.end, "action.title"))
            continue
        for clause in _clauses(work, timeline, sentence, found):
            _sort(work, timeline, clause, found, tasks, rests)
    return Split(tuple(tasks), tuple(rests))


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


def _clauses(work: Work, timeline: Timeline, sentence: Sentence, found: Sequence[Target]) -> list[tuple[Segment, ...]]:
    groups: list[list[Segment]] = []
    complete = False
    for segment in sentence.segments:
        words = work.text[segment.start : segment.end]
        own = timeline.own(segment)
        how = opening(words)
        if groups and not (complete and (own and not _only_time(work, segment) or how.begins)):
            groups[-1].append(segment)
        else:
            groups.append([segment])
            complete = False
        if not complete:
            how = opening(_untimed(own, segment, words)) if own else how
            complete = how.acts or any(
                t.kind in _STATED for t in found if segment.start <= t.quantity.start < segment.end
            )
    return [tuple(g) for g in groups]


def _only_time(work: Work, segment: Segment) -> bool:
    """力争2025年6月底前完成: says when for the words before it, and nothing of its own."""
    words = phrase(work.text, segment.start, segment.end, _bound_times(work, segment.start, segment.end))
    return len(words) <= _BARE


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


def _sort(
    work: Work,
    timeline: Timeline,
    clause: tuple[Segment, ...],
    found: Sequence[Target],
    tasks: list[Task],
    rests: list[Rest],
) -> None:
    start, end = clause[0].start, clause[-1].end
    inner = [t for t in found if start <= t.quantity.start < end]
    own = [times for s in clause for times in timeline.own(s)]
    rule = _why(work, timeline, clause, inner, bool(own))
    if rule is None:
        reason = "action.preamble" if work.measure.title in preambles() else "action.none"
        rests.append(Rest(start, end, reason))
    else:
        first = own[0][0].start if own else start
        carried = timeline.at(first)
        times: list[Time | None] = [*_with_rhythm([t for group in own for t in group] or list(carried))] or [None]
        for time in times:
            tasks.append(_task(work, (start, end), time, bool(own), inner, rule))
    for span, times_in in timeline.bracketed(start, end):
        inside = [t for t in inner if span[0] <= t.quantity.start < span[1]]
        tasks.extend(_task(work, span, t, True, inside, "action.time") for t in times_in)


def _with_rhythm(times: list[Time]) -> list[Time]:
    """2026年至2027年，每年…: a bare rhythm is one of the time beside it, not a time of its own."""
    rhythms = [t for t in times if t.recurrence and t.due_on is None]
    dated = [t for t in times if t.due_on is not None]
    if len(rhythms) != 1 or not dated:
        return times
    return [t if t.recurrence else replace(t, recurrence=rhythms[0].recurrence) for t in dated]


def _why(
    work: Work, timeline: Timeline, clause: tuple[Segment, ...], inner: Sequence[Target], timed: bool
) -> str | None:
    """The rule by which a clause is a task, or null."""
    if timed:
        return "action.time"
    if any(t.kind in _STATED for t in inner):
        return "action.target"
    if work.measure.title in preambles():
        return None
    if any(opening(work.text[s.start : s.end]).acts for s in clause):
        return "action.imperative"
    cues = within(work.cues, clause[0].start, clause[-1].end)
    return "action.duty" if any(c.rule in _DUTY for c in cues) else None


def _task(work: Work, span: Span, time: Time | None, own: bool, inner: Sequence[Target], rule: str) -> Task:
    start, end = span
    modality = strongest(within(work.cues, start, end))
    owners = tuple(
        r
        for r in work.responsibilities
        if start <= r.start < end and not r.inherited and not any(a <= r.start < b for a, b in work.brackets)
    )
    mine = [t for t in inner if time is None or t.time is None or same(t.time, time) or not own]
    found: tuple[tuple[str, str], ...] = (("action", rule), ("modality", modality))
    if time is not None:
        found += (("due_on", time.rule),)
    return Task(
        start, end, _action(work, start, end, owners), time, own, modality_of(modality), owners, tuple(mine), found
    )


def _action(work: Work, start: int, end: int, owners: Sequence[Responsibility]) -> str:
    drop = _bound_times(work, start, end)
    lead = start
    for owner in sorted(owners, key=lambda r: r.start):
        if owner.start <= lead + 1 and owner.end <= end:
            drop.append((owner.start, owner.end))
            lead = owner.end
    return phrase(work.text, start, end, drop)
