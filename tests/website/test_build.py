"""The folder that `gongbao site` writes."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
import records as sample
from hostile_issue import HOSTILE

from pipeline.cli import main
from pipeline.publish import publish, stage, to_tables
from pipeline.publish_derived import publish_derived
from pipeline.storage import place
from website import SiteError, build
from website.build import MARK
from website.grids import heads
from website.marks import Mark, lines
from website.rendering import json_text, script
from website.serving import server


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_data_same_bytes(curated: Path, site: Path, tmp_path: Path) -> None:
    build(curated, tmp_path / "again")
    assert digests(tmp_path / "again") == digests(site)


def test_an_object_store_gives_the_same_site(tmp_path: Path) -> None:
    stage(to_tables(sample.records()), sample.TEXT, tmp_path / "staged")
    store = place(f"memory://{secrets.token_hex(4)}/curated")
    for curated, name in ((tmp_path / "curated", "disk"), (store, "store")):
        publish(tmp_path / "staged", curated, sample.ISSUE, "99", 2025)
        build(curated, tmp_path / name)
    assert digests(tmp_path / "store") == digests(tmp_path / "disk")


def test_a_new_site_replaces_the_old_one_whole(curated: Path, tmp_path: Path) -> None:
    build(curated, tmp_path / "site")
    (tmp_path / "site" / "issues" / "gone.html").write_text("an issue that is no longer published")
    build(curated, tmp_path / "site")
    assert not (tmp_path / "site" / "issues" / "gone.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_what_a_killed_build_left_goes(curated: Path, tmp_path: Path) -> None:
    for name, days in (("dead", 2), ("alive", 0)):
        (tmp_path / f".site.{name}" / "new").mkdir(parents=True)
        (tmp_path / f".site.{name}" / "new" / MARK).write_text("")
        then = time.time() - days * 24 * 3600
        os.utime(tmp_path / f".site.{name}", (then, then))
    build(curated, tmp_path / "site")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".site.alive", "site"]


def test_a_folder_of_others_is_left_alone(curated: Path, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mine.txt").write_text("mine")
    with pytest.raises(SiteError, match="letters"):
        build(curated, tmp_path / "letters")
    assert (tmp_path / "letters" / "mine.txt").read_text() == "mine"


def test_the_current_folder_is_not_replaced(curated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for out in (Path(), Path(".."), tmp_path):
        with pytest.raises(SiteError, match="current folder"):
            build(curated, out)


def test_rows_of_another_text_are_refused(tmp_path: Path) -> None:
    stage(to_tables(sample.records()), sample.TEXT, tmp_path / "staged")
    publish(tmp_path / "staged", tmp_path / "curated", sample.ISSUE, "99", 2025)
    (tmp_path / "curated" / "text" / f"{sample.ISSUE}.txt").write_text("别的文字", encoding="utf-8")
    with pytest.raises(SiteError, match="gongbao verify"):
        build(tmp_path / "curated", tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_hostile_words_are_escaped_everywhere(site: Path) -> None:
    for path in [*site.rglob("*.html"), *(site / "data").glob("*.js")]:
        content = path.read_text(encoding="utf-8")
        assert "<img src=x" not in content, path
        assert "<script>window" not in content, path
        assert "<!--" not in content, path
        assert 'href="javascript' not in content, path
    issue = (site / "issues" / f"{sample.ISSUE}.html").read_text(encoding="utf-8")
    assert "&lt;/script&gt;&lt;!--" in issue


def test_pages_forbid_inline_script_and_any_connection(site: Path) -> None:
    for path in site.rglob("*.html"):
        content = path.read_text(encoding="utf-8")
        assert "default-src 'none'; script-src 'self' file:;" in content, path
        assert not re.search(r"<script(?! (?:src=|type=\"application/json\"))", content), path
        assert not re.search(r"(?:src|href)=\"https?:|\sstyle=|\son[a-z]+=\"", content.replace(HOSTILE, "")), path


def test_data_cannot_end_their_script() -> None:
    assert json_text(HOSTILE + "\u2028") == json_text(HOSTILE + "\u2028").translate({ord(c): None for c in "<>&\u2028"})
    assert script("x", "it's \\ </script>") == (
        rb"(window.GONGBAO_DATA=window.GONGBAO_DATA||{}).x=JSON.parse('"
        + rb'"it\'s \\\\ \\u003c/script\\u003e"'
        + b"');\n"
    )


def test_lines_are_cut_where_evidence_begins_and_ends() -> None:
    marks = [Mark("task", 0, 9, "t0"), Mark("time", 2, 4, "d0"), Mark("number", 3, 7, "g0"), Mark("task", 4, 11, "t1")]
    first, empty, last = lines("01234\n\n789x", marks, {"01234": 2}, {7})
    assert "".join(piece.text for piece in first.pieces) == "01234"
    assert [(p.text, p.refs, p.ends) for p in first.pieces] == [
        ("01", ("t0",), ()),
        ("2", ("d0", "t0"), ()),
        ("3", ("d0", "g0", "t0"), ("time",)),
        ("4", ("g0", "t1", "t0"), ()),
    ]
    assert (first.level, empty.pieces, last.start, last.item) == (2, (), 7, True)
    assert [(p.text, p.refs) for p in last.pieces] == [("78", ("t1", "t0")), ("9x", ("t1",))]


def test_characters_that_a_browser_changes_keep_their_place() -> None:
    (line,) = lines("a\r\x00b", [], {}, set())
    assert line.pieces[0].text == "a␍\ufffdb"


def test_heads_over_several_columns() -> None:
    made = heads([["县区"], ["2025年", "个"], ["2025年", "台"], ["2026年", "个"]])
    assert [[(h.words, h.columns, h.rows) for h in line] for line in made] == [
        [("县区", 1, 2), ("2025年", 2, 1), ("2026年", 1, 1)],
        [("个", 1, 1), ("台", 1, 1), ("个", 1, 1)],
    ]
    assert heads([]) == []


def test_gaps_of_a_gazette_are_on_the_page_of_issues(tmp_path: Path) -> None:
    stage(to_tables(sample.records()), sample.TEXT, tmp_path / "staged")
    publish(tmp_path / "staged", tmp_path / "curated", sample.ISSUE, "99", 2025)
    gap = {"gazette": "云海市人民政府公报", "region_code": "990100", "year": 2025, "issue_no": 2, "basis": "number"}
    gap |= {"continuity_id": "990100:yunhai/2025-02", "gazette_id": "990100:yunhai", "status": "missing"}
    publish_derived(tmp_path / "curated", "continuity", [gap], date(2025, 4, 1))
    build(tmp_path / "curated", tmp_path / "site")
    content = (tmp_path / "site" / "issues.html").read_text(encoding="utf-8")
    assert "第2期" in content.partition('id="gaps"')[2]


def test_nothing_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "--curated", str(tmp_path / "none"), "--out", str(tmp_path / "site")]) == 2
    assert "gongbao ingest" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_the_command_says_what_it_wrote(curated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "a" / "site"
    assert main(["site", "--curated", str(curated), "--out", str(out)]) == 0
    assert str(out / "index.html") in capsys.readouterr().out
    (tmp_path / "file").write_text("")
    assert main(["site", "--curated", str(curated), "--out", str(tmp_path / "file")]) == 1
    assert main(["site", "--curated", str(curated), "--out", str(tmp_path / "file" / "site")]) == 1
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 2
    assert all(str(tmp_path / "file") in line for line in errors)


def test_it_is_served_to_this_machine_only(site: Path) -> None:
    with server(site, 0) as serving:
        host, port = serving.server_address[:2]
        assert host == "127.0.0.1"
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "任务" in answer.read().decode()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/data/", timeout=60)
        serving.shutdown()


def test_serving_wants_a_site_and_a_free_port(site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve-site", "--out", str(tmp_path)]) == 2
    assert "gongbao site" in capsys.readouterr().err
    with server(site, 0) as taken:
        assert main(["serve-site", "--out", str(site), "--port", str(taken.server_address[1])]) == 2
    with pytest.raises(SystemExit):
        main(["serve-site", "--port", "70000"])


def test_the_command_line_does_not_load_it() -> None:
    code = "import pipeline.cli, sys; print({'website', 'jinja2', 'vl_convert'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
