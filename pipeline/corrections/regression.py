"""Whether the parser by itself gives what a correction says: each is a case that rules can be tried on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pipeline.corrections import bodies
from pipeline.corrections.columns import OWNERS
from pipeline.corrections.draft import Draft
from pipeline.corrections.line import Correction
from pipeline.corrections.match import Row, match, places, says, twin
from pipeline.model import Text

#: met: the parser gives it. unmet: not yet. lost: what was confirmed is given no more. gone: the words stand nowhere.
Verdict = Literal["met", "unmet", "lost", "gone"]


def judge(
    records: Mapping[str, Sequence[Row]], text: Text, corrections: Iterable[Correction]
) -> list[tuple[Correction, Verdict]]:
    """Each correction with whether `records`, as parsed, agree with it."""
    draft = Draft(records, text)
    return [(c, _verdict(draft, c)) for c in corrections]


def _verdict(draft: Draft, correction: Correction) -> Verdict:
    rows, starts = draft.rows[correction.table], places(draft.text.text, correction)
    if not starts:
        return "gone"
    if correction.action == "add":
        values = _full(draft, correction, starts[0])
        row = twin(rows, starts, correction, values)
        return "met" if row is not None and says(row, values) else "unmet"
    found = match(rows, draft.text.text, correction)
    if correction.action == "wrong":
        return "met" if found.row is None and found.state != "several" else "unmet"
    if correction.action == "confirm":
        return "met" if found.row is not None else "lost"
    row = found.row
    return "met" if row is not None and says(row, _full(draft, correction, row["char_start"])) else "unmet"


def _full(draft: Draft, correction: Correction, start: int) -> dict[str, Any]:
    """The values with bodies by their full names."""
    values, measure = correction.values, draft.measure_at(start, start + len(correction.quote))
    if measure is None:
        return values
    for role in (r for r in OWNERS if r in values):
        values[role] = [bodies.full_name(draft, name, measure["measure_id"]) for name in values[role]]
    if correction.table == "responsibilities" and "name" in values:
        values["name"] = bodies.full_name(draft, values["name"], measure["measure_id"])
    return values
