"""Arithmetic of annex tables and of the text against them, as expectations over a frame of findings."""

from __future__ import annotations

from typing import Any

from expectations.engine import Engine
from expectations.staged import Staged


def rows(_engine: Engine, _staged: Staged) -> list[dict[str, Any]]:
    """Rows of `checks`, one for each relation that was tried; none where the issue has no table."""
    return []
