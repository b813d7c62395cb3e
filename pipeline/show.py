"""A record with its evidence: the words marked where they stand, and the rule behind each field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.ids import issue_of
from pipeline.published import tables_of
from pipeline.rules import explain
from pipeline.storage import Location, View, steadily
from pipeline.terminal import pad, render, shown
from schemas import TABLES, Column, Table, table
from schemas.definition import vocabularies

if TYPE_CHECKING:
    import pyarrow as pa

_CONTEXT = 60  # characters of the paragraph shown on either side of the evidence
_HIDDEN = frozenset({"boxes", "char_start", "char_end", "quote", "rules", "page", "line", "text", "targets"})
#: Tables whose rows are marked inside the evidence of the record they belong to, with label and colour of the mark.
_PARTS = {
    "responsibilities": ("责任", 36),
    "deadlines": ("时限", 33),
    "targets": ("数量", 32),
    "residuals": ("遗留", 31),
}
_STRONG = 1
_CELL = ("row", "col", "row_label", "header", "printed", "value", "unit", "reason")


@dataclass(frozen=True, slots=True)
class Found:
    """A record of an issue with what is needed to show it."""

    table: Table
    row: Mapping[str, Any]
    text: str
    source: Mapping[str, Any]  # the row of `issues`
    document: Mapping[str, Any] | None
    parts: tuple[tuple[str, int, int], ...]  # (table, start, end) inside the evidence
    cells: tuple[Mapping[str, Any], ...] = ()  # of a table, or of the row of one that a task was read from


def find(curated: Location, any_id: str) -> list[Found]:
    """The records with this id, of any table; none for an unknown id.

    A task's first deadline, target and responsibility have the same id, so there may be several. A cell's id is
    that of its table with row and column, as `checks` names it: `…/t1:2:3`.
    """
    tables, text = steadily(curated, lambda view: _issue(view, issue_of(any_id)))
    if "issues" not in tables:
        return list(_bodies(curated, any_id))
    source = tables["issues"].to_pylist()[0]
    found = []
    for name in (n for n in TABLES if n in tables):
        found += [
            Found(
                table(name), row, text, source, _document(tables, row), _parts(tables, row), _cells(tables, name, row)
            )
            for row in _with_id(tables[name], table(name).primary_key, any_id)
        ]
    return found


def describe(found: Found, *, colour: bool = False) -> str:
    """The record as text for people: heading, evidence in its context, fields with their rules."""
    lines = [_heading(found)]
    if found.row.get("char_start") is not None:
        lines += ["", *_evidence(found, colour=colour)]
    lines += ["", *_fields(found)]
    if found.cells:
        titles = {c.name: c.title_zh for c in table("table_cells").columns}
        lines += ["", render(found.cells, _CELL, titles)]
    return "\n".join(lines)


def _issue(view: View, issue_id: str) -> tuple[dict[str, pa.Table], str]:
    """Tables and text of an issue; none where it is not published, or no id of one."""
    if not issue_id or any(c in issue_id for c in "*?[\\"):
        return {}, ""
    tables = tables_of(view, issue_id)
    return tables, view.read(f"text/{issue_id}.txt").decode("utf-8") if tables else ""


def _where(content: pa.Table, column: str, value: str) -> list[dict[str, Any]]:
    import pyarrow.compute as pc

    return list(content.filter(pc.field(column) == value).to_pylist())


def _with_id(content: pa.Table, keys: Sequence[str], any_id: str) -> list[dict[str, Any]]:
    """Rows whose key is this id, its parts joined by colons."""
    first, *others = any_id.rsplit(":", len(keys) - 1) if len(keys) > 1 else [any_id]
    if not keys or len(others) + 1 != len(keys):
        return []
    return [r for r in _where(content, keys[0], first) if [str(r[k]) for k in keys[1:]] == others]


def _cells(tables: Mapping[str, pa.Table], name: str, row: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The cells of a table, or of its row that a task was read from."""
    if "table_cells" not in tables or name not in ("tables", "tasks"):
        return ()
    cells = _where(tables["table_cells"], "table_id", row["table_id"])
    return tuple(c for c in cells if name == "tables" or c["row"] == row["table_row"])


def _bodies(curated: Location, org_id: str) -> Iterator[Found]:
    from pipeline.query import query

    rows = query(curated, "SELECT * FROM organisations WHERE org_id = ?", [org_id])
    for row in rows.to_pylist() if rows is not None else ():
        yield Found(table("organisations"), row, "", {}, None, ())


