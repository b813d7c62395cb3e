"""A row that a reviewer has written, where the parser gave none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.corrections import bodies, edits
from pipeline.corrections.columns import OWNERS
from pipeline.corrections.draft import MOMENT, TIME, Draft, has_time, mark
from pipeline.corrections.edits import UnfitError
from pipeline.corrections.line import Correction
from pipeline.corrections.match import KEYS, Row

_NOTHING: Mapping[str, Any] = {}


def add(draft: Draft, correction: Correction, start: int) -> Row:
    """The new row, entered with all that repeats it. UnfitError where there can be none."""
    by, name, end = correction.id, correction.table, start + len(correction.quote)
    measure = draft.measure_at(start, end)
    if measure is None:
        raise UnfitError("the words stand in no measure")
    row = {
        KEYS[name]: _id(name, measure["measure_id"], by),
        "measure_id": measure["measure_id"],
        "issue_id": draft.issue_id,
        **draft.grounded(start, end),
        "rules": [],
        "corrected_by": by,
    }
    row |= _ADD[name](draft, row, measure, correction.values)
    edits.refuse(draft, name, row)
    draft.insert(name, row)
    _ENTER[name](draft, row, by)
    edits.vouched(name, row)
    return row


def _id(name: str, measure_id: str, by: str) -> str:
    """Made from the evidence: the same in every run, and of no number that the parser gives."""
    return f"{measure_id}#{by}" if name == "tasks" else f"{measure_id}~{by}"


# --- its columns ------------------------------------------------------------------------


def _task(draft: Draft, row: Row, measure: Row, values: Mapping[str, Any]) -> Row:
    siblings = draft.of_measure("tasks", measure["measure_id"])
    return {
        "document_id": measure["document_id"],
        "ordinal": max((t["ordinal"] for t in siblings), default=0) + 1,
        "text": row["quote"],
        "boilerplate": False,
        **dict.fromkeys(MOMENT),
        **_owners(draft, measure, values),
        "targets": [],
        "target": None,
        **{c: v for c, v in values.items() if c not in OWNERS},
    }


def _owners(draft: Draft, measure: Row, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Empty where any is given (they are entered by name), else those of the whole measure."""
    found: dict[str, list[str]] = {role: [] for role in OWNERS}
    if not any(values.get(role) for role in OWNERS):
        for held in draft.of_measure("responsibilities", measure["measure_id"]):
            if held.get("task_id") is None and held["name"] not in found[held["role"]]:
                found[held["role"]].append(held["name"])
    return found | {role: list(values[role]) for role in OWNERS if values.get(role)}


def _task_id(draft: Draft, row: Row, values: Mapping[str, Any]) -> str | None:
    """The task that is given, else the only task of the text that holds the words."""
    if values.get("task_id") is not None:
        return str(values["task_id"])
    tasks = (t for t in draft.of_measure("tasks", row["measure_id"]) if t.get("table_id") is None)
    held = [t for t in tasks if t["char_start"] <= row["char_start"] and row["char_end"] <= t["char_end"]]
    return held[0]["task_id"] if len(held) == 1 else None


def _deadline(draft: Draft, row: Row, measure: Row, values: Mapping[str, Any]) -> Row:
    task = draft.task(_task_id(draft, row, values)) or _NOTHING
    made = {"printed": row["quote"], "basis": "explicit", "action": task.get("action"), **dict.fromkeys(MOMENT)}
    return {**made, "confidence": 1.0, **values, "task_id": task.get("task_id") or values.get("task_id")}


def _target(draft: Draft, row: Row, measure: Row, values: Mapping[str, Any]) -> Row:
    task_id = _task_id(draft, row, values)
    task = draft.task(task_id) or _NOTHING
    sure = dict.fromkeys((f"confidence_{c}" for c in ("value", "op", "due", "kind", "indicator")), 1.0)
    soft = values["op"] == "~" or values.get("modality") in ("strive", "in_principle")
    made = {"printed": row["quote"], "high": values["low"], "soft": soft, "change": "level", "form": "level"}
    time = {column: task.get(column) for column in MOMENT}
    return {**made, "indicator": None, "scope": None, **time, **sure, **values, "task_id": task_id}


def _responsibility(draft: Draft, row: Row, measure: Row, values: Mapping[str, Any]) -> Row:
    body = bodies.named(draft, values["name"], measure["measure_id"])
    made = {"printed": row["quote"], "inherited": False, "confidence": 1.0, "task_id": None}
    return {**made, **values, **body}


_ADD = {"tasks": _task, "deadlines": _deadline, "targets": _target, "responsibilities": _responsibility}


# --- the rows that repeat them ------------------------------------------------------------


def _enter_task(draft: Draft, row: Row, by: str) -> None:
    """Its time and owners get rows of their own; numbers inside it that had no task are its."""
    named = {role: list(row[role]) for role in OWNERS}
    edits.engage(draft, row, named, by)
    for target in draft.of_measure("targets", row["measure_id"]):
        inside = row["char_start"] <= target["char_start"] and target["char_end"] <= row["char_end"]
        if inside and target.get("task_id") is None:
            target["task_id"] = row["task_id"]
            mark([target], by)
            draft.list_target(row, target)
    if has_time(row):
        edits.retime(draft, {**row, **dict.fromkeys(MOMENT)}, row, by)


def _enter_deadline(draft: Draft, row: Row, by: str) -> None:
    """Its task gets its time where it had none."""
    task = draft.task(row["task_id"])
    if task is None or has_time(task) or task.get("table_id") is not None:
        return
    before = dict(task)
    task.update({ours: row.get(theirs) for ours, theirs in TIME.items()}, deadline=row["printed"])
    task["confidence_due"] = 1.0
    mark([task], by)
    edits.retime_targets(draft, before, task, by)


def _enter_target(draft: Draft, row: Row, by: str) -> None:
    task = draft.task(row["task_id"])
    if task is not None:
        draft.list_target(task, row)
        mark([task], by)
    draft.renumber_series(row["measure_id"])


def _enter_responsibility(draft: Draft, row: Row, by: str) -> None:
    """The lists of its task; without one, of all tasks of the measure that name nobody for themselves."""
    rows = draft.of_measure("responsibilities", row["measure_id"])
    named = {r["task_id"] for r in rows if r.get("task_id") is not None and r is not row}
    for task in draft.of_measure("tasks", row["measure_id"]):
        general = row["task_id"] is None and (task["task_id"] not in named or row["role"] == "implement")
        held = task.get("table_id") is None and (general or task["task_id"] == row["task_id"])
        if held and row["name"] not in task[row["role"]]:
            task[row["role"]] = [*task[row["role"]], row["name"]]
            mark([task], by)


_ENTER = {
    "tasks": _enter_task,
    "deadlines": _enter_deadline,
    "targets": _enter_target,
    "responsibilities": _enter_responsibility,
}
