"""Arithmetic of annex tables and of the text against them, as expectations over a frame of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from expectations import suites
from expectations.engine import Engine
from expectations.staged import Staged

if TYPE_CHECKING:
    from pipeline.assemble.table_checks import Finding

_SUITE = "arithmetic"


def rows(engine: Engine, staged: Staged) -> list[dict[str, Any]]:
    """Rows of `checks`, one for each relation that was tried; none where the issue has no table."""
    import pandas as pd

    found = _findings(staged)
    if not found:
        return []
    keys = {"row_no": range(len(found)), "row_key": [f["table_id"] for f in found]}
    flat = pd.DataFrame({**keys, "check": [f["check"] for f in found], "holds": [f["holds"] for f in found]})
    results = engine.run(_SUITE, suites.load(_SUITE), flat, staged.issue_id)
    by_kind = {r.check.name.removeprefix(f"{_SUITE}."): r for r in results}
    return [_row(staged, f, by_kind[f["check"]].check, n in by_kind[f["check"]].rows) for n, f in enumerate(found)]


def _findings(staged: Staged) -> list[Finding]:
    from pipeline.assemble.table_checks import findings

    names = ("tables", "table_cells", "targets")
    tables, cells, targets = (staged.tables[n].to_pylist() if n in staged.tables else [] for n in names)
    known = {c.name.removeprefix(f"{_SUITE}.") for c in suites.load(_SUITE)}
    return [f for f in findings(tables, cells, targets) if f["check"] in known]


def _row(staged: Staged, finding: Finding, check: suites.Check, broken: bool) -> dict[str, Any]:
    where = "、".join(finding["rows"])
    return {
        "issue_id": staged.issue_id,
        "suite": _SUITE,
        "expectation": check.name,
        "table": "table_cells",
        "column": "、".join(finding["columns"]) or None,
        "severity": check.severity,
        "success": not broken,
        "observed": finding["observed"],
        "unexpected_ids": [finding["table_id"]] if broken else [],
        "message": f"{finding['message']}: {where}" if broken and where else finding["message"],
    }
