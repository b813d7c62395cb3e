"""fetch: what is new in sources goes to raw/."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.cli.arguments import Commands, add_sources, command


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `fetch`."""
    words = "从来源取回新公报 fetch what is new in sources into raw/"
    made = command(commands, common, "fetch", words)
    source = "来源名称或文件 name of a source, or its .toml file"
    made.add_argument("names", nargs="+", metavar="SOURCE", help=source)
    raw = "存放原件的文件夹 where originals are kept (default: raw)"
    made.add_argument("--raw", type=Path, default=Path("raw"), metavar="DIR", help=raw)
    recheck = "已有的也重新询问 ask again for what is there already"
    made.add_argument("--recheck", action="store_true", help=recheck)
    add_sources(made)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """1 if anything failed; the rest is taken."""
    from fetching.commands import fetch_all

    return fetch_all(arguments)
