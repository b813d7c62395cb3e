"""Parquet with fixed writer options: equal tables give equal bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows of a group in files of many issues: small enough that a query for one of them reads little.
MERGED_GROUP = 32_768


def write_parquet(content: pa.Table, path: Path | pa.NativeFile, *, group: int | None = None) -> None:
    """One Parquet file (or open Arrow file), with `group` rows in each group, all in one by default."""
    import pyarrow.parquet as pq

    pq.write_table(
        content,
        path,
        version="2.6",
        compression="zstd",
        compression_level=3,
        data_page_version="1.0",
        row_group_size=group,
    )
