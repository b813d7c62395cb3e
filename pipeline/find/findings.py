"""Everything that is found in the text of a document: times, quantities, words of modality."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from pipeline.find.modality import Cue, find_cues
from pipeline.find.quantities import scan_quantities
from pipeline.find.times import scan_times
from pipeline.model import Quantity, Time


class Findings(NamedTuple):
    """Values in the order of the text."""

    times: list[Time]  # every time expression, with what it does in its sentence (`Time.use`)
    quantities: list[Quantity]  # every number with a unit that is no part of a time
    modality: list[Cue]


def find_all(text: str, base: date | None = None, year: int | None = None, at: int = 0) -> Findings:
    """What is found in a text; offsets are counted from `at`.

    `base` is the day from which relative and yearless times are counted, `year` the
    year fixed by a title where there is no day.
    """
    times = scan_times(text, base, year, at)
    return Findings(times, _apart(scan_quantities(text, at), times), find_cues(text, at))


def _apart(values: Sequence[Quantity], taken: Sequence[Time]) -> list[Quantity]:
    starts = [t.start for t in taken]
    kept = []
    for v in values:
        i = bisect_left(starts, v.end) - 1
        if i < 0 or taken[i].end <= v.start:
            kept.append(v)
    return kept
