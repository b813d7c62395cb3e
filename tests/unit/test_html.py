"""The document out of a page: invented pages in the manner of government sites."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import parse
from pipeline.model import Grid, Line
from pipeline.read import ReadError, limits, read

BODY = """
<h1>云海市人民政府办公室关于印发《云海市示例绿化行动方案》的通知</h1>
<p>云政办〔2031〕4号</p>
<p>各县（市、区）人民政府，市政府各部门：</p>
<p>　　现将《云海市示例绿化行动方案》印发给你们，请认真贯彻执行。</p>
<p style="text-align:right">云海市人民政府办公室</p><p style="text-align:right">2031年3月5日</p>
<p>　　<b>一、扩大绿地</b></p>
<p>　　2031年10月底前，新增绿地36万m<sup>2</sup>，PM<sub>2.5</sub>浓度下降3%<!-- 注 -->。
（市水务局牵头，市财政局配合）</p>
<p>　　<span>二、</span><span>补植行</span><span>道树</span>。每年补植行道树不少于500株。（市水务局负责）</p>
<table border="1"><caption>附件 绿地任务表</caption>
<tr><th rowspan="2">区县</th><th colspan="2">2031年</th></tr>
<tr><th>绿地<br>/公顷</th><th>行道树/株</th></tr>
<tr><td>东海县</td><td>12</td><td>300</td></tr>
<tr><td>西海县</td><td>24</td><td>200</td></tr></table>
"""
PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}">
<title>云海市示例绿化行动方案_云海市人民政府网</title>
<meta name="ArticleTitle" content="云海市人民政府办公室关于印发《云海市示例绿化行动方案》的通知">
<script>var total = 9999;</script><style>.x{{width:100%}}</style></head><body>
<div class="header"><a href="/">首页</a><a href="/zw">政务公开</a><a href="/hd">互动交流</a></div>
<div class="breadcrumb">当前位置：首页 &gt; 政务公开 &gt; 通知公告</div>
<div class="main"><div class="share">分享到：<a>微信</a><a>微博</a></div>
<div class="article" id="zoom">{body}</div>
<div class="related"><h3>相关阅读</h3><ul><li><a href="/1">2030年任务完成98%</a></li></ul></div></div>
<div class="footer">主办单位：云海市人民政府办公室 版权所有 网站标识码9900000001</div></body></html>"""


def page(body: str = BODY, charset: str = "utf-8") -> bytes:
    return PAGE.format(body=body, charset=charset).encode(charset)


def lines(data: bytes) -> list[str]:
    return [b.text for b in read(data, name="page").blocks if isinstance(b, Line)]


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "gb2312"])
def test_the_document_and_nothing_of_the_page(charset: str) -> None:
    found = lines(page(BODY.replace("㎡", "m2"), charset) if charset != "gb2312" else page(charset=charset))
    assert found[0].startswith("云海市人民政府办公室关于印发")
    assert sum("示例绿化行动方案》的通知" in line for line in found) == 1, "a printed title is not set twice"
    whole = "".join(found)
    for word in ("首页", "分享", "相关阅读", "98%", "版权所有", "9999", "width"):
        assert word not in whole, word


def test_inline_elements_join_and_powers_are_kept() -> None:
    found = lines(page())
    assert "二、补植行道树。每年补植行道树不少于500株。（市水务局负责）" in found
    assert any("36万m²，PM2.5浓度下降3%。" in line for line in found)


def test_spans_of_a_table() -> None:
    grid = next(b for b in read(page(), name="page").blocks if isinstance(b, Grid))
    assert grid.rows[0] == ("区县", "2031年", "")
    assert grid.rows[1] == ("", "绿地\n/公顷", "行道树/株")
    assert grid.rows[2] == ("东海县", "12", "300")


def test_records_of_a_page() -> None:
    found = parse(page(), name="page.html")
    assert found.records["documents"][0]["doc_number"] == "云政办〔2031〕4号"
    tasks = found.records["tasks"]
    assert {tuple(t["lead"] or t["responsible"]) for t in tasks} == {("云海市水务局",)}
    values = {(c["row_label"], c["indicator"], int(c["value"])) for c in found.records["table_cells"] if c["value"]}
    assert ("西海县", "绿地", 24) in values


