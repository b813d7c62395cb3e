"""How sure a field is, and when a person should look."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pipeline import parse
from pipeline.assemble.confidence import asks, share, sure
from pipeline.rules import rules

LEARNED = {"kind": {"base": 0.9, "marks": {"good": [100, 100], "bad": [2, 10], "rare": [0, 1]}}}
HEAD = "云海市人民政府关于印发云海市绿色港城行动方案的通知\n云海政〔2031〕3号\n各县（区）人民政府：\n"
DATE = "2031年3月1日\n云海市绿色港城行动方案\n一、重点任务\n"


def records(item: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of a notice of an invented city with one item."""
    return parse((HEAD + DATE + f"（一）推进港区整治。{item}\n").encode(), name="notice.txt").records


def test_the_weakest_mark_counts() -> None:
    assert sure(LEARNED, "kind", ("good", "bad")) == (share(LEARNED, "kind", "bad"), "bad")


def test_rare_marks_are_drawn_to_the_base_and_unknown_ones_have_it() -> None:
    assert share(LEARNED, "kind", "never seen") == pytest.approx(0.9)
    assert sure(LEARNED, "kind", ()) == (pytest.approx(0.9), "")
    assert 0.2 < share(LEARNED, "kind", "bad") < share(LEARNED, "kind", "rare") < 0.9


def test_what_asks_for_a_person() -> None:
    assert asks(0.99, ("good",)) == []
    assert asks(0.5, ("good",)) == [""], "a low figure asks by itself"
    assert asks(0.99, ("good", "confidence.owner_unknown")) == ["confidence.owner_unknown"], "some doubts always do"


FIELDS = {
    "targets": ("value", "op", "due", "kind", "indicator"),
    "tasks": ("action", "owners", "due", "targets"),
}


def test_every_field_has_a_confidence() -> None:
    rows = records("2031年10月底前，市住房和城乡建设局牵头新建泊位20个。")
    for table, names in FIELDS.items():
        for row in rows[table]:
            assert all(0 < row[f"confidence_{name}"] <= 1 for name in names), table
    for table in ("deadlines", "responsibilities"):
        assert all(0 < row["confidence"] <= 1 for row in rows[table]), table
    task = rows["tasks"][0]
    product = (
        task["confidence_action"] * task["confidence_owners"] * task["confidence_due"] * task["confidence_targets"]
    )
    assert task["confidence"] == pytest.approx(product, abs=1e-3)


def test_fields_that_a_task_lacks_have_none() -> None:
    task = records("推进码头岸电改造。")["tasks"][0]
    assert "confidence_due" not in task and "confidence_targets" not in task
    assert task["confidence_owners"] > 0.5, "how sure it is that nobody is named"


def test_reasons_name_field_and_doubt() -> None:
    tasks = records("完善港区智慧调度体系。（责任单位：市潮汐某某专班）")["tasks"]
    assert all(t["review"] == bool(t["reasons"]) for t in tasks)
    assert any("owner: owner_unknown" in t["reasons"] for t in tasks)


BODY = next(r for r in rules("confidence") if "pattern" in r)


@pytest.mark.parametrize("text", BODY["examples"])
def test_words_that_name_a_body(text: str) -> None:
    assert re.search(BODY["pattern"], text)


@pytest.mark.parametrize("text", BODY["counter_examples"])
def test_words_that_name_none(text: str) -> None:
    assert not re.search(BODY["pattern"], text)
