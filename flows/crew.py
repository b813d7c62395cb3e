"""Who does the batches: processes of this machine, or a dask cluster. Batches come back in the order they were given.

A batch whose worker died is done again by itself, then in halves: what is left in the end is the file that no worker
survives.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from typing import Protocol, Self

from prefect.context import FlowRunContext
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.task_runners import ProcessPoolTaskRunner

from flows.batches import Batch, Prepared, UnfitWorkerError, end_with_parent, prepare_batch
from flows.report import FlowError

#: Batches given out or waiting for their turn to be published, for each worker.
_AHEAD = 3
#: Seconds to wait for a scheduler to answer.
PATIENCE = 20
Waiting = Callable[[], list[Prepared]]
_KILLED = "the process that handled it ended, alone with it too: it may need more memory than there is"


class Crew(Protocol):
    """What does batches. To be entered within a flow."""

    @property
    def size(self) -> int:
        """How many batches it does at a time."""

    def submit(self, batch: Batch) -> Waiting:
        """Give a batch out; call the result to wait for what came of it. It raises what the worker raised."""

    def died(self, error: Exception) -> bool:
        """Whether an error says that a worker died."""

    def recover(self) -> None:
        """Be ready for more after that, nothing being done."""


class Pool:
    """Processes of this machine."""

    def __init__(self, workers: int) -> None:
        self.size = workers
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(_server_of_the_flow())
        runner = ProcessPoolTaskRunner(max_workers=self.size, initializer=end_with_parent)
        self._runner = self._stack.enter_context(runner)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def submit(self, batch: Batch) -> Waiting:
        return self._runner.submit(prepare_batch, {"batch": batch}).result

    def died(self, error: Exception) -> bool:
        return isinstance(error, BrokenProcessPool)

    def recover(self) -> None:
        self.__exit__()  # a pool ends with the first of its processes that dies
        self.__enter__()


class Cluster:
    """The workers of a dask scheduler."""

    def __init__(self, address: str) -> None:
        from prefect_dask.task_runners import DaskTaskRunner

        self._stack = ExitStack()
        self._runner = DaskTaskRunner(address=address, client_kwargs={"timeout": PATIENCE})

    def __enter__(self) -> Self:
        self._stack.enter_context(_server_of_the_flow())
        self._stack.enter_context(self._runner)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def size(self) -> int:
        return max(1, sum(map(int, self._runner.client.nthreads().values())))

    def submit(self, batch: Batch) -> Waiting:
        waiting: Waiting = self._runner.submit(prepare_batch, {"batch": batch}).result
        return waiting

    def died(self, error: Exception) -> bool:
        from distributed import KilledWorker

        return isinstance(error, KilledWorker)

    def recover(self) -> None:
        """The cluster starts its workers anew by itself."""


def reached(address: str) -> Cluster:
    """The cluster of a scheduler that answers and has workers; FlowError where there is none, or no dask here."""
    try:
        from distributed import Client

        cluster = Cluster(address)
    except ImportError:
        raise FlowError('--dask needs the extra: pip install "gongbao[dask]"') from None
    try:
        with Client(address, timeout=PATIENCE, set_as_default=False) as client:
            if not client.nthreads():
                raise FlowError(f"the dask scheduler at {address} has no workers: start some")
    except (OSError, ValueError, ImportError) as error:
        why = " ".join(str(error).split())[:200]
        raise FlowError(f"no dask scheduler at {address} ({why}): check the address") from error
    return cluster


@contextmanager
def _server_of_the_flow() -> Iterator[None]:
    """Workers report to the server that the flow has: each would start one of its own."""
    context = FlowRunContext.get()
    if context is None:
        raise RuntimeError("a crew works within a flow")
    with temporary_settings({PREFECT_API_URL: str(context.client.api_url)}):
        yield


def done(crew: Crew, batches: Iterable[Batch]) -> Iterator[tuple[Batch, list[Prepared]]]:
    """What came of each batch, or part of one, in order; a few batches for each worker are given out at a time.

    FlowError where there is nobody to do them.
    """
    waiting: deque[tuple[Batch, Waiting]] = deque()
    left = iter(batches)
    while True:
        while len(waiting) < _AHEAD * crew.size and (batch := next(left, None)):
            waiting.append((batch, crew.submit(batch)))
        if not waiting:
            return
        batch, wait = waiting.popleft()
        error, made = _waited(wait)
        if error is None:
            yield batch, made
            continue
        lost = [_is_lost(crew, each) for _, each in waiting]  # the others come to an end first
        _recover(crew, error)
        yield from _by_itself(crew, batch)
        waiting = deque((b, crew.submit(b) if gone else w) for (b, w), gone in zip(waiting, lost, strict=True))


def _waited(wait: Waiting) -> tuple[Exception | None, list[Prepared]]:
    try:
        return None, wait()
    except Exception as error:
        return error, []


def _is_lost(crew: Crew, wait: Waiting) -> bool:
    error, _ = _waited(wait)
    return error is not None and crew.died(error)


def _recover(crew: Crew, error: Exception) -> None:
    """No file is to blame for an error that is not the end of a worker: batches answer for all that a file can do."""
    if isinstance(error, CancelledError):
        raise FlowError("the dask scheduler is gone, what was published stays: start it and run again") from error
    if not crew.died(error):
        words = " ".join(str(error).split())[:300]
        raise FlowError(words if isinstance(error, UnfitWorkerError) else f"{type(error).__name__}: {words}") from error
    crew.recover()


def _by_itself(crew: Crew, batch: Batch) -> Iterator[tuple[Batch, list[Prepared]]]:
    """A batch that failed, while nothing else is being done whose fault it could be."""
    error, made = _waited(crew.submit(batch))
    if error is None:
        yield batch, made
        return
    _recover(crew, error)
    if len(batch.files) == 1:
        yield batch, [Prepared(None, reason=_KILLED)]
        return
    for half in batch.halves():
        yield from _by_itself(crew, half)
