"""Times hold on any text: no error, spans in place and in order, time linear in the text."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.find.times import scan_times
from pipeline.rules import rules

PIECES = [
    "2024",
    "2025年",
    "13月",
    "6月",
    "2月30日",
    "底前",
    "至",
    "、",
    "—",
    "每年",
    "每季度末",
    "每",
    "半年",
    "上半年",
    "自",
    "起",
    "印发之日起",
    "30日内",
    "个工作日内",
    "有效期",
    "5年",
    "施行",
    "“十四五”",
    "期间",
    "十五五",
    "年度",
    "年底前",
    "春节前",
    "次年",
    "二〇二五年",
    "分别",
    "10、20",
    "，",
    "。",
    "；",
    "（",
    "）",
    "《",
    "》",
    "的",
    "一",
    "两周一调度",
    "９",
    "前",
    "月",
    "即日起",
    "第四季度",
    "\n",
]

texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join)
bases = st.none() | st.dates()


@given(texts, bases, st.none() | st.integers(0, 10000))
@settings(max_examples=300, deadline=None)
def test_any_text(text: str, base: date | None, year: int | None) -> None:
    known = {r["id"] for r in rules("times")}
    last = 0
    for t in scan_times(text, base, year):
        assert 0 <= t.start < t.end <= len(text) and text[t.start : t.end] == t.printed
        assert t.start >= last or t.group is not None
        assert t.rule in known and (not t.use_rule or t.use_rule in known)
        if t.starts_on and t.due_on and t.basis == "span":
            assert t.starts_on <= t.due_on
        last = t.start


@given(texts, st.dates())
@settings(max_examples=50, deadline=None)
def test_repeats(text: str, base: date) -> None:
    assert scan_times(text, base) == scan_times(text, base)


SHAPES = [
    "一",
    "1",
    "1、",
    "6月、",
    "2024年",
    "2024、",
    "《",
    "“",
    "每",
    "自印",
    "自从",
    "2024—",
    "十五",
    "二〇",
    "每年5月至",
    "后30日内",
    "有效期5年，",
    "自发布之日起施行，",
    "（2024年",
    "2024年的",
    "较2020年",
    " ",
    "\n",
]


@pytest.mark.parametrize("shape", SHAPES)
def test_linear(shape: str) -> None:
    text = (shape * 100_000)[:100_000]
    start = time.process_time()
    scan_times(text, date(2024, 3, 15))
    assert time.process_time() - start < 5
