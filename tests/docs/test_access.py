"""docs/access.md: each piece of code runs on the sample bulletin, and all give the same answer."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import parse
from pipeline.publish import publish, stage

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
# The body that leads the most tasks of the sample, and how many: engines print them in one order or the other.
ANSWER = re.compile(r"云海市生态环境局\D+7\b|\b7\D+云海市生态环境局")
#: Pieces that answer something else.
OTHER = ("validate_descriptor", "read_schema")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)


PYTHON = _blocks("python")
LINES = [line for block in _blocks("sh") for line in block.splitlines()]


def _name(code: str) -> str:
    return next(line for line in code.splitlines() if line.startswith(("import", "from"))).split()[1]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with curated/, the sample bulletin published in it."""
    folder = tmp_path_factory.mktemp("access")
    bulletin = parse(ROOT / "raw" / "yunhai-2025-03.md")
    stage(bulletin.tables(), bulletin.text.text, folder / "staged")
    publish(folder / "staged", folder / "curated", bulletin.issue_id, "99", 2025)
    return folder


def _run(command: list[str], folder: Path, text: str | None = None) -> str:
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path[1:]])}
    environment |= {"COLUMNS": "80", "POLARS_FMT_MAX_COLS": "20", "SPARK_LOCAL_IP": "127.0.0.1"}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("code", PYTHON, ids=[f"{n}-{_name(code)}" for n, code in enumerate(PYTHON)])
def test_python(place: Path, code: str) -> None:
    if "pyspark" in code:
        if importlib.util.find_spec("pyspark") is None:
            pytest.skip("needs pyspark: make test-access")
        if shutil.which("java") is None:
            pytest.skip("needs Java 17 or later for Spark")
    printed = _run([sys.executable, "-c", code], place)
    if any(words in code for words in OTHER):
        assert printed.strip() and "False" not in printed
    else:
        assert ANSWER.search(printed), printed


def _command_line() -> list[str]:
    if shutil.which("duckdb"):
        return ["duckdb"]
    if importlib.util.find_spec("duckdb_cli"):
        return [sys.executable, "-m", "duckdb_cli"]
    pytest.skip("needs the command line of DuckDB: make test-access")


def test_duckdb_command_line(place: Path) -> None:
    assert "cd curated && duckdb -init views.sql" in LINES
    printed = _run([*_command_line(), "-init", "views.sql"], place / "curated", "".join(_blocks("sql")))
    assert ANSWER.search(printed), printed


GONGBAO = [line for line in LINES if line.startswith("gongbao ")]


@pytest.mark.parametrize("line", GONGBAO, ids=[f"{n}-{line.split()[1]}" for n, line in enumerate(GONGBAO)])
def test_gongbao(place: Path, line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    printed = _run([sys.executable, "-m", "pipeline.cli", *words], place)
    if "department_load WHERE" in line:
        assert ANSWER.search(printed), printed
    if "--out" in words:
        assert (place / words[words.index("--out") + 1]).exists()


def test_r(place: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("needs R (Rscript) with the package arrow")
    has = subprocess.run(["Rscript", "-e", "library(arrow)"], capture_output=True, check=False, timeout=600)
    if has.returncode:
        pytest.skip("needs the package arrow in R")
    (code,) = _blocks("r")
    assert ANSWER.search(_run(["Rscript", "-e", code], place))


def test_nothing_of_the_page_is_left_out() -> None:
    languages = set(re.findall(r"^```(\w+)$", PAGE, re.M))
    assert languages == {"python", "sh", "sql", "r"}
    assert [line for line in LINES if line not in GONGBAO] == ["cd curated && duckdb -init views.sql"]
