"""Issues made from the texts of `../shared/corpus`: as long and full of tasks as real ones, each with its own id."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: A whole issue, whose masthead and documents the made ones take; every second one has notices of others for
#: its longest document.
WHOLE = "jiaozuo-2024-04.md"
OTHERS = (
    "nanchong-2026-opc-action-plan.txt",
    "statecouncil-2018-agri-machinery.txt",
    "hangzhou-2026-ai-opc-action-plan-draft.txt",
)
LENGTH = 30_000  # characters of an issue, at least
_YEAR = re.compile(r"20[012]\d(?=年|〕)")
_DOCUMENT = re.compile(r"(?m)^(?=# )")


def made(corpus: Path, number: int) -> Iterator[tuple[str, str]]:
    """File name and text of `number` issues: the same ones for the same texts."""
    texts = _kinds(corpus)
    for i, (code, name, short) in zip(range(number), cycle(_cities()), strict=False):
        text, year, no = texts[i % len(texts)], 2024 - i // 12 % 20, i % 12 + 1
        text = _YEAR.sub(lambda found, year=year: str(int(found[0]) + year - 2024), text)  # type: ignore[misc]
        text = text.replace(f"{year}年第4号（总第136号）", f"{year}年第{no}号（总第{i + 1}号）", 1)
        text = text.replace("焦作市", name).replace("焦作", short).replace("焦政", f"{short[0]}政")
        yield f"{code}-{year}-{no:02}-{i:06}.md", text


def write(corpus: Path, folder: Path, number: int) -> int:
    """Write the issues, a folder for each thousand; the number of characters."""
    characters = 0
    for i, (name, text) in enumerate(made(corpus, number)):
        path = folder / f"{i // 1000:03}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        characters += len(text)
    return characters


def _kinds(corpus: Path) -> tuple[str, str]:
    """The whole issue, and one whose first document gave way to notices of others."""
    whole = (corpus / WHOLE).read_text(encoding="utf-8")
    front, *documents = _DOCUMENT.split(whole)
    front, documents = front + documents[0], documents[1:]  # the name of the gazette is a heading as well
    mixed = [front, *documents[1:]]
    for name in cycle(OTHERS):
        if sum(map(len, mixed)) >= LENGTH:
            break
        mixed.append("# " + (corpus / name).read_text(encoding="utf-8").lstrip("# \n") + "\n\n")
    return whole, "".join(mixed)


def _cities() -> list[tuple[str, str, str]]:
    """Code, name and short name of the cities at the level of a prefecture."""
    with (ROOT / "pipeline" / "rules" / "regions.csv").open(encoding="utf-8") as handle:
        rows = [(r["code"], r["name"], r["short"]) for r in csv.DictReader(handle)]
    return [r for r in rows if r[0].endswith("00") and not r[0].endswith("0000") and r[1].endswith("市") and r[2]]
