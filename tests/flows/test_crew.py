"""Batches and who does them: order, bounds, and workers that die."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from flows.apart import Allowance
from flows.batches import BYTES, FILES, Batch, Prepared, UnfitWorkerError, _refuse_unfit, batches
from flows.crew import done
from flows.inbox import Received
from flows.report import FlowError


class DeathError(Exception):
    """What an engine raises when a worker dies."""


class Crew:
    """Workers that die of files called `deadly`, and with them whoever else is at work."""

    def __init__(self, size: int = 2) -> None:
        self.size = size
        self.given: list[list[str]] = []
        self.running: list[Batch] = []
        self.deaths = self.recovered = 0
        self.dead: set[int] = set()

    def submit(self, batch: Batch) -> Callable[[], list[Prepared]]:
        self.given.append([r.path.name for r in batch.files])
        self.running.append(batch)
        run = len(self.given)
        if any(name.startswith("deadly") for name in self.given[-1]):
            self.deaths += 1
            self.dead |= set(range(run - self.size, run + self.size + 1))
        return lambda: self._result(batch, run)

    def _result(self, batch: Batch, run: int) -> list[Prepared]:
        if run in self.dead:
            raise DeathError
        if any(r.path.name == "unfit" for r in batch.files):
            raise UnfitWorkerError("a worker does not see it")
        if any(r.path.name == "odd" for r in batch.files):
            raise TypeError("cannot be sent")
        return [Prepared(None, reason=f"of {r.path.name}") for r in batch.files]

    def died(self, error: Exception) -> bool:
        return isinstance(error, DeathError)

    def recover(self) -> None:
        self.recovered += 1
        self.dead = set()


def files(*names: str) -> list[Received]:
    return [Received(Path(name), name) for name in names]


def made(crew: Crew, names: list[str], workers: int = 2) -> list[tuple[str, str | None]]:
    given = batches(files(*names), Path("staging"), Allowance(), workers)
    return [
        (received.path.name, each.reason)
        for batch, prepared in done(crew, given)
        for received, each in zip(batch.files, prepared, strict=True)
    ]


@pytest.mark.parametrize("deadly", [(), (0,), (7,), (19,), (3, 4), (0, 10, 19)])
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_each_file_once_and_in_order(deadly: tuple[int, ...], workers: int) -> None:
    """A death costs the file that it came of, and no other."""
    names = [f"deadly{n}" if n in deadly else f"file{n}" for n in range(20)]
    crew = Crew(workers)
    found = made(crew, names, workers)
    assert [name for name, _ in found] == names
    for name, reason in found:
        assert ("ended" in str(reason)) == name.startswith("deadly"), name
    assert (crew.recovered > 0) == bool(deadly) and crew.recovered <= crew.deaths


def test_no_file_is_blamed_for_the_engine() -> None:
    """What cannot be sent, or a worker that does not see the files, ends the run: it would refuse everything."""
    with pytest.raises(FlowError, match=r"^a worker does not see it$"):
        made(Crew(), ["a", "unfit", "b"])
    with pytest.raises(FlowError, match=r"^TypeError: cannot be sent$"):
        made(Crew(), ["a", "odd", "b"])


def test_only_a_few_are_given_out() -> None:
    crew, names = Crew(2), [f"file{n}" for n in range(1000)]
    results = done(crew, batches(files(*names), Path("staging"), Allowance(), 2))
    next(results)
    assert len(crew.given) == 6


def test_batches(tmp_path: Path) -> None:
    names = [f"file{n}" for n in range(1000)]
    found = list(batches(files(*names), tmp_path, Allowance(), 2))
    assert [r.path.name for batch in found for r in batch.files] == names
    assert {len(batch.files) for batch in found[:-1]} == {FILES}
    assert [batch.number for batch in found[:3]] == [1, 1 + FILES, 1 + 2 * FILES]
    assert [len(b.files) for b in batches(files(*names[:5]), tmp_path, Allowance(), 2)] == [1] * 5
    assert list(batches([], tmp_path, Allowance(), 2)) == []
    one, two = found[1].halves()
    assert one.files + two.files == found[1].files and two.folder_of(0) == found[1].folder_of(FILES // 2)


def test_batches_of_large_files(tmp_path: Path) -> None:
    for n in range(40):
        (tmp_path / f"{n:02}").write_bytes(b"x" * (BYTES // 4 if n % 20 else 2 * BYTES))
    given = [Received(p, p.name) for p in sorted(tmp_path.iterdir())]
    sizes = [sum(r.path.stat().st_size for r in b.files) for b in batches(given, tmp_path / "s", Allowance(), 1)]
    assert sum(sizes) == sum(r.path.stat().st_size for r in given)
    assert [s for s in sizes if s > BYTES] == [2 * BYTES, 2 * BYTES]


def test_workers_elsewhere(tmp_path: Path) -> None:
    """A worker with another version, or without the folders, says so in place of refusing the files."""
    (tmp_path / "in").mkdir()
    received = Received(tmp_path / "in" / "a.md", "a")
    _refuse_unfit(Batch(1, (received,), tmp_path, Allowance()))
    with pytest.raises(UnfitWorkerError, match=r"a worker has gongbao .*, this is 0\.0: install the same"):
        _refuse_unfit(Batch(1, (received,), tmp_path, Allowance(), version="0.0"))
    with pytest.raises(UnfitWorkerError, match=r"does not see .*nowhere"):
        _refuse_unfit(Batch(1, (received,), tmp_path / "nowhere", Allowance()))
    with pytest.raises(UnfitWorkerError, match="does not see"):
        _refuse_unfit(Batch(1, (Received(tmp_path / "no" / "a.md", "a"),), tmp_path, Allowance()))
