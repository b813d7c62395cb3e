"""The Frictionless data package descriptor of the published dataset."""

from __future__ import annotations

from typing import Any

from schemas.definition import Column, Table, tables, vocabularies, warnings
from schemas.view import View, views

_TYPES = {
    "string": "string",
    "int32": "integer",
    "float64": "number",
    "bool": "boolean",
    "date32": "date",
    "timestamp": "datetime",
    "decimal": "number",
    "list": "array",
    "struct": "object",
}


def datapackage() -> dict[str, Any]:
    """The descriptor: one tabular resource per table, over all its partitions."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "gongbao",
        "title": "政府公报任务数据集 Task records of government gazettes",
        "description": "每条记录都附原文与位置。Every record carries its words and their place.",
        "resources": [resource(t) for t in tables()],
        "gongbao:views": [_view(v) for v in views()],
        "gongbao:vocabularies": vocabularies(),
        "gongbao:warnings": warnings(),
    }


def resource(definition: Table) -> dict[str, Any]:
    """The entry of one table."""
    # Nulls are Parquet's own: an empty string is a value (the label of a preface).
    schema: dict[str, Any] = {"fields": [_field(c) for c in definition.columns], "missingValues": []}
    if definition.primary_key:
        schema["primaryKey"] = list(definition.primary_key)
    schema["foreignKeys"] = [
        {"fields": list(k.columns), "reference": {"resource": k.table, "fields": list(k.references)}}
        for k in definition.foreign_keys
    ]
    return {
        "name": definition.name,
        "type": "table",
        "title": f"{definition.title_zh} {definition.title_en}",
        "description": f"{definition.description_zh} {definition.description_en}",
        "path": f"{definition.name}/province=*/year=*/*.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": schema,
        "gongbao:partitions": ["province", "year"],
        "gongbao:warnings": list(definition.warnings),
    }


def _view(definition: View) -> dict[str, Any]:
    return {
        "name": definition.name,
        "title": f"{definition.title_zh} {definition.title_en}",
        "description": f"{definition.description_zh} {definition.description_en}",
        "fields": [_field(c) for c in definition.columns],
        "gongbao:warnings": list(definition.warnings),
    }


def _field(column: Column) -> dict[str, Any]:
    limits = {
        "required": not column.nullable or None,
        "enum": list(column.values) if column.values is not None else None,
        "pattern": column.form,
        "minimum": column.minimum,
        "maximum": column.maximum,
    }
    constraints = {key: value for key, value in limits.items() if value is not None}
    field = {
        "name": column.name,
        "type": _TYPES[column.kind.name],
        "title": f"{column.title_zh} {column.title_en}",
        "description": f"{column.description_zh} {column.description_en}",
        "constraints": constraints,
        "gongbao:arrow": column.type,
        "gongbao:unit": column.unit,
        "gongbao:vocabulary": column.vocabulary,
        "gongbao:warnings": list(column.warnings),
    }
    return {key: value for key, value in field.items() if value not in (None, {}, [])}
