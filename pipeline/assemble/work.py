"""A measure on the bench: its text cut up, with everything found in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pipeline.assemble.actions import Section, section
from pipeline.assemble.clauses import Sentence, sentences
from pipeline.find.findings import find_all
from pipeline.find.modality import Cue
from pipeline.model import Document, Measure, Quantity, Responsibility, Text, Time

Row = dict[str, Any]
Span = tuple[int, int]


_FEW = 24  # a scan of so few is faster than bisection


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a document; offsets into the canonical text, ascending."""

    times: Sequence[Time]
    quantities: Sequence[Quantity]
    cues: Sequence[Cue]


@dataclass(frozen=True, slots=True)
class Work:
    """A measure with its sentences and findings; offsets into the canonical text."""

    text: str
    measure: Measure
    sentences: Sequence[Sentence]
    times: Sequence[Time]
    quantities: Sequence[Quantity]
    cues: Sequence[Cue]
    responsibilities: Sequence[Responsibility]
    brackets: Sequence[Span]
    again: Sequence[Responsibility] = ()


def find(text: Text, document: Document, base: date | None, year: int | None) -> Found:
    """Everything that `pipeline.find` finds in a document."""
    at = document.start
    return Found(*find_all(text.text[at : document.end], base, year, at))


def within(values: Sequence[Any], start: int, end: int) -> list[Any]:
    """The values that begin in [start, end); `values` ascend by `start`."""
    if not values:
        return []
    if len(values) < _FEW:
        return [v for v in values if start <= v.start < end]
    return list(values[bisect_left(values, start, key=_start) : bisect_left(values, end, key=_start)])


def _start(value: Any) -> int:
    return int(value.start)


def outside(values: Sequence[Any], holes: Sequence[Span]) -> list[Any]:
    """The values that begin in none of the holes; `values` ascend by `start`."""
    if not values or not holes:
        return list(values)
    ahead = sorted(holes, reverse=True)
    kept, covered = [], 0
    for value in values:
        while ahead and ahead[-1][0] <= value.start:
            covered = max(covered, ahead.pop()[1])
        if value.start >= covered:
            kept.append(value)
    return kept


def _run_in(text: str, measure: Measure) -> list[int]:
    """Where the text begins behind a title that runs on into it (known from the contents)."""
    at = measure.body_start
    return [at] if len(measure.title) > 1 and text[measure.start : at].endswith(measure.title) else []


def bench(
    text: str,
    measure: Measure,
    found: Found,
    responsibilities: Sequence[Responsibility],
    brackets: Sequence[Span],
    again: Sequence[Responsibility] = (),
) -> Work:
    """The bench of a measure. Responsibility brackets, which ascend, are no part of any sentence."""
    start, end = measure.start, measure.end
    times = within(found.times, start, end)
    if section(measure.title) is Section.RETROSPECT:  # what was, not what is to be
        times = [replace(t, use="condition", use_rule="action.retrospect") for t in times]
    holes = brackets[bisect_left(brackets, (start, 0)) : bisect_left(brackets, (end, 0))]
    return Work(
        text,
        measure,
        sentences(text, start, end, holes, [*(i.start for i in measure.items), *_run_in(text, measure)]),
        outside(times, holes),
        outside(within(found.quantities, start, end), holes),
        outside(within(found.cues, start, end), holes),
        responsibilities,
        holes,
        within(again, start, end),
    )