def _document(tables: Mapping[str, pa.Table], row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    measure = row.get("measure_id")
    document = row.get("document_id") or (measure.rpartition("/")[0] if measure else None)
    rows = _where(tables["documents"], "document_id", document) if document and "documents" in tables else []
    return rows[0] if rows else None


def _parts(tables: Mapping[str, pa.Table], row: Mapping[str, Any]) -> tuple[tuple[str, int, int], ...]:
    """Evidence of other tables inside that of a measure or task, ascending, none over another."""
    start, end = row.get("char_start"), row.get("char_end")
    if start is None or end is None or "ordinal" not in row or "measure_id" not in row:
        return ()
    spans = {
        (name, part["char_start"], part["char_end"])
        for name in _PARTS
        if name in tables
        for part in _where(tables[name], "measure_id", row["measure_id"])
        if part["char_start"] is not None and start <= part["char_start"] < part["char_end"] <= end
    }
    kept: list[tuple[str, int, int]] = []
    for span in sorted(spans, key=lambda s: (s[1], -s[2], s[0])):
        if not kept or span[1] >= kept[-1][2]:
            kept.append(span)
    return tuple(kept)


def _heading(found: Found) -> str:
    definition, row = found.table, found.row
    lines = [f"{definition.title_zh} {definition.name}  {':'.join(str(row[k]) for k in _own_keys(definition))}"]
    if found.document and definition.name != "documents":
        lines.append("  ".join(v for v in (found.document["title"], found.document["doc_number"]) if v))
    place = [found.source.get("source_file")]
    for field, words in (("page", "第 {0} 页 page {0}"), ("line", "第 {0} 行 line {0}")):
        if row.get(field) is not None:
            place.append(words.format(row[field]))
    if row.get("char_start") is not None:
        place.append(f"字符 characters {row['char_start']}–{row['char_end']}")
    lines.append(" · ".join(p for p in place if p))
    return "\n".join(line for line in lines if line)


def _own_keys(definition: Table) -> Sequence[str]:
    """The columns of the key, without the issue that a body's key has beside its own id."""
    return definition.primary_key if definition.name != "organisations" else definition.primary_key[:1]


def _evidence(found: Found, *, colour: bool) -> list[str]:
    text, start, end = found.text, found.row["char_start"], found.row["char_end"]
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    before, after = text[max(first, start - _CONTEXT) : start], text[end : min(last, end + _CONTEXT)]
    before = "…" + before if start - _CONTEXT > first else before
    after = after + "…" if end + _CONTEXT < last else after
    inside, at = "", start
    for name, part_start, part_end in found.parts:
        mark = _mark(text[part_start:part_end], *_PARTS[name], colour=colour)
        inside += text[at:part_start] + mark
        at = part_end
    inside += text[at:end]
    whole = f"\x1b[{_STRONG}m⟦\x1b[0m{inside}\x1b[{_STRONG}m⟧\x1b[0m" if colour else f"⟦{inside}⟧"
    return ["  " + line for line in (before + whole + after).split("\n")]


def _mark(words: str, label: str, code: int, *, colour: bool) -> str:
    return f"\x1b[{code};7m{words}\x1b[0m\x1b[{code}m {label}\x1b[0m" if colour else f"⟨{words}｜{label}⟩"


def _fields(found: Found) -> list[str]:
    by_field: dict[str, list[str]] = {}
    for entry in found.row.get("rules") or ():
        by_field.setdefault(entry["field"], []).append(entry["rule"])
    lines = []
    for column in found.table.columns:
        value = found.row.get(column.name)
        rules = by_field.pop(column.name, [])
        if value in (None, []) or (column.name in _HIDDEN and not rules):
            continue
        label = pad(f"{column.title_zh} {column.name}", 30)
        lines.append(f"  {label}{shown(value)}{_gloss(column, value)}")
        if column.name in ("reason", "rule") and explain(str(value)):
            rules = [str(value)]  # how a cell was read, or why a span gave no row
        lines += [_rule(rule) for rule in rules]
    for field, rules in by_field.items():
        lines += [f"  {field}", *(_rule(rule) for rule in rules)]
    return lines


def _gloss(column: Column, value: Any) -> str:
    """What a value of a vocabulary means, in Chinese."""
    words = vocabularies()[column.vocabulary]["values"] if column.vocabulary else {}
    return f" {words[value][0]}" if isinstance(value, str) and value in words else ""


def _rule(rule_id: str) -> str:
    entry = explain(rule_id)
    note = entry.get("note", "") if entry else ""
    return " " * 32 + f"↳ {rule_id}" + (f": {note}" if note else "")
