"""site and serve-site: the published dataset as pages to look at."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipeline.cli.arguments import Commands, add_curated, command
from pipeline.cli.errors import InputError, UsageError, need_dataset, reaching

_PORT = 8000


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parsers of `site` and `serve-site`."""
    made = command(commands, common, "site", "生成可离线浏览的网页 static pages to search, check and correct")
    add_curated(made)
    _add_out(made, "写到哪里 where to write the pages (default: site)")
    made.set_defaults(run=run)
    words = "在本机浏览器中查看 serves the pages on this machine only"
    served = command(commands, common, "serve-site", words)
    _add_out(served, "网页所在 where the pages are (default: site)")
    port = f"端口 port, 0 takes any free one (default: {_PORT})"
    served.add_argument("--port", type=_as_port, default=_PORT, metavar="N", help=port)
    served.set_defaults(run=serve)


def run(arguments: argparse.Namespace) -> int:
    """Write the site."""
    from website import SiteError, build

    need_dataset(arguments.curated)
    out = arguments.out
    try:
        with reaching(arguments.curated):
            built = build(arguments.curated, out)
    except SiteError as error:
        raise InputError(str(error)) from error
    except OSError as error:
        raise InputError(
            f"{error.filename or out}: 不能读写 cannot be read or written: {error.strerror or error}"
        ) from error
    print(f"{built.pages} 页 pages · {built.issues} 期 issues · {built.tasks} 项任务 tasks")
    print(f"打开 open: {out / 'index.html'}")
    return 0


def serve(arguments: argparse.Namespace) -> int:
    """Serve the site until interrupted."""
    from website.serving import server

    out = arguments.out
    if not (out / "index.html").is_file():
        raise UsageError(f"{out}: 尚无网页，先运行 no site here, run first: gongbao site --out {out}")
    try:
        serving = server(out, arguments.port)
    except OSError as error:
        raise UsageError(f"--port {arguments.port}: {error.strerror or error}") from error
    with serving:
        print(f"http://127.0.0.1:{serving.server_address[1]}/  (Ctrl-C 结束 ends)", flush=True)
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            print(file=sys.stderr)
    return 0


def _add_out(made: argparse.ArgumentParser, words: str) -> None:
    made.add_argument("--out", type=Path, default=Path("site"), metavar="DIR", help=words)


def _as_port(text: str) -> int:
    """A port, or 0 for any free one."""
    if text.isdecimal() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} 不是端口 is no port, write 0 to 65535")
