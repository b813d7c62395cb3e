"""What tests of the watch share: sources on loopback whose pages are words for the stand-in of the parser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from site_on_loopback import PAGE, Site, list_page

ROOT = Path(__file__).parents[1]
STAND_IN = Path(__file__).with_name("flows") / "stand_in.py"
#: The command line with the stand-in in place of the parser.
COMMAND = f"""
import sys
from flows import apart
apart.COMMAND = (sys.executable, {str(STAND_IN)!r})
from pipeline.cli import main
sys.exit(main(sys.argv[1:]))
"""
SOURCE = """
title = "云海市人民政府公报"
division = "000000"
kind = "list"
cadence = "monthly"
pages = ["{list}"]
private = true
[select]
item = "li"
[politeness]
delay = 0
backoff = 0.01
attempts = 2
recheck_days = 0
"""


def page(words: str) -> bytes:
    """A page that the stand-in reads as these words."""
    return PAGE.format(f" {words} ").encode()


def put(site: Site, name: str, *issues: str) -> None:
    """A list /name on the site with a page for each issue."""
    paths = [f"/{name}/{n}.html" for n in range(1, len(issues) + 1)]
    site.routes |= {path: page(words) for path, words in zip(paths, issues, strict=True)}
    site.routes[f"/{name}"] = list_page(*paths)


def source(folder: Path, name: str, address: str) -> None:
    """A source file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(SOURCE.format(list=address), encoding="utf-8")


def published_bytes(curated: Path) -> dict[str, bytes]:
    """Everything under `curated` that an identical run must give again; one that died leaves its staging for a day."""
    files = (p.relative_to(curated) for p in curated.rglob("*") if p.is_file())
    kept = (p for p in files if p.parts[0] not in (".publishing", ".staging", "runs.jsonl"))
    return {p.as_posix(): (curated / p).read_bytes() for p in kept}


def issues(curated: Path) -> dict[str, str]:
    """Issue ids that are published, with the file each is from."""
    found = sorted(curated.glob("issues/province=*/year=*/*.parquet"))
    rows = [row for path in found for row in pq.ParquetFile(path).read().to_pylist()]
    return {row["issue_id"]: row["source_file"] for row in rows}


def publications(curated: Path) -> list[str]:
    """Ids as they were published, one for each time."""
    return [json.loads(line)["issue_id"] for line in (curated / "runs.jsonl").read_text().splitlines()]


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a run: a Prefect of its own, nothing of the caller's."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT", "GONGBAO", "GX_"))}
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    return {**kept, "PREFECT_HOME": str(home), "PYTHONPATH": path, "PYTHONUTF8": "1", "COLUMNS": "80", **more}


def start(folder: Path, home: Path, *arguments: str, **more: str) -> subprocess.Popen[str]:
    """A command, started in a folder with the stand-in."""
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=folder,
        env=environment(home, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def receiver(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An address that takes JSON messages, and those that came."""
    came: list[dict[str, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook/s3cret-path", came
    finally:
        server.shutdown()
        server.server_close()
