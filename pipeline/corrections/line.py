"""One correction: a line of JSON that says what is wrong with a row, or with there being none.

Its evidence is named by what it is, not by where it stands: table, issue, quote and the words around it. So it
is found again when offsets move and ids are renumbered, and not where the words have changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Literal, cast

from pipeline.corrections.columns import IDENTITY, NEEDED, TABLES, as_json, value_of

Action = Literal["wrong", "edit", "add", "confirm"]
ACTIONS = ("wrong", "edit", "add", "confirm")
AROUND = 20  # characters of the text before and after the quote
_LONGEST = 256 * 1024  # characters of a line
_WORDS = 2000  # characters of a note
_ISSUE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,99}")  # a file is named so
_REQUIRED = ("action", "table", "issue_id", "id", "char_start", "char_end", "quote", "before", "after", "fields", "at")
_OPTIONAL = ("evidence", "note", "by", "was")
_HASH = 16
_ID = 12


class CorrectionError(ValueError):
    """A line that is no correction; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction. `fields` and `was` hold JSON values; offsets are those of the day it was made."""

    action: Action
    table: str
    issue_id: str
    row_id: str | None  # at export; null for a row to be added
    char_start: int
    char_end: int
    quote: str
    before: str
    after: str
    fields: Mapping[str, Any]
    note: str | None
    by: str | None
    at: str  # 2026-11-26T07:00:00Z
    was: Mapping[str, Any] | None = None  # what told the row from others of its evidence when it was marked

    @property
    def evidence(self) -> str:
        """The hash of the evidence."""
        return evidence_hash(self.table, self.issue_id, self.quote, self.before, self.after)

    @property
    def id(self) -> str:
        """Of the row that is corrected, whatever is said of it: a later correction of the same row has the same id."""
        own = self.row_id or json.dumps({k: self.fields.get(k) for k in IDENTITY[self.table]}, sort_keys=True)
        return "c" + _digest(self.table, self.evidence, own)[:_ID]

    @property
    def values(self) -> dict[str, Any]:
        """`fields` in the types of their columns."""
        return {column: value_of(self.table, column, value) for column, value in self.fields.items()}

    def dumps(self) -> str:
        """The line in its one form: the same correction, the same characters."""
        values = {
            "action": self.action,
            "table": self.table,
            "issue_id": self.issue_id,
            "id": self.row_id,
            "char_start": self.char_start,
            "char_end": self.char_end,
            "quote": self.quote,
            "before": self.before,
            "after": self.after,
            "evidence": self.evidence,
            "fields": dict(sorted(self.fields.items())),
            "note": self.note,
            "by": self.by,
            "at": self.at,
        }
        if self.was is not None:
            values["was"] = dict(sorted(self.was.items()))
        return json.dumps(values, ensure_ascii=False)


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def evidence_hash(table: str, issue_id: str, quote: str, before: str, after: str) -> str:
    """16 hexadecimal digits that name an evidence: the words and what stands around them, not their offsets.

    The issue belongs to it because stock phrases stand in many issues with the same words around them.
    """
    return _digest(table, issue_id, quote, before, after)[:_HASH]


def loads(line: str) -> Correction:
    """The correction that a line writes; CorrectionError for any other line."""
    if len(line) > _LONGEST:
        raise CorrectionError(f"longer than {_LONGEST} characters")
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        raise CorrectionError("not JSON: export the file again") from None
    if not isinstance(values, dict):
        raise CorrectionError("not a JSON object")
    missing = [key for key in _REQUIRED if key not in values]
    unknown = sorted(set(values) - {*_REQUIRED, *_OPTIONAL})
    if missing or unknown:
        raise CorrectionError(f"lacks {', '.join(missing)}" if missing else f"unknown: {', '.join(unknown)[:80]}")
    try:
        return _made(values)
    except ValueError as error:
        raise CorrectionError(str(error)) from None


def renamed(correction: Correction, issue_id: str) -> Correction:
    """The same correction of an issue that has another id now."""
    row_id = correction.row_id and issue_id + correction.row_id.removeprefix(correction.issue_id)
    return replace(correction, issue_id=issue_id, row_id=row_id)


def _made(values: Mapping[str, Any]) -> Correction:
    action, name = _one_of(values, "action", ACTIONS), _one_of(values, "table", TABLES)
    made = Correction(
        cast(Action, action),
        name,
        _issue(values),
        _row_id(values, action),
        _offset(values, "char_start"),
        _offset(values, "char_end"),
        _string(values, "quote"),
        _string(values, "before"),
        _string(values, "after"),
        _fields(values, action, name),
        _words(values, "note"),
        _words(values, "by"),
        _moment(values),
        _was(values, name),
    )
    _check_evidence(made, values.get("evidence"))
    return made


def _check_evidence(made: Correction, named: Any) -> None:
    if not made.quote or made.char_end - made.char_start != len(made.quote):
        raise ValueError("quote: not as long as char_start and char_end say; offsets count Unicode code points")
    if max(len(made.before), len(made.after)) > AROUND:
        raise ValueError(f"before, after: at most {AROUND} characters each")
    if named is not None and named != made.evidence:
        raise ValueError(f"evidence: is {made.evidence} by table, issue_id, quote, before and after")


def _one_of(values: Mapping[str, Any], key: str, words: tuple[str, ...]) -> str:
    value = values[key]
    if not isinstance(value, str) or value not in words:
        raise ValueError(f"{key}: not one of {', '.join(words)}")
    return value


def is_issue_id(text: str) -> bool:
    """Whether a text may be the id of an issue: its file is named so."""
    return _ISSUE.fullmatch(text) is not None


def _issue(values: Mapping[str, Any]) -> str:
    value = values["issue_id"]
    if not isinstance(value, str) or not is_issue_id(value):
        raise ValueError("issue_id: not the id of an issue")
    return value


def _row_id(values: Mapping[str, Any], action: str) -> str | None:
    value = values["id"]
    if action == "add":
        if value is not None:
            raise ValueError("id: null for a row to be added")
        return None
    if not isinstance(value, str) or not value.startswith(f"{values['issue_id']}/") or len(value) > _WORDS:
        raise ValueError("id: not the id of a row of the issue")
    return value


def _offset(values: Mapping[str, Any], key: str) -> int:
    value = values[key]
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{key}: not an offset")
    return value


def _string(values: Mapping[str, Any], key: str) -> str:
    value = values[key]
    if not isinstance(value, str) or any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError(f"{key}: not a text")
    return value


def _words(values: Mapping[str, Any], key: str) -> str | None:
    value = values.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > _WORDS:
        raise ValueError(f"{key}: not a text of at most {_WORDS} characters")
    return value.encode("utf-8", "replace").decode("utf-8")


def _moment(values: Mapping[str, Any]) -> str:
    value = values["at"]
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
        if moment.tzinfo is None:
            raise ValueError
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError):
        raise ValueError("at: not a time in UTC as 2026-11-26T07:00:00Z") from None


def _fields(values: Mapping[str, Any], action: str, name: str) -> dict[str, Any]:
    given = values["fields"] or {}
    if not isinstance(given, dict):
        raise ValueError("fields: not a JSON object")
    if action in ("wrong", "confirm") and given:
        raise ValueError(f"fields: empty for {action}; to change the row use edit")
    if action == "edit" and not given:
        raise ValueError("fields: nothing to edit")
    fields = {column: as_json(value_of(name, column, value)) for column, value in given.items()}
    if action == "add":
        missing = [column for column in NEEDED[name] if fields.get(column) is None]
        if name == "deadlines" and not any(fields.get(c) for c in IDENTITY[name]):
            missing = ["due_on, starts_on or recurrence"]
        if missing:
            raise ValueError(f"fields: a row to be added needs {', '.join(missing)}")
    if "printed" in fields and fields["printed"] not in _string(values, "quote"):
        raise ValueError("fields.printed: must stand in the quote")
    return fields


def _was(values: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    value = values.get("was")
    if value is None:
        return None
    if not isinstance(value, dict) or set(value) != set(IDENTITY[name]):
        raise ValueError(f"was: not an object of {', '.join(IDENTITY[name])}")
    return dict(value)
