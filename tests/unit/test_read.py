"""What is read, in which encoding, and what is refused with which advice."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pipeline.model import Grid, Line
from pipeline.read import ReadError, limits, read

TEXT = "某市人民政府关于加强绿化工作的通知\n一、明确目标。到2030年新增绿地3公顷。\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode()[:-2], "utf-8"),  # cut off inside its last character
    ],
)
def test_encoding_is_found_from_the_content(data: bytes, encoding: str) -> None:
    source = read(data, name="notice.txt")
    assert source.encoding == encoding
    assert isinstance(source.blocks[0], Line)
    assert source.blocks[0].text == "某市人民政府关于加强绿化工作的通知"


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"", "empty file"),
        (b" \r\n\t\n", "empty file"),
        (bytes(range(256)) * 40, "not readable as text"),
        (b"\x00\x01\x02" * 500, "not readable as text"),
        (b"\xff\xfe\x00\x00" + b"\xd8" * 999, "not readable as text"),
        (b"%PDF-1.7\n...", "not a readable PDF"),
        (b"PK\x03\x04" + b"\x00" * 50, "damaged or cut off"),
        (b"a" * (limits.TEXT_BYTES + 1), "limit of 20 MB"),
    ],
)
def test_refusals_are_one_line_that_names_the_file(data: bytes, advice: str) -> None:
    with pytest.raises(ReadError) as error:
        read(data, name="x.txt")
    message = str(error.value)
    assert message.startswith("x.txt: ")
    assert advice in message
    assert "\n" not in message
    assert ": " in message.removeprefix("x.txt: "), "says what to do"


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: 某市绿化措施\n---\n" + TEXT,
        "# 某市绿化措施\n<center>目录</center>\nPM<sub>2.5</sub>和PM<sub>10</sub>，O<sub>3</sub>\n" + TEXT,
        "一、目标\n<table><tr><td>甲县</td><td>3</td></tr></table>\n" + TEXT * 3,
    ],
)
def test_markdown_with_some_tags_is_text(text: str) -> None:
    assert read(text.encode(), name="a.md").media_type == "text/markdown"


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(limits.BYTES + 1)
    started = time.perf_counter()
    with pytest.raises(ReadError, match="limit of 100 MB"):
        read(path)
    assert time.perf_counter() - started < 0.5


def test_paths(tmp_path: Path) -> None:
    path = tmp_path / "notice.md"
    path.write_text(TEXT, encoding="utf-8")
    assert read(path).name == read(str(path)).name == "notice.md"
    assert read(path).media_type == "text/markdown"
    assert read(path).sha256 == read(TEXT.encode()).sha256
    for missing in (tmp_path / "none.txt", tmp_path, "a\0b"):
        with pytest.raises(ReadError):
            read(missing)
    with pytest.raises(TypeError):
        read(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "rows", "reason"),
    [
        ("县区\t2024年\t2025年\n甲县\t3\t4\n", [("县区", "2024年", "2025年"), ("甲县", "3", "4")], "tabs"),
        (
            "县区\t目标\n合计\t9\n\t\t1.5%\n",
            [("县区", "目标"), ("合计", "9"), ("", "", "1.5%")],
            "a row with one cell only",
        ),
        ("| 县区 | 目标 |\n|---|:-:|\n| 甲县 | 3 |\n", [("县区", "目标"), ("甲县", "3")], "markdown pipes"),
    ],
)
def test_tables_become_grids(text: str, rows: list[tuple[str, ...]], reason: str) -> None:
    (grid,) = (b for b in read(text.encode()).blocks if isinstance(b, Grid))
    assert list(grid.rows) == rows, reason


def test_an_indented_paragraph_is_no_table() -> None:
    blocks = read("\t各单位要加强领导。\n\t各县区要抓好落实。\n".encode()).blocks
    assert all(isinstance(b, Line) for b in blocks)


def test_lines_keep_their_numbers_and_claimed_levels() -> None:
    blocks = read("# 某市公报\n\n\n正文\r\n另行\r末行".encode()).blocks
    assert [(b.number, b.heading) for b in blocks if isinstance(b, Line)] == [(1, 1), (4, 0), (5, 0), (6, 0)]
