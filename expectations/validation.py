"""One staged issue against all suites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations import findings, suites
from expectations.engine import Engine, Result
from expectations.frames import frame
from expectations.model import Refusal, Validation
from expectations.refusals import key_of, refuse
from expectations.staged import Staged, read_staged
from expectations.structure import structural
from expectations.suites import Check
from pipeline.corrections import SUITE as CORRECTIONS

if TYPE_CHECKING:
    import pandas as pd


def validate(staged: Path, *, data_docs: Path | None = None) -> Validation:
    """Try every suite on the staged files of an issue.

    `data_docs`: a folder for the pages that say what was checked, made anew.
    FileNotFoundError where the folder holds no text.
    """
    content, engine = read_staged(staged), Engine()
    results = _of_tables(engine, content)
    refused = refuse(content, results)
    results += _of_schema(engine, content) + _of_volume(engine, content, refused)
    checks = [_row(content, r) for r in results] + findings.rows(engine, content) + _found_before(content)
    if data_docs is not None:
        from expectations.data_docs import build

        build(engine, data_docs, checks)
    return Validation(content.issue_id, tuple(checks), refused, _reason(content, results, refused))


def checks_of(table: str, grounded: bool) -> tuple[Check, ...]:
    """All checks of the rows of a table: those of its schema, of its grounding and of its own suite."""
    own = suites.load(table) if table in suites.names() else ()
    shared = suites.load("grounding") if grounded else ()
    rebound = (replace(c, suite=table, table=table, name=f"{table}.{c.name}") for c in shared)
    return (*structural(table), *rebound, *own)


def _of_tables(engine: Engine, staged: Staged) -> list[Result]:
    results: list[Result] = []
    for table in staged.tables:
        if table == "checks":
            continue
        flat = frame(staged, table)
        checks = checks_of(table, grounded="evidence" in flat.columns)
        results += engine.run(table, checks, flat, staged.issue_id)
    return results


def _of_schema(engine: Engine, staged: Staged) -> list[Result]:
    import schemas

    rows = []
    for table, content in staged.tables.items():
        written = {f.name: f.type for f in content.schema}
        defined = {f.name: f.type for f in schemas.arrow_schema(table)}
        for column in sorted(written.keys() | defined.keys()):
            # Equality of Arrow types leaves out what Parquet calls the elements of a list.
            same = written.get(column) == defined.get(column)
            types = {"defined": _text(defined.get(column))}
            types["written"] = types["defined"] if same else _text(written.get(column))
            rows.append({"row_key": f"{table}.{column}", **types})
    return engine.run("schema", suites.load("schema"), _frame(rows), staged.issue_id)


def _of_volume(engine: Engine, staged: Staged, refused: Mapping[str, tuple[Refusal, ...]]) -> list[Result]:
    total = sum(content.num_rows for content in staged.tables.values())
    share = sum(map(len, refused.values())) / total if total else 0.0
    row = {"row_key": staged.issue_id, "text_length": len(staged.text), "refused_share": share}
    return engine.run("volume", suites.load("volume"), _frame([row]), staged.issue_id)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    flat = pd.DataFrame(rows)
    flat["row_no"] = range(len(rows))
    return flat


def _row(staged: Staged, result: Result) -> dict[str, Any]:
    """A row of the table `checks`."""
    check = result.check
    real = check.table in staged.tables
    return {
        "issue_id": staged.issue_id,
        "suite": check.suite,
        "expectation": check.name,
        "table": check.table if real else None,
        "column": check.columns[0] if check.columns else None,
        "severity": check.severity,
        "success": result.success,
        "observed": result.observed,
        "unexpected_ids": [key_of(staged, check.table, n) if real else f"row {n}" for n in result.rows],
        "message": None if result.success else result.trouble or f"{check.zh} · {check.en}",
    }


def _found_before(staged: Staged) -> list[dict[str, Any]]:
    """Rows of `checks` that are staged with an issue: what became of corrections."""
    rows = staged.tables["checks"].to_pylist() if "checks" in staged.tables else []
    return [row for row in rows if row["suite"] == CORRECTIONS]


def _reason(staged: Staged, results: Iterable[Result], refused: Mapping[str, tuple[Refusal, ...]]) -> str | None:
    """Why the issue is held back, null where it is not."""
    for result in results:
        check = result.check
        if result.success or check.severity != "error":
            continue
        if check.scope == "issue" or result.trouble:
            seen = result.trouble or (f"observed {result.observed}" if result.observed else "")
            return f"{check.name}: {check.en}" + (f" ({seen})" if seen else "")
    documents = staged.tables.get("documents")
    lost = refused.get("documents", ())
    if documents is not None and documents.num_rows and len(lost) == documents.num_rows:
        return f"{lost[0].expectation}: every document is refused"
    return None
