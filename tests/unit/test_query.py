"""Views over what is published, and a record shown with its evidence."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
import records as sample

from pipeline.publish import publish, stage, to_tables
from pipeline.query import connect, query
from pipeline.show import describe, find
from schemas import DERIVED, TABLES, table


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    stage(to_tables(sample.records()), sample.TEXT, root / "staged")
    publish(root / "staged", root / "curated", sample.ISSUE, "99", 2025)
    return root / "curated"


def test_every_table_has_a_view(curated: Path) -> None:
    with connect(curated) as connection:
        for name in (*TABLES, *DERIVED):
            found = connection.sql(f'SELECT * FROM "{name}"').columns
            wanted = set(table(name).names) - ({"issue_id"} if name == "organisations" else set())
            assert wanted <= set(found), name


def test_empty_views_have_the_types_of_full_ones(curated: Path, tmp_path: Path) -> None:
    with connect(curated) as full, connect(tmp_path / "none") as empty:
        for name in ("issues", "tasks", "targets", "documents", "tables", "table_cells"):
            first, second = (c.sql(f'DESCRIBE "{name}"').fetchall() for c in (full, empty))
            assert {r[:2] for r in first} == {r[:2] for r in second}, name
        assert empty.sql("SELECT count(*) FROM tasks").fetchall() == [(0,)]
    assert not (tmp_path / "none").exists()


def test_a_column_that_an_earlier_version_did_not_publish_is_null(curated: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(curated, old)
    for file in old.glob("issues/*/*/*.parquet"):
        pq.write_table(pq.ParquetFile(file).read().drop_columns(["gazette"]), file)
    with connect(old) as connection:
        assert connection.sql("SELECT issue_id, gazette FROM issues").fetchall() == [(sample.ISSUE, None)]
        assert connection.sql("SELECT issue_id, gazette FROM quality").fetchall() == [(sample.ISSUE, None)]
    with connect(curated) as connection:
        names = connection.sql("SELECT * FROM issues").columns
    assert tuple(names[: len(table("issues").names)]) == table("issues").names


def test_partitions_are_columns(curated: Path) -> None:
    result = query(curated, "SELECT DISTINCT province, year FROM tasks")
    assert result is not None
    assert result.to_pylist() == [{"province": "99", "year": 2025}]


def test_parameters_and_statements_without_rows(curated: Path) -> None:
    result = query(curated, "SELECT action FROM tasks WHERE review = ?", [True])
    assert result is not None
    assert result.to_pylist() == [{"action": "检查闸门"}]
    nothing = query(curated, "SET threads = 1")
    assert nothing is None or nothing.num_rows == 0


def test_bad_sql(curated: Path) -> None:
    with pytest.raises(duckdb.Error):
        query(curated, "SELECT nothing FROM tasks")


def test_a_body_of_two_issues_stands_once(tmp_path: Path) -> None:
    for number, short in (("03", "市水利局"), ("04", "水利局")):
        rows = sample.records()
        rows = {"issues": rows["issues"], "organisations": [{**rows["organisations"][0], "short_names": [short]}]}
        rows["issues"][0]["issue_id"] = f"990100-2025-{number}"
        stage(to_tables(rows), "", tmp_path / number)
        publish(tmp_path / number, tmp_path / "curated", f"990100-2025-{number}", "99", 2025)
    result = query(tmp_path / "curated", "SELECT name, short_names, issues FROM organisations")
    assert result is not None
    assert result.to_pylist() == [{"name": "云海市水利局", "short_names": ["市水利局", "水利局"], "issues": 2}]


def test_a_folder_with_signs_of_globs_and_quotes(tmp_path: Path) -> None:
    curated = tmp_path / "it's [new]*"
    stage(to_tables(sample.records()), sample.TEXT, tmp_path / "staged")
    publish(tmp_path / "staged", curated, sample.ISSUE, "99", None)
    result = query(curated, "SELECT count(*) AS n, max(year) AS y FROM tasks")
    assert result is not None
    assert result.to_pylist() == [{"n": 2, "y": None}], "no year printed: null, not 0"


SHOWN = [
    (sample.ISSUE, "issues", "云海市人民政府公报"),
    (f"{sample.ISSUE}/1", "documents", "云政〔2025〕7号"),
    (f"{sample.ISSUE}/1/1", "measures", "⟨市水利局｜责任⟩牵头"),
    (f"{sample.ISSUE}/1/1#1", "tasks", "⟦⟨2026年6月底前｜时限⟩，完成试验河道清淤约⟨12.5公里｜数量⟩"),
    (f"{sample.ISSUE}/1/1~2", "responsibilities", "role                     support 配合"),
    (f"{sample.ISSUE}/1/1#1~1", "deadlines", "第 4 行 line 4"),
    (f"{sample.ISSUE}/1/1#1~2", "targets", "截污率达到⟦90%⟧以上"),
    (f"{sample.ISSUE}/r1", "residuals", "每年⟦汛期⟧前"),
    (f"{sample.ISSUE}/1/t1", "tables", "试验河道清淤任务表"),
    ("990100:shuiliju", "organisations", "云海市水利局"),
]


@pytest.mark.parametrize(("any_id", "name", "words"), SHOWN, ids=[s[1] for s in SHOWN])
def test_show(curated: Path, any_id: str, name: str, words: str) -> None:
    found = [f for f in find(curated, any_id) if f.table.name == name]
    assert len(found) == 1
    assert words in describe(found[0])
    assert words.strip("⟦⟧") and "\x1b[" not in describe(found[0])


def test_an_id_of_several_tables_gives_all(curated: Path) -> None:
    assert [f.table.name for f in find(curated, f"{sample.ISSUE}/1/1#1~1")] == ["deadlines", "targets"]


def test_rules_are_named(curated: Path) -> None:
    assert "↳ times.month_end" in describe(find(curated, f"{sample.ISSUE}/1/1#1")[0])


def test_colour_keeps_every_word(curated: Path) -> None:
    import re

    text = describe(find(curated, f"{sample.ISSUE}/1/1#1")[0], colour=True)
    assert "\x1b[" in text
    assert "完成试验河道清淤约" in re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize("any_id", ["", "x", "*", "../..", f"{sample.ISSUE}/9", "a/b#c~d"])
def test_unknown_ids(curated: Path, any_id: str) -> None:
    assert find(curated, any_id) == []