def test_a_title_that_only_the_meta_tags_give_is_set_above() -> None:
    body = BODY.replace("<h1>云海市人民政府办公室关于印发《云海市示例绿化行动方案》的通知</h1>", "")
    assert lines(page(body))[0] == "云海市人民政府办公室关于印发《云海市示例绿化行动方案》的通知"


def test_data_about_the_document_are_lines() -> None:
    head = (
        "<table><tr><td>索 引 号：</td><td>0990/2031-00004</td><td>发文机关：</td><td>云海市人民政府办公室</td></tr>"
        "<tr><td>成文日期：</td><td>2031-03-05</td><td>发文字号：</td><td>云政办〔2031〕4号</td></tr></table>"
    )
    found = lines(page(head + BODY))
    assert "发文字号：云政办〔2031〕4号" in found and "成文日期：2031-03-05" in found


def test_a_table_that_only_lays_the_page_out_is_read_through() -> None:
    found = lines(page(f"<table><tr><td>{BODY}</td></tr></table>"))
    assert any(line.startswith("二、补植") for line in found)


def test_lists_have_the_numbers_that_a_browser_prints() -> None:
    more = BODY + "<ol start='3'><li>建设公园2个。</li><li>建设步道5公里。</li></ol>"
    assert [line for line in lines(page(more)) if line[:2] in ("3.", "4.")] == [
        "3. 建设公园2个。",
        "4. 建设步道5公里。",
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"<tbody><tr><td><p>" + "一、到2031年新增绿地3公顷。".encode() + b"</p></td></tr></tbody>",
        b"---\ntitle: x\n---\n\n<style>a{}</style>\n<div><p>" + "一、新增绿地3公顷。".encode() + b"</p></div>",
        b"<div>" * 400 + "<p>一、新增绿地3公顷。".encode(),
        b"title\n" + "<p>一、新增绿地3公顷。</p>\n".encode() * 9,
    ],
)
def test_parts_of_pages_and_broken_ones(data: bytes) -> None:
    found = read(data, name="x")
    assert found.media_type == "text/html"
    assert any("新增绿地3公顷" in b.text for b in found.blocks if isinstance(b, Line))


def test_real_pages_lose_nothing_and_keep_no_navigation(shared: Path) -> None:
    """Judged by resiliparse's main text in pieces of ten characters; it drops a short inline element here and there."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    from pipeline.read.encoding import decode

    for path in sorted((shared / "corpus").rglob("*.html")):
        found = parse(path)
        cells = "".join(c for g in found.text.grids for r in g.grid.rows for c in r)
        printed = _plain(found.text.text + cells)
        html = decode(path.read_bytes())[0]
        tree = HTMLTree.parse(html.split("---\n", 2)[2] if html.startswith("---\n") else html)
        for node in tree.body.query_selector_all("[style*='display:none' i], nav, footer") if tree.body else ():
            node.decompose()
        lines = [_plain(s) for s in extract_plain_text(tree, main_content=True, list_bullets=False).split("\n")]
        pieces = [s[i : i + 10] for s in lines for i in range(0, len(s) - 9, 10)]
        lost = [s for s in pieces if s not in printed]
        assert len(lost) <= 0.02 * len(pieces), (path.name, lost[:5])
        for task in found.records["tasks"]:
            assert not any(word in task["text"] for word in ("当前位置", "分享到", "版权所有", "网站地图")), task[
                "text"
            ]


def _plain(text: str) -> str:
    return "".join(c for c in text if "\u4e00" <= c <= "\u9fff")


@pytest.mark.parametrize(("element", "times"), [("div", 500), ("span", 500), ("table><tr><td", 120), ("div", 100_000)])
def test_elements_nested_without_end_are_refused(element: str, times: int) -> None:
    with pytest.raises(ReadError, match=f"nested more than {limits.HTML_DEPTH} deep: save"):
        read(("<html><body>" + f"<{element}>" * times + "<p>云海市绿化措施。</p>").encode())


def test_elements_nested_deep_are_read() -> None:
    (line,) = read(("<html><body><ul><li></ul>" + "<div>" * 400 + "<p>云海市绿化措施。</p>").encode()).blocks
    assert isinstance(line, Line) and line.text == "云海市绿化措施。"
