"""source check, source new, fetch: what is printed, and the exit code."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from fetching import addresses, scaffold
from fetching.check import Checked, Tried, check
from fetching.errors import SourceError
from fetching.fetch import Outcome, fetch
from fetching.pace import Pace
from fetching.source import Source, load
from pipeline.cli.errors import InputError, UsageError
from pipeline.resolve.regions import territory
from pipeline.terminal import columns_of, wrap

_STATUS = {
    "new": "新 new",
    "new version": "新版 new version",
    "unchanged": "未变 unchanged",
    "duplicate": "内容相同 same bytes",
    "failed": "失败 failed",
}
_CADENCE = {
    "daily": "每日",
    "weekly": "每周",
    "monthly": "每月",
    "quarterly": "每季",
    "yearly": "每年",
    "irregular": "不定期",
}


def find(name: str, folder: Path) -> Source:
    """The source in a file, or that of this name in `folder`; UsageError with a line for each fault."""
    path = Path(name) if name.endswith(".toml") else folder / f"{name}.toml"
    try:
        return load(path)
    except SourceError as error:
        raise UsageError("\ngongbao: ".join(error.faults)) from None


def new(arguments: Namespace) -> int:
    """Write a source file to fill in."""
    try:
        path = scaffold.new(arguments.name, arguments.kind, arguments.sources)
    except SourceError as error:
        raise UsageError(error) from None
    except OSError as error:
        raise UsageError(f"{arguments.sources}: {error.strerror or error}") from None
    print(f"已建立 written: {path}")
    print(f"填好后 fill it in, then: gongbao source check {path}")
    return 0


def fetch_all(arguments: Namespace) -> int:
    """Fetch what is new in each source; 1 if anything failed."""
    sources = [find(name, arguments.sources) for name in arguments.names]
    pace, failed = Pace(), 0
    for source in sources:
        counted: Counter[str] = Counter()
        try:
            for outcome in fetch(source, arguments.raw, recheck=arguments.recheck, pace=pace):
                counted[outcome.status] += 1
                _tell(source, outcome)
        except SourceError as error:
            raise UsageError(error) from None
        except OSError as error:
            raise InputError(f"{arguments.raw / source.name}: 无法写入 cannot be written: {error.strerror}") from None
        numbers = " · ".join(f"{words} {counted[status]}" for status, words in _STATUS.items() if counted[status])
        print(f"{source.name}: {numbers or '没有可取的 nothing to take'}", flush=True)
        failed += counted["failed"]
    return 1 if failed else 0


def _tell(source: Source, outcome: Outcome) -> None:
    """A line for whatever is not as it was."""
    if outcome.status == "failed":
        print(f"gongbao: {source.name}: {outcome.address}: {outcome.reason}", file=sys.stderr, flush=True)
    elif outcome.status in ("new", "new version"):
        print(f"{_STATUS[outcome.status]}: {outcome.file}", file=sys.stderr, flush=True)


def check_one(arguments: Namespace) -> int:
    """Print what a source would give and what is missing; 1 if anything is."""
    source = find(arguments.file, arguments.sources)
    _print(_head(source))
    checked = check(source, pages=arguments.pages, items=arguments.items)
    _print(_body(source, checked))
    return 1 if checked.faults() else 0


def _head(source: Source) -> Iterator[str]:
    place = territory(source.division)
    known = (place.name or "全国 national") if place else "不在 GB/T 2260 中 not in GB/T 2260"
    yield f"{source.name} · {source.title}"
    cadence = f"{_CADENCE[source.cadence]} {source.cadence}"
    yield f"  种类 kind: {source.kind} · 区划 division: {source.division} {known} · 周期 cadence: {cadence}"


def _body(source: Source, checked: Checked) -> Iterator[str]:
    for page in checked.pages:
        yield f"  列表 list: {page.address} · {len(page.links)} 条 items"
    if checked.more_pages:
        yield "  其余列表页未看 further pages not looked at: --pages N"
    for number, tried in enumerate(checked.tried, 1):
        yield from _item(f"  {number}. ", tried)
    left = checked.links[len(checked.tried) :]
    for number, link in enumerate(left, len(checked.tried) + 1):
        yield from _item(f"  {number}. ", Tried(link))
    taken = sum(tried.taken() for tried in checked.tried)
    counts = f"{len(checked.links)} 条 items · 试取 tried {len(checked.tried)} · 可取文件 files to take {taken}"
    yield f"将取 would be taken: {counts}"
    faults = checked.faults()
    yield f"缺失 missing: {len(faults)}" if faults else "无缺失 nothing missing"
    for address, reason in faults:
        yield f"  ✗ {address}: {reason}"


def _item(lead: str, tried: Tried) -> Iterator[str]:
    """An item with its address, what came from there, and its attachments."""
    link = tried.link
    words = " ".join(filter(None, [link.listed_on, link.title]))
    yield f"{lead}{words}" if words else f"{lead}{addresses.masked(link.address)}"
    indent = " " * len(lead)
    if words:
        yield f"{indent}{addresses.masked(link.address)}"
    if tried.fault:
        yield f"{indent}✗ {tried.fault}"
    elif tried.kind:
        taken = "" if tried.kept else " · 只取附件 only its attachments"
        yield f"{indent}✓ {tried.kind} · {tried.bytes:,} 字节 bytes{taken}"
    for each in tried.attachments:
        yield from _item(f"{indent}+ ", each)


def _print(lines: Iterator[str]) -> None:
    """Lines no wider than the terminal, or 80 columns: what is longer goes on below, indented."""
    columns = columns_of(sys.stdout)
    for line in lines:
        print(wrap(line, columns, " " * (len(line) - len(line.lstrip()) + 2)), flush=True)
