"""Places of every kind do the same: files whole, sets of files whole, one writer at a time."""

from __future__ import annotations

import pickle
import secrets
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.storage import Place, PlaceError, View, is_remote, location, place, shown, steadily
from pipeline.storage import claims as claiming
from pipeline.storage.remote import RemotePlace

A, B, MANIFEST = "tasks/province=41/year=2024/a.parquet", "tasks/province=41/year=2025/a.parquet", "manifest/a.json"


@pytest.fixture(params=["folder", "memory", "s3"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        return place(tmp_path / "curated")
    if request.param == "memory":
        return place(f"memory://{secrets.token_hex(4)}/curated")
    return place(request.getfixturevalue("s3"))


def everything(root: Place) -> dict[str, bytes]:
    names = (n for n in root.names("") if not n.startswith(".publishing/"))
    return {name: root.read(name) for name in names}


def test_files(root: Place) -> None:
    assert root.names("") == [] and not root.exists("a")
    root.write("a/b.txt", b"1")
    root.write("a/b.txt", b"22")
    root.write("c.txt", b"")
    assert (root.names(""), root.names("a"), root.names("none")) == (["a/b.txt", "c.txt"], ["a/b.txt"], [])
    assert (root.read("a/b.txt"), root.read("c.txt"), root.exists("a"), root.exists("a/b.txt")) == (b"22", b"", 1, 1)
    root.delete("a/b.txt")
    root.delete("a/b.txt")
    with pytest.raises(FileNotFoundError):
        root.read("a/b.txt")


def test_a_set_is_replaced(root: Place) -> None:
    with root.locked():
        root.replace("a", {A: b"1", MANIFEST: b"{}"})
        root.append("runs.jsonl", "one")
    first = root.generation()
    with root.locked():
        root.replace("a", {B: b"2", MANIFEST: b"[]"}, [A])
        root.append("runs.jsonl", "two")
    assert everything(root) == {B: b"2", MANIFEST: b"[]", "runs.jsonl": b"one\ntwo\n"}
    assert root.generation() != first, "what was there has changed"
    assert root.pending() == {}
    left = [n for n in root.names(".publishing") if not n.endswith(("lock", "generation"))]
    assert left == []


def test_one_writer_at_a_time(root: Place) -> None:
    inside: list[int] = []

    def work() -> None:
        with place(root if root.path else pickle.loads(pickle.dumps(root))).locked():
            inside.append(1)
            assert len(inside) == 1
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with root.locked(), pytest.raises(BlockingIOError), root.locked(wait=False):
        pass
    assert not [n for n in root.names(".publishing") if "claims" in n]


class _Dead(BaseException):
    """In the place of the death of the process."""


@pytest.mark.parametrize("step", range(16))
def test_a_set_is_whole_whenever_the_writer_dies(root: Place, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """A reader sees before or after at each step, also one that cannot finish what was begun; the next writer does."""
    if root.path is not None:
        pytest.skip("a folder on disk: tests/reliability")
    before, after = {A: b"1", MANIFEST: b"{}"}, {B: b"2", MANIFEST: b"[]"}
    with root.locked():
        root.replace("a", before)
    seen: list[dict[str, bytes]] = []

    def look() -> dict[str, bytes]:
        view = View(root)
        return {n: view.read(n) for names in view.names("tasks", "manifest") for n in names}

    count, dead = 0, False

    def counted(function: object) -> object:
        def wrapped(self: RemotePlace, *arguments: object) -> object:
            nonlocal count, dead
            if dead or count == step:
                dead = True
                raise _Dead
            count += 1
            seen.append(look())
            return function(self, *arguments)  # type: ignore[operator]

        return wrapped

    with root.locked(), monkeypatch.context() as patched, suppress(_Dead):
        patched.setattr(RemotePlace, "width", 1)
        for name in ("write", "delete", "_copy"):
            patched.setattr(RemotePlace, name, counted(getattr(RemotePlace, name)))
        root.replace("a", after, [A])
    seen.append(look())
    assert all(each in (before, after) for each in seen)
    assert seen == sorted(seen, key=lambda each: each == after), "once after, never before again"
    root.recover()
    assert everything(root) == seen[-1]
    assert root.pending() == {}
    assert not [n for n in root.names(".publishing") if not n.endswith("generation")]


def test_a_reader_begins_again_when_files_are_replaced(root: Place) -> None:
    with root.locked():
        root.replace("a", {A: b"1", MANIFEST: b"{}"})
    attempts = 0

    def work(view: View) -> bytes:
        nonlocal attempts
        attempts += 1
        content = view.read(A)
        if attempts == 1:
            with root.locked():
                root.replace("a", {A: b"2", MANIFEST: b"{}"})
        return content + view.read(A)

    assert steadily(root, work) == b"22"
    assert attempts == 2


def test_a_claim_of_a_dead_process_is_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    root = place(f"memory://{secrets.token_hex(4)}/curated")
    dead = claiming._owner(0).replace(b'"pid": ', b'"pid": 9999')
    root.write(f"{claiming.CLAIMS}000000000001-dead", dead)
    root.write(f"{claiming.CLAIMS}choosing-dead", dead)
    with root.locked(wait=False):
        pass
    assert root.names(".publishing") == []


def test_a_claim_of_another_machine_is_taken_away_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    root = place(f"memory://{secrets.token_hex(4)}/curated")
    root.write(f"{claiming.CLAIMS}000000000001-far", b'{"host": "elsewhere"}')
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 20
        return now

    monkeypatch.setattr(claiming, "clock", clock)
    monkeypatch.setattr(claiming.time, "sleep", lambda _: None)
    with root.locked():
        assert len(root.names(".publishing")) == 1


def test_a_writer_that_lost_its_turn_publishes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    root = place(f"memory://{secrets.token_hex(4)}/curated")
    with pytest.raises(PlaceError, match="stood still too long"), root.locked():
        for name in root.names(".publishing"):
            root.delete(name)
        monkeypatch.setattr(claiming, "_RENEW", -1.0)
        root.replace("a", {A: b"1", MANIFEST: b"{}"})
    assert View(root).names("tasks", "manifest") == [[], []]


def test_names_of_places(tmp_path: Path) -> None:
    assert place(tmp_path).path == tmp_path == place(str(tmp_path)).path == place(f"file://{tmp_path}").path
    assert location("c:/data") == Path("c:/data"), "a drive is no scheme"
    assert not is_remote(tmp_path) and is_remote("s3://b/p") and is_remote(place("memory://b/p"))
    with pytest.raises(PlaceError, match="no path"):
        place("s3://")
    with pytest.raises(PlaceError, match="no usable address"):
        place("nothing-known://b/p")


def test_no_secret_is_shown(s3: str) -> None:
    root = place("s3://name:hidden@no-such-bucket/x?region=us-east-1")
    assert isinstance(root, RemotePlace)
    with pytest.raises(OSError) as caught:
        root.write("a", b"1")
    parent, name = root.parent()
    for text in (str(root), repr(root), shown(root), str(parent), str(caught.value)):
        assert "hidden" not in text and "name:" not in text
    assert (str(root), name) == ("s3://***@no-such-bucket/x", "x")
    with pytest.raises(TypeError):
        vars(root)  # Prefect stores what it finds there
