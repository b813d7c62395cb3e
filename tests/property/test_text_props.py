"""For any source: the map is exact and no character of the body is lost."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Line, Source, Text
from pipeline.read import ReadError, read
from pipeline.structure import outline
from pipeline.structure.patterns import pattern
from pipeline.text import canonical

WIDE = (
    {0xFF10 + i: 0x30 + i for i in range(10)}
    | {0xFF21 + i: 0x41 + i for i in range(26)}
    | {0xFF41 + i: 0x61 + i for i in range(26)}
)
MARKUP = re.compile(r"\*\*|</?[a-z]+\b[^<>]*>|^\s*(?:#{1,6}\s+|>\s+|[-*+]\s+)", re.I)
PAGE_NUMBER = pattern("page_number")
PIECES = [
    *("一、", "（一）", "1.", "（1）", "①", "第一条", "目标", "完成3家", "。", "，", "：", "\n", "\n\n", " ", "\u3000"),
    *(
        "**",
        "<sub>",
        "</sub>",
        "2.5",
        "（",
        "）",
        "《",
        "》",
        "关于",
        "通知",
        "附件：",
        "某市人民政府",
        "2024年8月20日",
    ),
    *("\t", "#", "# ", "- ", "e\u0301", "Ａ１", "目录", "抄送："),
]
sources = st.lists(st.sampled_from(PIECES) | st.characters(codec="utf-8"), min_size=1, max_size=60).map("".join)


def check(source: Source, text: Text) -> None:
    lines = {b.number: b.text for b in source.blocks if isinstance(b, Line)}
    used: dict[int, set[int]] = {n: set() for n in lines}
    covered = 0
    for s in text.segments:
        assert s.start < s.end
        covered += s.end - s.start
        printed = lines[s.line][s.column : s.column + s.end - s.start]
        got = text.text[s.start : s.end]
        used[s.line] |= set(range(s.column, s.column + len(printed)))
        if got == " ":
            assert unicodedata.category(printed)[0] in "ZC"
        elif got != printed.translate(WIDE):
            # Composed characters stand for the letters and marks that follow in the source.
            rest = unicodedata.normalize("NFC", lines[s.line][s.column :])
            assert rest.translate(WIDE)[0] == got[0] or unicodedata.combining(got[0])
            used[s.line] |= set(
                range(s.column, min(len(lines[s.line]), s.column + len(unicodedata.normalize("NFD", got))))
            )
    assert covered == len(text.text) - text.text.count("\n")
    for number, line in lines.items():
        markup = {i for m in MARKUP.finditer(line) for i in range(*m.span())}
        lost = [c for i, c in enumerate(line) if i not in used[number] and i not in markup]
        if not used[number] and PAGE_NUMBER.match(line.strip()):
            continue  # furniture, by its rule
        left = [c for c in lost if unicodedata.category(c) not in ("Cc", "Cf", "Zs", "Zl", "Zp")]
        assert not left, (number, left)


def check_structure(text: Text) -> None:
    previous = -1
    for document in outline(text).documents:
        assert 0 <= document.start <= document.end <= len(text.text)
        for measure in document.measures:
            assert previous <= measure.start <= measure.body_start <= max(measure.end, measure.body_start)
            assert document.start <= measure.start < measure.end <= document.end
            previous = measure.end
        keys = [m.key for m in document.measures]
        assert len(keys) == len(set(keys))


@settings(max_examples=300, deadline=None)
@given(sources)
def test_any_text(raw: str) -> None:
    try:
        source = read(raw.encode())
    except ReadError:
        return
    text = canonical(source)
    assert unicodedata.is_normalized("NFC", text.text)
    check(source, text)
    check_structure(text)
    assert canonical(source) == text


def test_the_corpus(shared: Path) -> None:
    seen = 0
    for path in [*sorted((shared / "corpus").glob("*.[mt]*")), *sorted((shared / "corpus" / "wild").glob("*.txt"))]:
        source = read(path)
        text = canonical(source)
        check(source, text)
        check_structure(text)
        seen += 1
    assert seen


@pytest.mark.parametrize(
    "shape",
    [
        "一、",
        "（",
        "（一）",
        "第一条",
        "《",
        "附件：",
        "关于",
        "1.",
        "2024年",
        "某",
        "。",
        "一",
        "1",
        "关于通知",
        "\u3000",
        "**",
        "<b",
    ],
)
def test_hard_shapes_take_linear_time(shape: str) -> None:
    import time

    raw = (shape * (100_000 // len(shape))).encode()
    started = time.perf_counter()
    outline(canonical(read(raw)))
    assert time.perf_counter() - started < 3
