"""source check, source new."""

from __future__ import annotations

import argparse

from pipeline.cli.arguments import Commands, add_sources, as_count, command


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `source`."""
    made = command(commands, common, "source", "检查或新建来源 check a source, or begin a new one")
    actions = made.add_subparsers(title="命令 commands", metavar="ACTION", required=True)
    words = "试取并说明会取什么、缺什么 fetch and show what would be taken, what is missing and why"
    check = command(actions, common, "check", words)
    check.add_argument("file", metavar="FILE", help="来源文件或名称 a .toml file, or the name of a source")
    pages = "看几个列表页 list pages to look at (default: 3)"
    check.add_argument("--pages", type=as_count, default=3, metavar="N", help=pages)
    items = "试取前几条 items to fetch on trial (default: 3)"
    check.add_argument("--items", type=as_count, default=3, metavar="N", help=items)
    add_sources(check)
    check.set_defaults(run=run_check)
    new = command(actions, common, "new", "新建来源文件 write a source file to fill in")
    new.add_argument("name", metavar="NAME", help="小写字母、数字、连字符 lower-case letters, digits, hyphens")
    kinds = ("list", "feed", "folder")
    new.add_argument("--kind", choices=kinds, default="list", help="来源种类 kind of source (default: list)")
    add_sources(new)
    new.set_defaults(run=run_new)


def run_check(arguments: argparse.Namespace) -> int:
    """What a source would give; 1 if anything is missing."""
    from fetching.commands import check_one

    return check_one(arguments)


def run_new(arguments: argparse.Namespace) -> int:
    """A source file to fill in."""
    from fetching.commands import new

    return new(arguments)
