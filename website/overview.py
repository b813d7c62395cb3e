"""All tasks as columns with dictionaries, for the list that is searched in the browser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from website.rendering import file_name

if TYPE_CHECKING:
    import duckdb

ROLES = ("lead", "responsible", "support", "implement")
_REVIEW, _BOILERPLATE, _FROM_TABLE, _REPEATS = 1, 2, 4, 8  # bits of the column `flags`

# Per task its measure: both in the order of the text, issues as given by `place`.
_TASKS = """
SELECT t.task_id, t.measure_id, t.document_id, t.issue_id, t.action, t.text, t.deadline, t.due_on, t.recurrence,
  t.modality, t.lead, t.responsible, t.support, t.implement, t.target,
  list_transform(t.targets, lambda x: x.indicator) AS indicators, t.confidence, t.review, t.boilerplate,
  t.table_id, t.repeats_measure_id, m.title AS measure, m.label,
  coalesce(d.title, d.notice_title) AS document, d.doc_number
FROM tasks AS t LEFT JOIN measures AS m USING (measure_id) LEFT JOIN documents AS d ON d.document_id = t.document_id
ORDER BY t.issue_id, t.char_start, t.char_end, t.task_id
"""
_NAMES = "SELECT issue_id, name, min(org_id) FROM organisations_by_issue GROUP BY ALL ORDER BY ALL"


class Dictionary:
    """Values in order of first appearance, each with its place."""

    def __init__(self) -> None:
        """An empty dictionary."""
        self.values: list[Any] = []
        self._places: dict[Hashable, int] = {}

    def place(self, key: Hashable, value: Any = None) -> int:
        """The place of `key`, entered with `value` (itself by default) where it is new."""
        found = self._places.setdefault(key, len(self.values))
        if found == len(self.values):
            self.values.append(key if value is None else value)
        return found


@dataclass
class Load:
    """What a body has to do: tasks by role, by quarter of the due day, for review."""

    name: str
    roles: Counter[str] = field(default_factory=Counter)
    quarters: Counter[str] = field(default_factory=Counter)
    tasks: int = 0
    review: int = 0
    dated: int = 0


@dataclass
class Overview:
    """The columns of all tasks, their texts, and what each body has to do (by org_id)."""

    columns: dict[str, list[Any]]
    dictionaries: dict[str, Dictionary]
    texts: list[Any]
    loads: dict[str, Load]

    def content(self) -> dict[str, Any]:
        """What the browser gets."""
        return {"rows": self.columns, **{name: each.values for name, each in self.dictionaries.items()}}


_COLUMNS = ("measure", "number", "action", "due", "printed", "recurrence", "modality", "owners", "target")
_SETS = ("indicators", "confidence", "flags")
_DICTIONARIES = ("issues", "documents", "measures", "bodies", "owners", "printed", "recurrences", "modalities")


def overview(connection: duckdb.DuckDBPyConnection, issues: Sequence[Mapping[str, Any]]) -> Overview:
    """Read all tasks once, batch by batch."""
    names = (*_DICTIONARIES, "targets", "indicators", "indicator_sets")
    made = Overview({c: [] for c in (*_COLUMNS, *_SETS)}, {n: Dictionary() for n in names}, [], {})
    bodies = {(issue, name): org for issue, name, org in connection.sql(_NAMES).fetchall()}
    by_id = {issue["issue_id"]: issue for issue in issues}
    for batch in connection.sql(_TASKS).to_arrow_table().to_batches(max_chunksize=5000):
        for row in batch.to_pylist():
            _add(made, row, by_id[row["issue_id"]], bodies)
    return made


def _add(
    made: Overview, row: Mapping[str, Any], issue: Mapping[str, Any], bodies: Mapping[tuple[str, str], str]
) -> None:
    columns, places = made.columns, made.dictionaries
    columns["measure"].append(_measure(places, row, issue))
    columns["number"].append(row["task_id"].removeprefix(row["measure_id"]))
    columns["action"].append(row["action"])
    columns["due"].append(_day(row["due_on"]))
    columns["printed"].append(_place(places["printed"], row["deadline"]))
    columns["recurrence"].append(_place(places["recurrences"], row["recurrence"]))
    columns["modality"].append(_place(places["modalities"], row["modality"]))
    columns["owners"].append(_owners(made, row, bodies))
    columns["target"].append(_place(places["targets"], row["target"]))
    indicators = tuple(sorted({places["indicators"].place(i) for i in row["indicators"] or () if i}))
    columns["indicators"].append(places["indicator_sets"].place(indicators))
    columns["confidence"].append(round(row["confidence"] * 1000))
    columns["flags"].append(_flags(row))
    made.texts.append(0 if row["text"] == row["action"] else row["text"])


def _measure(places: Mapping[str, Dictionary], row: Mapping[str, Any], issue: Mapping[str, Any]) -> int:
    issue_id = issue["issue_id"]
    of_issue = [issue_id, issue["label"], issue["region_code"] or "", issue["region"], _day(issue["dated_on"])]
    first = places["issues"].place(issue_id, [*of_issue, file_name(issue_id)])
    document = [first, row["document"] or issue["label"], row["doc_number"] or ""]
    second = places["documents"].place(row["document_id"], document)
    third = [second, row["measure_id"].removeprefix(issue_id), (row["label"] or "") + (row["measure"] or "")]
    return places["measures"].place(row["measure_id"], third)


def _place(dictionary: Dictionary, value: str | None) -> int:
    """The place of a value; -1 for null."""
    return -1 if value is None else dictionary.place(value)


def _day(day: date | None) -> int:
    """20241031; 0 for null."""
    return day.year * 10000 + day.month * 100 + day.day if day else 0


def _flags(row: Mapping[str, Any]) -> int:
    return (
        _REVIEW * bool(row["review"])
        + _BOILERPLATE * bool(row["boilerplate"])
        + _FROM_TABLE * (row["table_id"] is not None)
        + _REPEATS * (row["repeats_measure_id"] is not None)
    )


def _owners(made: Overview, row: Mapping[str, Any], bodies: Mapping[tuple[str, str], str]) -> int:
    """The place of the task's owners by role; counts the task for each of them."""
    places = made.dictionaries["bodies"]
    by_role, counted = [], set()
    for role in ROLES:
        found = []
        for name in row[role] or ():
            org = bodies.get((row["issue_id"], name))
            # A body that `organisations` does not have (a row of a table names it) has no page.
            found.append(places.place(org or name, [name, file_name(org) if org else ""]))
            if org:
                _count(made.loads.setdefault(org, Load(name)), row, role, first=org not in counted)
                counted.add(org)
        by_role.append(found)
    return made.dictionaries["owners"].place(tuple(map(tuple, by_role)))


def _count(load: Load, row: Mapping[str, Any], role: str, *, first: bool) -> None:
    load.roles[role] += 1
    if not first:
        return
    load.tasks += 1
    load.review += bool(row["review"])
    if day := row["due_on"]:
        load.dated += 1
        load.quarters[f"{day.year}-{(day.month + 2) // 3}"] += 1
