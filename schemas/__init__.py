"""The single definition of every published table (CONTRACT: The published dataset).

`tables/*.toml` say what each table holds; Arrow schemas, the data dictionary, `datapackage.json` and the structural
expectations are all made from them. `views/*` are the views over them, in SQL, from which `views.sql` is made.
`python -m schemas` writes the data dictionary again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.definition import DERIVED, TABLES, Column, ForeignKey, Table, table, tables
from schemas.structural import structural_expectations
from schemas.view import NAMES, VIEWS, View, definition, view, views

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "DERIVED",
    "NAMES",
    "TABLES",
    "VIEWS",
    "Column",
    "ForeignKey",
    "Table",
    "View",
    "arrow_schema",
    "datapackage",
    "definition",
    "structural_expectations",
    "table",
    "tables",
    "view",
    "views",
]


def arrow_schema(name: str) -> pa.Schema:
    """The Arrow schema of a table with titles, descriptions, units and warnings as metadata."""
    from schemas.arrow import arrow_schema as build

    return build(name)


def datapackage() -> dict[str, Any]:
    """The Frictionless descriptor of the published dataset."""
    from schemas.datapackage import datapackage as build

    return build()
