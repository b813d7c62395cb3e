"""The notation of column types: `string`, `list<string>`, `struct<a:string,b:decimal>`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

SCALARS = frozenset({"string", "int32", "float64", "bool", "date32", "timestamp", "decimal"})
#: Digits in all and after the point of every decimal column.
PRECISION, SCALE = 24, 6


@dataclass(frozen=True, slots=True)
class Type:
    """A column type: a scalar name, or `list` of `item`, or `struct` of named `fields`."""

    name: str
    item: Type | None = None
    fields: tuple[tuple[str, Type], ...] = ()


@cache
def parse_type(notation: str) -> Type:
    """The type that the notation writes; ValueError for any other text."""
    notation = notation.strip()
    if notation in SCALARS:
        return Type(notation)
    head, _, rest = notation.partition("<")
    if head in ("list", "struct") and rest.endswith(">"):
        inner = rest[:-1]
        if head == "list":
            return Type("list", item=parse_type(inner))
        parts = (part.partition(":") for part in _split(inner))
        return Type("struct", fields=tuple((name.strip(), parse_type(kind)) for name, _, kind in parts))
    raise ValueError(f"not a column type: {notation!r}")


def _split(text: str) -> list[str]:
    """Parts between commas outside any angle bracket."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char == "<") - (char == ">")
        if char == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]
