"""Which clauses state an action, and the words of it (rules/actions.toml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.assemble.words import listed
from pipeline.rules import rules

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
_ADVERBS = 4  # 积极稳妥有序推进: no plan heaps up more
_REACH = 60  # characters from a preposition to its verb
_SPACES = re.compile(r"[ \t\u3000\n]+")
_MARKS = re.compile(r"[，、]{2,}")


@cache
def preambles() -> frozenset[str]:
    """Titles of measures that state no task of their own."""
    return frozenset(t for r in rules("actions") for t in r.get("titles", ()))


@dataclass(frozen=True, slots=True)
class Opening:
    """How a segment opens: with an action of its own, and whether it states one in full."""

    begins: bool
    acts: bool


def opening(text: str) -> Opening:
    """How a segment opens.

    `begins`: a verb of doing after at most four adverbs, and no verb of result. `acts`:
    that, or a verb of result, or a preposition with a verb of doing behind it (对…开展…),
    unless the end of the segment only leads up to an action (…的, …时).
    """
    bare = _LABEL.sub("", text)
    linked = _LINK.sub("", bare)
    continuing = listed("actions", "continuing").at(bare) > 0
    verb = _verb(linked)
    if listed("actions", "leading").ending(bare.rstrip("）)”")):
        return Opening(verb and not continuing, False)
    acts = verb or continuing or _through(linked)
    if not acts and linked is not bare:
        acts = _verb(bare) or _through(bare)
    return Opening(verb and not continuing, acts)


def _verb(text: str) -> bool:
    """Whether a verb of doing stands at the begin, after at most four adverbs."""
    adverbs, verbs = listed("actions", "adverbs"), listed("actions", "verbs")
    at = 0
    for _ in range(_ADVERBS + 1):
        if verbs.at(text, at):
            return True
        n = adverbs.at(text, at)
        if not n:
            return False
        at += n
        if text[at : at + 1] in ("地", "并", "、"):
            at += 1
    return False


def _through(text: str) -> bool:
    """Whether the text begins with a preposition and has a verb of doing behind it."""
    n = listed("actions", "prepositions").at(text)
    return n > 0 and listed("actions", "verbs").within(text, n + 2, n + _REACH)


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
