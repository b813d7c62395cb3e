"""Regions: rules by their examples; names, issuers, titles and document numbers to territories."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.model import Territory
from pipeline.resolve.regions import (
    NATION,
    match_prefix,
    official_prefix,
    parent,
    region_code,
    stem,
    territory,
    territory_of,
    territory_of_doc_number,
    territory_of_title,
)
from pipeline.rules import rules

READS = {"regions.issuer": territory_of, "regions.number": territory_of_doc_number, "regions.title": territory_of_title}
RULES = rules("regions")


def at(code: str) -> Territory:
    found = territory(code)
    assert found
    return found


@pytest.mark.parametrize(("rule", "text"), [(r, e) for r in RULES for e in r["examples"]], ids=str)
def test_rule_examples(rule: dict[str, Any], text: str) -> None:
    assert READS[rule["id"]](text) is not None, rule["note"]


@pytest.mark.parametrize(("rule", "text"), [(r, e) for r in RULES for e in r["counter_examples"]], ids=str)
def test_rule_counter_examples(rule: dict[str, Any], text: str) -> None:
    assert READS[rule["id"]](text) is None, rule["note"]


# (issuer, code and name, reason)
ISSUERS: list[tuple[str, tuple[str, str] | None, str]] = [
    ("焦作市人民政府", ("410800", "焦作市"), "a city"),
    ("河南省焦作市人民政府办公室", ("410800", "焦作市"), "the innermost name"),
    ("上海市浦东新区人民政府", ("310115", "浦东新区"), "a district of a municipality"),
    ("象州县人民政府办公室", ("451322", "象州县"), "a county"),
    ("广西壮族自治区人民政府", ("450000", "广西壮族自治区"), "an autonomous region"),
    ("中共四川省委办公厅", ("510000", "四川省"), "the party's committee"),
    ("国务院办公厅", ("000000", ""), "the nation"),
    ("财政部 税务总局", ("000000", ""), "ministries"),
    ("国家税务总局焦作市税务局", ("410800", "焦作市"), "a branch answers for its place"),
    ("国家税务总局", ("000000", ""), "the head itself for the nation"),
    ("云海市人民政府", ("", "云海市"), "not in GB/T 2260: by its name"),
    ("云海市人民政府公报", ("", "云海市"), "the name of a gazette"),
    ("清湾县财政局", ("", "清湾县"), "an unlisted county"),
    ("茂林镇党政办公室", ("", "茂林镇"), "a town without its county"),
    ("玉州区茂林镇人民政府", ("450902", "茂林镇"), "a town in its county"),
    ("市政府办公室", None, "a level, no name"),
    ("城市管理局", None, "城市 is no city"),
    ("各区人民政府", None, "a group"),
    ("高新区管委会", None, "a functional zone"),
    ("本市人民政府", None, "this city, whichever it is"),
    ("", None, "nothing"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), ISSUERS)
def test_issuers(text: str, expected: tuple[str, str] | None, reason: str) -> None:
    found = territory_of(text)
    assert (found and (found.code, found.name)) == expected, reason


# (title, name, reason)
TITLES: list[tuple[str, str | None, str]] = [
    ("象州县农村公路养护方案", "象州县", "a listed county"),
    ("《苏州市数字乡村行动计划》", "苏州市", "in title marks"),
    ("云海市绿色港城方案", "云海市", "an unlisted city"),
    ("茂林镇2021年巡回演出方案", "茂林镇", "a town"),
    ("城市更新行动方案", None, "an ordinary word"),
    ("老旧小区改造方案", None, "an ordinary word"),
    ("特色小镇建设方案", None, "an ordinary word"),
    ("关于加强城市管理的通知", None, "an act"),
    ("经济开发区管理办法", None, "a zone of no name"),
    ("数字乡村建设方案", None, "an ordinary word"),
]


@pytest.mark.parametrize(("title", "name", "reason"), TITLES)
def test_titles(title: str, name: str | None, reason: str) -> None:
    found = territory_of_title(title)
    assert (found and found.name) == name, reason


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("焦政〔2024〕11号", "410800"),
        ("豫政办〔2023〕5号", "410000"),
        ("国办发〔2020〕24号", "000000"),
        ("穗府办〔2024〕3号", "440100"),
        ("第5号", None),
        ("", None),
    ],
)
def test_document_numbers(number: str, code: str | None) -> None:
    found = territory_of_doc_number(number)
    assert (found and found.code) == code


@pytest.mark.parametrize(
    ("name", "within", "code"),
    [
        ("沁阳市", "410800", "410882"),
        ("沁阳", "410800", "410882"),
        ("朝阳区", "110000", "110105"),
        ("示范区", "410800", None),
        ("沁阳市", "510000", None),
    ],
)
def test_region_codes(name: str, within: str, code: str | None) -> None:
    assert region_code(name, at(within)) == code


def test_ordinary_words_are_no_counties_elsewhere() -> None:
    assert match_prefix("会同县公安局", at("451322")) is None
    assert match_prefix("会同县公安局", NATION) is None
    found = match_prefix("会同县公安局", at("430000"))
    assert found and found[0].name == "会同县"


def test_levels_and_parents() -> None:
    county = at("451322")
    city = parent(county)
    assert city and city.name == "来宾市"
    province = parent(city)
    assert province and province.code == "450000" and parent(province) is None
    assert parent(Territory("", "茂林镇", "town")) is None
    assert territory("999999") is None and territory("000000") == NATION


@pytest.mark.parametrize(
    ("area", "prefix", "short"),
    [
        (at("410800"), "焦作市", "焦作"),
        (at("450000"), "广西壮族自治区", "广西"),
        (at("330106"), "杭州市西湖区", "西湖"),
        (at("310115"), "上海市浦东新区", "浦东"),
        (Territory("", "云海市", "city"), "云海市", "云海"),
    ],
)
def test_prefix_and_stem(area: Territory, prefix: str, short: str) -> None:
    assert (official_prefix(area), stem(area)) == (prefix, short)
