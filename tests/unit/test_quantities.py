"""Quantities: every rule's own examples, and sentences written for the cases between the rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pipeline import parse
from pipeline.find.numbers import value_of
from pipeline.find.quantities import find_quantities
from pipeline.rules import rules


def found(text: str) -> list[tuple[str, str, str]]:
    """(op, value or low..high, unit) of each quantity."""
    return [(q.op, f"{q.low}" if q.low == q.high else f"{q.low}..{q.high}", q.unit) for q in find_quantities(text)]


CASES = [
    ("造林4.05万亩、抚育３万亩", [("=", "40500", "亩"), ("=", "30000", "亩")], "multiplier, full width"),
    ("产值3,500.5万元", [("=", "35005000", "元")], "thousands separator"),
    ("一亿二千万元", [("=", "120000000", "元")], "Chinese sections"),
    ("平均降尘不高于7吨/月·平方公里", [("<=", "7", "吨/月·平方公里")], "compound unit"),
    ("能耗0.5吨标准煤/万元", [("=", "0.5", "吨标准煤/万元")], "multiplier in the denominator"),
    ("住房不少于1000套（次）", [(">=", "1000", "套（次）")], "second measure word"),
    ("分别不高于10、35、50毫克/立方米", [("<=", v, "毫克/立方米") for v in ("10", "35", "50")], "list of one unit"),
    ("比例达到63.9%、234天以上", [(">=", "63.9", "%"), (">=", "234", "天")], "以上 holds for both"),
    ("三市分别达20%、30%、40%左右", [("~", v, "%") for v in ("20", "30", "40")], "左右 holds for all"),
    ("达到90%以上，县城达到70%", [(">=", "90", "%"), ("=", "70", "%")], "not over a clause"),
    ("最高不超过25万元、10万元补助", [("<=", "250000", "元"), ("<=", "100000", "元")], "carried forward"),
    ("最高500万元（甲类）、200万元（乙类）", [("<=", "5000000", "元"), ("<=", "2000000", "元")], "over brackets"),
    ("经营6、18个月以上", [(">=", "6", "个月"), (">=", "18", "个月")], "以上 holds for every member"),
    ("高于平均水平1个和0.5个百分点", [("=", "1", "百分点"), ("=", "0.5", "百分点")], "个 of a longer unit"),
    ("培育3-5家，补助10—20万元", [("range", "3..5", "家"), ("range", "100000..200000", "元")], "ranges"),
    ("限额1.5倍至3倍以内", [("range", "1.5..3", "倍")], "range with two units"),
    ("从5个增加到10个", [("=", "5", "个"), ("=", "10", "个")], "a change is no range"),
    ("由10%到20%", [("=", "10", "%"), ("=", "20", "%")], "从/由 … 到 is a change"),
    ("处一万元以上十万元以下罚款", [(">=", "10000", "元"), ("<=", "100000", "元")], "two bounds"),
    ("超过50人（含50人）", [(">=", "50", "人")], "the bound repeated in brackets"),
    ("50人以上（不含）的单位", [(">", "50", "人")], "the bound excluded"),
    ("13个工作日内（不含公示时间）办结", [("<=", "13", "个工作日")], "something else excluded"),
    ("至少保留1年，最高给予50万元", [(">=", "1", "年"), ("<=", "500000", "元")], "comparator before a verb"),
    ("不超过上年度投资总额的30%", [("<=", "30", "%")], "comparator before the whole"),
    ("不得低于1.2倍、不突破3亿吨", [(">=", "1.2", "倍"), ("<=", "300000000", "吨")], "不得, 不 negate"),
    ("节约12吨，约12吨", [("=", "12", "吨"), ("~", "12", "吨")], "节约 is not 约"),
    ("20多万人、近百家、10余处", [("~", "200000", "人"), ("~", "100", "家"), ("~", "10", "处")], "approximate"),
    ("数十家、几百户", [], "no number at all"),
    ("50MW/100MWh、5 mg/m3", [("=", "50", "MW"), ("=", "100", "MWh"), ("=", "5", "mg/m3")], "Latin units"),
    ("5G、3D、4K、PM2.5、A4、1+3+N", [], "codes"),
    ("满分100分，9时30分开始", [("=", "100", "分")], "score, not minutes"),
    ("附件1人员、表2人员、第3批", [], "labels and ordinals"),
    ("1、5家企业\n2.3家企业", [("=", "5", "家"), ("=", "3", "家")], "labels at the start of a line"),
    ("每10万人拥有20人", [("=", "20", "人")], "base of a rate"),
    ("发现一起扣5万元", [("=", "50000", "元")], "base of a fine"),
    ("万元GDP能耗下降13%", [("=", "13", "%")], "万元 of a rate"),
    ("“六个百分之百”“15分钟生活圈”“双十”", [], "slogans"),
    ('推行"一网通办"和"5个1"机制', [], "straight quotation marks"),
    ("自公布之日起30日内，有效期5年，3年行动计划", [], "times and names"),
    ("毕业2年内、住院3天以上", [("<=", "2", "年"), (">=", "3", "天")], "spans that are conditions"),
    ("一体化、统一、进一步、一批、三个方面、五县", [], "enumerations"),
    ("每季度开展一次，一次性补助", [("=", "1", "次")], "frequency"),
    ("排名前三名、后15位", [("=", "3", "名"), ("=", "15", "位")], "places that cut off"),
    ("翻两番，三分之二以上，过六成。", [("=", "4", "倍"), (">=", "66.666667", "%"), ("=", "60", "%")], "relations"),
    ("按1:1:2分担，8:30开会，按1：1配套", [("=", "1", "比")], "ratio, chain, clock"),
    ("建成百个园区、百万吨乙烯、千亿级产业", [("=", "100", "个"), ("=", "1000000", "吨")], "round numbers"),
    ("一次性给予50万奖励元", [("=", "500000", "元")], "misprint"),
    ("《建设100个项目的方案》提出建设20个", [("=", "20", "个")], "title"),
    ("2024、2025年分别建成35、18家", [("=", "35", "家"), ("=", "18", "家")], "list of years is a time"),
    ("12345热线、010-12345678", [], "telephone"),
    ("高于全省平均2个百分点，高于去年的50%", [("=", "2", "百分点"), (">", "50", "%")], "difference and whole"),
    (
        "销售过百亿元，上千家企业，举办过3次",
        [(">", "10000000000", "元"), (">=", "1000", "家"), ("=", "3", "次")],
        "过, 上",
    ),
    ("新建3座、220千伏以上线路", [("=", "3", "座"), (">=", "220", "千伏")], "以上 of a noun is not carried back"),
    ("共3大类12小类56项，1+3个", [("=", "3", "大类"), ("=", "12", "小类"), ("=", "56", "项")], "classes, formula"),
    ("利率不超过LPR+50BP，风速＜3m/s", [("=", "50", "BP"), ("<", "3", "m/s")], "formula with a rate"),
    ("打造15分钟便民圈，合同期满3个月前", [], "name, time"),
    ("连续两年每年达标", [("=", "2", "年")], "每 after a span is no unit"),
    ("", [], "empty"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), CASES, ids=[c[2] for c in CASES])
def test_quantities(text: str, expected: list[tuple[str, str, str]], reason: str) -> None:
    assert found(text) == expected, reason


def rule_ids(text: str) -> set[str]:
    return {i for q in find_quantities(text) for i in (q.rule, *(r for _, r in q.rules))}


def declared() -> list[tuple[dict[str, Any], str, bool]]:
    return [
        (rule, text, kind == "examples")
        for subject in ("quantities", "comparators", "units")
        for rule in rules(subject)
        for kind in ("examples", "counter_examples")
        for text in rule[kind]
    ]


@pytest.mark.parametrize(
    ("rule", "text", "accepts"), declared(), ids=lambda v: v["id"] if isinstance(v, dict) else str(v)
)
def test_rule_examples(rule: dict[str, Any], text: str, accepts: bool) -> None:
    if rule.get("kind") == "exclude":
        assert (not find_quantities(text)) == accepts
    else:
        assert (rule["id"] in rule_ids(text)) == accepts


def test_rules_have_all_parts() -> None:
    for subject in ("quantities", "comparators", "units"):
        for rule in rules(subject):
            assert rule["id"].startswith(f"{subject}.")
            assert rule["note"] and rule["examples"] and rule["counter_examples"]


def test_offsets_and_cue() -> None:
    text = "覆盖率最高不超过85%（含）以上的"
    (q,) = find_quantities("新增造林约12万亩")
    assert (q.start, q.end, q.printed, q.low) == (5, 9, "12万亩", Decimal(120000))
    (q,) = find_quantities(text)
    assert text[q.cue_start : q.cue_end] == "最高不超过85%（含）以上"


def test_groups() -> None:
    qs = find_quantities("完成105、157个，培育10家、20家，另建5处")
    assert [q.group for q in qs] == [1, 1, 2, 2, None]


@pytest.mark.parametrize(
    ("printed", "multiplier", "expected"),
    [
        ("1,200", "", "1200"),
        ("４．５", "万", "45000"),
        ("十五", "", "15"),
        ("三万五千", "亿", "3500000000000"),
        ("二〇二五", "", "2025"),
        ("三十五点五", "", "35.5"),
        ("半", "", "0.5"),
        ("百", "", "100"),
        ("两千零五", "", "2005"),
        ("七八", "", None),
        ("十百", "", None),
        ("", "", None),
        ("9" * 40, "", None),
        ("9" * 15, "万亿", None),
        ("0.12345678", "", "0.123457"),
        ("0.1000", "", "0.1"),
        ("一点点", "", None),
    ],
)
def test_value_of(printed: str, multiplier: str, expected: str | None) -> None:
    value = value_of(printed, multiplier)
    assert (None if value is None else str(value)) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("新增产能1.5×10⁶吨", "1500000"),
        ("完成投资3.2×10⁴万元", "320000000"),
        ("菌落总数不超过10⁴个", "10000"),
        ("粒径小于10⁻⁶米", "0.000001"),
    ],
)
def test_powers_of_ten(text: str, value: str) -> None:
    assert [str(q.high) for q in find_quantities(text)] == [value]


def test_a_power_that_has_more_decimals_than_are_published_is_no_number() -> None:
    assert find_quantities("粒径10⁻⁹米") == []


def test_a_raised_figure_of_markdown_is_a_power() -> None:
    bulletin = parse("一、任务\n总数控制在10<sup>4</sup>个以内。\n".encode(), name="a.md")
    assert [str(r["high"]) for r in bulletin.records["targets"]] == ["10000"]
