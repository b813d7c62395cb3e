"""What holds for quantities of any text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.find.quantities import find_quantities
from pipeline.resolve.units import unit_of

PIECES = st.sampled_from(
    [
        *"0123456789０９.．,、，。；：:∶/／·-—～~至到和或及第每半一二两三十百千万亿成倍折番翻减",
        *"%％‰元亩家个年月日内外余多来（）()“”《》\n X",
        "不超过",
        "至少",
        "以上",
        "以下",
        "左右",
        "毫克/立方米",
        "百分之",
        "分之",
        "个百分点",
        "千瓦时",
        "（含",
        "最高",
        "PM2.5",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=40).map("".join))


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_spans_are_grounded(text: str) -> None:
    last = 0
    for q in find_quantities(text):
        assert last <= q.start < q.end <= len(text)
        assert 0 <= q.cue_start <= q.start
        assert q.end <= q.cue_end <= len(text)
        assert text[q.start : q.end] == q.printed
        assert 0 <= q.low <= q.high < 10**18
        assert "E" not in f"{q.low}{q.high}"
        assert (q.op == "range") == (q.low != q.high)
        assert q.unit
        assert q.rule.startswith("quantities.")
        last = q.end


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_same_answer_twice(text: str) -> None:
    assert find_quantities(text) == find_quantities(text)


@given(st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_units_never_raise(text: str) -> None:
    unit = unit_of(text)
    assert unit is None or unit.factor >= 1


HARD = [
    "1",
    "1,",
    "1,234,",
    "1、",
    "1.",
    "万",
    "一",
    "十",
    "1/",
    "1-",
    "1:",
    "半",
    "(",
    "“",
    "《",
    "不",
    "最高",
    "以上",
    "1个、",
    "1个至",
    "元/",
    "1元/",
    "1元/元",
    "百分之",
    "3（",
    "1%（含",
    " ",
    "1 ",
    "翻",
    "1万",
    "一、",
    "不超过总额的",
    "A1",
]


@pytest.mark.parametrize("piece", HARD)
def test_linear_on_hard_shapes(piece: str) -> None:
    """100,000 characters in proportion to 10,000: quadratic code would take a hundred times as long."""
    find_quantities("预热10家")
    short, long = (piece * (n // len(piece)) for n in (10_000, 100_000))
    began = time.process_time()
    find_quantities(short)
    middle = time.process_time()
    find_quantities(long)
    assert time.process_time() - middle < 40 * (middle - began) + 0.5
