"""PDF files: reading order, furniture, tables, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest

pytest.importorskip("reportlab")

from pdfs import FONT, HEIGHT, WIDTH, Sheet, pdf, raw, stream

from pipeline import parse
from pipeline.model import Grid, Line, Source
from pipeline.read import ReadError, limits, read
from pipeline.read.layout import Word
from pipeline.read.pdf import _Pages
from pipeline.read.unreadable import readable
from pipeline.show_image import NoImageError, page_image
from pipeline.text import canonical

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"

PARAGRAPH = (
    "为推进云海市港口岸线综合治理，完善沿海生态屏障，提升城市功能品质，结合本地实际，制定如下工作措施并抓好落实，"
    "各有关单位应当按照职责分工协同推进，形成工作合力，确保各项任务如期完成。"
)
SHORT = "云海市各县区应当按月报送工作进展情况，重大事项随时报告。"


def text(source: Source) -> list[str]:
    return canonical(source).text.split("\n")


def grids(source: Source) -> list[tuple[tuple[str, ...], ...]]:
    return [b.rows for b in source.blocks if isinstance(b, Grid)]


def two_columns(head: str = "", number: int = 0, first: str = PARAGRAPH, last: str = PARAGRAPH):
    """A page of two columns of 21 characters."""

    def draw(s: Sheet) -> None:
        if head:
            s.text(220, 30, head, 9)
        top = s.paragraph(70, 80, first, 21)
        s.paragraph(70, top, SHORT, 21)
        top = s.paragraph(320, 80, PARAGRAPH, 21)
        s.paragraph(320, top, last, 21)
        if number:
            s.text(285, 800, f"— {number} —", 9)

    return draw


def test_columns_are_read_one_after_the_other() -> None:
    assert text(read(pdf(two_columns()))) == [PARAGRAPH, SHORT, PARAGRAPH, PARAGRAPH]


def test_three_columns() -> None:
    def draw(s: Sheet) -> None:
        for x in (50, 225, 400):
            s.paragraph(x, s.paragraph(x, 70, PARAGRAPH, 14), SHORT, 14)

    assert text(read(pdf(draw))) == [PARAGRAPH, SHORT] * 3


def test_a_title_across_both_columns_divides_them() -> None:
    def draw(s: Sheet) -> None:
        for x in (70, 320):
            s.paragraph(x, 80, PARAGRAPH, 21)
            s.paragraph(x, 260, SHORT + SHORT + SHORT, 21)
        s.text(140, 220, "云海市海岸线修复与利用三年行动方案条文", 15)

    title = "云海市海岸线修复与利用三年行动方案条文"
    assert text(read(pdf(draw))) == [PARAGRAPH, PARAGRAPH, title, SHORT * 3, SHORT * 3]


def test_one_column_above_two() -> None:
    def draw(s: Sheet) -> None:
        top = s.paragraph(70, 70, PARAGRAPH * 2, 43) + 8
        for x in (70, 320):
            s.paragraph(x, s.paragraph(x, top, PARAGRAPH, 20), SHORT, 20)

    assert text(read(pdf(draw))) == [PARAGRAPH * 2, PARAGRAPH, SHORT, PARAGRAPH, SHORT]


def test_running_heads_and_page_numbers_go_and_sentences_are_whole_over_pages() -> None:
    start, rest = PARAGRAPH[:61], PARAGRAPH[61:]

    def broken(s: Sheet) -> None:
        two_columns("云海市人民政府公报 2025年第3号", 1, last=start)(s)

    def goes_on(s: Sheet) -> None:
        s.text(220, 30, "云海市人民政府公报 2025年第3号", 9)
        s.lines(70, 80, [rest[:21], rest[21:]])
        s.paragraph(70, 80 + 2 * 1.7 * 10.5, PARAGRAPH, 21)
        s.paragraph(320, 80, PARAGRAPH, 21)
        s.text(285, 800, "— 2 —", 9)

    last = two_columns("云海市人民政府公报 2025年第3号", 3)
    found = text(read(pdf(broken, goes_on, last)))
    assert found[:5] == [PARAGRAPH, SHORT, PARAGRAPH, start + rest, PARAGRAPH]
    assert not any("公报" in line or "—" in line for line in found)


def test_labels_of_annexes_at_the_head_of_pages_stay() -> None:
    def annex(n: int):
        def draw(s: Sheet) -> None:
            s.text(70, 72, f"附件{n}")
            s.paragraph(70, 120, PARAGRAPH, 43)

        return draw

    found = text(read(pdf(*(annex(n) for n in (1, 2, 3, 4)))))
    assert [line for line in found if line.startswith("附件")] == ["附件1", "附件2", "附件3", "附件4"]


def test_footnotes_and_their_marks_go() -> None:
    def draw(s: Sheet) -> None:
        top = s.paragraph(70, 70, PARAGRAPH * 2, 43)
        s.text(91, top, "近岸海域")
        s.text(133, top - 1, "①", 6)
        s.text(139, top, "水质稳定改善。")
        s.rule(70, 740, 200, 740)
        s.text(70, 748, "①近岸海域指海岸线向海一侧的水域。", 8)
        s.text(290, 800, "7", 9)

    assert text(read(pdf(draw))) == [PARAGRAPH * 2, "近岸海域水质稳定改善。"]


def test_subscripts_and_superscripts_stand_in_their_places() -> None:
    def draw(s: Sheet) -> None:
        s.paragraph(70, 70, PARAGRAPH, 43)
        s.text(91, 200, "全市PM")
        s.text(122.5, 205, "2.5", 7)
        s.text(133, 200, "浓度下降，供热面积达到30万m")
        s.text(133 + 10.5 * 13.5, 199, "2", 6)

    line = text(read(pdf(draw)))[-1]
    assert line.startswith("全市PM2.5浓度下降")
    assert line.endswith("30万m²")


ROWS = [
    ["县区", "2025年\n任务", "2026年任务"],
    ["望潮区", "120", "140"],
    ["青屿区", "85", "90"],
    ["沙汀县", "70", "100"],
]


def test_a_ruled_table_with_line_breaks_in_cells() -> None:
    def draw(s: Sheet) -> None:
        s.text(200, 60, "表1 各县区任务")
        s.table(100, 100, ROWS, [80, 80, 80], 28)

    assert grids(read(pdf(draw))) == [tuple(tuple(r) for r in ROWS)]


def test_spans_are_read_from_the_lines_that_are_not_drawn() -> None:
    def draw(s: Sheet) -> None:
        x, y = [100, 180, 260, 340], [100, 120, 140, 160]
        for top in (y[0], y[2], y[3]):
            s.rule(x[0], top, x[3], top)
        s.rule(x[1], y[1], x[3], y[1])
        for at in (x[0], x[1], x[3]):
            s.rule(at, y[0], at, y[3])
        s.rule(x[2], y[1], x[2], y[3])
        s.text(120, 115, "县区", 9)
        s.text(230, 105, "治理任务", 9)
        for at, words in ((200, "2025年"), (280, "2026年")):
            s.text(at, 125, words, 9)
        for at, words in ((120, "望潮区"), (200, "120"), (280, "140")):
            s.text(at, 145, words, 9)

    rows = grids(read(pdf(draw)))
    assert rows == [(("县区", "治理任务", ""), ("", "2025年", "2026年"), ("望潮区", "120", "140"))]


def test_a_table_without_lines_at_its_sides() -> None:
    def draw(s: Sheet) -> None:
        for i in range(4):
            s.rule(100, 100 + 20 * i, 340, 100 + 20 * i)
        for at in (180, 260):
            s.rule(at, 100, at, 160)
        for i, row in enumerate(ROWS[1:]):
            for at, words in zip((110, 190, 270), row, strict=True):
                s.text(at, 105 + 20 * i, words, 9)

    assert grids(read(pdf(draw))) == [tuple(tuple(r) for r in ROWS[1:])]


@pytest.mark.parametrize("ruled", [False, True], ids=["no lines", "three lines"])
def test_tables_without_rules(ruled: bool) -> None:
    rows = [["县区", "2025年任务", "2026年任务"], *ROWS[1:], ["合计", "275", "330"]]

    def draw(s: Sheet) -> None:
        top = s.paragraph(70, 70, PARAGRAPH, 43) + 10
        for i, row in enumerate(rows):
            for at, words in zip((90, 250, 400), row, strict=True):
                s.text(at, top + 18 * i, words)
        if ruled:
            for y in (top - 3, top + 14, top + 18 * len(rows)):
                s.rule(80, y, 480, y)
        s.paragraph(70, top + 18 * len(rows) + 10, PARAGRAPH, 43)

    source = read(pdf(draw))
    assert grids(source) == [tuple(tuple(r) for r in rows)]
    assert text(source) == [PARAGRAPH, PARAGRAPH]


def test_names_before_colons_and_contents_are_no_table() -> None:
    def draw(s: Sheet) -> None:
        for i, (key, value) in enumerate((("索引号：", "云2025"), ("发文机关：", "云海市"), ("成文日期：", "2025年"))):
            s.text(90, 100 + 18 * i, key)
            s.text(250, 100 + 18 * i, value)

    assert not grids(read(pdf(draw)))


def test_a_table_goes_on_over_columns_and_pages_and_repeats_its_header() -> None:
    header = ["县区", "任务"]
    body = [[f"第{i}县", str(i)] for i in range(1, 13)]

    def first(s: Sheet) -> None:
        s.paragraph(70, 70, PARAGRAPH * 5, 21)
        s.table(70, 620, [header, *body[:4]], [100, 100])
        s.table(320, 70, [header, *body[4:8]], [100, 100])
        s.paragraph(320, 200, PARAGRAPH * 5, 21)

    def before(s: Sheet) -> None:
        s.paragraph(70, 70, PARAGRAPH, 43)
        s.table(70, 600, [header, *body[:8]], [100, 100])
        s.text(290, 800, "1", 9)

    def after(s: Sheet) -> None:
        s.table(70, 70, [header, *body[8:]], [100, 100])
        s.paragraph(70, 300, PARAGRAPH, 43)
        s.text(290, 800, "2", 9)

    assert grids(read(pdf(first))) == [tuple(tuple(r) for r in [header, *body[:8]])]
    assert grids(read(pdf(before, after))) == [tuple(tuple(r) for r in [header, *body])]


def test_a_turned_page_is_read_upright() -> None:
    def turned(s: Sheet) -> None:
        s.canvas.translate(WIDTH, 0)
        s.canvas.rotate(90)
        s.canvas.translate(0, WIDTH - HEIGHT)
        s.paragraph(70, 70, PARAGRAPH, 43)

    assert text(read(pdf(turned))) == [PARAGRAPH]
    assert text(read(pdf(turned, rotate=90))) == [PARAGRAPH]


def test_characters_printed_four_times_are_read_once() -> None:
    def draw(s: Sheet) -> None:
        for dx, dy in ((0, 0), (0.3, 0), (0, 0.3), (0.3, 0.3)):
            s.text(100 + dx, 100 + dy, "云海市2011年年度报告", 26)

    assert text(read(pdf(draw))) == ["云海市2011年年度报告"]


def test_a_watermark_across_the_page_goes() -> None:
    def draw(s: Sheet) -> None:
        s.paragraph(70, 70, PARAGRAPH, 43)
        s.canvas.saveState()
        s.canvas.translate(300, 500)
        s.canvas.rotate(45)
        s.canvas.setFont(FONT, 60)
        s.canvas.drawString(-100, 0, "内部资料")
        s.canvas.restoreState()

    assert text(read(pdf(draw))) == [PARAGRAPH]


def test_more_pages_than_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGES", 1)
    with pytest.raises(ReadError, match="split it"):
        read(pdf(two_columns(), two_columns()), name="x.pdf")


def test_encrypted_and_broken_files_are_refused_with_advice() -> None:
    with pytest.raises(ReadError, match="encrypted: remove its password"):
        read(pdf(two_columns(), password="geheim"), name="issue.pdf")
    for content in (b"%PDF-1.7\nnothing of a PDF\n", pdf(two_columns())[:900]):
        with pytest.raises(ReadError, match="damaged"):
            read(content, name="issue.pdf")


def picture(s: Sheet) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    out = BytesIO()
    Image.new("L", (60, 80), 200).save(out, "PNG")
    s.canvas.drawImage(ImageReader(BytesIO(out.getvalue())), 10, 10, WIDTH - 20, HEIGHT - 20)
    s.text(500, 800, "扫描王创建", 8)


def test_scans_are_refused_or_noted_by_page() -> None:
    with pytest.raises(ReadError, match=r"scanned.*gongbao\[ocr\]"):
        read(pdf(picture, picture), name="scan.pdf")
    mixed = read(pdf(two_columns(), picture), name="mixed.pdf")
    assert [(n.page, n.reason) for n in mixed.notes] == [(2, "file.picture")]


def drawn(shown: bytes, more: bytes = b"") -> bytes:
    """A page of what is shown, in /F, which tells no characters, or in /G, which does."""
    content = b"BT 72 600 Td %s ET" % shown
    return raw(
        b"<< /Type /Catalog /Pages 2 0 R " + more + b">>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R"
        b" /G 8 0 R >> >> >>",
        stream(content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 1000 /FontDescriptor 7 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 -200 1000 800] /Ascent 800 /Descent -200"
        b" /ItalicAngle 0 /CapHeight 800 /StemV 80 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


def test_glyphs_without_characters_are_never_passed_on() -> None:
    with pytest.raises(ReadError, match="fonts do not say"):
        read(drawn(b"/F 12 Tf <0A0B0C0D0E0F> Tj"), name="fonts.pdf")


def test_every_line_has_its_box() -> None:
    source = read(pdf(two_columns(number=1)))
    lines = [b for b in source.blocks if isinstance(b, Line)]
    assert all(line.box and line.page == 1 for line in lines)
    assert lines[0].box == pytest.approx((91, 80, 290.5, 90.5), abs=3)
    assert [b.number for b in lines] == list(range(1, len(lines) + 1))
    assert all(a.box[0] <= b.box[0] + 30 for a, b in pairwise(lines) if a.box and b.box)


def test_the_format_is_told_from_content() -> None:
    assert read(pdf(two_columns()), name="issue.txt").media_type == "application/pdf"


def test_attachments_are_no_pages() -> None:
    names = b"/Names << /EmbeddedFiles << /Names [(a.txt) << /Type /Filespec /F (a.txt) >>] >> >> "
    content = drawn(b"/G 12 Tf (PM2.5 and PM10) Tj", names)
    assert text(read(content, name="attached.pdf")) == ["PM2.5 and PM10"]


def test_radicals_and_printed_soft_hyphens_are_the_characters_they_show() -> None:
    words, lost = readable([Word(c, 0, 0, 9, 9, 9.0) for c in ("⼀", "⻓", "\xad", "\uf0b7", "\ue123", "(cid:7)")])
    assert [w.text for w in words] == ["一", "长", "-", "\ufffd", "\ufffd"]
    assert lost == 2


def test_boxes_lead_back_to_the_words() -> None:
    found = canonical(read(pdf(two_columns())))
    at = found.text.index("沿海生态屏障")
    (first, left), (second, right) = found.boxes(at, at + 6)
    assert first == second == 1
    assert left == pytest.approx((269.5, 81, 290.5, 92), abs=2)  # 沿海 at the end of the first line
    assert right == pytest.approx((70, 99, 112, 110), abs=2)  # 生态屏障 at the start of the second
    assert not canonical(read(PARAGRAPH.encode())).boxes(0, 10)


def test_the_evidence_is_marked_on_the_page(tmp_path: Path) -> None:
    content = pdf(two_columns())
    (tmp_path / "renamed.pdf").write_bytes(content)
    source = {"source_file": "issue.pdf", "source_sha256": sha256(content).hexdigest()}
    row = {"boxes": [{"page": 1, "x0": 100.0, "top": 200.0, "x1": 160.0, "bottom": 212.0}]}
    picture = page_image(row, source, [tmp_path])
    red, green, blue = picture.getpixel((int(130 / 72 * 150), int(206 / 72 * 150)))  # type: ignore[misc]
    assert red > blue + 40 and green > blue + 40
    with pytest.raises(NoImageError, match="--raw"):
        page_image(row, source, [tmp_path / "elsewhere"])
    with pytest.raises(NoImageError, match="no pages"):
        page_image({"boxes": None}, source, [tmp_path])


def test_what_could_not_be_read_is_a_residual() -> None:
    rows = parse(pdf(two_columns(), picture), name="mixed.pdf").records["residuals"]
    assert [(r["kind"], r["reason"], r["page"]) for r in rows if r["kind"] == "file"] == [("file", "file.picture", 2)]


FILES = sorted(
    p for folder in ("formats", "wild") for p in (SHARED / "corpus" / folder).glob("*.pdf") if "scan" not in p.name
)


@pytest.mark.parametrize("file", FILES, ids=lambda p: p.stem)
def test_no_character_of_a_body_is_lost(file: Path) -> None:
    """All that is not in the text or its tables is repeated at the edge of pages, or numbers them."""
    printed = Counter(c for page in _Pages(file.read_bytes()) for w in page.words for c in w.text)
    found = canonical(read(file))
    kept = Counter(found.text) + Counter(c for g in found.grids for row in g.grid.rows for cell in row for c in cell)
    pages = read(file).pages or 1
    lost = {c: n - kept[c] for c, n in printed.items() if n > kept[c] and not c.isspace()}
    assert sum(lost.values()) <= 25 * pages
    assert all(n <= 3 * pages for n in lost.values()), lost


def test_five_hundred_pages_take_little_memory() -> None:
    """In a process of its own: what is resident at most beyond the interpreter with its imports."""
    script = (
        "import resource, sys\n"
        "from pipeline.read import read\n"
        "from pipeline.read import pdf\n"
        "def used(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
        "before = used()\n"
        "source = read(sys.argv[1])\n"
        "print(source.pages, used() - before)\n"
    )
    pages = [two_columns("云海市人民政府公报", n) for n in range(1, 501)]
    with NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf(*pages))
        file.flush()
        done = subprocess.run(
            [sys.executable, "-c", script, file.name], check=True, capture_output=True, text=True, cwd=ROOT
        )
    count, more = done.stdout.split()
    assert int(count) == 500
    assert float(more) < 300
