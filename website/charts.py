"""What the charts show: deadlines by month, the load of bodies, targets through time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from pipeline import find_times
from website.overview import ROLES, Load
from website.reading import Row, rows
from website.rendering import file_name, number

if TYPE_CHECKING:
    import duckdb

_FIRST = 5  # tasks of a month that its entry names
_BARS = 20  # bodies of the chart; the table below has all

_MONTHS = """
SELECT strftime(due_on, '%Y-%m') AS month, coalesce(due_precision, 'day') AS precision, count(*) AS n
FROM tasks WHERE due_on IS NOT NULL GROUP BY ALL ORDER BY ALL
"""
_NAMED = """
SELECT strftime(due_on, '%Y-%m') AS month, task_id, issue_id, action, due_on,
  list_concat(lead, responsible, implement) AS owners
FROM tasks WHERE due_on IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY month ORDER BY repeats_measure_id IS NOT NULL, target IS NULL, boilerplate,
  due_on, task_id) <= ?
ORDER BY month, due_on, task_id
"""
_RHYTHMS = (
    "SELECT recurrence, count(*) AS n FROM tasks WHERE recurrence IS NOT NULL GROUP BY ALL ORDER BY n DESC, recurrence"
)
_GOALS = """
SELECT issue_id, target_id AS id, indicator, unit, change, per, scope, due_on, low, high, op, printed,
  baseline_value, baseline_on
FROM targets WHERE kind = 'goal' AND indicator IS NOT NULL AND due_on IS NOT NULL AND low IS NOT NULL
ORDER BY issue_id, due_on, target_id
"""
_CELLS = """
SELECT issue_id, table_id || ':' || row || ':' || col AS id, indicator, unit, row_label AS scope, period,
  value AS low, value AS high, '=' AS op, printed, suspect, table_id || '/' || row AS line
FROM table_cells WHERE value IS NOT NULL AND period IS NOT NULL AND indicator IS NOT NULL
ORDER BY issue_id, table_id, row, col
"""


def deadlines(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Tasks by month of their due day and its precision, some of each by name; rhythms of recurring ones."""
    months: dict[str, dict[str, Any]] = {}
    for row in rows(connection, _MONTHS):
        entry = months.setdefault(row["month"], {"month": row["month"], "n": 0, "by": {}, "tasks": []})
        entry["by"][row["precision"]] = row["n"]
        entry["n"] += row["n"]
    for row in rows(connection, _NAMED, [_FIRST]):
        months[row["month"]]["tasks"].append({**row, "page": file_name(row["issue_id"])})
    undated = connection.sql("SELECT count(*) FROM tasks WHERE due_on IS NULL").fetchall()[0][0]
    return {"months": list(months.values()), "rhythms": rows(connection, _RHYTHMS), "undated": undated}


def load_bars(loads: Mapping[str, Load]) -> list[dict[str, Any]]:
    """The bodies with the most tasks, a row for each role."""
    busiest = sorted(loads.items(), key=lambda item: (-item[1].tasks, item[0]))[:_BARS]
    return [
        {"body": load.name, "page": file_name(org), "role": role, "n": load.roles[role], "all": load.tasks}
        for org, load in busiest
        for role in ROLES
        if load.roles[role]
    ]


def series(connection: duckdb.DuckDBPyConnection, issues: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Indicators with a line through time: at least two days for one place and one source. The longest first."""
    regions = {issue["issue_id"]: issue["region"] for issue in issues}
    groups: dict[tuple[Any, ...], dict[tuple[Any, ...], list[list[Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows(connection, _GOALS):
        key = (row["indicator"], row["unit"], row["change"], row["per"])
        line = (regions[row["issue_id"]], row["scope"], row["issue_id"], "")
        groups[key][line] += _baseline(row), _point(row, row["due_on"])
    for row in rows(connection, _CELLS):
        if day := _period_end(row["period"]):
            line = (regions[row["issue_id"]], row["scope"], row["issue_id"], row["line"])
            groups[row["indicator"], row["unit"], None, None][line].append(_point(row, day))
    found = (_group(key, lines) for key, lines in groups.items())
    return sorted((g for g in found if g["lines"]), key=lambda g: (-g["points"], g["indicator"], g["unit"] or ""))


def _group(key: tuple[Any, ...], lines: Mapping[tuple[Any, ...], list[list[Any]]]) -> dict[str, Any]:
    made = []
    for (region, scope, issue_id, table_row), points in lines.items():
        kept = sorted((p for p in points if p), key=itemgetter(0, 5))
        if len({point[0] for point in kept}) > 1:
            source = "table" if table_row else "text"
            made.append({"region": region, "scope": scope, "page": file_name(issue_id), "from": source, "points": kept})
    count = sum(len(line["points"]) for line in made)
    return dict(zip(("indicator", "unit", "change", "per"), key, strict=True)) | {"points": count, "lines": made}


def _point(row: Row, day: date) -> list[Any]:
    """[day, low, high, op, printed, id, suspect]: numbers as floats, for drawing only."""
    value = [float(row["low"]), float(row["high"]) if row["high"] is not None else None, row["op"]]
    return [day.isoformat(), *value, row["printed"] or number(row["low"]), row["id"], int(bool(row.get("suspect")))]


def _baseline(row: Row) -> list[Any]:
    """The point where a goal starts from, nothing where none is printed."""
    if row["baseline_value"] is None or row["baseline_on"] is None:
        return []
    value = row["baseline_value"]
    return [row["baseline_on"].isoformat(), float(value), None, "=", number(value), row["id"], 0]


@cache
def _period_end(period: str) -> date | None:
    """The last day of a period as a header prints it; nothing where it is no time of a calendar."""
    found: Iterable[Any] = find_times(period, base=date(2000, 1, 1)) if any(c.isdigit() for c in period) else ()
    days = [time.due_on for time in found if time.due_on]
    return max(days) if days else None
