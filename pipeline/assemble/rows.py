"""Rows of the tables that come from a measure: measures, tasks, targets, deadlines, responsibilities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from pipeline import ids
from pipeline.assemble.confidence import assess, enter_recognition
from pipeline.assemble.ground import by_rule, ground
from pipeline.assemble.targets import Target
from pipeline.assemble.tasks import Split, Task
from pipeline.assemble.timing import BOUNDING, same
from pipeline.assemble.wording import conditions, is_boilerplate
from pipeline.assemble.work import Row, Work
from pipeline.model import Measure, Responsibility, Role, Territory, Text, Time

ROLES: tuple[Role, ...] = ("lead", "responsible", "support", "implement")
_SIGNS = {"=": "=", ">=": "≥", ">": ">", "<=": "≤", "<": "<", "~": "≈"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows belong: the text, the ids above them, the issuer's territory."""

    text: Text
    issue_id: str
    document_id: str
    territory: Territory | None


def measure_row(place: Place, measure: Measure) -> Row:
    """The row of `measures`."""
    grounded = ground(place.text, measure.start, measure.end)
    return {
        "measure_id": ids.measure_id(place.document_id, measure.key),
        "document_id": place.document_id,
        "issue_id": place.issue_id,
        "ordinal": measure.ordinal,
        "label": measure.label,
        "path": list(measure.path),
        "parent": measure.parent,
        "title": measure.title,
        "text": grounded["quote"],
        **grounded,
        "rules": by_rule([("title", measure.rule)] if measure.rule else []),
    }


def target_row(place: Place, measure_id: str, task_id: str | None, n: int, target: Target) -> Row:
    """The row of `targets`; `n` counts in the measure."""
    q, time, base = target.quantity, target.time, target.baseline
    return {
        "target_id": ids.part_id(measure_id, n),
        "task_id": task_id,
        "measure_id": measure_id,
        "issue_id": place.issue_id,
        "kind": target.kind,
        "indicator": target.indicator or None,
        "scope": target.scope,
        "region_code": _region(target.scope, place.territory),
        "op": q.op,
        "low": q.low,
        "high": q.high,
        "unit": q.unit,
        "unit_code": q.unit_code,
        "dimension": q.dimension,
        "change": target.change,
        "form": target.form,
        "per": target.per,
        "baseline": base.printed if base else None,
        "baseline_value": base.value if base else None,
        "baseline_on": base.on if base else None,
        "starts_on": time.starts_on if time else None,
        "due_on": time.due_on if time else None,
        "recurrence": time.recurrence if time else None,
        "modality": target.modality,
        "soft": q.op == "~" or target.modality in ("strive", "in_principle"),
        "series_id": None,
        "series_no": None,
        "printed": q.printed,
        **ground(place.text, q.start, q.end),
        "rules": by_rule(target.rules),
    }


@cache
def _region(scope: str | None, territory: Territory | None) -> str | None:
    if not scope or territory is None or not territory.code:
        return None
    from pipeline.resolve.regions import region_code

    if scope in ("全市", "全省", "全区", "全县", "全国") or scope == territory.name:
        return territory.code
    return region_code(scope, territory)


def plain(value: Decimal | None) -> str:
    """A number without exponent or trailing zeros: 40500, 44.5."""
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def goal_line(row: Row) -> str:
    """A target as one line of text: 机械化清扫率 ≥ 90 %."""
    number = plain(row["low"])
    if row["op"] == "range":
        number, sign = f"{number}–{plain(row['high'])}", "="
    else:
        sign = _SIGNS[row["op"]]
    return " ".join(filter(None, [row["indicator"], sign, number, row["unit"]]))


_STRUCT = ("target_id", "kind", "indicator", "scope", "op", "low", "high", "unit")


def task_row(place: Place, measure_id: str, n: int, task: Task, owners: dict[str, list[str]], goals: list[Row]) -> Row:
    """The row of `tasks`; `owners` are names by role, `goals` the rows of its targets."""
    time = task.time
    lines = [goal_line(g) for g in goals if g["kind"] == "goal"]
    condition, found = conditions(task.action)
    grounded = ground(place.text, task.start, task.end)
    return {
        "task_id": ids.task_id(measure_id, n),
        "measure_id": measure_id,
        "document_id": place.document_id,
        "issue_id": place.issue_id,
        "ordinal": n,
        "action": task.action,
        "text": grounded["quote"],
        "condition": condition,
        "boilerplate": not (task.own_time or task.targets) and is_boilerplate(task.action),
        "modality": task.modality,
        **owners,
        "deadline": time.printed if time else None,
        "starts_on": time.starts_on if time else None,
        "due_on": time.due_on if time else None,
        "due_precision": time.precision if time else None,
        "recurrence": time.recurrence if time else None,
        "target": "；".join(lines) or None,
        "targets": [{k: g[k] for k in _STRUCT} for g in goals],
        **grounded,
        "rules": by_rule([*task.rules, *(("condition", rule) for rule in found)] if found else task.rules),
    }


def by_role(owners: Iterable[Responsibility]) -> dict[str, list[str]]:
    """Canonical names by role, each once, in the order printed."""
    out: dict[str, list[str]] = {"lead": [], "responsible": [], "support": [], "implement": []}
    for owner in owners:
        names = out[owner.role]
        if owner.organisation.name not in names:
            names.append(owner.organisation.name)
    return out


