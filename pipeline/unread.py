"""What is published of a file that could not be read: an issue without text, and why in one residual."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline import __version__, sidecar
from pipeline.ids import issue_id, residual_id

_MAGIC = (
    (b"%PDF", "application/pdf"),
    (b"PK", "application/zip"),
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x1f\x8b", "application/gzip"),
)


def id_of(sha256: str) -> str:
    """The issue id of a file of which nothing but its bytes is known."""
    return issue_id(sha256, None, None)


def records(path: Path, sha256: str, reason: str) -> dict[str, list[dict[str, Any]]]:
    """Rows for a file that could not be read: same bytes and reason, same rows."""
    issue = id_of(sha256)
    source = {
        "issue_id": issue,
        "source_file": path.name,
        "source_sha256": sha256,
        "media_type": _media_type(path),
        "chars": 0,
        "parser_version": __version__,
        **sidecar.of_file(path, sha256),
    }
    residual = {"residual_id": residual_id(issue, 1), "issue_id": issue, "kind": "file", "reason": reason}
    return {"issues": [source], "residuals": [residual]}


def _media_type(path: Path) -> str:
    with path.open("rb") as handle:
        head = handle.read(8)
    return next((kind for mark, kind in _MAGIC if head.startswith(mark)), "application/octet-stream")
