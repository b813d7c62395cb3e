"""The table `continuity` for people: a line for each gazette, and a line for each gap, silence and doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

Row = Mapping[str, Any]
_GAP = frozenset(("missing", "doubtful"))
_BASIS = {
    "number": "",
    "total_no": " · 按总期号 by total number",
    "listed": " · 列表上有 on the list of its source",
    "file_name": "",
    "cadence": " · 按周期 by cadence",
    "year": "",
}


def warnings(rows: Sequence[Row], on: date) -> list[str]:
    """A line for each gap, then each silence, each gap that a misprint may have made up; gazettes in their order.

    Not: issues before the first one held, and files that could not be read or wait to be parsed.
    """
    lines = []
    for name, own in _by_gazette(rows):
        lines += [f"{name}：{words}" for words in (*_gaps(own), *_silences(own, on), *_jumps(own))]
    return lines


def gazette_lines(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """A record for each gazette: from where to where it is known, how many issues of each status, what is missing."""
    found = []
    for name, own in _by_gazette(rows):
        coming = next((r for r in own if r["status"] in ("expected", "overdue")), None)
        held = [r for r in own if r.get("issue_id") or r.get("file")]
        numbered = [r for r in held if r["status"] != "missing" and (r["year"] or r["total_no"])]
        found.append(
            {
                "gazette": name,
                "region_code": own[0]["region_code"],
                "source": own[0]["source"],
                "first": _number(numbered[0]) if numbered else None,
                "last": _number(numbered[-1]) if numbered else None,
                **{s: sum(r["status"] == s for r in own) for s in ("parsed", "without_tasks", "unreadable", "fetched")},
                "missing": sum(r["status"] in _GAP for r in own),
                "missing_numbers": [_span(run) for run in _runs(own, lambda r: r["status"] in _GAP)],
                "earlier": sum(r["status"] == "earlier" for r in own),
                "doubts": sum(bool(r.get("doubt")) for r in own),
                "last_published_on": max((r["published_on"] for r in held if r.get("published_on")), default=None),
                "expected_by": coming.get("expected_by") if coming else None,
                "overdue": bool(coming and coming["status"] == "overdue"),
            }
        )
    return found


def unread(rows: Iterable[Row]) -> list[str]:
    """A line for each file that could not be read."""
    return [
        f"{_name(r)}：{_at(r)}{r['file']} 不能读 could not be read: {r['reason']}"
        for r in rows
        if r["status"] == "unreadable"
    ]


def doubts(rows: Iterable[Row]) -> list[str]:
    """A line for each issue whose numbers are in doubt."""
    return [f"{_name(r)}：{_at(r)}{r['issue_id'] or r['file']}: {r['reason']}" for r in rows if r.get("doubt")]


def _by_gazette(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    for _, own in groupby(rows, key=lambda r: (r["gazette_id"], r["gazette"])):
        listed = list(own)
        yield _name(listed[0]), listed


def _name(row: Row) -> str:
    return row["gazette"] or "未知公报 unknown gazette"


def _gaps(own: Sequence[Row]) -> Iterator[str]:
    for run in _runs(own, lambda r: r["status"] in _GAP):
        first = run[0]
        words = "缺 missing" if first["status"] == "missing" else "疑缺或误印 missing or misprinted"
        why = first["reason"] if first["status"] == "doubtful" and first.get("reason") else None
        yield f"{_words(run)}{words} {_english(run)}{_BASIS.get(first['basis'], '')}{f' · {why}' if why else ''}"


def _silences(own: Sequence[Row], on: date) -> Iterator[str]:
    for row in own:
        if row["status"] != "overdue":
            continue
        if row["expected_by"] is None:
            yield str(row["reason"])
        else:
            days = (on - row["expected_by"]).days
            due = f"应于 {row['expected_by']} 前有新的一期，逾期 {days} 天"
            yield f"{due} the next issue is {days} days late, due by {row['expected_by']}"


def _jumps(own: Sequence[Row]) -> Iterator[str]:
    for row in own:
        if row.get("doubt") == "jump":
            yield f"{_at(row)}{row['reason']}"


def _runs(own: Sequence[Row], wanted: Callable[[Row], bool]) -> Iterator[list[Row]]:
    """Wanted rows whose numbers follow one another, together."""
    run: list[Row] = []
    for row in own:
        if run and not (wanted(row) and _follows(run[-1], row)):
            yield run
            run = []
        if wanted(row):
            run.append(row)
    if run:
        yield run


def _follows(before: Row, after: Row) -> bool:
    if (before["status"], before["basis"], before["year"]) != (after["status"], after["basis"], after["year"]):
        return False
    column = "total_no" if before["issue_no"] is None else "issue_no"
    return before[column] is not None and after[column] == before[column] + 1


def _words(run: Sequence[Row]) -> str:
    """The numbers of a gap in a sentence: 2025年第2–4期."""
    first, last = run[0], run[-1]
    year = f"{first['year']}年" if first["year"] else ""
    if first["issue_no"] is not None:
        return f"{year}第{_range(first['issue_no'], last['issue_no'])}期"
    if first["total_no"] is not None:
        return f"{year}总第{_range(first['total_no'], last['total_no'])}期"
    return f"{year}全年" if year else f"{first.get('file')} "


def _english(run: Sequence[Row]) -> str:
    first, last = run[0], run[-1]
    of_year = f" of {first['year']}" if first["year"] else ""
    if first["issue_no"] is not None:
        return f"no. {_range(first['issue_no'], last['issue_no'])}{of_year}"
    if first["total_no"] is not None:
        return f"total no. {_range(first['total_no'], last['total_no'])}{of_year}"
    return f"all{of_year}" if of_year else "an issue"


def _span(run: Sequence[Row]) -> str:
    """The numbers of a gap for machines: 2025:2-4, t57, 2024 for a whole year, or the address."""
    first, last = run[0], run[-1]
    year = f"{first['year']}:" if first["year"] else ""
    if first["issue_no"] is not None:
        return f"{year}{_range(first['issue_no'], last['issue_no'], '-')}"
    if first["total_no"] is not None:
        return f"t{_range(first['total_no'], last['total_no'], '-')}"
    return str(first["year"] or first.get("file"))


def _range(first: int, last: int, stroke: str = "–") -> str:
    return str(first) if first == last else f"{first}{stroke}{last}"


def _number(row: Row) -> str:
    """2025.3, or the total number with a t."""
    if row["year"] and row["issue_no"] is not None:
        return f"{row['year']}.{row['issue_no']}"
    return f"t{row['total_no']}" if row["total_no"] else str(row["year"])


def _at(row: Row) -> str:
    return f"{_words([row])} " if row["issue_no"] is not None or row["total_no"] is not None else ""
