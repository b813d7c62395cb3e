"""A lock that ends with its process; two runs at one source."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from site_on_loopback import Handler, Hasty, Reply, Site, list_page, list_source

from fetching.fetch import fetch
from fetching.lock import BusyError, held

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from fetching.lock import held
with held(Path(sys.argv[1])):
    print(1, flush=True)
    input()
"""


def test_nobody_else_has_it(tmp_path: Path) -> None:
    path = tmp_path / "locks" / "a.lock"
    with held(path, 0) as waited:
        assert not waited and path.exists()
        with pytest.raises(BusyError), held(path, 0):
            raise AssertionError
        with held(tmp_path / "b.lock", 0):
            pass
    assert not path.exists()
    with held(path, 0) as waited:
        assert not waited


def test_it_ends_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    other = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout is not None and other.stdout.readline()
    with pytest.raises(BusyError), held(path, 0):
        raise AssertionError
    other.kill()
    other.wait()
    with held(path, 60):
        assert path.exists()
    other.communicate()


def test_many_who_wait_come_one_after_the_other(tmp_path: Path) -> None:
    inside, most = [0], [0]

    def come() -> None:
        with held(tmp_path / "a.lock", 60):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            threading.Event().wait(0.02)
            inside[0] -= 1

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (inside, most) == ([0], [1])


def test_two_runs_at_one_source(tmp_path: Path, site: Site, clock: Hasty) -> None:
    """The second waits for the first and finds nothing new; one that may not wait says so."""
    asked, may_go = threading.Event(), threading.Event()

    def slow(_: Handler) -> Reply:
        asked.set()
        may_go.wait(60)
        return Reply(b"<html><body>x</body></html>")

    site.routes |= {"/list": list_page("/1"), "/1": slow}
    source = list_source(tmp_path, site)
    found: dict[str, list[str]] = {}

    def run(name: str) -> None:
        found[name] = [o.status for o in fetch(source, tmp_path / "raw", clock=Hasty())]

    first, second = (threading.Thread(target=run, args=(name,)) for name in ("first", "second"))
    first.start()
    assert asked.wait(60)
    impatient = list_source(tmp_path, site, limits="run_seconds = 0.1")
    (outcome,) = fetch(impatient, tmp_path / "raw", clock=clock)
    assert outcome.status == "failed" and "another run is fetching this source" in str(outcome.reason)
    second.start()
    may_go.set()
    first.join(60)
    second.join(60)
    assert found == {"first": ["new"], "second": ["unchanged"]}
