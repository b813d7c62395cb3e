"""A sentence cut into clauses, each of which says one thing.

It is cut where a segment has a time of its own, begins an action after one that is
complete, or leads up to the next action (按照…原则，…).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.assemble.actions import phrase
from pipeline.assemble.clauses import Segment, Sentence
from pipeline.assemble.openings import LABEL, opening
from pipeline.assemble.timing import Timeline
from pipeline.assemble.words import listed
from pipeline.assemble.work import Span, Work, within
from pipeline.model import Time

_SHORTEST = 4  # characters beside a time that make a clause of their own
_GRANT = re.compile(
    "(?:按(?![时期])[^，]{2,30})?(?:另|再|一次性|分别|最高|依规|依法|可)?(?:给予|予以|奖励|补助|补贴|资助)"
)
_TO_WHOM = re.compile("(?:对(?!接|标|照)|凡)(?![^。]*(?:给予|予以|奖励|补助|补贴|资助))")
_DUE = re.compile("(?:应当|应(?![用急对届邀])|必须|须)")
_MODAL = re.compile("应当?|必?须|[需要]|不得|可以?|严禁|禁止")
_AROUND = re.compile(r"(?:目标到|力争到|截至|截止|在|于|至|到|自|从)$")


@dataclass(slots=True)
class Clause:
    """Segments that say one thing; `acts` when one of them states an action in full, `begins` when one opens it."""

    segments: list[Segment]
    begins: bool = False
    acts: bool = False
    led: bool = False  # it opens with words that lead up to an action
    states: bool = False  # there is an action, a number or a time in it

    @property
    def span(self) -> Span:
        return self.segments[0].start, self.segments[-1].end


def clauses(work: Work, timeline: Timeline, sentence: Sentence, stated: Callable[[Span], bool]) -> list[Clause]:
    """The clauses of a sentence; `stated` tells whether a span has a number to be reached or kept.

    Segments are added to a clause until it is complete and the next one has a time or
    action of its own or leads up to one.
    """
    out: list[Clause] = []
    complete = timed = False
    for segment in sentence.segments:
        words = work.text[segment.start : segment.end]
        own = timeline.own(segment)
        how = opening(words)
        new = own and (complete or timed) and not only_time(work, segment) or complete and (how.begins or how.leads)
        if out and (not new or not own and _completes(work, out[-1], words)):
            out[-1].segments.append(segment)
        else:
            out.append(Clause([segment], led=how.leads))
            complete = timed = False
        clause = out[-1]
        # a time with words beside it is a clause that another time ends
        timed = timed or bool(own) and len(_untimed(own, segment, words)) > _SHORTEST
        if not complete:
            how = opening(_untimed(own, segment, words)) if own else how
            clause.acts = how.acts
            complete = how.acts or stated((segment.start, segment.end))
        clause.begins = clause.begins or how.begins
        clause.states = clause.states or complete or clause.begins or bool(own)
    return _closed(out)


def _completes(work: Work, clause: Clause, words: str) -> bool:
    """对…的项目，纳入计划，给予补助 and 编制规划，应当先行论证 are one: to whom or to what, and what is due."""
    start, end = clause.span
    before = LABEL.sub("", work.text[start:end])
    if _DUE.match(words):
        return len(clause.segments) == 1 and not _MODAL.search(before)
    return bool(_GRANT.match(words) and _TO_WHOM.match(before))


def _closed(found: list[Clause]) -> list[Clause]:
    """What leads up to no action that is known belongs to the clause before it."""
    if len(found) > 1 and found[-1].led and not found[-1].states:
        found[-2].segments += found.pop().segments
    return found


def only_time(work: Work, segment: Segment) -> bool:
    """力争2025年6月底前完成: says when for the words before it, and nothing of its own."""
    words = phrase(work.text, segment.start, segment.end, bound_times(work, segment.start, segment.end))
    return not words or words in listed("actions", "bare").words


def bound_times(work: Work, start: int, end: int) -> list[Span]:
    """Times to be left out of an action, with the words that only lead to them (于…前, 目标到…)."""
    if not work.times:
        return []
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
