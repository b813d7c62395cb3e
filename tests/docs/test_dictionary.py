"""docs/data-dictionary.md is what the schemas make."""

from __future__ import annotations

import re
from pathlib import Path

from schemas import tables, views
from schemas.__main__ import main
from schemas.dictionary import data_dictionary

PATH = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_dictionary_is_current() -> None:
    assert PATH.read_text(encoding="utf-8") == data_dictionary(), "run: python -m schemas"


def test_dictionary_has_every_column() -> None:
    text = data_dictionary()
    for definition in (*tables(), *views()):
        assert f"\n## {definition.name}\n" in text
        for column in definition.columns:
            assert f"`{column.name}`" in text


def test_links_lead_somewhere() -> None:
    text = data_dictionary()
    anchors = {
        re.sub(r"[^\w\- ]", "", h).strip().lower().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.M)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


def test_main_writes_the_file(tmp_path: Path) -> None:
    assert main([str(tmp_path / "d.md")]) == 0
    assert (tmp_path / "d.md").read_text(encoding="utf-8") == data_dictionary()
    assert main([str(tmp_path / "no" / "d.md")]) == 2
