"""What a number counts: the rules of indicators.toml, and the words around them."""

from __future__ import annotations

import pytest

from pipeline.assemble.indicators import each
from pipeline.rules import rules
from tests.marked import seen

EXAMPLES = [(r["id"], *e) for r in rules("indicators") for e in r["examples"]]
COUNTERS = [(r["id"], e) for r in rules("indicators") for e in r["counter_examples"]]


@pytest.mark.parametrize(("rule", "marked", "name"), EXAMPLES)
def test_a_rule_names_its_examples(rule: str, marked: str, name: str) -> None:
    target = seen(marked)[0].target
    assert target.indicator == name
    assert "cut_" in rule or dict(target.rules)["indicator"] == rule


@pytest.mark.parametrize(("rule", "marked"), COUNTERS)
def test_a_rule_leaves_its_counter_examples(rule: str, marked: str) -> None:
    assert dict(seen(marked)[0].target.rules)["indicator"] != rule


@pytest.mark.parametrize(
    ("text", "named", "why"),
    [
        ("甜橙种植面积达到⟦30万亩⟧、产量达到⟦45万吨⟧", "甜橙种植面积- 产量-甜橙", "an attribute alone keeps its name"),
        ("利用率保持在⟦70%⟧以上，建成绿色园区⟦30个⟧", "利用率- 绿色园区-", "园区 is no place"),
        ("农村卫生厕所普及率达到⟦85%⟧", "农村卫生厕所普及率-", "农村 belongs to the name"),
        ("建成⟦50个⟧智能车间和⟦200个⟧数字工段", "智能车间- 数字工段-", "no link at the end"),
        ("打造⟦70万亩⟧优质梨产业带", "优质梨产业带-", "the noun stands behind whatever is measured"),
        ("遴选不少于⟦20个⟧技术先进、模式新颖的样板工程", "样板工程-", "behind all its attributes"),
        ("人均收入从“十二五”末的⟦9000元⟧增加到⟦1.5万元⟧", "人均收入- 人均收入-", "from and to have one name"),
        ("能耗、水耗较上年末分别下降⟦6%⟧、⟦8%⟧", "能耗下降- 水耗下降-", "without the baseline"),
        ("创业贷款（个人最高⟦20万元⟧，小微企业最高⟦300万元⟧）", "贷款-个人 贷款-小微企业", "addressees"),
        ("建成“山水梨”示范县⟦4个⟧", "“山水梨”示范县-", "quotation marks stay in pairs"),
        ("（四）参加社会保险满⟦4年⟧", "参加社会保险-", "no label"),
        ("为来访的创业者提供最长⟦15天⟧免费住宿", "免费住宿-", "whom it is for is no name"),
        (
            "孵化⟦60家⟧以上年营收超⟦千万元⟧的企业",
            "年营收超千万元的企业- 年营收-",
            "a property of its own",
        ),
        ("抽查⟦30%⟧以上的市（地、州）和⟦5%⟧以上的县（市、区）", "市（地、州）- 县（市、区）-", "levels of government"),
        (
            "支持⟦5家⟧部、省级实验室和⟦6家⟧县（区）级中心建设",
            "部、省级实验室- 县（区）级中心建设-",
            "levels before a noun",
        ),
        (
            "配备不少于⟦4名⟧（巡查员⟦2名⟧，保洁员⟦2名⟧）养护人员",
            "养护人员- 巡查员- 保洁员-",
            "behind its parts",
        ),
        (
            "给予贷款贴息（财政⟦1个百分点⟧，每企最高⟦50万元⟧）及租金补贴",
            "财政- 贴息-每企",
            "the benefit before the bracket",
        ),
        ("园区可在⟦3—5年⟧内预留一定空间", "预留一定空间-园区", "what is to be done within a span"),
        ("引进有⟦5年⟧以上从业经历的教练", "从业经历-", "what lasts the span"),
        ("发展年出栏⟦30万只⟧山羊产业", "年出栏山羊产业-", "no threshold, no property"),
        ("增加值占比达到⟦10%⟧，较2020年提高⟦3个百分点⟧", "增加值占比- 增加值占比提高-", "a change alone"),
        ("培育⟦1个⟧千亿级、⟦3个⟧500亿级产业集群", "千亿级- 500亿级产业集群-", "a class of size is part of the name"),
        ("医保补助标准提高⟦30元⟧，达到每人每年⟦640元⟧", "医保补助标准提高- 医保补助标准提高-", "每人 names nothing"),
        ("按照每平方米⟦900元⟧给予最高⟦5万元⟧补贴", "补贴- 补贴-", "the benefit is named behind"),
        (
            "重度及以上污染天数下降至⟦2.3%⟧、⟦8天⟧以内",
            "重度及以上污染天数- 重度及以上污染天数-",
            "及以上 is no link",
        ),
        ("四城区集中供水普及率达到⟦92%⟧", "集中供水普及率-四城区", "so many places are a scope"),
        ("两个县（市、区）电商覆盖率达到⟦92%⟧", "电商覆盖率-两个县（市、区）", "of any kind"),
        ("新增示范村⟦40个⟧，其中，2031年、2032年分别创建⟦25、15个⟧", "新增示范村- 新增示范村-", "其中 parts it"),
        ("新增示范村⟦40个⟧，改造⟦25个⟧", "新增示范村- 改造-", "without 其中 another number"),
        ("县级平均降尘量、各乡镇平均降尘量不高于⟦7吨⟧", "县级平均降尘量、各乡镇平均降尘量-", "平均 is no 均"),
    ],
)
def test_names(text: str, named: str, why: str) -> None:
    found = [f"{n.target.indicator}-{n.target.scope or ''}" for n in seen(text)]
    assert found == named.split(), why


def test_a_value_for_each_of_a_list_keeps_the_links_within_its_items() -> None:
    found = each("等级路通达率、公交覆盖率、具备条件的乡和村通车率均达")
    assert found and [i.name for i in found] == ["等级路通达率", "公交覆盖率", "具备条件的乡和村通车率"]
