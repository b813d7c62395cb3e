"""Which clauses state an action, and the words of it (rules/actions.toml)."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from pipeline.assemble.openings import LABEL, LINK, without
from pipeline.rules import rules

_EDGE = " 　、，,：:；;。！!？?\n·-—"
_SHORT = 14  # characters of a title that names its kind; longer ones state work
_GOALS = re.compile(r"目标|指标")
_SPACES = re.compile(r"[ \t\u3000\n]+")
_MARKS = re.compile(r"[，、]{2,}")


class Section(Enum):
    """What the title of a measure says of its sentences."""

    WORK = "work"
    GOALS = "goals"  # a clause that a time governs is a task, also without a verb of doing
    PREAMBLE = "preamble"  # only a time or a number makes a task
    RETROSPECT = "retrospect"  # nothing is a task
    LISTED = "listed"  # names matters: only a time makes a task


@cache
def _titles() -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    by_id = {r["id"]: r for r in rules("actions")}
    return (
        frozenset(by_id["action.preamble"]["titles"]),
        tuple(by_id["action.retrospect"]["titles_with"]),
        tuple(by_id["action.listed"]["titles_with"]),
    )


def section(title: str, path: tuple[str, ...] = ()) -> Section:
    """The kind of section that a measure is, by its title and the headings above it."""
    preambles, retrospects, listings = _titles()
    if title in preambles:
        return Section.PREAMBLE
    if len(title) <= _SHORT and any(w in title for w in retrospects):
        return Section.RETROSPECT
    if any(w in t for t in (title, *path[-1:]) if len(t) <= _SHORT for w in listings):
        return Section.LISTED
    goals = _GOALS.search(title) or (path and _GOALS.search(path[-1]))
    return Section.GOALS if goals else Section.WORK


@cache
def _patterns(fallback: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    chosen = (r for r in rules("actions") if "pattern" in r and r.get("fallback", False) == fallback)
    return tuple((r["id"], re.compile(r["pattern"])) for r in chosen)


def no_action(text: str) -> str | None:
    """The rule by which a clause states no action (a definition, the purpose of the document), or null."""
    return next((rule for rule, pattern in _patterns(False) if pattern.search(text)), None)


def provision(text: str) -> str | None:
    """For a clause without a verb of doing at its head: the rule by which it provides something or refers to a rule."""
    return next((rule for rule, pattern in _patterns(True) if pattern.search(text)), None)


def phrase(text: str, start: int, end: int, drop: list[tuple[int, int]]) -> str:
    """The action in `text[start:end]` without the spans in `drop` (times, owners)."""
    parts, at = [], start
    for a, b in sorted(drop):
        if at <= a and b <= end:
            parts.append(text[at:a])
            at = b
    parts.append(text[at:end])
    action = _SPACES.sub("", "".join(parts))
    action = without(LABEL, action.strip(_EDGE))
    while True:
        shorter = without(LINK, action).strip(_EDGE)
        if shorter == action or len(shorter) < 2:
            return _MARKS.sub("，", action)
        action = shorter
