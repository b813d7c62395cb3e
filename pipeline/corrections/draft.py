"""The rows of an issue while corrections are carried out on them: found, changed, taken out with a residual."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.assemble.ground import ground
from pipeline.assemble.rows import enter_series, goal_line
from pipeline.corrections.columns import TABLES
from pipeline.corrections.match import Row
from pipeline.model import Text

#: Column of a task → column of a deadline that says the same; the words stand in `deadline` and `printed`.
TIME: Mapping[str, str] = {
    "starts_on": "starts_on",
    "due_on": "due_on",
    "due_precision": "precision",
    "recurrence": "recurrence",
}
#: What two rows agree in that have the same time.
MOMENT = ("starts_on", "due_on", "recurrence")
_STRUCT = ("target_id", "kind", "indicator", "scope", "op", "low", "high", "unit")
_KINDS = {"tasks": "text", "responsibilities": "organisation", "deadlines": "time", "targets": "number"}


class Draft:
    """Rows by table. Those given are left as they are: a row that changes is a copy."""

    def __init__(self, records: Mapping[str, Sequence[Row]], text: Text) -> None:
        changing = {*TABLES, "organisations", "residuals"}
        self.rows = {name: [dict(r) if name in changing else r for r in rows] for name, rows in records.items()}
        for name in changing:
            self.rows.setdefault(name, [])
        self.text = text
        self.issue_id = str(self.rows["issues"][0]["issue_id"])

    def of_measure(self, name: str, measure_id: str) -> list[Row]:
        """The rows of a table under a measure."""
        return [r for r in self.rows[name] if r["measure_id"] == measure_id]

    def task(self, task_id: str | None) -> Row | None:
        """The task with this id."""
        return next((r for r in self.rows["tasks"] if r["task_id"] == task_id), None)

    def measure_at(self, start: int, end: int) -> Row | None:
        """The innermost measure that holds a span."""
        held = [m for m in self.rows.get("measures", ()) if m["char_start"] <= start and end <= m["char_end"]]
        return min(held, key=lambda m: m["char_end"] - m["char_start"], default=None)

    def insert(self, name: str, row: Row) -> None:
        """Put a row after those of its measure, or where its place in the text is; what it was missed as goes."""
        rows = self.rows[name]
        own = [n for n, r in enumerate(rows) if r["measure_id"] == row["measure_id"]]
        later = (n for n, r in enumerate(rows) if r["char_start"] > row["char_start"])
        rows.insert(own[-1] + 1 if own else next(later, len(rows)), row)
        self.rows["residuals"] = [r for r in self.rows["residuals"] if not _missed(r, row, _KINDS[name])]

    def drop(self, name: str, row: Row, mark: str) -> None:
        """Take a row out, and say in `residuals` which correction did."""
        if not any(r is row for r in self.rows[name]):
            return
        self.rows[name] = [r for r in self.rows[name] if r is not row]
        known = {r["residual_id"] for r in self.rows["residuals"]}
        stem = f"{self.issue_id}/{mark}"
        ids = (stem if n == 1 else f"{stem}-{n}" for n in range(1, len(known) + 2))
        residual = {
            "residual_id": next(i for i in ids if i not in known),
            "issue_id": self.issue_id,
            "measure_id": row["measure_id"],
            "kind": "row",
            "reason": f"correction.wrong:{mark}",
        }
        places = ("quote", "char_start", "char_end", "page", "line", "boxes")
        self.rows["residuals"].append(residual | {column: row.get(column) for column in places})

    def grounded(self, start: int, end: int) -> Row:
        """The columns of a place."""
        return ground(self.text, start, end)

    def place_of(self, words: str | None, *spans: tuple[int, int]) -> tuple[int, int] | None:
        """Where words stand in the first of the spans that has them."""
        for start, end in spans:
            at = self.text.text.find(words, start, end) if words else -1
            if words and at >= 0:
                return at, at + len(words)
        return None

    # --- columns that repeat what other rows say --------------------------------------

    def holders(self, row: Row) -> list[Row]:
        """The tasks of the text that have the time of a deadline, or had it when both were read."""
        tasks = self.of_measure("tasks", row["measure_id"])
        return [t for t in tasks if t.get("table_id") is None and same_time(t, row) and _says_time(t, row)]

    def of_target(self, target_id: str) -> list[Row]:
        """The tasks that list a number."""
        return [t for t in self.rows["tasks"] if any(g["target_id"] == target_id for g in t.get("targets") or ())]

    def list_target(self, task: Row, row: Row) -> None:
        """Enter a number in the list of a task, in place of what it said before."""
        entry = {column: row.get(column) for column in _STRUCT}
        listed = list(task.get("targets") or ())
        at = next((n for n, g in enumerate(listed) if g["target_id"] == row["target_id"]), None)
        task["targets"] = [*listed, entry] if at is None else [*listed[:at], entry, *listed[at + 1 :]]
        self.line_goals(task)

    def unlist_target(self, task: Row, target_id: str) -> None:
        """Take a number out of the list of a task."""
        task["targets"] = [g for g in task.get("targets") or () if g["target_id"] != target_id]
        self.line_goals(task)

    def line_goals(self, task: Row) -> None:
        """The column `target` anew."""
        task["target"] = "；".join(goal_line(g) for g in task["targets"] if g["kind"] == "goal") or None

    def renumber_series(self, measure_id: str) -> None:
        """The milestones of each indicator of a measure anew."""
        rows = self.of_measure("targets", measure_id)
        for row in rows:
            row.update(series_id=None, series_no=None)
        enter_series(rows)


def same_time(a: Row, b: Row) -> bool:
    """Whether two rows have the same time."""
    return all(a.get(column) == b.get(column) for column in MOMENT)


def has_time(row: Row) -> bool:
    """Whether a row has any."""
    return any(row.get(column) is not None for column in MOMENT)


def _says_time(task: Row, deadline: Row) -> bool:
    return bool(task["task_id"] == deadline.get("task_id") or task.get("deadline") == deadline["printed"])


def _missed(residual: Row, row: Row, kind: str) -> bool:
    """Whether a residual says that there is no row where there is one now."""
    start, end = residual.get("char_start"), residual.get("char_end")
    if start is None or end is None or residual["kind"] != kind:
        return False
    return bool(row["char_start"] <= start and end <= row["char_end"])


def mark(rows: Iterable[Row], by: str) -> None:
    """Say of rows which correction changed them."""
    for row in rows:
        row["corrected_by"] = by
