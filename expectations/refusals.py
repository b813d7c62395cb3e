"""Which rows go when some are refused: the rows themselves and all that depend on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from expectations.engine import Result
from expectations.model import Refusal
from expectations.staged import Staged
from expectations.structure import primary_key, references


def refuse(staged: Staged, results: Iterable[Result]) -> dict[str, tuple[Refusal, ...]]:
    """Refused rows by table, in row order. A row is named once, with the first expectation that it fails."""
    refused: dict[str, dict[int, Refusal]] = {}
    for result in results:
        check = result.check
        if check.severity == "error" and check.scope == "row":
            rows = refused.setdefault(check.table, {})
            for row in result.rows:
                rows.setdefault(row, Refusal(row, key_of(staged, check.table, row), check.name))
    while _spread(staged, refused):
        pass
    return {table: tuple(rows[n] for n in sorted(rows)) for table, rows in refused.items() if rows}


def key_of(staged: Staged, table: str, row: int) -> str:
    """The primary key of a row, its parts joined by ":"; "row n" for a table without one."""
    names = primary_key(table)
    return ":".join(str(staged.tables[table][n][row].as_py()) for n in names) if names else f"row {row}"


def _spread(staged: Staged, refused: dict[str, dict[int, Refusal]]) -> bool:
    """Refuse the rows that point to a refused row; whether there were any new ones."""
    found = False
    for table, row, refusal in list(_dependants(staged, refused)):
        if row not in refused.setdefault(table, {}):
            refused[table][row] = refusal
            found = True
    return found


def _dependants(staged: Staged, refused: Mapping[str, Mapping[int, Refusal]]) -> Iterator[tuple[str, int, Refusal]]:
    for table in staged.tables:
        for column, other, key in references(table):
            rows = refused.get(other)
            if not rows or other == "issues":
                continue
            lost = {staged.tables[other][key][n].as_py(): r for n, r in rows.items()}
            for n, value in enumerate(staged.tables[table][column].to_pylist()):
                if value in lost:
                    cause = lost[value]
                    yield table, n, Refusal(n, key_of(staged, table, n), cause.expectation, via=cause.key)
