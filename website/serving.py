"""The folder of the site over HTTP, to this machine only."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class _Handler(SimpleHTTPRequestHandler):
    """Files, no listings of folders, nothing kept by the browser: a new site shows at once."""

    # Not left to what the system says of endings: a browser refuses a script of another type.
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".css": "text/css",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml",
    }

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def list_directory(self, path: Any) -> None:
        self.send_error(404)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server on 127.0.0.1, bound and not yet serving; OSError where the port is taken."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(folder.resolve())))
