"""What tables, text and annex must agree in, as expectations over frames of findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from expectations import suites
from expectations.engine import Engine
from expectations.staged import Staged

if TYPE_CHECKING:
    from pipeline.assemble.table_checks import Finding
    from pipeline.assemble.table_differences import Difference

Found = Sequence[Any]


def rows(engine: Engine, staged: Staged) -> list[dict[str, Any]]:
    """Rows of `checks`, one for each relation that was tried; none where the issue has no table."""
    figures, words = _known("arithmetic", _findings(staged)), _known("agreement", _differences(staged))
    out = [_figure_row(staged, f, c, b) for f, c, b in _tried(engine, staged, "arithmetic", figures)]
    return out + [_words_row(staged, d, c, b) for d, c, b in _tried(engine, staged, "agreement", words)]


def _tried(engine: Engine, staged: Staged, suite: str, found: Found) -> list[tuple[Any, suites.Check, bool]]:
    """Each finding with its check and whether it breaks it."""
    import pandas as pd

    if not found:
        return []
    numbers = range(len(found))
    columns = {"check": [f["check"] for f in found], "holds": [f["holds"] for f in found]}
    flat = pd.DataFrame({"row_no": numbers, "row_key": list(map(str, numbers)), **columns})
    results = {
        r.check.name.removeprefix(f"{suite}."): r for r in engine.run(suite, suites.load(suite), flat, staged.issue_id)
    }
    return [(f, results[f["check"]].check, n in results[f["check"]].rows) for n, f in enumerate(found)]


def _known(suite: str, found: Found) -> Found:
    names = {c.name.removeprefix(f"{suite}.") for c in suites.load(suite)}
    return [f for f in found if f["check"] in names]


def _rows_of(staged: Staged, name: str) -> list[dict[str, Any]]:
    return staged.tables[name].to_pylist() if name in staged.tables else []


def _findings(staged: Staged) -> list[Finding]:
    from pipeline.assemble.table_checks import findings

    return findings(*(_rows_of(staged, name) for name in ("tables", "table_cells", "targets", "tasks", "documents")))


def _differences(staged: Staged) -> list[Difference]:
    from pipeline.assemble.table_differences import differences

    return differences(_rows_of(staged, "tasks"))


def _figure_row(staged: Staged, finding: Finding, check: suites.Check, broken: bool) -> dict[str, Any]:
    where = "、".join(finding["rows"])
    return {
        "issue_id": staged.issue_id,
        "suite": check.suite,
        "expectation": check.name,
        "table": "table_cells" if finding["columns"] else "tables",
        "column": "、".join(finding["columns"]) or None,
        "severity": check.severity,
        "success": not broken,
        "observed": finding["observed"],
        "unexpected_ids": [finding["table_id"]] if broken else [],
        "message": f"{check.zh} · {finding['message']}" + (f": {where}" if broken and where else ""),
    }


def _words_row(staged: Staged, difference: Difference, check: suites.Check, broken: bool) -> dict[str, Any]:
    return {
        "issue_id": staged.issue_id,
        "suite": check.suite,
        "expectation": check.name,
        "table": "tasks",
        "column": difference["column"],
        "severity": check.severity,
        "success": not broken,
        "observed": difference["observed"] or None,
        "unexpected_ids": difference["ids"] if broken else [],
        "message": f"{check.zh} · {check.en}: {' · '.join(difference['ids'])}" if broken else None,
    }
