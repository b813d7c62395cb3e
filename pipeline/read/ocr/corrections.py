"""Characters that recognition confuses and their neighbours tell apart (rules/recognition.toml).

One character is put for one, so that each keeps its place; no digit is put for another.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from functools import cache

from pipeline.model import Block, Grid, Line
from pipeline.rules import rules


def corrected_blocks(blocks: Sequence[Block], pages: Container[int | None]) -> tuple[Block, ...]:
    """Blocks with the confusions of recognised pages put right; brackets close over the ends of lines."""
    lines = [b for b in blocks if isinstance(b, Line) and b.page in pages]
    whole = corrected("".join(("\n" if line.follows is False else "") + line.text for line in lines))
    texts: list[str] = []
    at = 0
    for line in lines:
        at += line.follows is False
        texts.append(whole[at : at + len(line.text)])
        at += len(line.text)
    done = iter(texts)
    return tuple(_block(b, done, pages) for b in blocks)


def _block(block: Block, texts: Iterable[str], pages: Container[int | None]) -> Block:
    if block.page not in pages:
        return block
    if isinstance(block, Line):
        return replace(block, text=next(iter(texts)))
    rows = tuple(tuple(map(corrected, row)) for row in block.rows)
    return Grid(rows, block.numbers, block.page, block.doubts)


def corrected(line: str) -> str:
    """A line with its confusions put right."""
    for pattern, there, instead in _rules():
        if there.search(line):
            line = pattern.sub(lambda m, put=instead: _put(m, put), line)  # type: ignore[misc]
    return line


def _put(match: re.Match[str], instead: dict[str, str]) -> str:
    """The match with the characters of its groups replaced."""
    chars = list(match[0])
    for group in range(1, match.re.groups + 1):
        for i in range(match.start(group), match.end(group)):
            chars[i - match.start()] = instead.get(match.string[i], match.string[i])
    return "".join(chars)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], re.Pattern[str], dict[str, str]], ...]:
    out = []
    for rule in rules("recognition"):
        instead = dict(zip(rule["read"], rule["printed"], strict=True))
        there = re.compile(f"[{re.escape(''.join(instead))}]")
        out.append((re.compile(rule["pattern"]), there, instead))
    return tuple(out)
