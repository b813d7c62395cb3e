"""Pages that are pictures: what is made of recognised lines, and, with the extra installed, recognition itself."""

from __future__ import annotations

import os
import socket
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pdfs import Sheet, pdf
from PIL import Image, ImageDraw, ImageFont

from pipeline import parse
from pipeline.assemble.records import records
from pipeline.model import Grid, Line, Source
from pipeline.read import ReadError, read
from pipeline.read.layout import Page, Rule, Word, blocks
from pipeline.read.ocr.corrections import corrected, corrected_blocks
from pipeline.read.ocr.engine import Seen
from pipeline.read.ocr.words import Sizes, words
from pipeline.read.unreadable import is_usable
from pipeline.rules import rules
from pipeline.structure import outline
from pipeline.text import canonical

SCALE = 200 / 72
slow = pytest.mark.skipif(os.environ.get("GONGBAO_SLOW") != "1", reason="takes minutes: GONGBAO_SLOW=1 runs it")


def seen(text: str, x: float, top: float, em: float = 10.5, unsure: str = "", slope: float = 0.0) -> Seen:
    """A line as the recogniser gives it, its box higher than its characters; places in points."""
    widths = [em / 2 if c.isascii() else em for c in text]
    ends = np.cumsum(widths)
    places = tuple((ends - np.array(widths) / 2) / ends[-1])
    x1, height = x + ends[-1], 1.33 * em
    fall = slope * (x1 - x)
    corners = [[x, top], [x1, top + fall], [x1, top + fall + height], [x, top + height]]
    sure = tuple(0.5 if c in unsure else 1.0 for c in text)
    return Seen(text, np.array(corners, dtype=np.float32) * np.float32(SCALE), places, sure)


def laid(lines: list[Seen], lattice: tuple[Rule, ...] = ()) -> list[Line | Grid]:
    found, _ = words(lines, (0.0, 800.0, 1100.0), SCALE, lattice, Sizes())
    return list(blocks([Page(1, 595, 842, found, lattice)]))


RULES = [(r["id"], e) for r in rules("recognition") for e in r["examples"]]
COUNTER = [(r["id"], e) for r in rules("recognition") for e in r["counter_examples"]]


@pytest.mark.parametrize(("rule", "text"), RULES)
def test_confusions_are_put_right(rule: str, text: str) -> None:
    assert corrected(text) != text
    assert len(corrected(text)) == len(text)


@pytest.mark.parametrize(("rule", "text"), COUNTER)
def test_what_is_no_confusion_stays(rule: str, text: str) -> None:
    assert corrected(text) == text


@pytest.mark.parametrize(
    ("read_as", "printed"),
    [
        ("云政发[2025]3号", "云政发〔2025〕3号"),
        ("(2)水泥行业:完成改造,建成", "（2）水泥行业：完成改造，建成"),
        ("（责任单位:市教育局,各县〔市、区]政府)", "（责任单位：市教育局，各县〔市、区〕政府）"),
        ("2O25年", "2025年"),
        ("一2一", "—2—"),
        ("比例为1:1,其中3,200万元", "比例为1:1，其中3,200万元"),
        ("l00万元、2S吨", "l00万元、2S吨"),
    ],
)
def test_no_digit_is_guessed_and_each_character_keeps_its_place(read_as: str, printed: str) -> None:
    assert corrected(read_as) == printed


def test_brackets_close_over_the_ends_of_lines() -> None:
    lines = [
        Line("（责任单位：各县〔市、", 1, 1),
        Line("区]政府）", 2, 1, follows=True),
        Line("（1)", 3, 2, follows=False),
    ]
    assert [b.text for b in corrected_blocks(lines, {1})] == ["（责任单位：各县〔市、", "区〕政府）", "（1)"]


def test_lines_of_one_size_though_measured_unlike() -> None:
    full = "全市新建改建农村公路三百公里以上并完成危桥改造任务"
    lines = [seen(full, 70, 100 + 18 * i, 10.5 * (1 + 0.03 * (-1) ** i)) for i in range(4)]
    assert len({w.size for w in words(lines, (0, 0, 0), SCALE, (), Sizes())[0]}) == 1


def test_a_title_keeps_its_size() -> None:
    body = [seen("全市新建改建农村公路三百公里以上并完成危桥改造任务", 70, 140 + 18 * i) for i in range(4)]
    found, _ = words([seen("云海市农村公路提升方案", 150, 90, 16), *body], (0, 0, 0), SCALE, (), Sizes())
    assert found[0].size > 1.3 * found[-1].size


