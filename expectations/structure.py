"""The expectations that follow from `schemas/`: keys, nulls, vocabularies, references."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from expectations.suites import Check, Scope

#: Joins the elements of a list column in the flat frames.
LIST_MARK = "；"

#: Derived column that names the required columns that are null, null where there are none.
NULLS = "nulls"

#: Derived column that names the columns whose number is outside its range, null where there are none.
OUTSIDE = "outside"

#: A group that captures: pandas warns of them.
_GROUP = re.compile(r"(?<!\\)\((?!\?)")

#: Name after the table's, expectation, its arguments, meaning in Chinese and in English.
Parts = tuple[str, str, dict[str, Any], str, str]


@cache
def primary_key(table: str) -> tuple[str, ...]:
    """Columns of the primary key; () for a table without one."""
    import schemas

    return tuple(schemas.table(table).primary_key)


@cache
def references(table: str) -> tuple[tuple[str, str, str], ...]:
    """Foreign keys of one column: (column, other table, its column)."""
    found = (e for e in _structural(table) if e["type"] == "foreign_key" and len(e["columns"]) == 1)
    return tuple((e["columns"][0], e["table"], e["references"][0]) for e in found)


def reference_column(column: str, table: str) -> str:
    """Name of the derived column that holds the key found in the other table."""
    return f"{column}__in__{table}"


@cache
def structural(table: str) -> tuple[Check, ...]:
    """The structural expectations of a table as checks of the suite `<table>`."""
    checks = (_check(table, entry) for entry in _structural(table))
    return (*_merged(table), *(c for c in checks if c is not None))


@cache
def required(table: str) -> tuple[str, ...]:
    """Columns that are never null."""
    return tuple(e["column"] for e in _structural(table) if e["type"] == "not_null")


@cache
def limits(table: str) -> Mapping[str, tuple[float | None, float | None]]:
    """Lowest and highest value of the columns that have any."""
    return {e["column"]: (e["minimum"], e["maximum"]) for e in _structural(table) if e["type"] == "between"}


def _merged(table: str) -> Iterator[Check]:
    """One check for the nulls and one for the ranges of all columns: one each would treble the time of a run."""
    kind, scope = "expect_column_values_to_be_null", _scope(table)
    zh, en = "必填各列不为空", "Every required column is given"
    yield Check(table, f"{table}.required", table, kind, {"column": NULLS}, "error", scope, zh=zh, en=en)
    if limits(table):
        zh, en = "各列数值在范围之内", "Every number is within the range of its column"
        yield Check(table, f"{table}.ranges", table, kind, {"column": OUTSIDE}, "error", scope, zh=zh, en=en)


@cache
def _structural(table: str) -> tuple[Mapping[str, Any], ...]:
    import schemas

    return tuple(schemas.structural_expectations(table))


def _check(table: str, entry: Mapping[str, Any]) -> Check | None:
    """Null for what `_merged` takes, and for types and columns: `suites/schema.toml` compares them on the files."""
    translate = _TRANSLATIONS.get(entry["type"])
    if translate is None:
        return None
    name, kind, args, zh, en = translate(entry)
    return Check(table, f"{table}.{name}", table, kind, args, entry["severity"], _scope(table), zh=zh, en=en)


def _scope(table: str) -> Scope:
    """Without its row in `issues` nothing of an issue resolves."""
    return "issue" if table == "issues" else "row"


def _unique(entry: Mapping[str, Any]) -> Parts:
    columns = list(entry["columns"])
    name, zh, en = f"{'_'.join(columns)}.unique", "主键不重复", "The primary key is unique"
    if len(columns) == 1:
        return name, "expect_column_values_to_be_unique", {"column": columns[0]}, zh, en
    return name, "expect_compound_columns_to_be_unique", {"column_list": columns}, zh, en


def _foreign_key(entry: Mapping[str, Any]) -> Parts:
    column, other = entry["columns"][0], entry["table"]
    args = {"column_A": column, "column_B": reference_column(column, other)}
    kind = "expect_column_pair_values_to_be_equal"
    return f"{column}.in_{other}", kind, args, f"{column} 在 {other} 表中存在", f"{column} is a row of {other}"


def _in_set(entry: Mapping[str, Any]) -> Parts:
    column, values = entry["column"], list(entry["values"])
    name, zh, en = f"{column}.vocabulary", f"{column} 取自词表", f"{column} is of its vocabulary"
    if entry.get("each"):
        word = "|".join(map(re.escape, values))
        regex = f"^((?:{word})(?:{LIST_MARK}(?:{word}))*)?$"
        return name, "expect_column_values_to_match_regex", {"column": column, "regex": regex}, zh, en
    return name, "expect_column_values_to_be_in_set", {"column": column, "value_set": values}, zh, en


def _matches(entry: Mapping[str, Any]) -> Parts:
    column = entry["column"]
    args = {"column": column, "regex": _GROUP.sub("(?:", entry["pattern"])}
    kind = "expect_column_values_to_match_regex"
    return f"{column}.form", kind, args, f"{column} 合乎格式", f"{column} has its form"


_TRANSLATIONS: dict[str, Callable[[Mapping[str, Any]], Parts]] = {
    "unique": _unique,
    "foreign_key": _foreign_key,
    "in_set": _in_set,
    "matches": _matches,
}
