"""The command line. Exit codes: 0 done, 1 some input was refused or found damaged, 2 wrong usage.

A module for each command: `add` makes its parser, `run` takes the arguments and gives the exit code. `run` imports what
it needs, so that `--help` and `parse` start at once.
"""

from __future__ import annotations

import argparse
import codecs
import gc
import io
import os
import sys
from collections.abc import Sequence

import pipeline
from pipeline.cli import (
    backfill,
    compact,
    completion,
    correct,
    diff,
    doctor,
    export,
    fetch,
    ingest,
    parse,
    query,
    release,
    serve,
    show,
    site,
    source,
    status,
    summary,
    verify,
    watch,
)
from pipeline.cli.arguments import Help
from pipeline.cli.errors import InputError, UsageError

_DEBUG = "出错时给出完整调用栈 traceback on errors"
# In the order of the help.
_COMMANDS = (
    ingest,
    backfill,
    parse,
    query,
    export,
    show,
    verify,
    summary,
    status,
    site,
    correct,
    release,
    diff,
    compact,
    fetch,
    watch,
    serve,
    source,
    doctor,
    completion,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    gc.set_threshold(50_000, 20, 100)  # a command makes many objects that stay and few cycles
    _speak_utf8()
    try:
        try:
            return _run(argv)
        finally:  # here, not at the end of the process, a reader that has gone can be borne with
            if sys.stdout is not None:
                sys.stdout.flush()
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(argv: Sequence[str] | None) -> int:
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except BrokenPipeError:
        raise
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


def _speak_utf8() -> None:
    """Output is UTF-8 in files, in pipes, and where the system claims to know ASCII alone; nothing it prints can fail.

    A terminal of another encoding, or what PYTHONIOENCODING names, is left as it is: what it lacks is written \\uXXXX.
    """
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        ascii_only = codecs.lookup(stream.encoding).name == "ascii"
        ours = not os.environ.get("PYTHONIOENCODING") and (ascii_only or not stream.isatty())
        stream.reconfigure(encoding="utf-8" if ours else None, errors="backslashreplace")


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
        formatter_class=Help,
    )
    top.add_argument("--version", action="version", version=f"gongbao {pipeline.__version__}")
    top.add_argument("--debug", action="store_true", default=False, help=_DEBUG)
    commands = top.add_subparsers(title="命令 commands", metavar="COMMAND", required=True)
    for each in _COMMANDS:
        each.add(commands, common)
    return top
