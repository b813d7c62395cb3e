"""CSV that Excel opens by a double click: UTF-8 with a byte order mark, no cell that runs as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from pipeline.export.content import EXPLAINED, Part, as_text, explained
from pipeline.export.neutral import neutralised

COLUMNS = "columns.csv"


def write_csv(part: Part, path: Path) -> int:
    """One part as a file; its number of rows. Heads are the names of the columns."""
    with _opened(path) as handle:
        writer = csv.writer(handle, lineterminator="\r\n")
        writer.writerow(part.definition.names)
        count = 0
        for batch in part.batches:
            writer.writerows([_cell(value) for value in row] for row in batch)
            count += len(batch)
    return count


def write_columns(parts: Iterable[Part], path: Path) -> None:
    """What the columns of the parts mean."""
    with _opened(path) as handle:
        writer = csv.writer(handle, lineterminator="\r\n")
        writer.writerow(EXPLAINED)
        writer.writerows(map(neutralised, row) for part in parts for row in explained(part.definition))


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        yield handle


def _cell(value: Any) -> Any:
    value = as_text(value)
    if isinstance(value, str):
        return neutralised(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, (date, datetime)) else value
