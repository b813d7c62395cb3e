"""A server that misbehaves in every way: what is asked again, what is refused, what is waited for."""

from __future__ import annotations

import gzip
import logging
import socket
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from site_on_loopback import PDF, Handler, Hasty, Reply, Site, list_source, serve

from fetching import network
from fetching.client import Client
from fetching.errors import FetchError, ForbiddenError, OverError
from fetching.judge import need_whole
from fetching.pace import Pace, retry_after

LIMIT = 100_000
BODY = b"<html><body>" + "云海市人民政府公报".encode() * 20 + b"</body></html>"


def get(folder: Path, site: Site, clock: Hasty, path: str = "/a", *, top: str = "", limits: str = "") -> bytes:
    """What a client of a source on the site gets from a path."""
    source = list_source(folder, site, top=top, limits=limits)
    with Client(source, clock=clock) as client:
        return client.get(site.root + path, limit=LIMIT, accept=need_whole).content or b""


def raw(data: bytes) -> Callable[[Handler], None]:
    """A route that writes just these bytes and hangs up."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(data)
        handler.close_connection = True

    return answer


def redirect(where: str, status: int = 302) -> Reply:
    return Reply(b"", status, headers={"Location": where})


PASSING = [
    ([Reply(b"", 500), BODY], "500, then 200"),
    ([Reply(b"", 503), Reply(b"", 429), BODY], "503 and 429, then 200"),
    ([Reply(BODY, length=len(BODY) + 50), BODY], "cut off, then whole"),
    ([Reply(BODY, length=40), BODY], "more than the announced length, then whole"),
    ([raw(b"HTTP/1.1 200 OK\r\n\r\n" + BODY[:-10]), BODY], "no length and no end, then whole"),
    ([raw(b"no HTTP at all\r\n\r\n"), BODY], "no HTTP, then whole"),
    ([raw(b""), BODY], "hung up, then whole"),
    ([Reply(b""), BODY], "empty, then whole"),
    ([Reply(gzip.compress(BODY)[:-12], headers={"Content-Encoding": "gzip"}), BODY], "gzip cut off, then whole"),
    ([Reply(BODY, headers={"Content-Encoding": "gzip"}), BODY], "gzip that is none, then whole"),
    ([raw(b"HTTP/1.1 200 OK\r\n\r\n" + BODY)], "no length, with its end"),
    ([Reply(gzip.compress(BODY), headers={"Content-Encoding": "gzip"})], "gzip"),
    ([Reply(zlib.compress(BODY), headers={"Content-Encoding": "deflate"})], "deflate"),
    (
        [raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY))],
        "chunks",
    ),
]


@pytest.mark.parametrize(("route", "why"), PASSING, ids=[p[1] for p in PASSING])
def test_what_passes_is_asked_again(tmp_path: Path, site: Site, clock: Hasty, route: list[object], why: str) -> None:
    times = len(route)
    site.routes["/a"] = route
    assert get(tmp_path, site, clock) == BODY
    assert len(site.paths()) == times


LASTING = [
    (Reply(b"", 404), 1, "answers 404"),
    (Reply(b"", 403), 1, "answers 403"),
    (Reply(b"", 500), 4, "answers 500, 4 times"),
    (Reply(b"", 206), 1, "answers 206"),
    (Reply(b"", 304), 1, "answers 304"),
    (Reply(BODY, length=len(BODY) + 9), 4, "cut off"),
    (Reply(PDF[:-8], type="application/pdf"), 4, "cut off: the PDF has no end"),
    (Reply(b"x", length=LIMIT + 1), 1, "announced, more than"),
    (raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (LIMIT + 1)), 1, "more than"),
    (Reply(gzip.compress(b"0" * 50_000_000), headers={"Content-Encoding": "gzip"}), 1, "unpacked"),
    (Reply(BODY, headers={"Content-Encoding": "br"}), 1, "packed as br"),
    (raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000 + b"\r\n\r\n"), 4, "no HTTP"),
    (redirect("/a"), 1, "in a circle"),
    (redirect("ftp://yunhai.example/a"), 1, "neither http nor https"),
    (redirect("http://other.example/a"), 1, "other.example:80: host not allowed"),
    (redirect("http://127.0.0.1:1/a"), 1, "127.0.0.1:1: host not allowed"),
    (redirect("http://169.254.169.254/latest"), 1, "host not allowed"),
]


@pytest.mark.parametrize(("route", "times", "words"), LASTING, ids=[f"{i}-{p[2]}" for i, p in enumerate(LASTING)])
def test_what_lasts_is_refused(tmp_path: Path, site: Site, clock: Hasty, route: object, times: int, words: str) -> None:
    site.routes["/a"] = route
    with pytest.raises(FetchError, match=words):
        get(tmp_path, site, clock)
    assert len(site.paths()) == times


def test_a_long_chain_of_redirects_ends(tmp_path: Path, site: Site, clock: Hasty) -> None:
    site.routes |= {f"/{n}": redirect(f"/{n + 1}", 301) for n in range(20)}
    with pytest.raises(FetchError, match="more than 5 redirects"):
        get(tmp_path, site, clock, "/0")
    assert len(site.paths()) == 6


def test_redirects_to_allowed_hosts_are_followed(tmp_path: Path, site: Site, clock: Hasty) -> None:
    with serve() as other:
        other.routes["/b"] = BODY
        site.routes["/a"] = redirect(f"{other.root}/b", 307)
        assert get(tmp_path, site, clock, top=f'hosts = ["{other.host}"]') == BODY
        assert [path for path, _ in other.asked] == ["/robots.txt", "/b"]


@pytest.mark.parametrize("route", [Reply(BODY, pause=0.15), lambda _: time.sleep(1.5)], ids=["drips", "silent"])
def test_slow_servers(tmp_path: Path, site: Site, clock: Hasty, route: object) -> None:
    site.routes["/a"] = route
    began = time.monotonic()
    with pytest.raises(FetchError, match="too slow"):
        get(tmp_path, site, clock, limits="seconds = 0.6\nread_seconds = 0.4")
    assert time.monotonic() - began < 6


def test_the_run_has_its_time(tmp_path: Path, site: Site, clock: Hasty) -> None:
    site.routes["/a"] = Reply(b"", 503, headers={"Retry-After": "50"})
    with pytest.raises(OverError):
        get(tmp_path, site, clock, limits="run_seconds = 60")


@pytest.mark.parametrize("value", ["7", "Wed, 30 Apr 2025 08:00:07 GMT"])
def test_retry_after_is_kept(tmp_path: Path, site: Site, clock: Hasty, value: str) -> None:
    site.routes["/a"] = [Reply(b"", 429, headers={"Retry-After": value}), BODY]
    assert get(tmp_path, site, clock) == BODY
    assert clock.waited == [7.0]


def test_a_site_that_wants_hours_is_left_alone(tmp_path: Path, site: Site, clock: Hasty) -> None:
    site.routes["/a"] = Reply(b"", 429, headers={"Retry-After": "7200"})
    pace, source = Pace(), list_source(tmp_path, site)
    with Client(source, clock=clock, pace=pace) as client:
        for words in ("asks to wait 7200 s", "not to be asked"):
            with pytest.raises(FetchError, match=words):
                client.get(f"{site.root}/a", limit=LIMIT)
    assert site.paths() == ["/a"]


@pytest.mark.parametrize("value", [None, "", "soon", "-1", "1e9", "99999999999"])
def test_retry_after_that_says_nothing(value: str | None, clock: Hasty) -> None:
    assert retry_after(value, clock.now()) is None


def test_waits_grow(tmp_path: Path, site: Site, clock: Hasty) -> None:
    site.routes["/a"] = Reply(b"", 500)
    with pytest.raises(FetchError):
        get(tmp_path, site, clock)
    assert [0.5 <= wait / (0.01 * 2**n) <= 1.5 for n, wait in enumerate(clock.waited)] == [True] * 3


def test_the_rate_per_host(tmp_path: Path, site: Site, clock: Hasty) -> None:
    site.routes |= {"/a": BODY, "/robots.txt": Reply(b"User-agent: *\nCrawl-delay: 5\n", type="text/plain")}
    with Client(list_source(tmp_path, site), clock=clock) as client:
        for _ in range(3):
            client.get(f"{site.root}/a", limit=LIMIT)
    assert [round(wait) for wait in clock.waited] == [5, 5, 5]


ROBOTS = [
    (Reply(b"User-agent: *\nDisallow: /a", type="text/plain"), "forbids it"),
    (Reply("\ufeffUser-agent: gongbao\nDisallow: /\n".encode(), type="text/plain"), "forbids it"),
    (Reply(b"", 500), "cannot be had"),
    (Reply(b"x" * 600_000, type="text/plain"), "cannot be had"),
    (Reply(b"", 404), None),
    (Reply(b"", 403), None),
    (Reply(b"User-agent: other\nDisallow: /", type="text/plain"), None),
    (Reply(BODY), None),
    (redirect("http://other.example/robots.txt"), None),
    (redirect("/robots.txt"), None),
]


@pytest.mark.parametrize(("robots", "words"), ROBOTS)
def test_robots(tmp_path: Path, site: Site, clock: Hasty, robots: Reply, words: str | None) -> None:
    site.routes |= {"/a": BODY, "/robots.txt": robots}
    if words is None:
        assert get(tmp_path, site, clock) == BODY
        return
    with pytest.raises(ForbiddenError, match=words):
        get(tmp_path, site, clock)
    assert site.paths() == []


def test_private_addresses_need_permission(tmp_path: Path, site: Site, clock: Hasty) -> None:
    source = list_source(tmp_path, site).model_copy(update={"private": False})
    with Client(source, clock=clock) as client, pytest.raises(ForbiddenError, match=r"not a public address.*private"):
        client.get(f"{site.root}/a", limit=LIMIT)
    assert site.asked == []


def test_every_address_of_a_host_is_checked(
    tmp_path: Path, site: Site, clock: Hasty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads to a public and to a forbidden address is not asked."""

    def found(_: str, port: int, **__: object) -> list[object]:
        return [(2, 1, 6, "", (address, port)) for address in ("93.184.215.14", "169.254.169.254")]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    source = list_source(tmp_path, site, top='hosts = ["yunhai.example"]')
    with Client(source, clock=clock) as client, pytest.raises(ForbiddenError, match=r"169\.254\.169\.254"):
        client.get("http://yunhai.example/a", limit=LIMIT)


