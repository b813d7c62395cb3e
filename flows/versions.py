"""What a new version of an issue changes against the one that is published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline import __version__
from pipeline.storage import Location, View, steadily

#: What a task says. Its ids and its place in the text change with what stands before it.
_SAYS = (
    "action",
    "text",
    "modality",
    "condition",
    "lead",
    "responsible",
    "support",
    "implement",
    "deadline",
    "starts_on",
    "due_on",
    "due_precision",
    "recurrence",
    "target",
)
_SHOWN = ("tasks", "targets", "deadlines", "responsibilities", "table_cells", "residuals")


@dataclass(frozen=True, slots=True)
class Edition:
    """A published version of an issue: its source, rows by table, what each task says by its id (within the issue)."""

    issue_id: str
    sha256: str
    parser_version: str
    rows: Mapping[str, int]
    tasks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A version that replaced another: rows by table before and after, and what became of the tasks."""

    file: str
    before: str  # SHA-256 of the source
    after: str
    issue_ids: tuple[str, ...]  # the new one first, then others that it replaced
    rows: Mapping[str, tuple[int, int]]
    added: int
    changed: int
    withdrawn: int

    def line(self) -> str:
        """The change on one line: hashes, rows of the main tables, tasks."""
        counts = [f"{t} {a} → {b}" for t in _SHOWN for a, b in [self.rows.get(t, (0, 0))] if a != b]
        tasks = f"tasks +{self.added} ~{self.changed} -{self.withdrawn}"
        return f"{self.issue_ids[0]}: {self.before[:12]} → {self.after[:12]} · {' · '.join([tasks, *counts])}"


def edition(curated: Location, issue_id: str) -> Edition | None:
    """What is published of an issue; null for none, and for a file of which only the refusal is."""
    return steadily(curated, lambda view: _edition(view, issue_id))


def _edition(view: View, issue_id: str) -> Edition | None:
    from pipeline.published import manifest, tables_of

    entry = manifest(view, issue_id)
    if entry is None or "unread" in entry:
        return None
    rows = {path.split("/")[0]: each["rows"] for path, each in entry["files"].items() if "rows" in each}
    found = tables_of(view, issue_id, "tasks")
    tasks = found["tasks"].to_pylist() if "tasks" in found else []
    said = {row["task_id"].removeprefix(issue_id): _said(row) for row in tasks}
    return Edition(issue_id, entry["source_sha256"], entry["parser_version"], rows, said)


def is_published(curated: Location, issue_id: str, sha256: str) -> bool:
    """Whether this version of the parser has published the issue from these bytes."""
    from pipeline.published import manifest

    entry = steadily(curated, lambda view: manifest(view, issue_id)) or {}
    return "unread" not in entry and (entry.get("source_sha256"), entry.get("parser_version")) == (sha256, __version__)


def editions(curated: Location, issue_ids: Iterable[str]) -> list[Edition]:
    """What is published of these issues, each once."""
    found = (edition(curated, issue_id) for issue_id in dict.fromkeys(issue_ids))
    return [each for each in found if each is not None]


def change(file: str, before: list[Edition], after: Edition) -> Change | None:
    """What a version changed; null where there was none before it, or the bytes are the same."""
    if not before or all(each.sha256 == after.sha256 for each in before):
        return None
    rows_before: Counter[str] = Counter()
    for each in before:
        rows_before.update(each.rows)
    tables = dict.fromkeys([*rows_before, *after.rows])
    added, changed, withdrawn = _compared([pair for each in before for pair in each.tasks.items()], after.tasks)
    return Change(
        file=file,
        before=before[0].sha256,
        after=after.sha256,
        issue_ids=tuple(dict.fromkeys([after.issue_id, *(each.issue_id for each in before)])),
        rows={table: (rows_before[table], after.rows.get(table, 0)) for table in tables},
        added=added,
        changed=changed,
        withdrawn=withdrawn,
    )


def _compared(before: list[tuple[str, str]], after: Mapping[str, str]) -> tuple[int, int, int]:
    """Tasks that are new, say something else under the same id, and are gone. One that moved is the same."""
    same = Counter(said for _, said in before) & Counter(after.values())
    gone = {task_id for task_id, _ in _without(before, same)}
    new = {task_id for task_id, _ in _without(list(after.items()), same)}
    changed = len(gone & new)
    return len(new) - changed, changed, len(gone) - changed


def _without(tasks: list[tuple[str, str]], same: Counter[str]) -> list[tuple[str, str]]:
    """The tasks that are left when as many of each kind are taken away as both versions have."""
    left, kept = same.copy(), []
    for task_id, said in tasks:
        if left[said]:
            left[said] -= 1
        else:
            kept.append((task_id, said))
    return kept


def _said(row: Mapping[str, Any]) -> str:
    return repr([row.get(column) for column in _SAYS])
