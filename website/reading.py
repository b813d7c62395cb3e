"""What the pages are made of, read through the views of `pipeline.query`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pipeline.resolve.regions import territory
from pipeline.storage import View

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]

#: Tasks of the issues that are read at once: bounds memory, and spares a look at every file for each issue.
_BATCH = 20_000

#: Tables of an issue's page, with their order. Rows keep the order in which they were published.
_ORDERS = {
    "documents": "ordinal",
    "measures": "char_start, measure_id",
    "tasks": "char_start, char_end, task_id",
    "responsibilities": "char_start, responsibility_id",
    "deadlines": "char_start, deadline_id",
    "targets": "char_start, target_id",
    "tables": "table_id",
    "table_cells": "table_id, row, col",
    "residuals": "char_start NULLS FIRST, residual_id",
}

_ISSUES = """
SELECT * FROM (SELECT i.*, (SELECT count(*) FROM tasks AS t WHERE t.issue_id = i.issue_id) AS tasks,
  (SELECT count(*) FROM tasks AS t WHERE t.issue_id = i.issue_id AND t.review) AS review,
  (SELECT count(*) FROM residuals AS r WHERE r.issue_id = i.issue_id) AS residuals,
  (SELECT count(*) FROM checks AS c WHERE c.issue_id = i.issue_id AND NOT c.success) AS failed,
  (SELECT list(coalesce(d.title, d.notice_title) ORDER BY d.ordinal) FROM documents AS d
   WHERE d.issue_id = i.issue_id) AS titles,
  coalesce(i.published_on, (SELECT max(d.written_on) FROM documents AS d WHERE d.issue_id = i.issue_id)) AS dated_on
FROM issues AS i) ORDER BY coalesce(dated_on, make_date(year, 1, 1)) DESC NULLS LAST, issue_id
"""

# What is known to exist and is not held, or not read: `pipeline.continuity`.
_GAPS = """
SELECT gazette, year, issue_no, total_no, status, reason, expected_by, issue_id FROM continuity
WHERE status IN ('missing', 'doubtful', 'unreadable', 'fetched', 'overdue')
ORDER BY gazette, gazette_id, year DESC NULLS LAST, issue_no DESC NULLS LAST, continuity_id
"""


def rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
    """The rows of a query as dicts."""
    relation = connection.sql(sql, params=list(parameters)) if parameters else connection.sql(sql)
    return list(relation.to_arrow_table().to_pylist())


def issues(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Issues, the latest first, with counts of their rows, the name of their region and a short label."""
    found = rows(connection, _ISSUES)
    for row in found:
        row["region"] = row["region_name"] or _region(row["region_code"])
        row["titles"] = [title for title in row["titles"] or () if title]
        row["label"] = _label(row)
    return found


def gaps(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Issues that are missing, in doubt, unreadable, not parsed or overdue, by gazette, the latest first."""
    return rows(connection, _GAPS)


def _region(code: str | None) -> str:
    area = territory(code) if code else None
    return "国家" if code == "000000" else area.name if area else "未知"


def _label(row: Mapping[str, Any]) -> str:
    """What people call the issue: the gazette with year and number, or the title of the notice."""
    if row["gazette"]:
        number = f"第{row['issue_no']}期" if row["issue_no"] is not None else ""
        return f"{row['gazette']} {row['year'] or ''}{'年' if row['year'] else ''}{number}".strip()
    return str((row["titles"] or [row["source_file"]])[0])


def contents(
    connection: duckdb.DuckDBPyConnection, issues: Sequence[Row]
) -> Iterator[tuple[Row, dict[str, list[Row]]]]:
    """Each issue with its rows by table, in the order given."""
    for batch in _batches(issues):
        ids = [issue["issue_id"] for issue in batch]
        by_table = {name: _by_issue(connection, name, order, ids) for name, order in _ORDERS.items()}
        for issue in batch:
            yield issue, {name: by_table[name].get(issue["issue_id"], []) for name in _ORDERS}


def _batches(issues: Sequence[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    tasks = 0
    for issue in issues:
        if batch and tasks + issue["tasks"] > _BATCH:
            yield batch
            batch, tasks = [], 0
        batch.append(issue)
        tasks += issue["tasks"]
    if batch:
        yield batch


def _by_issue(
    connection: duckdb.DuckDBPyConnection, name: str, order: str, batch: Sequence[str]
) -> dict[str, list[Row]]:
    sql = f'SELECT * FROM "{name}" WHERE list_contains(?, issue_id) ORDER BY issue_id, {order}'  # noqa: S608
    found = rows(connection, sql, [list(batch)])
    return {issue: list(group) for issue, group in groupby(found, key=lambda r: str(r["issue_id"]))}


def text_of(view: View, issue_id: str) -> str:
    """The canonical text of an issue; nothing for a file that could not be read."""
    return view.read(f"text/{issue_id}.txt").decode("utf-8")
