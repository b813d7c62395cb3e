"""The watch as a process: two at once, and killed at any point; the data are those of a run that nobody disturbed."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import watches
from site_on_loopback import Handler, Reply, Site, serve

from pipeline.verify import verify

WORDS = [f"id=990100-2025-{month:02}" for month in range(1, 4)]
TIMEOUT = 600


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One Prefect for all: its database is made once."""
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve() as running:
        watches.put(running, "yunhai", *WORDS)
        yield running


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, home: Path, site: Site) -> dict[str, bytes]:
    folder = place(tmp_path_factory.mktemp("undisturbed"), site)
    done = finish(watches.start(folder, home, "watch"))
    assert done == "yunhai: 新 new 3 · 已发布 published 3\n已发布 published: 3 期 issues · 6 项任务 tasks\n"
    return watches.published_bytes(folder / "curated")


def place(folder: Path, site: Site) -> Path:
    watches.source(folder / "sources", "yunhai", f"{site.root}/yunhai")
    return folder


def finish(process: subprocess.Popen[str], code: int = 0) -> str:
    out, err = process.communicate(timeout=TIMEOUT)
    assert process.returncode == code, err
    assert "Traceback" not in err
    return out


def servers(home: Path) -> list[int]:
    """Processes of servers that use this folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            ours = b"flows.server" in (path / "cmdline").read_bytes()
            if ours and f"PREFECT_HOME={home}".encode() in (path / "environ").read_bytes().split(b"\0"):
                found.append(int(path.name))
        except OSError:
            continue
    return found


def test_two_at_once(undisturbed: dict[str, bytes], tmp_path: Path, home: Path, site: Site) -> None:
    folder = place(tmp_path, site)
    both = [watches.start(folder, home, "watch") for _ in range(2)]
    for process in both:
        finish(process)
    assert sorted(watches.publications(folder / "curated")) == [word.removeprefix("id=") for word in WORDS]
    assert watches.published_bytes(folder / "curated") == undisturbed
    assert verify(folder / "curated").kind is None


def kill_while_fetching(folder: Path, home: Path, site: Site) -> None:
    """While the third page comes, of which only the first bytes are there."""
    path, asked = "/yunhai/3.html", threading.Event()
    whole = site.routes[path]

    def slow(handler: Handler) -> Reply | None:
        asked.set()
        time.sleep(60)
        return None

    site.routes[path] = slow
    try:
        process = watches.start(folder, home, "watch")
        assert asked.wait(TIMEOUT)
        process.kill()
        process.communicate()
    finally:
        site.routes[path] = whole


def kill_when_told(words: str, folder: Path, home: Path) -> None:
    """As soon as a line of its log says so."""
    process = watches.start(folder, home, "watch", "--debug")
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if words in line:
            break
    process.kill()
    assert words in lines[-1], "".join(lines)
    process.communicate()


def test_killed_again_and_again(undisturbed: dict[str, bytes], tmp_path: Path, home: Path, site: Site) -> None:
    folder = place(tmp_path, site)
    kill_while_fetching(folder, home, site)
    for told in ("Task run 'parse", "Task run 'publish"):
        kill_when_told(told, folder, home)
    finish(watches.start(folder, home, "watch"))
    assert watches.published_bytes(folder / "curated") == undisturbed
    assert verify(folder / "curated").kind is None
    ends = time.monotonic() + 60
    while servers(home) and time.monotonic() < ends:
        time.sleep(0.2)
    assert servers(home) == [], "the server of a run that was killed has ended with it"


def test_wrong_usage(tmp_path: Path, home: Path, site: Site) -> None:
    (tmp_path / "sources").mkdir()
    process = watches.start(tmp_path, home, "watch")
    assert "gongbao source new NAME" in process.communicate(timeout=TIMEOUT)[1] and process.returncode == 2
    process = watches.start(tmp_path, home, "watch", "none")
    assert "no such file" in process.communicate(timeout=TIMEOUT)[1] and process.returncode == 2
