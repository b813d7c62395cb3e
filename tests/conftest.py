"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.read import ocr

OCR_INSTALLED = ocr.available()

SHARED = Path(os.environ.get("GONGBAO_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real bulletins beside the checkout; tests that need it skip without."""
    if not (SHARED / "corpus").is_dir():
        pytest.skip("needs ../shared (real bulletins, not part of this repository)")
    return SHARED


@pytest.fixture(autouse=True)
def _ocr_off(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recognition takes seconds a page: only tests marked `ocr` have it, the others are the same with and without."""
    if request.node.get_closest_marker("ocr") is None:
        monkeypatch.setattr(ocr, "available", lambda: False)
    elif not OCR_INSTALLED:
        pytest.skip("needs the extra ocr: make install-ocr")
