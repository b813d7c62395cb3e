"""The staged files of one issue: `<table>.parquet` and the canonical text, as `pipeline.publish.stage` writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Staged:
    """What stands in a staging folder; a table without a file is not in `tables`."""

    tables: dict[str, pa.Table]
    text: str
    _rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict, repr=False, compare=False)
    _indexes: dict[tuple[str, str], dict[Any, dict[str, Any]]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def issue_id(self) -> str:
        """The id that the `issues` table gives; "" where it has no row."""
        issues = self.tables.get("issues")
        return str(issues["issue_id"][0].as_py()) if issues is not None and issues.num_rows else ""

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table as dicts, made once; none for a table without a file. Not to be changed."""
        if table not in self._rows:
            self._rows[table] = self.tables[table].to_pylist() if table in self.tables else []
        return self._rows[table]

    def index(self, table: str, key: str) -> dict[Any, dict[str, Any]]:
        """The rows of a table by the value of a column, made once; the last one where a value comes twice."""
        if (table, key) not in self._indexes:
            self._indexes[table, key] = {row[key]: row for row in self.rows(table)}
        return self._indexes[table, key]


def read_staged(folder: Path) -> Staged:
    """Read a staging folder. FileNotFoundError where it holds no text."""
    import pyarrow.parquet as pq

    tables = {p.stem: pq.ParquetFile(p).read() for p in sorted(folder.glob("*.parquet"))}
    texts = sorted(folder.glob("*.txt"))
    if not texts:
        raise FileNotFoundError(f"{folder}: no canonical text among the staged files")
    return Staged(tables, texts[0].read_text(encoding="utf-8"))
