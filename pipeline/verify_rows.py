"""What may be wrong with the rows of an issue: their place, keys and quotes. A line for each fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipeline.published import folder_of
from schemas import TABLES, arrow_schema, table

if TYPE_CHECKING:
    import pyarrow as pa


def place_faults(path: str, manifest: dict[str, Any], content: pa.Table) -> Iterator[str]:
    """A file that should stand elsewhere, or has other columns, issues or rows than it should."""
    name, issue_id = path.partition("/")[0], manifest["issue_id"]
    expected = f"{name}/{folder_of(manifest['province'], manifest['year'])}/{issue_id}.parquet"
    if path != expected:
        yield f"{path}: should be {expected}"
    if name not in TABLES or not content.schema.equals(arrow_schema(name)):
        yield f"{path}: columns are not those of the definition"
    elif set(content["issue_id"].to_pylist()) - {issue_id}:
        yield f"{path}: rows of another issue"
    elif content.num_rows != manifest["files"][path].get("rows"):
        yield f"{path}: not the recorded number of rows"


def key_faults(name: str, tables: dict[str, pa.Table], issue_id: str) -> Iterator[str]:
    """Keys of an issue's table that stand twice, or lead nowhere."""
    yield from repeated_keys(name, tables[name], f"{issue_id} {name}")
    for foreign in table(name).foreign_keys:
        known = set(_tuples(tables[foreign.table], foreign.references)) if foreign.table in tables else set()
        for key in sorted(set(_tuples(tables[name], foreign.columns)) - known, key=str):
            if None not in key:
                yield f"{issue_id} {name}.{foreign.columns[0]} {_shown(key)}: not in {foreign.table}"


def repeated_keys(name: str, content: pa.Table, words: str) -> Iterator[str]:
    """Keys that stand twice in a table."""
    key_columns, seen = table(name).primary_key, set()
    for key in _tuples(content, key_columns) if key_columns else ():
        if key in seen:
            yield f"{words} {_shown(key)}: key stands twice"
        seen.add(key)


def _tuples(content: pa.Table, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    return zip(*(content[c].to_pylist() for c in columns), strict=True)


def _shown(key: tuple[Any, ...]) -> str:
    return " ".join(map(str, key))


def quote_faults(name: str, content: pa.Table, text: str, issue_id: str) -> Iterator[str]:
    """Rows whose quote is not what the text has at their place."""
    names = table(name).names
    if "quote" not in names:
        return
    places = zip(*(content[c].to_pylist() for c in ("char_start", "char_end", "quote", names[0])), strict=True)
    for start, end, quote, key in places:
        if start is None and end is None:
            continue
        if start is None or end is None or not 0 <= start <= end <= len(text) or text[start:end] != quote:
            yield f"{issue_id} {name} {key}: text[{start}:{end}] is not its quote"
