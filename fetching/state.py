"""What a source has given so far: one JSON file beside what was fetched, written whole.

It saves requests and nothing hangs on it: without it all is asked again, and bytes that stand in `raw/` already
are not stored twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from fetching.files import write
from fetching.source import Source

NAME = ".state.json"
_FORM = 1


@dataclass(frozen=True, slots=True)
class Link:
    """What a list, a feed or a page leads to."""

    address: str
    title: str | None = None
    listed_on: str | None = None
    found_on: str | None = None
    direct: bool = False  # a file, whose own links are not followed


@dataclass(slots=True)
class Known:
    """An address: its bytes when they were taken, and what a page led to."""

    checked_at: str
    sha256: str | None = None
    file: str | None = None  # null for a page of which only the attachments are taken
    bytes: int = 0
    etag: str | None = None
    last_modified: str | None = None
    attachments: list[Link] = field(default_factory=list)

    def conditions(self) -> dict[str, str]:
        """Headers that ask for the content only if it is new."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


@dataclass(slots=True)
class Listed:
    """A list page as it was: what it led to and the address of the next one."""

    etag: str | None
    last_modified: str | None
    links: list[Link]
    next: str | None

    def conditions(self) -> dict[str, str]:
        """Headers that ask for the content only if it is new."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


@dataclass(slots=True)
class State:
    """Addresses and list pages that are known, and when all pages were last walked without a fault."""

    settings: str
    walked_at: str | None = None
    items: dict[str, Known] = field(default_factory=dict)
    lists: dict[str, Listed] = field(default_factory=dict)

    def by_hash(self) -> dict[str, str]:
        """The file that holds bytes of a hash."""
        return {known.sha256: known.file for known in self.items.values() if known.sha256 and known.file}

    def save(self, folder: Path) -> None:
        """Write the state into the folder of its source."""
        folder.mkdir(parents=True, exist_ok=True)
        content = json.dumps({"form": _FORM, **asdict(self)}, ensure_ascii=False, indent=1, sort_keys=True)
        write(folder / NAME, content.encode() + b"\n")


def load(folder: Path, source: Source) -> State:
    """The state of a source; an empty one where there is none, or none that can be read."""
    settings = _settings(source)
    try:
        values = json.loads((folder / NAME).read_bytes())
        state = _state(values)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return State(settings)
    if state.settings == settings:
        return state
    # Other selectors find other links: pages are read anew, files stay known by their hash.
    for known in state.items.values():
        known.etag = known.last_modified = None
        known.checked_at = ""
    return State(settings, None, state.items)


def _state(values: Mapping[str, Any]) -> State:
    if values["form"] != _FORM:
        raise ValueError("another form")
    items = {address: Known(**{**each, "attachments": _links(each)}) for address, each in values["items"].items()}
    lists = {address: Listed(**{**each, "links": _links(each, "links")}) for address, each in values["lists"].items()}
    return State(values["settings"], values["walked_at"], items, lists)


def _links(values: Mapping[str, Any], name: str = "attachments") -> list[Link]:
    known = {f.name for f in fields(Link)}
    return [Link(**{k: v for k, v in each.items() if k in known}) for each in values.get(name, ())]


def _settings(source: Source) -> str:
    """A hash of all that decides what is found and taken."""
    parts = ("kind", "patterns", "numbered_from", "hosts", "encoding", "take", "types", "select")
    content = source.model_dump_json(include=set(parts)) + "".join(source.starts)
    return sha256(content.encode()).hexdigest()[:16]


def moment(now: datetime) -> str:
    """A moment as the state writes it."""
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def age_in_days(written: str | None, now: datetime) -> float:
    """Days since a written moment; endless where there is none, or one that has not come yet."""
    try:
        passed = (now - datetime.fromisoformat(written or "")).total_seconds()
    except (ValueError, TypeError):
        return float("inf")
    return passed / 86_400 if passed >= 0 else float("inf")