def test_a_line_is_cut_at_ruled_lines_and_wide_gaps() -> None:
    line = seen("望潮区120|140", 100, 100)
    at = 100 + 31.5
    found, _ = words([line], (0, 0, 0), SCALE, [Rule(at, 90, at, 130), Rule(149.9, 90, 149.9, 130)], Sizes())
    assert [w.text for w in found] == ["望潮区", "120", "140"]
    wide = Seen("云海", seen("云海", 100, 100).corners, (0.1, 0.9), (1.0, 1.0))
    apart = Seen("云海", wide.corners * np.float32([[4, 1]]), (0.02, 0.98), (1.0, 1.0))
    assert [w.text for w in words([apart], (0, 0, 0), SCALE, (), Sizes())[0]] == ["云", "海"]


def test_a_skewed_page_is_made_level() -> None:
    slope = 0.02
    line = seen("全市新建改建农村公路三百公里以上并完成危桥改造任务", 70, 100, slope=slope)
    (word,), _ = words([line], (float(np.arctan(slope)), 0, 0), SCALE, (), Sizes())
    level, _ = words([seen(line.text, 70, 100)], (0, 0, 0), SCALE, (), Sizes())
    assert word.top == pytest.approx(level[0].top - slope * 70, abs=0.5)


def test_what_is_too_unsure_is_counted_not_passed_on() -> None:
    assert words([seen("云海云海", 70, 100, unsure="云海")], (0, 0, 0), SCALE, (), Sizes())[1] == 0
    noise = Seen("囗囗", seen("囗囗", 70, 100).corners, (0.25, 0.75), (0.2, 0.3))
    assert words([noise], (0, 0, 0), SCALE, (), Sizes()) == ([], 2)


def test_doubts_stand_at_their_characters() -> None:
    lines = laid(
        [seen("第一项", 70, 100), seen("新增造林12万亩", 70, 130, unsure="2"), seen("（一）", 70, 160, unsure="（")]
    )
    assert [b.doubts for b in lines if isinstance(b, Line)] == [(), ((5, 0.5),), ()]


def test_doubts_of_cells() -> None:
    at = [100.0, 180.0, 260.0]
    lattice = tuple(Rule(100, y, 260, y) for y in (100, 120, 140)) + tuple(Rule(x, 100, x, 140) for x in at)
    rows = [["望潮区", "120"], ["青屿区", "85"]]
    lines = [
        seen(c, x + 5, y + 3, 9, "8")
        for y, row in zip((100, 120), rows, strict=True)
        for x, c in zip(at, row, strict=False)
    ]
    (grid,) = laid(lines, lattice)
    assert isinstance(grid, Grid)
    assert (grid.rows, grid.doubts) == ((("望潮区", "120"), ("青屿区", "85")), ((1, 1, 0.5),))


def bulletin(doubts: tuple[tuple[int, float], ...], cells: tuple[tuple[int, int, float], ...] = ()) -> dict[str, Any]:
    rows = (("县区", "任务/亩"), ("望潮区", "120"), ("青屿区", "85"), ("合计", "205"))
    source = Source(
        "scan.pdf",
        "0" * 64,
        "application/pdf",
        (
            Line("云海市人民政府关于加强绿化工作的通知", 1, 1),
            Line("一、扩大绿地", 2, 1),
            Line("2025年底前，新增造林12万亩。（市林业局负责）", 3, 1, doubts=doubts),
            Line("附件1 任务表", 4, 1),
            Grid(rows, (5, 6, 7, 8), 1, cells),
        ),
        pages=1,
    )
    text = canonical(source)
    return records(text, outline(text), "0")


def test_recognition_lowers_the_confidence_of_a_task() -> None:
    (sure,) = bulletin(())["tasks"]
    (word,) = bulletin(((10, 0.9),))["tasks"]
    (number,) = bulletin(((13, 0.9),))["tasks"]
    assert word["confidence"] == pytest.approx(0.9 * sure["confidence"], abs=1e-3)
    assert (sure["review"], word["review"], number["review"]) == (False, False, True)
    assert "recognition" in number["reasons"]


def test_an_unsure_figure_of_a_table_is_suspect() -> None:
    cells = {(c["row_label"], c["printed"]): c for c in bulletin((), ((1, 1, 0.7),))["table_cells"]}
    assert [k for k, c in cells.items() if c["suspect"]] == [("望潮区", "120")]
    assert "70%" in cells["望潮区", "120"]["reason"]
    named = bulletin((), ((2, 0, 0.4),))["table_cells"]
    assert [c["row_label"] for c in named if c["suspect"]] == ["青屿区"]


def test_hidden_text_that_is_rubbish_is_no_text() -> None:
    rare = [Word(chr(0x9000 + 7 * i), 0, 0, 1, 1, 10) for i in range(200)]
    real = [Word(c, 0, 0, 1, 1, 10) for c in "各县市区人民政府要加强组织领导落实工作责任推进项目建设" * 8]
    assert is_usable(rare, 0, 0.9) == "file.picture"
    assert is_usable(real, 0, 0.9) is None
    assert is_usable(rare, 0, 0.0) is None  # no picture: names and places are characters too


