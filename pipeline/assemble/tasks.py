"""Tasks: one action with one time and one set of owners.

A sentence is cut where a segment has a time of its own, or begins with a verb of
doing after an action that is complete. What is no task goes to the ledger with the
reason.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.assemble.actions import Section, no_action, phrase, provision, purpose, section
from pipeline.assemble.clauses import Sentence
from pipeline.assemble.coverage import acts
from pipeline.assemble.cutting import Clause, bound_times, clauses
from pipeline.assemble.heads import Head, head_of, heads
from pipeline.assemble.openings import Opening, opening
from pipeline.assemble.targets import Target
from pipeline.assemble.timing import Timeline, same
from pipeline.assemble.words import LABEL
from pipeline.assemble.work import Span, Work, outside, within
from pipeline.find.modality import modality_of, strongest
from pipeline.model import Responsibility, Time

_HEADING = 40  # characters of the longest heading that is taken for one
_ARTICLE = re.compile(r"第[一二三四五六七八九十百\d]{1,5}条\s*")
_ARTICLE_HEADING = 12  # characters of the longest heading of an article
_BINDING = frozenset({"modality.should", "modality.forbid"})
_NO_TASKS = frozenset({"condition", "matter"})  # what a head makes of its items
_MOST = 30  # times of one clause that give a task each; a longer list is no list of milestones
_STATED = frozenset({"goal", "limit", "money"})
_TASK_RULES = frozenset(
    {"action.time", "action.target", "action.imperative", "action.goal", "action.duty", "action.provision"}
)
_SHORTEST = 4  # characters of an action that has neither time nor number
_TAIL = re.compile(r"^等?(?:有关|相关|各)?(?:部门|单位|机构)?(?:和(?:有关|相关)?(?:部门|单位))?(?=[要应须需将负牵])")
_JOINTS = frozenset(["", "和", "及", "与", "、", "，", "以及", "由", "请", " "])  # between bodies, or before the first
_REST = ("和", "及", "与", "等", "以及")
_WITH = ("会同", "联合", "配合", "对", "商")


class Task(NamedTuple):
    """An action; offsets into the canonical text. `time` is null where none governs it."""

    start: int
    end: int
    action: str
    time: Time | None
    own_time: bool  # the time is printed in the task, not carried over to it
    modality: str
    owners: tuple[Responsibility, ...]  # named in the clause itself, else the subject of its sentence
    targets: tuple[Target, ...]
    rules: tuple[tuple[str, str], ...]


class Rest(NamedTuple):
    """Words of a measure that are no task, with the rule that says so."""

    start: int
    end: int
    reason: str


class Split(NamedTuple):
    """A measure taken apart: tasks in reading order, and what is none."""

    tasks: tuple[Task, ...]
    rests: tuple[Rest, ...]


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
    if any(first.start <= t.quantity.start < first.end for t in found) or _provides(work, first, words):
        return False
    alone = work.sentences[1].paragraph != first.paragraph or len(work.sentences) > 2
    return len(words) <= _HEADING and (len(first.segments) == 1 or alone)


def _provides(work: Work, first: Sentence, words: str) -> bool:
    """The first sentence of an article is a provision, and so is any that says what must or must not be done."""
    if _chapeau(work.text, first):
        return False
    if article := _ARTICLE.match(words):
        return len(words) - article.end() > _ARTICLE_HEADING or not work.text.startswith("\n", first.end)
    cues = within(work.cues, first.start, first.end)
    return any(c.rule in _BINDING or work.text[c.start : c.end] == "必须" for c in cues)


def _chapeau(text: str, sentence: Sentence) -> Head | None:
    """The head that a sentence is and no more: 申请人应当符合下列条件：, not 有下列情形之一的，予以免除：."""
    return head_of(text[sentence.segments[-1].start : sentence.end + 1])


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
        self.carried: tuple[Responsibility, ...] = ()  # the subject of the sentence so far
        self.across = False  # that subject stands before the ； behind which the sentence begins
        mine = [r for r in (*work.responsibilities, *work.again) if not r.inherited]
        self.named = outside(sorted(mine, key=lambda r: r.start), work.brackets)

    def split(self) -> Split:
        heading = _is_heading(self.work, self.timeline, self.found)
        for k, sentence in enumerate(self.work.sentences):
            if k == 0 and heading:
                self.rests.append(Rest(sentence.start, sentence.end, "action.title"))
                continue
            head = self.heads[k]
            if self._introduces(sentence):
                self.rests.append(Rest(sentence.start, sentence.end, "action.purpose"))
                continue
            if rule := self._of_head(head, sentence):
                self.rests.append(Rest(sentence.start, sentence.end, rule))
                continue
            self.across = self._goes_on(sentence)
            self.carried = self.carried if self.across else ()
            for clause in clauses(self.work, self.timeline, sentence, self._stated):
                self._sort(clause, head)
        return Split(tuple(self.tasks), tuple(self.rests))

    def _of_head(self, head: Head | None, sentence: Sentence) -> str | None:
        """The rule of a head whose items are no tasks, for them and for a sentence that is a head and no more."""
        if head and head.effect in _NO_TASKS:
            return head.rule
        own = _chapeau(self.work.text, sentence)
        return own.rule if own else None

    def _goes_on(self, sentence: Sentence) -> bool:
        """Behind ； the subject stays the same where none is named: 市财政局负责审核；组织验收."""
        text = self.work.text
        return text[sentence.start - 1 : sentence.start] in ("；", ";") and not LABEL.match(text, sentence.start)

    def _introduces(self, sentence: Sentence) -> bool:
        """为…，结合本市实际，制定本办法: the whole sentence says why the document is made."""
        last = sentence.segments[-1]
        if not purpose(self.work.text[last.start : last.end]):
            return False
        return not any(self.timeline.own(s) for s in sentence.segments)

    def _targets(self, start: int, end: int) -> list[Target]:
        if not self.found:
            return []
        return list(self.found[bisect_left(self.starts, start) : bisect_left(self.starts, end)])

    def _stated(self, span: Span) -> bool:
        return bool(self.found) and any(t.kind in _STATED for t in self._targets(*span))

    def _sort(self, clause: Clause, head: Head | None) -> None:
        start, end = clause.span
        inner = self._targets(start, end)
        own = [t for s in clause.segments for times in self.timeline.own(s) for t in times]
        rule = self._why(clause, inner, any(t.use != "validity" for t in own) if own else False)
        if rule is None or rule not in _TASK_RULES:
            self.rests.append(Rest(start, end, rule or "action.none"))
        else:
            here = own or list(self.timeline.at(start))
            self._add((start, end), _with_rhythm(here) if here else [None], bool(own), inner, rule, head)
        for span, times in self.timeline.bracketed(start, end) if self.timeline.has_brackets else ():
            self._add(span, times, True, self._targets(*span), "action.time", head)

    def _why(self, clause: Clause, inner: Sequence[Target], timed: bool) -> str | None:
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
        return self._stated_action(clause, inner)

    def _stated_action(self, clause: Clause, inner: Sequence[Target]) -> str | None:
        start, end = clause.span
        if clause.acts or clause.begins:
            return "action.imperative"
        if self.section is Section.GOALS and any(t.due_on for t in self.timeline.at(start)):
            return "action.goal"
        if within(self.work.cues, start, end):
            return "action.duty"
        if found := provision(self.work.text[start:end]):
            return found
        cued = bool(inner) or bool(self._named(start, end))
        return "action.unread" if cued and acts(self.work.text[start:end]) else None

    def _has_another(self, how: Opening) -> bool:
        """Whether a clause has another subject than the one before it; behind ； also what is no action may."""
        return how.subject or self.across and not (how.begins or how.acts)

    def _named(self, start: int, end: int) -> tuple[Responsibility, ...]:
        return tuple(within(self.named, start, end))

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
        named = self._named(start, end)
        action = action_of(self.work, start, end, named)
        if named or (self.carried and self._has_another(opening(action))):
            self.carried = named
        owners, self.across = self.carried, False
        for time in times[:_MOST]:
            mine = tuple([t for t in inner if time is None or t.time is None or same(t.time, time) or not own])
            rules = found if time is None else (*found, ("due_on", time.rule))
            self.tasks.append(Task(start, end, action, time, own, modality, owners, mine, rules))


def action_of(work: Work, start: int, end: int, owners: Sequence[Responsibility]) -> str:
    """The words of a task without its time and the bodies it begins with."""
    text = work.text
    times = bound_times(work, start, end)
    if not owners:
        return phrase(text, start, end, times)
    drop, lead = [*times], start
    for owner in sorted(owners, key=lambda r: r.start):
        joint = text[lead : owner.start] in _JOINTS
        if joint and owner.end <= end and not text.startswith(_WITH, owner.end):
            tail = _TAIL.match(text[owner.end : end])
            drop.append((lead, owner.end + (tail.end() if tail else 0)))
            lead = drop[-1][1]
    words = phrase(text, start, end, drop)
    # 和其他部门要…, 等部门要…: the rest of a list of bodies; then all of it stays
    return phrase(text, start, end, times) if words.startswith(_REST) else words
