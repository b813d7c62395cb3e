"""Annexes that are text, on texts written for these tests."""

from __future__ import annotations

from pipeline.model import Document
from pipeline.read import read
from pipeline.structure import leftovers, outline
from pipeline.text import canonical

NOTICE = (
    "云海市财政局关于做好设备更新工作的通知\n各区财政局：\n一、明确目标。更新设备200台。\n二、落实责任。建立台账。\n"
)
SIGNED = "云海市财政局\n2030年3月1日\n"


def documents(text: str) -> tuple[Document, ...]:
    return outline(canonical(read(text.encode(), name="x.txt"))).documents


def annexed(text: str) -> list[tuple[str, str, str]]:
    """(key, path, title) of the measures of annexes."""
    (document,) = documents(text)
    return [(m.key, "/".join(m.path), m.title) for m in document.measures if m.annexed]


def test_items_of_a_text_annex_are_measures() -> None:
    text = (
        NOTICE + "附件：云海市设备补贴申请程序\n" + SIGNED + "附件\n云海市设备补贴申请程序\n一、受理\n"
        "（一）各区财政局于6月底前受理申请，逐件登记。\n（二）材料齐全的，5个工作日内办结。\n"
        "二、公示\n市财政局公示结果，公示期不少于5天。\n"
    )
    title = "云海市设备补贴申请程序"
    assert annexed(text) == [
        ("a1.1.1", f"{title}/一、受理", "各区财政局于6月底前受理申请，逐件登记"),
        ("a1.1.2", f"{title}/一、受理", "材料齐全的，5个工作日内办结"),
        ("a1.2", title, "公示"),
    ]


def test_each_annex_has_its_number_and_forms_give_nothing() -> None:
    text = (
        NOTICE + "附件1：申报指南\n附件2：设备目录\n附件3：评价标准\n附件4：申请表\n" + SIGNED + "附件1：申报指南\n"
        "1.注册满2年，具有独立法人资格。\n2.设备投资不低于500万元。\n"
        "附件2：设备目录\n1.拖拉机\n2.收割机\n3.播种机\n"
        "附件3：评价标准\n1.单位能耗下降5%以上，近三年无事故。\n2.综合利用率不低于85%。\n"
        "附件4：申请表\n1.单位名称____\n2.主要做法，包括节能、节水情况。\n"
    )
    assert [(k, p) for k, p, _ in annexed(text)] == [
        ("a1.1", "申报指南"),
        ("a1.2", "申报指南"),
        ("a3.1", "评价标准"),
        ("a3.2", "评价标准"),
    ]


def test_names_definitions_and_notes_are_no_measures() -> None:
    for annex in (
        "机具种类范围\n1.耕地机械\n1.1犁\n1.2旋耕机\n2.整地机械\n",
        "有关概念\n1.绿色工厂：是指用地集约化、生产洁净化的工厂。\n2.综合能耗：是指企业实际消耗的各种能源。\n",
        "考核指标\n注：\n1.专科医院可以选用部分指标，并报市局备案。\n2.手术不包括门诊手术，按出院人次计算。\n",
        "专家委员会\n主任委员：市卫生健康局局长\n委员：市财政局副局长\n",
    ):
        assert not annexed(NOTICE + SIGNED + "附件\n" + annex)


def test_what_is_to_be_handed_in_stays_inside() -> None:
    text = (
        NOTICE + SIGNED + "附件\n申请程序\n一、申请\n申请人应当提交下列材料：\n1.申请表；\n2.审计报告，一式两份。\n"
        "二、受理\n各区财政局受理，5日内办结。\n附表：1.申请表\n2.花名册\n附表1\n申请表\n1.名称\n"
    )
    assert [(k, t) for k, _, t in annexed(text)] == [("a1.1", "申请"), ("a1.2", "受理")]


def test_an_annex_without_its_label() -> None:
    text = (
        NOTICE + "附件：云海市设备检查办法\n" + SIGNED + "云海市设备检查办法\n"
        "第一条 各单位应当每月自查一次。\n第二条 市财政局每年抽查一次。\n抄送：市政府办公室。\n"
    )
    assert [k for k, _, _ in annexed(text)] == ["a1.1", "a1.2"]


def test_a_catalogue_is_no_plan_of_its_own() -> None:
    (document,) = documents(NOTICE + SIGNED + "附件\n云海市补贴机具目录\n1.拖拉机\n2.收割机\n3.播种机\n4.插秧机\n")
    assert len(document.measures) == 2


def test_a_list_of_tasks_is_part_of_its_document() -> None:
    text = (
        NOTICE + SIGNED + "附件\n设备更新重点任务清单\n1.新建平台3个。年底前完成。\n"
        "2.改造机床20台。年底前完成。\n3.培训技工50人次。年底前完成。\n"
    )
    assert [k for k, _, _ in annexed(text)] == ["a1.1", "a1.2", "a1.3"]


def test_the_rest_of_an_annex_is_told() -> None:
    text = canonical(
        read(
            (
                NOTICE
                + "附件：1.申报指南\n2.设备目录\n"
                + SIGNED
                + "附件1\n申报指南\n1.注册满2年，具有独立法人资格。\n"
                "2.设备投资不低于500万元。\n附件2\n设备目录\n1.拖拉机\n2.收割机\n"
            ).encode(),
            name="x.txt",
        )
    )
    spans = leftovers(text, outline(text))
    assert [(text.text[a:b], reason) for a, b, reason in spans if reason != "signature"] == [
        ("1.拖拉机\n2.收割机", "annex_text")
    ]
