"""Why a file is not published, in one line that says what to do."""

from __future__ import annotations

from fetching.lock import BusyError
from flows import apart


class RefusedError(ValueError):
    """A file or an issue that is not published; the message is one line that says why."""


def is_of_the_file(error: Exception) -> bool:
    """Whether the file is to blame, and not Prefect's server, the disk or another run: only that is worth a record."""
    return isinstance(error, (RefusedError, apart.FaultError))


def one_line(error: Exception, name: str) -> str:
    """Why a file was refused, without its name."""
    message = flat(error)
    if isinstance(error, BusyError):
        return f"{message}: the next run takes it"
    if isinstance(error, RefusedError):
        return message.removeprefix(f"{name}: ")
    if isinstance(error, apart.FaultError):
        return f"a fault of gongbao, {message[:200]}: run with --debug and report it"
    if isinstance(error, OSError):
        return f"could not be published, the earlier version stands ({message}): check the disk and try again"
    return f"a fault of gongbao, {type(error).__name__}: {message[:200]}: run with --debug and report it"


def flat(error: Exception) -> str:
    """The message on one line."""
    return " ".join(str(error).split())
