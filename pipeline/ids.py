"""Ids of what is published (CONTRACT: Keys). Pure functions of what is printed.

`pinyin.csv` gives each common character its reading in names of places and offices.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

_NUMBER = re.compile(
    r"(?P<prefix>[^\d〔［\[（(【]{0,40})"
    r"[〔［\[（(【]?(?P<year>(?:19|20)\d\d)?年?[〕］\])）】]?"
    r"(?P<middle>\D{0,10})(?P<no>\d{1,6})\s?号"
)
_WORDS = str.maketrans("", "", "第号年〔〕［］[]（）()【】 　")


@cache
def _readings() -> dict[str, str]:
    rows = files("pipeline").joinpath("pinyin.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {char: reading for reading, _, chars in (row.partition(",") for row in rows) for char in chars}


def slug(text: str) -> str:
    """Pinyin without tones or spaces, ASCII letters and digits only, at most 40: 焦政 → jiaozheng.

    A character without a known reading gives its code point in hexadecimal, so that
    two names do not fall together.
    """
    parts = []
    for char in unicodedata.normalize("NFKC", text).lower():
        if char.isascii():
            parts.append(char if char.isalnum() else "")
        elif char.isalnum():
            parts.append(_readings().get(char) or f"{ord(char):x}")
    return "".join(parts)[:40]


def number_slug(doc_number: str) -> tuple[str, int | None] | None:
    """The slug of a 发文字号 and the year it prints: 焦政〔2024〕11号 → ("jiaozheng-11", 2024).

    Null for a text that is no 发文字号.
    """
    match = _NUMBER.search(unicodedata.normalize("NFKC", doc_number))
    if match is None:
        return None
    words = slug((match["prefix"] + match["middle"]).translate(_WORDS))
    if not words:
        return None
    return f"{words}-{int(match['no'])}", int(match["year"]) if match["year"] else None


def issue_id(
    sha256: str,
    region_code: str | None,
    year: int | None,
    *,
    issue_no: int | None = None,
    doc_number: str | None = None,
) -> str:
    """The id of an issue (`issue_no` given) or of a single notice (`doc_number`).

    Without the publisher's code, a year, or either number: the first 12 digits of `sha256`.
    The year of a 发文字号 is the one it prints; `year` serves those that print none.
    """
    if region_code and year and issue_no is not None:
        return f"{region_code}-{year:04d}-{issue_no:02d}"
    found = number_slug(doc_number) if doc_number else None
    if region_code and found and (found[1] or year):
        return f"{region_code}-{found[1] or year:04d}-{found[0]}"
    return sha256[:12]


def province_of(region_code: str | None) -> str:
    """The partition of a publisher: two digits, 00 national, 99 unknown."""
    return region_code[:2] if region_code and re.fullmatch(r"\d{6}", region_code) else "99"


def document_id(issue: str, ordinal: int) -> str:
    """`410800-2024-04/1`."""
    return f"{issue}/{ordinal}"


def measure_id(document: str, key: str) -> str:
    """`410800-2024-04/1/2.1.3`; `key` is Measure.key."""
    return f"{document}/{key}"


def task_id(measure: str, n: int) -> str:
    """`410800-2024-04/1/2.1.3#1`."""
    return f"{measure}#{n}"


def part_id(owner: str, n: int) -> str:
    """Id of a deadline, target or responsibility of a task or measure: `…#1~2`."""
    return f"{owner}~{n}"


def table_id(document: str, n: int) -> str:
    """`410800-2024-04/1/t2`."""
    return f"{document}/t{n}"


def residual_id(issue: str, n: int) -> str:
    """`410800-2024-04/r7`."""
    return f"{issue}/r{n}"


def issue_of(any_id: str) -> str:
    """The issue that an id of any of its records begins with."""
    return any_id.partition("/")[0]
