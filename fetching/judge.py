"""What came from an address: a bulletin to keep, a page that leads to some, or nothing to take."""

from __future__ import annotations

from dataclasses import dataclass

from fetching import content, listing
from fetching.client import Answer
from fetching.errors import FetchError, TransientError
from fetching.source import Source
from fetching.state import Link
from pipeline.read import ReadError


@dataclass(frozen=True, slots=True)
class Judged:
    """The kind of the bytes, whether they are kept, and the attachments they lead to."""

    kind: str
    kept: bool
    attachments: tuple[Link, ...] = ()
    missing: tuple[str, ...] = ()


def need_whole(answer: Answer) -> None:
    """TransientError for a body that the server ended too early, as far as the content shows it."""
    data = answer.content or b""
    kind = content.kind_of(data)
    fault = content.fault(data, kind, open_ended=answer.open_ended) if kind else None
    if not data:
        fault = "empty"
    if fault:
        raise TransientError(fault)


def judge(data: bytes, source: Source, link: Link, *, address: str, media_type: str = "") -> Judged:
    """What bytes are for the source; FetchError where they are nothing to take."""
    kind = content.kind_of(data)
    if kind is None:
        raise FetchError(f"wrong type: {content.name_of(data)}")
    contradiction = content.contradiction(link.address, media_type, kind)
    if contradiction:
        raise FetchError(contradiction)
    leads = kind == "html" and not link.direct and source.take != "page"
    kept = not leads or source.take == "both"
    if kept and kind not in source.types:
        raise FetchError(f"wrong type: {kind} is not among the types of the source ({', '.join(source.types)})")
    if not leads:
        return Judged(kind, kept)
    try:
        found = listing.attachments(data, address, source)
    except ReadError as error:
        raise FetchError(f"the page is no text: {error}") from None
    if not kept and not found.links:
        raise FetchError(found.missing[0])
    return Judged(kind, kept, tuple(found.links), tuple(found.missing))
