"""Rules as data: each has an id, a note and examples, and does what they say."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pipeline.assemble.actions import opening
from pipeline.assemble.indicators import each, indicator, pairs
from pipeline.assemble.kinds import Context, _rules, kind_of
from pipeline.find.modality import modality_of, strongest
from pipeline.find.nlp import annotate
from pipeline.find.quantities import find_quantities
from pipeline.rules import rules, subjects

ALL = [(subject, rule) for subject in subjects() for rule in rules(subject)]
MARKED = re.compile(r"⟦(.+?)⟧")


@pytest.mark.parametrize(("subject", "rule"), ALL, ids=[r["id"] for _, r in ALL])
def test_a_rule_names_its_file_and_says_what_it_does(subject: str, rule: dict[str, Any]) -> None:
    assert rule["id"].split(".")[0] in (subject, subject.removesuffix("s"), subject.partition("_")[0])
    assert rule["note"].strip(), f"{rule['id']} has no note"
    assert isinstance(rule["examples"], list) and isinstance(rule["counter_examples"], list)


def test_ids_are_unique() -> None:
    ids = [rule["id"] for _, rule in ALL]
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)


def contexts(marked: str) -> list[Context]:
    """The contexts of the numbers marked ⟦⟧ in a clause."""
    text = marked.replace("⟦", "").replace("⟧", "")
    places, shift = [], 0
    for match in MARKED.finditer(marked):
        places.append((match.start() - shift, match.group(1)))
        shift += 2
    out = []
    for start, printed in places:
        q = next(q for q in find_quantities(text) if q.start == start and printed.startswith(q.printed))
        clause = max(text.rfind("，", 0, q.cue_start) + 1, 0)
        end = text.find("，", q.cue_end)
        end = len(text) if end < 0 else end
        inside = text[clause:end]
        before, after = text[clause : q.cue_start], text[q.cue_end : end] or text[q.cue_end : q.cue_end + 1]
        dated = re.search(r"20\d\d年|年底|全年", text) is not None
        cue, suffix = text[q.cue_start : q.start], text[q.end : q.cue_end]
        out.append(Context(q, before, cue, suffix, after, inside, text, dated))
    return out


KIND_EXAMPLES = [(r["id"], e) for r in rules("kinds") for e in r["examples"]]
KIND_COUNTERS = [(r["id"], e) for r in rules("kinds") for e in r["counter_examples"]]


@pytest.mark.parametrize(("rule", "example"), KIND_EXAMPLES)
def test_kind_rule_decides_its_examples(rule: str, example: str) -> None:
    for context in contexts(example):
        assert kind_of(context)[1] == rule


@pytest.mark.parametrize(("rule", "example"), KIND_COUNTERS)
def test_kind_rule_leaves_its_counter_examples(rule: str, example: str) -> None:
    tests = next(r for r in _rules() if r.id == rule)
    for context in contexts(example):
        assert not tests.fits(context)


def mode(text: str) -> str:
    return strongest(annotate(text).user_data["modality"])


@pytest.mark.parametrize(("rule", "text"), [(r["id"], e) for r in rules("modality") for e in r["examples"]])
def test_modality_examples(rule: str, text: str) -> None:
    assert mode(text) == rule
    assert modality_of(rule)


@pytest.mark.parametrize(("rule", "text"), [(r["id"], e) for r in rules("modality") for e in r["counter_examples"]])
def test_modality_counter_examples(rule: str, text: str) -> None:
    assert mode(text) != rule


def around(marked: str) -> tuple[str, str, Any]:
    text = marked.replace("⟦", "").replace("⟧", "")
    q = next(q for q in find_quantities(text) if marked.index("⟦") <= q.start < marked.index("⟧"))
    segment = text[: q.cue_start].rpartition("，")[2]
    return segment, text[q.cue_end :], q


def test_indicator_rules() -> None:
    for rule in rules("indicators"):
        for marked, expected in rule["examples"]:
            before, after, q = around(marked)
            if rule["id"] == "indicator.paired":
                found = pairs(before, 2)
                assert found and found[0].name == expected
            elif rule["id"] == "indicator.each":
                found = each(before)
                assert found and found[0].name == expected
            elif rule["id"] == "indicator.shared":
                first = indicator("替代比例达到", "", q, None)
                assert indicator("", after, q, first).name == expected
            else:
                found_one = indicator(before, after, q, None)
                assert (found_one.name, found_one.rule) == (expected, rule["id"])


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
