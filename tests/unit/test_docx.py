"""What a reader of a word processing document sees, and nothing else, becomes blocks."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import pytest
from docx_files import STRICT, W, docx, item, lvl, numbering, p, r, tbl, tc, zipped

from pipeline import parse
from pipeline.model import Grid, Line
from pipeline.read import ReadError, limits, read

_FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
BEGIN, MIDDLE, END = (_FIELD.format(kind) for kind in ("begin", "separate", "end"))


def lines(body: str, **parts: str) -> list[str]:
    return [b.text for b in read(docx(body, **parts)).blocks if isinstance(b, Line)]


def grid(body: str, **parts: str) -> list[tuple[str, ...]]:
    (found,) = (b for b in read(docx(body, **parts)).blocks if isinstance(b, Grid))
    return list(found.rows)


def w(name: str, inner: str, prefix: str = "w") -> str:
    return f"<{prefix}:{name}>{inner}</{prefix}:{name}>"


def sign(text: str) -> str:
    return w("r", w("t", text, "m"), "m")


def instruction(text: str) -> str:
    return w("r", w("instrText", text))


INNER = BEGIN + instruction("X") + MIDDLE + r("内") + END


# --- runs -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "text", "reason"),
    [
        (
            r("植树") + w("ins", r("三")) + w("del", w("r", w("delText", "五"))) + r("亩"),
            "植树三亩",
            "changes accepted",
        ),
        (w("moveFrom", r("甲")) + r("乙") + w("moveTo", r("甲")), "乙甲", "moved"),
        (r("公开") + r("秘密", "<w:vanish/>") + r("文字", '<w:vanish w:val="0"/>'), "公开文字", "hidden"),
        (r("PM") + r("2.5", '<w:vertAlign w:val="subscript"/>'), "PM2.5", "subscript"),
        (r("12m") + r("2", '<w:vertAlign w:val="superscript"/>'), "12m²", "superscript"),
        (r("10") + r("4", '<w:vertAlign w:val="superscript"/>') + r("立方米"), "10⁴立方米", "not 104"),
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>", "甲\t乙", "tab"),
        ("<w:r><w:t>3</w:t><w:noBreakHyphen/><w:t>5</w:t><w:softHyphen/><w:t>亩</w:t></w:r>", "3-5亩", "hyphens"),
        (
            '<w:r><w:t>比例</w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:t>85%</w:t></w:r>',
            "比例≥85%",
            "a sign by its code",
        ),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F052"/><w:t>公开</w:t></w:r>', "☑公开", "a box"),
        (f"<w:hyperlink>{r('链接')}</w:hyperlink><w:smartTag>{r('标签')}</w:smartTag>", "链接标签", "wrappers"),
        (f"<w:fldSimple w:instr='DATE'>{r('2030年1月')}</w:fldSimple>", "2030年1月", "a simple field"),
        (BEGIN + instruction(" DATE ") + MIDDLE + r("2030年1月") + END, "2030年1月", "a field shows its result"),
        (BEGIN + instruction("IF") + INNER + MIDDLE + r("外") + END, "外", "a field in an instruction"),
        (BEGIN + instruction(r" eq \o\ac(○,3)") + END + r("修堤"), "③修堤", "a field without result"),
        (w("sdt", w("sdtContent", r("填写"))), "填写", "a control"),
        (w("sdt", w("sdtPr", "<w:showingPlcHdr/>") + w("sdtContent", r("单击此处"))) + r("文"), "文", "its prompt"),
        (w("r", w("ruby", w("rt", r("yī")) + w("rubyBase", r("一")))), "一", "readings"),
        (w("oMath", w("f", w("num", sign("1"), "m") + w("den", sign("3"), "m"), "m"), "m"), "1/3", "fraction"),
        (w("oMath", w("sSup", w("e", sign("m"), "m") + w("sup", sign("3"), "m"), "m"), "m"), "m³", "power"),
    ],
)
def test_runs(runs: str, text: str, reason: str) -> None:
    assert lines(p(runs)) == [text], reason


def test_hidden_by_a_style() -> None:
    styles = '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
    body = p(r("公开") + r("秘密", '<w:rStyle w:val="h"/>'))
    assert lines(body, styles=styles) == ["公开"]


def test_line_breaks_end_lines() -> None:
    assert lines(p("<w:r><w:t>云海市人民政府</w:t><w:br/><w:t>关于绿化的通知</w:t></w:r>")) == [
        "云海市人民政府",
        "关于绿化的通知",
    ]


@pytest.mark.parametrize("mark", ["<w:del/>", "<w:vanish/><w:specVanish/>"])
def test_a_paragraph_whose_end_is_gone_goes_on(mark: str) -> None:
    assert lines(p("植树", f"<w:rPr>{mark}</w:rPr>") + p("三亩。")) == ["植树三亩。"]
    assert lines(p("植树", f"<w:rPr>{mark}</w:rPr>")) == ["植树"], "at the end of the document"


def test_contents_keep_their_page_numbers_apart() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="toc 1"/></w:style>'
    entry = (
        "<w:r><w:t>总体要求</w:t></w:r><w:r><w:tab/></w:r>" + BEGIN + instruction("PAGEREF x") + MIDDLE + r("3") + END
    )
    assert lines(p(entry, '<w:pStyle w:val="t"/>'), styles=styles) == ["总体要求……3"]
    toc = p(BEGIN + instruction(' TOC \\o "1-3" ') + MIDDLE + entry) + p(entry + END) + p("正文")
    assert lines(toc) == ["总体要求……3", "总体要求……3", "正文"]


@pytest.mark.parametrize(
    ("level", "text", "heading"),
    [(0, "总体要求", 1), (2, "总体要求", 3), (9, "总体要求", 0), (1, "各单位要加强领导。", 0), (1, "各" * 80, 0)],
)
def test_headings_by_outline_level(level: int, text: str, heading: int) -> None:
    (block,) = read(docx(p(text, f'<w:outlineLvl w:val="{level}"/>'))).blocks
    assert isinstance(block, Line) and block.heading == heading


# --- what stands beside the text ---------------------------------------------------------


def _reference(kind: str, key: int) -> str:
    return f'<w:r><w:{kind}Reference w:id="{key}"/></w:r>'


def test_notes_stand_behind_the_text() -> None:
    notes = {
        kind: f'<w:{kind} w:id="0">{p("——")}</w:{kind}><w:{kind} w:id="2">{p(text)}</w:{kind}>'
        for kind, text in (("footnote", "绿地指公园绿地。"), ("endnote", "数据截至2030年。"))
    }
    body = p(r("新增绿地") + _reference("footnote", 2) + r("3公顷") + _reference("endnote", 2) + r("。")) + p("修堤。")
    found = lines(body, footnotes=notes["footnote"], endnotes=notes["endnote"])
    assert found == ["新增绿地3公顷。", "修堤。", "脚注1：绿地指公园绿地。", "尾注2：数据截至2030年。"]


def test_notes_are_no_part_of_any_measure() -> None:
    note = f'<w:footnote w:id="2">{p("绿地指公园绿地，到2035年达到500公顷")}</w:footnote>'
    note += f'<w:footnote w:id="3">{p("含县城")}</w:footnote>'
    body = p("云海市人民政府关于加强绿化工作的通知") + p("云政〔2030〕7号") + p("一、明确目标")
    body += p(r("2030年底前，市园林局新增绿地") + _reference("footnote", 2) + r("3公顷。") + _reference("footnote", 3))
    bulletin = parse(docx(body + p("云海市人民政府") + p("2030年3月1日"), footnotes=note), name="a.docx")
    assert bulletin.text.text.splitlines()[-2:] == ["脚注1：绿地指公园绿地，到2035年达到500公顷", "脚注2：含县城"]
    assert [str(t["due_on"]) for t in bulletin.records["tasks"]] == ["2030-12-31"]
    left = {r["reason"]: r["quote"] for r in bulletin.records["residuals"]}
    assert left["number.outside_measures"] == "500公顷", "but not lost"


def test_headers_and_footers_are_away() -> None:
    assert lines(p("正文"), header=p("内部资料"), footer=p("第1页")) == ["正文"]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p('云海市人民政府文件')}</w:txbxContent>"
    new = f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
    old = f"<mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback>"
    both = f"<w:r><mc:AlternateContent>{new}{old}</mc:AlternateContent></w:r>"
    assert lines(p(both + r("云政〔2030〕1号"))) == ["云政〔2030〕1号", "云海市人民政府文件"]
    only_old = f"<w:r><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r>"
    assert lines(p(only_old)) == ["云海市人民政府文件"]
    art = '<w:r><w:pict><v:shape><v:textpath string="云海市人民政府文件"/></v:shape></w:pict></w:r>'
    assert lines(p(art)) == ["云海市人民政府文件"]


# --- tables -----------------------------------------------------------------------------

_SPAN, _FIRST, _NEXT = '<w:gridSpan w:val="{}"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_spans_of_cells() -> None:
    body = tbl(
        tc("县区", _FIRST) + tc("任务", _SPAN.format(2)),
        tc("", _NEXT) + tc("2024年") + tc("2025年"),
        tc("甲县") + tc("3") + tc("4"),
    )
    assert grid(body) == [("县区", "任务", ""), ("", "2024年", "2025年"), ("甲县", "3", "4")]


def test_edges_at_which_no_cell_begins_are_no_columns() -> None:
    wide = _SPAN.format(3)
    assert grid(tbl(tc("县区", wide) + tc("任务"), tc("甲县", wide) + tc("3"))) == [("县区", "任务"), ("甲县", "3")]


def test_rows_that_begin_farther_in() -> None:
    body = tbl(tc("县区") + tc("任务"), '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("3"))
    assert grid(body) == [("县区", "任务"), ("", "3")]


def test_the_older_way_to_merge() -> None:
    body = tbl(
        tc("合计", '<w:hMerge w:val="restart"/>') + tc("", '<w:hMerge w:val="continue"/>') + tc("7"),
        tc("甲县") + tc("3") + tc("4"),
    )
    assert grid(body) == [("合计", "", "7"), ("甲县", "3", "4")]


def test_rows_deleted_and_numbered() -> None:
    """Deleted rows are gone; serial numbers that the program counts are in their cells."""
    body = tbl(
        tc("序号") + tc("项目"),
        tc(item("", 1)) + tc("堤防"),
        "<w:trPr><w:del/></w:trPr>" + tc("x") + tc("y"),
        tc("<w:p/>" + p("甲") + p("乙")) + tc("水库"),
    )
    assert grid(body, numbering=numbering(lvl(0, "decimal", "%1")))[2:] == [("甲\n乙", "水库")]


def test_a_frame_is_read_through() -> None:
    inner = tbl(tc("县区") + tc("任务"), tc("甲县") + tc("3"))
    blocks = read(docx(tbl(tc(p("前言。") + inner) + tc("旁注")))).blocks
    assert [b.text if isinstance(b, Line) else len(b.rows) for b in blocks] == ["前言。", 2, "旁注"]
    assert lines(tbl(tc("一、目标"), tc("二、任务"))) == ["一、目标", "二、任务"]


def test_numbers_of_lines_run_through_tables() -> None:
    blocks = read(docx(p("前") + tbl(tc("甲") + tc("1"), tc("乙") + tc("2")) + p("后"))).blocks
    assert [b.number if isinstance(b, Line) else b.numbers for b in blocks] == [1, (2, 3), 4]


# --- files --------------------------------------------------------------------------------


def test_strict_files_and_odd_names() -> None:
    content = {"word/document.xml": f'<w:document xmlns:w="{STRICT}"><w:body>{p("正文")}</w:body></w:document>'}
    assert read(zipped(content)).blocks == (Line("正文", 1),)
    content = {"WORD/Document2.xml": f'<w:document xmlns:w="{W}"><w:body>{p("正文")}</w:body></w:document>'}
    content["_rels/.rels"] = '<R><R Type="x/officeDocument" Target="/word/document2.xml"/></R>'
    content["[Content_Types].xml"] = "<T><O ContentType='x.wordprocessingml.document.main+xml'/></T>"
    assert read(zipped(content)).blocks == (Line("正文", 1),)


_BOMB = "<!DOCTYPE w [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("document", "advice"),
    [
        (f"{_BOMB}]><w>&i;</w>", "declares XML entities"),
        ("<!DOCTYPE w [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><w>&x;</w>", "declares XML entities"),
        ("<a>" * 3000 + "</a>" * 3000, f"more than {limits.XML_DEPTH} deep"),
        ("<w:document", "damaged"),
        ("<document/>", "damaged"),
        (" " * 3_000_000, "unpacks to more than"),
    ],
)
def test_hostile_documents(document: str, advice: str) -> None:
    with pytest.raises(ReadError, match=advice) as error:
        read(zipped({"word/document.xml": document}), name="x.docx")
    assert str(error.value).startswith("x.docx: ") and "\n" not in str(error.value)


def test_a_document_too_large_when_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 1 << 20)
    with pytest.raises(ReadError, match="limit of 1 MB when unpacked"):
        read(zipped({"word/document.xml": "x" * (3 << 20)}, method=0))


def test_a_lying_directory() -> None:
    """A part that is larger than the directory of the file says is damage, not memory."""
    content = bytearray(docx(p("正文" * 5000)))
    at = content.rindex(b"word/document.xml") - 46 + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(ReadError, match="damaged"):
        read(bytes(content))


def test_tables_nested_without_end() -> None:
    body = p("末")
    for _ in range(60):
        body = tbl(tc(body) + tc("x"))
    assert lines(body)[-1] == "x"


@pytest.mark.parametrize(
    ("body", "advice"),
    [("", "no text"), (p("<w:r><w:drawing/></w:r>"), "only pictures"), (p(r("密", "<w:vanish/>")), "no text")],
)
def test_documents_without_text(body: str, advice: str) -> None:
    with pytest.raises(ReadError, match=advice):
        read(docx(body))


def test_the_same_bulletin_as_markdown_gives_the_same_tasks() -> None:
    markdown = (
        "# 云海市人民政府关于加强绿化工作的通知\n云政〔2030〕7号\n各县区人民政府：\n一、明确目标\n"
        "（一）新增绿地。2030年底前，市园林局新增绿地3公顷以上。\n（二）修堤。2031年6月底前，市水利局修复堤防12公里。\n"
        "二、加强领导\n（一）压实责任。市财政局每年安排资金500万元。\n云海市人民政府\n2030年3月1日\n"
    )
    levels = (lvl(0, "chineseCounting", "%1、"), lvl(1, "chineseCounting", "（%2）"))
    paragraphs = []
    for line in markdown.splitlines():
        label, _, rest = line.partition("、") if line[1:2] == "、" else line.partition("）")
        numbered = rest and label in ("一", "二", "（一", "（二")
        level = int(label.startswith("（"))
        paragraphs.append(item(rest, 1, level) if numbered else p(line.removeprefix("# ")))
    tasks = parse(docx("".join(paragraphs), numbering=numbering(*levels)), name="a.docx").records["tasks"]
    expected = parse(markdown.encode(), name="a.md").records["tasks"]
    columns = ("ordinal", "action", "text", "modality", "responsible", "deadline", "due_on", "target", "quote")
    assert len(expected) == 3
    assert [[t[c] for c in columns] for t in tasks] == [[t[c] for c in columns] for t in expected]


def test_every_document_met_is_read_whole(shared: Path) -> None:
    """No character of a paragraph is lost (the corpus has no hidden text and no changes)."""
    import zipfile

    from lxml import etree

    for path in sorted(shared.glob("corpus/*/*.docx")):
        blocks = read(path).blocks
        got = "".join(b.text if isinstance(b, Line) else "".join(map("".join, b.rows)) for b in blocks)
        with zipfile.ZipFile(path) as archive:
            root = etree.fromstring(archive.read("word/document.xml"))
        printed = "".join(t.text or "" for t in root.iter(f"{{{W}}}t"))
        assert normalize("NFKC", "".join(got.split())) == normalize("NFKC", "".join(printed.split())), path.name
