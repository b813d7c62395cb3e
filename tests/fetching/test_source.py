"""Source files: what is accepted, what a fault is called."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from site_on_loopback import source_of

from fetching import scaffold
from fetching.errors import SourceError
from fetching.source import Limits, Politeness, Select, Source, load

ROOT = Path(__file__).parents[2]
GOOD = """
title = "云海市人民政府公报"
division = "000000"
kind = "list"
cadence = "monthly"
pages = ["https://www.yunhai.example/zfgb/"]
[select]
item = "ul li a"
"""

FAULTS = [
    ('cadence = "monthly"', 'cadence = "hourly"', "cadence: Input should be 'daily'"),
    ('cadence = "monthly"', "", "cadence: missing"),
    ('division = "000000"', "division = 110000", "division: write the six digits"),
    ('division = "000000"', 'division = "11"', "division: write the six digits"),
    ('kind = "list"', 'kind = "ftp"', "kind: Input should be 'folder'"),
    ('kind = "list"', 'kind = "folder"', "folder: needed"),
    ('kind = "list"', 'kind = "folder"\nfolder = "none"', "no folder 'none'"),
    ('item = "ul li a"', "", "select.item: needed"),
    ('item = "ul li a"', 'item = "ul["', "select.item: no CSS selector: 'ul['"),
    ('item = "ul li a"', 'items = "ul"', "select.items: unknown key, did you mean item?"),
    ("[select]", 'take = "both"\n[select]', "select.attachment: needed"),
    ("[select]", 'title_zh = "x"\n[select]', "title_zh: unknown key, did you mean title?"),
    ("[select]", 'encoding = "gb-9"\n[select]', "unknown encoding 'gb-9'"),
    ("[select]", 'types = ["exe"]\n[select]', "types: unknown exe: choose from pdf"),
    ("[select]", 'numbered = "https://yunhai.example/2"\n[select]', "numbered: write {n}"),
    ("[select]", 'name = "x"\n[select]', "the name of a source is that of its file"),
    ("[select]", "private = 1\n[select]", "private: write true or false"),
    ("[select]", "hosts = 'a'\n[select]", "hosts: write a list"),
    ("[select]", "[politeness]\ndelay = -1\n[select]", "politeness.delay: Input should be greater"),
    ("[select]", "[limits]\npages = 0\n[select]", "limits.pages: Input should be greater"),
    ("https://www", "ftp://www", "pages: neither http nor https"),
    ("https://www.yunhai.example/zfgb/", "https://u:${GONGBAO_NO_SUCH}@h/", "GONGBAO_NO_SUCH is not set"),
    ("https://www.yunhai.example/zfgb/", "ftp://u:hunter2@h/", "pages: neither http nor https: ftp://***@h/"),
    ("title =", "title", "cannot be read"),
]


@pytest.mark.parametrize(("old", "new", "words"), FAULTS, ids=[f[2] for f in FAULTS])
def test_faults(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD
    with pytest.raises(SourceError) as caught:
        source_of(tmp_path, GOOD.replace(old, new, 1))
    message = str(caught.value)
    assert words in message and "yunhai.toml: " in message and "hunter2" not in message
    assert len(caught.value.faults) == 1


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        source_of(tmp_path, GOOD.replace("monthly", "x").replace("000000", "y").replace("title", "tilte", 1))
    assert len(caught.value.faults) == 4


def test_a_good_one(tmp_path: Path) -> None:
    source = source_of(tmp_path, GOOD)
    assert source.allowed == {"www.yunhai.example:443", "www.yunhai.example"}
    assert source.logins == {}


def test_credentials_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUNHAI_PASSWORD", "p%40ss")
    source = source_of(tmp_path, GOOD.replace("https://www", "https://reader:${YUNHAI_PASSWORD}@www"))
    assert source.starts == ("https://www.yunhai.example/zfgb/",)
    assert source.logins == {("https", "www.yunhai.example", 443): ("reader", "p@ss")}


def test_names_of_files(tmp_path: Path) -> None:
    for name in ("云海", "A", "a_b", "-a"):
        with pytest.raises(SourceError, match="name the file"):
            source_of(tmp_path, GOOD, name)


@pytest.mark.parametrize("kind", scaffold.KINDS)
def test_the_scaffold_is_valid(tmp_path: Path, kind: str) -> None:
    path = scaffold.new("yunhai", kind, tmp_path / "sources")
    assert load(path).kind == kind
    text = path.read_text(encoding="utf-8")
    with pytest.raises(SourceError, match="is there already"):
        scaffold.new("yunhai", kind, tmp_path / "sources")
    for name in ("../x", "X", ""):
        with pytest.raises(SourceError, match="lower-case"):
            scaffold.new(name, kind, tmp_path)
    # what stands there commented out is right as well
    path.write_text(re.sub(r"^# (?=[\[a-z_]+[ \]])(?=\[|[a-z_]+ = )", "", text, flags=re.M), encoding="utf-8")
    assert load(path).kind == kind


@pytest.mark.parametrize("path", sorted((ROOT / "sources").glob("*.toml")), ids=lambda p: p.stem)
def test_sources_of_this_repository(path: Path) -> None:
    source = load(path)
    assert "示例" in source.title, "no real site is kept here"
    assert all(host.endswith(".example") for host in (page.split("/")[2] for page in source.starts))


PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")


def test_every_key_is_documented() -> None:
    keys = [name for name in Source.model_fields if name not in ("name", "path", "select", "politeness", "limits")]
    for prefix, part in (("select", Select), ("politeness", Politeness), ("limits", Limits)):
        keys += [f"{prefix}.{name}" for name in part.model_fields]
    assert [key for key in keys if f"| `{key}`" not in PAGE] == []
    assert [key for key in re.findall(r"^\| `([a-z_.]+)`", PAGE, re.M) if key not in keys] == []


def test_documented_defaults() -> None:
    for prefix, part in (("politeness", Politeness()), ("limits", Limits())):
        for name, value in part.model_dump().items():
            if value != "":
                row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{prefix}.{name}`"))
                assert f"{value:g}" in row.split("|")[2], name


@pytest.mark.parametrize("text", re.findall(r"^```toml\n(.*?)^```", PAGE, re.M | re.S))
def test_documented_sources(tmp_path: Path, text: str) -> None:
    (tmp_path / "inbox").mkdir()
    assert source_of(tmp_path, text).title
