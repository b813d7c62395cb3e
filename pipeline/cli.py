"""The command line. Exit codes: 0 done, 1 some input was refused or found damaged, 2 wrong usage.

Each command imports what it needs when it runs, so that `--help` and `parse` start at once.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pipeline
from pipeline.cli_errors import InputError, UsageError

_DEBUG = "出错时给出完整调用栈 traceback on errors"
_CURATED = "发布目录 published dataset (default: curated)"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    gc.set_threshold(50_000, 20, 100)  # a command makes many objects that stay and few cycles
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _fail("中断 interrupted", 130)
    except UsageError as error:
        return _fail(error, 2)
    except InputError as error:
        return _fail(error, 1)
    except Exception as error:
        if arguments.debug:
            raise
        line = " ".join(str(error).split()) or "no message"
        return _fail(f"{type(error).__name__}: {line} (--debug 给出细节 shows where)", 1)


def _fail(message: object, code: int) -> int:
    print(f"gongbao: {message}", file=sys.stderr)
    return code


def parser() -> argparse.ArgumentParser:
    """The parser of all commands; `run` of its result takes the arguments and gives the exit code."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=_DEBUG)
    top = argparse.ArgumentParser(
        prog="gongbao",
        description="从政府公报到可查询的任务数据集 From government gazettes to datasets of task records.",
        epilog="每个命令都有 --help。Every command has --help.",
    )
    top.add_argument("--version", action="version", version=f"gongbao {pipeline.__version__}")
    top.add_argument("--debug", action="store_true", default=False, help=_DEBUG)
    commands = top.add_subparsers(title="命令 commands", metavar="COMMAND", required=True)
    for add in (_add_ingest, _add_parse, _add_query, _add_show, _add_verify, _add_summary, _add_fetch, _add_source):
        add(commands, common)
    return top


Commands = Any  # argparse names the type of add_subparsers() privately


def _command(commands: Commands, common: argparse.ArgumentParser, name: str, words: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, parents=[common], help=words, description=words)
    return made


def _add_curated(command: argparse.ArgumentParser) -> None:
    command.add_argument("--curated", type=Path, default=Path("curated"), metavar="DIR", help=_CURATED)


def _add_ingest(commands: Commands, common: argparse.ArgumentParser) -> None:
    words = "解析、检验并发布公报 parse, check and publish bulletins"
    command = _command(commands, common, "ingest", words)
    command.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="文件或文件夹 files or folders")
    _add_curated(command)
    command.add_argument("--raw", type=Path, metavar="DIR", help="把收到的文件另存于此 keep the received bytes here")
    again = "已发布的也重做 also what the same version has published already"
    command.add_argument("--again", action="store_true", help=again)
    seconds = "一个文件最多用时，秒 longest time for one file (default: 1800)"
    command.add_argument("--seconds", type=_seconds, metavar="N", help=seconds)
    command.set_defaults(run=_ingest)


def _add_parse(commands: Commands, common: argparse.ArgumentParser) -> None:
    words = "只解析并打印，不发布 parse and print, publish nothing"
    command = _command(commands, common, "parse", words)
    command.add_argument("file", metavar="FILE", help="文件；- 为标准输入 a file; - reads standard input")
    command.add_argument("--table", default="tasks", metavar="NAME", help="表名 which table (default: tasks)")
    formats = ("table", "json", "csv", "parquet")
    command.add_argument("--format", choices=formats, default="table", help="输出格式 output format (default: table)")
    base = "以此日（而非成文日期）推算时间 count times from this day, not from the document's own date"
    command.add_argument("--base", type=_day, metavar="DATE", help=base)
    command.set_defaults(run=_parse)


def _add_query(commands: Commands, common: argparse.ArgumentParser) -> None:
    words = "用 SQL 查询已发布的表 SQL (DuckDB) over the published tables"
    command = _command(commands, common, "query", words)
    command.add_argument("sql", metavar="SQL", help='如 e.g. "SELECT action, due_on FROM tasks LIMIT 5"')
    _add_curated(command)
    formats = ("table", "json", "csv", "parquet")
    command.add_argument("--format", choices=formats, default="table", help="输出格式 output format (default: table)")
    command.set_defaults(run=_query)


def _add_show(commands: Commands, common: argparse.ArgumentParser) -> None:
    words = "显示一条记录及其原文依据与规则 a record with its evidence, page and rules"
    command = _command(commands, common, "show", words)
    command.add_argument("id", metavar="ID", help="任何表的标识 id of a row of any table")
    _add_curated(command)
    image = "把所在页存为 PNG 并标出依据 write its page as PNG, the evidence marked"
    command.add_argument("--image", action="store_true", help=image)
    command.add_argument("--out", type=Path, metavar="FILE", help="图片文件 the picture (default: <ID>.png)")
    raw = "来源文件所在文件夹 where the source files are (default: raw)"
    command.add_argument("--raw", type=Path, default=Path("raw"), metavar="DIR", help=raw)
    command.set_defaults(run=_show)


