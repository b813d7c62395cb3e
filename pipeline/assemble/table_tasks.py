"""Rows of tables of work (任务分工表) as tasks, with owners, times and numbers out of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.assemble.openings import opening
from pipeline.assemble.responsibilities import titled
from pipeline.assemble.rows import Place, by_role, measure_row, target_row, task_row
from pipeline.assemble.table_headers import split_unit
from pipeline.assemble.table_owners import Owners
from pipeline.assemble.table_rows import Row, Sheet
from pipeline.assemble.table_text import clean, name_of, read_cell
from pipeline.assemble.table_work import WorkColumns, work_columns
from pipeline.assemble.targets import Target, targets
from pipeline.assemble.tasks import Task, action_of
from pipeline.assemble.timing import Timeline
from pipeline.assemble.work import Found, bench, find, within
from pipeline.assemble.work import Row as Record
from pipeline.assemble.work import Work as Bench
from pipeline.find.modality import modality_of, strongest
from pipeline.model import AnnexTable, Document, Measure, Organisation, Text, Time

_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_DUE = "完成时限："
_YEAR_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[.\-/](1[0-2]|0?[1-9])(?![.\-/\d])")
_LABEL = re.compile(r"^(?:\d{1,3}[.．、)）]|[（(]\d{1,3}[)）]|[①-⑳])\s*")
_LONG = 60  # characters of an action; what is longer is cut at the end of a sentence
_NAME = 12  # characters of the longest name of a matter
_BARE = 4  # characters of a name that cannot be an action with its object
_SENTENCE = re.compile(r"[。；;\n]")


@dataclass(frozen=True, slots=True)
class TableTasks:
    """What a table of work gives: a measure that is its title, tasks, bodies, and words that could not be read."""

    measure: Record
    tasks: list[Record]
    bodies: dict[str, Organisation]
    unread: list[tuple[str, str]]  # kind of residual, words


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one row in a text made of the whole table: `start` of the task, of its due line, and the end."""

    row: int  # from 1
    action: tuple[int, int]
    start: int
    end: int
    text: str  # the cells of the task as printed
    due: str | None


def table_tasks(
    place: Place,
    document: Document,
    table: AnnexTable,
    sheet: Sheet | None,
    table_id: str,
    ordinal: int,
    base: date | None,
) -> TableTasks | None:
    """The tasks of a table; null for one that states none.

    Ids are `<table_id>#<row>`. A task stands in no text, so its span is the title of the table, and its own
    evidence the cells of `table_id` and `table_row`.
    """
    if sheet is None or not sheet.rows:
        return None
    raw = _filled([table.grid.grid.rows[r.source] for r in sheet.rows], sheet)
    title = name_of(table.title or "")
    work = work_columns(sheet, raw, title)
    if work is None:
        return None
    parts, composed = _composed(sheet, raw, work)
    if not parts:
        return None
    owners = Owners(place.territory or titled(document), document, _heads(sheet))
    measure = _measure(place.text, document, table, table_id.rpartition("/")[2], ordinal)
    text = Text(composed, (), (), (), place.text.source)
    found = find(text, Document(1, 0, len(composed), 0, 0), _base(title, base), None)
    inner = Place(text, place.issue_id, place.document_id, place.territory)
    tasks = []
    for part in parts:
        who = owners.of([(j, raw[part.row - 1][j]) for j in work.owners])
        task, goals = _task(inner, part, found)
        record = task_row(place, table_id, part.row, _placed(task, measure), by_role(who), goals)
        tasks.append({**record, "text": part.text, "table_id": table_id, "table_row": part.row})
        tasks[-1]["deadline"] = part.due or record["deadline"]
    unread = [("organisation", words) for words in owners.unread]
    return TableTasks(measure_row(place, measure), _numbered(tasks), owners.bodies, unread)


def _numbered(tasks: list[Record]) -> list[Record]:
    return [{**t, "ordinal": n} for n, t in enumerate(tasks, 1)]


def _heads(sheet: Sheet) -> list[str]:
    return [c.path[-1] if c.path else "" for c in sheet.columns]


def _measure(text: Text, document: Document, table: AnnexTable, key: str, ordinal: int) -> Measure:
    """The title of the table as the measure that its rows belong to; without one, the line above."""
    at = table.grid.at
    start = text.text.rfind(table.title, document.start, at) if table.title else -1
    if table.title and start >= 0:
        end = start + len(table.title)
    else:
        end = len(text.text[:at].rstrip("\n"))
        start = max(document.start, text.text.rfind("\n", 0, end) + 1)
    if end <= start:
        start, end = document.head_start, document.head_end
    return Measure(ordinal, "", (), name_of(text.text[start:end]), key, start, end, start, rule="table_work.task")


def _base(title: str, base: date | None) -> date | None:
    """The day from which days without a year are counted: in the year of the title, if it prints one."""
    years = {int(y) for y in _YEAR.findall(title)}
    if len(years) != 1 or base and base.year in years:
        return base
    return date(years.pop(), 1, 1)


def _filled(rows: Sequence[Sequence[str]], sheet: Sheet) -> list[list[str]]:
    """Rows of equal width; a cell merged over rows stands in each of them where 序号 and groups are merged as well."""
    width = len(sheet.columns)
    out: list[list[str]] = []
    for row in rows:
        cells = [*row, *[""] * width][:width]
        if out and not any(c.strip() for c in cells[: sheet.data[0] if sheet.data else 0]):
            above = out[-1]
            cells = [c if c.strip() else above[j] for j, c in enumerate(cells)]
        out.append(cells)
    return out


