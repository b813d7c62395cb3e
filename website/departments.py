"""Bodies and their load: a list of all, and a page for each that has a task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from schemas.definition import vocabularies
from website.charts import load_bars
from website.overview import ROLES, Load, Overview
from website.reading import Row, rows
from website.rendering import file_name, page

if TYPE_CHECKING:
    import duckdb

_QUARTERS = 16  # bars of a body's page: the last so many that have tasks


def index(connection: duckdb.DuckDBPyConnection, tasks: Overview) -> bytes:
    """The list of bodies, the busiest first, with the chart of their load."""
    bodies = [_with_load(body, tasks.loads) for body in _bodies(connection) if body["org_id"] in tasks.loads]
    bodies.sort(key=lambda body: (-body["load"].tasks, body["org_id"]))
    words = {name: vocabularies()[name] for name in ("level", "org_kind", "role")}
    return page("departments.html", "", bodies=bodies, bars=load_bars(tasks.loads), roles=ROLES, words_of=words)


def pages(connection: duckdb.DuckDBPyConnection, tasks: Overview) -> Iterator[tuple[str, bytes]]:
    """File name and page of each body that has a task."""
    for body in _bodies(connection):
        if load := tasks.loads.get(body["org_id"]):
            yield file_name(body["org_id"]), _page(body, load)


def _page(body: Row, load: Load) -> bytes:
    return page(
        "department.html",
        "../",
        body=body,
        load=load,
        roles=ROLES,
        bars=_bars(load.quarters),
        words_of={name: vocabularies()[name] for name in ("level", "org_kind", "role")},
    )


def _bodies(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    return rows(connection, "SELECT * FROM organisations ORDER BY org_id")


def _with_load(body: Row, loads: dict[str, Load]) -> Row:
    return {**body, "load": loads[body["org_id"]]}


def _bars(quarters: Counter[str]) -> list[dict[str, Any]]:
    """Quarters with tasks due, in order, each with its height in hundredths of the highest."""
    shown = sorted(quarters)[-_QUARTERS:]
    most = max((quarters[q] for q in shown), default=1)
    return [{"quarter": q, "n": quarters[q], "height": max(round(100 * quarters[q] / most), 2)} for q in shown]
