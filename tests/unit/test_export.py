"""Tables for people without tools: what is in the files, that nothing in them runs, that they repeat byte for byte."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
import records as sample

from pipeline import terminal
from pipeline.cli import main
from pipeline.export.content import NAMES, Part, parts
from pipeline.export.neutral import neutralised
from pipeline.export.xlsx import CELL, write_xlsx
from pipeline.publish import publish, stage, to_tables
from pipeline.query import connect
from schemas import TABLES, definition, table, view

OTHER = "990100-2025-04"
_NS = {
    "s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}


def _rows(issue: str) -> dict[str, list[dict[str, Any]]]:
    rows = sample.records()
    for name, each in rows.items():
        rows[name] = [json.loads(json.dumps(r, default=str).replace(sample.ISSUE, issue)) | _kept(r) for r in each]
    rows["issues"][0]["issue_id"] = issue
    rows["measures"][0]["title"] = '=HYPERLINK("x")'
    rows["table_cells"][0]["printed"] = "-12.5"
    return rows


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    """What JSON has no type for, as it was."""
    return {k: v for k, v in row.items() if not isinstance(v, (str, list, dict))}


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    for issue in (sample.ISSUE, OTHER):
        rows = _rows(issue)
        for name in ("tasks",):  # nested numbers are decimals again
            for row in rows[name]:
                for target in row.get("targets", ()):
                    target.update(low=Decimal(target["low"]), high=Decimal(target["high"]))
        stage(to_tables(rows), sample.TEXT, root / issue)
        publish(root / issue, root / "curated", issue, "99", 2025)
    return root / "curated"


def export(curated: Path, *arguments: object) -> int:
    return main(["export", "--curated", str(curated), *map(str, arguments)])


# --- xlsx ------------------------------------------------------------------------------


def sheets(path: Path) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(path) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        names = [s.get("name", "") for s in book.iterfind(".//s:sheet", _NS)]
        files = [f"xl/worksheets/sheet{n}.xml" for n in range(1, len(names) + 1)]
        return {n: ElementTree.fromstring(archive.read(f)) for n, f in zip(names, files, strict=True)}


def cells(sheet: ElementTree.Element) -> dict[str, str]:
    """What a cell says, by its place; a number as XML writes it."""
    return {c.get("r", ""): "".join(c.itertext()) for c in sheet.iterfind(".//s:c", _NS)}


def place(sheet: ElementTree.Element, column: str) -> str:
    """The letters of the column whose head names it."""
    heads = {text.split("\n")[-1]: at.rstrip("0123456789") for at, text in cells(sheet).items() if at.endswith("1")}
    return heads[column]


def test_the_workbook(curated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "book.xlsx"
    assert export(curated, "--out", path) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[0] == str(path) and captured.err == ""
    assert max(map(terminal.width, captured.out.splitlines()[1:])) <= 80
    found = sheets(path)
    assert list(found) == ["说明", *NAMES]
    for name in NAMES:
        sheet = found[name]
        pane = sheet.find(".//s:pane", _NS)
        assert pane is not None and pane.attrib["ySplit"] == "1" and pane.attrib["state"] == "frozen"
        assert sheet.find("s:autoFilter", _NS) is not None
        heads = [text for at, text in cells(sheet).items() if at.rstrip("0123456789") + "1" == at]
        assert heads == [f"{c.title_zh}\n{c.name}" for c in definition(name).columns]
    guide = " ".join(cells(found["说明"]).values())
    for each in map(definition, NAMES):
        assert all(c.description_zh in guide and c.description_en in guide for c in each.columns)


def test_cells_have_their_types(curated: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    assert export(curated, "--out", path, "--table", "tasks", "targets", "measures", "table_cells") == 0
    found = sheets(path)
    targets, tasks = cells(found["targets"]), cells(found["tasks"])
    assert targets[place(found["targets"], "low") + "2"] == "12.5"
    kinds = {c.get("r"): c.get("t") for c in found["targets"].iterfind(".//s:c", _NS)}
    assert kinds[place(found["targets"], "low") + "2"] is None, "a number"
    assert targets[place(found["targets"], "due_on") + "2"] == "46203", "2026-06-30 as Excel counts days"
    assert tasks[place(found["tasks"], "lead") + "2"] == "云海市水利局"
    assert tasks[place(found["tasks"], "review") + "3"] == "1"
    hidden = {c.get("min") for c in found["tasks"].iterfind(".//s:col", _NS) if c.get("hidden")}
    assert len(hidden) == 4, "char_start, char_end, boxes, rules"


def test_nothing_runs(curated: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    assert export(curated, "--out", path) == 0
    found = sheets(path)
    assert [n for n, sheet in found.items() if sheet.find(".//s:f", _NS) is not None] == [], "no formula"
    at = place(found["measures"], "title") + "2"
    cell = next(c for c in found["measures"].iterfind(".//s:c", _NS) if c.get("r") == at)
    assert "".join(cell.itertext()) == '=HYPERLINK("x")' and cell.get("t") == "inlineStr"
    with zipfile.ZipFile(path) as archive:
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    formats = styles.findall("s:cellXfs/s:xf", _NS)
    assert formats[int(cell.get("s", "0"))].get("quotePrefix") == "1", "also when the cell is edited it stays text"


def _part(name: str, rows: list[tuple[Any, ...]]) -> Part:
    def batches() -> Iterator[list[tuple[Any, ...]]]:
        for at in range(0, len(rows), 2):
            yield rows[at : at + 2]

    return Part(view(name), batches())


def test_what_excel_cannot_hold(tmp_path: Path) -> None:
    edges = [(f"单位{n}", "配合", n, n, n) for n in range(5)]
    edges[4] = ("𠀀" * CELL, "配合", 1, 1, 1)
    written = write_xlsx([_part("lead_support_network", edges)], tmp_path / "b.xlsx", limit=3)
    found = sheets(tmp_path / "b.xlsx")
    names = [f"lead_support_network{more}" for more in ("", " 2", " 3")]
    assert list(found) == ["说明", *names]
    assert [len(found[n].findall(".//s:row", _NS)) for n in names] == [3, 3, 2], "a head on each sheet"
    assert (written.rows, written.cut) == ({"lead_support_network": 5}, {"lead_support_network.lead": 1})
    cut = cells(found[names[2]])["A2"]
    assert cut.endswith("…") and len(cut.encode("utf-16-le")) // 2 <= CELL
    guide = " ".join(cells(found["说明"]).values())
    assert ", ".join(names) in guide and "lead_support_network.lead: 1 格" in guide


def test_numbers_that_excel_would_round_are_text(tmp_path: Path) -> None:
    names = view("target_series").names
    row = {"indicator": "x", "low": Decimal("123456789012345678.123456"), "high": Decimal("12.500000")}
    write_xlsx([_part("target_series", [tuple(row.get(n) for n in names)])], tmp_path / "b.xlsx")
    sheet = sheets(tmp_path / "b.xlsx")["target_series"]
    assert cells(sheet)[place(sheet, "low") + "2"] == "123456789012345678.123456"
    assert cells(sheet)[place(sheet, "high") + "2"] == "12.5"


# --- csv -------------------------------------------------------------------------------


def test_csv_files(curated: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "mine.txt").write_text("kept")
    assert export(curated, "--format", "csv", "--out", folder) == 0
    assert {p.name for p in folder.iterdir()} == {*(f"{n}.csv" for n in NAMES), "columns.csv", "mine.txt"}
    content = (folder / "tasks.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content
    for name in TABLES:  # no table is without its key
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
        assert rows or name == "checks"
        assert all(row[column] for row in rows for column in table(name).primary_key), name
    with (folder / "measures.csv").open(encoding="utf-8-sig", newline="") as handle:
        assert [row["title"] for row in csv.DictReader(handle)] == ['\'=HYPERLINK("x")'] * 2
    with (folder / "targets.csv").open(encoding="utf-8-sig", newline="") as handle:
        assert [row["low"] for row in csv.DictReader(handle)] == ["12.5", "90"] * 2
    with (folder / "table_cells.csv").open(encoding="utf-8-sig", newline="") as handle:
        assert [row["printed"] for row in csv.DictReader(handle)] == ["-12.5"] * 2, "a number is no formula"


def test_one_csv(curated: Path, tmp_path: Path) -> None:
    path = tmp_path / "due.csv"
    assert export(curated, "--format", "csv", "--out", path, "--table", "due_list", "--issue", OTHER) == 0
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [(r["due_on"], r["owners"], r["issue_id"]) for r in rows] == [
        ("2026-06-30", "云海市水利局", OTHER),
        ("", "云海市水利局", OTHER),
    ]


NEUTRAL = [
    ("=1+1", "'=1+1", "a formula"),
    ("+1+1", "'+1+1", "plus"),
    ("-cmd", "'-cmd", "minus"),
    ("@SUM(A1)", "'@SUM(A1)", "at"),
    ("\t=1", "'\t=1", "a tab before it"),
    ("\r=1", "'\r=1", "a line end before it"),
    ("＝1+1", "'＝1+1", "at full width"),
    ("-12.5", "-12.5", "a number"),
    ("+3%", "+3%", "a share"),
    ("-", "'-", "a stroke alone"),
    ("1=1", "1=1", "in the middle"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), NEUTRAL, ids=[n[2] for n in NEUTRAL])
def test_neutralised(text: str, expected: str, reason: str) -> None:
    assert neutralised(text) == expected, reason


# --- sqlite ----------------------------------------------------------------------------


def test_sqlite(curated: Path, tmp_path: Path) -> None:
    path = tmp_path / "data.sqlite"
    assert export(curated, "--format", "sqlite", "--out", path) == 0
    with closing(sqlite3.connect(path)) as connection:
        ask = lambda sql: connection.execute(sql).fetchall()  # noqa: E731
        names = {row[0] for row in ask("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert names == {*NAMES, "columns"}
        assert ask("SELECT low, typeof(low), due_on FROM targets LIMIT 1") == [(12.5, "real", "2026-06-30")]
        led = "SELECT value, count(*) FROM tasks, json_each(tasks.lead) GROUP BY value"
        assert ask(led) == [("云海市水利局", 4)]
        assert ask("SELECT zh FROM columns WHERE table_name = 'tasks' AND column_name = 'action'") == [("动作",)]
        assert ask("SELECT title FROM measures LIMIT 1") == [('=HYPERLINK("x")',)], "nothing runs here: as it is"
        assert ask("PRAGMA integrity_check") == [("ok",)]
        pk = [row[1] for row in ask("PRAGMA table_info(organisations)") if row[5]]
        assert pk == list(table("organisations").primary_key)


# --- all -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["xlsx", "sqlite", "csv"])
def test_equal_data_gives_equal_bytes(curated: Path, tmp_path: Path, form: str) -> None:
    made = []
    for n in (1, 2):
        out = tmp_path / f"{n}.{form}" if form != "csv" else tmp_path / str(n)
        assert export(curated, "--format", form, "--out", out) == 0
        files = sorted(out.iterdir()) if out.is_dir() else [out]
        made.append([file.read_bytes() for file in files])
    assert made[0] == made[1]
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")], "nothing is left beside"


def test_views_count_only_the_chosen_issues(curated: Path) -> None:
    def first(*issues: str) -> list[Any]:
        with connect(curated, ["lead_support_network"], issues) as connection:
            found = parts(connection, ["lead_support_network"])
            return [row for part in found for batch in part.batches for row in batch]

    assert [row[2:] for row in first()] == [(4, 2, 2)]
    assert [row[2:] for row in first(OTHER)] == [(2, 1, 1)]


def test_a_column_that_an_earlier_version_did_not_publish_is_empty(curated: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(curated, old)
    for file in old.glob("issues/*/*/*.parquet"):
        pq.write_table(pq.ParquetFile(file).read().drop_columns(["gazette"]), file)
    assert export(old, "--format", "sqlite", "--out", tmp_path / "old.sqlite") == 0
    path = tmp_path / "issues.csv"
    assert export(old, "--format", "csv", "--out", path, "--table", "issues") == 0
    with path.open(encoding="utf-8-sig", newline="") as handle:
        assert [(row["issue_id"], row["gazette"]) for row in csv.DictReader(handle)] == [
            (sample.ISSUE, ""),
            (OTHER, ""),
        ]


def test_what_is_there_stays_where_writing_fails(
    curated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "book.xlsx"
    path.write_bytes(b"old")
    monkeypatch.setattr("pipeline.export.xlsx.write_xlsx", full)
    assert export(curated, "--out", path) == 1
    assert "No space left" in capsys.readouterr().err
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


WRONG = [
    (["--table", "taks"], "did you mean: tasks"),
    (["--issue", "990100-2025-05"], "did you mean: 990100-2025-0"),
    (["--out", "no/book.xlsx"], "no folder"),
    (["--out", "."], "name a file"),
    (["--format", "csv", "--out", "x.csv"], "one --table"),
    (["--format", "csv", "--out", "x.csv", "--table", "tasks", "targets"], "one --table"),
    (["--format", "csv", "--out", "file"], "csv writes a folder"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_wrong_usage(
    curated: Path,
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("")
    assert export(curated, *arguments) == 2
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
