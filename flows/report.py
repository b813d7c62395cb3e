"""What a run came to, file by file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from flows.versions import Change

Status = Literal["published", "skipped", "refused", "held"]


class FlowError(RuntimeError):
    """The flow itself could not run; the message is one line. No file is at fault."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. `reason` is one line, null for what was published."""

    file: str
    status: Status
    issue_id: str | None = None
    reason: str | None = None
    counts: dict[str, int] = field(default_factory=dict)  # rows by table
    refused_rows: int = 0
    warnings: int = 0  # expectations that failed and only warn
    data_docs: str | None = None  # start page of the issue's Data Docs
    notes: tuple[str, ...] = ()  # corrections without effect, a line each
    recorded: bool = False  # whether the refusal of a file stands in `residuals`
    change: Change | None = None  # what it changed, where other bytes were published before it


#: Called after each file: how many are done, of how many, and the last one.
Progress = Callable[[int, int, Outcome], None]


@dataclass(frozen=True, slots=True)
class Report:
    """All outcomes of a run, in the order of the files; `warnings` are gaps and silences of gazettes, a line each."""

    run_id: str
    outcomes: tuple[Outcome, ...]
    warnings: tuple[str, ...] = ()

    def of(self, *statuses: Status) -> tuple[Outcome, ...]:
        """Outcomes of these kinds."""
        return tuple(o for o in self.outcomes if o.status in statuses)

    @property
    def published(self) -> tuple[Outcome, ...]:
        return self.of("published")

    @property
    def skipped(self) -> tuple[Outcome, ...]:
        return self.of("skipped")

    @property
    def refused(self) -> tuple[Outcome, ...]:
        """Refused files and issues held back."""
        return self.of("refused", "held")

    @property
    def counts(self) -> dict[str, int]:
        """Rows published by this run, by table."""
        total: Counter[str] = Counter()
        for outcome in self.published:
            total.update(outcome.counts)
        return dict(total)

    @property
    def changes(self) -> tuple[Change, ...]:
        """New versions of issues that were published before."""
        return tuple(o.change for o in self.published if o.change)

    @property
    def exit_code(self) -> int:
        """0 where everything was taken, 1 where something was refused."""
        return 1 if self.refused else 0


def markdown(outcomes: Iterable[Outcome]) -> str:
    """The outcomes as a table for people, new versions with what they changed."""
    outcomes = list(outcomes)
    lines = [
        "| file | status | issue | tasks | targets | refused rows | warnings | reason |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for o in outcomes:
        numbers = (o.counts.get("tasks", 0), o.counts.get("targets", 0), o.refused_rows, o.warnings)
        cells = (o.file, o.status, o.issue_id or "", *map(str, numbers), o.reason or "")
        lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    lines += [f"\nnew version: {o.change.line()}" for o in outcomes if o.change]
    return "\n".join(lines)
