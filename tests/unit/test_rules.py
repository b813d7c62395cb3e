"""Rules as data: each has an id, a note and examples, and does what they say."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.assemble.actions import Section, no_action, provision, section
from pipeline.assemble.heads import head_of
from pipeline.assemble.openings import opening
from pipeline.find.modality import modality_of, strongest
from pipeline.find.nlp import annotate
from pipeline.rules import rules, subjects

ALL = [(subject, rule) for subject in subjects() for rule in rules(subject)]


@pytest.mark.parametrize(("subject", "rule"), ALL, ids=[r["id"] for _, r in ALL])
def test_a_rule_names_its_file_and_says_what_it_does(subject: str, rule: dict[str, Any]) -> None:
    assert rule["id"].split(".")[0] in (subject, subject.removesuffix("s"), subject.partition("_")[0])
    assert rule["note"].strip(), f"{rule['id']} has no note"
    assert isinstance(rule["examples"], list) and isinstance(rule["counter_examples"], list)


def test_ids_are_unique() -> None:
    ids = [rule["id"] for _, rule in ALL]
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)


def mode(text: str) -> str:
    return strongest(annotate(text).user_data["modality"])


@pytest.mark.parametrize(("rule", "text"), [(r["id"], e) for r in rules("modality") for e in r["examples"]])
def test_modality_examples(rule: str, text: str) -> None:
    assert mode(text) == rule
    assert modality_of(rule)


@pytest.mark.parametrize(("rule", "text"), [(r["id"], e) for r in rules("modality") for e in r["counter_examples"]])
def test_modality_counter_examples(rule: str, text: str) -> None:
    assert mode(text) != rule


@pytest.mark.parametrize(
    ("text", "starts", "whole", "why"),
    [
        ("积极稳妥推进管网改造", True, True, "adverbs before the verb"),
        ("确保按期完成", False, True, "a purpose goes on with the action before it"),
        ("对老旧小区开展摸排", True, True, "a preposition leads to its verb"),
        ("对投资额较大的", False, False, "says who, not what"),
        ("按照分级负责的原则", False, False, "leads up to the action"),
        ("（2）建立问题台账", True, True, "a label stands before the verb"),
        ("面积较大", False, False, "no verb of doing"),
        ("围绕先进制造等领域", False, False, "a preposition and a noun lead up to the action"),
        ("定期对台账进行核对", True, True, "an adverb before a preposition"),
        ("逐步实现就近利用", False, True, "a verb of result behind an adverb"),
        ("推动设施提质增效", True, True, "a causative of things needs no second verb"),
        ("鼓励有条件的地方", True, False, "a causative of bodies does"),
        ("申请补贴的家庭", False, False, "to whom a rule applies"),
        ("或者未按要求备案的", False, False, "goes on with the condition before it"),
    ],
)
def test_where_actions_begin(text: str, starts: bool, whole: bool, why: str) -> None:
    found = opening(text)
    assert (found.begins, found.acts) == (starts, whole), why


@pytest.mark.parametrize(("rule", "text"), [(r["id"], e) for r in rules("heads") for e in r["examples"]])
def test_heads_of_lists(rule: str, text: str) -> None:
    found = head_of(text)
    assert found and found.rule == rule


@pytest.mark.parametrize(("rule", "text"), [(r["id"], e) for r in rules("heads") for e in r["counter_examples"]])
def test_what_is_no_such_head(rule: str, text: str) -> None:
    found = head_of(text)
    assert found is None or found.rule != rule


NONE = [r for r in rules("actions") if "pattern" in r]


def says(text: str) -> tuple[str | None, str | None]:
    return no_action(text), provision(text)


@pytest.mark.parametrize(("rule", "text"), [(r["id"], e) for r in NONE for e in r["examples"]])
def test_clauses_that_state_no_action(rule: str, text: str) -> None:
    assert rule in says(text)


@pytest.mark.parametrize(("rule", "text"), [(r["id"], e) for r in NONE for e in r["counter_examples"]])
def test_clauses_that_may_state_one(rule: str, text: str) -> None:
    assert rule not in says(text)


SECTIONS = {
    "action.preamble": Section.PREAMBLE,
    "action.retrospect": Section.RETROSPECT,
    "action.listed": Section.LISTED,
}


@pytest.mark.parametrize(("rule", "kind"), SECTIONS.items())
def test_sections(rule: str, kind: Section) -> None:
    entry = next(r for r in rules("actions") if r["id"] == rule)
    assert all(section(t) is kind for t in entry["examples"])
    assert all(section(t) is not kind for t in entry["counter_examples"])


ACTS = {"action.imperative", "action.continues", "action.subject"}


@pytest.mark.parametrize("rule", [r for r in rules("actions") if r["id"] in ACTS], ids=lambda r: r["id"])
def test_openings(rule: dict[str, Any]) -> None:
    assert all(opening(e).acts for e in rule["examples"])
    if rule["id"] == "action.continues":
        assert not any(opening(e).begins for e in rule["examples"])
        assert all(opening(e).begins for e in rule["counter_examples"])
    else:
        assert not any(opening(e).acts for e in rule["counter_examples"])


@pytest.mark.parametrize(
    ("text", "whole", "why"),
    [
        ("对获得投资的项目", False, "a verb inside 的 is no predicate"),
        ("依托开放创新中心", False, "leads up"),
        ("鼓励银行针对企业特点", False, "a causative waits for its verb"),
        ("支持园区建设平台", True, "a causative with its verb"),
        ("对98家企业开展诊断", True, "a preposition and its predicate"),
        ("压减审批办理时间", True, "an end in 间 leads up only behind a preposition"),
        ("在审批办理期间", False, "so here it does"),
        ("完善统计方法", True, "nor an end in 方法"),
        ("财政局负责资金拨付", True, "a body and its verb"),
        ("城市绿地率较高", False, "no body"),
    ],
)
def test_what_is_stated_in_full(text: str, whole: bool, why: str) -> None:
    assert opening(text).acts is whole, why
