"""Which task of one version is which of another.

An id names a task by its number in its measure, so a task put in before it gives it another. What it is told by is its
evidence: its words and the measure they stand in. An id settles what that leaves open, and never overrules it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from pipeline.releases.dataset import FIELDS, Row

_SAME_ID = 0.5  # how alike the words of a task must be that has kept its id
_SAME_MEASURE = 0.6  # and of one that has only stayed in its measure
_MANY = 400  # pairs of one group that are all compared


@dataclass
class Matched:
    """Pairs of one task in both versions, and the tasks that only one of them has."""

    pairs: list[tuple[Row, Row]] = field(default_factory=list)
    before: list[Row] = field(default_factory=list)
    after: list[Row] = field(default_factory=list)


def matched(before: Sequence[Row], after: Sequence[Row]) -> Matched:
    """The tasks of one issue in two versions, each at most once; in the order given."""
    found = Matched([], list(before), list(after))
    _by(found, lambda t: (t["quote"], t["text"], t["measure_words"]))  # the same words in the same measure
    _by(found, lambda t: (t["quote"], t["text"], t["measure_title"]))  # the measure has got or lost other words
    _by(found, lambda t: (t["quote"], t["text"]))  # it stands in another measure
    _alike(found, lambda t: t["task_id"], _SAME_ID)
    _alike(found, lambda t: t["measure_title"] or t["measure_id"], _SAME_MEASURE)
    found.pairs.sort(key=lambda pair: (pair[1]["char_start"], pair[1]["ordinal"]))
    return found


def _by(found: Matched, key: Callable[[Row], Hashable]) -> None:
    """Pair what has the same key; among several the most equal, then the same id, then the nearest number."""
    for before, after in _groups(found, key):
        _take(found, before, after, _likest)


def _alike(found: Matched, key: Callable[[Row], Hashable], least: float) -> None:
    """Pair what has the same key and words that are alike, the likest first."""

    def likeness(a: Row, b: Row) -> tuple[float, ...] | None:
        words = SequenceMatcher(None, a["text"], b["text"], autojunk=False)
        if words.real_quick_ratio() < least or words.quick_ratio() < least:
            return None
        ratio = words.ratio()
        return (ratio, *_likest(a, b)) if ratio >= least else None

    for before, after in _groups(found, key):
        _take(found, before, after, likeness)


def _likest(a: Row, b: Row) -> tuple[float, ...]:
    equal = sum(a[column] == b[column] for column in FIELDS)
    return (equal, a["task_id"] == b["task_id"], -abs(a["ordinal"] - b["ordinal"]))


def _groups(found: Matched, key: Callable[[Row], Hashable]) -> Iterable[tuple[list[Row], list[Row]]]:
    groups: defaultdict[Hashable, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((found.before, found.after)):
        for row in rows:
            groups[key(row)][side].append(row)
    return [both for both in groups.values() if all(both)]


def _take(
    found: Matched, before: list[Row], after: list[Row], score: Callable[[Row, Row], tuple[float, ...] | None]
) -> None:
    scored = []
    for m, a in enumerate(before):
        near = range(len(after)) if len(before) * len(after) <= _MANY else range(max(0, m - 9), min(m + 10, len(after)))
        for n in near:
            value = score(a, after[n])
            if value is not None:
                scored.append((value, -m, -n))
    used: tuple[set[int], set[int]] = (set(), set())
    for _, m, n in sorted(scored, reverse=True):
        if -m not in used[0] and -n not in used[1]:
            used[0].add(-m)
            used[1].add(-n)
            found.pairs.append((before[-m], after[-n]))
    _leave(found.before, [before[m] for m in used[0]])
    _leave(found.after, [after[n] for n in used[1]])


def _leave(rows: list[Row], taken: list[Row]) -> None:
    ids = {id(row) for row in taken}
    rows[:] = [row for row in rows if id(row) not in ids]
