"""Which clauses state an action, and the words of it (rules/actions.toml)."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from pipeline.assemble.openings import opening, without_label, without_link
from pipeline.rules import rules

_EDGE = " 　、，,：:；;。！!？?\n·-—"
_SHORT = 14  # characters of a title that names its kind; longer ones state work
_GOALS = re.compile(r"目标|指标")
_SPACES = re.compile(r"[ \t\u3000\n]+")
_MARKS = re.compile(r"[，、]{2,}")


#: The heading that an item runs on from: 良种繁育工程：建设…, 专栏3 重点工程良种繁育：建设….
_RUN_IN = re.compile(
    r"(?:专栏\d{1,2}[^，。；：\n]{2,70}|(?![^：]{0,22}(?:以下|下列|如下|包括|其中|分别|按照?|根据|注$|[一两三四五六七八九十](?:个|批|项|家|条|座)))[^，。；：\d（）()\n]{2,24})：(?=.{4})"
)


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
    for rule, pattern in _patterns(False):
        if pattern.search(text):
            return rule
    return None


def purpose(text: str) -> bool:
    """Whether a clause says why the document is made, and nothing before that which is no action."""
    pattern = next(pattern for rule, pattern in _patterns(False) if rule == "action.purpose")
    return pattern.search(text) is not None and no_action(text) == "action.purpose"


def provision(text: str) -> str | None:
    """For a clause without a verb of doing at its head: the rule by which it provides something or refers to a rule."""
    return next((rule for rule, pattern in _patterns(True) if pattern.search(text)), None)


def phrase(text: str, start: int, end: int, drop: list[tuple[int, int]]) -> str:
    """The action in `text[start:end]` without the spans in `drop` (times, owners)."""
    kept, at = "", start
    for a, b in sorted(drop) if drop else ():
        if at <= a and b <= end:
            kept += text[at:a]
            at = b
    action = kept + text[at:end]
    if " " in action or "\u3000" in action or "\n" in action or "\t" in action:
        action = _SPACES.sub("", action)
    action = _headless(without_label(action.strip(_EDGE)))
    while True:
        shorter = without_link(action).strip(_EDGE)
        if shorter == action or len(shorter) < 2:
            return _MARKS.sub("，", action) if "，" in action or "、" in action else action
        action = shorter


def _headless(action: str) -> str:
    """An action without the heading it runs on from; a heading that is itself an action stays."""
    heading = _RUN_IN.match(action) if "：" in action else None
    if heading is None or opening(heading[0]).begins:
        return action
    how = opening(rest := action[heading.end() :])
    return rest if how.begins or how.acts or how.leads else action
