"""Staged issues against all suites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from expectations import findings, suites, together
from expectations.engine import Engine, Result
from expectations.frames import columns_of
from expectations.model import Refusal, Validation
from expectations.refusals import key_of, refuse
from expectations.staged import Staged, read_staged
from expectations.structure import structural
from expectations.suites import Check
from pipeline.corrections import SUITE as CORRECTIONS


def validate(staged: Path, *, data_docs: Path | None = None) -> Validation:
    """Try every suite on the staged files of an issue.

    `data_docs`: a folder for the pages that say what was checked, made anew.
    FileNotFoundError where the folder holds no text.
    """
    content, engine = read_staged(staged), Engine()
    (found,) = _validated(engine, [content], content.issue_id)
    if data_docs is not None:
        from expectations.data_docs import build

        build(engine, data_docs, found.checks)
    return found


def validate_all(staged: Sequence[Path]) -> list[Validation]:
    """What `validate` says of each of many issues, at a tenth of its time: they are asked in one run.

    FileNotFoundError where a folder holds no text.
    """
    return _together([read_staged(folder) for folder in staged])


def _together(issues: Sequence[Staged]) -> list[Validation]:
    """Issues whose answers cannot be told apart in one run are asked alone."""
    if not issues:
        return []
    try:
        return _validated(Engine(), issues, issues[0].issue_id)
    except together.ApartError as error:
        alone = {n: _validated(Engine(), [issues[n]], issues[n].issue_id)[0] for n in error.parts}
        others = iter(_together([issue for n, issue in enumerate(issues) if n not in alone]))
        return [alone[n] if n in alone else next(others) for n in range(len(issues))]


def _validated(engine: Engine, issues: Sequence[Staged], name: str) -> list[Validation]:
    """All suites on issues in one run each; `name` is the run's."""
    results = _of_tables(engine, issues, name)
    refused = [refuse(content, found) for content, found in zip(issues, results, strict=True)]
    for more in (_of_schema(engine, issues, name), _of_volume(engine, issues, refused, name)):
        for found, added in zip(results, more, strict=True):
            found += added
    relations = findings.rows(engine, issues, name)
    return [
        Validation(
            content.issue_id,
            (*(_row(content, r) for r in found), *related, *_found_before(content)),
            gone,
            _reason(content, found, gone),
        )
        for content, found, gone, related in zip(issues, results, refused, relations, strict=True)
    ]


def checks_of(table: str, grounded: bool) -> tuple[Check, ...]:
    """All checks of the rows of a table: those of its schema, of its grounding and of its own suite."""
    own = suites.load(table) if table in suites.names() else ()
    shared = suites.load("grounding") if grounded else ()
    rebound = (replace(c, suite=table, table=table, name=f"{table}.{c.name}") for c in shared)
    return (*structural(table), *rebound, *own)


def _of_tables(engine: Engine, issues: Sequence[Staged], name: str) -> list[list[Result]]:
    results: list[list[Result]] = [[] for _ in issues]
    if len({tuple(staged.tables) for staged in issues}) > 1:
        raise together.ApartError(range(len(issues)))
    for table in issues[0].tables:
        if table == "checks":
            continue
        parts = [columns_of(staged, table) for staged in issues]
        checks = checks_of(table, grounded="evidence" in parts[0])
        for found, added in zip(results, together.run(engine, table, checks, parts, name), strict=True):
            found += added
    return results


def _of_schema(engine: Engine, issues: Sequence[Staged], name: str) -> list[list[Result]]:
    return together.run(engine, "schema", suites.load("schema"), [_columns(_types(s)) for s in issues], name)


def _types(staged: Staged) -> list[dict[str, Any]]:
    """Each column of the staged files with the type that was written and the type that `schemas/` defines."""
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
    return rows


def _of_volume(
    engine: Engine, issues: Sequence[Staged], refused: Sequence[Mapping[str, tuple[Refusal, ...]]], name: str
) -> list[list[Result]]:
    parts = [_columns([_volume(*pair)]) for pair in zip(issues, refused, strict=True)]
    return together.run(engine, "volume", suites.load("volume"), parts, name)


def _volume(staged: Staged, refused: Mapping[str, tuple[Refusal, ...]]) -> dict[str, Any]:
    total = sum(content.num_rows for content in staged.tables.values())
    share = sum(map(len, refused.values())) / total if total else 0.0
    return {"row_key": staged.issue_id, "text_length": len(staged.text), "refused_share": share}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    columns = {name: [row[name] for row in rows] for name in rows[0]} if rows else {}
    return {**columns, "row_no": list(range(len(rows)))}


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
