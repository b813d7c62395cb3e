"""Defaults for Prefect and Great Expectations, and that the user's own settings stand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flows import environment

NAMES = (*environment._OWN_PREFECT, *environment._DEFAULTS, "XDG_CACHE_HOME", "LOCALAPPDATA")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "")  # so that what the test sets is taken back
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_usage_statistics_are_off(tmp_path: Path) -> None:
    environment.apply_defaults()
    off = ("DO_NOT_TRACK", "GX_ANALYTICS_ENABLED", "PREFECT_SERVER_ANALYTICS_ENABLED")
    assert [os.environ[name] for name in off] == ["1", "false", "false"]
    assert os.environ["PREFECT_HOME"] == str(tmp_path / "cache" / "gongbao" / "prefect")
    assert Path(os.environ["PREFECT_HOME"]).is_dir()


@pytest.mark.parametrize("name", environment._OWN_PREFECT)
def test_whoever_has_a_prefect_of_their_own_keeps_it(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "own")
    monkeypatch.setenv("GX_ANALYTICS_ENABLED", "true")
    environment.apply_defaults()
    assert os.environ[name] == "own" and os.environ["GX_ANALYTICS_ENABLED"] == "true"
    assert name == "PREFECT_HOME" or "PREFECT_HOME" not in os.environ


def test_a_cache_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    environment.apply_defaults()
    assert Path(os.environ["PREFECT_HOME"]).is_dir()
