"""Labels of list items, which a document counts instead of writing them down."""

from __future__ import annotations

import pytest
from docx_files import docx, item, lvl, numbering, p

from pipeline.model import Line
from pipeline.read import read
from pipeline.read.numerals import formatted
from pipeline.text import canonical


def lines(body: str, **parts: str) -> list[str]:
    return [b.text for b in read(docx(body, **parts)).blocks if isinstance(b, Line)]


@pytest.mark.parametrize(
    ("form", "numbers", "printed"),
    [
        ("chineseCounting", (1, 10, 11, 20, 21, 99, 101, 110), "一 十 十一 二十 二十一 九十九 一百零一 一百一十"),
        ("chineseCountingThousand", (1001, 1010), "一千零一 一千零一十"),
        ("ideographDigital", (1, 10, 21), "一 一〇 二一"),
        ("chineseLegalSimplified", (1, 10, 12), "壹 壹拾 壹拾贰"),
        ("ideographTraditional", (1, 10, 11), "甲 癸 11"),
        ("ideographZodiac", (1, 12), "子 亥"),
        ("ideographEnclosedCircle", (1, 10), "㊀ ㊉"),
        ("decimalEnclosedCircle", (1, 20, 21, 36, 51), "① ⑳ ㉑ ㊱ (51)"),
        ("decimalEnclosedCircleChinese", (2,), "②"),
        ("decimalEnclosedParen", (1, 20, 21), "⑴ ⒇ (21)"),
        ("decimalEnclosedFullstop", (1, 21), "⒈ 21."),
        ("decimalZero", (3, 12), "03 12"),
        ("upperRoman", (4, 19), "IV XIX"),
        ("lowerLetter", (1, 26, 27), "a z aa"),
        ("someFormOfTheFuture", (7,), "7"),
        ("none", (7,), ""),
    ],
)
def test_formats_of_numbers(form: str, numbers: tuple[int, ...], printed: str) -> None:
    assert " ".join(formatted(n, form) for n in numbers) == printed


def test_levels_count_and_begin_anew() -> None:
    levels = (lvl(0, "chineseCounting", "%1、"), lvl(1, "chineseCounting", "（%2）"), lvl(2, "decimal", "%3."))
    body = item("总体要求", 1) + item("目标", 1, 1) + item("绿化", 1, 2) + item("水利", 1, 2) + item("原则", 1, 1)
    body += item("任务", 1) + item("修堤", 1, 1) + item("植树", 1, 2)
    assert lines(body, numbering=numbering(*levels)) == [
        "一、 总体要求",
        "（一） 目标",
        "1. 绿化",
        "2. 水利",
        "（二） 原则",
        "二、 任务",
        "（一） 修堤",
        "1. 植树",
    ]


@pytest.mark.parametrize(
    ("levels", "overrides", "items", "printed", "reason"),
    [
        (
            (lvl(0, "chineseCounting", "第%1章"), lvl(1, "decimal", "%1.%2", "<w:isLgl/>")),
            {},
            [(1, 0), (1, 1), (1, 1)],
            ["第一章", "1.1", "1.2"],
            "numbers of the level above, in Arabic digits",
        ),
        (
            (lvl(0, "decimal", "%1."), lvl(1, "decimal", "第%2条", '<w:lvlRestart w:val="0"/>')),
            {},
            [(1, 0), (1, 1), (1, 0), (1, 1)],
            ["1.", "第1条", "2.", "第2条"],
            "articles run on through chapters",
        ),
        (
            (lvl(0, "decimal", "%1."),),
            {2: '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'},
            [(1, 0), (1, 0), (2, 0), (2, 0), (1, 0)],
            ["1.", "2.", "1.", "2.", "3."],
            "a second list begins anew, once",
        ),
        (
            (lvl(0, "decimal", "%1."),),
            {2: "", 3: f'<w:lvlOverride w:ilvl="0">{lvl(0, "decimalEnclosedCircle", "%1")}</w:lvlOverride>'},
            [(1, 0), (2, 0), (3, 0)],
            ["1.", "2.", "③"],
            "lists of one definition count together, whatever they look like",
        ),
        (
            (lvl(0, "decimal", "%1."),),
            {2: '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'},
            [(2, 0), (2, 0)],
            ["5.", "6."],
            "a list that begins with five",
        ),
        ((lvl(0, "bullet", "●"),), {}, [(1, 0)], [""], "a bullet says nothing"),
        ((lvl(0, "decimal", "%1."),), {}, [(9, 0), (0, 0)], ["", ""], "no such list, and 0: taken out of any"),
    ],
)
def test_lists(
    levels: tuple[str, ...], overrides: dict[int, str], items: list[tuple[int, int]], printed: list[str], reason: str
) -> None:
    body = "".join(item("绿化", *each) for each in items)
    found = lines(body, numbering=numbering(*levels, overrides=overrides))
    assert [line.removesuffix("绿化").strip() for line in found] == printed, reason


def test_lists_of_styles() -> None:
    """Headings are numbered by their style, whose level the list knows; styles inherit from each other."""
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/><w:pPr>'
        '<w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:basedOn w:val="1"/><w:pPr>'
        '<w:outlineLvl w:val="1"/></w:pPr></w:style>'
    )
    levels = (
        lvl(0, "chineseCounting", "%1、", '<w:pStyle w:val="1"/><w:suff w:val="nothing"/>'),
        lvl(1, "chineseCounting", "（%2）", '<w:pStyle w:val="2"/><w:suff w:val="nothing"/>'),
    )
    body = p("总体要求", '<w:pStyle w:val="1"/>') + p("目标", '<w:pStyle w:val="2"/>') + p("正文。")
    body += p("", '<w:pStyle w:val="1"/>') + p("任务", '<w:pStyle w:val="1"/>')
    body += p("附则", '<w:pStyle w:val="1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    found = [b for b in read(docx(body, styles=styles, numbering=numbering(*levels))).blocks if isinstance(b, Line)]
    assert [(b.heading, b.text) for b in found] == [
        (1, "一、总体要求"),
        (2, "（一）目标"),
        (0, "正文。"),
        (1, "三、任务"),  # an empty paragraph counts, as it does in print
        (1, "附则"),
    ]


def test_a_list_by_a_list_style() -> None:
    properties = '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>'
    styles = f'<w:style w:type="numbering" w:styleId="s"><w:name w:val="list"/>{properties}</w:style>'
    content = '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="s"/></w:abstractNum>'
    content += f'<w:abstractNum w:abstractNumId="1">{lvl(0, "decimal", "%1．")}</w:abstractNum>'
    content += (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    )
    assert lines(item("甲", 1) + item("乙", 1), styles=styles, numbering=content) == ["1． 甲", "2． 乙"]


def test_a_label_before_a_year_stays_apart() -> None:
    source = read(docx(item("2025年完成。", 1), numbering=numbering(lvl(0, "decimal", "%1"))))
    assert canonical(source).text == "1 2025年完成。"
