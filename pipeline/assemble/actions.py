"""Which clauses state an action, and the words of it (rules/actions.toml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.rules import load, rules

_EDGE = " 　、，,：:；;。！!？?\n·-—"
_LABEL = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[①-⑳]|\d{1,2}[.．、](?!\d)|[一二三四五六七八九十]{1,3}、"
    r"|第[一二三四五六七八九十百\d]{1,4}[条章节])\s*"
)
# Words that link clauses or bind them: no part of the action itself.
_LINK = re.compile(
    r"^(?:并且|并|同时|其中|此外|另外|具体|要|应当?|须|必须|需|均|都要?|力争|争取|努力|原则上|确保|于|在|至|到|前)"
    r"(?=[\u4e00-\u9fffA-Z“])[，,]?"
)
_SPACES = re.compile(r"[ \t\u3000\n]+")
_MARKS = re.compile(r"[，、]{2,}")


@dataclass(frozen=True, slots=True)
class _Patterns:
    verb: re.Pattern[str]  # a verb of doing after at most four adverbs
    continuing: re.Pattern[str]  # a verb of result
    through: re.Pattern[str]  # preposition … verb of doing
    leading: re.Pattern[str]  # ends that lead up to an action


@cache
def _patterns() -> _Patterns:
    data = load("actions")

    def words(key: str) -> str:
        return "|".join(map(re.escape, sorted(data[key].split(), key=len, reverse=True)))

    adverbs = f"(?:(?:{words('adverbs')})(?:地|并|、)?){{0,4}}"
    return _Patterns(
        re.compile(rf"^(?:并|同时|其中)?{adverbs}(?:{words('verbs')})"),
        re.compile(rf"^(?:{words('continuing')})"),
        re.compile(rf"^(?:{words('prepositions')})[^，。；]{{2,60}}?(?:{words('verbs')})"),
        re.compile(rf"(?:{words('leading')})$"),
    )


@cache
def preambles() -> frozenset[str]:
    """Titles of measures that state no task of their own."""
    return frozenset(t for r in rules("actions") for t in r.get("titles", ()))


def begins(text: str) -> bool:
    """Whether a segment begins with an action of its own."""
    text = _LABEL.sub("", text)
    patterns = _patterns()
    return patterns.continuing.match(text) is None and patterns.verb.match(_LINK.sub("", text)) is not None


def acts(text: str) -> bool:
    """Whether a segment states an action in full: with its verb, not only leading up to one."""
    text = _LABEL.sub("", text).rstrip("）)”")
    patterns = _patterns()
    if patterns.leading.search(text):
        return False
    linked = _LINK.sub("", text)
    return any(p.match(t) for t in (text, linked) for p in (patterns.verb, patterns.continuing, patterns.through))


def phrase(text: str, start: int, end: int, drop: list[tuple[int, int]]) -> str:
    """The action in `text[start:end]` without the spans in `drop` (times, owners)."""
    parts, at = [], start
    for a, b in sorted(drop):
        if at <= a and b <= end:
            parts.append(text[at:a])
            at = b
    parts.append(text[at:end])
    action = _SPACES.sub("", "".join(parts))
    action = _LABEL.sub("", action.strip(_EDGE))
    while True:
        shorter = _LINK.sub("", action).strip(_EDGE)
        if shorter == action or len(shorter) < 2:
            return _MARKS.sub("，", action)
        action = shorter
