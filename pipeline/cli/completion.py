"""completion: what makes the shell complete commands, options, files and names of tables."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from pipeline.cli.arguments import Commands, command

SHELLS = ("bash", "zsh", "tcsh", "fish", "powershell")
_HOW = """\
bash: eval "$(gongbao completion bash)" 写入 in ~/.bashrc;
zsh: gongbao completion zsh > ~/.zfunc/_gongbao (该文件夹在 with that folder in fpath);
fish: gongbao completion fish > ~/.config/fish/completions/gongbao.fish"""


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `completion`."""
    made = command(commands, common, "completion", "打印命令行补全脚本 print the script of completion for a shell")
    made.epilog = _HOW
    made.add_argument("shell", choices=SHELLS, metavar="SHELL", help=f"命令解释器 the shell: {', '.join(SHELLS)}")
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    import shtab

    from pipeline.cli import parser

    top = parser()
    for action in _actions(top):
        _hint(action)
    print(shtab.complete(top, shell=arguments.shell))
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                yield from _actions(each)


def _hint(action: argparse.Action) -> None:
    """Tell shtab what the value of an argument is, by the name the help gives it."""
    import shtab

    from schemas import NAMES, TABLES

    if action.dest in ("table", "views"):
        action.choices = TABLES if action.nargs is None else NAMES
    elif action.metavar in ("FILE", "PATH"):
        action.complete = shtab.FILE  # type: ignore[attr-defined]
    elif action.metavar == "DIR":
        action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
