"""The outline of documents, on texts written for these tests."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from pipeline import parse
from pipeline.model import Document, Outline, Text
from pipeline.read import read
from pipeline.rules import rules
from pipeline.structure import leftovers, outline
from pipeline.structure.lines import label_at
from pipeline.structure.patterns import find_date, number, pattern
from pipeline.text import canonical


def parsed(text: str, name: str = "x.txt") -> tuple[Text, Outline]:
    canon = canonical(read(text.encode(), name=name))
    return canon, outline(canon)


def only(text: str, name: str = "x.txt") -> Document:
    (document,) = parsed(text, name)[1].documents
    return document


def labels(document: Document) -> list[str]:
    return [m.label + m.title for m in document.measures]


RULES = rules("structure")
PATTERNED = [r for r in RULES if "pattern" in r and "rank" not in r]


@pytest.mark.parametrize("rule", PATTERNED, ids=lambda r: r["id"])
def test_pattern_rules(rule: dict[str, Any]) -> None:
    regex = pattern(rule["id"].partition(".")[2])
    for example in rule["examples"]:
        assert regex.search(example), example
    for example in rule["counter_examples"]:
        assert not regex.search(example), example


@pytest.mark.parametrize("rule", [r for r in RULES if "rank" in r], ids=lambda r: r["id"])
def test_label_rules(rule: dict[str, Any]) -> None:
    for example in rule["examples"]:
        assert label_at(example, 0, len(example)) == rule["rank"], example
    for example in rule["counter_examples"]:
        assert label_at(example, 0, len(example)) != rule["rank"], example


@pytest.mark.parametrize("rule", [r for r in RULES if "pattern" not in r], ids=lambda r: r["id"])
def test_decisions(rule: dict[str, Any]) -> None:
    def found(text: str) -> bool:
        return any(m.rule == rule["id"] for d in parsed(text)[1].documents for m in d.measures)

    assert all(found(e) for e in rule["examples"])
    assert not any(found(e) for e in rule["counter_examples"])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("七", 7),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("三十五", 35),
        ("一百零三", 103),
        ("12", 12),
        ("二〇二四", 2024),
    ],
)
def test_numerals(text: str, value: int) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024年8月20日", date(2024, 8, 20)),
        ("二〇二四年八月二十日", date(2024, 8, 20)),
        ("二○一九年十二月三十一日", date(2019, 12, 31)),
        ("2024年2月30日", None),
        ("2024年8月", None),
    ],
)
def test_dates(text: str, value: date | None) -> None:
    assert find_date(text) == value


NOTICE = """甲市人民政府办公室关于印发甲市河湖治理行动方案的通知
甲政办〔2030〕7号
各区人民政府，市政府各部门：
《甲市河湖治理行动方案》已经市政府第3次常务会议通过，现予印发，望照此办理。
甲市人民政府办公室
2030年3月5日
甲市河湖治理行动方案
为改善水质，制定本方案。
一、总体要求
（一）指导思想。坚持保护优先。
（二）目标指标
到2032年，水质优良断面达到九成。
各区每年报告一次进展。
二、重点任务
（一）整治排口
1．排查登记。2030年底前完成排查。（市生态环境局负责）
2、分类整改。逐口制定办法。具体要求如下：
（1）直排口：立即封堵。
（2）溢流口：限期改造。
（二）修复生态。建设缓冲带。
三、保障措施
加强领导。各区要落实资金。
本方案自印发之日起施行。
附件：1. 断面清单
2. 任务分工
表
附件1
断面清单
断面\t河流\t目标
一号\t甲河\tⅢ类
任务分工表
任务\t单位
排查\t各区
"""


def test_a_notice_and_its_plan() -> None:
    d = only(NOTICE)
    assert d.doc_number == "甲政办〔2030〕7号"
    assert d.notice_title == "甲市人民政府办公室关于印发甲市河湖治理行动方案的通知"
    assert d.title == "甲市河湖治理行动方案"
    assert (d.doc_type, d.issuer, d.written_on) == ("方案", "甲市人民政府办公室", date(2030, 3, 5))
    assert d.addressees == ("各区人民政府", "市政府各部门")
    assert d.attachments == ("断面清单", "任务分工表")
    assert [(t.annex_no, t.title) for t in d.tables] == [(1, "断面清单"), (2, "任务分工表")]
    assert dict(d.rules)["doc_number"] == "structure.doc_number"


def test_measures_are_the_lowest_labelled_items() -> None:
    d = only(NOTICE)
    assert [(m.key, m.label, m.title, m.parent) for m in d.measures] == [
        ("0", "", "前言", None),
        ("1.1", "（一）", "指导思想", "一、总体要求"),
        ("1.2", "（二）", "目标指标", "一、总体要求"),
        ("2.1.1", "1．", "排查登记", "（一）整治排口"),
        ("2.1.2", "2、", "分类整改", "（一）整治排口"),
        ("2.2", "（二）", "修复生态", "二、重点任务"),
        ("3", "三、", "保障措施", None),
        ("end", "", "结语", None),
    ]
    text = parsed(NOTICE)[0].text
    by_key = {m.key: m for m in d.measures}
    assert [text[i.start : i.end] for i in by_key["2.1.2"].items] == [
        "（1）直排口：立即封堵。",
        "（2）溢流口：限期改造。",
    ]
    assert text[by_key["1.2"].body_start :].startswith("到2032年")
    assert text[by_key["2.2"].body_start :].startswith("修复生态。")
    assert text[by_key["1.2"].start : by_key["1.2"].end].endswith("进展。")


@pytest.mark.parametrize(
    ("body", "expected", "reason"),
    [
        (
            "一、甲事\n二、乙事\n二、丙事\n四、丁事\n",
            ["一、甲事", "二、乙事", "二、丙事", "四、丁事"],
            "repeated and skipped labels",
        ),
        ("(一)甲事。做好。\n(二)乙事。做好。\n", ["(一)甲事", "(二)乙事"], "half-width brackets"),
        ("1.甲事：到2030年建成3处。\n2.乙事：建成5处。\n", ["1.甲事", "2.乙事"], "the title ends at a colon"),
        (
            "一、甲类\n1.子事一。做好。\n二、乙类\n（一）子类\n2.子事二。做好。\n",
            ["1.子事一", "2.子事二"],
            "numbers that run on",
        ),
        ("一、甲事。按照（一）（二）项的规定办理。\n二、乙事。做好。\n", ["一、甲事", "二、乙事"], "references"),
        (
            "一、甲事\n2030年底前先做准备，明确分工。\n（一）子事。做好。\n",
            ["一、甲事", "（一）子事"],
            "a heading with work of its own: a time",
        ),
        (
            "一、甲事\n各区、县按照统一方式开展自查。\n（一）子事。做好。\n",
            ["一、甲事", "（一）子事"],
            "a heading with work of its own: a body that acts",
        ),
        (
            "一、甲事\n切实解决职责不清问题，加强队伍建设。\n（一）子事。做好。\n",
            ["（一）子事"],
            "a lead-in without number, time or body",
        ),
        (
            "一、甲事\n湖长制是各级分段负责的制度，每段1人，是湖泊管理的制度。\n（一）子事。做好。\n",
            ["（一）子事"],
            "a definition",
        ),
        (
            "一、甲事\n组长：张三\n成员：县水利局局长、县委组织部干部。\n（一）子事。做好。\n",
            ["（一）子事"],
            "a roster",
        ),
        ("一、甲事\n重点做好以下工作：\n（一）子事。做好。\n", ["（一）子事"], "a heading with a lead-in"),
        (
            "第一章 总则\n第一条 为治水，制定本办法。\n第二条 下列情形适用：\n（一）排污；\n（二）取水。\n",
            None,
            "articles",
        ),
        ("1.1 编制目的\n规范处置。\n1.2 编制依据\n有关法规。\n", ["1.1编制目的", "1.2编制依据"], "decimal labels"),
    ],
)
def test_labels(body: str, expected: list[str] | None, reason: str) -> None:
    d = only("乙县水务管理措施\n" + body)
    if expected is None:
        assert [(m.label, m.parent, len(m.items)) for m in d.measures] == [
            ("第一条", "第一章总则", 0),
            ("第二条", "第一章总则", 2),
        ]
    else:
        assert labels(d) == expected, reason


FLAT = (
    "丙省人民政府关于加强水库管理的意见丙政发〔2030〕12号各市、县人民政府，省政府各部门："
    "水库是重要基础设施。现提出以下意见。"
    + "一、总体要求（一）指导思想。坚持安全第一。{0}（二）目标任务。到2032年完成加固50座。{0}"
    + "二、重点工作（三）落实责任。按照本意见第（一）项的要求办理。{0}（省水利厅牵头）（四）完善监测。{0}"
    + "丙省人民政府2030年6月1日（此件公开发布）"
).format("各级各有关部门要密切配合，确保各项要求落到实处。" * 8)


def test_text_without_line_ends() -> None:
    text, found = parsed(FLAT)
    (d,) = found.documents
    assert d.notice_title == "丙省人民政府关于加强水库管理的意见"
    assert (d.doc_number, d.issuer, d.written_on) == ("丙政发〔2030〕12号", "丙省人民政府", date(2030, 6, 1))
    assert d.addressees == ("各市、县人民政府", "省政府各部门")
    assert labels(d) == ["前言", "（一）指导思想", "（二）目标任务", "（三）落实责任", "（四）完善监测"]
    assert [m.parent for m in d.measures[1:]] == ["一、总体要求"] * 2 + ["二、重点工作"] * 2
    assert not text.text[d.measures[-1].start : d.measures[-1].end].endswith("）")


GAZETTE = """# 丁市人民政府公报

