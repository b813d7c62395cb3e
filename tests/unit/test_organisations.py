"""Organisations: every rule by its own examples, and names of every level by a table of own cases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline.find.organisations import find_organisations, is_body
from pipeline.model import Territory
from pipeline.resolve.bodies import forms, stems
from pipeline.resolve.organisations import NOWHERE, canonical, prefix_of, short_names, user_words
from pipeline.resolve.regions import NATION, territory
from pipeline.rules import load, rules

FILES = ("bodies", "bodies_groups", "bodies_national", "bodies_party", "bodies_vertical")
RULES = [rule for name in FILES for rule in rules(name)]


def at(code: str) -> Territory:
    found = territory(code)
    assert found
    return found


JIAOZUO, SICHUAN, GUANGDONG, XIANGZHOU, XIHU = map(at, ("410800", "510000", "440000", "451322", "330106"))
YUNHAI = Territory("", "云海市", "city")
TOWN = Territory("", "茂林镇", "town")


def _home(rule: dict[str, Any], text: str) -> Territory:
    """Where an example is at home: the nation, a county for 县…, else a city."""
    if rule["id"].startswith("bodies_national"):
        return NATION
    return XIANGZHOU if text.startswith("县") and not text.startswith("县级以上") else JIAOZUO


@pytest.mark.parametrize(("rule", "text"), [(r, e) for r in RULES for e in r["examples"]], ids=str)
def test_rule_examples(rule: dict[str, Any], text: str) -> None:
    assert canonical(text, _home(rule, text))[2] == rule["id"], rule["note"]


@pytest.mark.parametrize(("rule", "text"), [(r, e) for r in RULES for e in r["counter_examples"]], ids=str)
def test_rule_counter_examples(rule: dict[str, Any], text: str) -> None:
    assert canonical(text, JIAOZUO)[2] != rule["id"], rule["note"]


def test_rules_are_told() -> None:
    for rule in RULES:
        assert rule["note"].endswith(".") and rule["examples"], rule["id"]


# (printed, territory, carried over, official name, match, reason)
NAMES: list[tuple[str, Territory, str, str, str, str]] = [
    ("市发展改革委", JIAOZUO, "", "焦作市发展和改革委员会", "alias", "a city's commission"),
    ("焦作市财政局", JIAOZUO, "", "焦作市财政局", "exact", "the full name"),
    ("教育局", JIAOZUO, "市", "焦作市教育局", "elided", "市 carried over a list"),
    ("省住建厅", JIAOZUO, "", "河南省住房和城乡建设厅", "alias", "the province of the city"),
    ("财政厅", JIAOZUO, "市", "河南省财政厅", "elided", "only provinces have 厅"),
    ("科技厅", SICHUAN, "", "四川省科学技术厅", "elided", "a province's department"),
    ("县发改局", XIANGZHOU, "", "象州县发展和改革局", "alias", "a county's bureau"),
    ("县卫健局", XIANGZHOU, "", "象州县卫生健康局", "alias", "局 in a county, 委 above"),
    ("象州生态环境局", XIANGZHOU, "", "来宾市象州生态环境局", "alias", "the city's bureau in a county"),
    ("区住建局", XIHU, "", "杭州市西湖区住房和城乡建设局", "alias", "a district carries its city"),
    ("生态环境部门", JIAOZUO, "", "焦作市生态环境局", "elided", "the general form"),
    ("市场监管部门", JIAOZUO, "", "焦作市市场监督管理局", "elided", "市 of 市场 is no level"),
    ("公安机关", JIAOZUO, "", "焦作市公安局", "elided", "the general form with 机关"),
    ("市国资委", JIAOZUO, "", "焦作市人民政府国有资产监督管理委员会", "alias", "a body of the government's"),
    ("财政局〔国资委〕", JIAOZUO, "市", "焦作市财政局", "elided", "two name boards"),
    ("农村农业局", JIAOZUO, "市", "焦作市农业农村局", "corrected", "characters in another order"),
    ("市市场监管管理局", JIAOZUO, "", "焦作市市场监督管理局", "corrected", "one character too many"),
    ("市委组织部", JIAOZUO, "", "中共焦作市委组织部", "alias", "a party organ"),
    ("组织部", JIAOZUO, "", "中共焦作市委组织部", "elided", "a party organ printed bare"),
    ("市委网信办", JIAOZUO, "", "中共焦作市委网络安全和信息化委员会办公室", "alias", "a party office"),
    ("市纪委监委", JIAOZUO, "", "中共焦作市纪律检查委员会焦作市监察委员会", "alias", "two bodies that sit together"),
    ("团市委", JIAOZUO, "", "共青团焦作市委员会", "alias", "the youth league"),
    ("市总工会", JIAOZUO, "", "焦作市总工会", "alias", "people's organisation"),
    ("残联", JIAOZUO, "市", "焦作市残疾人联合会", "elided", "people's organisation, elided"),
    ("省法院", GUANGDONG, "", "广东省高级人民法院", "alias", "a province's court"),
    ("市法院", JIAOZUO, "", "焦作市中级人民法院", "alias", "a city's court"),
    ("县法院", XIANGZHOU, "", "象州县人民法院", "alias", "a county's court"),
    ("市税务局", JIAOZUO, "", "国家税务总局焦作市税务局", "alias", "managed from the centre"),
    ("人行焦作市分行", JIAOZUO, "", "中国人民银行焦作市分行", "alias", "a short head"),
    ("焦作金融监管分局", JIAOZUO, "", "国家金融监督管理总局焦作监管分局", "alias", "place without its kind"),
    ("邮政局", JIAOZUO, "市", "焦作市邮政管理局", "elided", "managed from the centre, elided"),
    ("国网焦作供电公司", JIAOZUO, "", "国网焦作供电公司", "unknown", "an enterprise stays as printed"),
    ("国家发展改革委", NATION, "", "国家发展和改革委员会", "alias", "national"),
    ("税务总局", JIAOZUO, "", "国家税务总局", "alias", "national in a city's text"),
    ("统计局", NATION, "", "国家统计局", "alias", "a short form that a city has too"),
    ("统计局", JIAOZUO, "", "焦作市统计局", "elided", "the same in a city"),
    ("各县〔市、区〕政府", JIAOZUO, "", "各县（市、区）人民政府", "alias", "a group, 人民政府 written out"),
    ("各区县", at("500000"), "", "各区县人民政府", "alias", "a group by its units"),
    ("地方各级人民政府", NATION, "", "地方各级人民政府", "exact", "a group without a count"),
    ("市级有关部门", JIAOZUO, "", "市级有关部门", "exact", "nameless departments"),
    ("各县（市、区）住建局", JIAOZUO, "", "各县（市、区）住房和城乡建设局", "alias", "the bureaux of many"),
    ("市城乡一体化示范区管委会", JIAOZUO, "", "焦作市城乡一体化示范区管理委员会", "alias", "a zone's committee"),
    ("市蓝湾养护中心", JIAOZUO, "", "焦作市蓝湾养护中心", "unknown", "kept, with the printed level"),
    ("蓝湾养护中心", JIAOZUO, "市", "焦作市蓝湾养护中心", "unknown", "kept, with the level carried over"),
    ("县人社局", JIAOZUO, "", "县人社局", "unknown", "no county to put in: as printed"),
    ("事发地政府", JIAOZUO, "市", "事发地人民政府", "alias", "no government of the city"),
    ("深圳", GUANGDONG, "", "深圳市人民政府", "alias", "a division among bodies is its government"),
    ("市财政局", YUNHAI, "", "云海市财政局", "alias", "a place outside GB/T 2260"),
    ("云海海关", YUNHAI, "", "云海海关", "exact", "its name without 市"),
    ("镇文化服务站", TOWN, "", "茂林镇文化服务站", "unknown", "a town"),
    ("地区财政局", at("654300"), "", "阿勒泰地区财政局", "alias", "地区 is a level"),
    ("行署办公室", at("654300"), "", "阿勒泰地区行政公署办公室", "elided", "the government of a prefecture"),
    ("德宏州财政局", at("530000"), "", "德宏傣族景颇族自治州财政局", "alias", "a prefecture as texts print it"),
    ("阜蒙县财政局", at("210000"), "", "阜新蒙古族自治县财政局", "alias", "a contraction"),
    ("市规划自然资源委", at("110000"), "", "北京市规划和自然资源委员会", "alias", "planning first"),
    ("区公安分局", XIHU, "", "杭州市公安局西湖分局", "alias", "the city's bureau in a district"),
    ("县供电公司", at("410822"), "", "国网博爱县供电公司", "alias", "a county's"),
    ("供电公司", XIANGZHOU, "县", "象州县供电公司", "elided", "not of the State Grid"),
    ("消防救援机构", JIAOZUO, "", "焦作市消防救援支队", "elided", "by level"),
    ("公安机关交通管理部门", JIAOZUO, "", "焦作市公安局交通警察支队", "elided", "by level"),
    ("省级财政部门", SICHUAN, "", "四川省财政厅", "alias", "of a province its one department"),
    ("省级财政部门", NATION, "", "省级财政部门", "exact", "of the nation those of every province"),
    ("组织部门", JIAOZUO, "", "中共焦作市委组织部", "elided", "the general form of a party organ"),
    ("各镇街", JIAOZUO, "", "各镇人民政府、街道办事处", "alias", "towns and streets"),
    ("各乡镇（街道）", JIAOZUO, "", "各乡镇人民政府（街道办事处）", "alias", "towns and streets in brackets"),
    ("重点区域、流域地方政府", NATION, "", "重点区域、流域地方人民政府", "alias", "governments of places described"),
    ("县级以上政府水利部门", NATION, "", "县级以上人民政府水利部门", "alias", "departments of governments"),
    ("各市、州、县住建局", at("420000"), "", "各市、州、县住房和城乡建设局", "alias", "bureaux of several levels"),
    ("各旗县市（区）", at("152500"), "", "各旗县市（区）人民政府", "alias", "banners"),
    ("石龙镇", XIANGZHOU, "", "石龙镇人民政府", "alias", "a town among bodies is its government"),
    ("路政管理部门", JIAOZUO, "", "路政管理部门", "unknown", "no misprint of 邮政管理部门"),
    ("国家税务总局焦作市税务局", JIAOZUO, "", "国家税务总局焦作市税务局", "exact", "head and all"),
    ("区发改经信局", XIHU, "", "杭州市西湖区发展改革和经济信息化局", "alias", "a merged bureau"),
    ("民航四川监管局", SICHUAN, "省", "民航四川监管局", "unknown", "its own name holds the place"),
    ("县人大办", XIANGZHOU, "", "象州县人民代表大会常务委员会办公室", "alias", "the office of the congress"),
    ("市财政局", NOWHERE, "", "市财政局", "exact", "nobody knows the city"),
]


@pytest.mark.parametrize(("printed", "area", "carried", "name", "match", "reason"), NAMES)
def test_official_names(printed: str, area: Territory, carried: str, name: str, match: str, reason: str) -> None:
    org, how, rule = canonical(printed, area, None, carried)
    assert (org.name, how) == (name, match), reason
    assert rule and org.org_id


@pytest.mark.parametrize(
    ("printed", "on", "name"),
    [
        ("银保监会", date(2020, 7, 1), "中国银行保险监督管理委员会"),
        ("发展改革委", date(2020, 7, 1), "国家发展和改革委员会"),
        ("国家卫生计生委", date(2016, 1, 1), "国家卫生和计划生育委员会"),
        ("环境保护部", date(2014, 1, 1), "环境保护部"),
        ("国家计委", date(1990, 12, 5), "国家计划委员会"),
        ("国家计委", date(2001, 5, 5), "国家发展计划委员会"),
        ("国家环保局", date(1990, 12, 5), "国家环境保护局"),
        ("环保总局", date(2001, 5, 5), "国家环境保护总局"),
        ("外经贸部", date(2001, 5, 5), "对外贸易经济合作部"),
        ("广电总局", date(2009, 1, 1), "国家广播电影电视总局"),
        ("广电总局", date(2020, 1, 1), "国家广播电视总局"),
    ],
)
def test_national_names_at_the_time(printed: str, on: date, name: str) -> None:
    assert canonical(printed, NATION, on)[0].name == name


def test_name_of_the_time_for_centrally_managed_bodies() -> None:
    before, after = (canonical("市人民银行", JIAOZUO, day)[0].name for day in (date(2023, 1, 1), date(2024, 1, 1)))
    assert (before, after) == ("中国人民银行焦作市中心支行", "中国人民银行焦作市分行")


@pytest.mark.parametrize(
    ("printed", "before", "after"),
    [
        ("市环保局", "焦作市环境保护局", "焦作市生态环境局"),
        ("环保部门", "焦作市环境保护局", "焦作市生态环境局"),
        ("市卫计委", "焦作市卫生和计划生育委员会", "焦作市卫生健康委员会"),
        ("市扶贫办", "焦作市扶贫开发办公室", "焦作市乡村振兴局"),
        ("市国税局", "焦作市国家税务局", "国家税务总局焦作市税务局"),
        ("银保监分局", "中国银行保险监督管理委员会焦作监管分局", "国家金融监督管理总局焦作监管分局"),
        ("市国土局", "焦作市国土资源局", "焦作市国土资源局"),  # its heirs have many names
    ],
)
def test_heirs_of_the_reforms(printed: str, before: str, after: str) -> None:
    names = [canonical(printed, JIAOZUO, day)[0].name for day in (date(2017, 5, 1), date(2024, 5, 1))]
    assert names == [before, after]


def test_ids_are_stable_and_tell_places_apart() -> None:
    one, same = canonical("市财政局", JIAOZUO)[0], canonical("财政局", JIAOZUO, None, "市")[0]
    assert one.org_id == same.org_id and one.org_id.startswith("410800:")
    unlisted = canonical("市财政局", YUNHAI)[0]
    assert unlisted.org_id.startswith("yunhaishi:") and unlisted.region_code is None
    assert canonical("市财政局", NOWHERE)[0].org_id.startswith("999999:")


@pytest.mark.parametrize(
    ("printed", "level"),
    [("市科技局", "市"), ("省财政厅", "省"), ("市场监管局", ""), ("财政局", ""), ("县级路长办公室", "")],
)
def test_level_words(printed: str, level: str) -> None:
    assert prefix_of(printed) == level


@pytest.mark.parametrize(
    ("printed", "area", "some"),
    [
        ("市发展改革委", JIAOZUO, {"发改委", "发展改革委"}),
        ("市税务局", JIAOZUO, {"税务局"}),
        ("国家发展改革委", NATION, {"发改委", "国家发改委"}),
        ("市国资委", YUNHAI, {"国资委"}),
        ("市蓝湾养护中心", JIAOZUO, set()),
    ],
)
def test_short_names(printed: str, area: Territory, some: set[str]) -> None:
    org = canonical(printed, area)[0]
    found = short_names(org)
    assert some <= set(found) and org.name not in found
    assert found == sorted(found, key=lambda f: (-len(f), f))


# (text, mentions, reason)
MENTIONS: list[tuple[str, list[str], str]] = [
    ("市水利局会同市财政局制定办法", ["市水利局", "市财政局"], "会同 is no county here"),
    ("各县（市、区）政府要抓好整改", ["各县（市、区）政府"], "a group with its brackets"),
    ("住房城乡建设、城管等部门要联动", ["住房城乡建设", "城管"], "stems before 等部门"),
    ("市财政局局长主持会议", ["市财政局"], "局长 is a person, the bureau's name stands there all the same"),
    ("财政部落实资金", ["财政部"], "落实 is no 部落"),
    ("工作部署、办法、委员", [], "other words that end alike"),
    ("各级生态环境部门应当公开信息", ["各级生态环境部门"], "departments of every level"),
    ("各区人社局应与经办窗口对接", ["各区人社局"], "the bureaux of many"),
    ("由市蓝湾养护中心负责巡护", ["市蓝湾养护中心"], "outside the vocabulary, with a duty"),
    ("市防尘专班办公室（市城管局）每月通报", ["市防尘专班办公室（市城管局）"], "an office with its host"),
    ("临港新区管委会负责", ["临港新区管委会"], "a committee"),
]


@pytest.mark.parametrize(("text", "printed", "reason"), MENTIONS)
def test_mentions(text: str, printed: list[str], reason: str) -> None:
    found = find_organisations(text, within=JIAOZUO)
    assert [m.printed for m in found] == printed, reason
    assert all(text[m.start : m.end] == m.printed for m in found)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("市水利局", True),
        ("各镇人民政府", True),
        ("某某运营公司", True),
        ("含氧化锌", False),
        ("重大项目", False),
        ("社会资本", False),
        ("局", False),
    ],
)
def test_shape_of_a_body(name: str, expected: bool) -> None:
    assert is_body(name) is expected


def test_vocabulary_is_consistent() -> None:
    """Every department's stem has a suffix for each level, every form finds a body."""
    for stem, (official, suffixes) in stems().items():
        assert len(suffixes) == 3 and stem and official
    unknown = [f for f in load("bodies")["institutions"] if canonical(f, JIAOZUO)[1] == "unknown"]
    assert not unknown
    assert "发改委" in forms()


def test_words_for_a_segmenter() -> None:
    words = list(user_words())
    assert {tag for _, _, tag in words} == {"nt"} and len(words) == len({w for w, _, _ in words})
