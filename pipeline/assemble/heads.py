"""Sentences that end in ： and give their force to the items under them (rules/heads.toml)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from pipeline.assemble.clauses import Sentence
from pipeline.assemble.openings import LABEL
from pipeline.rules import rules

T = TypeVar("T")
_LONGEST = 200  # characters of a sentence that ends in ：
_DIGITS = re.compile(r"[一二三四五六七八九十百\d]+|[①-⑳]")


@dataclass(frozen=True, slots=True)
class Head:
    """What a sentence makes of the items under it: `condition`, `matter`, or a modality."""

    rule: str
    effect: str


@cache
def _patterns() -> tuple[tuple[Head, re.Pattern[str]], ...]:
    return tuple((Head(r["id"], r["effect"]), re.compile(r["pattern"])) for r in rules("heads"))


def head_of(text: str) -> Head | None:
    """The head that a sentence is, null where it gives the items under it no force of its own."""
    stripped = text.rstrip()
    if not stripped.endswith(("：", ":")):
        return None
    words = stripped[:-1]
    return next((head for head, pattern in _patterns() if pattern.search(words)), None)


def heads(text: str, sentences: Sequence[Sentence], above: Head | None = None) -> list[Head | None]:
    """For each sentence the head that it stands under, null for none; `above` stands over all of them."""
    return stand_under(text, sentences, lambda s: head_of(text[_begin(text, s) : s.end + 1]), above)


def _begin(text: str, sentence: Sentence) -> int:
    """Where a sentence begins whose parts are set off by ；: 有下列行为之一的，责令改正；情节严重的，予以处罚："""
    low = max(0, sentence.start - _LONGEST)
    return max(low, 1 + max(text.rfind(mark, low, sentence.start) for mark in "。\n"))


def stand_under(
    text: str, sentences: Sequence[Sentence], found: Callable[[Sentence], T | None], above: T | None = None
) -> list[T | None]:
    """For each sentence what a sentence above it says for its items, by `found`; one that ends without ： says nothing.

    That holds for the labelled items behind it, up to a paragraph without a label or a
    label of the kind that its own item has; items without labels hold together by ；.
    """
    if not any("：" in (end := text[s.end - 1 : s.end + 1]) or ":" in end for s in sentences):
        return [above] * len(sentences)
    out: list[T | None] = []
    head, outer, items = above, "", None
    kind = ""  # of the label last seen
    for k, sentence in enumerate(sentences):
        label = _kind(text, sentence)
        if head is not above and _ends(text, sentences[k - 1], sentence, label, outer, items):
            head, items = above, None
        elif head is not above and items is None:
            items = label
        out.append(head)
        kind = label or ("" if sentence.heads else kind)
        said = found(sentence)
        if said:
            head, outer, items = said, kind, None
    return out


def _kind(text: str, sentence: Sentence) -> str:
    """The kind of a sentence's label (（1） and （12） are of one kind), "" without one."""
    label = LABEL.match(text[sentence.start : sentence.start + 8])
    return _DIGITS.sub(_numeral, label.group().strip()) if label else ""


def _numeral(found: re.Match[str]) -> str:
    first = found.group()[0]
    return "1" if first.isdigit() and first.isascii() else "①" if "①" <= first <= "⑳" else "一"


def _ends(text: str, before: Sentence, sentence: Sentence, label: str, outer: str, items: str | None) -> bool:
    """Whether a sentence stands under the head before it no more."""
    if label:
        return label == outer
    if items is None:  # directly behind the head
        return False
    if items:  # a sentence of a labelled item goes on with it; a paragraph of its own does not
        return sentence.heads
    return text[before.end : before.end + 1] not in ("；", ";")