def _owners(work: Work, named: frozenset[int]) -> Callable[[Task], dict[str, list[str]]]:
    """Who answers for a task, by role: those named in its clause, else those of the measure that cover it.

    `named` are the starts of bodies that a clause names for itself alone.
    """
    general = [r for r in work.responsibilities if r.start not in named]
    of_all = by_role(general) if not any(r.covers for r in general) else None

    def owners_of(task: Task) -> dict[str, list[str]]:
        if of_all and not task.owners:
            return {role: [*names] for role, names in of_all.items()}
        covering = [r for r in general if r.covers is None or r.covers[0] <= task.start < r.covers[1]]
        return by_role([*task.owners, *(r for r in covering if r.role == "implement")] if task.owners else covering)

    return owners_of


def deadline_row(place: Place, measure_id: str, task_id: str | None, n: int, time: Time, task: Task | None) -> Row:
    """The row of `deadlines`; a permission or a validity bounds no action of its own."""
    return {
        "deadline_id": ids.part_id(measure_id, n),
        "task_id": task_id,
        "measure_id": measure_id,
        "issue_id": place.issue_id,
        "printed": time.printed,
        "starts_on": time.starts_on,
        "due_on": time.due_on,
        "precision": time.precision,
        "recurrence": time.recurrence,
        "basis": time.basis,
        "action": task.action if task and time.use == "bound" else None,
        **ground(place.text, time.start, time.end),
        "rules": by_rule([("due_on", time.rule)]),
    }


def responsibility_row(place: Place, measure_id: str, task_id: str | None, n: int, r: Responsibility) -> Row:
    """The row of `responsibilities`; `n` counts in the measure."""
    return {
        "responsibility_id": ids.part_id(measure_id, n),
        "measure_id": measure_id,
        "task_id": task_id,
        "issue_id": place.issue_id,
        "org_id": r.organisation.org_id,
        "name": r.organisation.name,
        "role": r.role,
        "inherited": r.inherited,
        "printed": r.printed,
        "match": r.match,
        **ground(place.text, r.start, r.end),
        "rules": by_rule([("name", r.rule)]),
    }


def measure_rows(
    place: Place, work: Work, split: Split, found: Sequence[Target], above: Sequence[Time] = ()
) -> dict[str, list[Row]]:
    """All rows of one measure but the ledger's; `above` are times of a lead-in that is no measure."""
    measure_id = ids.measure_id(place.document_id, work.measure.key)
    named = frozenset(r.start for t in split.tasks for r in t.owners)
    goals = _target_rows(place, measure_id, work, split, found)
    rows = {id(target): row for target, row in goals}
    out: dict[str, list[Row]] = {"measures": [measure_row(place, work.measure)], "targets": [r for _, r in goals]}
    owners_of = _owners(work, named)
    out["tasks"] = [
        task_row(place, measure_id, n, task, owners_of(task), [rows[id(t)] for t in task.targets])
        for n, task in enumerate(split.tasks, 1)
    ]
    out["deadlines"] = _deadline_rows(place, measure_id, work, split, above)
    out["responsibilities"] = [
        responsibility_row(place, measure_id, _task_of(measure_id, split, r) if r.start in named else None, n, r)
        for n, r in enumerate(work.responsibilities, 1)
    ]
    assess(out)
    for task, row in zip(split.tasks, out["tasks"], strict=True):
        enter_recognition(place.text, task, row)
    return out


def _task_of(measure_id: str, split: Split, r: Responsibility) -> str | None:
    for n, task in enumerate(split.tasks, 1):
        if r in task.owners:
            return ids.task_id(measure_id, n)
    return None


def _target_rows(
    place: Place, measure_id: str, work: Work, split: Split, found: Sequence[Target]
) -> list[tuple[Target, Row]]:
    holders: dict[int, list[tuple[bool, int, int]]] = {}
    for k, task in enumerate(split.tasks, 1):
        for target in task.targets:  # the task of the same time first, then the shortest
            holders.setdefault(id(target), []).append((not same(task.time, target.time), task.end - task.start, k))
    out = []
    for n, target in enumerate(found, 1):
        held = holders.get(id(target))
        task_id = ids.task_id(measure_id, min(held)[2]) if held else None
        out.append((target, target_row(place, measure_id, task_id, n, target)))
    enter_series([row for _, row in out])
    return out


def enter_series(rows: Iterable[Row]) -> None:
    """Numbers one after the other for one goal (2025年80%, 2030年90%) are the milestones of a series."""
    series: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        if row["kind"] == "goal" and row["indicator"] and row["due_on"]:
            series.setdefault(tuple(row[c] for c in ("indicator", "scope", "unit", "form", "per")), []).append(row)
    for members in series.values():
        if len({m["due_on"] for m in members}) == len(members) > 1:
            members.sort(key=lambda m: m["due_on"])
            for n, member in enumerate(members, 1):
                member.update(series_id=members[0]["target_id"], series_no=n)


def _deadline_rows(place: Place, measure_id: str, work: Work, split: Split, above: Sequence[Time]) -> list[Row]:
    holders: dict[tuple[int, date | None], tuple[int, Task]] = {}
    inherited = {(t.start, t.due_on) for t in above}
    for n, task in enumerate(split.tasks, 1):
        key = (task.time.start, task.time.due_on) if task.time is not None else (-1, None)
        if task.time is not None and (task.own_time or key in inherited):
            holders.setdefault(key, (n, task))
    own = [t for t in work.times if t.use in BOUNDING]
    out: list[Row] = []
    for time in [*(t for t in above if (t.start, t.due_on) in holders), *own]:
        k, holder = holders.get((time.start, time.due_on), (0, None))
        task_id = ids.task_id(measure_id, k) if holder else None
        out.append(deadline_row(place, measure_id, task_id, len(out) + 1, time, holder))
    return out
