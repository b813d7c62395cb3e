"""Setting columns of a row and taking a row out, with all other rows that say the same kept in step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.corrections import bodies
from pipeline.corrections.columns import OWNERS
from pipeline.corrections.draft import MOMENT, TIME, Draft, has_time, mark, same_time
from pipeline.corrections.match import Row

Values = Mapping[str, Any]
_OF_TASK = frozenset((*MOMENT, "deadline", "due_precision"))


class UnfitError(ValueError):
    """Values that a row cannot have; the message is one line."""


def edit(draft: Draft, name: str, row: Row, values: Values, by: str) -> None:
    """Set columns of a row. UnfitError, with nothing changed, where the row cannot be so."""
    fitted = _fitted(draft, name, row, values)
    old = dict(row)
    row.update(fitted)
    mark([row], by)
    _STEPS[name](draft, old, row, by)


def _fitted(draft: Draft, name: str, row: Row, values: Values) -> dict[str, Any]:
    """The values with what follows from them."""
    fitted = dict(values)
    if name == "responsibilities" and "name" in fitted:
        fitted.update(bodies.named(draft, fitted["name"], row["measure_id"]))
    after = {**row, **fitted}
    if name == "targets" and "high" not in values and after["op"] != "range":
        fitted["high"] = after["high"] = after["low"]
    precision = {"tasks": "due_precision", "deadlines": "precision"}.get(name)
    if precision and after.get("due_on") is None and after.get("starts_on") is None:
        fitted[precision] = None
    refuse(draft, name, after)
    return fitted


def refuse(draft: Draft, name: str, after: Row) -> None:
    """UnfitError for a row that no table could take."""
    starts, due = after.get("starts_on"), after.get("due_on")
    if starts and due and starts > due:
        raise UnfitError(f"starts_on {starts} would be after due_on {due}")
    if name == "tasks" and len(after["action"]) < 2:
        raise UnfitError("action: at least two characters")
    if name == "deadlines" and not has_time(after):
        raise UnfitError("a deadline without a time: mark it wrong")
    if name == "targets":
        low, high = after.get("low"), after.get("high")
        if low is None or after["op"] == "range" and (high is None or low > high):
            raise UnfitError("low and high: no number, or not in order")
    task_id = after.get("task_id")
    if name != "tasks" and task_id is not None:
        task = draft.task(task_id)
        if task is None or task["measure_id"] != after["measure_id"]:
            raise UnfitError(f"task_id: {task_id} is no task of the measure {after['measure_id']}")


def vouched(name: str, row: Row) -> None:
    """A person has looked at the row as it is: it is sure and asks for nobody."""
    row.update({c: 1.0 for c, v in row.items() if c.startswith("confidence") and v is not None})
    if name == "tasks":
        row.update(review=False, reasons=[], confidence=1.0, confidence_action=1.0, confidence_owners=1.0)
        row["confidence_due"] = 1.0 if row.get("deadline") or has_time(row) else None
        row["confidence_targets"] = 1.0 if row.get("targets") else None


# --- tasks ----------------------------------------------------------------------------


def _task(draft: Draft, old: Row, row: Row, by: str) -> None:
    if row.get("table_id") is not None:  # its words stand in cells: no row but those of its bodies repeats them
        for role in OWNERS:
            full = (bodies.named(draft, name, row["measure_id"])["name"] for name in row[role])
            row[role] = list(dict.fromkeys(full))
        return
    if row["action"] != old["action"]:
        for deadline in own(draft, "deadlines", row):
            if deadline.get("action") == old["action"]:
                deadline["action"] = row["action"]
                mark([deadline], by)
    if any(row.get(c) != old.get(c) for c in _OF_TASK):
        retime(draft, old, row, by)
    if any(row[role] != old[role] for role in OWNERS):
        _reown(draft, old, row, by)


def own(draft: Draft, name: str, task: Row) -> list[Row]:
    """The rows of a table that belong to a task."""
    return [r for r in draft.of_measure(name, task["measure_id"]) if r.get("task_id") == task["task_id"]]


def retime(draft: Draft, old: Row, row: Row, by: str) -> None:
    """The deadline and the numbers of a task get its time."""
    mine = [d for d in own(draft, "deadlines", row) if same_time(d, old)]
    others = [t for d in mine for t in draft.holders(d) if t is not row]
    if mine and others:  # the words bound other tasks too: theirs stays as it is
        for deadline in mine:
            deadline["task_id"] = others[0]["task_id"]
        mine = []
    for deadline in mine:
        if has_time(row):
            deadline.update({theirs: row.get(ours) for ours, theirs in TIME.items()})
            mark([deadline], by)
        else:
            draft.drop("deadlines", deadline, by)
    if not mine and has_time(row) and not _adopted(draft, row, by):
        draft.insert("deadlines", _deadline_of(draft, row, by))
    retime_targets(draft, old, row, by)


def _adopted(draft: Draft, task: Row, by: str) -> bool:
    """Whether a deadline of this time that had no task stands in the clause; it gets this one."""
    for deadline in draft.of_measure("deadlines", task["measure_id"]):
        inside = task["char_start"] <= deadline["char_start"] and deadline["char_end"] <= task["char_end"]
        if inside and deadline.get("task_id") is None and same_time(deadline, task):
            deadline.update(task_id=task["task_id"], action=task["action"])
            mark([deadline], by)
            return True
    return False


def _deadline_of(draft: Draft, task: Row, by: str) -> Row:
    measure = next(m for m in draft.rows["measures"] if m["measure_id"] == task["measure_id"])
    spans = [(task["char_start"], task["char_end"]), (measure["char_start"], measure["char_end"])]
    start, end = draft.place_of(task.get("deadline"), *spans) or spans[0]
    grounded = draft.grounded(start, end)
    return {
        "deadline_id": f"{task['measure_id']}~{by}",
        "task_id": task["task_id"],
        "measure_id": task["measure_id"],
        "issue_id": draft.issue_id,
        "printed": grounded["quote"],
        **{theirs: task.get(ours) for ours, theirs in TIME.items()},
        "basis": "explicit",
        "action": task["action"],
        "confidence": 1.0,
        "corrected_by": by,
        **grounded,
        "rules": [],
    }


def retime_targets(draft: Draft, old: Row, row: Row, by: str) -> None:
    """The numbers of a task that had its old time get the new one; of those without a time only goals."""
    listed = {g["target_id"] for g in row.get("targets") or ()}
    for target in draft.of_measure("targets", row["measure_id"]):
        dated = target["target_id"] in listed and (has_time(old) or target["kind"] == "goal")
        if dated and same_time(target, old) and not same_time(target, row):
            target.update({column: row.get(column) for column in MOMENT})
            mark([target], by)
    draft.renumber_series(row["measure_id"])


def _reown(draft: Draft, old: Row, row: Row, by: str) -> None:
    """Bodies that a task got or lost, in `responsibilities`."""
    engage(draft, row, {role: [n for n in row[role] if n not in old[role]] for role in OWNERS}, by)
    for role in OWNERS:
        for name in [n for n in old[role] if n not in row[role]]:
            for held in _held(draft, row, name, role):
                if _only_for(draft, held, row):
                    draft.drop("responsibilities", held, by)
                    bodies.tidy(draft, {held["org_id"]})


def _held(draft: Draft, task: Row, name: str, role: str) -> list[Row]:
    rows = draft.of_measure("responsibilities", task["measure_id"])
    mine = (r for r in rows if r.get("task_id") in (None, task["task_id"]))
    return [r for r in mine if r["name"] == name and r["role"] == role]


def engage(draft: Draft, task: Row, new: Mapping[str, Sequence[str]], by: str) -> None:
    """See that bodies which a task has got (by role) have rows, and stand in its lists by their full names."""
    for role, names in new.items():
        full = {name: _engage(draft, task, name, role, f"{by}-{role}{n}", by) for n, name in enumerate(names, 1)}
        task[role] = list(dict.fromkeys(full.get(name, name) for name in task[role]))


def _only_for(draft: Draft, held: Row, task: Row) -> bool:
    """Whether a row says something of this task alone, or of none."""
    if held.get("task_id") is not None:
        return True
    tasks = draft.of_measure("tasks", held["measure_id"])
    return not any(held["name"] in t[held["role"]] for t in tasks if t is not task)


def _engage(draft: Draft, task: Row, name: str, role: str, key: str, by: str) -> str:
    """The full name of a body that has a row now."""
    body = bodies.named(draft, name, task["measure_id"])
    if _held(draft, task, body["name"], role):
        return str(body["name"])
    rows = draft.of_measure("responsibilities", task["measure_id"])
    same = next((r for r in rows if r["org_id"] == body["org_id"]), None)
    if same and same["name"] not in task[same["role"]] and _only_for(draft, same, task):
        same["role"] = role  # it had another role in the task, and has it no more
        mark([same], by)
    else:
        draft.insert("responsibilities", _responsibility_of(draft, task, same, {**body, "role": role}, key, by))
    return str(body["name"])


def _responsibility_of(draft: Draft, task: Row, same: Row | None, body: Row, key: str, by: str) -> Row:
    """A row of a body for a task: where another row of it stands, where its name does, or at the whole clause."""
    whole = (task["char_start"], task["char_end"])
    place = (same["char_start"], same["char_end"]) if same else draft.place_of(body["name"], whole) or whole
    grounded = draft.grounded(*place)
    return {
        "responsibility_id": f"{task['measure_id']}~{key}",
        "measure_id": task["measure_id"],
        "task_id": task["task_id"],
        "issue_id": draft.issue_id,
        **body,
        "inherited": False,
        "printed": same["printed"] if same else grounded["quote"],
        "confidence": 1.0,
        "corrected_by": by,
        **grounded,
        "rules": [],
    }


# --- rows under a task ----------------------------------------------------------------


def _deadline(draft: Draft, old: Row, row: Row, by: str) -> None:
    for task in draft.holders(old):
        before = dict(task)
        task.update({ours: row.get(theirs) for ours, theirs in TIME.items()})
        if task.get("deadline") == old["printed"]:
            task["deadline"] = row["printed"]
        if task != before:
            mark([task], by)
        retime_targets(draft, before, task, by)


def _target(draft: Draft, old: Row, row: Row, by: str) -> None:
    tasks = draft.of_target(row["target_id"])
    if row.get("task_id") != old.get("task_id"):
        for task in tasks:
            draft.unlist_target(task, row["target_id"])
        mark(tasks, by)
        owner = draft.task(row["task_id"])
        tasks = [owner] if owner else []
    for task in tasks:
        draft.list_target(task, row)
    mark(tasks, by)
    draft.renumber_series(row["measure_id"])


def _responsibility(draft: Draft, old: Row, row: Row, by: str) -> None:
    for task in tasks_of(draft, old):
        names = list(task[old["role"]])
        kept = others(draft, row, task, old["name"], old["role"])
        at = names.index(old["name"])
        if row["role"] == old["role"] and not kept and row["name"] not in names:
            names[at] = row["name"]
        elif not kept:
            names.pop(at)
        task[old["role"]] = names
        if row["name"] not in task[row["role"]]:
            task[row["role"]] = [*task[row["role"]], row["name"]]
        mark([task], by)
    bodies.tidy(draft, {old["org_id"]})


def tasks_of(draft: Draft, held: Row) -> list[Row]:
    """The tasks whose lists have a body because of this row."""
    tasks = (t for t in draft.of_measure("tasks", held["measure_id"]) if t.get("table_id") is None)
    own = (t for t in tasks if held.get("task_id") in (None, t["task_id"]))
    return [t for t in own if held["name"] in t[held["role"]]]


def others(draft: Draft, row: Row, task: Row, name: str, role: str) -> bool:
    """Whether another row gives a task the same body in the same role."""
    return any(r is not row for r in _held(draft, task, name, role))


_STEPS = {"tasks": _task, "deadlines": _deadline, "targets": _target, "responsibilities": _responsibility}
