"""Which columns a reviewer may set, and their values between JSON and the types of the tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from pipeline.publish import decimal_value
from schemas import Column, table

_TIME = ("starts_on", "due_on", "recurrence")
OWNERS = ("lead", "responsible", "support", "implement")
#: Columns of each table that can be set. All others are keys, evidence, or made from these.
EDITABLE: Mapping[str, frozenset[str]] = {
    "tasks": frozenset(
        ("action", "condition", "boilerplate", "modality", *OWNERS, "deadline", *_TIME, "due_precision")
    ),
    "responsibilities": frozenset(("name", "role", "printed", "task_id")),
    "deadlines": frozenset(("printed", *_TIME, "precision", "basis", "action", "task_id")),
    "targets": frozenset(
        (
            *("kind", "indicator", "scope", "region_code", "op", "low", "high", "unit", "unit_code", "dimension"),
            *("change", "form", "per", "baseline", "baseline_value", "baseline_on", *_TIME, "modality", "soft"),
            *("printed", "task_id"),
        )
    ),
}
TABLES = tuple(EDITABLE)
#: What tells rows of one evidence apart: 2024、2025年分别完成105、157个 is two tasks of one clause.
IDENTITY: Mapping[str, tuple[str, ...]] = {
    "tasks": ("action", *_TIME, "table_row"),
    "responsibilities": ("name", "role"),
    "deadlines": _TIME,
    "targets": ("indicator", "op", "low", "high", "unit"),
}
#: What an added row has to say, where nothing stands in for it.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "tasks": ("action",),
    "responsibilities": ("name", "role"),
    "deadlines": (),
    "targets": ("kind", "op", "low", "unit"),
}
_ELSEWHERE = {"target": "targets", "targets": "targets"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LONGEST = 2000  # characters of a text


def value_of(name: str, column: str, value: Any) -> Any:
    """A JSON value in the type of a column of a table; ValueError, one line, where it does not fit."""
    if column not in EDITABLE[name]:
        where = f"edit the rows of {_ELSEWHERE[column]}" if column in _ELSEWHERE else "it cannot be edited"
        raise ValueError(f"fields.{column}: {where}; of {name} can be: {', '.join(sorted(EDITABLE[name]))}")
    definition = table(name).column(column)
    if value is None or value == "":
        if not definition.nullable:
            raise ValueError(f"fields.{column}: must not be null")
        return None
    try:
        return _constrained(definition, _READERS[definition.type](value))
    except (ValueError, TypeError, InvalidOperation) as error:
        raise ValueError(f"fields.{column}: {error if str(error) else 'not a value'}: {_shown(value)}") from None


def _shown(value: Any) -> str:
    return _CONTROL.sub(" ", repr(value))[:60]


def _constrained(column: Column, value: Any) -> Any:
    for one in value if isinstance(value, list) else [value]:
        if column.values is not None and one not in column.values:
            raise ValueError(f"not one of {', '.join(column.values)}")
        if column.form is not None and not re.fullmatch(column.form, str(one)):
            raise ValueError(f"not of the form {column.form}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("no text")
    flat = " ".join(value.split())
    if len(flat) > _LONGEST or _CONTROL.search(flat):
        raise ValueError(f"a text without control characters, at most {_LONGEST}")
    return unicodedata.normalize("NFC", flat)


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise ValueError("no list of texts")
    return list(dict.fromkeys(map(_text, value)))


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _day(value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise ValueError("no date as 2024-03-15")
    return date.fromisoformat(value)


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        raise ValueError("no number")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError("no number") from None
    fitted = decimal_value(number)
    if fitted is None or fitted != number:
        raise ValueError("no number of decimal(24, 6)")
    return fitted


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "string": _text,
    "list<string>": _texts,
    "bool": _bool,
    "date32": _day,
    "decimal": _decimal,
}


def as_json(value: Any) -> Any:
    """A value of a row as corrections write it: dates in ISO 8601, numbers as text without trailing zeros."""
    if isinstance(value, Decimal):
        text = format(value, "f")
        return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
    if isinstance(value, date):
        return value.isoformat()
    return [as_json(one) for one in value] if isinstance(value, (list, tuple)) else value


def identity(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """What tells a row from others of its evidence, as JSON values."""
    return {column: as_json(row.get(column)) for column in IDENTITY[name]}
