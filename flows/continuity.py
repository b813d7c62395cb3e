"""The table `continuity`: what is published, what waits in `raw/` and what the lists of the sources have, put together.

Needs no Prefect. Whoever publishes calls `refresh_safely` once at the end of a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from fetching import source as source_files
from fetching import state as states
from fetching.errors import SourceError
from pipeline import sidecar
from pipeline.continuity import Known, Source, report, rows
from pipeline.publish import published, unread
from pipeline.publish_derived import publish_derived
from pipeline.query import query
from pipeline.storage import Location
from pipeline.structure.masthead import numbers

_ATTEMPTS = 5
_TITLE = re.compile(r"^.{0,30}?(?P<name>[一-鿿]{2,24}?(?:公报|政报))")
_ISSUES = """
SELECT i.* EXCLUDE (province),
  EXISTS (SELECT 1 FROM tasks t WHERE t.issue_id = i.issue_id) AS has_tasks,
  (SELECT min(r.reason) FROM residuals r WHERE r.issue_id = i.issue_id AND r.kind = 'file') AS unread,
  (SELECT max(d.written_on) FROM documents d WHERE d.issue_id = i.issue_id) AS written_on
FROM issues i
"""


@dataclass(frozen=True, slots=True)
class _File:
    """A file in `raw/` with what its record says."""

    place: str  # path under `raw`
    sha256: str
    source: str | None = None
    title: str | None = None
    listed_on: str | None = None


@dataclass(frozen=True, slots=True)
class Continuity:
    """The rows of the table, a warning for each gap or silence, and a line for each source file with a fault."""

    rows: list[dict[str, Any]]
    warnings: list[str]
    faults: list[str]


def compute(curated: Location, sources: Path, raw: Path, on: date) -> Continuity:
    """The table as of the day `on`, nothing written. Folders that are not there say nothing."""
    described, faults = _sources(sources)
    states_of = {s.name: states.load(raw / s.name, s) for s in described if (raw / s.name / states.NAME).is_file()}
    files = list(_files(raw, states_of))
    by_hash = {file.sha256: file for file in files}
    known = [_of_issue(row, by_hash.get(row["source_sha256"]), raw) for row in _issues(curated)]
    have = {row.key for row in known}
    waiting = [_recorded(file, raw) for sha, file in by_hash.items() if sha not in have]
    known += [_of_file(file, "fetched") for file in waiting]
    for name, state in states_of.items():
        known += _listed(name, state)
    plain = [Source(s.name, s.title, s.division, s.cadence, s.name in states_of) for s in described]
    known = [_placed(each, {s.name: s.division for s in plain}) for each in known]
    made = rows(known, plain, on)
    return Continuity(made, report.warnings(made, on), faults)


def refresh(curated: Location, sources: Path, raw: Path, on: date | None = None) -> list[str]:
    """Make the table anew and publish it whole; a line for each gap, silence and source file with a fault.

    `on` is today where it is not given. Made again where another run has published meanwhile, so that the last one to
    publish the table has seen all issues. OSError where the disk refuses: the earlier table then stands.
    """
    day = on or date.today()
    for _ in range(_ATTEMPTS):
        seen = _published(curated)
        made = compute(curated, sources, raw, day)
        publish_derived(curated, "continuity", made.rows, day)
        if seen == _published(curated):
            break
    return [*made.faults, *made.warnings]


def refresh_safely(curated: Location, sources: Path, raw: Path) -> tuple[str, ...]:
    """`refresh` at the end of a run: what was published stands whatever becomes of the table; a failure is a line."""
    try:
        return tuple(refresh(curated, sources, raw))
    except Exception as error:
        why = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        return (f"continuity: 未能更新，仍为上次所记 could not be made anew, the earlier table stands ({why})",)


def _published(curated: Location) -> tuple[Any, ...]:
    return published(curated), unread(curated)


def _sources(folder: Path) -> tuple[list[source_files.Source], list[str]]:
    found, faults = [], []
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        try:
            found.append(source_files.load(path))
        except SourceError as error:
            faults.append(f"{error.faults[0]}：其周期不计 its cadence is left out")
    return found, faults


def _issues(curated: Location) -> list[dict[str, Any]]:
    found = query(curated, _ISSUES)
    return [] if found is None else list(found.to_pylist())


def _files(raw: Path, states_of: dict[str, states.State]) -> Iterator[_File]:
    """Files in `raw/` that have a record: from the states of the sources, elsewhere from the records themselves."""
    for name, state in sorted(states_of.items()):
        for known in state.items.values():
            if known.file and known.sha256 and (raw / name / known.file).is_file():
                yield _File(f"{name}/{known.file}", known.sha256, name)
    for path in sorted(raw.rglob("*" + sidecar.SUFFIX)) if raw.is_dir() else ():
        place = path.relative_to(raw).with_suffix("")
        if place.parts[0] in states_of or any(part.startswith(".") for part in place.parts):
            continue
        values = sidecar.read(raw / place)
        if values and isinstance(values.get("sha256"), str):
            yield _with(_File(place.as_posix(), values["sha256"]), values)


def _recorded(file: _File, raw: Path) -> _File:
    """The file with what its record says, if it was known from a state alone."""
    return file if file.title else _with(file, sidecar.load(raw / file.place, file.sha256))


def _with(file: _File, values: dict[str, Any]) -> _File:
    source, title, listed = (
        v if isinstance(v, str) else None for v in map(values.get, ("source", "title", "listed_on"))
    )
    return replace(file, source=source or file.source, title=title, listed_on=listed)


def _of_issue(row: dict[str, Any], file: _File | None, raw: Path) -> Known:
    """An issue as published; one that could not be read as its record calls it."""
    sha, source = row["source_sha256"], file.source if file else None
    if row["unread"] is not None and not row["chars"]:
        named = _recorded(file, raw) if file else _File(row["source_file"], sha)
        return replace(
            _of_file(named, "unreadable"), issue_id=row["issue_id"], file=row["source_file"], reason=row["unread"]
        )
    if row["gazette"] is None and row["issue_no"] is None:
        return Known("notice", sha, source=source, dated=row["published_on"] or row["written_on"])
    return Known(
        "parsed" if row["has_tasks"] else "without_tasks",
        sha,
        row["gazette"],
        row["region_code"],
        source,
        row["year"],
        row["issue_no"],
        row.get("issue_no_last"),
        row["total_no"],
        row.get("total_no_last"),
        row["published_on"],
        row["issue_id"],
        row["source_file"],
        row["unread"],
    )


def _of_file(file: _File, kind: Any) -> Known:
    """A file that is not parsed: what its title prints, else what its name does."""
    for basis, words in (("listed", file.title or ""), ("file_name", Path(file.place).name)):
        found = numbers(words)
        if found.first is not None or found.total is not None:
            return _named(kind, file, words, basis)
    return _named(kind, file, file.title or "", "received")


def _named(kind: Any, file: _File, words: str, basis: str) -> Known:
    found, name = numbers(words), _TITLE.match("".join(words.split()))
    return Known(
        kind,
        file.sha256,
        name["name"] if name else None,
        None,
        file.source,
        found.year,
        found.first,
        found.last,
        found.total,
        found.total_last,
        _day(file.listed_on),
        file=file.place,
        basis=basis,
    )


def _listed(name: str, state: states.State) -> Iterator[Known]:
    """Issues on the lists of a source that were not fetched: they exist, and their titles say which they are."""
    for listed in state.lists.values():
        for link in listed.links:
            if not _is_fetched(link.address, state) and numbers(link.title or "").first is not None:
                yield _named(
                    "listed",
                    _File(link.address, link.address, name, link.title, link.listed_on),
                    link.title or "",
                    "listed",
                )


def _is_fetched(address: str, state: states.State) -> bool:
    """Whether an address gave a file, itself or by one of its attachments."""
    known = state.items.get(address)
    led = [state.items.get(link.address) for link in known.attachments] if known else []
    return any(each is not None and each.file is not None for each in (known, *led))


def _placed(each: Known, divisions: dict[str, str]) -> Known:
    """What is not parsed has the region of its source."""
    return each if each.basis == "printed" else replace(each, region_code=divisions.get(each.source or ""))


def _day(text: str | None) -> date | None:
    found = re.search(r"((?:19|20)\d\d)\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})", text or "")
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
