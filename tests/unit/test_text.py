"""The canonical text: what is joined, what is dropped, what is kept."""

from __future__ import annotations

import pytest

from pipeline.model import Text
from pipeline.read import read
from pipeline.text import canonical


def text_of(text: str, name: str = "x.md") -> Text:
    return canonical(read(text.encode(), name=name))


@pytest.mark.parametrize(
    ("source", "expected", "reason"),
    [
        ("浓度降到PM<sub>2.5</sub>以下。", "浓度降到PM2.5以下。", "subscript markup"),
        ("**一、加快治理。**对重点企业给予支持。", "一、加快治理。对重点企业给予支持。", "bold run-in heading"),
        ("## 二、主要 任务", "二、主要任务", "heading marks and blanks between characters"),
        ("- 附件：1. 任务表", "附件：1.任务表", "list mark"),
        (
            "２０２５年底前建成Ａ级企业１０家，占９０％。",
            "2025年底前建成A级企业10家，占90％。",
            "wide digits and letters, punctuation stays",
        ),
        ("温 县\u3000各\u00a0乡镇", "温县各乡镇", "blanks of every kind"),
        (
            "联系电话：010-11112222 010-33334444",
            "联系电话：010-11112222 010-33334444",
            "a blank between Latin words stays",
        ),
        ("2024 年新增 3 家", "2024年新增3家", "blanks between figures and characters"),
        ("第一段。\n\n— 3 —\n\n第二段。", "第一段。\n第二段。", "page number"),
        ("é与e\u0301同", "é与é同", "composed"),
    ],
)
def test_normalisation(source: str, expected: str, reason: str) -> None:
    assert text_of(source).text == expected, reason


SPACED = "一段话说完了。\n\n又一段话说完了。\n\n再一段话说完了。\n\n"


@pytest.mark.parametrize(
    ("source", "expected", "reason"),
    [
        (
            "排放不高于9毫克。新能源和国\n\n六车辆占比超过四成。",
            ["排放不高于9毫克。新能源和国六车辆占比超过四成。"],
            "a page broke the sentence",
        ),
        ("（3）甲行业：排放浓度不得高于8毫克\n\n/立方米。", ["（3）甲行业：排放浓度不得高于8毫克/立方米。"], "a unit"),
        (
            "#### 4. 加强综合利用。2024、\n\n2025年，全市达到九成。",
            ["4.加强综合利用。2024、2025年，全市达到九成。"],
            "printed as a heading",
        ),
        ("3. 强化治理。各县（市、\n\n区）要督促落实。", ["3.强化治理。各县（市、区）要督促落实。"], "open bracket"),
        ("《某市绿化行动\n\n方案》已经市政府同意。", ["《某市绿化行动方案》已经市政府同意。"], "open title"),
        (
            "### 一、总体要求\n\n（一）指导思想。坚持绿色发展。",
            ["一、总体要求", "（一）指导思想。坚持绿色发展。"],
            "a label begins a line",
        ),
        ("某某市人民政府\n\n2024年8月20日", ["某某市人民政府", "2024年8月20日"], "signature and date"),
        (
            "严格落实各项规定。（市某局负责）\n\n各县区要抓好落实。",
            ["严格落实各项规定。（市某局负责）", "各县区要抓好落实。"],
            "closing bracket",
        ),
        (
            "某市人民政府关于印发某市绿化行动  \n方案的通知",
            ["某市人民政府关于印发某市绿化行动方案的通知"],
            "hard break in a paragraph",
        ),
    ],
)
def test_joining(source: str, expected: list[str], reason: str) -> None:
    assert text_of(SPACED + source).text.split("\n")[3:] == expected, reason


def test_title_on_two_lines() -> None:
    lines = text_of("国务院关于加快推进某项事业和\n某产业转型升级的指导意见\n国发〔2030〕1号\n", "x.txt").text.split(
        "\n"
    )
    assert lines == ["国务院关于加快推进某项事业和某产业转型升级的指导意见", "国发〔2030〕1号"]


def test_hard_wrapped_lines_are_joined() -> None:
    words = (
        "第{}条 为了加强城市公共空间的规划建设和日常管理工作，"
        "结合本市的实际情况，制定这一项办法，请各有关单位认真遵照执行。"
    )
    paragraphs = [words.format(n) for n in "一二三四五六七八九"]
    wrapped = "\n".join(p[i : i + 20] for p in paragraphs for i in range(0, len(p), 20))
    assert text_of(wrapped, "x.txt").text.split("\n") == [p.replace(" ", "") for p in paragraphs]


def test_lost_line_ends_show_as_indents() -> None:
    indent = "\u3000\u3000"
    parts = [
        "",
        "一、工作目标",
        "到2030年建成一批示范项目，形成可以复制推广的做法，带动全县发展。",
        "二、保障措施",
        "落实。",
    ]
    line = indent.join(parts)
    assert text_of(line, "x.txt").text.split("\n")[0] == "一、工作目标"
    assert text_of("目\u3000\u3000录" + line, "x.txt").text.split("\n")[0] == "目录"


def test_tables_are_cut_out_and_placed() -> None:
    text = text_of("附件1\n\n任务表\n\n县区\t任务\n甲县\t3\n\n附件2\n")
    assert text.text == "附件1\n任务表\n附件2"
    assert [g.at for g in text.grids] == [8]


def test_the_map_leads_back() -> None:
    text = text_of("# 标 题\n\n正文到国\n\n六标准。完毕。\n")
    at = text.text.index("六")
    segment = text.segment_at(at)
    assert segment is not None
    assert segment.line == 5
    assert segment.column + at - segment.start == 0


@pytest.mark.parametrize(
    "odd",
    ["#", "##", "**", "<b>", "（（（（", "。", "\u0301a", "- ", "|", "||\n||", "\t\n\t", "1.", "附", "附件", "《》"],
)
def test_odd_input_never_fails(odd: str) -> None:
    text = text_of("x\n" + odd)
    assert text.text.startswith("x")
