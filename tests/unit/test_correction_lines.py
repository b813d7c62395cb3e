"""Lines of corrections: what is taken, what is refused and why, and the folder that keeps them."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from corrected import AT, bulletin, correction, exported, line, place

from pipeline.corrections import store
from pipeline.corrections.line import CorrectionError, evidence_hash, loads, renamed

HERE = bulletin()
TASK = HERE.records["tasks"][2]


def entry(**change: Any) -> dict[str, Any]:
    return {**exported(HERE, "edit", "tasks", TASK, due_on="2026-09-30"), **change}


def target(**fields: Any) -> dict[str, Any]:
    return exported(HERE, "edit", "targets", HERE.records["targets"][3], **fields)


REFUSED = [
    ("[]", "not a JSON object"),
    ("{", "not JSON"),
    ("[" * 100_000, "not JSON"),
    (json.dumps({"action": "edit"}), "lacks table"),
    (entry(more=1), "unknown: more"),
    (entry(action="delete"), "action: not one of wrong, edit, add, confirm"),
    (entry(table="issues"), "table: not one of tasks"),
    (entry(table=["tasks"]), "table: not one of tasks"),
    (entry(issue_id="../outside"), "issue_id: not the id"),
    (entry(id=None), "id: not the id"),
    (entry(id="another/1/1#1"), "id: not the id of a row of the issue"),
    (entry(action="add"), "id: null for a row to be added"),
    (entry(char_start=-1), "char_start: not an offset"),
    (entry(char_start=True), "char_start: not an offset"),
    (entry(char_end=TASK["char_end"] + 1), "quote: not as long as"),
    (entry(quote=""), "quote: not as long as"),
    (entry(quote=3), "quote: not a text"),
    (entry(quote="\ud800" * len(TASK["quote"])), "quote: not a text"),
    (entry(before="字" * 21), "at most 20"),
    (entry(evidence="0" * 16), "evidence: is "),
    (entry(fields={}), "nothing to edit"),
    (entry(fields=[1]), "fields: not a JSON object"),
    (entry(action="confirm"), "fields: empty for confirm"),
    (entry(fields={"quote": "x"}), "fields.quote: it cannot be edited"),
    (entry(fields={"corrected_by": "x"}), "fields.corrected_by: it cannot be edited"),
    (entry(fields={"targets": []}), "edit the rows of targets"),
    (entry(fields={"action": None}), "fields.action: must not be null"),
    (entry(fields={"due_on": "2026-02-30"}), "fields.due_on: day"),
    (entry(fields={"due_on": "20260230"}), "no date as 2024-03-15"),
    (entry(fields={"lead": "市水利局"}), "no list of texts"),
    (entry(fields={"lead": [""]}), "no text"),
    (entry(fields={"modality": "perhaps"}), "not one of must"),
    (entry(fields={"recurrence": "sometimes"}), "not of the form"),
    (entry(fields={"boilerplate": 1}), "neither true nor false"),
    (entry(fields={"action": "响铃\x07动作"}), "without control characters"),
    (entry(fields={"action": "长" * 2001}), "at most 2000"),
    (target(low="many"), "fields.low: no number"),
    (target(low="NaN"), "decimal(24, 6)"),
    (target(low=float("inf")), "decimal(24, 6)"),
    (target(low="0.0000001"), "decimal(24, 6)"),
    (target(low="1e30"), "decimal(24, 6)"),
    (target(low=True), "no number"),
    (target(region_code="云海"), "not of the form"),
    (target(printed="95%"), "must stand in the quote"),
    (exported(HERE, "add", "tasks", TASK), "needs action"),
    (exported(HERE, "add", "targets", TASK, low="1"), "needs kind, op, unit"),
    (exported(HERE, "add", "deadlines", TASK), "needs due_on, starts_on or recurrence"),
    (entry(at="2025-06-01T08:00:00"), "at: not a time in UTC"),
    (entry(at=None), "at: not a time in UTC"),
    (entry(note=1), "note: not a text"),
    (entry(was={"action": "x"}), "was: not an object of"),
]


@pytest.mark.parametrize(("given", "words"), REFUSED, ids=[f"{n}-{w}" for n, (_, w) in enumerate(REFUSED)])
def test_refused(given: Any, words: str) -> None:
    with pytest.raises(CorrectionError) as caught:
        loads(given if isinstance(given, str) else json.dumps(given))
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_one_form() -> None:
    one = correction(entry(at="2025-06-01T16:00:00.123+08:00", by="", note=None))
    assert one.at == AT and one.by is None
    assert loads(one.dumps()) == one
    assert correction(target(low=90)).fields == correction(target(low="90.0")).fields == {"low": "90"}
    assert correction(entry(fields={"condition": ""})).fields == {"condition": None}
    assert correction(entry(fields={"action": " 两行\n动作 "})).fields == {"action": "两行 动作"}


def test_the_evidence_hash() -> None:
    one = correction(entry())
    words = "\n".join(("tasks", one.issue_id, one.quote, one.before, one.after))
    assert one.evidence == sha256(words.encode()).hexdigest()[:16]
    assert correction(entry(evidence=one.evidence)) == one
    assert one.evidence == evidence_hash("tasks", one.issue_id, one.quote, one.before, one.after)
    moved = correction(entry(char_start=TASK["char_start"] + 9, char_end=TASK["char_end"] + 9))
    assert (moved.evidence, moved.id) == (one.evidence, one.id), "offsets are no part of it"


def test_ids() -> None:
    one = correction(entry())
    assert one.id == correction(entry(fields={"due_on": None}, note="另一意见")).id, "a later word on the same row"
    assert one.id != correction(exported(HERE, "edit", "tasks", HERE.records["tasks"][1], due_on="2026-09-30")).id
    adds = [exported(HERE, "add", "tasks", place(HERE, "定期巡查闸门"), action=a) for a in ("巡查闸门", "维护闸门")]
    assert len({correction(a).id for a in adds}) == 2, "two tasks may be missing in one clause"


def test_a_correction_of_an_issue_with_a_new_id() -> None:
    one = renamed(correction(entry()), "990100-2025-06")
    assert (one.issue_id, one.row_id) == ("990100-2025-06", "990100-2025-06/1/1.1#3")
    assert loads(one.dumps()) == one


# --- the folder -------------------------------------------------------------------------


def test_keep_sorts_and_drops_what_stands_twice(tmp_path: Path) -> None:
    first, second = correction(entry()), correction(exported(HERE, "confirm", "tasks", HERE.records["tasks"][0]))
    kept = store.keep([first, second, first], tmp_path / "corrections")
    assert (kept.new, kept.same, kept.issues) == (2, 1, {HERE.issue_id})
    path = store.path_of(tmp_path / "corrections", HERE.issue_id)
    assert path.read_text() == second.dumps() + "\n" + first.dumps() + "\n"
    before = path.read_bytes()
    kept = store.keep([second, first], tmp_path / "corrections")
    assert (kept.new, kept.same, kept.issues, path.read_bytes()) == (0, 2, set(), before)
    assert store.load(tmp_path / "corrections", HERE.issue_id).corrections == (second, first)


def test_the_later_one_of_a_row_stays(tmp_path: Path) -> None:
    first, later = correction(entry()), correction(entry(fields={"due_on": None}, at="2025-06-02T00:00:00Z"))
    same_time = correction(entry(fields={"due_on": "2026-01-01"}))
    store.keep([first], tmp_path)
    kept = store.keep([same_time], tmp_path)
    assert (kept.replaced, store.load(tmp_path, HERE.issue_id).corrections) == (1, (same_time,))
    assert store.keep([later], tmp_path).replaced == 1
    kept = store.keep([first], tmp_path)  # an old export, once more
    assert (kept.older, kept.issues, store.load(tmp_path, HERE.issue_id).corrections) == (1, set(), (later,))


def test_later_words_on_other_columns_are_added(tmp_path: Path) -> None:
    """Whoever edits or confirms a row once more sees it as it is corrected already."""
    store.keep([correction(entry())], tmp_path)
    store.keep([correction(entry(fields={"modality": "must"}, at="2025-06-02T00:00:00Z"))], tmp_path)
    store.keep([correction(entry(action="confirm", fields={}, by="复核人", at="2025-06-03T00:00:00Z"))], tmp_path)
    (one,) = store.load(tmp_path, HERE.issue_id).corrections
    assert (one.action, one.fields, one.by) == ("edit", {"due_on": "2026-09-30", "modality": "must"}, "复核人")
    store.keep([correction(entry(action="wrong", fields={}, at="2025-06-04T00:00:00Z"))], tmp_path)
    (one,) = store.load(tmp_path, HERE.issue_id).corrections
    assert (one.action, one.fields) == ("wrong", {})


def test_what_a_row_was_is_kept_through_later_corrections(tmp_path: Path) -> None:
    was = {"action": "a", "starts_on": None, "due_on": "2026-06-30", "recurrence": None, "table_row": None}
    store.keep([correction(entry())], tmp_path, lambda _: was)
    store.keep([correction(entry(fields={"due_on": None}))], tmp_path, lambda _: {**was, "due_on": "2026-09-30"})
    (one,) = store.load(tmp_path, HERE.issue_id).corrections
    assert (one.fields, one.was) == ({"due_on": None}, was)


def test_lines_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "exported.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + line(entry()).encode() + b"\n{}\n\xff\n" + line(entry(table="x")).encode())
    read = store.read(path)
    assert read.corrections == (correction(entry()),)
    assert [p.partition(": ")[0] for p in read.problems] == [f"{path}:{n}" for n in (3, 4, 5)]


def test_a_file_with_a_bad_line_is_not_written_over(tmp_path: Path) -> None:
    path = store.path_of(tmp_path, HERE.issue_id)
    path.write_text(line(entry()) + "by hand\n")
    before = path.read_bytes()
    kept = store.keep([correction(entry(fields={"due_on": None}))], tmp_path)
    assert [p.partition(": ")[0] for p in kept.problems] == [f"{path}:2"]
    assert (kept.issues, path.read_bytes()) == (set(), before)


def test_a_line_in_the_file_of_another_issue(tmp_path: Path) -> None:
    store.path_of(tmp_path, "990100-2025-06").write_text(line(entry()))
    read = store.load(tmp_path, "990100-2025-06")
    assert (read.corrections, len(read.problems)) == ((), 1)


def test_digest() -> None:
    one, other = correction(entry()), correction(exported(HERE, "confirm", "tasks", HERE.records["tasks"][0]))
    assert store.digest([]) is None
    assert store.digest([one, other]) == store.digest([other, one]) != store.digest([one])
