"""Which columns of a table state work: the task, who does it, by when, to what end (rules/table_work.toml)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from pipeline.assemble.table_headers import split_unit, without_period
from pipeline.assemble.table_labels import groups_rows
from pipeline.assemble.table_rows import Sheet
from pipeline.assemble.table_text import name_of, read_cell
from pipeline.find.brackets import label_pattern, verb_pattern
from pipeline.find.organisations import is_body
from pipeline.rules import load

_NAME = re.compile(r"[^、，,；;。\s/]{2,30}")
_AND = re.compile(r"以?及|[和、/]|(?<!参)与")
_FIRST = 40  # characters in which the first name of a cell ends
_FEWEST = 4  # characters of the average task; shorter cells name things


@dataclass(frozen=True, slots=True)
class WorkColumns:
    """The columns of a table of work; `tasks` from the left, the first of them tells the rows apart."""

    groups: tuple[int, ...]
    tasks: tuple[int, ...]
    owners: tuple[int, ...]
    deadlines: tuple[int, ...]
    targets: tuple[int, ...]
    named: bool = False  # rows are indicators: what is to be done is to reach the goal


@cache
def words(name: str) -> tuple[str, ...]:
    """A list of words of table_work.toml."""
    return tuple(load("table_work")[name])


def work_columns(sheet: Sheet, grid: Sequence[Sequence[str]], title: str) -> WorkColumns | None:
    """The columns of a table whose rows state tasks (rule table_work.task); null for any other table."""
    heads = [head_of(c.path) for c in sheet.columns]
    strong = [j for j, h in enumerate(heads) if is_task(h)]
    vague = words("owner_heads")
    owners = tuple(j for j, h in enumerate(heads) if is_owner(h) and (h not in vague or _names_bodies(grid, j)))
    deadlines = tuple(j for j, h in enumerate(heads) if is_deadline(h))
    about_work = any(w in title for w in words("work_titles"))
    if any(w in title for w in words("other_titles")) and not about_work:
        return None
    weak = [j for j, h in enumerate(heads) if h.endswith(words("weak_task_heads")) and j not in owners]
    tasks = [j for j in sorted({*strong, *weak}) if _states(grid, j)]
    if not strong and owners and (indicators := _indicators(heads)):
        return replace(indicators, owners=owners, deadlines=deadlines)
    if not tasks or not (strong or about_work or deadlines) or not (owners or deadlines and about_work):
        return None
    names = [[name_of(c) for c in row] for row in grid]
    groups = tuple(j for j in tasks[:-1] if groups_rows(names, j))
    single = tuple(j for j in tasks if j not in groups)
    targets = tuple(j for j, h in enumerate(heads) if j not in tasks and h.endswith(words("target_heads")))
    return WorkColumns(groups, single, owners, deadlines, targets)


def _indicators(heads: Sequence[str]) -> WorkColumns | None:
    """指标 | 目标 beside the bodies that answer for them."""
    names = [j for j, h in enumerate(heads) if h.endswith(words("indicator_heads"))]
    goals = tuple(j for j, h in enumerate(heads) if h.endswith("目标") and j not in names)
    return WorkColumns((), (names[0],), (), (), goals, named=True) if names and goals else None


def head_of(path: Sequence[str]) -> str:
    """The lowest head of a column, without period, unit and explanatory brackets."""
    return without_period(split_unit(path[-1])[0]).partition("(")[0].partition("（")[0] if path else ""


def is_task(head: str) -> bool:
    """Whether a column of this head states work."""
    return any(part.endswith(words("task_heads")) for part in parts_of(head)) and not is_owner(head)


def parts_of(head: str) -> list[str]:
    """A head of several things (具体举措及目标)."""
    return [part for part in _AND.split(head) if part]


def is_deadline(head: str) -> bool:
    """Whether a column of this head says by when (rule table_work.time)."""
    times = [
        p for p in parts_of(head) if p.endswith(words("deadline_heads")) and not p.endswith(words("other_time_heads"))
    ]
    return bool(times) and not is_task(head)


def is_owner(head: str) -> bool:
    """Whether a column of this head names bodies (rule table_work.owner)."""
    labels = [label for part in parts_of(head) if (label := label_pattern().match(part + "："))]
    if labels:
        return labels[0].lastgroup != "off"
    return head in words("owner_heads")


def _names_bodies(grid: Sequence[Sequence[str]], j: int) -> bool:
    """Half of what the column prints begins or ends with a body: no units of measure, no persons."""
    cells = [c for c in (name_of(row[j]) for row in grid) if c and read_cell(c).kind != "null"]
    return 2 * sum(map(_has_body, cells)) >= len(cells) > 0


def _has_body(cell: str) -> bool:
    text = label_pattern().sub("", cell)
    ends = _NAME.findall(text[:_FIRST])[:1] + _NAME.findall(text[-_FIRST:])[-1:]
    return bool(verb_pattern().search(text)) or any(map(is_body, ends))


def _states(grid: Sequence[Sequence[str]], j: int) -> bool:
    """Words, not figures or names of things."""
    cells = [c for c in (name_of(row[j]) for row in grid if j < len(row)) if c]
    wordy = sum(not c[0].isdigit() or len(c) > 2 * _FEWEST for c in cells)
    return bool(cells) and 2 * wordy > len(cells) and sum(map(len, cells)) >= _FEWEST * len(cells)
