"""Taking a row out, with what hangs on it and what repeats it."""

from __future__ import annotations

from pipeline.corrections import bodies
from pipeline.corrections.draft import TIME, Draft, mark, same_time
from pipeline.corrections.edits import others, own, retime_targets, tasks_of
from pipeline.corrections.match import Row


def drop(draft: Draft, name: str, row: Row, by: str) -> None:
    """Take a row out, and what hangs on it."""
    _DROPS[name](draft, row, by)
    draft.drop(name, row, by)
    if name == "responsibilities":
        bodies.tidy(draft, {row["org_id"]})
    if name == "targets":
        draft.renumber_series(row["measure_id"])


def _drop_task(draft: Draft, task: Row, by: str) -> None:
    for deadline in own(draft, "deadlines", task):
        other = next((t for t in draft.holders(deadline) if t is not task), None)
        _hand_on(draft, "deadlines", deadline, other, by)
    for target in own(draft, "targets", task):
        other = next((t for t in draft.of_target(target["target_id"]) if t is not task), None)
        _hand_on(draft, "targets", target, other, by)
    for held in own(draft, "responsibilities", task):
        draft.drop("responsibilities", held, by)
        bodies.tidy(draft, {held["org_id"]})
    for other in draft.rows["tasks"]:
        if other.get("repeats_task_id") == task["task_id"]:
            other["repeats_task_id"] = None
            mark([other], by)
    draft.renumber_series(task["measure_id"])


def _hand_on(draft: Draft, name: str, row: Row, other: Row | None, by: str) -> None:
    """A row of a task that goes: to another task that has it as well, else it goes too."""
    if other is None:
        draft.drop(name, row, by)
        return
    row["task_id"] = other["task_id"]
    if row.get("action") is not None:
        row["action"] = other["action"]
    mark([row], by)


def _drop_deadline(draft: Draft, row: Row, by: str) -> None:
    for task in draft.holders(row):
        deadlines = draft.of_measure("deadlines", row["measure_id"])
        if any(d is not row and same_time(d, row) and d["printed"] == row["printed"] for d in deadlines):
            continue
        before = dict(task)
        task.update({"deadline": None, "confidence_due": None, **dict.fromkeys(TIME)})
        mark([task], by)
        retime_targets(draft, before, task, by)


def _drop_target(draft: Draft, row: Row, by: str) -> None:
    for task in draft.of_target(row["target_id"]):
        draft.unlist_target(task, row["target_id"])
        if not task["targets"]:
            task["confidence_targets"] = None
        mark([task], by)


def _drop_responsibility(draft: Draft, row: Row, by: str) -> None:
    for task in tasks_of(draft, row):
        if not others(draft, row, task, row["name"], row["role"]):
            task[row["role"]] = [n for n in task[row["role"]] if n != row["name"]]
            mark([task], by)


_DROPS = {
    "tasks": _drop_task,
    "deadlines": _drop_deadline,
    "targets": _drop_target,
    "responsibilities": _drop_responsibility,
}
