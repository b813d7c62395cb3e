"""The page of an issue: its text with the evidence of each record, its tables, and its records as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from schemas import Column, table
from schemas.definition import vocabularies
from website import marks
from website.findings import doubt, note
from website.grids import grid
from website.reading import Row
from website.rendering import json_text, page

#: What a reviewer may change or fill in, by table.
EDITABLE: Mapping[str, Sequence[str]] = {
    "tasks": (
        *("action", "modality", "lead", "responsible", "support", "implement"),
        *("deadline", "starts_on", "due_on", "due_precision", "recurrence", "condition", "boilerplate"),
    ),
    "responsibilities": ("name", "role", "printed"),
    "deadlines": ("printed", "starts_on", "due_on", "precision", "recurrence", "basis", "action"),
    "targets": (
        *("indicator", "kind", "scope", "op", "low", "high", "unit", "per", "change", "form", "baseline"),
        *("starts_on", "due_on", "recurrence", "modality", "printed"),
    ),
}
_LETTERS = {"tasks": "t", "responsibilities": "r", "deadlines": "d", "targets": "g", "residuals": "x"}
_GROUNDED = ("measure_id", "task_id", "char_start", "char_end", "page", "line", "quote")
_MORE = {
    "tasks": ("confidence", "review", "reasons", "target", "table_id", "table_row", "repeats_task_id", "corrected_by"),
    "responsibilities": ("match", "inherited", "confidence", "org_id", "corrected_by"),
    "deadlines": ("confidence", "corrected_by"),
    "targets": ("confidence_value", "corrected_by"),
    "residuals": ("kind", "reason"),
}


class DamagedError(ValueError):
    """A row whose offsets do not lie in the text of its issue."""


def issue_page(issue: Mapping[str, Any], content: Mapping[str, Sequence[Row]], text: str) -> bytes:
    """The page; DamagedError where text and rows are not of one publication."""
    names = _names(content)
    headings = marks.headings(content["documents"], content["measures"])
    items = {m["char_start"] for m in content["measures"]}
    found = list(_marks(content, names, text))
    return page(
        "issue.html",
        "../",
        issue=issue,
        lines=marks.lines(text, found, headings, items),
        documents=content["documents"],
        grids=_grids(content, names),
        content=json_text(_data(issue, content, text)),
    )


def form() -> dict[str, Any]:
    """The fields of the forms by table: title in both languages, type, allowed values."""
    return {name: {c.name: _field(c) for c in map(table(name).column, columns)} for name, columns in EDITABLE.items()}


def _field(column: Column) -> list[Any]:
    values = vocabularies()[column.vocabulary]["values"] if column.vocabulary else None
    return [column.title_zh, column.title_en, column.type, values, int(column.nullable)]


def _names(content: Mapping[str, Sequence[Row]]) -> dict[tuple[str, int], str]:
    """Place of a row in its table → its short name in the page."""
    return {(name, n): f"{letter}{n}" for name, letter in _LETTERS.items() for n in range(len(content[name]))}


def _marks(
    content: Mapping[str, Sequence[Row]], names: Mapping[tuple[str, int], str], text: str
) -> Iterator[marks.Mark]:
    for name in _LETTERS:
        for n, row in enumerate(content[name]):
            start, end = row["char_start"], row["char_end"]
            if start is None or end is None or (name == "tasks" and row["table_id"]):
                continue
            if text[start:end] != row["quote"]:
                raise DamagedError(f"{name} {names[name, n]}: text[{start}:{end}] is not its quote")
            yield marks.Mark(_kind(name, row), start, end, names[name, n])


def _kind(name: str, row: Row) -> str:
    if name == "responsibilities":
        return str(row["role"])
    return {"tasks": "task", "deadlines": "time", "targets": "number", "residuals": "left"}[name]


def _grids(content: Mapping[str, Sequence[Row]], names: Mapping[tuple[str, int], str]) -> list[dict[str, Any]]:
    """Tables as they are shown, each row with the tasks that were read from it."""
    tasks: dict[tuple[str, int], list[str]] = {}
    for n, row in enumerate(content["tasks"]):
        if row["table_id"]:
            tasks.setdefault((row["table_id"], row["table_row"]), []).append(names["tasks", n])
    cells: dict[str, list[Row]] = {}
    for cell in content["table_cells"]:
        cells.setdefault(cell["table_id"], []).append(cell)
    return [grid(each, cells.get(each["table_id"], []), tasks) for each in content["tables"]]


def _data(issue: Mapping[str, Any], content: Mapping[str, Sequence[Row]], text: str) -> dict[str, Any]:
    """What the scripts of the page read."""
    reasons = {r for row in content["tasks"] for r in row["reasons"] or ()}
    rules = {r["rule"] for name in EDITABLE for row in content[name] for r in row["rules"] or ()}
    left = {row["reason"] for row in content["residuals"]}
    return {
        "issue": {"id": issue["issue_id"], "sha256": issue["source_sha256"]},
        "text": text,
        "measures": [[m["measure_id"], m["label"], m["title"], m["path"]] for m in content["measures"]],
        "rows": {name: [_row(name, row) for row in content[name]] for name in _LETTERS},
        "notes": {r: note(r) for r in sorted(rules | left) if note(r)},
        "doubts": {r: doubt(r) for r in sorted(reasons) if doubt(r)},
        "form": form(),
        "words": {name: vocabularies()[name]["values"] for name in ("residual_kind", "match", "recurrence")},
    }


def _row(name: str, row: Row) -> dict[str, Any]:
    """The columns that the page needs, without nulls and empty lists."""
    key = table(name).primary_key[0]
    wanted = dict.fromkeys((*_GROUNDED, *EDITABLE.get(name, ()), *_MORE[name]))
    kept = {c: row[c] for c in wanted if c in row and row[c] not in (None, [], False)}
    kept.pop("quote", None)
    rules = {r["field"]: r["rule"] for r in row.get("rules") or ()}
    return {"id": row[key], **kept, **({"rules": rules} if rules else {})}
