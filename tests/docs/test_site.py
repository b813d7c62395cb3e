"""The documentation site builds, and no command is missing from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import reference

ROOT = Path(__file__).parents[2]


def test_the_reference_of_commands_is_current() -> None:
    page = (ROOT / reference.PAGE).read_text(encoding="utf-8")
    assert page == reference.reference(), "run: python -m pipeline.cli.reference"


def test_main_writes_the_reference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reference.main([str(tmp_path / "cli.md")]) == 0
    assert (tmp_path / "cli.md").read_text(encoding="utf-8") == reference.reference()
    assert reference.main([str(tmp_path / "no" / "cli.md")]) == 2
    assert "root of the project" in capsys.readouterr().err


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    """A page that no contents list has, a link to nowhere: each is a warning of Sphinx."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-d", tmp_path / "cache", ROOT / "docs"]
    done = subprocess.run([*command, tmp_path / "site"], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "cli.html").is_file()
