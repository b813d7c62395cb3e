"""What is different between two datasets, task by task and column by column, and where it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.releases.dataset import FIELDS, Dataset, Row
from pipeline.releases.matching import matched

CAUSES = ("source", "rules", "correction")
CHANGES = ("added", "changed", "withdrawn")
_EVIDENCE = ("task_id", "issue_id", "quote", "char_start", "char_end", "corrected_by")
_SOURCE = ("source_sha256", "parser_version")
_NONE: Mapping[str, Any] = {}


def changes(before: Dataset, after: Dataset) -> list[Row]:
    """Rows of the table `changes`, by cause, then in the order of issues and of their texts."""
    found = [row for a, b in pairs(before, after) for row in _of_issue(before, after, a, b)]
    found.sort(key=lambda row: CAUSES.index(row["cause"]))  # stable: issues and places stay in their order
    return found


def pairs(before: Dataset, after: Dataset) -> list[tuple[str | None, str | None]]:
    """Issues of both: of the same bytes, else of the same id; null on the side that does not have it."""
    by_source = {row["source_sha256"]: issue for issue, row in before.issues.items()}
    found: dict[str, str | None] = {}
    for issue, row in after.issues.items():
        found[issue] = by_source.get(row["source_sha256"])
    taken = set(found.values())
    found |= {i: i for i, other in found.items() if other is None and i in before.issues and i not in taken}
    gone = sorted(set(before.issues) - set(found.values()))
    return [*((found[issue], issue) for issue in sorted(found)), *((issue, None) for issue in gone)]


def _of_issue(before: Dataset, after: Dataset, a: str | None, b: str | None) -> Iterator[Row]:
    if a is not None and a == b and before.slice_of(a).equals(after.slice_of(b)):
        return
    old, new = before.tasks(a) if a else [], after.tasks(b) if b else []
    both = matched(old, new)
    side = _Sides(before, after, before.issues[a] if a else _NONE, after.issues[b] if b else _NONE)
    for task, other in both.pairs:
        for field in FIELDS:
            if task[field] != other[field]:
                yield side.row("changed", task, other, field)
    for other in both.after:
        yield side.row("added", None, other)
    for task in both.before:
        yield side.row("withdrawn", task, None)


class _Sides:
    """Both versions of an issue: makes rows, and says where a change comes from."""

    def __init__(self, before: Dataset, after: Dataset, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self.before, self.after, self.old, self.new = before, after, old, new
        self.same_bytes = bool(old) and old.get("source_sha256") == new.get("source_sha256")
        self.same_parser = old.get("parser_version") == new.get("parser_version")

    def row(self, change: str, task: Row | None, other: Row | None, field: str | None = None) -> Row:
        """A row of the table."""
        column = field or "action"
        sides = (("before", task, self.old), ("after", other, self.new))
        return {
            "release": self.after.name,
            "previous": self.before.name,
            "cause": self._cause(task, other),
            "change": change,
            "field": field,
            **{side: shown(one[column]) if one else None for side, one, _ in sides},
            **{f"{name}_{side}": one[name] if one else None for name in _EVIDENCE for side, one, _ in sides},
            **{f"{name}_{side}": issue.get(name) for name in _SOURCE for side, _, issue in sides},
        }

    def _cause(self, task: Row | None, other: Row | None) -> str:
        if self._by_correction(task, other):
            return "correction"
        return "rules" if self.same_bytes else "source"

    def _by_correction(self, task: Row | None, other: Row | None) -> bool:
        old, new = (one["corrected_by"] if one else None for one in (task, other))
        if task and other:
            if old == new:  # the same one, with another value now
                return old is not None and self.same_bytes and self.same_parser
            return new is not None or self.same_bytes
        if other:  # a reviewer wrote it, or takes back that it is wrong
            return _written(other) or self._taken_out(self.before, other, self.after)
        return task is not None and (_written(task) or self._taken_out(self.after, task, self.before))

    def _taken_out(self, here: Dataset, task: Row, there: Dataset) -> bool:
        """Whether one side has a task of these words among its wrong rows, and the other has not."""
        rows = {(side.get("issue_id"), task["quote"]) for side in (self.old, self.new)}
        return not rows.isdisjoint(here.withdrawn) and rows.isdisjoint(there.withdrawn)


def _written(task: Row) -> bool:
    """Whether a correction added the task: its id says so."""
    return task["corrected_by"] is not None and str(task["task_id"]).rpartition("#")[2].startswith("c")


def shown(value: Any) -> str | None:
    """A value as text: names joined by 、, numbers and their meaning as JSON."""
    if value is None or value == []:
        return None
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "、".join(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    if isinstance(value, bool):
        return str(value).lower()
    return str(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        text = format(value, "f")
        return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
    return value.isoformat() if isinstance(value, date) else str(value)
