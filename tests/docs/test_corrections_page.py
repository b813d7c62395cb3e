"""docs/corrections.md and docs/releases.md: lines, keys, tables, causes and commands are those of the program."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from pipeline.cli import parser
from pipeline.corrections.columns import TABLES
from pipeline.corrections.line import ACTIONS, loads
from pipeline.releases.changes import CAUSES

DOCS = Path(__file__).parents[2] / "docs"
CORRECTIONS = (DOCS / "corrections.md").read_text(encoding="utf-8")
RELEASES = (DOCS / "releases.md").read_text(encoding="utf-8")
LINE = re.findall(r"^```json\n(.*?)\n```", CORRECTIONS, re.M | re.S)[0]
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", CORRECTIONS + RELEASES, re.M | re.S)
    for line in block.splitlines()
]


def test_the_line_is_a_correction() -> None:
    one = loads(LINE)
    assert json.loads(one.dumps()) == {**json.loads(LINE), "evidence": one.evidence}


def test_every_key_is_explained() -> None:
    rows = "\n".join(line for line in CORRECTIONS.splitlines() if line.startswith("| `"))
    assert [key for key in (*json.loads(LINE), "was", *ACTIONS, *TABLES) if f"`{key}`" not in rows] == []


def test_every_cause_is_explained() -> None:
    assert re.findall(r"^\| `(\w+)` \|", RELEASES, re.M)[-len(CAUSES) :] == list(CAUSES)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_parse(command: str) -> None:
    words = shlex.split(command, comments=True)
    assert words[0] == "gongbao"
    assert callable(parser().parse_args(words[1:]).run)
