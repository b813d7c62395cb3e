"""Where a row of a table of work says something else than the paragraph it repeats: owners, dates, numbers.

Works on rows of `tasks` as published. Only what both print is compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypedDict

from pipeline.assemble.table_across import common, contains

Row = Mapping[str, Any]
_ROLES = ("lead", "responsible", "support")
_LIKE = 0.6
_COARSE = {"year": 4, "half": 4, "quarter": 4, "month": 7}  # characters of the date that a vague time fixes


class Difference(TypedDict):
    """One thing that a row and its paragraph both print. `check` is owners, due or numbers."""

    check: str
    column: str
    ids: list[str]  # the row's task, then that of the text (or its measure)
    holds: bool
    observed: str


def differences(tasks: Sequence[Row]) -> list[Difference]:
    """What each row of a table of work and the paragraph it repeats both say, and whether it is the same."""
    of_measure: defaultdict[str, list[Row]] = defaultdict(list)
    for task in tasks:
        if not task.get("table_id"):
            of_measure[task["measure_id"]].append(task)
    rows = (t for t in tasks if t.get("repeats_measure_id"))
    return [d for row in rows for d in _of_row(row, of_measure[row["repeats_measure_id"]])]


def _of_row(row: Row, said: Sequence[Row]) -> Iterator[Difference]:
    linked = [t for t in said if t["task_id"] == row.get("repeats_task_id")]
    ids = [row["task_id"], row.get("repeats_task_id") or row["repeats_measure_id"]]
    for check, column, found in (
        ("owners", "lead", _owners(row, linked or said)),
        ("due", "due_on", _due(row, linked, said)),
        ("numbers", "targets", _numbers(row, said)),
    ):
        if found is not None:
            yield Difference(check=check, column=column, ids=ids, holds=not found, observed=found)


def _bodies(tasks: Iterable[Row]) -> dict[str, set[str]]:
    """Bodies with their roles; groups (各县区) are worded too freely to compare."""
    out: defaultdict[str, set[str]] = defaultdict(set)
    for task in tasks:
        for role in _ROLES:
            for name in task[role]:
                if not name.startswith("各"):
                    out[name].add(role)
    return out


def _owners(row: Row, said: Sequence[Row]) -> str | None:
    """How the bodies differ; empty where they agree, null where one of both names none."""
    here, there = _bodies([row]), _bodies(said)
    if not here or not there:
        return None
    printed = {role for roles in here.values() for role in roles}
    if len(printed) == 1 and "support" not in printed:
        printed |= {"lead", "responsible"}  # one column of bodies: who leads stands in it as well
    extra = [n for n in here if n not in there]
    missing = [n for n, roles in there.items() if n not in here and roles & printed]
    moved = [n for n, roles in here.items() if n in there and {"lead", "support"} <= roles ^ there[n]]
    parts = [("only in the table", extra), ("only in the text", missing), ("in another role", moved)]
    return "; ".join(f"{what}: {'、'.join(names)}" for what, names in parts if names)


def _due(row: Row, linked: Sequence[Row], said: Sequence[Row]) -> str | None:
    """How the dates differ. A date inside the year or month that the other sets is no difference."""
    own = [t for t in linked if t["due_on"]] or [t for t in said if t["due_on"]]
    if not row["due_on"] or not own:
        return None
    if any(_same_time(row, t) for t in own):
        return ""
    dates = "、".join(dict.fromkeys(str(t["due_on"]) for t in own))
    return f"{row['due_on']} in the table, {dates} in the text"


def _same_time(a: Row, b: Row) -> bool:
    if a["due_on"] == b["due_on"]:
        return True
    return any(
        str(x["due_on"])[:n] == str(y["due_on"])[:n] and str(y["due_on"]) < str(x["due_on"])
        for x, y in ((a, b), (b, a))
        if (n := _COARSE.get(x.get("due_precision") or "", 0))
    )


def _numbers(row: Row, said: Sequence[Row]) -> str | None:
    """Numbers of the same unit and meaning that differ; empty where all agree, null without any to compare."""
    there = [t for task in said for t in task["targets"] if t["kind"] != "condition"]
    compared, broken = False, []
    for target in row["targets"]:
        alike = [t for t in there if t["unit"] == target["unit"] and _same_meaning(t, target)]
        if target["kind"] == "condition" or not alike:
            continue
        compared = True
        if not any((t["low"], t["high"]) == (target["low"], target["high"]) for t in alike):
            values = "、".join(dict.fromkeys(f"{t['low']:g}" for t in alike))
            broken.append(
                f"{target['indicator']} {target['low']:g} {target['unit']} in the table, {values} in the text"
            )
    return "; ".join(broken) if compared else None


def _same_meaning(a: Row, b: Row) -> bool:
    one, two = a["indicator"] or "", b["indicator"] or ""
    if not one or not two:
        return False
    return contains(one, two) or common(one, two) >= _LIKE * min(len(one), len(two))
