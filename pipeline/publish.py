"""Records → Arrow tables → the files of an issue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import TYPE_CHECKING, Any

from schemas import TABLES, arrow_schema, table
from schemas.types import PRECISION, SCALE, Type

if TYPE_CHECKING:
    import pyarrow as pa

Record = Mapping[str, Any]
_STEP = Decimal(1).scaleb(-SCALE)
_LIMIT = Decimal(10) ** (PRECISION - SCALE)
_CONTEXT = Context(prec=PRECISION + SCALE, rounding=ROUND_HALF_EVEN)


class RecordError(ValueError):
    """A row that does not fit its table: a fault of the program, not of the bulletin."""


def to_tables(records: Mapping[str, Iterable[Record]]) -> dict[str, pa.Table]:
    """Arrow tables of one issue from rows as dicts: every table of the schema, rows in the order given.

    A column a row lacks is null (lists empty where they may not be null), and
    `issue_id` is that of the issue. RecordError for an unknown table or column, a value of the
    wrong type, or a null where the schema has none.
    """
    unknown = set(records) - set(TABLES)
    if unknown:
        raise RecordError(f"no such table: {', '.join(sorted(unknown))}")
    issues = list(records.get("issues", ()))
    issue_id = issues[0].get("issue_id") if issues else None
    return {name: _table(name, list(records.get(name, ())), issue_id) for name in TABLES}


def _table(name: str, rows: Sequence[Record], issue_id: str | None) -> pa.Table:
    import pyarrow as pa

    definition, schema = table(name), arrow_schema(name)
    _refuse_unknown(name, rows, frozenset(definition.names))
    arrays = []
    for column, field in zip(definition.columns, schema, strict=True):
        default = _default(column.name, column.kind, column.nullable, issue_id)
        values = [row.get(column.name, default) for row in rows]
        if default is not None:
            values = [default if value is None else value for value in values]
        if not column.nullable and None in values:
            raise RecordError(f"{name}.{column.name} is null in row {values.index(None)}")
        try:
            arrays.append(pa.array(_fit(values, column.kind), type=field.type))
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            raise RecordError(f"{name}.{column.name}: {error}") from error
    return pa.Table.from_arrays(arrays, schema=schema)


def _refuse_unknown(name: str, rows: Sequence[Record], known: frozenset[str]) -> None:
    for row in rows:
        if not known.issuperset(row):
            raise RecordError(f"{name} has no column {', '.join(sorted(set(row) - known))}")


def _default(name: str, kind: Type, nullable: bool, issue_id: str | None) -> Any:
    if name == "issue_id":
        return issue_id
    return [] if kind.name == "list" and not nullable else None


def _fit(values: list[Any], kind: Type) -> list[Any]:
    """Values with every decimal at the scale of the column; other types as they are."""
    if kind.name == "decimal":
        return [None if value is None else decimal_value(value) for value in values]
    if _has_decimal(kind):
        return [_fit_nested(value, kind) for value in values]
    return values


def _has_decimal(kind: Type) -> bool:
    inner = [kind.item] if kind.item else [k for _, k in kind.fields]
    return kind.name == "decimal" or any(_has_decimal(k) for k in inner)


def _fit_nested(value: Any, kind: Type) -> Any:
    if value is None:
        return None
    if kind.item is not None:
        return [_fit_nested(element, kind.item) for element in value]
    if kind.fields:
        return {name: _fit_nested(value.get(name), inner) for name, inner in kind.fields}
    return decimal_value(value) if kind.name == "decimal" else value


def decimal_value(value: Decimal | int | float | str) -> Decimal | None:
    """The number at six places after the point; null where decimal128(24, 6) cannot hold it."""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite() or abs(number) >= _LIMIT:
        return None
    rounded = number.quantize(_STEP, context=_CONTEXT)
    return rounded if abs(rounded) < _LIMIT else None
