"""What a number is relative to: form, each of what, baseline, milestones, how binding."""

from __future__ import annotations

import pytest

from pipeline import parse
from pipeline.rules import rules
from tests.marked import seen

EXAMPLES = [(r["id"], *e) for r in rules("algebra") for e in r["examples"]]
COUNTERS = [(r["id"], e) for r in rules("algebra") for e in r["counter_examples"]]
BASELINES = ("algebra.from", "algebra.since")


@pytest.mark.parametrize(("rule", "marked", "value"), EXAMPLES)
def test_a_rule_reads_its_examples(rule: str, marked: str, value: str) -> None:
    target = seen(marked)[0].target
    column = "baseline" if rule in BASELINES else "per"
    found = target.baseline.printed if rule in BASELINES and target.baseline else target.per
    assert (found, dict(target.rules)[column]) == (value, rule)


@pytest.mark.parametrize(("rule", "marked"), COUNTERS)
def test_a_rule_leaves_its_counter_examples(rule: str, marked: str) -> None:
    assert rule not in dict(seen(marked)[0].target.rules).values()


@pytest.mark.parametrize(
    ("text", "form", "change", "why"),
    [
        ("产量达到⟦5万吨⟧", "level", "level", "the value itself"),
        ("产量提高到⟦5万吨⟧", "level", "level", "到 gives the value reached"),
        ("产量提高⟦5万吨⟧", "change", "increase", "the amount of the change"),
        ("能耗累计下降⟦16%⟧", "change", "decrease", "a share that counts a change"),
        ("增幅达到⟦6%⟧以上", "change", "increase", "a verb of reaching between"),
        ("占比提高⟦3个百分点⟧", "change", "increase", "points"),
        ("占比提高到⟦30%⟧", "share", "level", "a share"),
        ("收入比缩小到⟦2.1:1⟧", "ratio", "level", "a ratio"),
        ("产值⟦翻一番⟧", "multiple", "level", "twice as much"),
        ("产能增长⟦1倍⟧", "change", "increase", "once more is twice as much"),
    ],
)
def test_forms(text: str, form: str, change: str, why: str) -> None:
    target = seen(text)[0].target
    assert (target.form, target.change) == (form, change), why


def rows(text: str) -> list[dict[str, object]]:
    """The rows of `targets` of a notice with one measure."""
    notice = (
        f"云海市人民政府关于绿色发展的意见\n云政〔2024〕3号\n\n一、工作目标\n{text}\n\n云海市人民政府\n2024年3月1日\n"
    )
    return parse(notice.encode(), media_type="text/plain").tables()["targets"].to_pylist()


def cells(text: str, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(str(r[c]).removesuffix(".000000") for c in columns) for r in rows(text)]


def test_percent_is_no_percentage_point() -> None:
    found = cells("到2025年，占比达到30%，比2020年提高3个百分点。", "unit", "dimension", "form")
    assert found == [("%", "share", "share"), ("百分点", "percentage_point", "change")]


def test_what_a_number_is_for_each_of_ends_with_it() -> None:
    found = [str(t.target.per) for t in seen("按每吨⟦100元⟧给予最高⟦5万元⟧补贴，标准由每人每月⟦500元⟧提高到⟦600元⟧")]
    assert found == ["吨", "None", "人·月", "人·月"]


def test_a_baseline_has_period_and_value() -> None:
    found = cells("到2025年，处理率由2022年的65%提高到75%。", "low", "baseline", "baseline_value", "baseline_on")
    assert found[1] == ("75", "2022年的65%", "65", "2022-12-31")


def test_a_baseline_holds_for_the_changes_of_its_sentence() -> None:
    text = "到2025年，能耗、水耗较2020年分别下降13%、16%，覆盖率达到90%。"
    assert cells(text, "baseline", "baseline_on") == [("较2020年", "2020-12-31")] * 2 + [("None", "None")]


def test_milestones_form_a_series() -> None:
    found = rows("覆盖率到2025年达到80%，到2030年达到90%；新建冷库12座。")
    assert [(r["low"], r["series_no"]) for r in found] == [(80, 1), (90, 2), (12, None)]
    assert found[0]["series_id"] == found[1]["series_id"] == found[0]["target_id"]


def test_years_of_a_list_form_a_series() -> None:
    found = cells("2025年、2027年，回收率分别达到40%、55%。", "indicator", "low", "due_on", "series_no")
    assert found == [("回收率", "40", "2025-12-31", "1"), ("回收率", "55", "2027-12-31", "2")]


def test_subjects_and_years_pair_up() -> None:
    text = "2025年、2030年，城镇化率、绿化率分别达到60%、40%和65%、45%。"
    found = cells(text, "indicator", "low", "due_on", "series_no")
    assert found == [
        ("城镇化率", "60", "2025-12-31", "1"),
        ("绿化率", "40", "2025-12-31", "1"),
        ("城镇化率", "65", "2030-12-31", "2"),
        ("绿化率", "45", "2030-12-31", "2"),
    ]


@pytest.mark.parametrize(
    ("text", "cells", "why"),
    [
        (
            "2025年、2027年、2030年，甲率、乙率分别达到1%、2%和3%、4%及5%、6%",
            "甲25 乙25 甲27 乙27 甲30 乙30",
            "rows of subjects",
        ),
        (
            "2025年、2027年、2030年，甲率、乙率分别达到1%、2%、3%和4%、5%、6%",
            "甲25 甲27 甲30 乙25 乙27 乙30",
            "rows of years",
        ),
        ("甲率、乙率2025年、2030年分别达到1%、2%和3%、4%", "甲25 甲30 乙25 乙30", "subjects are named first"),
    ],
)
def test_rows_and_columns_of_pairs(text: str, cells: str, why: str) -> None:
    found = [f"{str(r['indicator'])[0]}{str(r['due_on'])[2:4]}" for r in rows(text)]
    assert found == cells.split(), why


def test_soft_goals_are_marked() -> None:
    text = "力争到2025年，覆盖率达到90%，冷库达到12座。产量达到5万吨左右。建成驿站40个。"
    assert cells(text, "low", "soft", "modality")[:2] == [("90", "True", "strive"), ("12", "True", "strive")]
    assert [r["soft"] for r in rows(text)] == [True, True, True, False]


def test_a_territory_holds_for_the_sentence() -> None:
    found = cells("到2025年，全市冷库达到12座，驿站达到40个。", "indicator", "scope")
    assert found == [("冷库", "全市"), ("驿站", "全市")]


def test_the_head_of_a_row_is_its_scope() -> None:
    found = cells("云海县：新建冷库12座，驿站40个；临山区：新建冷库8座。", "low", "scope")
    assert found == [("12", "云海县"), ("40", "云海县"), ("8", "临山区")]


def test_a_title_that_its_text_gives_in_figures_counts_once() -> None:
    head = "云海市人民政府关于培育企业的意见\n云政〔2024〕3号\n\n"
    notice = head + "（一）培育一百家领军企业：到2026年，孵化领军企业100家以上。\n"
    tables = parse(notice.encode(), media_type="text/plain").tables()
    assert [r["printed"] for r in tables["targets"].to_pylist()] == ["100家"]
    assert ("一百家", "number.restated") in [(r["quote"], r["reason"]) for r in tables["residuals"].to_pylist()]
