"""gongbao source and gongbao fetch: what is printed, and the exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from site_on_loopback import PAGE, PDF, Reply, Site, list_page, list_source

from pipeline import terminal
from pipeline.cli import main

TEXT = PAGE.format("云海市人民政府办公室通知").encode()
LONG = "/zfgb/" + "2025" * 40 + ".html"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with sources/."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources").mkdir()
    return tmp_path


def test_new_then_check(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["source", "new", "yunhai", "--kind", "folder"]) == 0
    assert "sources/yunhai.toml" in capsys.readouterr().out
    assert main(["source", "new", "yunhai"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["source", "check", "yunhai"]) == 1
    assert "no file in the folder fits *.pdf *.docx" in capsys.readouterr().out
    (place / "sources" / "a.pdf").write_bytes(PDF)
    assert main(["source", "check", "sources/yunhai.toml"]) == 0
    assert "nothing missing" in capsys.readouterr().out


def test_check_shows_what_is_missing(place: Path, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    items = list_page("/1", LONG, "/x.pdf", "/far", rest="<li>通知</li><a class='next' href='list'>下一页</a>")
    site.routes |= {"/list": items, "/1": TEXT, LONG: TEXT, "/x.pdf": Reply(TEXT), "/far": TEXT}
    list_source(place / "sources", site, "next = 'a.next'")
    assert main(["source", "check", "yunhai"]) == 1
    out = capsys.readouterr().out
    assert all(terminal.width(line) <= 80 for line in out.splitlines())
    told = " ".join(out.split())
    for words in ("item 5: no link in it", "wrong type: .pdf was promised, html came", "goes in a circle", "✓ html"):
        assert words in told
    assert "4 条 items · 试取 tried 3 · 可取文件 files to take 2" in told and "缺失 missing: 3" in told
    assert "/far" not in site.paths(), "only the first items are fetched"
    assert not (place / "raw").exists(), "nothing is kept"


def test_check_of_attachments(place: Path, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.routes |= {
        "/list": list_page("/1", "/2"),
        "/1": PAGE.format("<a href='a.pdf'>公报</a>").encode(),
        "/2": TEXT,
        "/a.pdf": Reply(PDF),
    }
    list_source(place / "sources", site, "attachment = 'a'", top='take = "attachments"')
    assert main(["source", "check", "yunhai"]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "+ 公报" in told and "✓ pdf" in told and "select.attachment 'a' fits nothing on the page" in told


def test_fetch(place: Path, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.routes |= {"/list": list_page("/1", "/2"), "/1": TEXT}
    list_source(place / "sources", site)
    assert main(["fetch", "yunhai"]) == 1
    done = capsys.readouterr()
    assert done.out == "yunhai: 新 new 1 · 失败 failed 1\n"
    assert f"gongbao: yunhai: {site.root}/2: answers 404" in done.err
    site.routes["/2"] = PAGE.format("第二件").encode()
    assert main(["fetch", "sources/yunhai.toml", "--raw", "raw"]) == 0
    assert capsys.readouterr().out == "yunhai: 新 new 1 · 未变 unchanged 1\n"


@pytest.mark.parametrize("arguments", [["fetch", "none"], ["source", "check", "none.toml"], ["fetch", "../x"]])
def test_no_such_source(place: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "no such file" in capsys.readouterr().err


def test_every_fault_of_a_file_is_told(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "sources" / "a.toml").write_text('kind = "list"\n', encoding="utf-8")
    assert main(["source", "check", "a"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3 and all(line.startswith("gongbao: sources/a.toml: ") for line in lines)


def test_raw_that_cannot_be_written(place: Path, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.routes |= {"/list": list_page("/1"), "/1": TEXT}
    list_source(place / "sources", site)
    (place / "raw").write_text("a file")
    assert main(["fetch", "yunhai"]) == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["source"], ["fetch"], ["source", "check", "a", "--pages", "0"]])
def test_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
