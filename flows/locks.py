"""One run at a time for an issue: a concurrency limit of Prefect, which holds between machines that share a server.

A slot has a lease of a minute that its holder renews: whoever dies gives it back. Where the server is our own, all its
users run on this machine, and a lock of the kernel stands before the slot: it ends with its holder at once, and whoever
has it knows that a slot still taken is of a dead one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate, GlobalConcurrencyLimitUpdate
from prefect.concurrency.sync import concurrency
from prefect.exceptions import ObjectAlreadyExists, PrefectHTTPStatusError

from fetching.lock import BusyError, held
from flows import server
from flows.environment import prefect_home
from pipeline.storage import Location, shown

#: Seconds; the shortest that Prefect allows.
_LEASE = 60
#: Seconds a run waits for another one: longer than a file may take.
PATIENCE = 3600.0
#: Issues share this many limits: Prefect keeps a thread for each that a process has used, and never forgets one itself.
_LIMITS = 32


def name_of(curated: Location, issue_id: str) -> str:
    """The name of the limit of an issue of a dataset; others may have the same."""
    dataset, number = _digest(shown(curated))[:8], int(_digest(issue_id), 16) % _LIMITS
    return f"gongbao-{dataset}-issue-{number:02}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@contextmanager
def file_alone(curated: Location, path: Path) -> Iterator[bool]:
    """Nobody else on this machine ingests the file into this dataset; whether that had to be waited for."""
    with held(_folder() / f"file-{_digest(f'{shown(curated)}|{path.resolve()}')[:24]}.lock", PATIENCE) as waited:
        yield waited


@contextmanager
def issue_alone(curated: Location, issue_id: str, patience: float = PATIENCE) -> Iterator[None]:
    """Nobody else publishes the issue.

    BusyError after `patience` seconds; ConcurrencySlotAcquisitionError of Prefect where its server is gone.
    """
    name, taken = name_of(curated, issue_id), False
    with held(_folder() / f"{name}.lock", patience):
        _make(name)
        try:
            # A lease that cannot be renewed is no reason to end: publishing itself is whole with or without it.
            with concurrency(
                name, timeout_seconds=patience, lease_duration=_LEASE, strict=True, raise_on_lease_renewal_failure=False
            ):
                taken = True
                yield
        except TimeoutError:
            if taken:
                raise
            raise BusyError(f"another run has it, and had it for {patience:.0f} s") from None


def _folder() -> Path:
    return prefect_home() / "locks"


def _make(name: str) -> None:
    """See that the limit is there, and free where those who could have its slot are known to be dead."""
    with get_client(sync_client=True) as client:
        try:
            client.create_global_concurrency_limit(GlobalConcurrencyLimitCreate(name=name, limit=1))
        except (ObjectAlreadyExists, PrefectHTTPStatusError) as error:
            if isinstance(error, PrefectHTTPStatusError) and error.response.status_code != 409:
                raise
            if server.is_ours() and client.read_global_concurrency_limit_by_name(name).active_slots:
                client.update_global_concurrency_limit(name, GlobalConcurrencyLimitUpdate(active_slots=0))