def _composed(sheet: Sheet, raw: list[list[str]], work: WorkColumns) -> tuple[list[_Words], str]:
    """One text of all rows: the task, its details, its goal, its time, each on a line."""
    parts: list[_Words] = []
    lines: list[str] = []
    at = 0
    for n, (row, cells) in enumerate(zip(sheet.rows, raw, strict=True), 1):
        words = [w for j in work.tasks if (w := _words(cells[j]))]
        if not words or row.total or _is_section(cells) or n > 1 and cells == raw[n - 2]:
            continue
        due = next((d for j in work.deadlines if (d := clean(cells[j])) and read_cell(d).kind != "null"), None)
        goals = [g for j in work.targets if (g := _goal(sheet, row, j, cells[j]))]
        if work.named:
            words, goals = (
                [_reached(words[0], sheet, row, j, cells[j]) for j in work.targets if cells[j].strip()][:1],
                [],
            )
        if not words:
            continue
        action = _action_line(words)
        body = [words[action], *(w for k, w in enumerate(words) if k != action), *goals]
        whole = "\n".join([*body, *([_DUE + _YEAR_MONTH.sub(_as_month, due)] if due else [])])
        first = (at, at + len(_first_sentence(words[action])))
        parts.append(_Words(n, first, at, at + len(whole), "\n".join(words), due))
        lines.append(whole)
        at += len(whole) + 1
    return parts, "\n".join(lines)


def _as_month(found: re.Match[str]) -> str:
    return f"{found[1]}年{int(found[2])}月"


def _is_section(cells: Sequence[str]) -> bool:
    """A heading over rows: one cell, or the same words in all."""
    return len({c.strip() for c in cells} - {""}) < 2


def _words(cell: str) -> str:
    """The words of a cell; lines of a cell that are items of their own stay lines."""
    lines = [_LABEL.sub("", name_of(part)) for part in re.split(r"<br\s*/?>|\n", cell)]
    return "" if read_cell(cell).kind == "null" else "".join(_joined(lines))


def _joined(lines: list[str]) -> Iterator[str]:
    """A line that ends in a full stop stays one; others were broken by the width of the column."""
    for k, line in enumerate(lines):
        yield line
        if k + 1 < len(lines) and line.endswith(("。", "；", ";")):
            yield "\n"


def _first_sentence(words: str) -> str:
    if len(words) <= _LONG:
        return words
    stop = _SENTENCE.search(words, 4)
    return words[: stop.start()] if stop else words


def _action_line(words: list[str]) -> int:
    """Which cell says what is to be done: the first, unless it only names a matter and the next says more."""
    if len(words) < 2 or not len(words[0]) <= _NAME < 2 * len(words[1]):
        return 0
    return int(len(words[0]) <= _BARE or opening(_first_sentence(words[1])).acts)


def _goal(sheet: Sheet, row: Row, j: int, cell: str) -> str:
    """A cell of goals as a clause; a bare number gets the name, unit and period of its column."""
    column, value = sheet.columns[j], row.cells[j]
    if value.kind == "null" or not cell.strip():
        return ""
    said = name_of(cell)
    if value.kind == "number":
        said = f"{column.indicator or ''}{said}" + ("" if value.unit else column.unit or "")
    return f"{column.period}，{said}" if column.period and column.period not in said else said


def _reached(name: str, sheet: Sheet, row: Row, j: int, cell: str) -> str:
    """An indicator and its goal as a clause: 2031年，粮食产量增长2%."""
    bare, unit = split_unit(name)
    said = bare + name_of(cell) + (unit or "" if row.cells[j].kind == "number" and not row.cells[j].unit else "")
    period = sheet.columns[j].period
    return f"{period}，{said}" if period else said


def _task(place: Place, part: _Words, found: Found) -> tuple[Task, list[Record]]:
    """The task of a row, its offsets into the text made of the table, and the rows of its numbers."""
    measure = Measure(1, "", (), "", "", part.start, part.end, part.start)
    work = bench(place.text.text, measure, found, (), ())
    numbers = [t for t in targets(work, Timeline(work)) if not _in_due_line(work, t)]
    time = _time(work, part)
    cue = strongest(within(work.cues, part.start, part.end))
    rules = [("action", "table_work.task"), ("modality", cue)] + ([("due_on", time.rule)] if time else [])
    action = action_of(work, *part.action, ()) or place.text.text[slice(*part.action)]
    task = Task(*part.action, action, time, time is not None, modality_of(cue), (), tuple(numbers), tuple(rules))
    goals = [{**target_row(place, "", None, n, t), "target_id": None} for n, t in enumerate(numbers, 1)]
    return task, goals


def _in_due_line(work: Bench, target: Target) -> bool:
    line = work.text.rfind("\n", 0, target.quantity.start) + 1
    return work.text.startswith(_DUE, line)


def _time(work: Bench, part: _Words) -> Time | None:
    """The last time of the column of times; without such a column the last of the words of the task."""
    line = work.text.rfind("\n" + _DUE, part.start, part.end) if part.due else -1
    if part.due:
        times = [t for t in within(work.times, line, part.end) if t.use in ("bound", "validity", "permission")]
    else:
        times = [t for t in work.times if t.use == "bound"]
    return max(times, key=lambda t: (t.due_on or date.min, t.start), default=None)


def _placed(task: Task, measure: Measure) -> Task:
    """The task with the span of the title of its table."""
    return Task(
        measure.start, measure.end, task.action, task.time, task.own_time, task.modality, (), task.targets, task.rules
    )
