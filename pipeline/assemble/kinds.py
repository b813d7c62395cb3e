"""What a number is for: goal, limit, money, condition or fact (rules/kinds.toml)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from pipeline.assemble.words import LABEL, listed
from pipeline.model import Quantity
from pipeline.rules import rules

_SUFFIX = re.compile(r"(?:以上|以下|以内|之内|左右|上下)$")
_ADVERBS = 4


class Context(NamedTuple):
    """A quantity with what stands around it in its clause, its sentence and its measure.

    `before` ends where number and comparator begin, `after` begins behind them, `cue` is
    the comparator before the number. `lead` and `ahead` reach to the ends of the sentence.
    """

    quantity: Quantity
    before: str
    cue: str
    suffix: str
    after: str
    inside: str
    sentence: str
    dated: bool
    lead: str = ""
    ahead: str = ""
    under: str = ""  # title of the measure and headings above it, one a line, without labels
    previous: str = ""  # kind of the number before it in the sentence


Test = Callable[[Context], bool]
Search = tuple[Callable[[str], object], int, bool]  # of a pattern, in which of the texts, whether it must find

#: The texts that patterns are searched in: `texts_of` in this order, by their keys in rules.
_TEXTS = ("before", "before_cue", "after", "inside", "sentence", "lead", "ahead", "under", "printed", "whole", "needs")
#: the same text for many numbers: searched once
_LASTING = frozenset({"under"})


def _texts_of(c: Context) -> tuple[str, ...]:
    surroundings = (c.before, c.cue, c.after, c.inside, c.sentence, c.lead, c.ahead, c.under)
    return *surroundings, c.quantity.printed, c.before + c.cue, c.sentence


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    kind: str
    tests: tuple[Test, ...]
    searches: tuple[Search, ...]

    def fits(self, context: Context, texts: Sequence[str] = ()) -> bool:
        texts = texts or _texts_of(context)
        for test in self.tests:  # a generator takes twice the time
            if not test(context):
                return False
        for search, at, wanted in self.searches:  # noqa: SIM110
            if (search(texts[at]) is None) is wanted:
                return False
        return True


def _search(key: str, pattern: str) -> Search:
    name = key.removeprefix("not_")
    search: Callable[[str], object] = re.compile(pattern).search
    return lru_cache(maxsize=64)(search) if name in _LASTING else search, _TEXTS.index(name), name == key


def _member(values: list[str], pick: Callable[[Context], str | None]) -> Test:
    allowed = frozenset(values)
    return lambda c: pick(c) in allowed


def _test(key: str, value: Any) -> Test | None:
    if key == "dated":
        return lambda c: c.dated is value
    if key == "suffix_op":
        return lambda c: (_SUFFIX.search(c.suffix) is not None) is value
    if key == "creates":
        return lambda c: _creates(c.before) is value
    if key == "previous":
        return lambda c: c.previous == value
    if key == "op":
        return _member(value, lambda c: c.quantity.op)
    if key == "unit":
        return _member(value, lambda c: c.quantity.unit)
    if key in ("dimension", "not_dimension"):
        wanted, among = key == "dimension", frozenset(value)
        return lambda c: (c.quantity.dimension in among) is wanted
    return None


def _creates(before: str) -> bool:
    """Whether a clause makes or picks what it counts: its verb is no verb of dealing with what exists."""
    verbs, making = listed("actions", "verbs"), listed("kinds", "making")
    adverbs, applied = listed("actions", "adverbs"), listed("kinds", "applied")
    if making.ending(before) or (verbs.ending(before) > 1 and not applied.ending(before)):
        return True
    at = len(label.group()) if (label := LABEL.match(before)) else 0
    for _ in range(_ADVERBS + 1):
        if making.at(before, at) or verbs.at(before, at):
            return not applied.at(before, at)
        n = adverbs.at(before, at)
        if not n:
            return False
        at += n
    return False


#: cheap tests first: most rules fall at the dimension
_ORDER = ("dimension", "not_dimension", "dated", "op", "unit", "previous", "under", "suffix_op", "before_cue", "needs")


def _rule(r: dict[str, Any], without: frozenset[str] = frozenset()) -> _Rule:
    keys = sorted(r.keys() - without, key=lambda k: (_ORDER.index(k) if k in _ORDER else len(_ORDER), k))
    tests = tuple(t for k in keys if (t := _test(k, r[k])) is not None)
    return _Rule(r["id"], r["kind"], tests, tuple(_search(k, r[k]) for k in keys if k.removeprefix("not_") in _TEXTS))


_DIMENSIONS = frozenset({"dimension", "not_dimension"})


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(_rule(r) for r in rules("kinds"))


@cache
def _rules_for(dimension: str | None) -> tuple[_Rule, ...]:
    """The rules that a number of this dimension may meet, in order."""
    return tuple(
        _rule(r, _DIMENSIONS)
        for r in rules("kinds")
        if dimension in r.get("dimension", [dimension]) and dimension not in r.get("not_dimension", [])
    )


def kind_of(context: Context) -> tuple[str, str]:
    """(kind, id of the rule that decided)."""
    texts = _texts_of(context)
    for rule in _rules_for(context.quantity.dimension):  # the last one fits everything
        if rule.fits(context, texts):
            break
    return rule.kind, rule.id
