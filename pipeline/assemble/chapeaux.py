"""What the text of a heading says for the measures under it: 到2025年，…： and 应当符合下列条件：."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.assemble.heads import Head, head_of, heads
from pipeline.assemble.targets import Target
from pipeline.assemble.timing import Timeline
from pipeline.assemble.work import Found, Work, bench, within
from pipeline.model import Document, LeadIn, Measure, Time

_GOALS = re.compile(r"目标|指标")
#: What a number under a head is for, by the effect of the head.
_KINDS: dict[str, str] = {"condition": "condition", "forbid": "limit"}


@dataclass(frozen=True, slots=True)
class _Chapeau:
    """What holds from the end of a lead-in to the end of its last item."""

    start: int
    end: int
    times: tuple[Time, ...]
    head: Head | None
    stated: bool  # the lead-in is a measure, whose rows have its times


_NOTHING = _Chapeau(0, 0, (), None, False)


class Chapeaux:
    """Heads and times of the lead-ins of a document, by the place they hold for."""

    def __init__(self, text: str, document: Document, found: Found) -> None:
        self._all: list[_Chapeau] = []
        measures = {m.start for m in document.measures}
        for lead in document.lead_ins:
            work = bench(text, _as_measure(lead), found, (), ())
            times = _times(work, Timeline(work, self._at(lead.start).times), lead)
            head = head_of(text[lead.start : lead.end])
            if times or head:
                self._all.append(_Chapeau(lead.end, lead.until, times, head, lead.start in measures))

    def _at(self, offset: int) -> _Chapeau:
        """What holds at a place; the innermost lead-in decides."""
        inner = (c for c in reversed(self._all) if c.start <= offset < c.end)
        return next(inner, _NOTHING)

    def times(self, measure: Measure) -> tuple[Time, ...]:
        """The times that the heading above sets."""
        return self._at(measure.start).times

    def unstated(self, measure: Measure) -> tuple[Time, ...]:
        """Those of its times that no measure above it has rows of."""
        above = self._at(measure.start)
        return () if above.stated else above.times

    def head(self, measure: Measure) -> Head | None:
        """The head that the whole measure stands under."""
        return self._at(measure.start).head


def _as_measure(lead: LeadIn) -> Measure:
    return Measure(0, "", (), lead.title, "", lead.start, lead.end, lead.start)


def _times(work: Work, timeline: Timeline, lead: LeadIn) -> tuple[Time, ...]:
    """The times of a lead-in that hold for its items: under a heading of goals, or of a sentence that ends in ：."""
    last = work.sentences[-1] if work.sentences else None
    leads = last is not None and work.text[last.end : last.end + 1] in ("：", ":")
    if not leads and not _GOALS.search(lead.title):
        return ()
    if leads and last is not None and not within(work.times, last.start, last.end):
        return timeline.at(last.end)
    return timeline.last or timeline.at(lead.end)


def under(work: Work, found: Sequence[Target], above: Head | None) -> list[Target]:
    """Targets with the force of the heads they stand under: conditions, and limits of what is forbidden."""
    stand = heads(work.text, work.sentences, above)
    places = [(s.start, s.end, h) for s, h in zip(work.sentences, stand, strict=True) if h and h.effect in _KINDS]
    if not places:
        return list(found)
    return [_conditional(t, places) for t in found]


def _conditional(target: Target, places: list[tuple[int, int, Head]]) -> Target:
    at = target.quantity.start
    head = next((h for a, b, h in places if a <= at < b), None)
    if head is None or target.kind not in ("goal", "limit", "fact"):
        return target
    kind = _KINDS[head.effect]
    rules = tuple((f, head.rule if f == "kind" else r) for f, r in target.rules if f != "due_on")
    return target._replace(kind=kind, time=None, rules=rules)
