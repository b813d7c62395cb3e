"""`gongbao fetch`: what is new in a source goes to `raw/`, with its record beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from fetching import addresses, content, folder, store
from fetching import state as states
from fetching.client import Answer, Client
from fetching.errors import FetchError, OverError, SourceError
from fetching.judge import Judged, judge, need_whole
from fetching.lock import BusyError, held
from fetching.pace import Clock, Pace
from fetching.source import Source
from fetching.state import Known, Link
from fetching.walk import Page, Walk
from pipeline.sidecar import Sidecar

Status = Literal["new", "new version", "unchanged", "duplicate", "failed"]
_SAVE_EVERY = 20
#: Failures one after the other that end a source: the site is down, or keeps us out.
_FAILURES = 10
_LOCK = ".lock"
#: Headers that say something of the bytes or of the next request.
_HEADERS = ("content-type", "content-length", "content-encoding", "etag", "last-modified", "date", "server")
_LONGEST_HEADER = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an address: the file it is in, or why there is none. No credentials stand in it."""

    status: Status
    address: str
    file: Path | None = None
    reason: str | None = None


def fetch(
    source: Source, raw: Path, *, recheck: bool = False, clock: Clock | None = None, pace: Pace | None = None
) -> Iterator[Outcome]:
    """Take what is new in a source; one outcome for each address, in the order of its lists.

    `recheck` asks for everything again. A run that finds another one at the same source waits for it.
    OSError where `raw` cannot be written, SourceError where it lies in the source.
    """
    clock = clock or Clock()
    target = raw / source.name
    if source.kind == "folder" and target.resolve().is_relative_to(source.root):
        raise SourceError([f"{source.path}: folder: {target} lies in it: take another --raw"])
    try:
        with held(target / _LOCK, source.limits.run_seconds):
            yield from _outcomes(source, target, recheck=recheck, clock=clock, pace=pace)
    except BusyError:
        where = addresses.masked(source.starts[0]) if source.starts else str(source.root)
        yield Outcome("failed", where, reason="another run is fetching this source: try again later")


def _outcomes(source: Source, target: Path, *, recheck: bool, clock: Clock, pace: Pace | None) -> Iterator[Outcome]:
    if source.kind == "folder":
        yield from _FolderRun(source, target, clock).outcomes()
        return
    with Client(source, clock=clock, pace=pace) as client:
        yield from _Run(client, target, recheck=recheck).outcomes()


class _Keeper:
    """Puts bytes of a source into its folder in `raw/`, those it has already not twice."""

    def __init__(self, source: Source, target: Path, clock: Clock) -> None:
        self.source, self.target, self.clock = source, target, clock
        self.state = states.load(target, source)
        self.by_hash = self.state.by_hash()

    def keep(self, key: str, kind: str, data: bytes, record: Sidecar) -> tuple[Status, str]:
        """Store bytes that `key` (an address or place) gave; what happened and the name of the file they are in."""
        name, same = store.name_of(key, content.ending_of(key, kind)), self.by_hash.get(record.sha256)
        if same and same != name and store.is_present(self.target, same, record.sha256, len(data)):
            return "duplicate", same
        status: Status = store.keep(self.target, name, data, record)
        self.by_hash[record.sha256] = name
        return status, name

    def is_present(self, known: Known) -> bool:
        """Whether what is known of an address still stands in `raw/`."""
        return known.file is None or store.is_present(self.target, known.file, known.sha256, known.bytes)


class _FolderRun(_Keeper):
    def outcomes(self) -> Iterator[Outcome]:
        try:
            for place, path in folder.files(self.source):
                try:
                    yield self._take(place, path)
                except FetchError as error:
                    yield Outcome("failed", place, reason=str(error))
        finally:
            self.state.save(self.target)

    def _take(self, place: str, path: Path) -> Outcome:
        data = folder.read(self.source, path)
        kind = judge(data, self.source, Link(place, direct=True), address=place).kind
        fault = content.fault(data, kind, open_ended=False)
        if fault:
            raise FetchError(fault)
        digest, now = hashlib.sha256(data).hexdigest(), self.clock.now()
        media_type = content.media_type_of(kind)
        record = Sidecar(self.source.name, now, digest, len(data), media_type, file=place)
        status, name = self.keep(place, kind, data, record)
        self.state.items[place] = Known(states.moment(now), digest, name, len(data))
        return Outcome(status, place, self.target / name)


