"""What the commands' arguments share: the parser of a command, common options, types of values."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.storage import Location, location
from pipeline.terminal import fold

Commands = Any  # argparse names the type of add_subparsers() privately
FORMATS = ("table", "json", "csv", "parquet", "md")


class Help(argparse.HelpFormatter):
    """Help as wide as the terminal shows it, where a Chinese character takes two columns."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return fold(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = [line for each in text.splitlines() for line in fold(each, width - len(indent)) or [""]]
        return "\n".join(indent + line for line in lines)


def command(commands: Commands, common: argparse.ArgumentParser, name: str, words: str) -> argparse.ArgumentParser:
    """The parser of a command, with its words as help and description."""
    made: argparse.ArgumentParser = commands.add_parser(
        name, parents=[common], help=words, description=words, formatter_class=Help
    )
    return made


def add_curated(command: argparse.ArgumentParser) -> None:
    """--curated, of commands that read or write the published dataset."""
    words = "发布目录或 s3:// 等地址 published dataset, a folder or an address such as s3://… (default: curated)"
    command.add_argument("--curated", type=location, default=Path("curated"), metavar="DIR", help=words)


def absolute(where: Location) -> Location:
    """A folder by its whole path, for processes that work elsewhere; an address as it is."""
    return where.absolute() if isinstance(where, Path) else where


def add_corrections(command: argparse.ArgumentParser) -> None:
    """--corrections, of commands that apply or keep what reviewers have put right."""
    words = "更正所在文件夹 where corrections are (default: corrections)"
    command.add_argument("--corrections", type=Path, default=Path("corrections"), metavar="DIR", help=words)


def add_format(command: argparse.ArgumentParser) -> None:
    """--format, of commands that print rows."""
    words = "输出格式 output format (default: table)"
    command.add_argument("--format", choices=FORMATS, default="table", help=words)


def add_sources(command: argparse.ArgumentParser) -> None:
    """--sources, of commands that read source files."""
    words = "来源文件所在文件夹 where source files are (default: sources)"
    command.add_argument("--sources", type=Path, default=Path("sources"), metavar="DIR", help=words)


def as_count(text: str) -> int:
    """A whole number above 0."""
    if text.isdecimal() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} 不是正整数 is no whole number above 0")


def as_port(text: str) -> int:
    """A port of this machine."""
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} 不是端口 is no port, write a number from 1 to 65535")


def as_day(text: str) -> date:
    """A day as 2024-03-15."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} 不是日期，请写作 is not a date, write 2024-03-15"
        raise argparse.ArgumentTypeError(message) from None


def as_seconds(text: str) -> float:
    """A whole number of seconds above 0."""
    if text.isdecimal() and int(text):
        return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} 不是秒数，请写作 is no number of seconds, write 1800")


def as_year(text: str) -> int:
    """A year as 2024."""
    if text.isdecimal() and len(text) == 4 and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} 不是年份，请写作 is no year, write 2024")
