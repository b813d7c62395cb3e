"""What holds of continuity whatever is held."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.continuity import Known, Source, rows
from pipeline.continuity.model import READ
from pipeline.continuity.report import gazette_lines, warnings
from schemas import table

ON = date(2025, 6, 1)
_DAYS = st.integers(0, 4000).map(lambda n: date(2018, 1, 1) + timedelta(days=n))
_SOURCES = st.sampled_from(["daily", "weekly", "monthly", "quarterly", "yearly", "irregular"]).map(
    lambda cadence: Source("yunhai", "云海市人民政府公报", "990100", cadence)  # type: ignore[arg-type]
)


@st.composite
def issues(draw: st.DrawFn) -> list[Known]:
    """Issues of up to two gazettes, numbers right, misprinted or absent."""
    found = []
    for key in range(draw(st.integers(0, 14))):
        first = draw(st.none() | st.integers(1, 30))
        total = draw(st.none() | st.integers(50, 90))
        kind: Any = draw(st.sampled_from(["parsed", "without_tasks", "unreadable", "fetched", "listed", "notice"]))
        found.append(
            Known(
                kind,
                str(key),
                draw(st.sampled_from(["云海市人民政府公报", "云海市人大常委会公报", None])),
                draw(st.sampled_from(["990100", None])),
                draw(st.sampled_from(["yunhai", None])),
                draw(st.none() | st.integers(2022, 2025)),
                first,
                draw(st.none() | st.just(first + 1)) if first else None,
                total,
                draw(st.none() | st.just(total + 1)) if total else None,
                draw(st.none() | _DAYS),
                basis="printed" if kind in READ else draw(st.sampled_from(["printed", "listed"])),
            )
        )
    return found


@given(issues(), st.lists(_SOURCES, max_size=1), st.randoms())
@settings(max_examples=150, deadline=None)
def test_the_order_of_issues_does_not_matter(known: list[Known], sources: list[Source], random: Any) -> None:
    made = rows(known, sources, ON)
    random.shuffle(known)
    assert rows(known, sources, ON) == made
    assert len({row["continuity_id"] for row in made}) == len(made)
    assert all(row.keys() <= set(table("continuity").names) for row in made)
    assert len(gazette_lines(made)) <= len(made) and isinstance(warnings(made, ON), list)


def numbers_read(known: list[Known]) -> set[tuple[Any, ...]]:
    """Region, gazette, year and number of what is parsed."""
    read = (k for k in known if k.kind in READ and k.gazette)
    return {(k.region_code, k.gazette, k.year, n) for k in read for n in k.numbers}


def numbers_in(made: list[dict[str, Any]], *statuses: str) -> set[tuple[Any, ...]]:
    wanted = (r for r in made if r["status"] in statuses and r["issue_no"] is not None)
    return {(r["region_code"], r["gazette"], r["year"], r["issue_no"]) for r in wanted}


@given(issues(), issues(), st.lists(_SOURCES, max_size=1))
@settings(max_examples=200, deadline=None)
def test_more_issues_never_make_one_that_is_held_missing(
    known: list[Known], more: list[Known], sources: list[Source]
) -> None:
    for some in (known, known + [replace(k, key=f"more {k.key}") for k in more]):
        made = rows(some, sources, ON)
        assert numbers_in(made, "parsed", "without_tasks") >= numbers_read(known)
        assert not numbers_in(made, "missing", "doubtful", "earlier") & numbers_read(known)
