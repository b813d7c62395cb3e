"""The staged files of one issue: `<table>.parquet` and the canonical text, as `pipeline.publish.stage` writes them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Staged:
    """What stands in a staging folder; a table without a file is not in `tables`."""

    tables: dict[str, pa.Table]
    text: str

    @cached_property
    def issue_id(self) -> str:
        """The id that the `issues` table gives; "" where it has no row."""
        issues = self.tables.get("issues")
        return str(issues["issue_id"][0].as_py()) if issues is not None and issues.num_rows else ""


def read_staged(folder: Path) -> Staged:
    """Read a staging folder. FileNotFoundError where it holds no text."""
    import pyarrow.parquet as pq

    tables = {p.stem: pq.ParquetFile(p).read() for p in sorted(folder.glob("*.parquet"))}
    texts = sorted(folder.glob("*.txt"))
    if not texts:
        raise FileNotFoundError(f"{folder}: no canonical text among the staged files")
    return Staged(tables, texts[0].read_text(encoding="utf-8"))
