"""The numbers of an issue as mastheads and titles of links print them."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline import parse
from pipeline.structure.masthead import Numbers, numbers

FORMS = [
    ("2025年第3期（总第57期）", Numbers(2025, 3, None, 57), "the usual form"),
    ("二○二五年第三期", Numbers(2025, 3), "Chinese figures, a circle for nought"),
    ("2025 年 第 3 期 （ 总第 57 期 ）", Numbers(2025, 3, None, 57), "blanks"),
    ("2025年第3、4期合刊（总第57、58期）", Numbers(2025, 3, 4, 57, 58), "two numbers, both counted twice"),
    ("2025年第3—4期（总第57期）", Numbers(2025, 3, 4, 57), "two numbers under one total number"),
    ("2025年第3期、第4期合刊", Numbers(2025, 3, 4), "each with its own sign"),
    ("2025年第3/4期", Numbers(2025, 3, 4), "a stroke"),
    ("2025年第十一至十二期", Numbers(2025, 11, 12), "a span in Chinese numerals"),
    ("2025年第4、3期", Numbers(2025, 4), "no span runs backwards"),
    ("2025年第3、99期", Numbers(2025, 3), "nor over more than a year"),
    ("第10号（总号：1874）", Numbers(None, 10, None, 1874), "no year; the total number as a label"),
    ("第3期\n（总第57期）", Numbers(None, 3, None, 57), "on two lines"),
    ("2025年第3期（累计第57期）", Numbers(2025, 3, None, 57), "another word for the total number"),
    ("云海市人民政府公报2025年第3期.pdf", Numbers(2025, 3), "the name of a file"),
    ("云海市人民政府公报2025年增刊", Numbers(), "an extra issue has no number"),
    ("云政发〔2025〕第3号", Numbers(), "the number of a document"),
    ("第276号", Numbers(), "that of an order"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), FORMS, ids=[f[2] for f in FORMS])
def test_numbers(text: str, expected: Numbers, reason: str) -> None:
    assert numbers(text) == expected


def test_a_combined_issue_has_both_numbers() -> None:
    head = "# 云海市人民政府公报\n\n2025年第3、4期合刊（总第57、58期）\n\n云海市人民政府\n\n2025年4月30日\n\n"
    body = "# 云海市人民政府关于做好防汛工作的通知\n\n云海政〔2025〕6号\n\n各区人民政府：\n\n一、6月底前检查水库5座。\n"
    row = parse((head + body).encode(), media_type="text/markdown").records["issues"][0]
    named = ("gazette", "year", "issue_no", "issue_no_last", "total_no", "total_no_last", "published_on")
    assert [row[name] for name in named] == ["云海市人民政府公报", 2025, 3, 4, 57, 58, date(2025, 4, 30)]
