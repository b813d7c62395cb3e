"""What fetching can fail with. Messages are one line and hold no credentials."""

from __future__ import annotations


class SourceError(ValueError):
    """A source file that cannot be used; one line for each fault."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class FetchError(Exception):
    """An address that could not be fetched: why, and the status where the server gave one."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        self.status = status
        super().__init__(reason)


class TransientError(FetchError):
    """A failure that may pass: tried again, after `wait` seconds where the server names them."""

    def __init__(self, reason: str, status: int | None = None, wait: float | None = None) -> None:
        self.wait = wait
        super().__init__(reason, status)


class ForbiddenError(FetchError):
    """An address that must not be asked: host not allowed, private address, robots.txt."""


class OverError(FetchError):
    """The time of the run is over; what is left comes with the next one."""
