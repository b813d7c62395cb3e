"""Corrections: lines read, rows found again, columns that repeat each other kept in step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from corrected import WORDS, bulletin, correction, exported, hold, place

from pipeline.bulletin import Bulletin
from pipeline.corrections.apply import Finding, apply, checks
from pipeline.corrections.line import Correction
from pipeline.corrections.match import KEYS
from pipeline.corrections.regression import judge

Rows = dict[str, list[dict[str, Any]]]
HERE = bulletin()


def row(name: str, n: int = 0, source: Bulletin = HERE) -> dict[str, Any]:
    return source.records[name][n]


def made(what: str, name: str, n: int = 0, /, **fields: Any) -> Correction:
    return correction(exported(HERE, what, name, row(name, n), **fields))


def added(table_name: str, words: str, /, **fields: Any) -> Correction:
    return correction(exported(HERE, "add", table_name, place(HERE, words), **fields))


def applied(*corrections: Correction, source: Bulletin = HERE) -> Rows:
    rows, findings = apply(source.records, source.text, corrections)
    assert [f.message for f in findings if f.message] == []
    hold(rows, source)
    agree(rows)
    return rows


def failed(*corrections: Correction, source: Bulletin = HERE) -> tuple[Rows, list[Finding]]:
    rows, findings = apply(source.records, source.text, corrections)
    hold(rows, source)
    agree(rows)
    return rows, [f for f in findings if f.status == "failed"]


def agree(rows: Rows) -> None:
    for deadline in rows["deadlines"]:
        for task in (t for t in rows["tasks"] if t["task_id"] == deadline["task_id"]):
            assert (task["due_on"], task["recurrence"]) == (deadline["due_on"], deadline["recurrence"])
    for held in rows["responsibilities"]:
        own = [t for t in rows["tasks"] if t["measure_id"] == held["measure_id"]]
        mine = [t for t in own if held["task_id"] in (None, t["task_id"])]
        assert not own or any(held["name"] in t[held["role"]] for t in mine)


def by_id(rows: Rows, name: str, key: str) -> dict[str, Any]:
    return next(r for r in rows[name] if r[KEYS[name]] == key)


def changed(rows: Rows) -> set[tuple[str, str]]:
    return {(name, r[KEYS[name]].rpartition("/")[2]) for name in KEYS for r in rows[name] if r.get("corrected_by")}


def parsed(rows: Rows) -> Rows:
    """Rows without the marks."""
    return {n: [{k: v for k, v in r.items() if k != "corrected_by"} for r in rs] for n, rs in rows.items()}


# --- one row and what says the same ---------------------------------------------------


def test_nothing_to_apply_changes_nothing() -> None:
    rows, findings = apply(HERE.records, HERE.text, ())
    assert findings == []
    assert parsed(rows) == HERE.records


def test_the_records_given_stay_as_they_are() -> None:
    before = repr(HERE.records)
    applied(made("edit", "tasks", due_on="2027-01-31", lead=["市财政局"]), made("wrong", "tasks", 2))
    assert repr(HERE.records) == before


def test_confirm() -> None:
    one = made("confirm", "tasks", 2)
    task = applied(one)["tasks"][2]
    assert (task["review"], task["reasons"], task["confidence"], task["corrected_by"]) == (False, [], 1.0, one.id)
    assert changed(applied(one)) == {("tasks", "1.1#3")}


def test_the_due_day_of_a_task_is_that_of_its_deadline_and_numbers() -> None:
    rows = applied(made("edit", "tasks", 2, due_on="2026-09-30"))
    assert rows["tasks"][2]["due_on"] == rows["deadlines"][2]["due_on"] == date(2026, 9, 30)
    assert [t["due_on"] for t in rows["targets"][2:4]] == [date(2026, 9, 30)] * 2
    assert changed(rows) == {("tasks", "1.1#3"), ("deadlines", "1.1~3"), ("targets", "1.1~3"), ("targets", "1.1~4")}


def test_the_due_day_of_a_deadline_is_that_of_its_task() -> None:
    rows = applied(made("edit", "deadlines", 2, due_on="2026-09-30", precision="quarter"))
    task = rows["tasks"][2]
    assert (task["due_on"], task["due_precision"], task["deadline"]) == (date(2026, 9, 30), "quarter", "2026年6月底前")
    assert rows["targets"][2]["due_on"] == date(2026, 9, 30)


def test_a_task_without_its_time() -> None:
    rows = applied(made("edit", "tasks", 2, deadline=None, due_on=None))
    assert rows["tasks"][2]["due_precision"] is None
    assert [d["printed"] for d in rows["deadlines"]] == ["2025年", "2026年", "2025年底前"]
    (left,) = [r for r in rows["residuals"] if r["kind"] == "row"]
    assert (left["quote"], left["reason"]) == ("2026年6月底前", f"correction.wrong:{rows['tasks'][2]['corrected_by']}")


def test_a_task_gets_a_time() -> None:
    source = bulletin(WORDS.replace("2026年6月底前，建成", "建成"))
    entry = exported(source, "edit", "tasks", row("tasks", 2, source), due_on="2025-12-31", due_precision="year")
    rows = applied(correction(entry), source=source)
    task, deadline = rows["tasks"][2], rows["deadlines"][2]
    assert (deadline["task_id"], deadline["quote"]) == (task["task_id"], task["quote"])
    assert [(t["kind"], t["due_on"]) for t in rows["targets"][2:4]] == [("goal", date(2025, 12, 31))] * 2


def test_a_number() -> None:
    rows = applied(made("edit", "targets", 3, low="95", op=">"))
    assert (rows["targets"][3]["low"], rows["targets"][3]["high"]) == (Decimal(95), Decimal(95))
    assert rows["tasks"][2]["target"] == "截污管网 = 30 公里；沿河截污率 > 95 %"
    assert rows["targets"][3]["confidence_value"] == 1.0


def test_milestones_are_counted_anew() -> None:
    rows = applied(made("wrong", "targets", 0))
    assert [t["series_id"] for t in rows["targets"]] == [None] * 4
    assert rows["tasks"][0]["targets"] == [] and rows["tasks"][0]["target"] is None


def test_the_role_of_a_body() -> None:
    rows = applied(made("edit", "responsibilities", 1, role="lead"))
    assert [(t["lead"], t["support"]) for t in rows["tasks"][:3]] == [
        (["云海市水利局", "云海市财政局"], ["云海市生态环境局"])
    ] * 3


def test_another_body() -> None:
    rows = applied(made("edit", "responsibilities", 1, name="市发展改革委"))
    held = rows["responsibilities"][1]
    assert held["name"] == "云海市发展和改革委员会"
    assert rows["tasks"][0]["support"] == ["云海市发展和改革委员会", "云海市生态环境局"]
    names = {o["name"] for o in rows["organisations"]}
    assert held["name"] in names and "云海市财政局" not in names, "nothing names it any more"


def test_a_wrong_body() -> None:
    rows = applied(made("wrong", "responsibilities", 0))
    assert [t["lead"] for t in rows["tasks"][:3]] == [[], [], []]
    assert "云海市水利局" not in {o["name"] for o in rows["organisations"]}


def test_the_owners_of_one_task_among_several() -> None:
    rows = applied(made("edit", "tasks", 2, lead=["市财政局"], support=["云海市生态环境局"]))
    assert [t["lead"] for t in rows["tasks"][:3]] == [["云海市水利局"], ["云海市水利局"], ["云海市财政局"]]
    new = [r for r in rows["responsibilities"] if r["task_id"]]
    assert [(r["name"], r["role"], r["printed"]) for r in new] == [("云海市财政局", "lead", "市财政局")]
    assert [r for r in rows["residuals"] if r["kind"] == "row"] == [], "the others still have them"


def test_the_owner_of_the_only_task() -> None:
    rows = applied(made("edit", "tasks", 3, responsible=["市水利局"]))
    held = [r for r in rows["responsibilities"] if r["measure_id"].endswith("1.2")]
    assert [(r["name"], r["role"]) for r in held] == [("云海市水利局", "responsible")]
    assert [r["quote"] for r in rows["residuals"] if r["kind"] == "row"] == ["市生态环境局"]


def test_a_wrong_task_takes_its_rows_along() -> None:
    one = made("wrong", "tasks", 2)
    rows = applied(one)
    assert [t["ordinal"] for t in rows["tasks"]] == [1, 2, 1]
    left = [r["quote"] for r in rows["residuals"] if r["reason"] == f"correction.wrong:{one.id}"]
    assert left == ["2026年6月底前", "30公里", "90%", row("tasks", 2)["quote"]]


# --- rows that were missing -------------------------------------------------------------


def test_a_missing_task() -> None:
    one = added("tasks", "定期巡查闸门", action="巡查闸门", recurrence="monthly", deadline="定期")
    rows = applied(one)
    task = rows["tasks"][3]
    assert task["task_id"].endswith(f"1.1#{one.id}") and task["ordinal"] == 4
    assert (task["lead"], task["support"]) == (["云海市水利局"], ["云海市财政局", "云海市生态环境局"])
    assert (rows["deadlines"][3]["quote"], rows["deadlines"][3]["recurrence"]) == ("定期", "monthly")
    assert [r["quote"] for r in rows["residuals"] if r["reason"] == "action.none"] == [], "it is in a task now"
    assert applied(one) == rows, "its id is the same in every run"


def test_a_missing_task_with_its_number_and_body() -> None:
    task = added("tasks", "定期巡查闸门", action="巡查闸门", responsible=["市应急管理局"])
    number = added("targets", "定期", kind="goal", op=">=", low="4", unit="次", indicator="巡查")
    rows = applied(task, number)
    assert rows["tasks"][3]["target"] == "巡查 ≥ 4 次"
    assert rows["tasks"][3]["responsible"] == ["云海市应急管理局"]
    assert rows["targets"][-2]["task_id"] == rows["tasks"][3]["task_id"]


def test_a_missing_deadline_and_body() -> None:
    source = bulletin(WORDS.replace("2025年底前，完成饮用水", "适时完成饮用水"))
    day = correction(exported(source, "add", "deadlines", place(source, "适时"), due_on="2025-12-31"))
    body = correction(
        exported(source, "add", "responsibilities", place(source, "饮用水水源地"), name="市水利局", role="support")
    )
    rows = applied(day, body, source=source)
    task = rows["tasks"][3]
    assert (task["deadline"], task["due_on"], task["support"]) == ("适时", date(2025, 12, 31), ["云海市水利局"])


def test_what_is_added_can_be_edited_and_taken_back() -> None:
    one = added("tasks", "定期巡查闸门", action="巡查闸门")
    new = {**place(HERE, "定期巡查闸门"), "task_id": applied(one)["tasks"][3]["task_id"]}
    edit = correction(exported(HERE, "edit", "tasks", new, action="每月巡查闸门"))
    assert applied(one, edit)["tasks"][3]["action"] == "每月巡查闸门"
    rows = applied(one, correction(exported(HERE, "wrong", "tasks", new)))
    assert len(rows["tasks"]) == 4
    assert rows["residuals"][-1]["quote"] == "定期巡查闸门"


def test_what_the_parser_gives_by_itself_is_not_added_twice() -> None:
    one = added("targets", "90%", kind="goal", op=">=", low="90", unit="%", indicator="沿河截污率")
    rows, findings = apply(HERE.records, HERE.text, [one])
    assert [f.status for f in findings] == ["settled"]
    assert (len(rows["targets"]), rows["targets"][3]["corrected_by"]) == (5, one.id)


# --- the row found again ----------------------------------------------------------------

TWINS = [row("tasks", 0), row("tasks", 1)]  # one clause, two years
IDENTITY = ("action", "starts_on", "due_on", "recurrence", "table_row")


def was(n: int) -> dict[str, Any]:
    one = row("tasks", n)
    return {c: one.get(c).isoformat() if isinstance(one.get(c), date) else one.get(c) for c in IDENTITY}


def moved(**change: Any) -> Correction:
    entry = exported(HERE, "edit", "tasks", row("tasks", 1), modality="strive")
    return correction({**entry, **change})


FOUND = [
    ({}, 1, "the id tells both apart"),
    ({"id": f"{HERE.issue_id}/1/1.1#7"}, None, "neither id nor values are known"),
    ({"id": f"{HERE.issue_id}/1/1.1#7", "was": was(1)}, 1, "renumbered: by what it said"),
    ({"was": was(1)}, 1, "id and values"),
    ({"id": f"{HERE.issue_id}/1/1.1#1", "was": was(1)}, 1, "the id is that of its twin now"),
    ({"was": {**was(1), "due_on": "2020-12-31"}}, 1, "what it said is said no more, and it has its id"),
    ({"action": "confirm", "fields": {}, "was": {**was(1), "due_on": "2020-12-31"}}, None, "it says something else"),
    ({"action": "wrong", "fields": {}, "was": {**was(1), "due_on": "2020-12-31"}}, None, "it says something else"),
    ({"before": "别处文字"}, None, "other words around it"),
    ({"char_start": 3, "char_end": 29}, 1, "offsets are those of the day"),
]


@pytest.mark.parametrize(("change", "expected", "reason"), FOUND, ids=[f[2] for f in FOUND])
def test_found_again(change: dict[str, Any], expected: int | None, reason: str) -> None:
    rows, failures = failed(moved(**change))
    assert [n for n, t in enumerate(rows["tasks"]) if t.get("corrected_by")] == ([] if expected is None else [expected])
    assert len(failures) == (expected is None)


def test_offsets_and_ids_may_move() -> None:
    """A section more: the same words are found, whatever their place and number."""
    section = "### 一、近期任务\n\n1. 摸清底数。2025年5月底前，完成摸底。（市水利局负责）\n\n### 二、重点任务"
    source = bulletin(WORDS.replace("### 一、重点任务", section))
    entries = [
        exported(HERE, "edit", "tasks", row("tasks", 2), due_on="2026-09-30"),
        exported(HERE, "wrong", "tasks", row("tasks", 3)),
    ]
    rows = applied(*(correction(e) for e in entries), source=source)
    assert rows["tasks"][3]["task_id"].endswith("2.1#3")
    assert [t["due_on"].isoformat() for t in rows["tasks"]] == ["2025-05-31", "2025-12-31", "2026-12-31", "2026-09-30"]


def test_evidence_that_is_gone() -> None:
    source = bulletin(WORDS.replace("建成截污管网30公里", "建成截污管网35公里"))
    entry = exported(HERE, "edit", "tasks", row("tasks", 2), due_on="2026-09-30")
    rows, (failure,) = failed(correction(entry), source=source)
    assert rows["tasks"][2]["due_on"] == date(2026, 6, 30)
    (check,) = checks(source.issue_id, [failure])
    assert (check["success"], check["severity"], check["unexpected_ids"]) == (False, "warning", [entry["id"]])
    assert "更正未用" in check["message"] and "\n" not in check["message"]


def test_wrong_rows_that_are_given_no_more_are_settled() -> None:
    one = made("wrong", "targets", 3)
    rows = {**HERE.records, "targets": [r for r in HERE.records["targets"] if r is not row("targets", 3)]}
    rows["tasks"] = [{**t, "targets": [g for g in t["targets"] if g["target_id"] != one.row_id]} for t in rows["tasks"]]
    _, (finding,) = apply(rows, HERE.text, [one])
    assert (finding.status, finding.message) == ("settled", None)


@pytest.mark.parametrize(
    ("name", "n", "fields", "words"),
    [
        ("tasks", 2, {"starts_on": "2027-01-01"}, "after due_on"),
        ("tasks", 2, {"action": "办"}, "two characters"),
        ("deadlines", 2, {"due_on": None}, "mark it wrong"),
        ("targets", 3, {"op": "range", "low": "99", "high": "90"}, "not in order"),
        ("targets", 3, {"task_id": f"{HERE.issue_id}/1/1.2#1"}, "no task of the measure"),
    ],
)
def test_values_that_a_row_cannot_have(name: str, n: int, fields: dict[str, Any], words: str) -> None:
    rows, (failure,) = failed(made("edit", name, n, **fields))
    assert words in str(failure.message)
    assert parsed(rows) == HERE.records


def test_an_addition_outside_all_measures() -> None:
    _, (failure,) = failed(added("tasks", "现予印发", action="予以印发"))
    assert "no measure" in str(failure.message)


# --- as a case that rules are tried on ----------------------------------------------------

CASES = [
    (made("edit", "tasks", 2, due_on="2026-09-30"), "unmet"),
    (made("edit", "tasks", 2, due_on="2026-06-30", lead=["市水利局"]), "met"),
    (made("wrong", "tasks", 2), "unmet"),
    (moved(action="wrong", fields={}, was={**was(1), "action": "另一动作"}), "met"),
    (made("confirm", "tasks", 2), "met"),
    (moved(action="confirm", fields={}, was={**was(1), "action": "另一动作"}), "lost"),
    (added("tasks", "定期巡查闸门", action="巡查闸门"), "unmet"),
    (added("responsibilities", "市财政局", name="云海市财政局", role="support"), "met"),
    (moved(before="别处文字"), "gone"),
]


@pytest.mark.parametrize(("one", "verdict"), CASES, ids=[f"{n}-{c[1]}" for n, c in enumerate(CASES)])
def test_regression(one: Correction, verdict: str) -> None:
    assert judge(HERE.records, HERE.text, [one]) == [(one, verdict)]


def test_order_of_lines_does_not_matter() -> None:
    every: Iterable[Correction] = (
        made("edit", "tasks", 2, due_on="2026-09-30"),
        made("edit", "targets", 3, low="95"),
        made("wrong", "responsibilities", 1),
        added("tasks", "定期巡查闸门", action="巡查闸门"),
    )
    assert applied(*every) == applied(*reversed(tuple(every)))
