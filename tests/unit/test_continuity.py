"""What is missing, expected or in doubt of a gazette, from the numbers and dates of what is held."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.continuity import Known, Source, rows
from pipeline.continuity.report import doubts, gazette_lines, unread, warnings

GAZETTE, CODE = "云海市人民政府公报", "990100"
ON = date(2025, 6, 1)
_ISSUE = re.compile(r"(?:(\d{4})\.(\d+)(?:-(\d+))?)?(?:/(\d+)(?:-(\d+))?)?(?:@([\d-]+))?(?::(\w+))?(#\w+)?")


def known(words: str, gazette: str | None = GAZETTE, region: str | None = CODE, **more: Any) -> list[Known]:
    """`2025.3-4/57-58@2025-04-30:fetched#b`: year, numbers, totals, date, kind, and what tells it from its like."""
    return [replace(_issue(each), gazette=gazette, region_code=region, **more) for each in words.split()]


def _issue(words: str) -> Known:
    found = _ISSUE.fullmatch(words)
    assert found, words
    numbers = (int(x) if x else None for x in found.groups()[:5])
    dated = date.fromisoformat(found[6]) if found[6] else None
    kind: Any = found[7] or "parsed"
    issue_id = words if kind in ("parsed", "without_tasks", "unreadable") else None
    return Known(kind, words, None, None, None, *numbers, dated, issue_id, f"{words}.pdf")


def source(cadence: Any, **more: Any) -> Source:
    return Source("yunhai", GAZETTE, CODE, cadence, **more)


def shown(made: list[dict[str, Any]]) -> list[str]:
    """What is missing, in doubt or due: `missing 2025.2 number`, `? 2025.3 duplicate`, `expected 2025.4 2025-05-31`."""
    found = []
    for row in made:
        number = f".{row['issue_no']}" if row["issue_no"] is not None else ""
        total = f"/{row['total_no']}" if row["total_no"] is not None else ""
        place = f"{row['year'] or ''}{number}{total}"
        if row["status"] in ("missing", "doubtful"):
            found.append(f"{row['status']} {place} {row['basis']}")
        elif row.get("expected_by"):
            found.append(f"{row['status']} {place} {row['expected_by']}")
        if row.get("doubt"):
            found.append(f"? {place} {row['doubt']}")
    return found


CASES: list[tuple[str, str | None, list[str], str]] = [
    ("2025.1 2025.2 2025.3", None, [], "nothing is missing"),
    ("2025.1 2025.3 2025.4", None, ["missing 2025.2 number"], "a number left out"),
    ("2025.1/55 2025.3/57", None, ["missing 2025.2/56 number"], "its total number follows from both sides"),
    ("2025.3 2025.4", None, [], "nothing was asked for before the first issue that is held"),
    ("2024.12 2025.2", None, ["missing 2025.1 number"], "a later year begins with 1"),
    ("2025.1 2025.3-4 2025.5", None, ["missing 2025.2 number"], "a combined issue holds both of its numbers"),
    ("2025.1/55 2025.2-3/56 2025.4/57", None, [], "counted once in the total"),
    ("2025.1/55 2025.2-3/56-57 2025.4/58", None, [], "counted twice in the total"),
    ("2025.1/55 2025.2-3/56 2025.5/58", None, ["missing 2025.4 number"], "and a gap behind it"),
    ("2025.1/55 2025.2/57 2025.3/58", None, [], "an extra issue is counted in the total alone"),
    # ends of years
    ("2024.10/50 2024.11/51 2025.1/53", None, ["missing 2024.12/52 total_no"], "the year had 12, says the next one"),
    ("2024.10/50 2025.1/51", None, [], "the year had 10, says the next one"),
    ("2024.11 2025.1", "monthly", ["missing 2024.12 cadence"], "no total: by cadence"),
    ("2024.3 2025.1", "quarterly", ["missing 2024.4 cadence"], "no total: by cadence"),
    ("2024.10/50 2025.1/51", "monthly", [], "the total is believed before the cadence"),
    ("2024.11 2025.1", None, [], "neither: nothing is claimed"),
    ("2024.30 2025.1", "weekly", [], "a weekly gazette has no set number"),
    ("2023.1 2023.2 2025.1 2025.2", None, ["missing 2024 year"], "a whole year without an issue"),
    (
        "2023.11/11 2023.12/12 2025.1/15 2025.2/16",
        None,
        ["missing /13 total_no", "missing /14 total_no"],
        "over a whole year the totals say how many, not of which year",
    ),
    # misprints
    ("2025.1 2025.2#a 2025.2#b 2025.4", None, ["? 2025.2 duplicate"] * 2 + ["doubtful 2025.3 number"], "one may be 3"),
    (
        "2025.1/55 2025.2/56#a 2025.2/56#b 2025.4/58",
        None,
        ["? 2025.2/56 duplicate"] * 2 + ["missing 2025.3/57 number"],
        "the same issue twice: 3 is missing all the same",
    ),
    (
        "2025.1/55 2025.2/56 2025.2/57 2025.4/58 2025.6/60",
        None,
        ["? 2025.2/56 duplicate", "? 2025.2/57 total_no", "doubtful 2025.3/57 number", "doubtful 2025.5/59 number"],
        "its total number says which one it is",
    ),
    ("2025.1/55 2025.2/65 2025.3/57", None, ["? 2025.2/65 total_no"], "a wrong total moves nothing"),
    ("2025.1/55 2025.2/56 2026.1/571", None, ["? 2026.1/571 jump"], "nor makes 500 issues missing"),
    ("2025.1/55 2025.2/56 2026.1/50", None, ["? 2026.1/50 total_no"], "totals do not fall"),
    ("2025.1/57 2025.2/55", None, ["? 2025.1/57 total_no", "? 2025.2/55 total_no"], "who can say which is right"),
    ("2025.1 2025.2 2025.33", None, ["? 2025.33 jump"], "a single issue far from all others"),
    (
        "2025.1 2025.15 2025.16",
        None,
        ["? 2025.1 jump"],
        "two vouch for each other; the lone first one is held, and starts nothing",
    ),
    (
        "2025.1@2025-01-31 2025.2@2025-02-28 2025.9@2025-03-31 2025.4@2025-04-30 2025.5@2025-05-31",
        None,
        ["doubtful 2025.3 number", "? 2025.9 order"],
        "dated between 2 and 4: it is 3",
    ),
    (
        "2025.1@2025-01-31 2015.2@2025-02-28 2025.3@2025-03-31",
        None,
        ["? 2015.2 date", "doubtful 2025.2 number"],
        "dated in another year: it is 2",
    ),
    ("2015.2 2025.3 2025.4", None, ["? 2015.2 jump"], "whole years apart, undated: it starts nothing"),
    (
        "2015.2 2024.1 2025.1 2025.3",
        None,
        ["? 2015.2 jump", "doubtful 2025.2 number"],
        "and may be the one that is not held",
    ),
    ("2024.1 2025.1 2025.2 2052.3", None, ["? 2052.3 jump"], "at the other end"),
    (
        "2025.3@2025-04-02 2025.4@2025-04-01",
        None,
        ["? 2025.3 order", "? 2025.4 order"],
        "no false gap",
    ),
    (
        "2023.1 2023.2 2024.3@2024-04-02 2024.4@2024-04-01 2025.1 2025.2",
        None,
        ["? 2024.3 order", "? 2024.4 order"],
        "a year of nothing but doubts is not empty",
    ),
    # numbers that do not begin anew
    ("2024.136 2024.137 2025.139", None, ["missing .138 number"], "higher than a year has weeks"),
    ("2024.11 2024.12 2025.13 2025.15", None, ["missing 2025.14 number"], "years that join"),
    ("2024.11/11 2025.13/13", None, ["missing .12 number"], "the total is the same series"),
    ("/55 /57", None, ["missing /56 total_no"], "only total numbers are printed"),
    # what is not parsed
    ("2025.1 2025.2:unreadable 2025.3:fetched", None, [], "known, though not parsed"),
    ("2025.1 2025.2:listed 2025.3", None, ["missing 2025.2 printed"], "on the list and not fetched"),
    ("2025.1 2025.1:unreadable 2025.1:fetched", None, [], "a later good file stands for it"),
    # the next one
    (
        "2025.4@2025-04-30",
        "monthly",
        ["expected 2025.5 2025-05-30"],
        "",
    ),
    ("2025.1@2025-01-31 2025.2@2025-02-28", "monthly", ["overdue 2025.3 2025-03-28"], "beyond its grace of 45 days"),
    ("2025.1@2025-01-31 2025.2@2025-03-31", "monthly", ["expected 2025.3 2025-04-30"], "late, within its grace"),
    (
        "2024.12@2024-12-31",
        "monthly",
        ["overdue 2025.1 2025-01-31"],
        "",
    ),
    ("2025.1@2025-05-30", "weekly", ["expected 2025.2 2025-06-06"], ""),
    ("2025.1@2025-05-01", "daily", ["overdue 2025.2 2025-05-02"], "ten days of grace"),
    ("2025.1@2025-03-31", "quarterly", ["expected 2025.2 2025-06-30"], ""),
    ("2025.1@2025-03-31", "yearly", ["expected 2026.1 2026-03-31"], ""),
    ("2025.1@2025-03-31", "irregular", [], "nothing can be expected"),
    ("2025.1", "monthly", [], "without a date no day can be named"),
    ("2025.1@2025-05-01 2025.2@2052-05-30", "monthly", ["? 2025.2 date", "expected 2025.3 2025-06-01"], "misprint"),
    ("2025.1@2025-02-01 2025.2@2025-05-20:fetched", "monthly", ["expected 2025.3 2025-06-20"], "fetched is no silence"),
]


@pytest.mark.parametrize(("words", "cadence", "expected", "reason"), CASES, ids=[f"{c[0]} {c[3]}" for c in CASES])
def test_cases(words: str, cadence: str | None, expected: list[str], reason: str) -> None:
    assert shown(rows(known(words), [source(cadence)] if cadence else [], ON)) == expected


# --- gazettes and sources -------------------------------------------------------------


def of(made: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row.get(c) for c in columns) for row in made]


def test_gazettes_of_one_region_and_of_one_name_are_apart() -> None:
    issues = known("2025.1 2025.2") + known("2025.4#b", "云海市人大常委会公报") + known("2025.1#c", region="990200")
    made = rows(issues, [], ON)
    assert {r["gazette_id"].split(":")[0] for r in made} == {"990100", "990200"}
    held = [r for r in made if r["status"] == "parsed"]
    assert of(held, "gazette", "issue_no") == [
        ("云海市人大常委会公报", 4),
        (GAZETTE, 1),
        (GAZETTE, 2),
        (GAZETTE, 1),
    ]
    assert not [r for r in made if r["status"] == "missing"]


def test_single_notices_expect_nothing() -> None:
    assert rows(known("@2025-03-01:notice", None, None), [], ON) == []
    assert rows(known("@2025-03-01:notice", None, None, source="elsewhere"), [], ON) == []


def test_a_source_of_single_notices_may_fall_silent() -> None:
    notices = known("@2025-03-01:notice @2025-03-31:notice", None, None, source="yunhai")
    made = rows(notices, [source("monthly")], ON)
    assert of(made, "gazette", "status", "expected_by") == [(GAZETTE, "expected", date(2025, 4, 30))]
    assert rows(notices, [source("monthly")], date(2025, 7, 1))[0]["status"] == "overdue"


def test_notices_do_not_hide_that_the_gazette_beside_them_is_silent() -> None:
    issues = known("2025.1@2025-01-31", source="yunhai") + known("@2025-05-31:notice", None, None, source="yunhai")
    assert rows(issues, [source("monthly")], ON)[-1]["status"] == "overdue"


def test_a_source_without_any_issue() -> None:
    assert of(rows([], [source("monthly")], ON), "status", "expected_by") == [("expected", None)]
    looked = rows([], [source("monthly", looked_at=True)], ON)
    assert looked[0]["status"] == "overdue"
    assert "gave nothing" in warnings(looked, ON)[0]
    assert rows([], [source("irregular", looked_at=True)], ON) == []


def test_files_without_a_name_are_of_the_gazette_of_their_source() -> None:
    issues = known("2025.1 2025.3", region=None, source="yunhai")
    waiting = known("2025.2:fetched", None, "990100", source="yunhai", basis="listed")
    damaged = known(":unreadable", None, "990100", source="yunhai", basis="received", reason="damaged")
    made = rows(issues + waiting + damaged, [source("irregular")], ON)
    assert {(r["gazette"], r["region_code"], r["source"]) for r in made} == {(GAZETTE, None, "yunhai")}
    assert of(made, "issue_no", "status") == [(None, "unreadable"), (1, "parsed"), (2, "fetched"), (3, "parsed")]


def test_an_archive_put_on_a_list_at_once_is_no_misprint_and_no_sign_of_life() -> None:
    issues = known("2024.11@2024-11-30 2024.12@2024-12-31")
    archive = known("2015.1@2025-05-30:fetched 2015.2@2025-05-29:fetched", None, source="yunhai", basis="listed")
    made = rows(issues + archive, [source("monthly")], ON)
    assert not [r for r in made if r.get("doubt")]
    assert (made[-1]["status"], made[-1]["expected_by"]) == ("overdue", date(2025, 1, 31))


def test_without_a_record_region_and_title_lead_to_the_source() -> None:
    titled = Source("yunhai", f"《{GAZETTE}》（电子版）", CODE, "monthly")
    made = rows(known("2025.4@2025-04-30"), [titled, Source("other", GAZETTE, "990200", "daily")], ON)
    assert {r["source"] for r in made if r["region_code"] == CODE} == {"yunhai"}
    assert [r["status"] for r in made if r["region_code"] == "990200"] == ["expected"]


def test_the_slowest_of_its_sources_sets_the_cadence() -> None:
    several = [Source("a", GAZETTE, CODE, "weekly"), Source("b", GAZETTE, CODE, "quarterly")]
    made = rows(known("2025.1@2025-03-31"), several, ON)
    assert of(made[-1:], "source", "expected_by") == [("a、b", date(2025, 6, 30))]


def test_ids_are_unique_and_of_the_number() -> None:
    made = rows(known("2025.1-2 2025.4#a 2025.4#b :fetched", source="yunhai"), [source("monthly")], ON)
    found = [row["continuity_id"].partition("/")[2] for row in made]
    assert found[1:] == ["2025-01", "2025-02", "2025-03", "2025-04", "2025-04-2", "next"]
    assert re.fullmatch("[0-9a-f]{12}", found[0])


# --- for people -----------------------------------------------------------------------

TOLD = [
    ("2025.1 2025.3", None, ["2025年第2期缺 missing no. 2 of 2025"]),
    ("2025.1 2025.5 2025.7", None, ["2025年第2–4期缺 missing no. 2–4 of 2025", "2025年第6期缺 missing no. 6 of 2025"]),
    ("/55 /57", None, ["总第56期缺 missing total no. 56 · 按总期号 by total number"]),
    ("2024.11 2025.1", "monthly", ["2024年第12期缺 missing no. 12 of 2024 · 按周期 by cadence"]),
    ("2023.1 2023.2 2025.1 2025.2", None, ["2024年全年缺 missing all of 2024"]),
    (
        "2025.1 2025.2#a 2025.2#b 2025.4",
        None,
        ["2025年第3期疑缺或误印 missing or misprinted no. 3 of 2025"],
    ),
    (
        "2025.1@2025-01-31 2025.2@2025-02-28",
        "monthly",
        ["应于 2025-03-28 前有新的一期，逾期 65 天 the next issue is 65 days late, due by 2025-03-28"],
    ),
    ("2025.1:unreadable 2025.2:fetched 2025.3", None, []),
    ("2025.2 2025.3", None, []),
]


@pytest.mark.parametrize(("words", "cadence", "expected"), TOLD, ids=[t[0] for t in TOLD])
def test_warnings(words: str, cadence: str | None, expected: list[str]) -> None:
    made = rows(known(words), [source(cadence)] if cadence else [], ON)
    assert warnings(made, ON) == [f"{GAZETTE}：{line}" for line in expected]


def test_a_record_for_each_gazette() -> None:
    issues = known("2024.12@2024-12-31 2025.2@2025-02-28 2025.3:without_tasks 2025.4:unreadable 2025.6:fetched")
    damaged = [replace(i, reason="damaged") if i.kind == "unreadable" else i for i in issues]
    made = rows(damaged, [source("monthly")], ON)
    assert gazette_lines(made) == [
        {
            "gazette": GAZETTE,
            "region_code": CODE,
            "source": "yunhai",
            "first": "2024.12",
            "last": "2025.6",
            "parsed": 2,
            "without_tasks": 1,
            "unreadable": 1,
            "fetched": 1,
            "missing": 2,
            "missing_numbers": ["2025:1", "2025:5"],
            "earlier": 11,
            "doubts": 0,
            "last_published_on": date(2025, 2, 28),
            "expected_by": date(2025, 3, 28),
            "overdue": True,
        }
    ]
    assert unread(made) == [f"{GAZETTE}：2025年第4期 2025.4:unreadable.pdf 不能读 could not be read: damaged"]
    assert doubts(made) == []