def test_the_checked_address_is_the_one_connected_to(
    tmp_path: Path, site: Site, clock: Hasty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is not looked up a second time, when it may lead elsewhere."""
    real, answers = socket.getaddrinfo, iter(["127.0.0.1"] * 2)  # a connection for robots.txt, one for the page

    def found(host: str, port: int, *rest: object, **named: object) -> object:
        if host == "yunhai.example":
            return [(2, 1, 6, "", (next(answers), port))]
        return real(host, port, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    site.routes["/a"] = BODY
    source = list_source(tmp_path, site, top=f'hosts = ["yunhai.example:{site.port}"]')
    with Client(source, clock=clock) as client:
        assert client.get(f"http://yunhai.example:{site.port}/a", limit=LIMIT).content == BODY
    assert {headers["Host"] for _, headers in site.asked} == {f"yunhai.example:{site.port}"}


PUBLIC = [
    ("8.8.8.8", True, True),
    ("2606:4700::1111", True, True),
    ("127.0.0.1", False, True),
    ("10.1.2.3", False, True),
    ("192.168.0.1", False, True),
    ("fd00::1", False, True),
    ("::1", False, True),
    ("100.64.0.1", False, False),
    ("169.254.169.254", False, False),
    ("fe80::1", False, False),
    ("224.0.0.1", False, False),
    ("0.0.0.0", False, False),
    ("240.0.0.1", False, True),  # reserved: Python counts it as private
    ("::ffff:169.254.169.254", False, False),
    ("::ffff:10.0.0.1", False, True),
    ("64:ff9b::a9fe:a9fe", False, False),
    ("2002:7f00:1::", False, True),
]


@pytest.mark.parametrize(("address", "public", "with_permission"), PUBLIC)
def test_which_addresses_are_public(address: str, public: bool, with_permission: bool) -> None:
    parsed = network.ipaddress.ip_address(address)
    assert network.is_public(parsed) is public
    assert network.is_public(parsed, private=True) is with_permission


def test_login_goes_to_its_own_site_alone(
    tmp_path: Path, site: Site, clock: Hasty, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serve() as other:
        other.routes["/b"] = BODY
        site.routes["/a"] = redirect(f"{other.root}/b")
        top = f'numbered = "http://reader:hunter2@{site.host}/{{n}}"\nhosts = ["{other.host}"]'
        assert get(tmp_path, site, clock, top=top) == BODY
        assert all(headers["Authorization"].startswith("Basic ") for _, headers in site.asked)
        assert not any("Authorization" in headers for _, headers in other.asked)
    assert "hunter2" not in caplog.text and "cmVhZGVyOmh1bnRlcjI" not in caplog.text


def test_no_server(tmp_path: Path, clock: Hasty) -> None:
    with serve() as gone:
        pass
    with pytest.raises(ForbiddenError, match=r"robots\.txt .* cannot be had \(no connection"):
        get(tmp_path, gone, clock)
