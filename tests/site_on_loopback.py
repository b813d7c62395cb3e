"""A web site on loopback that answers as a test wants it to, also badly; and a clock that does not wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from fetching.pace import Clock
from fetching.source import Source, load

PAGE = "<html><head><meta charset='utf-8'></head><body>{}</body></html>"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@dataclass
class Reply:
    """A response; `length` overrides Content-Length, `chunk` sends the body in pieces with a pause between."""

    body: bytes = b""
    status: int = 200
    type: str = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    pause: float = 0.0


class Handler(BaseHTTPRequestHandler):
    """Answers from the routes of its site."""

    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        """Look the path up, note the request, answer."""
        self.site.asked.append((self.path, dict(self.headers)))
        route = self.site.routes.get(self.path, Reply(b"gone", 404))
        if isinstance(route, list):
            route = route.pop(0) if len(route) > 1 else route[0]
        if callable(route):
            route = route(self)
        if isinstance(route, bytes):
            route = Reply(route)
        if route is not None:
            self.answer(route)

    def answer(self, reply: Reply) -> None:
        """Send a reply; a client that has gone is no error."""
        etag = reply.headers.get("ETag")
        if etag and self.headers.get("If-None-Match") == etag:
            reply = Reply(b"", 304, headers=reply.headers)
        try:
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.type, **reply.headers}.items():
                self.send_header(name, value)
            if reply.status != 304:
                self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            self.end_headers()
            self._send(reply)
        except OSError:
            self.close_connection = True
        if reply.length is not None:
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        if not reply.pause:
            self.wfile.write(reply.body)
            return
        for byte in reply.body:
            time.sleep(reply.pause)
            self.wfile.write(bytes([byte]))

    def log_message(self, *_: Any) -> None:
        """Quiet."""


Route = Reply | bytes | list[Any] | Callable[[Handler], Reply | None]


class Site:
    """Routes by path, and what was asked for."""

    def __init__(self, port: int) -> None:
        self.routes: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.port = port
        self.host = f"127.0.0.1:{port}"
        self.root = f"http://{self.host}"

    def paths(self) -> list[str]:
        """The paths asked for, but for robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]


@contextmanager
def serve() -> Iterator[Site]:
    """A site for as long as the block runs."""
    handler = type("SiteHandler", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    site = Site(server.server_port)
    handler.site = site  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Hasty(Clock):
    """A clock on which waiting takes no time; it notes how long it would have waited."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self.ahead = timedelta()

    def now(self) -> datetime:
        """A day in 2025, and what was waited or skipped."""
        return datetime(2025, 4, 30, 8, tzinfo=UTC) + self.ahead

    def monotonic(self) -> float:
        """Real seconds, and those waited."""
        return time.monotonic() + sum(self.waited)

    def sleep(self, seconds: float) -> None:
        """Do not wait."""
        self.waited.append(seconds)
        self.ahead += timedelta(seconds=seconds)

    def skip(self, **span: float) -> None:
        """Go on in time: `skip(days=8)`."""
        self.ahead += timedelta(**span)


def source_of(folder: Path, text: str, name: str = "yunhai") -> Source:
    """The source that a TOML text describes, its file in `folder`."""
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def list_source(folder: Path, site: Site, more: str = "", *, top: str = "", limits: str = "") -> Source:
    """A source with a list page at /list on the site, quick and on loopback; `more` goes under [select]."""
    return source_of(
        folder,
        f"""
title = "云海市人民政府公报"
division = "000000"
kind = "list"
cadence = "monthly"
pages = ["{site.root}/list"]
private = true
{top}
[select]
item = "li"
{more}
[politeness]
delay = 0
backoff = 0.01
[limits]
{limits}
""",
    )


def list_page(*links: str, rest: str = "") -> bytes:
    """A page with these links as its items."""
    items = "".join(
        f"<li><a href='{link}'>公报 {n}</a><span>2025-03-{n:02}</span></li>" for n, link in enumerate(links, 1)
    )
    return PAGE.format(f"<ul>{items}</ul>{rest}").encode()
