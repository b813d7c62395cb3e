"""What a watch came to, source by source."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fetching.fetch import Outcome as Fetched
from flows.report import Outcome
from flows.report import markdown as files_markdown
from flows.versions import Change

_FETCHED = {
    "new": "新 new",
    "new version": "新版 new version",
    "unchanged": "未变 unchanged",
    "duplicate": "内容相同 same bytes",
    "failed": "失败 failed",
}
_FILES = {"published": "已发布 published", "refused": "被拒 refused", "held": "暂缓 held back"}


@dataclass(frozen=True, slots=True)
class Watched:
    """A source: what was fetched and what became of its files. `fault` is why it got no further, a line."""

    name: str
    fetched: tuple[Fetched, ...] = ()
    files: tuple[Outcome, ...] = ()
    known: int = 0  # files that were published before
    unreadable: int = 0  # files that could not be read before
    fault: str | None = None
    note: str | None = None

    @property
    def changes(self) -> tuple[Change, ...]:
        """New versions of issues."""
        return tuple(o.change for o in self.files if o.change)

    def failures(self) -> list[dict[str, str]]:
        """Whatever failed: the source, the address or file, and why."""
        found = [{"source": self.name, "what": self.name, "reason": self.fault}] if self.fault else []
        failed = [(o.address, o.reason) for o in self.fetched if o.status == "failed"]
        failed += [(o.file, o.reason) for o in self.files if o.status in ("refused", "held")]
        return found + [{"source": self.name, "what": what, "reason": reason or ""} for what, reason in failed]

    def line(self) -> str:
        """Counts on a line."""
        if self.note:
            return f"{self.name}: {self.note}"
        fetched, files = Counter(o.status for o in self.fetched), Counter(o.status for o in self.files)
        parts = [f"{words} {fetched[status]}" for status, words in _FETCHED.items() if fetched[status]]  # type: ignore[index]
        parts += [f"{words} {files[status]}" for status, words in _FILES.items() if files[status]]  # type: ignore[index]
        parts += [f"仍不可读 still unreadable {self.unreadable}"] if self.unreadable else []
        parts += ["失败 failed"] if self.fault else []
        return f"{self.name}: {' · '.join(parts) or '没有可取的 nothing to take'}"


@dataclass(frozen=True, slots=True)
class WatchReport:
    """All sources of a run, in their order; `warnings` are about the dataset as a whole."""

    run_id: str
    sources: tuple[Watched, ...]
    warnings: tuple[str, ...] = ()

    @property
    def failures(self) -> list[dict[str, str]]:
        """Whatever failed or was refused."""
        return [failure for each in self.sources for failure in each.failures()]

    @property
    def published(self) -> tuple[Outcome, ...]:
        """Files that were published."""
        return tuple(o for each in self.sources for o in each.files if o.status == "published")

    @property
    def changes(self) -> tuple[Change, ...]:
        """New versions of issues that were published before."""
        return tuple(change for each in self.sources for change in each.changes)

    @property
    def exit_code(self) -> int:
        """0 where all went well, 1 where anything failed or was refused."""
        return 1 if self.failures else 0

    def line(self) -> str:
        """The run on a line."""
        taken = sum(o.status in ("new", "new version") for each in self.sources for o in each.fetched)
        counts = f"{len(self.sources)} sources, {taken} fetched, {len(self.published)} published"
        return f"{counts}, {len(self.changes)} new versions, {len(self.failures)} failed"


def markdown(report: WatchReport) -> str:
    """The report for people: what failed first, then new versions, then each source with its files."""
    lines = [f"{report.line()}.", ""]
    lines += [f"* **failed** {f['source']}: {f['what']}: {f['reason']}" for f in report.failures]
    lines += [f"* **warning** {warning}" for warning in report.warnings]
    lines += [f"* **new version** {change.line()}" for change in report.changes]
    for each in report.sources:
        lines += ["", f"## {each.line()}"]
        lines += ["", files_markdown(each.files)] if each.files else []
    return "\n".join(lines)
