"""How sure each field of a row is, and why a person should look.

A field has marks: the rules that found it and the doubts that apply to it
(rules/confidence.toml). It is as sure as the weakest of them. How often a mark was
right on annotated texts stands in rules/reliability.toml, which `make quality
UPDATE=1` counts; a mark that no annotation has met has the share of its field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from math import prod
from typing import Any

from pipeline.assemble.tasks import Task
from pipeline.assemble.work import Row
from pipeline.model import Text
from pipeline.rules import load, rules

_LONG_ACTION, _LONG_INDICATOR = 120, 16  # characters: longer ones say more than one thing
_SHORT_INDICATOR = 2  # shorter ones are part of a word or of a list

Reliability = Mapping[str, Mapping[str, Any]]  # field → base, marks → [right, seen]


#: A field of a row with its marks: row, field, column where its confidence goes, marks.
Marked = tuple[Row, str, str, tuple[str, ...]]


@cache
def _settings() -> Mapping[str, Any]:
    return load("confidence")


@cache
def _asking() -> frozenset[str]:
    """Doubts that ask for a person whatever the figures say."""
    return frozenset(r["id"] for r in rules("confidence") if r["review"])


@cache
def _body() -> re.Pattern[str]:
    """Words that a body is known by."""
    return re.compile(next(r["pattern"] for r in rules("confidence") if "pattern" in r))


def share(reliability: Reliability, field: str, mark: str) -> float:
    """How often the field was right where it had the mark; the fewer cases, the nearer to the field's base."""
    learned = reliability[field]
    right, seen = learned["marks"].get(mark, (0.0, 0.0))
    weight = _settings()["prior"]
    return float((right + weight * learned["base"]) / (seen + weight))


def sure(reliability: Reliability, field: str, marks: Sequence[str]) -> tuple[float, str]:
    """(how sure the field is, its weakest mark)."""
    return min(((share(reliability, field, mark), mark) for mark in marks), default=(share(reliability, field, ""), ""))


def asks(value: float, marks: Sequence[str]) -> list[str]:
    """The doubts for which a person should look; [""] where it is only the figure that asks."""
    return [m for m in marks if m in _asking()] or ([""] if value < _settings()["review_below"] else [])


def marked(rows: Mapping[str, Sequence[Row]]) -> list[Marked]:
    """The fields of the rows of one measure with their marks."""
    out: list[Marked] = []
    for row in rows["responsibilities"]:
        out.append((row, "owner", "confidence", _owner_marks(_rules(row, "name"), row["match"], row["inherited"])))
    for row in rows["deadlines"]:
        out.append((row, "due", "confidence", _due_marks(row, row["basis"])))
    basis = {row["printed"]: row["basis"] for row in rows["deadlines"]}
    tasks = {row["task_id"]: row for row in rows["tasks"]}
    for row in rows["targets"]:
        out.extend(_of_target(row, tasks.get(row["task_id"]), basis))
    for row in rows["tasks"]:
        marks = _rules(row, "action")
        long = len(row["action"]) > _LONG_ACTION
        out.append((row, "action", "confidence_action", (*marks, "confidence.long_action") if long else marks))
        if not any(_owners(row)):
            doubt = "confidence.body_unread" if _body().search(row["text"]) else "confidence.no_owner"
            out.append((row, "owner", "confidence_owners", (doubt,)))
        if row["deadline"]:
            marks = (*_due_marks(row, basis.get(row["deadline"])), *_carried(row))
            out.append((row, "due", "confidence_due", marks))
    return out


def _owners(task: Row) -> tuple[list[str], ...]:
    return task["lead"], task["responsible"], task["support"], task["implement"]


def _rules(row: Row, field: str) -> tuple[str, ...]:
    return tuple([r["rule"] for r in row["rules"] if r["field"] == field])


@cache
def _owner_marks(found: tuple[str, ...], match: str, inherited: bool) -> tuple[str, ...]:
    marks = [*found]
    if match in ("unknown", "corrected"):
        marks.append(f"confidence.owner_{match}")
    if inherited:
        marks.append("confidence.owner_inherited")
    return tuple(marks)


def _due_marks(row: Row, basis: str | None) -> tuple[str, ...]:
    marks = _rules(row, "due_on")
    if basis in ("year_inferred", "relative"):
        marks = (*marks, f"confidence.{basis}")
    if not (row["due_on"] or row["starts_on"] or row["recurrence"]):
        marks = (*marks, "confidence.due_unknown")
    return marks


