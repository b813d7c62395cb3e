"""Rows of tables of work against the paragraphs that they repeat: which one, and where they differ.

Works on rows of `tasks` and `measures` as published.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Row = Mapping[str, Any]
_SURE = 0.65  # part of the words of a row that its measure holds
_TASK = 0.5  # of the words of the shorter
_AHEAD = 0.1  # by which the best is better than the next
_FEWEST = 4  # pairs of characters; less is no sentence
_WORD = re.compile(r"[\w%]")


@lru_cache(maxsize=1024)
def _pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters, signs and blanks left out."""
    bare = "".join(_WORD.findall(text))
    return frozenset(bare[i : i + 2] for i in range(len(bare) - 1))


@dataclass(frozen=True, slots=True)
class _Match:
    score: float
    row: Row


def link(tasks: list[dict[str, Any]], measures: Sequence[Row], documents: Sequence[Row]) -> None:
    """Set repeats_measure_id and repeats_task_id of the rows of tables (rule table_work.repeats)."""
    rows = [t for t in tasks if t.get("table_id")]
    if not rows:
        return
    tabled = {t["measure_id"] for t in rows}
    groups = _kin(documents)
    by_group: defaultdict[str, list[Row]] = defaultdict(list)
    for m in measures:
        if m["measure_id"] not in tabled:
            by_group[groups[m["document_id"]]].append(m)
    of_measure: defaultdict[str, list[Row]] = defaultdict(list)
    for t in tasks:
        if not t.get("table_id"):
            of_measure[t["measure_id"]].append(t)
    index = {g: _Index(ms) for g, ms in by_group.items()}
    for row in rows:
        found = index.get(groups[row["document_id"]])
        measure = found.measure(row["text"]) if found else None
        task = _task(row, of_measure[measure["measure_id"]]) if measure else None
        row["repeats_measure_id"] = measure["measure_id"] if measure else None
        row["repeats_task_id"] = task["task_id"] if task else None


def _kin(documents: Sequence[Row]) -> dict[str, str]:
    """Documents of one notice: they share the number under which they were issued."""
    first: dict[Any, str] = {}
    return {
        d["document_id"]: first.setdefault(d["doc_number"] or d["document_id"], d["document_id"]) for d in documents
    }


class _Index:
    """Measures by the pairs of characters in them."""

    def __init__(self, measures: Sequence[Row]) -> None:
        self._measures = measures
        self._titles = [_pairs(m["title"] or "") for m in measures]
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        for i, m in enumerate(measures):
            for pair in _pairs(m["text"]):
                self._holders[pair].append(i)

    def measure(self, text: str) -> Row | None:
        """The one measure that surely says what `text` says."""
        pairs = _pairs(text)
        if len(pairs) < _FEWEST:
            return None
        shared = Counter(i for pair in pairs for i in self._holders.get(pair, ()))
        found = sorted((self._score(i, n, pairs) for i, n in shared.items()), key=lambda f: -f.score)
        if not found or found[0].score < _SURE:
            return None
        clear = len(found) == 1 or found[0].score - found[1].score >= _AHEAD
        return found[0].row if clear else None

    def _score(self, i: int, shared: int, pairs: frozenset[str]) -> _Match:
        """Part of the words that the measure holds, and a little for a title that is in them."""
        title = self._titles[i]
        named = len(title & pairs) / len(title) if len(title) >= _FEWEST else 0.0
        return _Match(shared / len(pairs) + 0.2 * named, self._measures[i])


def _task(row: Row, tasks: Sequence[Row]) -> Row | None:
    """The task of a measure that is most like the row; of a list of years, that of the row's."""
    scored = [(t, _likeness(row["text"], t["text"])) for t in tasks]
    best = max((s for _, s in scored), default=0.0)
    if best < _TASK:
        return None
    alike = [t for t, s in scored if s == best]
    return next((t for t in alike if t["due_on"] == row["due_on"]), alike[0])


def _likeness(a: str, b: str) -> float:
    """Part of the shorter text's pairs in the longer; two long texts that share little are not alike."""
    one, two = _pairs(a), _pairs(b)
    short = min(len(one), len(two))
    if short < _FEWEST:
        return 0.0
    both = len(one & two)
    return 0.7 * both / short + 0.6 * both / (len(one) + len(two))
