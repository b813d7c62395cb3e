"""What tables, text and annex must agree in, as expectations over frames of findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from expectations import suites, together
from expectations.engine import Engine, Result
from expectations.staged import Staged

if TYPE_CHECKING:
    from pipeline.assemble.table_checks import Finding
    from pipeline.assemble.table_differences import Difference

Found = Sequence[Any]


def rows(engine: Engine, issues: Sequence[Staged], name: str) -> list[list[dict[str, Any]]]:
    """Rows of `checks` for each issue, one for each relation that was tried; none where it has no table."""
    figures = [_known("arithmetic", _findings(staged)) for staged in issues]
    words = [_known("agreement", _differences(staged)) for staged in issues]
    out: list[list[dict[str, Any]]] = []
    of_figures, of_words = _tried(engine, "arithmetic", figures, name), _tried(engine, "agreement", words, name)
    for staged, by_figures, by_words in zip(issues, of_figures, of_words, strict=True):
        made = [_figure_row(staged, f, c, b) for f, c, b in by_figures]
        out.append(made + [_words_row(staged, d, c, b) for d, c, b in by_words])
    return out


def _tried(engine: Engine, suite: str, found: Sequence[Found], name: str) -> list[list[tuple[Any, suites.Check, bool]]]:
    """Each finding of each issue with its check and whether it breaks it."""
    parts = [_columns(each) for each in found]
    answers = together.run(engine, suite, suites.load(suite), parts, name)
    return [_with_checks(suite, each, results) for each, results in zip(found, answers, strict=True)]


def _columns(found: Found) -> dict[str, list[Any]]:
    numbers = range(len(found))
    columns = {"check": [f["check"] for f in found], "holds": [f["holds"] for f in found]}
    return {"row_no": list(numbers), "row_key": list(map(str, numbers)), **columns}


def _with_checks(suite: str, found: Found, results: Sequence[Result]) -> list[tuple[Any, suites.Check, bool]]:
    by_name = {r.check.name.removeprefix(f"{suite}."): r for r in results}
    return [(f, by_name[f["check"]].check, n in by_name[f["check"]].rows) for n, f in enumerate(found)]


def _known(suite: str, found: Found) -> Found:
    names = {c.name.removeprefix(f"{suite}.") for c in suites.load(suite)}
    return [f for f in found if f["check"] in names]


def _findings(staged: Staged) -> list[Finding]:
    from pipeline.assemble.table_checks import findings

    return findings(*(staged.rows(name) for name in ("tables", "table_cells", "targets", "tasks", "documents")))


def _differences(staged: Staged) -> list[Difference]:
    from pipeline.assemble.table_differences import differences

    return differences(staged.rows("tasks"))


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
