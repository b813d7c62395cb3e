"""Every letter, digit and ideograph has its place: a measure, a heading, a head, an annex title or a leftover."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Document, Outline, Text
from pipeline.read import ReadError, read
from pipeline.structure import leftovers, outline
from pipeline.structure.head import is_body_name, is_date, is_number
from pipeline.structure.patterns import pattern, squeeze
from pipeline.text import canonical

REASONS = {
    *("masthead", "contents", "category", "notice", "lead_in", "roster", "signature", "footer", "repeated"),
    *("annex_text", "unplaced", "page"),
}
WORD = re.compile(r"[^\W_]")
LINES = [
    *(
        "某市人民政府关于印发某市治水方案的通知",
        "某市治水方案",
        "某市人民政府公报",
        "2030年第4期",
        "目录",
        "【市政府文件】",
    ),
    *(
        "某政〔2030〕4号",
        "各区人民政府：",
        "现将《某市治水方案》印发给你们，请认真贯彻执行。",
        "某市人民政府",
        "2030年6月7日",
    ),
    *(
        "一、总体要求",
        "二、主要任务",
        "三、保障措施。落实资金3万元。",
        "（一）治水。完成3处。",
        "（二）管水",
        "1. 清淤。完成5公里。",
    ),
    *("2.护岸", "（1）东街", "①西街", "第一章 总则", "第一条 为治水，制定本办法。", "第二条 各区负责。", "附则"),
    *(
        "各区要落实责任。",
        "领导小组名单如下：",
        "组长：市长",
        "本方案自印发之日起施行。",
        "（此件公开发布）",
        "抄送：市委",
    ),
    *(
        "附件：1．任务表 2．责任表",
        "附件",
        "附件1",
        "附件2：责任表",
        "任务表",
        "县\t目标\n甲县\t3",
        "设备更新。给予补贴。",
        "1.5万亩",
    ),
]


def heads(body: str, document: Document) -> set[str]:
    """Titles of the document, of its attachments and tables, and the short lines right below 附件."""
    printed = [document.title, document.notice_title, *document.attachments, *(t.title for t in document.tables)]
    for above, line in pairwise(body[document.start : document.end].splitlines()):
        if pattern("annex_heading").match(above) and not re.search("[。；：]", line):
            printed.append(line)
    return {squeeze(p) for p in printed if p}


def is_known(line: str, names: set[str], path: set[str], document: Document) -> bool:
    """Whether a line says by itself what it is: head, heading, list of attachments, annex title."""
    bare = squeeze(line)
    if not WORD.search(bare) or any(bare in n or bare.startswith(n) or n in bare for n in names):
        return True
    for heading in sorted(path, key=len, reverse=True):
        bare = bare.replace(heading, "")
    if not WORD.search(bare) or pattern("annex_heading").match(line):
        return True
    head = (is_number, is_date, is_body_name, pattern("wrapper").search, pattern("annex_titled").match)
    addressed = any(a in line for a in document.addressees)
    return addressed or any(test(line) for test in head) or line[0] in "（(【〔" and len(line) < 60 or False


def check(text: Text, found: Outline) -> None:
    body = text.text
    place = bytearray(len(body))
    spans = leftovers(text, found)
    assert spans == sorted(spans)
    assert all(reason in REASONS for _, _, reason in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    for document in found.documents:
        for measure in document.measures:
            place[measure.start : measure.end] = b"m" * (measure.end - measure.start)
    for start, end, reason in spans:
        assert WORD.search(body, start, end)
        assert b"m" not in place[start:end], (reason, body[start:end])
        place[start:end] = b"l" * (end - start)
    for document in found.documents:
        names = heads(body, document)
        path = {squeeze(p) for m in document.measures for p in m.path}
        for part in re.finditer(rb"\x00+", bytes(place[document.start : document.end])):
            for line in body[document.start + part.start() : document.start + part.end()].splitlines():
                assert not line.strip() or is_known(line.strip(), names, path, document), line
        place[document.start : document.end] = b"d" * (document.end - document.start)
    outside = [body[i] for i, p in enumerate(place) if not p and WORD.match(body[i])]
    assert not outside, "".join(outside)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=24))
def test_any_outline(lines: list[str]) -> None:
    try:
        text = canonical(read("\n".join(lines).encode()))
    except ReadError:
        return
    check(text, outline(text))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(LINES) | st.text(max_size=12), min_size=1, max_size=30))
def test_text_without_line_ends(lines: list[str]) -> None:
    try:
        text = canonical(read("".join(lines).replace("\n", "").encode()))
    except ReadError:
        return
    check(text, outline(text))


@pytest.mark.parametrize("folder", ["", "wild", "formats"])
def test_the_corpus(shared: Path, folder: str) -> None:
    for path in sorted((shared / "corpus" / folder).glob("*.*")):
        if path.suffix in (".md", ".txt"):
            text = canonical(read(path))
            check(text, outline(text))
        elif path.suffix in (".html", ".pdf", ".docx"):
            try:
                read(path)
            except ReadError as error:
                assert "\n" not in str(error) and str(error).startswith(path.name)
