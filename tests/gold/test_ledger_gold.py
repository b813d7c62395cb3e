"""Nothing is lost in silence, on every real text at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import parse
from tests.conftest import SHARED
from tests.ledger import figures_lost, words_lost

TEXTS = sorted((SHARED / "corpus").glob("wild/*.txt")) + sorted((SHARED / "corpus").glob("*-*.[mt][dx]*"))
MISSING = [] if TEXTS else [pytest.param(None, marks=pytest.mark.skip(reason="needs ../shared"))]


@pytest.mark.parametrize("path", TEXTS or MISSING, ids=lambda p: p.name if p else "none")
def test_words_figures_and_quotes(path: Path) -> None:
    bulletin = parse(path)
    text = bulletin.text.text
    assert words_lost(bulletin) == []
    assert figures_lost(bulletin) == []
    for table, rows in bulletin.records.items():
        for row in rows:
            if row.get("char_start") is not None:
                assert text[row["char_start"] : row["char_end"]] == row["quote"], table
    tables = bulletin.tables()
    for name in ("measures", "tasks", "targets", "deadlines", "responsibilities", "residuals"):
        keys = tables[name].column(0).to_pylist()
        assert len(keys) == len(set(keys)), name
