"""What a number is for: goal, limit, money, condition or fact (rules/kinds.toml)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pipeline.model import Quantity
from pipeline.rules import rules

_SUFFIX = re.compile(r"(?:以上|以下|以内|之内|左右|上下)$")


@dataclass(frozen=True, slots=True)
class Context:
    """A quantity with what stands around it in its clause.

    `before` ends where number and comparator begin, `after` begins behind them,
    `cue` is the comparator before the number.
    """

    quantity: Quantity
    before: str
    cue: str
    suffix: str
    after: str
    inside: str
    sentence: str
    dated: bool


Test = Callable[[Context], bool]


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    kind: str
    tests: tuple[Test, ...]

    def fits(self, context: Context) -> bool:
        return all(test(context) for test in self.tests)


def _search(pattern: str, pick: Callable[[Context], str], wanted: bool) -> Test:
    search = re.compile(pattern).search
    return lambda c: (search(pick(c)) is not None) is wanted


_PICKS: dict[str, Callable[[Context], str]] = {
    "printed": lambda c: c.quantity.printed,
    "before": lambda c: c.before,
    "before_cue": lambda c: c.cue,
    "whole": lambda c: c.before + c.cue,
    "after": lambda c: c.after,
    "inside": lambda c: c.inside,
    "sentence": lambda c: c.sentence,
}


def _member(values: list[str], pick: Callable[[Context], str | None], wanted: bool = True) -> Test:
    allowed = frozenset(values)
    return lambda c: (pick(c) in allowed) is wanted


def _test(key: str, value: object) -> Test | None:
    if key == "dated":
        return lambda c: c.dated is value
    if key == "suffix_op":
        return lambda c: (_SUFFIX.search(c.suffix) is not None) is value
    if key == "op" and isinstance(value, list):
        return _member(value, lambda c: c.quantity.op)
    if key == "unit" and isinstance(value, list):
        return _member(value, lambda c: c.quantity.unit)
    if key in ("dimension", "not_dimension") and isinstance(value, list):
        return _member(value, lambda c: c.quantity.dimension, key == "dimension")
    name = key.removeprefix("not_")
    if name in _PICKS and isinstance(value, str):
        return _search(value, _PICKS[name], not key.startswith("not_"))
    return None


#: cheap tests first: most rules fall at the dimension
_ORDER = ("dated", "dimension", "not_dimension", "op", "unit", "suffix_op")


@cache
def _rules() -> tuple[_Rule, ...]:
    out = []
    for r in rules("kinds"):
        keys = sorted(r, key=lambda k: _ORDER.index(k) if k in _ORDER else len(_ORDER))
        tests = [t for k in keys if (t := _test(k, r[k])) is not None]
        out.append(_Rule(r["id"], r["kind"], tuple(tests)))
    return tuple(out)


def kind_of(context: Context) -> tuple[str, str]:
    """(kind, id of the rule that decided)."""
    rule = next(r for r in _rules() if r.fits(context))  # the last rule fits everything
    return rule.kind, rule.id
