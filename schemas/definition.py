"""Tables and columns as the TOML files define them, read when first asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from schemas.types import Type, parse_type

#: All tables of an issue, a referenced one before those that refer to it where it can be.
TABLES = (
    "issues",
    "documents",
    "measures",
    "tasks",
    "responsibilities",
    "deadlines",
    "targets",
    "tables",
    "table_cells",
    "organisations",
    "checks",
    "residuals",
)
#: Tables made from all issues together, whole each time (TABLES are those that each issue has rows of).
DERIVED = ("continuity",)
#: Tables that only a release has: made by comparing it with the one before.
RELEASED = ("changes",)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it means and what it may hold."""

    name: str
    type: str  # notation of schemas.types
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    nullable: bool
    unit: str | None = None
    vocabulary: str | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    warnings: tuple[str, ...] = ()

    @property
    def kind(self) -> Type:
        return parse_type(self.type)

    @property
    def values(self) -> tuple[str, ...] | None:
        """Allowed values; null where the vocabulary is open or there is none."""
        words = vocabularies()[self.vocabulary] if self.vocabulary else {}
        return None if not words or "pattern" in words else tuple(words["values"])

    @property
    def form(self) -> str | None:
        """Regular expression every value matches: its own or that of its open vocabulary."""
        return self.pattern or (vocabularies()[self.vocabulary].get("pattern") if self.vocabulary else None)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Non-null values of `columns` stand in `references` of `table`."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A published table."""

    name: str
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    display: tuple[str, ...]  # columns that fit a terminal
    warnings: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of this name; KeyError for no such column."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name!r}")


@cache
def load(path: str) -> dict[str, Any]:
    """A TOML file of this package, read once."""
    return tomllib.loads(files("schemas").joinpath(*path.split("/")).read_text(encoding="utf-8"))


def vocabularies() -> dict[str, Any]:
    """Vocabulary by name: `values` (value → [Chinese, English]) and, if open, `pattern`."""
    return load("vocabularies.toml")


def allowed(vocabulary: str) -> str:
    """A vocabulary on one line: `lead = 牵头 leads; support = …`."""
    words = vocabularies()[vocabulary]["values"]
    return "; ".join(f"{value} = {zh} {en}" for value, (zh, en) in words.items())


def warnings() -> dict[str, dict[str, str]]:
    """Usage warning by name, in `zh` and `en`."""
    return load("warnings.toml")


def make_column(name: str, own: Mapping[str, Any], nullable: bool) -> Column:
    """A column by what `fields.toml` says of its name and what its table says on top of that."""
    shared = load("fields.toml").get(name, {})
    merged = {**shared, **own}
    merged["warnings"] = tuple(merged.get("warnings", ()))
    return Column(name=name, nullable=nullable, **merged)


@cache
def table(name: str) -> Table:
    """The definition of a table; KeyError for an unknown name."""
    if name not in (*TABLES, *DERIVED, *RELEASED):
        raise KeyError(f"no table {name!r}; there are {', '.join((*TABLES, *DERIVED, *RELEASED))}")
    raw = load(f"tables/{name}.toml")
    own, required = raw.get("field", {}), frozenset(raw["required"])
    keys = raw.get("foreign_keys", ())
    return Table(
        name=name,
        title_zh=raw["title_zh"],
        title_en=raw["title_en"],
        description_zh=raw["description_zh"],
        description_en=raw["description_en"],
        columns=tuple(make_column(c, own.get(c, {}), c not in required) for c in raw["columns"]),
        primary_key=tuple(raw["primary_key"]),
        foreign_keys=tuple(
            ForeignKey(tuple(k["columns"]), k["table"], tuple(k.get("references", k["columns"]))) for k in keys
        ),
        display=tuple(raw["display"]),
        warnings=tuple(raw.get("warnings", ())),
    )


def released() -> tuple[Table, ...]:
    """The tables that only a release has."""
    return tuple(table(name) for name in RELEASED)


def tables() -> tuple[Table, ...]:
    """All tables in the order of TABLES and DERIVED."""
    return tuple(table(name) for name in (*TABLES, *DERIVED))
