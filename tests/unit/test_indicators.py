"""What a number counts: the rules of indicators.toml, and the words around them."""

from __future__ import annotations

import pytest

from pipeline.rules import rules
from tests.marked import seen

EXAMPLES = [(r["id"], *e) for r in rules("indicators") for e in r["examples"]]
COUNTERS = [(r["id"], e) for r in rules("indicators") for e in r["counter_examples"]]


@pytest.mark.parametrize(("rule", "marked", "name"), EXAMPLES)
def test_a_rule_names_its_examples(rule: str, marked: str, name: str) -> None:
    target = seen(marked)[0].target
    assert (target.indicator, dict(target.rules)["indicator"]) == (name, rule)


@pytest.mark.parametrize(("rule", "marked"), COUNTERS)
def test_a_rule_leaves_its_counter_examples(rule: str, marked: str) -> None:
    assert dict(seen(marked)[0].target.rules)["indicator"] != rule
