"""What a watch has to do: which sources there are, and which of a source's files are not published yet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import httpx

from fetching.source import Source
from flows.inbox import Published, Received, plan
from flows.report import Outcome
from pipeline import __version__
from pipeline.corrections import FOLDER
from pipeline.sidecar import EARLIER
from pipeline.storage import Location, location, steadily

#: Names that RFC 2606 keeps for examples: no site can have one.
_RESERVED = (".example", ".invalid", ".test")
_KEPT = re.compile(r"([0-9a-f]{12})-(.+)")


def dataset(text: str) -> Location:
    """Where a dataset stands, as a parameter of a flow says it: a folder, or an address such as s3://…"""
    where = location(text)
    return where.absolute() if isinstance(where, Path) else where


def source_files(names: Sequence[str] | None, folder: Path) -> list[Path]:
    """The files of these sources (names, or paths of .toml files), of all in the folder where none is named."""
    if names:
        return [Path(name) if name.endswith(".toml") else folder / f"{name}.toml" for name in dict.fromkeys(names)]
    return sorted(path for path in folder.glob("*.toml") if not path.name.startswith("."))


def is_reserved(source: Source) -> bool:
    """Whether a source is an example: nothing can be fetched from its hosts."""
    hosts = [httpx.URL(start).host for start in source.starts]
    return bool(hosts) and all(host.endswith(_RESERVED) for host in hosts)


@dataclass(frozen=True, slots=True)
class New:
    """Files to ingest; files that cannot be; how many are published, and how many could not be read before.

    `earlier` has for the path of a file the issues that are published from earlier bytes of it.
    """

    todo: tuple[Received, ...]
    refused: tuple[Outcome, ...]
    published: int
    unreadable: int
    earlier: Mapping[str, tuple[str, ...]]


def today() -> date:
    """The day of the run."""
    return datetime.now(UTC).date()


def _has_its_turn(sha256: str) -> bool:
    """Whether bytes that could not be read are tried again today: one day in seven, not all on the same."""
    return (int(sha256[:8], 16) + today().toordinal()) % 7 == 0


def newest(folder: Path, curated: Location, known: Published, corrections: Path = FOLDER) -> New:
    """What there is to do for the files of a source, given what is published.

    Bytes that this version of the parser could not read are tried again once a week, not night after night.
    """
    from pipeline.published import manifest
    from pipeline.unread import id_of

    planned = plan([folder] if folder.is_dir() else [], curated, known=known, corrections=corrections)
    todo, unreadable = [], 0
    for each in planned.todo:
        entry = steadily(curated, partial(manifest, issue_id=id_of(each.sha256))) or {}
        known_bad = "unread" in entry and entry.get("parser_version") == __version__
        if known_bad and not _has_its_turn(each.sha256):
            unreadable += 1
        else:
            todo.append(each)
    settled = planned.outcomes
    current = {o.issue_id for o in settled if o.issue_id}  # of bytes that some file of the source still has
    earlier = {str(each.path): tuple(sorted(_earlier(each.path, known) - current)) for each in todo}
    return New(
        todo=tuple(todo),
        refused=tuple(o for o in settled if o.status == "refused"),
        published=sum(o.status == "skipped" for o in settled),
        unreadable=unreadable,
        earlier={path: ids for path, ids in earlier.items() if ids},
    )


def _earlier(path: Path, known: Published) -> set[str]:
    """Ids of what is published from earlier bytes of a file."""
    heads = set()
    for kept in (path.parent / EARLIER).glob(f"*-{path.name}"):
        match = _KEPT.fullmatch(kept.name)
        if match and match[2] == path.name:
            heads.add(match[1])
    return {issue_id for digest, (issue_id, _) in known.items() if digest[:12] in heads}
