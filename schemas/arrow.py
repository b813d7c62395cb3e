"""Arrow schemas from the definition."""

from __future__ import annotations

from functools import cache

import pyarrow as pa

from schemas.definition import Column, Table, allowed, table, warnings
from schemas.types import PRECISION, SCALE, Type

_SCALARS: dict[str, pa.DataType] = {
    "string": pa.string(),
    "int32": pa.int32(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "date32": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "decimal": pa.decimal128(PRECISION, SCALE),
}


def arrow_type(kind: Type) -> pa.DataType:
    """The Arrow type of a column type."""
    if kind.item is not None:
        return pa.list_(arrow_type(kind.item))
    if kind.fields:
        return pa.struct([pa.field(name, arrow_type(inner)) for name, inner in kind.fields])
    return _SCALARS[kind.name]


def _metadata(column: Column) -> dict[str, str]:
    entries = {
        "title_zh": column.title_zh,
        "title_en": column.title_en,
        "description_zh": column.description_zh,
        "description_en": column.description_en,
        "unit": column.unit,
        "values": ",".join(column.values or ()),
        "vocabulary": column.vocabulary,
        "warnings": ",".join(column.warnings),
    }
    return {key: value for key, value in entries.items() if value}


@cache
def arrow_schema(name: str) -> pa.Schema:
    """The Arrow schema of a table; metadata in UTF-8 (docs/access.md has what). KeyError for an unknown name."""
    definition = table(name)
    fields = [
        pa.field(c.name, arrow_type(c.kind), nullable=c.nullable, metadata=_metadata(c)) for c in definition.columns
    ]
    return pa.schema(fields, metadata=_explained(definition))


def _explained(definition: Table) -> dict[str | bytes, str | bytes]:
    """Metadata of the table: what it is, and once in words each warning and vocabulary that its fields name."""
    columns = definition.columns
    named = sorted({*definition.warnings, *(w for c in columns for w in c.warnings)})
    words = sorted({c.vocabulary for c in columns if c.vocabulary})
    metadata: dict[str | bytes, str | bytes] = {
        "table": definition.name,
        "title_zh": definition.title_zh,
        "title_en": definition.title_en,
        "description_zh": definition.description_zh,
        "description_en": definition.description_en,
        "warnings": ",".join(definition.warnings),
        **{f"warning:{w}": f"{warnings()[w]['zh']} {warnings()[w]['en']}" for w in named},
        **{f"vocabulary:{w}": allowed(w) for w in words},
    }
    return {key: value for key, value in metadata.items() if value}
