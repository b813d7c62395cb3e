"""The pages of a list, or the feeds of a source, one after the other, until there are no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from fetching import addresses, feed, listing
from fetching.client import Answer, Client
from fetching.errors import FetchError, OverError
from fetching.judge import need_whole
from fetching.listing import Found
from fetching.source import Source
from fetching.state import Link, Listed, State
from pipeline.read import ReadError


@dataclass(frozen=True, slots=True)
class Page:
    """A list page or a feed: its links, what is missing on it, and why it ends the list where that is a fault."""

    address: str
    links: tuple[Link, ...] = ()
    missing: tuple[str, ...] = ()
    fault: str | None = None


@dataclass(slots=True)
class Walk:
    """The way through the pages of a source. `whole` is true once it came to the end without a fault."""

    client: Client
    state: State
    #: Whether the rest of the pages need not be looked at, given the links of one.
    enough: Callable[[tuple[Link, ...]], bool] = lambda _: False
    whole: bool = False
    _visited: set[str] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)

    @property
    def _source(self) -> Source:
        return self.client.source

    def pages(self) -> Iterator[Page]:
        """The pages in order; a page with a fault ends its list."""
        self.whole = True
        for start in self._source.starts:
            yield from self._list(start)

    def _list(self, start: str) -> Iterator[Page]:
        address, number, counted = start, self._source.numbered_from, False
        while True:
            found = self._found(address, counted=counted)
            if isinstance(found, Page):
                yield found
                return
            links = tuple(link for link in found.links if link.address not in self._seen)
            if not links and counted:
                return  # beyond the end, sites repeat the last page or show an empty one
            if not links and address != start:
                yield self._faulty(address, "the page repeats what earlier ones have: the list goes in a circle")
                return
            self._seen |= {link.address for link in links}
            enough = self.enough(tuple(found.links))  # asked before the links are taken: then all would be known
            yield Page(addresses.masked(address), links, tuple(found.missing))
            if enough:
                self.whole = False
                return
            if found.next is None and not self._source.numbered:
                return
            counted = found.next is None
            address = found.next or self._source.numbered_page(number)
            number += counted

    def _found(self, address: str, *, counted: bool) -> Found | Page:
        """What a page leads to; a page with a fault where that ends the list. Nothing beyond the last numbered page."""
        if len(self._visited) >= self._source.limits.pages:
            return self._faulty(address, f"more than {self._source.limits.pages} pages (limits.pages)")
        if address in self._visited:
            return self._faulty(address, "the next page is one that was read already: the list goes in a circle")
        self._visited.add(address)
        try:
            found = self._read(address)
        except OverError:
            self.whole = False
            raise
        except (FetchError, ReadError) as error:
            if counted and isinstance(error, FetchError) and error.status in (404, 410):
                return Found()
            return self._faulty(address, str(error))
        if not found.links and not counted:
            return self._faulty(address, found.missing[0] if found.missing else "nothing on the page")
        return found

    def _faulty(self, address: str, fault: str) -> Page:
        self.whole = False
        return Page(addresses.masked(address), fault=fault)

    def _read(self, address: str) -> Found:
        known = self.state.lists.get(address)
        limit = int(self._source.limits.list_megabytes * 1024 * 1024)
        conditions = known.conditions() if known else None
        answer = self.client.get(address, limit=limit, conditions=conditions, accept=need_whole)
        if answer.content is None:
            assert known is not None
            return Found(list(known.links), known.next)
        read = feed.entries if self._source.kind == "feed" else listing.items
        found = read(answer.content, answer.address, self._source)
        self._remember(address, answer, found)
        return found

    def _remember(self, address: str, answer: Answer, found: Found) -> None:
        """Keep what the page led to, where the server can say later that it is as it was."""
        listed = Listed(answer.headers.get("etag"), answer.headers.get("last-modified"), found.links, found.next)
        every = [address, *(link.address for link in found.links), *filter(None, [found.next])]
        secret = any(addresses.masked(each) != each for each in every)
        self.state.lists.pop(address, None)
        if listed.conditions() and found.links and not found.missing and not secret:
            self.state.lists[address] = listed
