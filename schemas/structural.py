"""What must hold of every table by its definition alone, as plain data."""

from __future__ import annotations

from typing import Any

from schemas.definition import Column, Table, table


def structural_expectations(name: str) -> list[dict[str, Any]]:
    """Expectations of a table, each a dict with `type` and `severity` "error" and by type:

    columns      columns: names in order
    column_type  column, arrow: notation of schemas.types
    not_null     column
    unique       columns
    foreign_key  columns, table, references (rows with a null in `columns` are free)
    in_set       column, values, each (true: of every element of a list)
    matches      column, pattern
    between      column, minimum, maximum (either may be null)
    KeyError for an unknown table.
    """
    definition = table(name)
    found: list[dict[str, Any]] = [{"type": "columns", "columns": list(definition.names)}]
    for column in definition.columns:
        found += _of_column(column)
    found += _of_keys(definition)
    return [{**expectation, "severity": "error"} for expectation in found]


def _of_column(column: Column) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"type": "column_type", "column": column.name, "arrow": column.type}]
    if not column.nullable:
        found.append({"type": "not_null", "column": column.name})
    if column.values is not None:
        each = column.kind.name == "list"
        found.append({"type": "in_set", "column": column.name, "values": list(column.values), "each": each})
    if column.form is not None:
        found.append({"type": "matches", "column": column.name, "pattern": column.form})
    if column.minimum is not None or column.maximum is not None:
        limits = {"minimum": column.minimum, "maximum": column.maximum}
        found.append({"type": "between", "column": column.name, **limits})
    return found


def _of_keys(definition: Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if definition.primary_key:
        found.append({"type": "unique", "columns": list(definition.primary_key)})
    for key in definition.foreign_keys:
        references = {"table": key.table, "references": list(key.references)}
        found.append({"type": "foreign_key", "columns": list(key.columns), **references})
    return found
