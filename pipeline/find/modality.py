"""How binding a clause is: cues that are whole words by jieba."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from pipeline.find.segmenter import segmenter
from pipeline.rules import rules

IMPERATIVE = "modality.imperative"


class Cue(NamedTuple):
    """A word of modality; `text[start:end]`."""

    start: int
    end: int
    rule: str


@cache
def _by_id() -> dict[str, str]:
    return {r["id"]: r["modality"] for r in rules("modality")}


@cache
def _guards() -> dict[str, tuple[re.Pattern[str] | None, re.Pattern[str] | None]]:
    """For each rule what must not stand right before and right after its cues."""

    def guard(rule: dict[str, Any], key: str, form: str) -> re.Pattern[str] | None:
        return re.compile(form.format(rule[key])) if key in rule else None

    return {r["id"]: (guard(r, "not_before", "(?:{})$"), guard(r, "not_after", "(?:{})")) for r in rules("modality")}


def _stands(text: str, start: int, end: int, rule: str) -> bool:
    """Whether a cue is one in its place: 支持 in 资金支持 is a noun."""
    before, after = _guards()[rule]
    if before and before.search(text[max(0, start - 4) : start]):
        return False
    return not (after and after.match(text, end))


def modality_of(rule: str) -> str:
    """The value of the column `modality` that a rule gives."""
    return _by_id()[rule]


_FIRST = ("modality.forbid", "modality.in_principle", "modality.strive")


def strongest(cues: Sequence[Cue]) -> str:
    """The rule that decides among the cues of a clause, which ascend."""
    if not cues:
        return IMPERATIVE
    found = {c.rule for c in cues}
    for rule in _FIRST:
        if rule in found:
            return rule
    return cues[0].rule


def user_words() -> Iterable[tuple[str, int, str]]:
    """Cues of two and more characters as words for jieba's dictionary."""
    return ((c, 2000, "d") for r in rules("modality") for c in r["cues"] if len(c) > 1)


@cache
def _rules_of() -> dict[str, str]:
    """Cue -> its rule; a cue is of one rule alone."""
    return {cue: r["id"] for r in rules("modality") for cue in r["cues"]}


_MARK = re.compile("[，。\n]")  # jieba cuts no word across a mark


@cache
def _any_cue() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _rules_of()), key=len, reverse=True)))


def find_cues(text: str, at: int = 0) -> list[Cue]:
    """The words of modality of a text, as whole words by jieba; offsets are counted from `at`."""
    cut, rule_of = segmenter()[1], _rules_of()
    cues: list[Cue] = []
    done = 0
    for hit in _any_cue().finditer(text):  # most stretches have none, and need not be cut
        if hit.start() < done:
            continue
        end = max(done, 1 + max(text.rfind(mark, done, hit.start()) for mark in "，。\n"))
        mark = _MARK.search(text, hit.end())
        done = mark.start() if mark else len(text)
        for word in cut(text[end:done]):
            start, end = end, end + len(word)
            rule = rule_of.get(word)
            if rule and _stands(text, start, end, rule):
                cues.append(Cue(start + at, end + at, rule))
    return cues
