"""Text that a spreadsheet would run as a formula, made harmless; a number printed in a text column stays as it is."""

from __future__ import annotations

import re

# What spreadsheets take for the begin of a formula, in East Asian editions also at full width, and what can hide one.
_FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
_NUMBER = re.compile(r"[+\-]?[0-9]{1,30}(\.[0-9]{1,30})?%?")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may run the text as a formula."""
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)


def neutralised(text: str) -> str:
    """The text with an apostrophe before it where it may be run: spreadsheets show it as text."""
    return f"'{text}" if is_formula(text) else text
