"""The README's commands, code, recipes and links are those of this checkout."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pipeline import parse

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/access.md",
    "docs/architecture.md",
    "docs/continuity.md",
    "docs/flows.md",
    "docs/scale.md",
    "docs/site.md",
    "docs/sources.md",
    "docs/corrections.md",
    "docs/releases.md",
    "raw/README.md",
    "sources/README.md",
]
SCREEN = 40  # lines


def blocks(language: str) -> list[str]:
    """Fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("gongbao ")]
SAMPLES = blocks("python")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with raw/ as the README supposes, and the sample ingested by the README's first command."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "raw", folder / "raw")
    assert COMMANDS[0].startswith("gongbao ingest")
    done = run(COMMANDS[0], folder)
    assert done.returncode == 0, done.stderr
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A line of the README, with `gongbao` as this Python has it."""
    words = [sys.executable, "-c", "import sys; from pipeline.cli import main; sys.exit(main())"]
    words += shlex.split(command, comments=True)[1:]
    env = {"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(folder), "COLUMNS": "80", "PYTHONUTF8": "1"}
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, timeout=900, check=False)


@pytest.mark.parametrize("command", COMMANDS, ids=[c.split("#")[0].strip() for c in COMMANDS])
def test_command(place: Path, command: str) -> None:
    done = run(command, place)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("code", SAMPLES, ids=[str(i) for i in range(len(SAMPLES))])
def test_python(place: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    exec(compile(code, "README.md", "exec"), {})


def test_first_screen() -> None:
    head = "\n".join(README.splitlines()[:SCREEN])
    assert "make run" in head
    assert "make test" in head
    assert ".svg" in head


def test_the_picture_shows_rows_of_the_sample() -> None:
    picture = ElementTree.parse(ROOT / "docs" / "from-gazette-to-rows.svg")
    lines: dict[str | None, list[str]] = {}
    for text in picture.iter("{http://www.w3.org/2000/svg}text"):
        lines.setdefault(text.get("y"), []).append("".join(text.itertext()))
    columns, *shown = (cells for cells in lines.values() if len(cells) == 4)
    tasks = parse(ROOT / "raw" / "yunhai-2025-03.md").records["tasks"]
    rows = [["、".join(v) if isinstance(v, list) else str(v) for v in (t[c] for c in columns)] for t in tasks]
    assert len(shown) == 3 and [row for row in shown if row not in rows] == []


@pytest.mark.parametrize("page", PAGES)
def test_recipes_exist(page: str) -> None:
    recipes = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    used = set(re.findall(r"(?:`|^)make ([a-z-]+)", (ROOT / page).read_text(encoding="utf-8"), re.M))
    assert used <= recipes


@pytest.mark.parametrize("page", PAGES)
def test_links_exist(page: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / page).read_text(encoding="utf-8"))
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []
