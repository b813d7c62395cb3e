"""Organisations hold on any text: no error, spans in place, time linear in the text."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.assemble.responsibilities import assigned
from pipeline.assemble.roles import read
from pipeline.find.brackets import responsibility_brackets
from pipeline.find.organisations import find_organisations
from pipeline.model import Document, Measure, Source, Territory, Text
from pipeline.resolve.organisations import canonical, short_names
from pipeline.resolve.regions import NATION, territory, territory_of, territory_of_doc_number, territory_of_title

city = territory("410800")
assert city
AREAS = [NATION, city, Territory("", "云海市", "city"), Territory("", "", "city"), Territory("", "茂林镇", "town")]

PIECES = [
    *(
        "市",
        "省",
        "县",
        "各",
        "各级",
        "（",
        "）",
        "〔",
        "〕",
        "[",
        "、",
        "，",
        "；",
        "。",
        "：",
        "\n",
        " ",
        "和",
        "会同",
    ),
    *(
        "财政局",
        "市发展改革委",
        "农村农业局",
        "市委组织部",
        "人行焦作市分行",
        "各县（市、区）政府",
        "有关部门",
        "等部门",
    ),
    *("牵头", "配合", "负责", "落实", "按职责分工负责", "责任单位：", "牵头部门：", "完成时限：", "要", "应当", "由"),
    *(
        "列第一位的为牵头单位，下同",
        "以下各项任务均需",
        "不再列出",
        "城管",
        "公司",
        "某某平台",
        "云海",
        "焦作市",
        "2025年",
    ),
    *("办公室", "领导小组", "管委会", "1.", "团市委", "《", "》", "Ａ"),
]
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join)
areas = st.sampled_from(AREAS)


def build(text: str) -> tuple[Text, Document]:
    """The text as one document of two measures."""
    half = len(text) // 2
    measures = (Measure(1, "", (), "", "1", 0, half, 0), Measure(2, "", (), "", "2", half, len(text), half))
    source = Source("own.txt", "0" * 64, "text/plain", ())
    return Text(text, (), (), (), source), Document(1, 0, len(text), 0, 0, measures=measures)


@given(texts, areas)
@settings(max_examples=300, deadline=None)
def test_any_text(text: str, area: Territory) -> None:
    whole, document = build(text)
    out = assigned(whole, document, area)
    for rows in out.rows.values():
        keys = [(r.organisation.name, r.role) for r in rows]
        assert len(keys) == len(set(keys))
        for r in rows:
            assert 0 <= r.start < r.end <= len(text) and text[r.start : r.end] == r.printed
            assert r.organisation.name and r.organisation.org_id and r.rule
    for start, end in out.brackets:
        assert 0 <= start < end <= len(text)
    assert all(text[a:b].strip() for a, b, _ in out.unresolved)


@given(texts, areas)
@settings(max_examples=200, deadline=None)
def test_mentions_are_in_order_and_in_place(text: str, area: Territory) -> None:
    last = 0
    for m in find_organisations(text, within=area):
        assert last <= m.start < m.end and text[m.start : m.end] == m.printed
        last = m.end


@given(texts, areas, st.sampled_from(["", "市", "省", "县"]))
@settings(max_examples=300, deadline=None)
def test_any_name(text: str, area: Territory, carried: str) -> None:
    org, match, rule = canonical(text, area, None, carried)
    assert (org, match, rule) == canonical(text, area, None, carried)
    assert match in ("exact", "alias", "elided", "corrected", "unknown") and rule
    assert org.name not in short_names(org)
    territory_of(text), territory_of_title(text), territory_of_doc_number(text)


BODIES = ["市财政局", "各镇人民政府", "某某平台", "市委组织部", "县民政局", "人行焦作市分行"]


@given(st.lists(st.sampled_from(BODIES), min_size=1, max_size=8), st.sampled_from(["负责", "牵头", "配合", "落实"]))
@settings(max_examples=100, deadline=None)
def test_every_name_of_a_bracket_is_in_a_row_or_left_over(names: list[str], verb: str) -> None:
    text = f"清淤。（市水利局、{'、'.join(names)}{verb}）"
    one = Measure(1, "", (), "", "1", 0, len(text), 0)
    out = assigned(build(text)[0], Document(1, 0, len(text), 0, 0, measures=(one,)), city)
    rows = {r.printed for r in out.rows[1]}
    left = {text[a:b] for a, b, _ in out.unresolved}
    assert set(names) <= rows | left


SHAPES = [
    "市财政局、",
    "（",
    "（市财政局",
    "（）",
    "各",
    "各县",
    "各县（",
    "各县、",
    "市",
    "局",
    "委",
    "责任单位：",
    "责任单位：市财政局",
    "：",
    "等部门",
    "城管、",
    "市财政局和",
    "责任单位：" + "市财政局和" * 30_000,
    "会同",
    "牵头",
    "（市财政局牵头）",
    "以下各项任务均需市财政局落实，不再列出。",
    "不再列出",
    "牵头单位，",
    "市财政局要",
    "市某某公司负责",
    "管委会",
    "一",
    " ",
    "\n",
    "1.",
]
READERS: list[Callable[[str], object]] = [
    lambda text: assigned(*build(text), city),
    lambda text: find_organisations(text, within=city),
    lambda text: [read(text, b) for b in responsibility_brackets(text)],
    lambda text: canonical(text, city),
    territory_of,
    territory_of_title,
]


@pytest.mark.parametrize("shape", SHAPES)
def test_linear(shape: str) -> None:
    text = (shape * (100_000 // len(shape) + 1))[:100_000]
    for reader in READERS:
        start = time.process_time()
        reader(text)
        assert time.process_time() - start < 5, shape