class _Run(_Keeper):
    def __init__(self, client: Client, target: Path, *, recheck: bool) -> None:
        super().__init__(client.source, target, client.clock)
        self.client = client
        #: Attachments of pages of this run; those with secrets in their addresses stand in no state.
        self.attachments: dict[str, list[Link]] = {}
        days = self.source.politeness.recheck_days
        self.recheck_days = 0.0 if recheck else days
        recent = states.age_in_days(self.state.walked_at, self.clock.now()) < self.recheck_days
        self.walk = Walk(client, self.state, self._all_known if recent else lambda _: False)
        #: Stands in the state again only when the run has ended well: a run that was killed may have left pages out.
        self.walked_at, self.state.walked_at = self.state.walked_at, None
        if recheck:
            self.state.lists.clear()

    def outcomes(self) -> Iterator[Outcome]:
        """What became of each address; the state is kept also when the run ends early."""
        failures = in_a_row = number = 0
        try:
            for outcome in self._all():
                number += 1
                failed = outcome.status == "failed"
                failures, in_a_row = failures + failed, in_a_row + 1 if failed else 0
                yield outcome
                if in_a_row >= _FAILURES:
                    yield Outcome(
                        "failed", self.source.starts[0], reason=f"stopped after {_FAILURES} failures in a row"
                    )
                    return
                if number % _SAVE_EVERY == 0:
                    self.state.save(self.target)
            if not failures:
                self.state.walked_at = states.moment(self.clock.now()) if self.walk.whole else self.walked_at
        finally:
            self.state.save(self.target)

    def _all(self) -> Iterator[Outcome]:
        items = 0
        try:
            for page in self.walk.pages():
                yield from self._faults(page)
                for link in page.links:
                    items += 1
                    if items > self.source.limits.items:
                        yield Outcome("failed", page.address, reason="more items than limits.items")
                        return
                    yield from self._take(link)
        except OverError as error:
            yield Outcome("failed", addresses.masked(self.source.starts[0]), reason=str(error))

    def _faults(self, page: Page) -> Iterator[Outcome]:
        if page.fault:
            yield Outcome("failed", page.address, reason=page.fault)

    def _all_known(self, links: tuple[Link, ...]) -> bool:
        return all(self._is_known(link) for link in links)

    def _is_known(self, link: Link) -> bool:
        known = self.state.items.get(addresses.masked(link.address))
        return known is not None and self.is_present(known) and all(map(self._is_known, known.attachments))

    def _take(self, link: Link) -> Iterator[Outcome]:
        """The address and the attachments that it leads to."""
        key = addresses.masked(link.address)
        try:
            outcome = self._asked(key, link)
        except OverError:
            raise
        except FetchError as error:
            yield Outcome("failed", key, reason=str(error))
            return
        if outcome is not None:
            yield outcome
        for attachment in self.attachments.pop(key, self.state.items[key].attachments):
            yield from self._take(attachment)

    def _asked(self, key: str, link: Link) -> Outcome | None:
        """What became of one address; null for a page of which only the attachments are taken."""
        known, now = self.state.items.get(key), self.clock.now()
        present = known is not None and self.is_present(known)
        if known and present and states.age_in_days(known.checked_at, now) < self.recheck_days:
            return self._unchanged(key, known)
        limit = int(self.source.limits.megabytes * 1024 * 1024)
        conditions = known.conditions() if known and present else None
        answer = self.client.get(link.address, limit=limit, conditions=conditions, accept=need_whole)
        if answer.content is None:
            assert known is not None
            known.checked_at = states.moment(now)
            return self._unchanged(key, known)
        media_type = answer.headers.get("content-type", "")
        judged = judge(answer.content, self.source, link, address=answer.address, media_type=media_type)
        return self._accepted(key, link, answer, judged, now)

    def _unchanged(self, key: str, known: Known) -> Outcome | None:
        return Outcome("unchanged", key, self.target / known.file) if known.file else None

    def _accepted(self, key: str, link: Link, answer: Answer, judged: Judged, now: datetime) -> Outcome | None:
        data = answer.content or b""
        digest = hashlib.sha256(data).hexdigest()
        links = list(judged.attachments)
        known = Known(states.moment(now), digest, None, len(data), attachments=links)
        known.etag, known.last_modified = answer.headers.get("etag"), answer.headers.get("last-modified")
        if any(addresses.masked(each.address) != each.address for each in links):
            self.attachments[key] = links
            known.checked_at, known.etag, known.last_modified, known.attachments = "", None, None, []
        outcome = None
        if judged.kept:
            status, known.file = self.keep(key, judged.kind, data, self._record(key, link, answer, judged, digest, now))
            outcome = Outcome(status, key, self.target / known.file)
        self.state.items[key] = known
        return outcome

    def _record(self, key: str, link: Link, answer: Answer, judged: Judged, digest: str, now: datetime) -> Sidecar:
        final = addresses.masked(answer.address)
        headers = {name: answer.headers[name][:_LONGEST_HEADER] for name in _HEADERS if name in answer.headers}
        return Sidecar(
            source=self.source.name,
            received_at=now,
            sha256=digest,
            size=len(answer.content or b""),
            media_type=content.media_type_of(judged.kind),
            address=key,
            final_address=final if final != key else None,
            found_on=link.found_on,
            title=link.title,
            listed_on=link.listed_on,
            headers=headers,
        )
