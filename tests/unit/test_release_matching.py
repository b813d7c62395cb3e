"""Which task of one version is which of another: a table of cases."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.releases.dataset import FIELDS
from pipeline.releases.matching import matched

CLEAN = "2026年6月底前，完成河道清淤12公里"
PIPES = "建成截污管网30公里"
PATROL = "定期巡查闸门"
TWICE = "2025年、2026年分别完成清淤12公里、15公里"


def task(n: int, words: str, measure: str = "整治河道", **more: Any) -> dict[str, Any]:
    row = dict.fromkeys(FIELDS)
    return {
        **row,
        "task_id": f"x/1/1#{n}",
        "measure_id": "x/1/1",
        "issue_id": "x",
        "ordinal": n,
        "char_start": n * 100,
        "char_end": n * 100 + len(words),
        "quote": words,
        "text": words,
        "corrected_by": None,
        "measure_title": measure,
        "measure_words": measure,
        **more,
    }


LONGER = CLEAN.replace("12", "15")
RENAMED = task(1, CLEAN, "疏浚河道", measure_id="x/1/2", task_id="x/1/2#1")
Tasks = list[dict[str, Any]]

#: before, after, pairs by position, reason
CASES: list[tuple[Tasks, Tasks, set[tuple[int, int]], str]] = [
    ([task(1, CLEAN)], [task(1, CLEAN)], {(0, 0)}, "the same"),
    (
        [task(1, CLEAN), task(2, PIPES)],
        [task(1, PATROL), task(2, CLEAN), task(3, PIPES)],
        {(0, 1), (1, 2)},
        "one put in before: all ids move on",
    ),
    ([task(1, CLEAN), task(2, PIPES)], [task(1, PIPES)], {(1, 0)}, "the first withdrawn: its id is another's now"),
    ([task(1, CLEAN), task(2, PIPES)], [task(1, PIPES), task(2, CLEAN)], {(0, 1), (1, 0)}, "the order changed"),
    ([task(1, CLEAN)], [task(1, CLEAN, action="清淤")], {(0, 0)}, "a column changed"),
    ([task(1, CLEAN)], [task(1, LONGER)], {(0, 0)}, "the words changed, the id stayed"),
    (
        [task(1, CLEAN), task(2, PIPES)],
        [task(2, LONGER), task(3, PIPES)],
        {(0, 0), (1, 1)},
        "words and id changed, the measure stayed",
    ),
    ([task(1, CLEAN)], [task(1, PATROL)], set(), "an id alone names nothing"),
    ([task(1, CLEAN)], [RENAMED], {(0, 0)}, "the measure was renamed"),
    ([task(1, CLEAN, measure_words="a")], [task(1, CLEAN, measure_words="b")], {(0, 0)}, "the measure has grown"),
    (
        [task(1, TWICE, due_on="2025"), task(2, TWICE, due_on="2026")],
        [task(1, PATROL), task(2, TWICE, due_on="2025"), task(3, TWICE, due_on="2026")],
        {(0, 1), (1, 2)},
        "two tasks of one clause, by what they say",
    ),
    (
        [task(1, TWICE, due_on="2025"), task(2, TWICE, due_on="2026")],
        [task(1, TWICE, due_on="2026")],
        {(1, 0)},
        "one of both withdrawn, the other has its id",
    ),
    (
        [task(1, TWICE, due_on="2025"), task(2, TWICE, due_on="2025")],
        [task(1, TWICE, due_on="2025"), task(2, TWICE, due_on="2025")],
        {(0, 0), (1, 1)},
        "alike in all: by id",
    ),
    (
        [task(1, PATROL, "甲"), task(2, PATROL, "乙")],
        [task(1, PATROL, "乙"), task(2, PATROL, "甲")],
        {(0, 1), (1, 0)},
        "the same words in two measures",
    ),
    ([], [task(1, CLEAN)], set(), "nothing before"),
    ([task(1, CLEAN)], [], set(), "nothing after"),
]


@pytest.mark.parametrize(("before", "after", "expected", "reason"), CASES, ids=[c[3] for c in CASES])
def test_matched(
    before: list[dict[str, Any]], after: list[dict[str, Any]], expected: set[tuple[int, int]], reason: str
) -> None:
    found = matched(before, after)
    assert {(before.index(a), after.index(b)) for a, b in found.pairs} == expected
    assert [before.index(t) for t in found.before] == [n for n in range(len(before)) if n not in dict(expected)]
    assert [t for t in found.after if t in [b for _, b in found.pairs]] == []
    assert len(found.pairs) + len(found.after) == len(after)


def test_many_tasks_of_one_wording() -> None:
    """A stock phrase in every measure: quick, and each to its own."""
    before = [task(n, PATROL, due_on=str(n)) for n in range(1, 2001)]
    after = [task(n, PATROL, due_on=str(n - 1)) for n in range(1, 2002)]
    found = matched(before, after)
    assert len(found.pairs) == 2000
    assert sum(a["due_on"] == b["due_on"] for a, b in found.pairs) == 2000