def image(draw: Any, size: tuple[int, int] = (900, 500)) -> Image.Image:
    out = Image.new("RGB", size, "white")
    draw(ImageDraw.Draw(out), ImageFont.load_default(40))
    return out


def encoded(*pages: Image.Image, kind: str = "PNG") -> bytes:
    out = BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if len(pages) > 1 else {}
    pages[0].save(out, kind, dpi=(200, 200), **more)
    return out.getvalue()


def notice(draw: ImageDraw.ImageDraw, font: Any) -> None:
    for i, line in enumerate(("NOTICE 2025-03", "Growth of 6.5% in 12 months", "Budget 48300")):
        draw.text((80, 60 + 110 * i), line, fill="black", font=font)


def squeezed(source: Source) -> list[str]:
    return ["".join(b.text.split()) for b in source.blocks if isinstance(b, Line)]


def scan(s: Sheet) -> None:
    """A page of a PDF that is a picture."""
    from reportlab.lib.utils import ImageReader

    s.canvas.drawImage(ImageReader(image(notice, (900, 1270))), 0, 0, 595, 842)


NOTICE = ["NOTICE2025-03", "Growthof6.5%in12months", "Budget48300"]


def test_without_the_extra_one_clear_error() -> None:
    for content in (encoded(image(notice)), pdf(scan, scan)):
        with pytest.raises(ReadError, match=r'scanned.*pip install "gongbao\[ocr\]".*make install-ocr'):
            read(content, name="scan")


@pytest.mark.ocr
def test_broken_images_are_refused_with_advice() -> None:
    for content in (b"\x89PNG\r\n\x1a\nnothing", encoded(image(notice))[:200]):
        with pytest.raises(ReadError, match="not a readable image"):
            read(content, name="page.png")


@pytest.mark.ocr
@pytest.mark.parametrize("turned", [0, 90, 180, 270, 3])
def test_an_image_is_read_however_it_lies(turned: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("recognition asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    content = encoded(image(notice).rotate(turned, expand=True, fillcolor="white"))
    source = read(content)
    assert (squeezed(source), source.media_type, source.pages) == (NOTICE, "image/png", 1)
    if turned == 3:
        assert read(content) == source


@pytest.mark.ocr
def test_pages_of_a_tiff_and_a_blank_one() -> None:
    pages = (image(notice), Image.new("RGB", (900, 500), "white"), image(notice).convert("L"))
    source = read(encoded(*pages, kind="TIFF"))
    assert (source.pages, source.media_type) == (3, "image/tiff")
    assert {b.page for b in source.blocks} == {1, 3}


@pytest.mark.ocr
def test_a_table_of_an_image_is_read_from_its_lines() -> None:
    def draw(on: ImageDraw.ImageDraw, font: Any) -> None:
        for i in range(4):
            on.line((60, 60 + 90 * i, 660, 60 + 90 * i), fill="black", width=2)
            on.line((60 + 200 * i, 60, 60 + 200 * i, 330), fill="black", width=2)
        for i, row in enumerate((("Area", "2025", "2026"), ("North", "120", "7"), ("South", "/", "95"))):
            for j, cell in enumerate(row):
                on.text((90 + 200 * j, 80 + 90 * i), cell, fill="black", font=font)

    (grid,) = read(encoded(image(draw))).blocks
    assert isinstance(grid, Grid)
    assert grid.rows == (("Area", "2025", "2026"), ("North", "120", "7"), ("South", "/", "95"))


@pytest.mark.ocr
def test_pages_of_a_pdf_are_recognised_where_they_have_no_text() -> None:
    def text(s: Sheet) -> None:
        s.paragraph(70, 70, "各县区要加强组织领导，落实工作责任，确保各项任务按期完成。" * 4, 43)

    source = read(pdf(text, scan))
    assert source.notes == ()
    assert next(b.text[:4] for b in source.blocks if isinstance(b, Line) and b.page == 1) == "各县区要"
    assert ["".join(b.text.split()) for b in source.blocks if isinstance(b, Line) and b.page == 2] == NOTICE


@pytest.mark.ocr
@slow
def test_a_scan_says_what_its_text_says(shared: Path) -> None:
    scan = parse(shared / "corpus/formats/jiaozuo-2024-04.scan.pdf").records
    text = parse(shared / "corpus/jiaozuo-2024-04.md").records

    def share(table: str, *columns: str) -> float:
        a, b = ({tuple(r[c] for c in columns) for r in found[table]} for found in (scan, text))
        return len(a & b) / max(len(a), len(b))

    assert share("measures", "key" if "key" in text["measures"][0] else "title") > 0.94
    assert share("targets", "kind", "low", "unit", "due_on") > 0.94
    assert share("deadlines", "printed", "due_on") > 0.94
    assert share("responsibilities", "name", "role") > 0.94
    assert share("table_cells", "row_label", "value") > 0.85
