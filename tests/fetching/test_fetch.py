"""From a source to `raw/`: what is taken, how it is called, what a second run does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from site_on_loopback import PAGE, PDF, Hasty, Reply, Site, list_page, list_source, serve, source_of

from fetching import store
from fetching.errors import SourceError
from fetching.fetch import Outcome, fetch
from fetching.source import Source
from pipeline import sidecar


def text(number: int) -> bytes:
    """A page with a notice."""
    return PAGE.format(f"<h1>云海市人民政府办公室关于第{number}件事的通知</h1>").encode()


def run(source: Source, clock: Hasty, *, recheck: bool = False) -> list[Outcome]:
    """Fetch into `raw` beside the source file."""
    return list(fetch(source, source.path.parent / "raw", recheck=recheck, clock=clock))


def statuses(outcomes: list[Outcome]) -> list[str]:
    return [outcome.status for outcome in outcomes]


def kept(folder: Path) -> list[str]:
    """Files in raw/yunhai without hidden ones and sidecars."""
    return sorted(p.name for p in (folder / "raw" / "yunhai").iterdir() if p.suffix != ".json" and p.is_file())


def fill(site: Site, *numbers: int) -> list[str]:
    """Pages /1, /2 … on the site; their paths."""
    site.routes |= {f"/{n}": text(n) for n in numbers}
    return [f"/{n}" for n in numbers]


def test_a_list_with_pages(tmp_path: Path, site: Site, clock: Hasty) -> None:
    paths = fill(site, 1, 2, 3)
    site.routes["/list"] = list_page(*paths[:2], rest="<a class='next' href='list2'>下一页</a>")
    site.routes["/list2"] = list_page(*paths[2:])
    source = list_source(tmp_path, site, "next = 'a.next'\ndate = 'span'")
    outcomes = run(source, clock)
    assert statuses(outcomes) == ["new"] * 3
    assert [o.address for o in outcomes] == [site.root + path for path in paths]
    assert site.paths() == ["/list", "/1", "/2", "/list2", "/3"]
    record = json.loads(sidecar.path_of(outcomes[0].file or Path()).read_bytes())
    digest = hashlib.sha256(text(1)).hexdigest()
    assert record["received_at"] == "2025-04-30T08:00:00Z"
    assert {k: record[k] for k in ("source", "address", "sha256", "size", "title", "listed_on", "found_on")} == {
        "source": "yunhai",
        "address": f"{site.root}/1",
        "sha256": digest,
        "size": len(text(1)),
        "title": "公报 1",
        "listed_on": "2025-03-01",
        "found_on": f"{site.root}/list",
    }
    assert record["headers"]["content-type"] == "text/html"


def test_a_second_run_asks_for_the_list_alone(tmp_path: Path, site: Site, clock: Hasty) -> None:
    site.routes["/list"] = Reply(list_page(*fill(site, 1, 2)), headers={"ETag": '"7"'})
    source = list_source(tmp_path, site)
    run(source, clock)
    before = kept(tmp_path)
    site.asked.clear()
    assert statuses(run(source, clock)) == ["unchanged"] * 2
    assert site.paths() == ["/list"]
    assert site.asked[-1][1]["If-None-Match"] == '"7"'
    assert kept(tmp_path) == before


def test_known_items_are_asked_for_again_after_some_days(tmp_path: Path, site: Site, clock: Hasty) -> None:
    site.routes["/list"] = list_page(*fill(site, 1, 2))
    site.routes["/1"] = Reply(text(1), headers={"ETag": '"a"', "Last-Modified": "Tue, 29 Apr 2025 00:00:00 GMT"})
    source = list_source(tmp_path, site)
    run(source, clock)
    clock.skip(days=8)
    site.asked.clear()
    assert statuses(run(source, clock)) == ["unchanged"] * 2
    assert site.paths() == ["/list", "/1", "/2"]
    assert site.asked[-2][1]["If-Modified-Since"] == "Tue, 29 Apr 2025 00:00:00 GMT"
    assert statuses(run(source, clock, recheck=True)) == ["unchanged"] * 2
    assert site.paths()[3:] == ["/list", "/1", "/2"]


def test_new_bytes_are_a_new_version_and_the_old_ones_stay(tmp_path: Path, site: Site, clock: Hasty) -> None:
    site.routes["/list"] = list_page(*fill(site, 1))
    source = list_source(tmp_path, site)
    [first] = run(source, clock)
    site.routes["/1"] = text(9)
    [second] = run(source, clock, recheck=True)
    assert second.status == "new version" and second.file == first.file and second.file
    assert second.file.read_bytes() == text(9)
    digest = hashlib.sha256(text(1)).hexdigest()
    earlier = second.file.parent / ".earlier" / f"{digest[:12]}-{second.file.name}"
    assert earlier.read_bytes() == text(1)
    assert sidecar.load(earlier, digest)["address"] == f"{site.root}/1"
    site.routes["/1"] = text(1)
    assert statuses(run(source, clock, recheck=True)) == ["new version"]
    assert len(list(earlier.parent.glob("*.html"))) == 2


def test_identical_bytes_are_stored_once(tmp_path: Path, site: Site, clock: Hasty) -> None:
    site.routes |= {"/list": list_page("/1", "/copy"), "/1": text(1), "/copy": text(1)}
    source = list_source(tmp_path, site)
    assert statuses(run(source, clock)) == ["new", "duplicate"]
    assert len(kept(tmp_path)) == 1
    site.routes["/1"] = text(2)
    assert statuses(run(source, clock, recheck=True)) == ["new version", "new"], "each has bytes of its own now"


def test_without_its_state_nothing_is_stored_twice(tmp_path: Path, site: Site, clock: Hasty) -> None:
    site.routes["/list"] = list_page(*fill(site, 1, 2))
    source = list_source(tmp_path, site)
    run(source, clock)
    before = {p: p.read_bytes() for p in (tmp_path / "raw" / "yunhai").iterdir() if p.name != ".state.json"}
    (tmp_path / "raw" / "yunhai" / ".state.json").write_text("{half")
    clock.skip(days=1)
    assert statuses(run(source, clock)) == ["unchanged"] * 2
    assert {p: p.read_bytes() for p in before} == before


def lose_file(folder: Path) -> None:
    next(folder.glob("*.html")).unlink()


def lose_record(folder: Path) -> None:
    next(folder.glob("*.html.json")).unlink()


def other_bytes(folder: Path) -> None:
    next(folder.glob("*.html")).write_bytes(b"half a page")


@pytest.mark.parametrize("damage", [lose_file, lose_record, other_bytes])
def test_what_a_killed_run_left_is_put_right(
    tmp_path: Path, site: Site, clock: Hasty, damage: Callable[[Path], None]
) -> None:
    site.routes["/list"] = Reply(list_page(*fill(site, 1)), headers={"ETag": '"7"'})
    site.routes["/1"] = Reply(text(1), headers={"ETag": '"1"'})
    source = list_source(tmp_path, site)
    [first] = run(source, clock)
    damage(tmp_path / "raw" / "yunhai")
    [again] = run(source, clock)
    assert again.file == first.file and again.file
    assert again.file.read_bytes() == text(1)
    assert sidecar.load(again.file, hashlib.sha256(text(1)).hexdigest())


def test_the_walk_ends_early_once_all_is_known(tmp_path: Path, site: Site, clock: Hasty) -> None:
    paths = fill(site, *range(1, 7))
    site.routes["/list"] = list_page(*paths[:2])
    site.routes |= {f"/list_{n}": list_page(*paths[2 * n : 2 * n + 2]) for n in (1, 2)}
    source = list_source(tmp_path, site, top=f'numbered = "{site.root}/list_{{n}}"')
    site.routes["/5"] = Reply(b"", 404)
    assert statuses(run(source, clock)) == ["new"] * 4 + ["failed", "new"]
    site.routes["/5"] = text(5)
    assert statuses(run(source, clock)) == ["unchanged"] * 4 + ["new", "unchanged"], "failures are tried again"
    site.asked.clear()
    run(source, clock)
    assert site.paths() == ["/list"]
    fill(site, 7)
    site.routes["/list"] = list_page("/7", "/1")
    site.asked.clear()
    assert statuses(run(source, clock)) == ["new", "unchanged", "unchanged", "unchanged"]
    assert site.paths() == ["/list", "/7", "/list_1"]


def test_a_killed_run_leaves_no_page_out(tmp_path: Path, site: Site, clock: Hasty) -> None:
    """New items on two pages, the run ends after the first: the next one does not stop where all is known."""
    site.routes |= {"/list": list_page(*fill(site, 1)), "/list_1": list_page()}
    source = list_source(tmp_path, site, top=f'numbered = "{site.root}/list_{{n}}"')
    run(source, clock)
    site.routes |= {"/list": list_page(*fill(site, 2)), "/list_1": list_page("/3", "/1"), "/3": text(3)}
    outcomes = fetch(source, tmp_path / "raw", clock=clock)
    assert next(outcomes).status == "new"
    outcomes.close()  # type: ignore[attr-defined]
    assert statuses(run(source, clock)) == ["unchanged", "new", "unchanged"]


LOOPS = [
    ("list", "read already"),
    ("list2", "repeats what earlier ones have"),
]


@pytest.mark.parametrize(("following", "words"), LOOPS)
def test_next_pages_that_go_in_a_circle(tmp_path: Path, site: Site, clock: Hasty, following: str, words: str) -> None:
    rest = f"<a class='next' href='{following}'>下一页</a>"
    site.routes["/list"] = list_page(*fill(site, 1), rest=rest)
    site.routes["/list2"] = list_page("/1", rest=rest)
    outcomes = run(list_source(tmp_path, site, "next = 'a.next'"), clock)
    assert statuses(outcomes) == ["new", "failed"]
    assert words in (outcomes[1].reason or "")


def test_endless_pages(tmp_path: Path, site: Site, clock: Hasty) -> None:
    """Every page has something new and one more page: the limit ends it."""
    fill(site, *range(1, 40))
    for n in range(40):
        site.routes[f"/list{n or ''}"] = list_page(f"/{n + 1}", rest=f"<a class='next' href='list{n + 1}'>下一页</a>")
    outcomes = run(list_source(tmp_path, site, "next = 'a.next'", limits="pages = 5"), clock)
    assert statuses(outcomes) == ["new"] * 5 + ["failed"]
    assert "limits.pages" in (outcomes[-1].reason or "")


@pytest.mark.parametrize("beyond", [Reply(b"", 404), list_page("/2"), list_page()], ids=["404", "last again", "empty"])
def test_numbered_pages_end(tmp_path: Path, site: Site, clock: Hasty, beyond: object) -> None:
    paths = fill(site, 1, 2)
    site.routes |= {"/list": list_page(paths[0]), "/list_2": list_page(paths[1]), "/list_3": beyond}
    top = f'numbered = "{site.root}/list_{{n}}"\nnumbered_from = 2'
    assert statuses(run(list_source(tmp_path, site, top=top), clock)) == ["new", "new"]


@pytest.mark.parametrize("declared", ["gb2312", "utf-8"])
def test_a_list_in_gb18030(tmp_path: Path, site: Site, clock: Hasty, declared: str) -> None:
    """Also where the page declares another encoding."""
    html = f"<html><head><meta charset='{declared}'></head><li><a href='/1'>云海市㐂镕公报</a></li></html>"
    site.routes |= {"/list": html.encode("gb18030"), "/1": text(1)}
    [outcome] = run(list_source(tmp_path, site), clock)
    assert json.loads(sidecar.path_of(outcome.file or Path()).read_bytes())["title"] == "云海市㐂镕公报"


def test_attachments(tmp_path: Path, site: Site, clock: Hasty) -> None:
    page = PAGE.format("<a href='files/公报 3.pdf'>附件</a><a href='/files/x.pdf'>x</a><a href='/other'>y</a>").encode()
    site.routes |= {
        "/list": list_page("/p/1"),
        "/p/1": page,
        "/files/x.pdf": Reply(PDF + b"\n%%EOF", type="text/plain"),
    }
    site.routes["/p/files/%E5%85%AC%E6%8A%A5%203.pdf"] = Reply(PDF, type="application/pdf")
    source = list_source(tmp_path, site, "attachment = \"a[href$='.pdf']\"", top='take = "attachments"')
    outcomes = run(source, clock)
    assert statuses(outcomes) == ["new", "new"]
    assert [name[:5] for name in kept(tmp_path)] == ["x-" + kept(tmp_path)[0][2:5], "公报-3-"]
    assert statuses(run(source, clock)) == ["unchanged", "unchanged"]
    both = source.model_copy(update={"take": "both"})
    assert statuses(run(both, clock)) == ["new", "unchanged", "unchanged"]


WRONG = [
    (Reply(PAGE.format("文件不存在").encode()), "wrong type: .pdf was promised, html came"),
    (Reply(b"\x89PNG\r\n\x1a\n" + bytes(50), type="application/pdf"), "wrong type: a picture"),
    (Reply(b"MZ" + bytes(99)), "wrong type: a program"),
    (Reply(b"PK\x03\x04" + bytes(99)), "wrong type: an archive"),
    (Reply(b"{\\rtf1 x}"), "wrong type: rtf is not among the types"),
    (Reply(b"\x00\x01\x02" * 50), "wrong type: of unknown type"),
]


@pytest.mark.parametrize(("reply", "words"), WRONG, ids=[w[1] for w in WRONG])
def test_wrong_types(tmp_path: Path, site: Site, clock: Hasty, reply: Reply, words: str) -> None:
    site.routes |= {"/list": list_page("/a.pdf"), "/a.pdf": reply}
    [outcome] = run(list_source(tmp_path, site, top='types = ["pdf", "html"]'), clock)
    assert outcome.status == "failed" and words in (outcome.reason or "")
    assert kept(tmp_path) == []


def test_a_bad_item_leaves_the_others_alone(tmp_path: Path, site: Site, clock: Hasty) -> None:
    site.routes |= {"/list": list_page("/1", "/gone", "http://other.example/x", "/2"), "/robots.txt": b""}
    fill(site, 1, 2)
    outcomes = run(list_source(tmp_path, site), clock)
    assert statuses(outcomes) == ["new", "failed", "failed", "new"]


def test_a_site_that_is_down_is_not_asked_for_everything(tmp_path: Path, site: Site, clock: Hasty) -> None:
    site.routes["/list"] = list_page(*(f"/{n}" for n in range(50)))
    outcomes = run(list_source(tmp_path, site), clock)
    assert len(outcomes) == 11 and "in a row" in (outcomes[-1].reason or "")


FAULTS = [
    (Reply(b"", 404), "answers 404"),
    (PAGE.format("改版了").encode(), "select.item 'li' fits nothing"),
    (Reply(b"\x00\x01" * 90), "not readable as text"),
    (b"<html><body>" + b"<div>" * 200_000 + b"</html>", "nested more than"),
]


@pytest.mark.parametrize(("reply", "words"), FAULTS)
def test_a_list_that_is_none(tmp_path: Path, site: Site, clock: Hasty, reply: object, words: str) -> None:
    site.routes["/list"] = reply
    [outcome] = run(list_source(tmp_path, site), clock)
    assert outcome.status == "failed" and words in (outcome.reason or "")


def test_credentials_stand_nowhere(tmp_path: Path, site: Site, clock: Hasty) -> None:
    site.routes["/list?token=abc123"] = Reply(list_page("/1?id=4&token=zzz999"), headers={"ETag": '"1"'})
    site.routes["/1?id=4&token=zzz999"] = text(1)
    source = list_source(tmp_path, site)
    page = f"http://reader:hunter2@{site.host}/list?token=abc123"
    outcomes = run(source.model_copy(update={"pages": (page,)}), clock)
    assert statuses(outcomes) == ["new"]
    written = b"".join(p.read_bytes() for p in (tmp_path / "raw").rglob("*") if p.is_file()).decode()
    written += "".join(str(o) for o in outcomes) + " ".join(map(str, (tmp_path / "raw").rglob("*")))
    assert not any(secret in written for secret in ("hunter2", "abc123", "zzz999"))
    assert "token=***" in written


RSS = """<?xml version="1.0" encoding="gb2312"?>
<rss version="2.0"><channel><title>云海市</title>
<item><title>第1期</title><link>/1</link><pubDate>Wed, 30 Apr 2025 08:00:00 +0800</pubDate></item>
<item><title>第2期</title><guid isPermaLink="true">{root}/2</guid></item>
<item><title>第3期</title><link>{root}/3</link><enclosure url="/3.pdf" type="application/pdf"/></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>云海市</title>
<entry><title>第1期</title><link rel="self" href="/x"/><link href="/1"/><updated>2025-04-30T00:00:00Z</updated></entry>
<entry><title>第2期</title><link rel="enclosure" href="/3.pdf"/></entry></feed>"""


def feed_source(folder: Path, site: Site, take: str = "page") -> Source:
    return source_of(
        folder,
        f"""title = "云海市"\ndivision = "000000"\nkind = "feed"\ncadence = "irregular"