def _carried(task: Row) -> tuple[str, ...]:
    carried = task["deadline"] and task["deadline"] not in task["quote"]
    return ("confidence.time_carried",) if carried else ()


def _indicator_marks(name: str) -> tuple[str, ...]:
    marks = []
    if len(name) < _SHORT_INDICATOR:
        marks.append("confidence.short_indicator" if name else "confidence.no_indicator")
    if len(name) > _LONG_INDICATOR:
        marks.append("confidence.long_indicator")
    if any(map(str.isdigit, name)):
        marks.append("confidence.number_in_indicator")
    return tuple(marks)


def _of_target(row: Row, task: Row | None, basis: Mapping[str, str]) -> tuple[Marked, ...]:
    found: dict[str, tuple[str, ...]] = {}
    for r in row["rules"]:
        found[r["field"]] = (*found.get(r["field"], ()), r["rule"])
    due: tuple[str, ...]
    if row["due_on"]:
        due = _due_marks(row, basis.get(task["deadline"] or "") if task else None) + (_carried(task) if task else ())
    else:
        due = ("confidence.undated" if row["kind"] == "goal" else "confidence.timeless",)
    named = found.get("indicator", ()) + _indicator_marks(row["indicator"] or "")
    return (
        (row, "value", "confidence_value", found.get("quantity", ()) + found.get("unit", ())),
        (row, "op", "confidence_op", found.get("op", ("confidence.no_comparator",))),
        (row, "due", "confidence_due", due),
        (row, "kind", "confidence_kind", found.get("kind", ())),
        (row, "indicator", "confidence_indicator", named),
    )


@cache
def _assessed(field: str, marks: tuple[str, ...]) -> tuple[float, tuple[str, ...]]:
    """(confidence, reasons to look) of a field with these marks; few combinations occur."""
    value, weakest = sure(load("reliability"), field, marks)
    asking = (mark or weakest for mark in asks(value, marks))
    return round(value, 4), tuple(f"{field}: {mark.removeprefix('confidence.')}" for mark in asking)


def assess(rows: Mapping[str, Sequence[Row]]) -> None:
    """Enters the columns of confidence, `review` and `reasons` in the rows of one measure."""
    doubts: dict[int, list[str]] = {}
    for row, field, column, marks in marked(rows):
        row[column], why = _assessed(field, marks)
        if why:
            doubts.setdefault(id(row), []).extend(why)
    targets, held = {row["target_id"]: row for row in rows["targets"]}, rows["responsibilities"]
    named: tuple[list[str], ...] = ()
    owners: list[Row] = []
    for task in rows["tasks"]:
        if named != (now := _owners(task)):  # most tasks of a measure have the same
            named, owners = now, [r for r in held if r["name"] in task[r["role"]]]
        numbers = [targets[t["target_id"]] for t in task["targets"] if t["target_id"]]
        _sum_up(task, owners, numbers)
        reasons = [why for row in (task, *owners, *numbers) for why in doubts.get(id(row), ())] if doubts else []
        task["reasons"] = list(dict.fromkeys(reasons))
        task["review"] = bool(reasons)


_OF_TASK = ("confidence_action", "confidence_owners", "confidence_due", "confidence_targets")
_OF_TARGET = ("confidence_value", "confidence_op", "confidence_due", "confidence_kind", "confidence_indicator")


def _sum_up(task: Row, owners: Sequence[Row], numbers: Sequence[Row]) -> None:
    """A task's owners and numbers are as sure as the least sure of them, the task as all its fields together."""
    if owners:
        task["confidence_owners"] = min([r["confidence"] for r in owners])
    if numbers:
        task["confidence_targets"] = round(min(prod(row[c] for c in _OF_TARGET) for row in numbers), 4)
    parts = [task.get(column) for column in _OF_TASK]
    task["confidence"] = round(prod([p for p in parts if p is not None]), 4)


def enter_recognition(text: Text, task: Task, row: Row) -> None:
    """Words recognised in a picture: a task is no surer than they are; a doubtful number or time asks for a look."""
    if not text.doubts:
        return
    words = text.sureness(task.start, task.end)
    values = [(t.quantity.start, t.quantity.end) for t in task.targets]
    values += [(task.time.start, task.time.end)] if task.time else []
    at_values = min((text.sureness(*span) for span in values), default=1.0)
    row["confidence"] = round(row["confidence"] * min(words, at_values), 4)
    if at_values < 1 or words < _settings()["recognised_below"]:
        row["reasons"] = [*row["reasons"], "recognition"]
        row["review"] = True
