"""Settings that Prefect and Great Expectations read when they are imported.

All are defaults: what the user's environment sets stands.
"""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

#: Whoever sets one of these runs Prefect in a way of their own.
_OWN_PREFECT = ("PREFECT_HOME", "PREFECT_PROFILES_PATH", "PREFECT_PROFILE", "PREFECT_API_URL")

_DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    # On a busy machine its workers report each event that they could not hand over, past `hush`.
    "PREFECT_INTERNAL_LOGGING_LEVEL": "CRITICAL",
    # The server needs ten seconds on a machine with nothing else to do, and twenty are Prefect's limit.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    # Slots of somebody who died are given back also after the server was started again: in memory it would forget them.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
}


def apply_defaults() -> None:
    """Set what is not set. Must run before Prefect is imported."""
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    if not any(os.environ.get(name) for name in _OWN_PREFECT):
        os.environ["PREFECT_HOME"] = str(_home())


def _home() -> Path:
    """A folder that can be written: Prefect makes none, and without one its server tries to start for minutes."""
    home = cache_folder() / "prefect"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            return home
    except OSError:
        return Path(tempfile.mkdtemp(prefix="gongbao-prefect-"))


def prefect_home() -> Path:
    """Where Prefect keeps its database, and we the locks of whoever shares it."""
    return Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect").expanduser()


def cache_folder() -> Path:
    """Where run history may stand: it is for looking at, `curated/runs.jsonl` is the record."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "gongbao"


def hush() -> None:
    """Keep Prefect off the terminal from now on; its own record of the run is whole all the same.

    Errors too: each is an outcome of the report that the caller prints in one line. The
    level is not put back, for Prefect still speaks when it stops its server at exit.
    """
    from prefect.logging.handlers import PrefectConsoleHandler

    for logger in (logging.getLogger(), *map(logging.getLogger, list(logging.root.manager.loggerDict))):
        for handler in logger.handlers:
            if isinstance(handler, PrefectConsoleHandler):
                handler.setLevel(logging.CRITICAL)
