"""Conditions and stock phrases in the words of a task."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.assemble.wording import conditions, is_boilerplate
from pipeline.rules import rules

RULES = rules("wording")


def fires(rule: dict[str, Any], text: str) -> bool:
    if rule["gives"] == "boilerplate":
        return is_boilerplate(text)
    return rule["id"] in conditions(text)[1]


@pytest.mark.parametrize(("rule", "text"), [(r, e) for r in RULES for e in r["examples"]], ids=lambda v: str(v)[:40])
def test_examples(rule: dict[str, Any], text: str) -> None:
    assert fires(rule, text)


@pytest.mark.parametrize(
    ("rule", "text"), [(r, e) for r in RULES for e in r["counter_examples"]], ids=lambda v: str(v)[:40]
)
def test_counter_examples(rule: dict[str, Any], text: str) -> None:
    assert not fires(rule, text)


@pytest.mark.parametrize(
    ("action", "expected", "why"),
    [
        ("对拒不改正的，依法查处", "对拒不改正的", "the persons a rule is for"),
        ("对达标的企业给予补助，对未达标的，限期整改", "对达标的企业；对未达标的", "several, in order"),
        ("除涉密事项外，全部网上办理", "除涉密事项外", "an exception"),
        ("建成泵站30座", None, "none"),
        ("按照分级负责的要求，建立台账", None, "a way of doing is no condition"),
    ],
)
def test_conditions(action: str, expected: str | None, why: str) -> None:
    assert conditions(action)[0] == expected, why
