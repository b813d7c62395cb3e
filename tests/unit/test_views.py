"""The views: what they count, on a small dataset worked out by hand, and on a real issue where it is at hand."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import records as sample

from pipeline import parse
from pipeline.publish import publish, stage, to_tables
from pipeline.query import connect, query
from schemas import VIEWS, view
from schemas.sql import script, sql_type

WATER, MONEY, GROUP = "云海市水利局", "云海市财政局", "各县（市、区）人民政府"
MEASURE = f"{sample.ISSUE}/1/1"


def _row(number: int, **more: Any) -> dict[str, Any]:
    """A row of a table of work, as a task under the title of its table."""
    return {
        "task_id": f"{sample.ISSUE}/1/t2#{number}",
        "measure_id": f"{sample.ISSUE}/1/t2",
        "document_id": f"{sample.ISSUE}/1",
        "issue_id": sample.ISSUE,
        "ordinal": number,
        "text": "清淤",
        "confidence": 0.8,
        "review": False,
        "table_id": f"{sample.ISSUE}/1/t2",
        "table_row": number,
        "char_start": 0,
        "char_end": 2,
        "quote": "云海",
        **more,
    }


def _rows() -> dict[str, list[dict[str, Any]]]:
    """The sample, a table of work with a row that repeats it and one of its own, a series and cells in 万亩."""
    rows = sample.records()
    same = {"repeats_measure_id": MEASURE, "repeats_task_id": f"{MEASURE}#1"}
    rows["measures"].append({**rows["measures"][0], "measure_id": f"{sample.ISSUE}/1/t2", "ordinal": 2})
    rows["tables"].append({**rows["tables"][0], "table_id": f"{sample.ISSUE}/1/t2"})
    rows["tasks"] += [
        # Says what the text says: nothing is counted twice, but for the body that only the table names.
        _row(1, action="清淤", due_on=date(2026, 6, 30), lead=[WATER], support=[MONEY], implement=[GROUP], **same),
        # Repeats the measure, with a day that the text does not have.
        _row(2, action="验收", due_on=date(2026, 9, 30), lead=[WATER], support=[MONEY], **same),
        # Stands in the table alone.
        _row(3, action="绿化", due_on=date(2027, 1, 31), responsible=[MONEY], review=True),
    ]
    cell = rows["table_cells"][0]
    rows["table_cells"] += [
        {
            **cell,
            "row": 1,
            "col": col,
            "row_label": "望潮区",
            "indicator": "湿地",
            "period": f"{year}年",
            "unit": "万亩",
        }
        | {"value": Decimal(value), "printed": value, "is_total": False}
        for col, year, value in ((1, 2026, "1.25"), (2, 2027, "2"))
    ]
    return rows


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    stage(to_tables(_rows()), sample.TEXT, root / "staged")
    publish(root / "staged", root / "curated", sample.ISSUE, "99", 2025)
    return root / "curated"


def asked(curated: Path, sql: str) -> list[tuple[Any, ...]]:
    result = query(curated, sql)
    assert result is not None
    return [tuple(row.values()) for row in result.to_pylist()]


@pytest.mark.parametrize("name", VIEWS)
def test_columns_are_those_of_the_definition(curated: Path, tmp_path: Path, name: str) -> None:
    for place in (curated, tmp_path / "none"):
        with connect(place) as connection:
            found = connection.sql(f'DESCRIBE "{name}"').fetchall()
        assert [row[:2] for row in found] == [(c.name, sql_type(c.kind).replace(", ", ",")) for c in view(name).columns]


def test_due_list(curated: Path) -> None:
    rows = asked(curated, "SELECT due_on, recurrence, action, owners, support, implement FROM due_list")
    assert rows == [
        (date(2026, 6, 30), None, "完成试验河道清淤", [WATER], [MONEY], [GROUP]),
        (date(2026, 9, 30), None, "验收", [WATER], [MONEY], []),
        (date(2027, 1, 31), None, "绿化", [MONEY], [], []),
        (None, "yearly", "检查闸门", [WATER], [MONEY], []),
    ]


def test_department_load(curated: Path) -> None:
    rows = asked(curated, "SELECT name, role, quarter, tasks, targets, to_review FROM department_load")
    assert rows == [
        (WATER, "lead", "2026-Q2", 1, 2, 0),
        (WATER, "lead", None, 1, 0, 1),
        (MONEY, "responsible", "2027-Q1", 1, 0, 1),
        (MONEY, "support", "2026-Q2", 1, 2, 0),
        (MONEY, "support", None, 1, 0, 1),
        (GROUP, "implement", "2026-Q2", 1, 0, 0),
    ]
    assert asked(curated, f"SELECT DISTINCT org_id, level, kind FROM department_load WHERE name = '{WATER}'") == [
        ("990100:shuiliju", "city", "department")
    ]


def test_target_series(curated: Path) -> None:
    columns = "indicator, source, place, due_on, op, low, unit, series_no, evidence"
    rows = asked(curated, f"SELECT {columns} FROM target_series")
    table = f"{sample.ISSUE}/1/t1"
    day = date(2026, 6, 30)
    wetland = ("湿地", "annex", "望潮区")
    assert rows == [
        ("沿河截污率", "text", None, day, ">=", Decimal(90), "%", 1, f"{MEASURE}#1~2"),
        ("清淤", "text", None, day, "~", Decimal("12.5"), "公里", 1, f"{MEASURE}#1~1"),
        (*wetland, date(2026, 12, 31), "=", Decimal(12500), "亩", 1, f"{table}:1:1"),
        (*wetland, date(2027, 12, 31), "=", Decimal(20000), "亩", 2, f"{table}:1:2"),
        ("长度", "annex", "上游", date(2026, 12, 31), "=", Decimal("12.5"), "公里", 1, f"{table}:0:1"),
    ]
    series = asked(curated, "SELECT DISTINCT series_id FROM target_series WHERE indicator = '湿地'")
    assert series == [(f"{table}:1:1",)]


def test_lead_support_network(curated: Path) -> None:
    assert asked(curated, "FROM lead_support_network") == [(WATER, MONEY, 2, 1, 1)]


def test_quality(curated: Path) -> None:
    columns = "issue_id, tasks, to_review, review_share, confidence, checks, errors, warnings, residuals"
    rows = asked(curated, f"SELECT {columns} FROM quality")
    assert rows == [(sample.ISSUE, 5, 2, 0.4, 0.78, 0, 0, 0, 1)]


def test_only_the_views_asked_for_are_made(curated: Path) -> None:
    with connect(curated, ()) as connection, pytest.raises(duckdb.CatalogException):
        connection.sql("FROM due_list")
    assert asked(curated, "SELECT count(*) FROM DUE_LIST") == [(4,)]


# --- views.sql -------------------------------------------------------------------------


def test_any_duckdb_started_in_the_folder(curated: Path) -> None:
    code = "import duckdb\nc = duckdb.connect()\nc.execute(open('views.sql', encoding='utf-8').read())\n"
    code += "\n".join(f"print('{name}', c.sql('FROM {name}').fetchall())" for name in VIEWS)
    command = [sys.executable, "-X", "utf8", "-c", code]
    done = subprocess.run(command, cwd=curated, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    with connect(curated) as connection:
        for name, line in zip(VIEWS, done.stdout.splitlines(), strict=True):
            assert line == f"{name} {connection.sql(f'FROM {name}').fetchall()}"


def test_the_script_depends_on_nothing_but_which_tables_have_files(curated: Path, tmp_path: Path) -> None:
    written = (curated / "views.sql").read_bytes()
    assert b"No such" not in written and str(curated).encode() not in written
    assert written.decode("utf-8") == script(lambda name: name not in ("checks", "continuity")), "the sample has none"
    stage(to_tables(_rows()), sample.TEXT, tmp_path / "staged")
    publish(tmp_path / "staged", tmp_path / "elsewhere", sample.ISSUE, "99", 2025)
    assert (tmp_path / "elsewhere" / "views.sql").read_bytes() == written


# --- a real issue ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("real")
    bulletin = parse(shared / "corpus" / "jiaozuo-2024-04.md")
    tables = bulletin.tables()
    issue = tables["issues"].to_pylist()[0]
    stage(tables, bulletin.text.text, root / "staged")
    publish(root / "staged", root / "curated", issue["issue_id"], "41", 2024)
    return root / "curated"


def test_a_real_issue_adds_up(real: Path) -> None:
    """Whatever is counted through a view is what the tables hold, counted in another way."""
    assert asked(real, "SELECT count(*) FROM due_list WHERE due_on IS NOT NULL") == asked(
        real, "SELECT count(*) FROM tasks WHERE due_on IS NOT NULL"
    ), "no table of work in it: nothing repeats"
    roles = "UNION ALL BY NAME".join(f" SELECT unnest({r}) AS name FROM tasks " for r in ("lead", "responsible"))
    wanted = asked(real, f"SELECT name, count(*) AS n FROM ({roles}) GROUP BY name ORDER BY name")
    load = "FROM department_load WHERE role IN ('lead', 'responsible') GROUP BY name ORDER BY name"
    assert asked(real, f"SELECT name, sum(tasks)::BIGINT AS n {load}") == wanted
    cells = "FROM table_cells WHERE value IS NOT NULL AND indicator IS NOT NULL"
    assert asked(real, "SELECT count(*) FROM target_series WHERE source = 'annex'") == asked(
        real, f"SELECT count(*) {cells}"
    )
    both = "SELECT count(DISTINCT source) FROM target_series WHERE indicator LIKE '%PM2.5%' AND low BETWEEN 43 AND 45"
    assert asked(real, both) == [(2,)], "the text's and the annex's figures for one thing stand in one list"
