"""What importing the library costs and what it must not load."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("prefect", "great_expectations", "pandas", "rich", "flows", "expectations", "fetching", "httpx", "spacy")


def loaded_by(statement: str) -> set[str]:
    """Top-level modules in memory after `statement`, in a Python of its own."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(m.split('.')[0] for m in sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("statement", ["import pipeline", "from pipeline import parse", "import pipeline.cli"])
def test_no_heavy_import(statement: str) -> None:
    assert loaded_by(statement).isdisjoint(HEAVY)


def test_parsing_needs_neither_prefect_nor_great_expectations() -> None:
    statement = "from pipeline import parse\nparse('云海市人民政府公报'.encode(), media_type='text/plain')"
    assert loaded_by(statement).isdisjoint(HEAVY)
