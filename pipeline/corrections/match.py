"""Which row a correction speaks of: by its evidence, and among rows of one evidence by what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.corrections.columns import IDENTITY, as_json, identity
from pipeline.corrections.line import Correction

Row = dict[str, Any]
#: found: `row` is it. gone: the words stand nowhere. absent: the words stand there, the row does not.
#: changed: there is a row of this evidence, but it says something else. several: more than one may be meant.
State = Literal["found", "gone", "absent", "changed", "several"]


@dataclass(frozen=True, slots=True)
class Match:
    """What was found of a correction. `whole`: all that it does not change is as it was when it was made."""

    state: State
    row: Row | None = None
    whole: bool = False


def places(text: str, correction: Correction) -> list[int]:
    """Offsets at which the quote stands with just these words before and after it."""
    around = correction.before + correction.quote + correction.after
    found, at = [], text.find(around)
    while at >= 0:
        found.append(at + len(correction.before))
        at = text.find(around, at + 1)
    return found


def match(rows: Sequence[Row], text: str, correction: Correction) -> Match:
    """The row of its table that a correction of a row speaks of."""
    starts = places(text, correction)
    if not starts:
        return Match("gone")
    length, spots = len(correction.quote), set(starts)
    held = [r for r in rows if r["char_start"] in spots and r["char_end"] == r["char_start"] + length]
    if not held:
        return Match("absent")
    return _known(held, correction) if correction.was is not None else _named(held, correction)


def _named(held: Sequence[Row], correction: Correction) -> Match:
    """Without knowledge of what the row was: the only one of its evidence, or the one with its id."""
    if len(held) == 1:
        return Match("found", held[0], whole=True)
    same = [r for r in held if row_id(correction.table, r) == correction.row_id]
    return Match("found", same[0], whole=True) if len(same) == 1 else Match("several")


def _known(held: Sequence[Row], correction: Correction) -> Match:
    """The row that is as it was (or as it is to be); of several such the one with the id."""
    same = [r for r in held if _agrees(r, correction)]
    named = [r for r in same or held if row_id(correction.table, r) == correction.row_id]
    if len(same) == 1 or same and len(named) == 1:
        return Match("found", same[0] if len(same) == 1 else named[0], whole=True)
    if same:
        return Match("several")
    # An id alone is enough to set a field again, not to take a row away or to call it right.
    if correction.action == "edit" and len(named) == 1:
        return Match("found", named[0])
    return Match("changed")


def _agrees(row: Row, correction: Correction) -> bool:
    was, now = correction.was or {}, identity(correction.table, row)
    return all(now[c] == was.get(c) or c in correction.fields and now[c] == correction.fields[c] for c in now)


def says(row: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether a row has all of these values."""
    return all(as_json(row.get(column)) == as_json(value) for column, value in values.items())


def twin(rows: Sequence[Row], starts: Sequence[int], correction: Correction, values: Mapping[str, Any]) -> Row | None:
    """A row that already says what a row to be added would: of its evidence, with all that tells rows apart."""
    wanted = {c: v for c, v in values.items() if c in IDENTITY[correction.table]}
    for row in rows:
        if row["char_start"] in starts and row["quote"] == correction.quote and says(row, wanted):
            return row
    return None


def row_id(name: str, row: Mapping[str, Any]) -> Any:
    """The id of a row of a table that can be corrected."""
    return row[KEYS[name]]


KEYS: Mapping[str, str] = {
    "tasks": "task_id",
    "responsibilities": "responsibility_id",
    "deadlines": "deadline_id",
    "targets": "target_id",
}
