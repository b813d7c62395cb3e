"""Superscripts as characters: 10⁴ is not 104, nor m² m2."""

from __future__ import annotations

_RAISED = str.maketrans("0123456789+-−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾")


def raised(text: str) -> str:
    """The superscript characters for digits, signs and brackets; others stay as they are."""
    return text.translate(_RAISED)
