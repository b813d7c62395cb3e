"""serve: the schedules, for as long as it runs."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import IO, Any

from pipeline.cli.arguments import Commands, absolute, add_curated, add_sources, as_port, command
from pipeline.cli.errors import InputError, UsageError
from pipeline.storage import Location
from pipeline.terminal import wrapped

_PORT = 4200  # Prefect's own
_LARGEST = 20 * 1024 * 1024  # bytes of the log, before a new one is begun at start


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `serve`."""
    words = "按时取回、发布、核验，无人值守 watch and verify on schedule, unattended"
    made = command(commands, common, "serve", words)
    raw = "存放原件的文件夹 where originals are kept (default: raw)"
    made.add_argument("--raw", type=Path, default=Path("raw"), metavar="DIR", help=raw)
    add_curated(made)
    add_sources(made)
    port = f"本机端口 port on this machine (default: {_PORT})"
    made.add_argument("--port", type=as_port, default=_PORT, metavar="N", help=port)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from fetching.lock import BusyError, held
    from flows import server
    from flows.environment import prefect_home
    from flows.report import FlowError

    folders = {name: absolute(getattr(arguments, name)) for name in ("sources", "raw", "curated")}
    if not arguments.sources.is_dir():
        raise UsageError(f"{arguments.sources}: 没有此文件夹 no such folder, make a source: gongbao source new NAME")
    log = prefect_home() / "serve.log"
    try:
        with held(server.home() / "serve.lock", 0), _opened(log) as out:
            ours = not server.is_set()
            print("启动服务 starting …", file=sys.stderr, flush=True)
            if ours:
                server.start(arguments.port, schedules=True, log=out)
            return _serve(folders, log, out, ours=ours, debug=arguments.debug)
    except server.PortTakenError:
        advice = "另选一个 take another one: --port N"
        raise UsageError(f"端口 {arguments.port} 已被占用 port is taken: {advice}") from None
    except (server.ServerError, FlowError) as error:
        raise InputError(f"无法启动 cannot start: {error} (日志 log: {log})") from None
    except BusyError:
        raise UsageError(f"已有服务在运行 gongbao serve is running already (PREFECT_HOME {prefect_home()})") from None


def _opened(log: Path) -> IO[bytes]:
    """The log, opened to go on; a large one is put aside first."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > _LARGEST:
            log.replace(log.with_suffix(".log.1"))
        return log.open("ab")
    except OSError as error:
        raise InputError(f"{log}: 无法写入 cannot be written: {error.strerror or error}") from None


def _serve(folders: dict[str, Location], log: Path, out: IO[bytes], *, ours: bool, debug: bool) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # also while it starts
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding=sys.stdout.encoding) as terminal:

        def say(lines: list[str]) -> None:
            with suppress(OSError):  # whoever listened has gone; we have not
                for line in wrapped(lines, terminal):
                    print(line, file=terminal, flush=True)

        with suppress(KeyboardInterrupt, SystemExit), nullcontext() if debug else _to(out):
            from flows import serve

            serve.serve(**folders, ours=ours, ready=_ready(serve, folders, log, say))
        say(["已停止 stopped"])
    return 0


@contextmanager
def _to(out: IO[bytes]) -> Iterator[None]:
    """All that Prefect and the runs print goes to a file while the block runs."""
    streams = (sys.stdout, sys.stderr)
    kept = [os.dup(stream.fileno()) for stream in streams]
    for stream in streams:
        stream.flush()
        os.dup2(out.fileno(), stream.fileno())
    try:
        yield
    finally:
        for stream, number in zip(streams, kept, strict=True):
            stream.flush()
            os.dup2(number, stream.fileno())
            os.close(number)


def _ready(serve: Any, folders: dict[str, Location], log: Path, say: Callable[[list[str]], None]) -> Any:
    def ready(told: list[str]) -> None:
        lines = [*told, "计划 schedule"]
        for each in serve.served():
            moment = serve.next_time(each)
            when = f"下次 next {moment:%Y-%m-%d %H:%M} 北京时间" if moment else "手动 by hand"
            lines.append(f"  {each.name}: {when} · {each.words}")
        lines += [f"  {name}: {path}" for name, path in folders.items()]
        lines.append(f"界面 to look at: {os.environ['PREFECT_API_URL'].removesuffix('/api')}")
        lines.append(f"日志 log: {log}")
        lines.append("Ctrl-C 结束 ends it")
        say(lines)

    return ready
