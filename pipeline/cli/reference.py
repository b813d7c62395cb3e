"""docs/cli.md, made from the parser: `python -m pipeline.cli.reference` writes it.

Not from `--help`: its layout differs between versions of Python.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from pipeline.cli import parser

PAGE = Path("docs") / "cli.md"
_HEAD = """\
# 命令行 Command line

<!-- 由 `python -m pipeline.cli.reference` 生成，请改 pipeline/cli/ 而非此文件。
Made by `python -m pipeline.cli.reference`: change pipeline/cli/, not this file. -->

退出码 Exit codes: 0 完成 done; 1 有输入被拒或数据受损，其余已处理 some input was refused or found damaged, the rest
is done; 2 用法有误 wrong usage. 错误只占一行，`--debug` 给出调用栈 Errors are one line, `--debug` adds the traceback.
"""


def reference() -> str:
    """The page: each command with its arguments, in the order of `gongbao --help`."""
    return "\n".join([_HEAD, *_commands(parser())]).rstrip() + "\n"


def _commands(top: argparse.ArgumentParser) -> Iterator[str]:
    for name, command in _subcommands(top):
        inner = list(_subcommands(command))
        for full, each in [(f"{name} {n}", c) for n, c in inner] or [(name, command)]:
            yield f"## {full}\n\n{each.description}\n"
            yield from _arguments(each)


def _subcommands(command: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _arguments(command: argparse.ArgumentParser) -> Iterator[str]:
    actions = [a for a in command._actions if a.dest not in ("help", "debug")]
    yield f"```\n{_usage(command, actions)}\n```\n"
    if actions:
        yield "| 参数 argument | 含义 meaning |\n|---|---|"
        yield "\n".join(f"| `{_cell(_form(a))}` | {_cell(a.help or '').replace('<', '&lt;')} |" for a in actions) + "\n"


def _usage(command: argparse.ArgumentParser, actions: list[argparse.Action]) -> str:
    words = [command.prog]
    for action in actions:
        form = _form(action, short=True)
        words.append(form if action.required or _is_needed(action) else f"[{form}]")
    return " ".join(words)


def _is_needed(action: argparse.Action) -> bool:
    return not action.option_strings and action.nargs not in ("?", "*")


def _form(action: argparse.Action, *, short: bool = False) -> str:
    """The argument as it is typed."""
    value = "" if action.nargs == 0 else _value(action)
    if not action.option_strings:
        return f"{value} …" if action.nargs in ("+", "*") else value
    names = action.option_strings[-1:] if short else action.option_strings
    return " ".join(filter(None, [", ".join(names), f"{value} …" if action.nargs in ("+", "*") else value]))


def _value(action: argparse.Action) -> str:
    if action.choices is not None and action.metavar is None:
        return "|".join(map(str, action.choices))
    metavar = action.metavar[0] if isinstance(action.metavar, tuple) else action.metavar
    return metavar or action.dest.upper()


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("%%", "%")


def main(arguments: list[str] | None = None) -> int:
    """Write the page; 2 where it cannot be written."""
    given = sys.argv[1:] if arguments is None else arguments
    path = Path(given[0]) if given else PAGE
    try:
        path.write_text(reference(), encoding="utf-8")
    except OSError as error:
        print(f"{path}: {error.strerror}: run it in the root of the project", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
