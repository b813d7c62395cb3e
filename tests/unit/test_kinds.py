"""What a number is for: every rule decides its examples and leaves its counter-examples."""

from __future__ import annotations

import pytest

from pipeline.assemble.kinds import _rules
from pipeline.rules import rules
from tests.marked import seen

EXAMPLES = [(r["id"], e) for r in rules("kinds") for e in r["examples"]]
COUNTERS = [(r["id"], e) for r in rules("kinds") for e in r["counter_examples"]]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_rule_decides_its_examples(rule: str, example: str) -> None:
    for number in seen(example):
        assert dict(number.target.rules)["kind"] == rule


@pytest.mark.parametrize(("rule", "example"), COUNTERS)
def test_a_rule_leaves_its_counter_examples(rule: str, example: str) -> None:
    tests = next(r for r in _rules() if r.id == rule)
    for number in seen(example):
        assert not tests.fits(number.context)


@pytest.mark.parametrize(
    ("text", "kinds", "why"),
    [
        ("对年内零售额超⟦80万元⟧的网店，给予使用费⟦50%⟧的补贴，最高⟦3万元⟧。", "condition money money", "if and then"),
        ("培育⟦30家⟧以上年营收超⟦千万元⟧、有成长性的工作室", "goal condition", "what each must take in is no goal"),
        ("整治连片⟦20亩⟧以上老旧鱼塘⟦3万亩⟧。", "condition goal", "the size of each, then the count"),
        ("新建冷库⟦200座⟧，产地市场⟦15个⟧，其中乡镇交易点⟦5个⟧。", "goal goal goal", "an enumeration has one verb"),
        ("现状 / 冷库⟦200座⟧，2023年新建产地市场⟦15个⟧。", "fact fact", "a retrospect states facts, dated or not"),
        ("为农户提供最高⟦20万元⟧、最长⟦2年⟧的信用贷款。", "money limit", "amount and length of a benefit"),
        ("逾期的，按租金标准的⟦2倍⟧收取，⟦3年⟧内不得再次申请。", "money limit", "what is charged, what is denied"),
        ("全年开放⟦200天⟧以上、藏书⟦5000册⟧以上的，予以表扬。", "condition condition", "both thresholds"),
        ("2026年建成⟦百家⟧书屋，培育⟦千名⟧领读人。", "goal goal", "round numbers after verbs of reaching"),
    ],
)
def test_kinds_in_their_sentences(text: str, kinds: str, why: str) -> None:
    assert [n.target.kind for n in seen(text)] == kinds.split(), why
