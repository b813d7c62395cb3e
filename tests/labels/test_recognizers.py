"""Labelled cases of Recognizers-Text that a bulletin can contain: at least 95 % of them are read as expected."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.find.quantities import find_quantities
from pipeline.find.times import scan_times
from pipeline.model import Time

LABELS = Path(__file__).parents[3] / "shared" / "labels" / "recognizers-text"
CHOICE = tomllib.loads((Path(__file__).parent / "recognizers.toml").read_text(encoding="utf-8"))
LEAST = 0.95
RHYTHMS = {"P1D": "daily", "P1W": "weekly", "P1M": "monthly", "P1Y": "yearly"}
NAMES = [f["name"] for f in CHOICE["file"]]

Case = dict[str, Any]


def indices(listed: str) -> set[int]:
    """`1, 4-6` as numbers."""
    found: set[int] = set()
    for part in listed.split(","):
        first, _, last = part.strip().partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found


@cache
def cases(name: str) -> list[Case]:
    path = LABELS / f"{name}.json"
    if not path.exists():
        pytest.skip("the labelled cases are not beside the checkout")
    loaded: list[Case] = json.loads(path.read_text(encoding="utf-8-sig"))
    return loaded


def left_out(file: Case) -> dict[int, str]:
    return {i: code for code, listed in file["left_out"].items() for i in indices(listed)}


def plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def quantities(text: str) -> str:
    """What is found, as `expected` prints it."""
    found = []
    for q in find_quantities(text):
        value = plain(q.low) if q.low == q.high else f"{plain(q.low)}..{plain(q.high)}"
        found.append(f"{q.op} {value} {q.unit}")
    return "; ".join(found) or "-"


def label_value(result: Case) -> str:
    return plain(Decimal(str(result["Resolution"]["value"]).rstrip("%")))


def read_value(case: Case, expected: str | None) -> tuple[str, str]:
    text = case["Input"].strip()
    if expected is None and case["Results"]:
        got = [(plain(q.low), q.unit) for q in find_quantities(text + "吨")]
        return str(got), str([(label_value(r), "吨") for r in case["Results"]])
    alone = expected is not None and expected.endswith("吨") and "吨" not in text
    return quantities(text + ("吨" if alone else "")), expected or "-"


def read_amount(case: Case, expected: str | None) -> tuple[str, str]:
    if expected is not None or not case["Results"]:
        return quantities(case["Input"]), expected or "-"
    found = [(unicodedata.normalize("NFKC", q.printed).lower(), plain(q.low)) for q in find_quantities(case["Input"])]
    wanted = [(r["Text"].lower(), label_value(r)) for r in case["Results"]]
    return str([f for f in found if f in wanted]), str(wanted)


def read_percent(case: Case, expected: str | None) -> tuple[str, str]:
    wanted = "; ".join(f"= {label_value(r)} %" for r in case["Results"]) or "-"
    return quantities(case["Input"]), expected or wanted


def read_span(case: Case, expected: str | None) -> tuple[str, str]:
    return quantities(f"期限为{case['Input']}"), expected or "-"


def times(case: Case) -> list[Time]:
    day = case.get("Context", {}).get("ReferenceDateTime", "2024-03-15")[:10]
    base = date.fromisoformat(day)
    return scan_times(case["Input"], base, base.year)


def read_found(case: Case, expected: str | None) -> tuple[str, str]:
    if expected is not None:
        return quantities(case["Input"]), expected
    wanted = [(r["Start"], r["Start"] + r["Length"]) for r in case["Results"]]
    found = [(t.start, t.end) for t in times(case)]
    inside = all(any(a - 1 <= s and e <= b + 1 for a, b in wanted) for s, e in found)  # 到1月19日, 2018年前
    met = all(any(s < b and a < e for s, e in found) for a, b in wanted)
    return ("found" if inside and met else str(found)), "found"


def days(timex: str) -> str:
    """First and last day of a timex: 2018-04 ends on 2018-04-30; a span of days with its b, one of years before it."""
    if timex.startswith("("):
        first, last, length = timex.strip("()").split(",")
        end = date.fromisoformat(last) - timedelta(days=0 if length.endswith("D") else 1)
        return f"{first}..{end}"
    parts = [int(p) for p in timex.split("-")]
    if len(parts) == 3:
        return timex
    following = date(parts[0] + 1, 1, 1) if len(parts) == 1 or parts[1] == 12 else date(parts[0], parts[1] + 1, 1)
    return f"{date(parts[0], parts[1] if len(parts) > 1 else 1, 1)}..{following - timedelta(days=1)}"


def read_date(case: Case, expected: str | None) -> tuple[str, str]:
    if expected and expected.startswith("="):
        return quantities(case["Input"]), expected
    wanted = expected or days(case["Results"][0]["Value"]["Timex"])
    found = [t for t in times(case) if t.due_on is not None or t.starts_on is not None]
    if not found:
        return "-", wanted
    one = ".." not in wanted
    first, last = (t := found[0]).starts_on or t.due_on, t.due_on or t.starts_on
    if not one and t.starts_on is None:  # a month or year that work is due in: its last day says it
        first = date.fromisoformat(wanted.partition("..")[0])
    return (str(last) if one else f"{first}..{last}"), wanted


def read_set(case: Case, expected: str | None) -> tuple[str, str]:
    found = [t.recurrence for t in times(case)]
    return str(found), str([expected or RHYTHMS[case["Results"][0]["Value"]["Timex"]]])


CHECKS: dict[str, Callable[[Case, str | None], tuple[str, str]]] = {
    "value": read_value,
    "amount": read_amount,
    "percent": read_percent,
    "span": read_span,
    "found": read_found,
    "date": read_date,
    "set": read_set,
}


def outcomes(file: Case) -> Iterator[tuple[int, bool, str]]:
    """(case, whether it passes, what came instead) of the chosen cases of a file."""
    out = left_out(file)
    for i, case in enumerate(cases(file["name"])):
        if i not in out:
            got, wanted = CHECKS[file["check"]](case, file.get("expected", {}).get(str(i)))
            yield i, got == wanted, f"{file['name']} {i}: {got} for {wanted}"


def test_every_reason_is_explained_and_every_case_named_once() -> None:
    for file in CHOICE["file"]:
        named = [i for listed in file["left_out"].values() for i in indices(listed)]
        assert file["left_out"].keys() <= CHOICE["codes"].keys()
        assert len(named) == len(set(named)), f"{file['name']} leaves a case out twice"
        assert not {int(i) for i in file.get("expected", {})} & set(named), f"{file['name']} expects what it leaves out"
        assert max(named, default=0) < len(cases(file["name"]))


def test_chosen_cases_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    seen = [o for file in CHOICE["file"] for o in outcomes(file)]
    failed = [why for _, passes, why in seen if not passes]
    rate = 1 - len(failed) / len(seen)
    report = "\n".join([f"{len(seen) - len(failed)} of {len(seen)} chosen cases ({rate:.1%})", *failed])
    print(report)
    assert rate >= LEAST, report
