"""Pages of words and ruled lines to blocks in reading order, whatever the words were read from."""

from __future__ import annotations

from pipeline.read.layout.flow import blocks
from pipeline.read.layout.geometry import Page, Rule, Word

__all__ = ["Page", "Rule", "Word", "blocks"]
