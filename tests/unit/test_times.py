"""Times: every rule by its own examples, and one table of (text, expected, reason)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline.find.times import find_times, scan_times
from pipeline.resolve import calendar, dates
from pipeline.rules import load, rules

BASE = date(2024, 3, 15)
RULES = rules("times")
FORMS = {r["id"] for r in RULES if "use" not in r}


def _fired(text: str, rule: str, base: date = BASE) -> list[Any]:
    return [t for t in scan_times(text, base) if rule in (t.rule, t.use_rule)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    "rule,example", [(r, e) for r in RULES for e in r["examples"]], ids=lambda v: str(v.get("text", v.get("id")))
)
def test_rule_examples(rule: dict[str, Any], example: dict[str, Any]) -> None:
    found = _fired(example["text"], rule["id"], example.get("base", load("times")["base"]))
    if example.get("use") == "validity" and not found:  # an effect and its length become one time
        found = scan_times(example["text"], BASE)
    assert found, rule["note"]
    if "due" in example:
        assert [str(t.due_on) for t in found] == _list(example["due"])
    if "start" in example:
        assert str(found[0].starts_on) == example["start"]
    if "recurrence" in example:
        assert [t.recurrence for t in found] == _list(example["recurrence"])
    if rule["id"] in FORMS:
        assert {t.use for t in found} == {example.get("use", "bound")}
    else:
        assert {t.use for t in found} == {rule["use"]}


@pytest.mark.parametrize("rule,text", [(r, t) for r in RULES for t in r["counter_examples"]], ids=str)
def test_rule_counter_examples(rule: dict[str, Any], text: str) -> None:
    assert not _fired(text, rule["id"])


def test_rules_are_told() -> None:
    for r in RULES:
        assert r["id"].startswith("times.") and r["note"].endswith(".") and r["examples"]


# (text, [(start, due, recurrence)], reason)
TABLE: list[tuple[str, list[tuple[str | None, str | None, str | None]], str]] = [
    ("力争用三年时间全部完成改造", [(None, "2027-03-15", None)], "years from the document on"),
    ("未来两年，新建泵站30座", [("2024-03-15", "2026-03-15", None)], "years ahead are a span"),
    ("今后五年是重要窗口期", [], "a statement on the years ahead"),
    ("经过五年努力，水质已明显改善", [], "what years have brought"),
    ("5月起至年底集中整治", [("2024-05-01", "2024-12-31", None)], "up to the end of the year"),
    ("从现在起至6月底开展排查", [("2024-03-15", "2024-06-30", None)], "from now on"),
    ("4月30日（含）前报送", [(None, "2024-04-30", None)], "the day itself, in brackets"),
    ("4月30日17:00前报送", [(None, "2024-04-30", None)], "an hour"),
    ("4月30日下午5点前报送", [(None, "2024-04-30", None)], "an hour in words"),
    ("2024年采暖季前，完成管网改造", [(None, None, None)], "a season without a day: not the end of the year"),
    ("年中开展评估", [(None, "2024-06-30", None)], "the middle of the year"),
    ("每半月通报一次", [(None, None, "biweekly")], "half a month"),
    ("下个月10日前报送", [(None, "2024-04-10", None)], "next month"),
    (
        "2024年8月底前组织自查，12月底前完成排查",
        [(None, "2024-08-31", None), (None, "2024-12-31", None)],
        "year of the sentence",
    ),
    (
        "2025年3月底前报方案，6月底前开工",
        [(None, "2025-03-31", None), (None, "2025-06-30", None)],
        "year of the sentence, not of the base",
    ),
    (
        "2025年3月底前报方案。6月底前开工",
        [(None, "2025-03-31", None), (None, "2025-06-30", None)],
        "a schedule goes on over 。",
    ),
    (
        "到2027年建成三座。年底前开工",
        [(None, "2027-12-31", None), (None, "2024-12-31", None)],
        "a target year does not",
    ),
    ("较2020年提高，年底前完成", [(None, "2024-12-31", None)], "a baseline gives no year"),
    ("2024年三、四季度检查", [(None, "2024-09-30", None), (None, "2024-12-31", None)], "list of quarters"),
    ("截至2025年12月31日", [(None, "2025-12-31", None)], "截至 and a day to come"),
    (
        "每年5月底前检查，7月底前检测",
        [(None, "2024-05-31", "yearly"), (None, "2024-07-31", "yearly")],
        "every year carries on",
    ),
    ("2026年起，每年2月底前完成", [("2026-01-01", None, None), (None, "2026-02-28", "yearly")], "the first after 起"),
    ("每年11月至次年3月供暖", [("2023-11-01", "2024-03-31", "yearly")], "over the new year"),
    ("每月5日前报送", [(None, "2024-04-05", "monthly")], "the next 5th"),
    ("每季度末月25日前报送", [(None, "2024-03-25", "quarterly")], "last month of the quarter"),
    ("每年春节前慰问", [(None, "2025-01-28", "yearly")], "lunar festival to come"),
    ("每两周调度一次", [(None, None, "biweekly")], "two weeks"),
    (
        "2024—2026年分别新增1家、2家、3家",
        [(None, f"{y}-12-31", None) for y in (2024, 2025, 2026)],
        "分别 with as many values",
    ),
    ("2024—2026年新增3家", [("2024-01-01", "2026-12-31", None)], "a span"),
    ("2024、\n2025年均达到95%", [(None, "2024-12-31", None), (None, "2025-12-31", None)], "a page broke the list"),
    ("自本通知印发之日起三十日内", [(None, "2024-04-14", None)], "Chinese numerals"),
    ("印发后半年内", [(None, "2024-09-15", None)], "half a year"),
    ("自收到申请之日起5个工作日内办结", [(None, None, None)], "an event that has no date"),
    ("在方案印发后两个月内", [(None, "2024-05-15", None)], "the document itself"),
    ("本办法自2024年6月1日起施行，有效期至2029年5月31日", [("2024-06-01", "2029-05-31", None)], "effect and end"),
    ("自发布之日起试行，试行期限一年", [("2024-03-15", "2025-03-14", None)], "trial"),
    ("自2024年1月1日起执行", [("2024-01-01", None, None)], "effect without end"),
    ("从2025年起逐步推广", [("2025-01-01", None, None)], "since"),
    ("２０２５年１２月底前", [(None, "2025-12-31", None)], "full-width digits"),
    ("2025 年 12 月 31 日前", [(None, "2025-12-31", None)], "spaced digits"),
    ("12月31日24时前上报", [(None, "2024-12-31", None)], "hour of the day"),
    ("2025年13月、2月30日前、0月", [], "impossible dates"),
    ("保存3年以上，连续3年，近三年，三年行动计划", [], "lengths are quantities"),
    ("5年内不得申报，毕业2年内的学生", [], "rules and conditions"),
    ("3—5年内预留用地", [], "a range of lengths"),
    ("单个企业每年最高100万元，每户每月200元", [], "counted per year"),
    ("比上年增长5%，去年新增3家", [], "last year"),
    ("2023年全市共完成12家", [], "told of the past"),
    ("2024年1月，全市召开动员会", [], "told of this year's past"),
    ("2019年1月1日前建成的小区", [], "a condition"),
    ("对2025年之后完成的，不予补助", [], "after"),
    ("开展2024年春风行动", [], "a name"),
    ("国发〔2024〕5号，2024年第5号", [], "numbers of documents"),
    ("年度考核、各年度、逐年递增、近期、定期、长期", [], "no time is bound"),
    ("2024—2025年度目标详见附件1", [], "a pointer"),
    ("完成“十四五”任务", [], "a plan's name"),
    ("十个月，6个月，6月龄", [], "lengths and ages"),
]


@pytest.mark.parametrize("text,expected,reason", TABLE, ids=[r for _, _, r in TABLE])
def test_find(text: str, expected: list[Any], reason: str) -> None:
    found = [
        (t.starts_on and str(t.starts_on), t.due_on and str(t.due_on), t.recurrence) for t in find_times(text, BASE)
    ]
    assert found == expected, reason


# (text, base, due, reason)
BASES = [
    ("3月底前完成", date(2024, 12, 20), "2025-03-31", "a month long past is next year's"),
    ("7月底前完成", date(2024, 8, 7), "2024-07-31", "a month just past is this year's"),
    ("年底前完成", date(2026, 1, 5), "2026-12-31", "year of the base"),
    ("国庆节前", date(2024, 11, 1), "2025-09-30", "the next festival"),
    ("印发后1个月内", date(2024, 1, 31), "2024-02-29", "a month cut to its length"),
    ("自发布之日起3个工作日内", date(2024, 9, 30), "2024-10-10", "over a holiday"),
]


@pytest.mark.parametrize("text,base,due,reason", BASES, ids=[b[3] for b in BASES])
def test_base(text: str, base: date, due: str, reason: str) -> None:
    assert [str(t.due_on) for t in find_times(text, base)] == [due], reason


def test_across_the_end_of_the_year() -> None:
    found = find_times("2024年12月20日前完成自查，1月10日前报送总结", date(2024, 11, 8))
    assert [t.due_on for t in found] == [date(2024, 12, 20), date(2025, 1, 10)]


def test_without_base() -> None:
    assert [t.due_on for t in find_times("年底前完成")] == [None]
    assert [t.due_on for t in scan_times("年底前完成", None, year=2025)] == [date(2025, 12, 31)]
    assert [t.due_on for t in find_times("2025年6月底前完成，9月底前验收")] == [date(2025, 6, 30), date(2025, 9, 30)]


def test_permission_keeps_its_due() -> None:
    (t,) = find_times("2025年9月底前可采用国六车辆", BASE)
    assert (t.use, t.due_on, t.use_rule) == ("permission", date(2025, 9, 30), "times.use_permission")


def test_basis_and_printed() -> None:
    text = "到2025年底达到九成，“十四五”期间新建两座，6月底前开工，2024年至2026年改造"
    found = find_times(text, BASE)
    assert [t.printed for t in found] == ["到2025年底", "“十四五”期间", "6月底前", "2024年至2026年"]
    assert [t.basis for t in found] == ["explicit", "plan_period", "year_inferred", "span"]


def test_lists_share_a_group() -> None:
    groups = [t.group for t in find_times("2024、2025年新建，2026年、2027年改造，2028年验收", BASE)]
    assert groups[0] == groups[1] and groups[2] == groups[3] and groups[0] != groups[2] and groups[4] is None


def test_festivals_and_plans() -> None:
    assert calendar.festival("春节", 2025) == date(2025, 1, 29)
    assert calendar.festival("春节", 1900) is None and calendar.festival("泼水", 2024) is None
    assert [calendar.festival(n, 2024) for n in ("清明", "端午", "中秋", "国庆", "元宵")] == [
        date(2024, 4, 4), date(2024, 6, 10), date(2024, 9, 17), date(2024, 10, 1), date(2024, 2, 24),
    ]  # fmt: skip
    assert [calendar.plan_period(n) for n in (0, 1, 3, 13, 14, 15)] == [
        None, (1953, 1957), (1966, 1970), (2016, 2020), (2021, 2025), (2026, 2030),
    ]  # fmt: skip


def test_workdays() -> None:
    assert calendar.add_workdays(BASE, 20) == (date(2024, 4, 15), True)
    assert calendar.add_workdays(date(2090, 1, 2), 1) == (date(2090, 1, 3), False)
    assert calendar.add_workdays(date(9999, 12, 30), 9)[0] == date.max


@pytest.mark.parametrize(
    "text,value",
    [
        ("12", 12),
        ("１２", 12),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("三十一", 31),
        ("二〇二五", 2025),
        ("两", 2),
        ("甲", None),
        ("", None),
    ],
)
def test_number(text: str, value: int | None) -> None:
    assert dates.number(text) == value


def test_shift_stays_in_the_calendar() -> None:
    assert dates.shift(date(2024, 2, 29), years=1) == date(2025, 2, 28)
    assert dates.shift(date(9999, 1, 1), years=1) is None
