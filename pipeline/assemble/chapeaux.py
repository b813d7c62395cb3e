"""What the text of a heading says for the measures under it: 到2025年，…： and 应当符合下列条件：."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.assemble.heads import Head, head_of, heads
from pipeline.assemble.targets import Target
from pipeline.assemble.timing import Timeline
from pipeline.assemble.work import Work
from pipeline.model import Measure, Time

_GOALS = re.compile(r"目标|指标")


class Chapeaux:
    """Heads and times of the measures of a document so far, by their keys."""

    def __init__(self) -> None:
        self._times: dict[str, tuple[Time, ...]] = {}
        self._heads: dict[str, Head] = {}

    def enter(self, work: Work, timeline: Timeline) -> None:
        """Keep what a measure says for those whose key continues its own."""
        measure = work.measure
        if _GOALS.search(measure.title) and timeline.last:
            self._times[measure.key] = timeline.last
        if work.sentences:
            last = work.sentences[-1]
            found = head_of(work.text[last.start : last.end + 1])
            if found:
                self._heads[measure.key] = found

    def times(self, measure: Measure) -> tuple[Time, ...]:
        """The times that the heading above sets."""
        return self._times.get(measure.key.rpartition(".")[0], ())

    def head(self, measure: Measure) -> Head | None:
        """The head that the whole measure stands under."""
        return self._heads.get(measure.key.rpartition(".")[0])


def under(work: Work, found: Sequence[Target], above: Head | None) -> list[Target]:
    """Targets with the force of the heads they stand under: numbers of conditions are conditions."""
    stand = heads(work.text, work.sentences, above)
    places = [(s.start, s.end, h) for s, h in zip(work.sentences, stand, strict=True) if h and h.effect == "condition"]
    if not places:
        return list(found)
    return [_conditional(t, places) for t in found]


def _conditional(target: Target, places: list[tuple[int, int, Head]]) -> Target:
    at = target.quantity.start
    head = next((h for a, b, h in places if a <= at < b), None)
    if head is None or target.kind not in ("goal", "limit", "fact"):
        return target
    rules = tuple((f, head.rule if f == "kind" else r) for f, r in target.rules if f != "due_on")
    return replace(target, kind="condition", time=None, rules=rules)