pages = ["{site.root}/feed"]\nprivate = true\ntake = "{take}"
[select]\nattachment = "a"\n[politeness]\ndelay = 0\nbackoff = 0.01""",
    )


def test_rss(tmp_path: Path, site: Site, clock: Hasty) -> None:
    fill(site, 1, 2, 3)
    site.routes |= {"/feed": RSS.format(root=site.root).encode("gb18030"), "/3.pdf": Reply(PDF)}
    outcomes = run(feed_source(tmp_path, site), clock)
    assert [(o.status, o.address.removeprefix(site.root)) for o in outcomes] == [("new", f"/{n}") for n in (1, 2, 3)]
    record = json.loads(sidecar.path_of(outcomes[0].file or Path()).read_bytes())
    assert (record["title"], record["listed_on"]) == ("第1期", "2025-04-30")


def test_atom(tmp_path: Path, site: Site, clock: Hasty) -> None:
    fill(site, 1)
    site.routes |= {"/feed": ATOM.encode(), "/3.pdf": Reply(PDF)}
    outcomes = run(feed_source(tmp_path, site), clock)
    assert [(o.status, o.address.removeprefix(site.root)) for o in outcomes] == [("new", "/1"), ("new", "/3.pdf")]


BOMB = '<!DOCTYPE rss [<!ENTITY a "公报"><!ENTITY b "{}">]><rss><item><link>/1</link><title>&b;</title></item></rss>'
FEEDS = [
    (BOMB.format("&a;" * 1000).encode(), "entities"),
    (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><link>&x;</link></item></rss>', "entities"),
    (b"<rss>" + b"<a>" * 5000, "no feed"),
    (b"<rss><item>", "no feed"),
    (PAGE.format("首页").encode(), "feed"),
    (b"<rss><channel/></rss>", "no entry"),
]


@pytest.mark.parametrize(("content", "words"), FEEDS)
def test_feeds_that_are_none(tmp_path: Path, site: Site, clock: Hasty, content: bytes, words: str) -> None:
    site.routes["/feed"] = Reply(content, type="application/xml")
    [outcome] = run(feed_source(tmp_path, site), clock)
    assert outcome.status == "failed" and words in (outcome.reason or "")


def folder_source(folder: Path, more: str = "") -> Source:
    (folder / "inbox").mkdir(exist_ok=True)
    head = 'title = "云海市"\ndivision = "000000"\nkind = "folder"\ncadence = "monthly"\nfolder = "inbox"\n'
    return source_of(folder, head + more)


def test_a_folder(tmp_path: Path, clock: Hasty) -> None:
    source = folder_source(tmp_path, 'patterns = ["*.md", "*.pdf"]')
    inbox = tmp_path / "inbox"
    (inbox / "b").mkdir()
    (inbox / "a.md").write_text("云海市人民政府公报", encoding="utf-8")
    (inbox / "b" / "a.md").write_text("云海市人民政府公报第二期", encoding="utf-8")
    (inbox / "notes.txt").write_text("no bulletin", encoding="utf-8")
    (inbox / "a.md.json").write_text("{}", encoding="utf-8")
    (inbox / "x.pdf").write_bytes(PDF[:-6])
    (tmp_path / "secret.md").write_text("not in the folder", encoding="utf-8")
    (inbox / "out.md").symlink_to(tmp_path / "secret.md")
    outcomes = run(source, clock)
    assert [(o.address, o.status) for o in outcomes] == [
        ("a.md", "new"),
        ("b/a.md", "new"),
        ("out.md", "failed"),
        ("x.pdf", "failed"),
    ]
    assert "leads out" in (outcomes[2].reason or "") and "cut off" in (outcomes[3].reason or "")
    (inbox / "a.md").write_text("云海市人民政府公报（更正）", encoding="utf-8")
    assert statuses(run(source, clock))[:2] == ["new version", "unchanged"]


def test_raw_inside_the_folder_is_refused(tmp_path: Path, clock: Hasty) -> None:
    source = folder_source(tmp_path)
    with pytest.raises(SourceError, match="take another --raw"):
        list(fetch(source, tmp_path / "inbox" / "raw", clock=clock))


NAMES = [
    ("https://yunhai.example/zfgb/t20250430_1.html?x=1", ".html", "t20250430_1-"),
    ("https://yunhai.example/", ".html", "yunhai-"),
    ("https://yunhai.example/..%2f..%2fetc%2fpasswd", ".txt", "passwd-"),
    ("https://yunhai.example/" + "公" * 300 + ".pdf", ".pdf", "公" * 60 + "-"),
    ("https://yunhai.example/con.pdf", ".pdf", "con--"),
    ("https://yunhai.example/.htaccess", ".txt", "issue-"),
]


@pytest.mark.parametrize(("address", "ending", "begin"), NAMES)
def test_names(address: str, ending: str, begin: str) -> None:
    name = store.name_of(address, ending)
    assert name.startswith(begin) and name.endswith(ending)
    assert "/" not in name and len(name.encode()) < 255
    assert name != store.name_of(address + "&", ending)


def test_attachments_on_another_host_need_permission(tmp_path: Path, site: Site, clock: Hasty) -> None:
    with serve() as other:
        other.routes["/a.pdf"] = Reply(PDF)
        site.routes |= {"/list": list_page("/1"), "/1": PAGE.format(f"<a href='{other.root}/a.pdf'>附件</a>").encode()}
        source = list_source(tmp_path, site, "attachment = 'a'", top='take = "attachments"')
        [outcome] = run(source, clock)
        assert "host not allowed" in (outcome.reason or "") and other.asked == []
        allowed = source.model_copy(update={"hosts": (other.host,)})
        allowed.__dict__.pop("allowed", None)
        assert statuses(run(allowed, clock)) == ["new"]
