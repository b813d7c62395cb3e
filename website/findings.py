"""Findings of checks, and residuals by their reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.rules import explain
from website.reading import Row, rows

if TYPE_CHECKING:
    import duckdb

_SHOWN = 40  # residuals of a reason on their page; all of an issue's are on the page

_FAILED = """
SELECT issue_id, suite, expectation, "table", "column", severity, observed, unexpected_ids, message FROM checks
WHERE NOT success ORDER BY severity, suite, expectation, issue_id, "table", "column", message, observed
"""
_HELD = """
SELECT suite, expectation, severity, min(message) AS message, count(*) AS n, count(*) FILTER (success) AS held
FROM checks GROUP BY suite, expectation, severity ORDER BY suite, expectation, severity
"""
_REASONS = """
SELECT kind, reason, count(*) AS n, count(DISTINCT issue_id) AS issues FROM residuals GROUP BY ALL
ORDER BY n DESC, kind, reason
"""
_EXAMPLES = """
SELECT kind, reason, residual_id, issue_id, quote, page, line FROM residuals
QUALIFY row_number() OVER (PARTITION BY kind, reason ORDER BY issue_id, char_start, residual_id) <= ?
ORDER BY kind, reason, issue_id, char_start, residual_id
"""


def note(rule: str | None) -> str:
    """What a rule does, in a sentence; nothing for an id without a note."""
    found = explain(rule) if rule else None
    return str(found.get("note", "")) if found else ""


def doubt(reason: str) -> str:
    """What a reason of review means: the note of the rule behind `owner: owner_unknown`."""
    mark = reason.partition(":")[2].strip() or reason
    return note(mark) or note(f"confidence.{mark}")


def checks(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Row]]:
    """What did not hold, one by one, and how often each expectation held."""
    failed, held = rows(connection, _FAILED), rows(connection, _HELD)
    for row in (*failed, *held):
        # A message says what must hold in Chinese, then, behind a dot, the same in English or what was found.
        row["head"], _, row["detail"] = (row["message"] or row["expectation"]).partition(" · ")
        row["note"] = note(row["expectation"])
    return {"failed": failed, "held": held}


def residuals(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Reasons, the most frequent first, each with its note and its first residuals."""
    reasons = rows(connection, _REASONS)
    examples: dict[tuple[str, str], list[Row]] = {}
    for row in rows(connection, _EXAMPLES, [_SHOWN]):
        examples.setdefault((row["kind"], row["reason"]), []).append(row)
    return [
        {**reason, "note": note(reason["reason"]), "examples": examples[reason["kind"], reason["reason"]]}
        for reason in reasons
    ]
