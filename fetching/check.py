"""`gongbao source check`: what a source would give, what is missing and why. Nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from fetching import addresses, content, folder
from fetching.client import Client
from fetching.errors import FetchError, OverError
from fetching.judge import judge, need_whole
from fetching.pace import Clock
from fetching.source import Source
from fetching.state import Link, State
from fetching.walk import Page, Walk


@dataclass(frozen=True, slots=True)
class Tried:
    """An item that was fetched: what it is, or why it would not be taken; its attachments likewise."""

    link: Link
    kind: str | None = None
    bytes: int = 0
    kept: bool = False
    fault: str | None = None
    attachments: tuple[Tried, ...] = ()
    missing: tuple[str, ...] = ()

    def taken(self) -> int:
        """How many files would be kept of it."""
        return self.kept + sum(each.taken() for each in self.attachments)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Address and reason of whatever would not be taken."""
        shown = addresses.masked(self.link.address)
        if self.fault:
            yield shown, self.fault
        yield from ((shown, reason) for reason in self.missing)
        for each in self.attachments:
            yield from each.faults()


@dataclass(slots=True)
class Checked:
    """What the pages have, and what the first items are."""

    pages: list[Page] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)
    more_pages: bool = False

    def faults(self) -> list[tuple[str, str]]:
        """Address and reason of all that is missing."""
        found = [(page.address, reason) for page in self.pages for reason in (page.fault, *page.missing) if reason]
        return found + [each for tried in self.tried for each in tried.faults()]


def check(source: Source, *, pages: int, items: int, clock: Clock | None = None) -> Checked:
    """Read the first pages, fetch the first items with their attachments, judge them."""
    if source.kind == "folder":
        return _folder(source)
    checked = Checked()
    with Client(source, clock=clock) as client:
        walk = Walk(client, State(""))
        try:
            checked.pages = list(islice(walk.pages(), pages))
            checked.more_pages = len(checked.pages) == pages and not checked.pages[-1].fault
            checked.links = [link for page in checked.pages for link in page.links]
            for link in checked.links[:items]:
                checked.tried.append(_try(client, link))
        except OverError as error:
            checked.pages.append(Page(source.starts[0], fault=str(error)))
    return checked


def _try(client: Client, link: Link) -> Tried:
    source = client.source
    limit = int(source.limits.megabytes * 1024 * 1024)
    try:
        answer = client.get(link.address, limit=limit, accept=need_whole)
        data = answer.content or b""
        media_type = answer.headers.get("content-type", "")
        judged = judge(data, source, link, address=answer.address, media_type=media_type)
    except OverError:
        raise
    except FetchError as error:
        return Tried(link, fault=str(error))
    attachments = tuple(_try(client, each) for each in judged.attachments)
    return Tried(link, judged.kind, len(data), judged.kept, None, attachments, judged.missing)


def _folder(source: Source) -> Checked:
    checked = Checked()
    for place, path in folder.files(source):
        link = Link(place, direct=True)
        try:
            data = folder.read(source, path)
            kind = judge(data, source, link, address=place).kind
            fault = content.fault(data, kind, open_ended=False)
            checked.tried.append(Tried(link, kind, len(data), kept=fault is None, fault=fault))
        except FetchError as error:
            checked.tried.append(Tried(link, fault=str(error)))
        checked.links.append(link)
    if not checked.links:
        wanted = " ".join(source.patterns)
        checked.pages.append(Page(source.folder or ".", fault=f"no file in the folder fits {wanted}"))
    return checked
