"""The record beside a file in `raw/`: where its bytes came from and when (`issue.pdf` → `issue.pdf.json`).

Written by whoever fetched the file, read when it is parsed. A record speaks of exactly the bytes whose
SHA-256 it names: beside other bytes it says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SUFFIX = ".json"
#: Folder in `raw/` for earlier bytes under the same name; hidden, so that no run takes them for a bulletin.
EARLIER = ".earlier"
_FORM = "gongbao-sidecar"
_VERSION = 1
_LARGEST = 256 * 1024  # bytes; no record comes near


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What is known of the way of a file into `raw/`. No credentials stand in an address."""

    source: str
    received_at: datetime
    sha256: str
    size: int
    media_type: str | None = None
    address: str | None = None
    final_address: str | None = None  # after redirects
    found_on: str | None = None  # the list, feed or page that led to it
    file: str | None = None  # place in the folder, for sources that are one
    title: str | None = None
    listed_on: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def dumps(self) -> bytes:
        """The record as JSON: the same content, the same bytes."""
        values = {k: v for k, v in asdict(self).items() if v not in (None, {})}
        values["received_at"] = f"{self.received_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        return json.dumps({_FORM: _VERSION, **values}, ensure_ascii=False, indent=1).encode() + b"\n"


def path_of(path: Path) -> Path:
    """Where the record of a file stands."""
    return path.with_name(path.name + SUFFIX)


def is_sidecar(path: Path) -> bool:
    """Whether a path is named like the record of a file beside it."""
    return path.suffix == SUFFIX and path.with_suffix("").exists()


def of_file(path: Path, sha256: str) -> dict[str, Any]:
    """`source_url` and `received_at` of `issues`, as far as the record beside a file has them; none raises."""
    values = load(path, sha256)
    found: dict[str, Any] = {}
    address, received = values.get("address"), values.get("received_at")
    if isinstance(address, str) and address:
        found["source_url"] = address
    if isinstance(received, str):
        try:
            moment = datetime.fromisoformat(received)
        except ValueError:
            return found
        if moment.tzinfo is not None:  # without a zone it is no moment
            found["received_at"] = moment.astimezone(UTC)
    return found


def load(path: Path, sha256: str) -> dict[str, Any]:
    """The record beside a file with these bytes; empty where there is none, or one of other bytes."""
    values = read(path)
    return values if values.get("sha256") == sha256 else {}


def read(path: Path) -> dict[str, Any]:
    """The record beside a file, of whatever bytes; empty where there is none."""
    beside = path_of(path)
    try:
        if beside.stat().st_size > _LARGEST:
            return {}
        values = json.loads(beside.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(values, dict) or values.get(_FORM) != _VERSION:
        return {}
    return values