2030年第2期（总第88期）

丁市人民政府办公室

2030年4月30日

## 目 录

### 【市政府文件】

丁市人民政府关于公布名录的通知 ..... (1)

### 【部门文件】

丁市水务局关于印发丁市节水办法的通知 ..... (5)

【市政府文件】

# 丁市人民政府关于公布名录的通知

丁政〔2030〕3号

各县人民政府：

一、公布名录。共12处。

二、加强保护。落实责任。

2030年2月1日

【部门文件】

# 丁市水务局关于印发丁市节水办法的通知

丁水〔2030〕9号

各有关单位：

现将《丁市节水办法》印发给你们，请遵照执行。

二〇三〇年三月一日

## 丁市节水办法

第一条 为促进节水，制定本办法。

第二条 本办法自2030年5月1日起施行。
"""


def test_an_issue() -> None:
    _, found = parsed(GAZETTE, "x.md")
    head = found.masthead
    assert (head.gazette, head.publisher) == ("丁市人民政府公报", "丁市人民政府办公室")
    assert (head.year, head.issue_no, head.total_no, head.published_on) == (2030, 2, 88, date(2030, 4, 30))
    first, second = found.documents
    assert (first.category, first.doc_number, first.written_on) == ("市政府文件", "丁政〔2030〕3号", date(2030, 2, 1))
    assert labels(first) == ["一、公布名录", "二、加强保护"]
    assert (second.category, second.title, second.written_on) == ("部门文件", "丁市节水办法", date(2030, 3, 1))
    assert second.issuer == "丁市水务局"
    assert [m.label for m in second.measures] == ["第一条", "第二条"]


def test_a_contents_page_with_numbers_pages_and_bare_categories() -> None:
    text, found = parsed(
        "丙省人民政府公报\n2031年第6期（总第512期）\n2031年3月30日出版\n目  录\n省政府文件\n"
        "丙省人民政府关于印发丙省水利规划的通知（丙政发〔2031〕5号）……（3）\n"
        "丙省人民政府关于表彰先进的决定（丙政发〔2031〕6号）……（9）\n人事任免\n丙省人民政府任免名单……（12）\n"
        "丙省人民政府\n关于印发丙省水利规划的通知\n丙政发〔2031〕5号\n各市：\n现将《丙省水利规划》印发给你们，请认真实施。\n"
        "2031年2月3日\n丙省水利规划\n一、目标\n新增灌溉面积5万亩。\n"
        "丙省人民政府关于表彰先进的决定\n丙政发〔2031〕6号\n各市：\n省政府决定予以表彰。\n丙省人民政府\n2031年2月9日\n"
    )
    one, two = found.documents
    assert (one.notice_title, one.category) == ("丙省人民政府关于印发丙省水利规划的通知", "省政府文件")
    assert (one.doc_number, two.doc_number) == ("丙政发〔2031〕5号", "丙政发〔2031〕6号")
    assert (two.issuer, two.written_on) == ("丙省人民政府", date(2031, 2, 9))
    assert [r for *_, r in leftovers(text, found)] == ["masthead", "contents", "signature", "signature"]


def test_short_documents_follow_each_other_without_contents() -> None:
    _, found = parsed(
        "丙市人民政府关于表彰先进的决定\n丙政〔2031〕6号\n各区：\n予以表彰。\n2031年2月9日\n"
        "丙市人民政府关于防汛的通知\n丙政〔2031〕7号\n各区：\n做好防汛。\n2031年3月9日\n"
    )
    assert [d.doc_number for d in found.documents] == ["丙政〔2031〕6号", "丙政〔2031〕7号"]


def test_decimal_labels_nest_and_bare_numbers_head_them() -> None:
    d = only(
        "丙市防汛预案\n1 总则\n1.1 目的\n为防汛，制定本预案。\n2 体系\n2.1 机构\n2.1.1 指挥部\n市水利局牵头。\n"
        "2.1.2 办公室\n设在市水利局。\n2.2 专家组\n设专家组。\n3 附则\n本预案自印发之日起施行。\n"
    )
    assert [(m.key, m.parent) for m in d.measures] == [
        ("1.1", "1总则"),
        ("2.1.1", "2.1机构"),
        ("2.1.2", "2.1机构"),
        ("2.2", "2体系"),
        ("3", None),
    ]


def test_the_number_of_an_order_on_its_own_line() -> None:
    d = only(
        "丙省人民政府令\n第 276 号\n《丙省食堂办法》已经2030年3月1日省政府会议通过，现予公布。\n2030年3月10日\n"
        "丙省食堂办法\n第一条 加强管理。\n第二条 厉行节约。\n"
    )
    assert (d.doc_number, d.title, d.written_on) == ("丙省人民政府令第276号", "丙省食堂办法", date(2030, 3, 10))


def test_several_plans_in_one_notice() -> None:
    _, found = parsed(
        "戊市人民政府关于印发《戊市治水方案》《戊市治气方案》的通知\n戊政〔2030〕1号\n各区人民政府：\n"
        "现将《戊市治水方案》《戊市治气方案》印发给你们，请认真贯彻落实。\n2030年1月2日\n"
        "戊市治水方案\n一、治水。完成3处。\n二、管水。落实责任。\n戊市治气方案\n一、治气。完成5家。\n"
    )
    assert [d.title for d in found.documents] == ["戊市治水方案", "戊市治气方案"]
    assert [labels(d) for d in found.documents] == [["一、治水", "二、管水"], ["一、治气"]]
    assert {d.doc_number for d in found.documents} == {"戊政〔2030〕1号"}


def test_a_plan_in_an_annex() -> None:
    _, found = parsed(
        "己县教育局关于做好招生工作的通知\n各学校：\n一、严格纪律。不得提前招生。\n二、加强宣传。做好解释。\n"
        "附件：己县招生工作细则\n己县教育局\n2030年5月6日\n附件\n己县招生工作细则\n"
        "一、报名。6月10日前完成。\n二、录取。6月底前完成。\n三、公示。公示5天。\n"
    )
    assert [d.title for d in found.documents] == ["己县教育局关于做好招生工作的通知", "己县招生工作细则"]
    assert labels(found.documents[1]) == ["一、报名", "二、录取", "三、公示"]
    assert found.documents[0].attachments == ("己县招生工作细则",)
    assert found.documents[1].issuer == "己县教育局"


def test_the_plan_follows_as_an_annex() -> None:
    d = only(
        "庚市人民政府关于印发庚市防汛预案的通知\n庚政〔2030〕4号\n各区人民政府：\n"
        "现将《庚市防汛预案》印发给你们，请认真组织实施。\n附件：庚市防汛预案\n庚市人民政府\n2030年6月7日\n附件\n"
        "庚市防汛预案\n一、总则\n统一指挥。\n二、职责\n各司其职。\n"
    )
    assert (d.title, d.written_on, d.issuer) == ("庚市防汛预案", date(2030, 6, 7), "庚市人民政府")
    assert labels(d) == ["一、总则", "二、职责"]


PAGE = (
    "无障碍\n首页\n政务公开\n当前位置：首页 > 法规\n辛市人民政府关于植树的决定\n2030-04-16\n来源：辛市政府网\n"
    "索引号：01/2030-5 主题分类：林业\n发文字号：辛政发〔2030〕5号 成文日期：2030-04-02\n辛市人民政府关于植树的决定\n"
    "各区人民政府；市各部门：\n一、植树。种3棵。\n"
)


@pytest.mark.parametrize(
    ("text", "field", "expected", "reason"),
    [
        (
            "辛市绿化办法\n（2030年1月2日辛市人民政府令第8号公布）\n第一条 植树。\n",
            "doc_number",
            "辛市人民政府令第8号",
            "order",
        ),
        (
            "辛市绿化办法\n（2030年1月2日辛市人民政府令第8号公布）\n第一条 植树。\n",
            "written_on",
            date(2030, 1, 2),
            "bracket",
        ),
        (
            "辛市绿化措施（征求意见稿）\n一、植树。\n",
            "title",
            "辛市绿化措施（征求意见稿）",
            "drafts keep their bracket",
        ),
        ("辛市绿化措施（征求意见稿）\n一、植树。\n", "doc_type", "措施", "type before the bracket"),
        ("辛市绿化措施\n一、植树。\n", "issuer", None, "nothing printed"),
        ("辛市绿化措施\n一、植树。\n", "written_on", None, "nothing printed"),
        ("关于植树的通知\n各区：\n一、植树。\n辛市林业局\n2030年3月1日\n", "issuer", "辛市林业局", "signature"),
        ("辛市林业局 辛市财政局\u3000关于植树的通知\n一、植树。\n", "issuer", "辛市林业局、辛市财政局", "joint"),
        ("国务院关于植树的决定\n国发(2030)9号\n一、植树。\n", "doc_number", "国发(2030)9号", "round brackets"),
        ("国务院关于植树的决定\n国发[2030]9号\n一、植树。\n", "doc_number", "国发[2030]9号", "square brackets"),
        (
            "市林业局关于植树的通知\n各区：\n一、植树。\n附件：辛市植树任务表\n",
            "issuer",
            "辛市林业局",
            "from the annex",
        ),
        ("市林业局关于植树的通知\n一、植树。\n辛市林业和园林局\n", "issuer", "辛市林业和园林局", "signed in full"),
        ("辛市林业局辛市财政局关于植树的通知\n一、植树。\n", "issuer", "辛市林业局、辛市财政局", "no blank"),
        (
            "辛市发改委关于印发辛市绿化方案的通知\n各区：\n现印发给你们。\n辛市发展和改革委员会\n2030年5月1日\n辛市绿化方案\n一、植树。\n",
            "issuer",
            "辛市发展和改革委员会",
            "the signature has the full name",
        ),
        (PAGE, "doc_number", "辛政发〔2030〕5号", "metadata of a web page"),
        (PAGE, "written_on", date(2030, 4, 2), "the date of writing, not of putting online"),
        (PAGE, "notice_title", "辛市人民政府关于植树的决定", "not the menu"),
        (PAGE, "addressees", ("各区人民政府", "市各部门"), "below the lines of the page"),
        ("辛市林业局关于植树的函\n辛林函〔2030〕9号\n一、植树。\n", "doc_type", "函", "letter"),
    ],
)
def test_heads(text: str, field: str, expected: object, reason: str) -> None:
    assert getattr(only(text), field) == expected, reason


def test_citations_carry_their_numbers() -> None:
    d = only("壬市绿化措施\n一、落实《某省绿化规划》（某政发〔2029〕5号）和《某市条例》要求。\n")
    assert [(c.title, c.doc_number) for c in d.cites] == [("某省绿化规划", "某政发〔2029〕5号"), ("某市条例", None)]


def test_leftovers_have_reasons() -> None:
    text, found = parsed(
        "癸市关于植树的通知\n各区：\n一、植树。种3棵。\n附件：任务表\n癸市林业局\n2030年3月1日\n（此件公开发布）\n附件\n任务表\n注：略。\n"
    )
    assert [(text.text[a:b], r) for a, b, r in leftovers(text, found)] == [
        ("癸市林业局", "signature"),
        ("2030年3月1日", "signature"),
        ("（此件公开发布）", "footer"),
        ("注：略。", "annex_text"),
    ]


HEAD = (
    "某县人民政府关于印发某县治水方案的通知\n某政〔2030〕4号\n各乡镇：\n"
    "现将《某县治水方案》印发给你们，请认真贯彻执行。\n"
)
PLAN = "某县治水方案\n一、治水。完成3处。\n二、管水。落实责任。\n"
SIGNED = "某县人民政府\n2030年6月7日\n"
LETTER = "某县林业局关于植树的通知\n各乡镇：\n一、植树。种3棵。\n二、管护。管好。\n"


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        (
            HEAD + "附件：1．某县治水方案 2．任务分解表\n" + SIGNED + PLAN,
            ("某县治水方案", "任务分解表"),
            "above the date",
        ),
        (
            HEAD + "附件：1. 某县治水方案\n2. 2030年度任务\n分解表\n" + SIGNED + "附件1\n" + PLAN,
            ("某县治水方案", "2030年度任务分解表"),
            "an entry on two lines",
        ),
        (
            HEAD + "附件：\n1、任务分解表\n2、责任清单\n" + SIGNED + PLAN,
            ("任务分解表", "责任清单"),
            "label on its own line",
        ),
        (HEAD + SIGNED + "附件：1.任务分解表\n2.责任清单\n" + PLAN, ("任务分解表", "责任清单"), "below the date"),
        (LETTER + "附件：1．任务表\n　　　2．责任表\n" + SIGNED, ("任务表", "责任表"), "above the signature"),
        (LETTER + SIGNED + "附件：１．任务表　２．责任表\n", ("任务表", "责任表"), "full-width dots, last line"),
        (LETTER + "附件：某县植树任务表\n" + SIGNED, ("某县植树任务表",), "a single title"),
        (LETTER + "附：某县植树任务表\n" + SIGNED, ("某县植树任务表",), "the short label"),
        (LETTER + "附件：\n某县植树任务表\n" + SIGNED, ("某县植树任务表",), "a single title below the label"),
        (LETTER + "附件1：植树任务表\n附件2：责任表\n" + SIGNED, ("植树任务表", "责任表"), "each with its label"),
        (LETTER + "附件：\n附件1：任务表.doc\n附件2：责任表.xlsx\n", ("任务表", "责任表"), "files of a web page"),
        (LETTER + "附件：某县0.5万亩造林任务表\n", ("某县0.5万亩造林任务表",), "a number in a title is no label"),
        (LETTER + SIGNED, (), "none"),
    ],
)
def test_attachments(text: str, expected: tuple[str, ...], reason: str) -> None:
    document = only(text)
    assert document.attachments == expected, reason
    assert document.written_on == date(2030, 6, 7) or SIGNED not in text
    assert [m.label for m in document.measures] == ["一、", "二、"]


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("一、植树。种3棵。\n二、管护。管好。\n各区各部门要落实责任。\n", ["植树", "管护", "结语"], "charges all"),
        ("一、植树。种3棵。\n二、管护。管好。\n按期完成。\n", ["植树", "管护"], "goes on with the last item"),
        (
            "一、植树\n种3棵。\n浇水。\n二、管护\n管好。\n各区要落实责任。\n",
            ["植树", "管护"],
            "items of two paragraphs",
        ),
        ("一、植树。种3棵。\n二、管护。管好。\n返回列表\n上一篇：略\n", ["植树", "管护"], "lines of the page"),
        ("一、植树。种3棵。\n政策解读\n二、管护。管好。\n", ["植树", "管护"], "numbering goes on"),
    ],
)
def test_where_the_last_item_ends(text: str, expected: list[str], reason: str) -> None:
    document = only("某市关于植树的决定\n" + text)
    assert [m.title for m in document.measures] == expected, reason


def test_annexes_are_numbered_by_label_or_list() -> None:
    table = "县\t面积\n甲县\t3\n乙县\t4\n"
    d = only(
        LETTER
        + "附件：1.任务表\n2.责任表\n3.名录表\n"
        + SIGNED
        + "附件1\n任务表\n"
        + table
        + "附件2　责任表\n"
        + table
        + "名录表\n"
        + table
    )
    assert [(t.annex_no, t.title) for t in d.tables] == [(1, "任务表"), (2, "责任表"), (3, "名录表")]


def test_what_is_left_of_an_issue_and_of_a_head() -> None:
    text, found = parsed(GAZETTE.replace("\n一、公布名录", "\n本市历史悠久，名木众多。\n一、公布名录"), "x.md")
    assert [r for *_, r in leftovers(text, found)][:2] == ["masthead", "contents"]
    text, found = parsed(HEAD + "各乡镇要在6月底前报送总结。\n" + SIGNED + PLAN)
    assert [(text.text[a:b], r) for a, b, r in leftovers(text, found)] == [("各乡镇要在6月底前报送总结。", "notice")]
    text, found = parsed(LETTER.replace("二、管护。", "二、机构\n组长：县长\n成员：各乡镇\n（一）职责。"))
    assert [(text.text[a:b], r) for a, b, r in leftovers(text, found)] == [("组长：县长\n成员：各乡镇", "roster")]


@pytest.mark.parametrize(
    "text", ["随便一句话。", "。", "一、", "附件", "目录", "关于", "123", "a b c", "《》", "（一）（二）（三）"]
)
def test_any_text_has_an_outline(text: str) -> None:
    canon, found = parsed(text)
    assert len(found.documents) <= 1
    assert leftovers(canon, found) is not None


def test_no_rule_is_dead() -> None:
    for rule in RULES:
        assert rule["examples"], rule["id"]
        assert rule["counter_examples"], rule["id"]
        assert re.fullmatch(r"structure\.[a-z_]+", rule["id"])


BODY = "一、总体要求\n加快造林。\n二、重点任务\n（一）扩大绿地。新建公园3个。（市林业局负责）\n"


def _document(text: str) -> dict[str, Any]:
    (found,) = parse(text.encode(), name="notice.txt").records["documents"]
    return found


def test_menus_of_a_page_printed_whole_are_no_titles() -> None:
    menu = "首页市政府要闻政策\n互动\n首页>政务公开>政策>某类文件\n发文机关：云海市人民政府\n成文日期：2030-04-03\n"
    title = "云海市人民政府关于扩大绿地的意见"
    found = _document(
        f"{menu}标题：{title}\n有效性：有效\n{title}\n各区人民政府：\n{BODY}2030年4月3日\n相关解读：怎么看\n其他网站\n"
    )
    assert (found["title"], found["issuer"], str(found["written_on"])) == (title, "云海市人民政府", "2030-04-03")


def test_a_notice_between_the_page_title_and_the_plan() -> None:
    plan = "云海市扩大绿地工作方案"
    notice = (
        f"关于《{plan}》的通知\n各区人民政府，市直各部门：\n现将《{plan}》印发给你们，请认真执行。\n"
        "云海市林业局\n2030年4月3日\n"
    )
    found = _document(f"{plan}\n云林发〔2030〕3号\n{notice}{plan}\n{BODY}")
    assert (found["notice_title"], found["title"]) == (f"关于《{plan}》的通知", plan)
    assert (found["issuer"], str(found["written_on"]), len(found["addressees"])) == ("云海市林业局", "2030-04-03", 2)


def test_the_title_of_a_plan_on_two_lines() -> None:
    head = (
        "云海市林业局关于印发2030—2032年云海市扩大绿地实施方案的通知\n各区林业局：\n"
        "现印发给你们，请认真执行。\n云海市林业局\n2030年7月1日\n"
    )
    found = parse(f"{head}2030—2032年云海市\n扩大绿地实施方案\n{BODY}".encode(), name="notice.txt")
    assert found.records["documents"][0]["title"] == "2030—2032年云海市扩大绿地实施方案"
    assert all("云海市" not in t["action"] for t in found.records["tasks"])


def test_bodies_that_issue_together_sign_together() -> None:
    found = _document(f"关于扩大绿地的通知\n各区林业局：\n{BODY}云海市林业局\n云海市财政局\n2030年7月1日\n")
    assert found["issuer"] == "云海市林业局、云海市财政局"
