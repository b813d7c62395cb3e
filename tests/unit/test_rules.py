"""Rules as data: each has an id, a note and examples, and does what they say."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.assemble.actions import opening
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
        ("对老旧小区开展摸排", False, True, "a preposition leads to its verb"),
        ("对投资额较大的", False, False, "says who, not what"),
        ("按照分级负责的原则", False, False, "leads up to the action"),
        ("（2）建立问题台账", True, True, "a label stands before the verb"),
        ("面积较大", False, False, "no verb of doing"),
    ],
)
def test_where_actions_begin(text: str, starts: bool, whole: bool, why: str) -> None:
    found = opening(text)
    assert (found.begins, found.acts) == (starts, whole), why
