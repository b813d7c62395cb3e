"""How sure a task is, and why a person should look (rules/confidence.toml)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pipeline.assemble.tasks import Task
from pipeline.model import Responsibility, Text
from pipeline.rules import rules


@cache
def _weights() -> dict[str, dict[str, Any]]:
    return {r["id"].partition(".")[2]: r for r in rules("confidence")}


def _doubts(task: Task, owners: Sequence[Responsibility]) -> list[str]:
    time = task.time
    tests = {
        "year_inferred": time is not None and time.basis == "year_inferred",
        "due_unknown": time is not None and time.due_on is None and time.recurrence is None,
        "time_carried": time is not None and not task.own_time,
        "relative": time is not None and time.basis == "relative",
        "owner_unknown": any(r.match == "unknown" for r in owners),
        "owner_corrected": any(r.match == "corrected" for r in owners),
        "no_owner": not owners,
        "kind_by_default": any(("kind", "kind.fact.other") in t.rules for t in task.targets),
        "no_indicator": any(not t.indicator for t in task.targets),
        "long_action": len(task.action) > 120,
        "by_duty": ("action", "action.duty") in task.rules,
    }
    return [name for name, holds in tests.items() if holds]


def _recognition(text: Text, task: Task) -> tuple[float, bool]:
    """How sure the words of a task were recognised in a picture, and whether its number or time was not quite sure."""
    values = [(t.quantity.start, t.quantity.end) for t in task.targets]
    values += [(task.time.start, task.time.end)] if task.time else []
    at_values = min((text.sureness(*span) for span in values), default=1.0)
    words = text.sureness(task.start, task.end)
    return min(words, at_values), at_values < 1 or words < float(_weights()["recognition"]["looked_at_below"])


def confidence(text: Text, task: Task, owners: Sequence[Responsibility]) -> tuple[float, list[str]]:
    """(0 to 1, reasons for review). Every doubt takes its share; some ask for a look."""
    recognised, is_doubtful = _recognition(text, task)
    sure, reasons = 0.98 * recognised, ["recognition"] if is_doubtful else []
    for doubt in _doubts(task, owners):
        rule = _weights()[doubt]
        sure *= rule["keeps"]
        if rule["review"]:
            reasons.append(doubt)
    return round(sure, 4), reasons
