"""On the path of all processes of a test: each parses as `stand_in` does, and a worker dies of issue 990199-2025-01."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import stand_in

import expectations
import pipeline

DEADLY = "990199-2025-01"
whole = expectations.validate_all


def validate_all(folders: Sequence[Path]) -> Any:
    import pyarrow.parquet as pq

    for folder in folders:
        if pq.read_table(folder / "issues.parquet")["issue_id"][0].as_py() == DEADLY:
            os.kill(os.getpid(), 9)
    return whole(folders)


pipeline.parse = stand_in.parse  # type: ignore[attr-defined]
expectations.validate_all = validate_all
