"""The README states the limits that the program holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.read import limits

README = " ".join((Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").split())
_MB = 1024 * 1024


@pytest.mark.parametrize(
    "words",
    [
        f"{limits.BYTES // _MB} MB (text {limits.TEXT_BYTES // _MB} MB",
        f"DOCX {limits.UNPACKED_BYTES // _MB} MB unpacked",
        f"{limits.RATIO} times its packed size",
        f"{limits.PAGES:,} pages",
        f"{limits.PIXELS // 1_000_000} megapixels",
        f"elements {limits.HTML_DEPTH} deep in a page and {limits.XML_DEPTH} in a document",
        f"take {limits.SECONDS} s",
        f"{limits.MEMORY_BYTES // _MB:,} MB of memory",
    ],
)
def test_the_readme_states_the_limits(words: str) -> None:
    assert words in README
