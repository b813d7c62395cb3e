"""Corrections carried out on the rows of an issue, between parsing and validating."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipeline.corrections import SUITE, additions, bodies, edits, removals
from pipeline.corrections.draft import Draft, mark
from pipeline.corrections.edits import UnfitError
from pipeline.corrections.line import Correction
from pipeline.corrections.match import KEYS, Match, Row, match, places, says, twin
from pipeline.corrections.store import digest, load
from pipeline.model import Text

Records = Mapping[str, Sequence[Row]]
#: applied: the row is as the correction says. settled: it was before. failed: the correction has no effect.
Status = Literal["applied", "settled", "failed"]
_ORDER = ("edit", "confirm", "wrong")  # what is to be taken out goes last, with all that it has become
_WHY = {
    "gone": ("依据已不在原文中", "its words, with those around them, stand in the text no more"),
    "absent": ("原文仍在而无此记录", "its words stand in the text, but give no such row any more"),
    "changed": ("同一依据的记录已变", "the row of its words says something else now"),
    "several": ("同一依据有多条记录", "its words have several rows, and neither id nor values tell which"),
    "place": ("原文多处相同", "its words stand in several places, and the offset names none of them"),
}
_ADVICE = "重新复核 look again"


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a correction; `message` is one line where it failed."""

    correction: Correction
    status: Status
    message: str | None = None


def apply(
    records: Records, text: Text, corrections: Iterable[Correction]
) -> tuple[dict[str, list[Row]], list[Finding]]:
    """The rows with all corrections carried out, and what became of each correction.

    `records` are left as they are. Rows that changed have the id of the correction in `corrected_by`.
    """
    draft = Draft(records, text)
    ordered = sorted(corrections, key=lambda c: (list(KEYS).index(c.table), c.char_start, c.id))
    found = {c.id: match(draft.rows[c.table], text.text, c) for c in ordered if c.action != "add"}
    findings = {c.id: _added(draft, c) for c in ordered if c.action == "add"}
    for action in _ORDER:
        for c in (c for c in ordered if c.action == action):
            findings[c.id] = _carried_out(draft, c, _or_added(draft, c, found[c.id], frozenset(findings)))
    return draft.rows, [findings[c.id] for c in ordered]


def corrected(records: Records, text: Text, folder: Path) -> tuple[Records, str | None, list[str]]:
    """The rows of an issue by what stands of it in `folder`: with `checks`, the digest of the corrections, and notes.

    An issue without corrections keeps its rows, and has no digest. Notes are a line for each correction without effect.
    """
    issue_id = str(records["issues"][0]["issue_id"])
    stored = load(folder, issue_id)
    if not stored.corrections and not stored.problems:
        return records, None, []
    rows, findings = apply(records, text, stored.corrections)
    rows["checks"] = [*rows.get("checks", ()), *checks(issue_id, findings, stored.problems)]
    notes = [row["message"] for row in rows["checks"] if not row["success"]]
    return rows, digest(stored.corrections), notes


def _added(draft: Draft, correction: Correction) -> Finding:
    starts = places(draft.text.text, correction)
    if len(starts) > 1 and correction.char_start in starts:
        starts = [correction.char_start]
    if len(starts) != 1:
        return _failed(correction, "place" if starts else "gone")
    row = twin(draft.rows[correction.table], starts, correction, _resolved(draft, correction, starts[0]))
    if row is not None:  # the parser gives it by itself now
        mark([row], correction.id)
        edits.vouched(correction.table, row)
        return Finding(correction, "settled")
    try:
        additions.add(draft, correction, starts[0])
    except UnfitError as error:
        return Finding(correction, "failed", _line(correction, str(error)))
    return Finding(correction, "applied")


def _resolved(draft: Draft, correction: Correction, start: int) -> dict[str, Any]:
    """The values of a correction, a body by the full name that its row has."""
    values = correction.values
    measure = draft.measure_at(start, start + len(correction.quote))
    if correction.table == "responsibilities" and measure and "name" in values:
        values["name"] = bodies.full_name(draft, values["name"], measure["measure_id"])
    return values


def _or_added(draft: Draft, correction: Correction, found: Match, by: frozenset[str]) -> Match:
    """A row that a correction (one of `by`) has added is known by its id, which ends with that of the correction."""
    own = next((r for r in draft.rows[correction.table] if r[KEYS[correction.table]] == correction.row_id), None)
    if own is not None and str(correction.row_id).rpartition("#")[2].rpartition("~")[2] in by:
        return Match("found", own, whole=True)
    return found


def _carried_out(draft: Draft, correction: Correction, found: Match) -> Finding:
    name, row, by = correction.table, found.row, correction.id
    if row is None:
        if correction.action == "wrong" and found.state == "absent":
            return Finding(correction, "settled")
        return _failed(correction, found.state)
    if correction.action == "wrong":
        removals.drop(draft, name, row, by)
        return Finding(correction, "applied")
    try:
        before = says(row, correction.values)
        if correction.action == "edit":
            edits.edit(draft, name, row, correction.values, by)
    except UnfitError as error:
        return Finding(correction, "failed", _line(correction, str(error)))
    mark([row], by)
    if found.whole:
        edits.vouched(name, row)
    return Finding(correction, "settled" if before and correction.action == "edit" else "applied")


def _failed(correction: Correction, why: str) -> Finding:
    return Finding(correction, "failed", _line(correction, " ".join(_WHY[why])))


def _line(correction: Correction, why: str) -> str:
    where = correction.row_id or f"{correction.table}, {correction.char_start}–{correction.char_end}"
    return f"更正未用 not applied: {correction.id} ({correction.action} {where}): {why}; {_ADVICE}"


def checks(issue_id: str, findings: Iterable[Finding], problems: Iterable[str] = ()) -> list[Row]:
    """Rows of the table `checks`: each correction, and each line of the file that is none."""
    rows = [_check(issue_id, f.correction.table, f) for f in findings]
    return rows + [_unread(issue_id, problem) for problem in problems]


def _check(issue_id: str, name: str, finding: Finding) -> Row:
    correction, failed = finding.correction, finding.status == "failed"
    return {
        "issue_id": issue_id,
        "suite": SUITE,
        "expectation": "corrections.applied",
        "table": name,
        "column": "、".join(correction.fields) or None,
        "severity": "warning",
        "success": not failed,
        "observed": f"{correction.id} {correction.action}: {finding.status}",
        "unexpected_ids": [correction.row_id or correction.id] if failed else [],
        "message": finding.message,
    }


def _unread(issue_id: str, problem: str) -> Row:
    return {
        "issue_id": issue_id,
        "suite": SUITE,
        "expectation": "corrections.readable",
        "table": None,
        "column": None,
        "severity": "warning",
        "success": False,
        "observed": None,
        "unexpected_ids": [],
        "message": f"更正未用 not applied: {problem}",
    }