def _add_verify(commands: Commands, common: argparse.ArgumentParser) -> None:
    words = "核验已发布的全部摘要、主键、位置与原文 check every hash, key, offset and quote of what is published"
    command = _command(commands, common, "verify", words)
    _add_curated(command)
    command.set_defaults(run=_verify)


def _add_summary(commands: Commands, common: argparse.ArgumentParser) -> None:
    words = "概览：临近时限、各表行数、遗留 nearest deadlines, counts, residuals"
    command = _command(commands, common, "summary", words)
    _add_curated(command)
    day = "从哪一日算起 deadlines from this day on (default: today)"
    command.add_argument("--on", type=_day, metavar="DATE", help=day)
    command.set_defaults(run=_summary)


def _add_sources(command: argparse.ArgumentParser) -> None:
    words = "来源文件所在文件夹 where source files are (default: sources)"
    command.add_argument("--sources", type=Path, default=Path("sources"), metavar="DIR", help=words)


def _add_fetch(commands: Commands, common: argparse.ArgumentParser) -> None:
    words = "从来源取回新公报 fetch what is new in sources into raw/"
    command = _command(commands, common, "fetch", words)
    source = "来源名称或文件 name of a source, or its .toml file"
    command.add_argument("names", nargs="+", metavar="SOURCE", help=source)
    raw = "存放原件的文件夹 where originals are kept (default: raw)"
    command.add_argument("--raw", type=Path, default=Path("raw"), metavar="DIR", help=raw)
    recheck = "已有的也重新询问 ask again for what is there already"
    command.add_argument("--recheck", action="store_true", help=recheck)
    _add_sources(command)
    command.set_defaults(run=_fetch)


def _add_source(commands: Commands, common: argparse.ArgumentParser) -> None:
    command = _command(commands, common, "source", "检查或新建来源 check a source, or begin a new one")
    actions = command.add_subparsers(title="命令 commands", metavar="ACTION", required=True)
    words = "试取并说明会取什么、缺什么 fetch and show what would be taken, what is missing and why"
    check = _command(actions, common, "check", words)
    check.add_argument("file", metavar="FILE", help="来源文件或名称 a .toml file, or the name of a source")
    pages = "看几个列表页 list pages to look at (default: 3)"
    check.add_argument("--pages", type=_count, default=3, metavar="N", help=pages)
    items = "试取前几条 items to fetch on trial (default: 3)"
    check.add_argument("--items", type=_count, default=3, metavar="N", help=items)
    _add_sources(check)
    check.set_defaults(run=_source_check)
    new = _command(actions, common, "new", "新建来源文件 write a source file to fill in")
    new.add_argument("name", metavar="NAME", help="小写字母、数字、连字符 lower-case letters, digits, hyphens")
    kinds = ("list", "feed", "folder")
    new.add_argument("--kind", choices=kinds, default="list", help="来源种类 kind of source (default: list)")
    _add_sources(new)
    new.set_defaults(run=_source_new)


def _count(text: str) -> int:
    if text.isdecimal() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} 不是正整数 is no whole number above 0")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} 不是日期，请写作 is not a date, write 2024-03-15"
        raise argparse.ArgumentTypeError(message) from None


def _seconds(text: str) -> float:
    if text.isdecimal() and int(text):
        return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} 不是秒数，请写作 is no number of seconds, write 1800")


def _ingest(arguments: argparse.Namespace) -> int:
    from flows.inbox import plan
    from pipeline.cli_ingest import progress, report

    planned = plan(arguments.paths, arguments.curated, again=arguments.again)
    if not planned.todo:
        return report(planned.outcomes, arguments.curated)
    print("启动流程 starting the flow …", file=sys.stderr, flush=True)
    # Prefect takes seconds to import: only once there is something to do.
    from flows.ingest import run

    result = run(
        arguments.paths,
        curated=arguments.curated.absolute(),
        raw=arguments.raw,
        again=arguments.again,
        progress=progress(),
        debug=arguments.debug,
        seconds=arguments.seconds,
    )
    return report(result.outcomes, arguments.curated)


def _parse(arguments: argparse.Namespace) -> int:
    from pipeline.cli_commands import parse

    return parse(arguments)


def _query(arguments: argparse.Namespace) -> int:
    from pipeline.cli_commands import query

    return query(arguments)


def _show(arguments: argparse.Namespace) -> int:
    from pipeline.cli_commands import show

    return show(arguments)


def _verify(arguments: argparse.Namespace) -> int:
    from pipeline.cli_commands import verify

    return verify(arguments)


def _summary(arguments: argparse.Namespace) -> int:
    from pipeline.cli_summary import summary

    return summary(arguments)


def _fetch(arguments: argparse.Namespace) -> int:
    from fetching.commands import fetch_all

    return fetch_all(arguments)


def _source_check(arguments: argparse.Namespace) -> int:
    from fetching.commands import check_one

    return check_one(arguments)


def _source_new(arguments: argparse.Namespace) -> int:
    from fetching.commands import new

    return new(arguments)


if __name__ == "__main__":
    sys.exit(main())
