"""The rows of the table `continuity`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from pipeline import ids
from pipeline.continuity.gazettes import gazettes
from pipeline.continuity.model import KINDS, READ, Absent, Findings, Gazette, Known, Source
from pipeline.continuity.numbering import examine
from pipeline.continuity.rhythm import next_of

Row = dict[str, Any]


def rows(known: Iterable[Known], sources: Iterable[Source], on: date) -> list[Row]:
    """One row for each number of each gazette that is held, expected or missing, as of the day `on`.

    The same whatever the order of `known` and `sources`. Gazettes by region and name; within one, files without a
    number first, then by year and number, what has only a total number behind its year, the next issue last.
    """
    made: list[Row] = []
    for gazette in gazettes(known, sources):
        made += _of_gazette(gazette, on)
    return made


def _of_gazette(gazette: Gazette, on: date) -> list[Row]:
    held = [k for k in gazette.known if k.kind != "notice"]
    kept = list(_kept(held))
    found = examine(list({issue.key: issue for issue, _ in kept}.values()), gazette.cadence)
    made = [_held_row(issue, number, found) for issue, number in kept]
    made += [_absent_row(each) for each in found.absent]
    made.sort(key=_place)
    coming = next_of(gazette, found.doubts, on)
    if coming:
        made.append({**_absent_row(coming), "continuity_id": "next"})
    if not made:
        return []
    own = {
        "gazette_id": f"{gazette.region_code or '99'}:{ids.slug(gazette.name or '')}",
        "gazette": gazette.name,
        "region_code": gazette.region_code,
        "source": "、".join(gazette.sources) or None,
    }
    return list(_identified({**row, **own} for row in made))


def _kept(held: Iterable[Known]) -> Iterator[tuple[Known, int | None]]:
    """Each issue with each of its numbers; a file that was not read only where no issue of its number was."""
    held = list(held)
    best: dict[tuple[int | None, int], int] = {}
    for issue in held:
        for number in issue.numbers:
            rank = _rank(issue)
            best[issue.year, number] = min(best.get((issue.year, number), rank), rank)
    taken: set[tuple[int | None, int]] = set()
    for issue in held:
        if not issue.numbers:
            yield issue, None
        for number in issue.numbers:
            place = (issue.year, number)
            if _rank(issue) == best[place] and (issue.kind in READ or place not in taken):
                taken.add(place)
                yield issue, number


def _rank(issue: Known) -> int:
    return 0 if issue.kind in READ else KINDS.index(issue.kind)


def _held_row(issue: Known, number: int | None, found: Findings) -> Row:
    doubt, words = found.doubts.get(issue.key, (None, None))
    return {
        "year": issue.year,
        "issue_no": number,
        "total_no": issue.total if number is None else issue.total_of(number),
        "status": "missing" if issue.kind == "listed" else issue.kind,
        "basis": issue.basis,
        "doubt": doubt,
        "reason": issue.reason or words,
        "published_on": issue.dated,
        "issue_id": issue.issue_id,
        "file": issue.file,
        "continuity_id": None if number is not None and issue.year else issue.issue_id or _short(issue.key),
    }


def _short(key: str) -> str:
    from hashlib import sha256

    return sha256(key.encode()).hexdigest()[:12]


def _absent_row(absent: Absent) -> Row:
    return {
        "year": absent.year,
        "issue_no": absent.number,
        "total_no": absent.total,
        "status": absent.status,
        "basis": absent.basis,
        "reason": absent.reason,
        "expected_by": absent.expected_by,
    }


def _place(row: Row) -> tuple[Any, ...]:
    year, number, total = row["year"], row["issue_no"], row["total_no"]
    unnumbered = number is None and total is None
    own = (row.get("issue_id") or "", row.get("file") or "", row.get("continuity_id") or "")
    return (not unnumbered, year or 0, number or 0, total or 0, *own)


def _identified(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with ids; a repeated one gets -2."""
    seen: Counter[str] = Counter()
    for row in rows:
        own = f"{row['gazette_id']}/{row.get('continuity_id') or _id(row)}"
        seen[own] += 1
        yield {**row, "continuity_id": own if seen[own] == 1 else f"{own}-{seen[own]}"}


def _id(row: Row) -> str:
    year, number, total = row["year"], row["issue_no"], row["total_no"]
    if year is not None and number is not None:
        return f"{year}-{number:02d}"
    if number is not None:
        return f"{number:02d}"
    return f"t{total}" if total is not None else str(year)
