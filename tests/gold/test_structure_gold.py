"""Documents and measures against the annotations."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.model import Outline
from pipeline.read import read
from pipeline.structure import outline
from pipeline.text import canonical


def _score(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _golds(shared: Path) -> list[dict]:  # type: ignore[type-arg]
    golds = [json.loads(p.read_text(encoding="utf-8")) for p in sorted((shared / "gold").glob("*.json"))]
    return [g for g in golds if "documents" in g]


def _outline(shared: Path, gold: dict) -> Outline:  # type: ignore[type-arg]
    return outline(canonical(read(shared / "corpus" / gold["source"])))


def test_documents_and_measures(shared: Path) -> None:
    score = _score(shared)
    for gold in _golds(shared):
        found = _outline(shared, gold)
        rows = [
            {
                "doc_number": d.doc_number,
                "title": d.title,
                "notice_title": d.notice_title,
                "issuer": d.issuer,
                "written_on": d.written_on,
                "d": d,
            }
            for d in found.documents
        ]
        tally = score.Tally()
        pairs = score.match_documents(gold["documents"], rows, tally, gold["source"])
        assert not tally.misses
        assert len(rows) == len(gold["documents"])
        for want, row in pairs:
            measures = [{"label": m.label, "title": m.title, "parent": m.parent} for m in row["d"].measures]
            matched, extra = score.match_measures(want["measures"], measures)
            assert all(m is not None for _, m in matched), gold["source"]
            assert not extra
            assert [score.squeeze(m["parent"]) for _, m in matched] == [
                score.squeeze(g.get("parent")) for g, _ in matched
            ]


def test_masthead(shared: Path) -> None:
    for gold in _golds(shared):
        masthead = _outline(shared, gold).masthead
        want = gold["issue"] or {}
        for name in ("gazette", "year", "issue_no", "total_no"):
            assert getattr(masthead, name) == want.get(name)
        assert str(masthead.published_on or None) == str(want.get("published_on"))


def test_annexes(shared: Path) -> None:
    path = shared / "gold" / "jiaozuo-2024-04.tables.json"
    if not path.exists():
        pytest.skip("no gold tables")
    want = [(t["annex"], t["title"]) for t in json.loads(path.read_text(encoding="utf-8"))["tables"]]
    found = outline(canonical(read(shared / "corpus" / "jiaozuo-2024-04.md")))
    assert [(t.annex_no, t.title) for d in found.documents for t in d.tables] == want
