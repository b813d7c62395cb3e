"""Omission accounting on the records of a bulletin."""

from __future__ import annotations

from pipeline import parse
from pipeline.assemble.coverage import acts, coverage

HEAD = "云海市人民政府关于加强河道整治的通知\n云海政〔2031〕3号\n各区人民政府：\n"
BODY = "一、重点任务\n2031年底前完成清淤30公里。建立台账。\n（市水利局负责）\n二、发展基础\n2030年建成泵站12座。\n"


def test_counts() -> None:
    found = coverage(parse((HEAD + BODY).encode(), name="n.txt").records)
    assert (found.cued, found.tasked) == (2, 1), "建立台账 has a verb and nothing beside it; a bracket is no sentence"
    assert found.missed == {"action.retrospect": 1}
    assert 0 < found.chars_tasked < found.chars
    assert found.share == 0.5 and found.residuals["action.retrospect"] == 1


def test_nothing_to_count() -> None:
    found = coverage({})
    assert (found.share, found.share_chars) == (1.0, 1.0)


def test_acts() -> None:
    assert acts("完成清淤30公里")
    assert not acts("（市水利局牵头）")
