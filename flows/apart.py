"""Files parsed in a process of their own, which is ended when a file takes too long.

One process serves file after file, for it needs seconds to start; after a file that
it did not survive the next gets a new one.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pipeline
from pipeline.corrections import FOLDER
from pipeline.read import limits

#: What is started; the memory limit in megabytes is added.
COMMAND = (sys.executable, "-m", "pipeline.worker")
_GRACE = 3  # seconds between the request to end and the end


class UnreadableError(ValueError):
    """A file that could not be parsed; the message is one line that says why and what to do."""


class FaultError(RuntimeError):
    """A fault of the program, which a file brought out."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one file may take."""

    seconds: float = limits.SECONDS
    megabytes: int = limits.MEMORY_BYTES // (1024 * 1024)


class _GoneError(Exception):
    """The process ended before it answered."""


class _Worker:
    """A process that parses files, one at a time."""

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        self.used = False
        root = str(Path(pipeline.__file__).parents[1])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        self.process = subprocess.Popen(  # noqa: S603
            [*COMMAND, str(megabytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
        self._receive()

    def ask(self, request: dict[str, str], seconds: float) -> dict[str, Any]:
        """The answer to a request; UnreadableError where it takes longer, _GoneError where none comes."""
        assert self.process.stdin is not None
        late = threading.Event()

        def stop() -> None:
            late.set()
            self.end()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            self.used = True
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
            return self._receive()
        except (OSError, _GoneError):
            if late.is_set():
                raise UnreadableError(
                    f"took more than {seconds:g} s: split it and pass the parts, or allow more with --seconds"
                ) from None
            raise _GoneError from None
        finally:
            timer.cancel()

    def _receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.endswith(b"\n"):
            raise _GoneError
        return dict(json.loads(line))

    def end(self) -> None:
        """End the process: it is asked first, so that it ends what it has started itself."""
        self.process.terminate()
        try:
            self.process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
        if sys.platform != "win32":
            with suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> int:
        """End the process and its pipes; its exit code."""
        if self.process.poll() is None:
            self.end()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        return self.process.wait()


_worker: _Worker | None = None
_lock = threading.Lock()


def stage(path: Path, folder: Path, allowance: Allowance, corrections: Path = FOLDER) -> dict[str, Any]:
    """Parse a file and stage it in `folder`; `issue_id`, `region_code` and `year` of what it is.

    `corrections` is their folder; `notes` have a line for each that has no effect.
    UnreadableError for what cannot be read, takes too long or too much; FaultError for a fault of the program.
    """
    request = {"path": path, "folder": folder, "corrections": corrections}
    with _lock:
        answer = _asked({name: str(each.absolute()) for name, each in request.items()}, allowance)
    if "refused" in answer:
        raise UnreadableError(answer["refused"])
    if "fault" in answer:
        error = FaultError(answer["fault"])
        error.add_note(answer["traceback"])
        raise error
    return answer


def _asked(request: dict[str, str], allowance: Allowance) -> dict[str, Any]:
    """The answer; a process that served other files before is not blamed on this one: it gets a second, new one."""
    while True:
        worker = _current(allowance)
        was_used = worker.used
        try:
            answer = worker.ask(request, allowance.seconds)
        except UnreadableError:
            _close()
            raise
        except _GoneError:
            code = _close()
            if not was_used:
                raise UnreadableError(_why(code)) from None
            continue
        if not (was_used and "memory" in answer):
            return answer
        _close()


def _why(code: int) -> str:
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return f"the process that read it ended ({how}): it may need more memory than there is; save it in another format"


def _current(allowance: Allowance) -> _Worker:
    global _worker
    if _worker is not None and (_worker.megabytes != allowance.megabytes or _worker.process.poll() is not None):
        _close()
    if _worker is None:
        try:
            _worker = _Worker(allowance.megabytes)
        except _GoneError:
            raise FaultError("the process that reads files does not start: run gongbao parse FILE to see why") from None
    return _worker


def _close() -> int:
    global _worker
    code = _worker.close() if _worker is not None else 0
    _worker = None
    return code


def close() -> None:
    """End the process, if one runs."""
    with _lock:
        _close()


def kill() -> None:
    """End the process at once, whatever it does: for a process that ends itself."""
    if _worker is not None:
        _worker.process.kill()
