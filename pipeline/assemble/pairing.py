"""Which of several times holds for which of several numbers: 分别 in all its pairings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.model import Quantity, Time

_MAJOR = re.compile(r"[和与及，；]")

Times = tuple[Time, ...]


def spread(times: Times, n: int) -> list[tuple[Time | None, ...]]:
    """The times of each of n numbers: n years pair with n numbers, else each number has them all."""
    if not times:
        return [(None,)] * n
    return [(t,) for t in times] if len(times) == n else [tuple(times)] * n


def subjects_of(times: Times, n: int) -> int:
    """How many subjects n numbers are for where each has one for each of several times; 0 where they are not."""
    each = n // len(times) if len(times) > 1 and n % len(times) == 0 else 0
    return each if each > 1 else 0


def grid(text: str, batch: Sequence[Quantity], times: Times, subjects: int) -> list[tuple[int, Time]]:
    """(number of the subject, time) of each number of 2025年、2030年，甲、乙分别达到60%、40%和65%、45%.

    和 shows the rows; where nothing does, or both lists are as long, the list named first makes them.
    """
    size = _row(text, batch)
    by_time = times[0].start < batch[0].start and not _subjects_lead(text, batch[0], times)
    if size == subjects and size != len(times):
        by_time = True
    elif size == len(times) and size != subjects:
        by_time = False
    if by_time:
        return [(k % subjects, times[k // subjects]) for k in range(len(batch))]
    return [(k // len(times), times[k % len(times)]) for k in range(len(batch))]


def _row(text: str, batch: Sequence[Quantity]) -> int:
    """The length of the rows that 和 or a comma makes of a list; 0 for none or unequal ones."""
    ends = [k for k in range(1, len(batch)) if _MAJOR.search(text[batch[k - 1].end : batch[k].start])]
    rows = [b - a for a, b in zip([0, *ends], [*ends, len(batch)], strict=True)]
    return rows[0] if ends and len(set(rows)) == 1 else 0


def _subjects_lead(text: str, first: Quantity, times: Times) -> bool:
    """Whether the years stand directly before the numbers: 甲、乙2025年、2030年分别达到."""
    return len(text[times[-1].end : first.cue_start].strip("，, 　")) <= len("分别提高到")
