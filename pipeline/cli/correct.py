"""correct: keep what reviewers have put right, and publish the issues it touches again."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.arguments import Commands, add_corrections, add_curated, command
from pipeline.cli.errors import InputError, UsageError, reaching
from pipeline.storage import Location, shown

if TYPE_CHECKING:
    from pipeline.corrections.line import Correction
    from pipeline.corrections.store import Kept, Read

_STATES = {"applied": "已用 applied", "settled": "无须再改 settled", "failed": "未用 not applied"}


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `correct`."""
    words = "收存人工更正，以后每次运行都用 keep corrections; every later run applies them"
    made = command(commands, common, "correct", words)
    file = "导出的更正；无则列出现有 exported corrections.jsonl; - is standard input; without: list what is kept"
    made.add_argument("file", nargs="?", metavar="FILE", help=file)
    add_corrections(made)
    add_curated(made)
    raw = "来源文件所在文件夹 where the source files are (default: raw)"
    made.add_argument("--raw", type=Path, default=Path("raw"), metavar="DIR", help=raw)
    issue = "期号已变：记在此期号下 the issue has this id now: keep them under it"
    made.add_argument("--issue", metavar="ID", help=issue)
    only = "只收存，不重新发布 keep only, publish nothing"
    made.add_argument("--store-only", action="store_true", help=only)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Keep the good lines, name the bad ones, publish again; 1 if any line was bad or an issue was refused."""
    with reaching(arguments.curated):
        return _keep(arguments) if arguments.file else _list(arguments.corrections, arguments.curated)


def _keep(arguments: argparse.Namespace) -> int:
    from pipeline.corrections.published import Rows
    from pipeline.corrections.store import keep

    read = _read(arguments.file)
    for problem in read.problems:
        print(f"gongbao: {problem}", file=sys.stderr)
    if not read.corrections and not read.problems:
        raise UsageError(f"{arguments.file}: 没有更正 no corrections in the file")
    try:
        kept = keep(_meant(read, arguments.issue), arguments.corrections, Rows(arguments.curated))
    except OSError as error:
        raise InputError(f"{arguments.corrections}: 无法写入 cannot be written ({error.strerror})") from error
    for problem in kept.problems:
        print(f"gongbao: {problem}", file=sys.stderr)
    print(_counted(kept, arguments.corrections))
    bad = 1 if read.problems or kept.problems else 0
    return max(bad, _publish(arguments, sorted(kept.issues)))


def _read(file: str) -> Read:
    from pipeline.corrections import store

    try:
        if file == "-":
            return store.read_bytes(sys.stdin.buffer.read(), "stdin")
        return store.read(Path(file))
    except OSError as error:
        raise UsageError(f"{file}: 无法读取，请检查路径 cannot be read ({error.strerror}), check the path") from None


def _meant(read: Read, issue_id: str | None) -> Sequence[Correction]:
    from pipeline.corrections.line import is_issue_id, renamed

    if issue_id is None:
        return read.corrections
    if not is_issue_id(issue_id):
        raise UsageError(f"--issue {issue_id}: 不是期号 not the id of an issue")
    return [renamed(correction, issue_id) for correction in read.corrections]


def _counted(kept: Kept, folder: Path) -> str:
    counts = {"新 new": kept.new, "替换 replaced": kept.replaced, "相同 same": kept.same}
    counts["较旧，未收 older, left out"] = kept.older
    shown = " · ".join(f"{words} {n}" for words, n in counts.items() if n)
    return f"{folder}: {shown or '未收存 nothing kept'}"


def _publish(arguments: argparse.Namespace, issues: Sequence[str]) -> int:
    """Ingest the sources of these issues again where they are at hand, else say how."""
    if not issues:
        return 0
    from pipeline.corrections.published import sources

    found = sources(arguments.curated, arguments.raw, issues)
    lost = [issue for issue in issues if found.get(issue) is None]
    for issue in lost:
        why = f"原文件不在 its source is not in {arguments.raw}" if issue in found else "尚未发布 not published yet"
        print(f"{issue}: {why}; 运行 run: gongbao ingest FILE{_options(arguments)}")
    paths = [path for path in found.values() if path is not None]
    if not paths or arguments.store_only:
        for path in paths:
            print(f"重新发布 to publish again: gongbao ingest '{path}'{_options(arguments)}")
        return 0
    return _ingest(arguments, paths)


def _options(arguments: argparse.Namespace) -> str:
    """The options that the next command needs too."""
    given = (("--curated", arguments.curated, "curated"), ("--corrections", arguments.corrections, "corrections"))
    return "".join(f" {name} '{shown(value)}'" for name, value, default in given if value != Path(default))


def _ingest(arguments: argparse.Namespace, paths: Sequence[Path]) -> int:
    from pipeline.cli import parser

    given = parser().parse_args(["ingest", "--", *map(str, paths)])
    given.curated, given.corrections, given.debug = arguments.curated, arguments.corrections, arguments.debug
    return int(given.run(given))


def _list(folder: Path, curated: Location) -> int:
    """What is kept, issue by issue, with what became of it in the published dataset; 1 if a line is none."""
    from pipeline.corrections.published import states
    from pipeline.corrections.store import load_all

    kept = list(load_all(folder))
    if not kept:
        print(f"{folder}: 没有更正 no corrections")
        return 0
    known = states(curated)
    for _, read in kept:
        for problem in read.problems:
            print(f"gongbao: {problem}", file=sys.stderr)
        for correction in read.corrections:
            print(_shown(correction, known.get(correction.id)))
    return 1 if any(read.problems for _, read in kept) else 0


def _shown(correction: Correction, state: str | None) -> str:
    from pipeline.terminal import WIDTH, clip

    what = correction.row_id or f"{correction.issue_id}: {correction.table}"
    fields = ", ".join(f"{column} = {value}" for column, value in correction.fields.items())
    head = f"{correction.id}  {correction.action:<8}{_STATES.get(state or '', '待发布 not published yet')}"
    lines = [head, f"  {what}", f"  「{correction.quote}」", *([f"  {fields}"] if fields else [])]
    lines += [f"  {correction.at} {correction.by or ''} {correction.note or ''}".rstrip()]
    return "\n".join(clip(line.replace("\n", " "), WIDTH) for line in lines)
