"""show: a record with its evidence."""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.arguments import Commands, add_curated, command
from pipeline.cli.errors import InputError, UsageError, need_dataset, reaching
from pipeline.storage import location, place

if TYPE_CHECKING:
    from pipeline.show import Found


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `show`."""
    words = "显示一条记录及其原文依据与规则 a record with its evidence, page and rules"
    made = command(commands, common, "show", words)
    made.add_argument("id", metavar="ID", help="任何表的标识 id of a row of any table")
    add_curated(made)
    image = "把所在页存为 PNG 并标出依据 write its page as PNG, the evidence marked"
    made.add_argument("--image", action="store_true", help=image)
    made.add_argument("--out", type=Path, metavar="FILE", help="图片文件 the picture (default: <ID>.png)")
    raw = "来源文件所在文件夹 where the source files are (default: raw)"
    made.add_argument("--raw", type=location, default=Path("raw"), metavar="DIR", help=raw)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print every record with the id."""
    from pipeline.show import describe, find
    from pipeline.terminal import wants_colour

    need_dataset(arguments.curated)
    found = find(arguments.curated, arguments.id)
    if not found:
        hint = '标识见 ids are in: gongbao query "SELECT task_id, action FROM tasks"'
        raise UsageError(f"{arguments.id}: 没有此标识 no such id in {arguments.curated}; {hint}")
    colour = wants_colour(sys.stdout)
    print("\n\n".join(describe(each, colour=colour) for each in found))
    return _show_image(arguments, found[0]) if arguments.image else 0


def _show_image(arguments: argparse.Namespace, found: Found) -> int:
    from pipeline.show_image import NoImageError, page_image

    with tempfile.TemporaryDirectory(prefix="gongbao-") as copies, reaching(arguments.raw):
        try:
            picture = page_image(found.row, found.source, _folders(arguments, found, Path(copies)))
        except NoImageError as error:
            raise InputError(f"{arguments.id}: {error}") from None
    out = arguments.out or Path(re.sub(r"[^\w.-]+", "_", arguments.id) + ".png")
    picture.save(out, "PNG")
    print(f"图片 picture: {out}", file=sys.stderr)
    return 0


def _folders(arguments: argparse.Namespace, found: Found, copies: Path) -> list[Path]:
    """Where the source file may be; from an address it is copied to a folder of this machine first."""
    if isinstance(arguments.raw, Path):
        beside = [arguments.curated.parent / "raw"] if isinstance(arguments.curated, Path) else []
        return [arguments.raw, *beside]
    root, name = place(arguments.raw), Path(str(found.source["source_file"])).name
    for number, each in enumerate(each for each in root.names("") if Path(each).name == name):
        (copies / str(number)).mkdir()
        (copies / str(number) / name).write_bytes(root.read(each))
    return [copies]
