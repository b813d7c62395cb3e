"""A publisher killed with signal 9 at every step: nothing between before and after is seen; the next run mends all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
#: Every so many steps, so that a run of all tests stays short; GONGBAO_EVERY_STEP=1 walks them all.
SCENARIOS = {"first": 7, "again": 7, "another_id": 11, "merging": 23, "out_of_merged": 23, "whole_run": 13}


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where the system has such a folder: the walk copies everything at each step."""
    memory = Path("/dev/shm")
    made = tempfile.mkdtemp(dir=memory if os.access(memory, os.W_OK) else None, prefix="gongbao-test-")
    yield Path(made)
    shutil.rmtree(made)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_killed_at_every_step(scenario: str, folder: Path) -> None:
    every = 1 if os.environ.get("GONGBAO_EVERY_STEP") else SCENARIOS[scenario]
    command = [sys.executable, str(TESTS / "reliability" / "walker.py"), scenario, str(folder), str(every)]
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["faults"] == []
    assert result["steps"] > 150, "the steps are counted"
