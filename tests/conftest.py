"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("GONGBAO_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real bulletins beside the checkout; tests that need it skip without."""
    if not (SHARED / "corpus").is_dir():
        pytest.skip("needs ../shared (real bulletins, not part of this repository)")
    return SHARED
