"""The second gold: well formed, grounded in its texts, and counted as the score counts."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.quality import baseline
from benchmarks.quality.texts import SECOND, gold_texts
from benchmarks.quality.verdicts import ATTRIBUTES, Judged, Verdict, judge
from pipeline import parse

FILES = sorted(SECOND.glob("*.json"))
LAYERS = ("documents", "measures", "departments", "departments+role", "quantities", "timings", "actions", "cells")


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_holds_no_sentences(path: Path) -> None:
    gold = json.loads(path.read_text("utf-8"))
    measures = [m for d in gold["documents"] for m in d["measures"]]
    assert all(len(s) <= 40 and "。" not in s for m in measures for s in strings(m))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_quotes_stand_in_their_texts(path: Path, shared: Path) -> None:
    spec = importlib.util.spec_from_file_location("check_gold", shared / "check_gold.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    gold = json.loads(path.read_text("utf-8"))
    source = shared / "corpus" / "wild" / gold["source"]
    text = source.read_text("utf-8") if source.suffix == ".txt" else parse(source).text.text
    assert list(module.problems(gold, text)) == []


@pytest.fixture(scope="module")
def judged(shared: Path) -> list[Judged]:
    return [judge(text) for text in gold_texts()]


def test_verdicts_add_up_to_the_score(judged: list[Judged]) -> None:
    for one in judged:
        mine = [v for v in one.verdicts if not v.extra]
        for layer in LAYERS:
            right = sum(v.right for v in mine if v.layer == layer)
            wrong = sum(not v.right for v in mine if v.layer == layer)
            assert (right, wrong) == (one.tally.tp[layer], one.tally.fn[layer]), (one.text.stem, layer)
        for name in ATTRIBUTES:
            assert sum(v.right for v in mine if v.layer == name) == one.tally.right[name], (one.text.stem, name)
        assert len({v.key for v in one.verdicts}) == len(one.verdicts), "keys tell fields apart"


def test_gained_and_lost(judged: list[Judged]) -> None:
    one = max(judged, key=lambda j: len(j.verdicts))
    now = baseline.measure(judged)
    assert baseline.changes(now, one) == ([], [])
    fine = next(v for v in one.verdicts if v.right and v.quote)
    kept = {"texts": {one.text.stem: {"wrong": fine.key, "extra": ""}}}
    gained, _ = baseline.changes(kept, one)
    assert gained == [fine]
    assert fine.quote in baseline.sentence(one.text, fine)


def test_a_drop_is_named() -> None:
    kept = {"groups": {"second": {"goals": {"f1": 0.9}, "timings": {"f1": 0.9}}}}
    now = {"groups": {"second": {"goals": {"f1": 0.8975}, "timings": {"f1": 0.8965}}}}
    assert baseline.drops(kept, now) == ["second gold, timings: 0.9000 → 0.8965"]
    assert baseline.drops(kept, {"groups": {}}) != [], "a layer that is gone has dropped"


def test_words_that_are_not_found_have_no_sentence(judged: list[Judged]) -> None:
    lost = Verdict("0", "quantities", False, "", "", "没有这句话")
    assert baseline.sentence(judged[0].text, lost) == ""
