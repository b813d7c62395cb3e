"""The notebook answers its questions from the real issue; without outputs in the repository."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from pipeline import parse
from pipeline.ids import province_of
from pipeline.publish import publish, stage

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs" / "notebooks" / "five-questions.ipynb"
QUESTIONS = 5
_PNG = "import altair as alt; alt.renderers.enable('png')"


def test_it_is_kept_without_outputs() -> None:
    cells = nbformat.read(NOTEBOOK, 4).cells
    assert [c for c in cells if c.cell_type == "code" and (c.outputs or c.execution_count)] == []


def test_it_answers_five_questions_with_a_chart_each(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulletin = parse(shared / "corpus" / "jiaozuo-2024-04.md")
    stage(bulletin.tables(), bulletin.text.text, tmp_path / "staged")
    issue = bulletin.records["issues"][0]
    province = province_of(issue["region_code"])
    publish(tmp_path / "staged", tmp_path / "curated", bulletin.issue_id, province, issue["year"])
    monkeypatch.setenv("GONGBAO_CURATED", str(tmp_path / "curated"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])))
    notebook = nbformat.read(NOTEBOOK, 4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(_PNG))
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    assert sum("image/png" in o.get("data", {}) for o in outputs) == QUESTIONS
    headings = [c.source for c in notebook.cells if c.cell_type == "markdown" and c.source.startswith("## ")]
    assert len(headings) == QUESTIONS
