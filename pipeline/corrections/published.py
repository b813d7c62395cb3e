"""What of corrections stands in the published dataset: their rows, their state, the sources of their issues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any

from pipeline.corrections.columns import identity
from pipeline.corrections.line import Correction
from pipeline.corrections.match import KEYS
from pipeline.query import query
from pipeline.storage import Location


class Rows:
    """The published rows of corrections, read an issue and table at a time."""

    def __init__(self, curated: Location) -> None:
        self.curated = curated
        self._known: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}

    def __call__(self, correction: Correction) -> Mapping[str, Any] | None:
        """What tells the row from others of its evidence; null where it is not published, or is corrected already."""
        row = self._of(correction.issue_id, correction.table).get(str(correction.row_id))
        if row is None or row.get("corrected_by") or row["quote"] != correction.quote:
            return None
        return identity(correction.table, row)

    def _of(self, issue_id: str, name: str) -> dict[str, Mapping[str, Any]]:
        if (issue_id, name) not in self._known:
            found = _rows(self.curated, f'SELECT * FROM "{name}" WHERE issue_id = ?', [issue_id])  # noqa: S608
            self._known[issue_id, name] = {row[KEYS[name]]: row for row in found}
        return self._known[issue_id, name]


def states(curated: Location) -> dict[str, str]:
    """Correction → applied, settled or failed, when its issue was last published."""
    found = _rows(curated, "SELECT observed FROM checks WHERE expectation = 'corrections.applied'")
    words = (row["observed"].split() for row in found)
    return {parts[0]: parts[-1] for parts in words}


def sources(curated: Location, raw: Path, issues: Sequence[str]) -> dict[str, Path | None]:
    """The file of each issue that is published, by its name and bytes; null where it does not stand in `raw`."""
    marks = ", ".join("?" * len(issues))
    sql = f"SELECT issue_id, source_file, source_sha256 FROM issues WHERE issue_id IN ({marks}) ORDER BY 1"  # noqa: S608
    found = _rows(curated, sql, list(issues)) if issues else []
    return {row["issue_id"]: _source(raw, row["source_file"], row["source_sha256"]) for row in found}


def _source(raw: Path, name: str, sha256: str) -> Path | None:
    for path in sorted(raw.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(raw).parts)  # earlier bytes, and their names
        if path.name == name and not hidden and path.is_file():
            with path.open("rb") as handle:
                if file_digest(handle, "sha256").hexdigest() == sha256:
                    return path
    return None


def _rows(curated: Location, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
    found = query(curated, sql, parameters)
    return list(found.to_pylist()) if found is not None else []
