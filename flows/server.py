"""Prefect's server, started for this process and gone with it, however it ends.

Prefect starts one itself where none is set, but that one outlives a process that is killed, and it schedules nothing.
Starting imports no Prefect, so that Prefect finds the address set when it is imported.
"""

from __future__ import annotations

import atexit
import logging
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.request import urlopen

from fetching.lock import held
from flows.environment import prefect_home

#: Set where the server is ours: all that use it run on this machine and share `prefect_home()`.
OURS = "GONGBAO_PREFECT_SERVER"
HOST = "127.0.0.1"
_GRACE = 5  # seconds between the request to end and the end
_LONGEST_START = "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"
_TAKEN = 3


class PortTakenError(RuntimeError):
    """The port is in use."""


class ServerError(RuntimeError):
    """The server does not start; the message is one line."""


def is_set() -> bool:
    """Whether Prefect has a server to use already: set by the user, or started by this process or its parent."""
    return bool(os.environ.get("PREFECT_API_URL"))


def is_ours() -> bool:
    """Whether everybody who uses the server runs on this machine and shares `prefect_home()`."""
    return not is_set() or os.environ.get(OURS) == os.environ["PREFECT_API_URL"]


def home() -> Path:
    """The folder of Prefect, made; ServerError where it cannot be written."""
    place = prefect_home()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return place
    except OSError as error:
        raise ServerError(f"{place}: cannot be written ({error.strerror or error}): set PREFECT_HOME") from None


def start(port: int = 0, *, schedules: bool = False, log: IO[bytes] | None = None) -> str:
    """Start a server, wait until it answers and make it Prefect's; its address.

    It ends with this process. Port 0 takes a free one. PortTakenError, or ServerError with the reason.
    """
    command = [sys.executable, "-m", "flows.server", str(port), "schedules" if schedules else "runs"]
    root = str(Path(__file__).parents[1])
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))}
    with held(home() / "server.lock"):  # two that make the database at once break each other
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log or subprocess.DEVNULL,
            env=env,
            start_new_session=True,  # Ctrl-C is for us; the server ends after us
        )
        atexit.register(_end, process)
        assert process.stdout is not None
        said = process.stdout.readline().decode().strip()
        if not said:
            raise PortTakenError if process.wait() == _TAKEN else ServerError("Prefect's server does not start")
        api = f"http://{HOST}:{said}/api"
        _wait(api, process)
    os.environ["PREFECT_API_URL"] = os.environ[OURS] = api
    return api


def _wait(api: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + float(os.environ.get(_LONGEST_START) or 120)
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise ServerError(f"Prefect's server ended with exit code {process.returncode}")
        with suppress(URLError, OSError), urlopen(f"{api}/health", timeout=10) as answer:  # noqa: S310
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise ServerError("Prefect's server does not answer: the machine is too busy, or its folder cannot be written")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Close its input, which asks it to end, and see that it does."""
    with suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()
    try:
        process.wait(_GRACE + 1)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main(port: int, *, schedules: bool) -> int:
    """The server itself: says its port, serves until its input ends."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        return _TAKEN
    number = listener.getsockname()[1]
    api = f"http://{HOST}:{number}/api"
    os.environ.pop("PREFECT_API_URL", None)
    os.environ |= {"PREFECT__SERVER_FINAL": "1", "PREFECT_UI_API_URL": api}
    if not schedules:
        os.environ |= {"PREFECT__SERVER_EPHEMERAL": "1", "PREFECT_UI_ENABLED": "0"}
    print(number, flush=True)
    sys.stdout = sys.stderr  # nobody reads further
    import uvicorn

    app = "prefect.server.api.server:create_app"
    config = uvicorn.Config(app, factory=True, log_level="error", lifespan="on", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)

    def end_with_parent() -> None:
        sys.stdin.buffer.read()  # until the parent closes it, by will or by dying
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # requests that are cut off now are no errors
        server.should_exit = True
        time.sleep(_GRACE)
        os._exit(0)

    threading.Thread(target=end_with_parent, daemon=True).start()
    server.run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), schedules=sys.argv[2] == "schedules"))
