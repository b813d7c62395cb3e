"""Responsibilities: rules by their examples; brackets, conventions, inheritance and running text by own cases."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.assemble.responsibilities import Assigned, assigned, bracket_spans
from pipeline.assemble.roles import convention_of
from pipeline.find.brackets import later_clauses, responsibility_brackets
from pipeline.model import Document, Measure, Source, Territory, Text
from pipeline.resolve.regions import NATION, territory
from pipeline.rules import rules

RULES = {rule["id"]: rule for rule in rules("roles")}
BRACKETS = ("roles.label", "roles.verb", "roles.list", "roles.line", "roles.clause")
found_city, found_county = territory("410800"), territory("451322")
assert found_city and found_county
CITY, COUNTY = found_city, found_county


def build(
    *measures: str, between: str = "", title: str | None = None, path: tuple[str, ...] = ()
) -> tuple[Text, Document]:
    """A document whose measures are these texts, one below the other, `between` in front of the first."""
    text, spans = f"{between}\n" if between else "", []
    for body in measures:
        spans.append((len(text), len(text) + len(body)))
        text += body + "\n"
    made = tuple(Measure(n, "", path, "", str(n), a, b, a) for n, (a, b) in enumerate(spans, 1))
    source = Source("own.txt", "0" * 64, "text/plain", ())
    return Text(text, (), (), (), source), Document(1, 0, len(text), 0, 0, title=title, measures=made)


def run(*measures: str, area: Territory | None = CITY, between: str = "", title: str | None = None) -> Assigned:
    text, document = build(*measures, between=between, title=title)
    out = assigned(text, document, area)
    for rows in out.rows.values():
        assert all(text.text[r.start : r.end] == r.printed and r.rule for r in rows)
    return out


def roles(out: Assigned, measure: int = 1) -> list[tuple[str, str]]:
    return [(r.organisation.name.removeprefix("焦作市"), r.role) for r in out.rows.get(measure, [])]


EXAMPLES = [(r, e) for r in RULES.values() for e in r["examples"]]
COUNTERS = [(r, e) for r in RULES.values() for e in r["counter_examples"]]


def fires(rule: str, text: str) -> bool:
    if rule in BRACKETS:
        return any(b.rule == rule for b in responsibility_brackets(text))
    if rule in ("roles.first_leads", "roles.before_comma_leads"):
        return convention_of(text) == ("first" if rule == "roles.first_leads" else "comma")
    if rule == "roles.section":
        built, document = build("1.做好登记。", between=text, path=(text,))
        return any(r.rule == rule and r.inherited for r in assigned(built, document, CITY).rows.get(1, []))
    if rule == "roles.all_later":
        return any(r.inherited for r in run(f"（{text}）", "（市水利局负责）").rows.get(2, []))
    return any(r.rule == rule for r in run(text).rows.get(1, []))


@pytest.mark.parametrize(("rule", "text"), EXAMPLES, ids=str)
def test_rule_examples(rule: dict[str, Any], text: str) -> None:
    assert fires(rule["id"], text), rule["note"]


@pytest.mark.parametrize(("rule", "text"), COUNTERS, ids=str)
def test_rule_counter_examples(rule: dict[str, Any], text: str) -> None:
    assert not fires(rule["id"], text), rule["note"]


LEAD, SUPPORT, RESPONSIBLE, IMPLEMENT = "lead", "support", "responsible", "implement"

# (text, (name, role) of each row, reason)
FORMS: list[tuple[str, list[tuple[str, str]], str]] = [
    (
        "清淤。（市水利局牵头，市财政局、教育局参与）",
        [("水利局", LEAD), ("财政局", SUPPORT), ("教育局", SUPPORT)],
        "verbs",
    ),
    ("清淤。（市水利局负责）", [("水利局", RESPONSIBLE)], "负责 with no lead"),
    ("清淤。(市水利局、市财政局按职责分工负责)", [("水利局", RESPONSIBLE), ("财政局", RESPONSIBLE)], "half width"),
    ("清淤。[责任单位:市水利局、财政局]", [("水利局", RESPONSIBLE), ("财政局", RESPONSIBLE)], "label, square"),
    ("清淤。〔市水利局牵头；市财政局配合〕", [("水利局", LEAD), ("财政局", SUPPORT)], "tortoise shell"),
    (
        "清淤。（责任单位：市水利局、各区人民政府〈含开发区、新区管委会,下同〉）",
        [("水利局", RESPONSIBLE), ("各区人民政府", RESPONSIBLE)],
        "a remark on what a name takes in",
    ),
    ("清淤。【责任部门：市水利局等】", [("水利局", RESPONSIBLE)], "lenticular, 等"),
    (
        "清淤。（牵头单位：市水利局，配合单位：市财政局）",
        [("水利局", LEAD), ("财政局", SUPPORT)],
        "labels after a comma",
    ),
    ("清淤。（主办：市水利局；协办：市残联）", [("水利局", LEAD), ("残疾人联合会", SUPPORT)], "labels without a noun"),
    ("清淤。（责任领导：某副市长；牵头单位：市水利局）", [("水利局", LEAD)], "a label of persons"),
    (
        "清淤。\n牵头单位：市水利局\n配合单位：市财政局、教育局",
        [("水利局", LEAD), ("财政局", SUPPORT), ("教育局", SUPPORT)],
        "lines",
    ),
    ("牵头部门：市水利局。参与部门：市财政局。", [("水利局", LEAD), ("财政局", SUPPORT)], "sentences of one line"),
    (
        "责任单位：市水利局、各区政府 完成时限：2025年底",
        [("水利局", RESPONSIBLE), ("各区人民政府", RESPONSIBLE)],
        "a time after",
    ),
    ("清淤。（市水利局、市财政局）", [("水利局", RESPONSIBLE), ("财政局", RESPONSIBLE)], "bodies alone"),
    ("清淤（市水利局负责）。", [("水利局", RESPONSIBLE)], "before the full stop"),
    ("清淤。（市财政局〔国资委〕牵头，市水利局配合）", [("财政局", LEAD), ("水利局", SUPPORT)], "nested"),
    (
        "清淤。（市水利局负责牵头，市财政局等有关部门配合）",
        [("水利局", LEAD), ("财政局", SUPPORT), ("有关部门", SUPPORT)],
        "等",
    ),
    ("清淤。（市水利局会同市财政局负责）", [("水利局", RESPONSIBLE), ("财政局", RESPONSIBLE)], "会同"),
    ("清淤。（由市水利局牵头，各镇人民政府落实）", [("水利局", LEAD), ("各镇人民政府", IMPLEMENT)], "由; 落实"),
    (
        "清淤。（水利部门牵头，公安、城管等部门参与）",
        [("水利局", LEAD), ("公安局", SUPPORT), ("城市管理局", SUPPORT)],
        "stems",
    ),
    (
        "清淤。（市水利局牵头，市财政局、市审计局按职责分工负责）",
        [("水利局", LEAD), ("财政局", RESPONSIBLE), ("审计局", RESPONSIBLE)],
        "rest",
    ),
    ("清淤。（市水利局牵头，2025年6月底前完成）", [("水利局", LEAD)], "a time is no body"),
    ("清淤（含疏浚）、补植（重大项目除外）。", [], "explanations"),
    ("新区（以下简称示范区）建设。（单位：万元）", [], "abbreviation, unit"),
    (
        "清淤。（市水利局、市教育局，相关高校负责）",
        [("水利局", RESPONSIBLE), ("教育局", RESPONSIBLE)],
        "the last unknown",
    ),
    ("清淤。（市水利局负责，市高新区配合）", [("水利局", RESPONSIBLE), ("高新区管理委员会", SUPPORT)], "a zone"),
    ("清淤。（市水利局负责疏浚，市财政局负责拨款）", [("水利局", RESPONSIBLE), ("财政局", RESPONSIBLE)], "duties"),
    (
        "清淤。（各县（市、区）、市直有关单位）",
        [("各县（市、区）人民政府", RESPONSIBLE), ("市直有关单位", RESPONSIBLE)],
        "groups alone",
    ),
    ("清淤。（责任单位：市水利局 市财政局）", [("水利局", RESPONSIBLE), ("财政局", RESPONSIBLE)], "a blank between"),
    (
        "清淤。（市水利局、各街道负责）",
        [("水利局", RESPONSIBLE), ("各街道办事处", RESPONSIBLE)],
        "streets have offices",
    ),
    (
        "清淤。（责任科室：法规科、审批科）",
        [("法规科", RESPONSIBLE), ("审批科", RESPONSIBLE)],
        "any name after a label",
    ),
]


@pytest.mark.parametrize(("text", "expected", "reason"), FORMS)
def test_brackets(text: str, expected: list[tuple[str, str]], reason: str) -> None:
    assert roles(run(text)) == expected, reason


def test_several_brackets_cover_what_stands_before_them() -> None:
    text, document = build("（1）清淤。（市水利局负责）（2）植树。（市林业局负责）")
    one, two = assigned(text, document, CITY).rows[1]
    assert one.covers and two.covers and one.covers[1] == two.covers[0]
    assert bracket_spans(text, document.measures[0]) == [(6, 14), (20, 28)]


def test_one_row_per_body_and_role() -> None:
    out = run("市水利局牵头编制方案。（市水利局牵头，市水利局、财政局配合）")
    assert roles(out) == [("水利局", LEAD), ("水利局", SUPPORT), ("财政局", SUPPORT)]


def test_a_convention_holds_for_all_brackets() -> None:
    out = run("清淤。（市水利局、财政局负责。列第一位者为牵头单位，下同）", "植树。（市林业局、财政局负责）")
    assert roles(out, 2) == [("林业局", LEAD), ("财政局", SUPPORT)]


def test_the_convention_of_the_first_comma() -> None:
    out = run("清淤。（市水利局、财政局，市审计局，第一个逗号前为牵头单位，下同）", "植树。（市林业局，市财政局）")
    assert roles(out) == [("水利局", LEAD), ("财政局", LEAD), ("审计局", SUPPORT)]
    assert roles(out, 2) == [("林业局", LEAD), ("财政局", SUPPORT)]


def test_later_items_may_include_bodies() -> None:
    out = run("清淤。（市水利局负责。以下责任单位均包括各区政府，不再列出）", "植树。（市林业局负责）")
    assert roles(out) == [("水利局", RESPONSIBLE), ("各区人民政府", RESPONSIBLE)]
    assert roles(out, 2) == [("林业局", RESPONSIBLE), ("各区人民政府", RESPONSIBLE)]


CLAUSE = "以下各项任务均需各镇政府、市示范区管委会落实，不再列出"


@pytest.mark.parametrize(
    ("measures", "between", "reason"),
    [
        ([f"清淤。（市水利局牵头；{CLAUSE}）", "植树。（市林业局负责）"], "", "in a bracket"),
        ([f"总则。\n{CLAUSE}。", "植树。（市林业局负责）"], "", "a paragraph of a measure"),
        (["总则。", "植树。（市林业局负责）"], f"{CLAUSE}。", "before all measures"),
    ],
)
def test_clauses_for_all_later_measures(measures: list[str], between: str, reason: str) -> None:
    out = run(*measures, between=between)
    assert roles(out, 2) == [("林业局", RESPONSIBLE), ("各镇人民政府", IMPLEMENT), ("示范区管理委员会", IMPLEMENT)], (
        reason
    )
    assert [r.inherited for r in out.rows[2]] == [False, True, True]
    assert not any(r.inherited for r in out.rows.get(1, []))


def test_what_is_named_is_not_inherited_again() -> None:
    out = run(f"清淤。（市水利局牵头；{CLAUSE}）", "植树。（各镇政府负责）")
    assert [(r.organisation.name, r.inherited) for r in out.rows[2]] == [
        ("各镇人民政府", False),
        ("焦作市示范区管理委员会", True),
    ]


# (text, (name, role), reason)
RUNNING: list[tuple[str, list[tuple[str, str]], str]] = [
    ("市科技局要加强统筹。", [("科学技术局", RESPONSIBLE)], "told to act"),
    ("各县（市、区）要建立台账。", [("各县（市、区）人民政府", IMPLEMENT)], "local governments implement"),
    ("由市水利局牵头，会同市财政局编制规划。", [("水利局", LEAD), ("财政局", RESPONSIBLE)], "leads, together with"),
    ("城管部门负责渣土运输管理。", [("城市管理局", RESPONSIBLE)], "general form"),
    ("住房城乡建设、城管等部门要联合检查。", [("住房和城乡建设局", RESPONSIBLE), ("城市管理局", RESPONSIBLE)], "stems"),
    (
        "市财政局会同市水利局自印发之日起20日内制定细则。",
        [("财政局", RESPONSIBLE), ("水利局", RESPONSIBLE)],
        "a time between",
    ),
    ("市蓝湾养护中心负责日常巡查。", [("蓝湾养护中心", RESPONSIBLE)], "outside the vocabulary"),
    ("1.市民政局：做好认定。", [("民政局", RESPONSIBLE)], "a list of duties"),
    ("县（市、区）人民政府负责日常监管。", [("县（市、区）人民政府", IMPLEMENT)], "levels without a count"),
    (
        "乡（镇）人民政府、街道办事处应当组织巡查。",
        [("乡（镇）人民政府", IMPLEMENT), ("街道办事处", IMPLEMENT)],
        "towns",
    ),
    ("各级各部门要高度重视。", [("各级各部门", RESPONSIBLE)], "departments of every level"),
    ("市水利局牵头，各有关部门配合。", [("水利局", LEAD), ("各有关部门", SUPPORT)], "who only helps"),
    ("国网焦作供电公司要保障用电。", [("国网焦作供电公司", RESPONSIBLE)], "an enterprise told to act"),
    ("市财政局每年安排专项资金。", [("财政局", RESPONSIBLE)], "a rhythm before the verb"),
    ("市级财政给予奖励。", [("财政局", RESPONSIBLE)], "the purse for its bureau"),
    (
        "由体育牵头会同财政部门制定办法。",
        [("体育局", LEAD), ("财政局", SUPPORT)],
        "leads together with: the other helps",
    ),
    ("财政体育部门要专项使用。", [("财政局", RESPONSIBLE), ("体育局", RESPONSIBLE)], "two stems without a mark"),
    ("市水利局应当会同市财政局制定办法。", [("水利局", RESPONSIBLE), ("财政局", RESPONSIBLE)], "应当会同"),
    ("由市水利局核定后公布。", [("水利局", RESPONSIBLE)], "由 with any verb"),
    ("要求各县区于6月底前完成整改。", [("各县区人民政府", IMPLEMENT)], "asked to act"),
    ("各县（市、区）党委、政府要落实责任。", [("各县（市、区）党委、人民政府", IMPLEMENT)], "party and government"),
    (
        "各地区、各部门在编制规划时，应当征求意见。",
        [("各地区", IMPLEMENT), ("各部门", RESPONSIBLE)],
        "a time before 应当",
    ),
    ("各级人民政府、各企事业单位，必须严格执行。", [("各级人民政府", IMPLEMENT)], "a list with others in it"),
    ("到2025年底，各乡镇制定实施方案。", [("各乡镇人民政府", IMPLEMENT)], "a time leads up to the subject"),
    ("检查组对项目提出书面意见。", [("检查组", RESPONSIBLE)], "a group at work, through an object"),
    ("社会保险经办机构核对信息。", [("社会保险经办机构", RESPONSIBLE)], "an agency of the state"),
    ("对拒不改正的，执法部门必须制止。", [("执法部门", RESPONSIBLE)], "a department by what it does"),
    (
        "地方水利部门和其他负有监管职责的部门，每年要公布名录。",
        [("地方水利部门", RESPONSIBLE), ("其他负有监管职责的部门", RESPONSIBLE)],
        "described by its duty",
    ),
    (
        "水利、供水等部门和单位要配合法院落实。",
        [("水利局", SUPPORT), ("供水部门", SUPPORT)],
        "helps with an object; a member outside the vocabulary",
    ),
    (
        "乡镇人民政府、街道办事处要协助做好摸排。",
        [("乡镇人民政府", SUPPORT), ("街道办事处", SUPPORT)],
        "towns that help",
    ),
    ("各部门要密切配合、形成合力。", [("各部门", RESPONSIBLE)], "all work together"),
    (
        "各县区、乡镇（街道）要建立台账。",
        [("各县区人民政府", IMPLEMENT), ("乡镇人民政府（街道办事处）", IMPLEMENT)],
        "two levels",
    ),
    ("各镇街要建立台账。", [("各镇人民政府、街道办事处", IMPLEMENT)], "towns and streets in one word"),
    ("由各社区确定节目。", [("各社区", IMPLEMENT)], "communities"),
    ("示范区、高新区要加快建设。", [("示范区管理委员会", IMPLEMENT), ("高新区管理委员会", IMPLEMENT)], "zones"),
    (
        "市残联、团市委、市妇联要开展帮扶。",
        [("残疾人联合会", RESPONSIBLE), ("共青团焦作市委员会", RESPONSIBLE), ("妇女联合会", RESPONSIBLE)],
        "the league in a list",
    ),
    ("人行焦作市分行要加强引导。", [("中国人民银行焦作市分行", RESPONSIBLE)], "a branch by its head"),
    ("国家税务总局焦作市税务局要落实政策。", [("国家税务总局焦作市税务局", RESPONSIBLE)], "one body with its head"),
    ("领导小组办公室设在市商务局，负责日常工作。", [("领导小组办公室", RESPONSIBLE)], "an office by its seat"),
    ("市财政局认定的项目优先安排。", [], "a relative clause"),
    ("由市体育局承办的赛事要报批。", [], "a relative clause with 由"),
    ("各县（市、区）完成率不低于90%。", [], "a noun behind the verb"),
    ("市级抽查原则上应于12月10日前完成。", [], "no subject"),
    ("近年来，各县（市、区）积极推进改革。", [], "what was"),
    ("各县（市、区）可以制定细则。", [], "may"),
    ("公路管理机构按现行体制不变。", [], "nothing to do"),
    ("医疗机构应当建立病历。", [], "an institution that is regulated"),
    ("由市财政局、市审计局组成检查组。", [], "a roster with 由"),
    ("人民法院需要协助的，市水利局应予支持。", [("水利局", RESPONSIBLE)], "a condition with a body in it"),
    ("鼓励各县（市、区）先行先试。", [], "encouraged"),
    ("定期向市生态环境局报告。", [], "reported to"),
    ("接受市审计局监督。", [], "object"),
    ("市财政局印发的目录继续有效。", [], "a citation"),
    ("组长由市水利局主要负责人担任，成员由市财政局分管领导组成。", [], "a roster"),
    ("施工单位应当设置围挡。", [], "a rule for enterprises"),
    ("市水利局是本市河道管理的主管部门，负责组织实施。", [("水利局", RESPONSIBLE)], "in charge by what it is"),
    ("各区政府是河道整治的责任主体。", [("各区人民政府", IMPLEMENT)], "answerable by what it is"),
    ("市水利局是先进单位。", [], "no charge"),
    ("市水利局每两年对堤防进行评估。", [("水利局", RESPONSIBLE)], "every two years"),
    ("强化市发展改革委牵头抓总作用。", [("发展和改革委员会", LEAD)], "its part is to lead"),
    ("发挥市水利局作用。", [], "no lead"),
    ("市“数字+”专项工作组要加强统筹。", [("“数字+”专项工作组", RESPONSIBLE)], "a working group with a quoted name"),
    ("受理机构：市港口管理服务中心。", [("港口管理服务中心", RESPONSIBLE)], "a label by what the body does"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), RUNNING)
def test_running_text(text: str, expected: list[tuple[str, str]], reason: str) -> None:
    assert roles(run(text)) == expected, reason


def test_a_general_form_is_the_body_of_the_bracket() -> None:
    out = run("城管部门每月通报一次。（市城管局负责）")
    assert roles(out) == [("城市管理局", RESPONSIBLE)]


def test_nobody_in_a_bracket_is_lost() -> None:
    text, document = build("清淤。（某某平台负责，市财政局配合）")
    out = assigned(text, document, CITY)
    assert [text.text[a:b] for a, b, _ in out.unresolved] == ["某某平台"]
    assert roles(out) == [("财政局", SUPPORT)]


def test_the_title_names_the_place_where_no_issuer_does() -> None:
    out = run("修路。（县交通运输局负责）", area=None, title="象州县农村公路方案")
    assert roles(out) == [("象州县交通运输局", RESPONSIBLE)]


def test_national_texts() -> None:
    out = run("推广。（发展改革委、财政部负责，地方各级人民政府落实）", area=NATION)
    assert roles(out) == [
        ("国家发展和改革委员会", RESPONSIBLE),
        ("财政部", RESPONSIBLE),
        ("地方各级人民政府", IMPLEMENT),
    ]


def test_clauses_end_with_their_full_stop() -> None:
    text = f"总则。\n{CLAUSE}。"
    assert [text[b.start : b.end] for b in later_clauses(text, 0, len(text))] == [CLAUSE + "。"]
    assert later_clauses("本条不再列出。", 0, 7) == []


def test_a_body_set_up_is_known_by_its_short_name() -> None:
    first = "成立市绿港工作领导小组（以下简称领导小组），办公室设在市水利局。领导小组负责统筹。"
    out = run(first, "领导小组办公室要每月通报。")
    assert roles(out) == [("绿港工作领导小组", RESPONSIBLE)]
    assert roles(out, 2) == [("绿港工作领导小组办公室", RESPONSIBLE)]


def test_a_body_is_known_by_the_short_name_the_document_gives() -> None:
    out = run(
        "受理机构：市港口管理服务中心（以下简称港管中心）。", "港管中心于每年3月底前完成核查。", "报港管中心备案。"
    )
    assert roles(out) == roles(out, 2) == [("港口管理服务中心", RESPONSIBLE)]
    assert roles(out, 3) == []


def test_the_groups_of_a_government_are_one() -> None:
    out = run("市直有关部门要加强指导。各相关部门要按月报送。各部门要高度重视。")
    assert roles(out) == [("市直有关部门", RESPONSIBLE), ("各部门", RESPONSIBLE)]


def test_beside_a_bracket_a_plain_verb_gives_no_work() -> None:
    assert roles(run("市税务局办理登记。（市水利局负责）")) == [("水利局", RESPONSIBLE)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("各级水利、财政部门要加强监管。", ["各级水利部门", "各级财政部门"]),
        ("各县（市、区）水利、财政部门要加强监管。", ["各县（市、区）水利部门", "各县（市、区）财政部门"]),
        ("各市县水利、财政部门要于每年5月底前报送总结。", ["各市县水利部门", "各市县财政部门"]),
        (
            "县（区）水利部门在公示后5日内，向财政部门提交申请；财政部门于9日内拨付。",
            ["县（区）水利部门", "县（区）财政部门"],
        ),
        ("落实县（市、区）水利部门的监管责任。", []),
        ("涉嫌犯罪的，移交司法机关予以查处。", []),
    ],
)
def test_the_level_of_a_list_holds_for_all_of_it(text: str, names: list[str]) -> None:
    assert [name for name, _ in roles(run(text))] == names


def test_a_body_named_again_is_one_row_and_kept_for_its_tasks() -> None:
    out = run("市水利局要建立台账。各区要加强巡查。市水利局要定期通报情况。")
    assert roles(out) == [("水利局", RESPONSIBLE), ("各区人民政府", IMPLEMENT)]
    assert [r.organisation.name for r in out.again] == ["焦作市水利局"]
