"""One writer at a time where there is no lock but reading, writing and listing (Lamport's bakery).

Each writer puts an object with a number above all it sees, and it is the turn of the lowest. No clock is compared with
another one: a claim is renewed while its owner lives, and one that a waiter has not seen change for `LEASE` seconds of
its own clock, or whose process on this machine is gone, is taken away. Who comes back after that long finds it out
before it publishes anything.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.storage.base import WORK, Place, PlaceError

CLAIMS = f"{WORK}/claims/"
LEASE = 90.0  # seconds
_RENEW = LEASE / 6
_PAUSE = (0.05, 1.0)  # seconds between looks, at first and at most


def clock() -> float:
    """Seconds that nobody sets; those in which the machine slept count, where the system tells."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@dataclass(slots=True)
class Claim:
    """A place in the queue."""

    place: Place
    name: str
    renewed: float = field(default_factory=clock)
    times: int = 0

    def hold(self) -> None:
        """Renew it when it is time. PlaceError where it was taken away."""
        if clock() - self.renewed < _RENEW:
            return
        if not self.place.exists(self.name):
            raise PlaceError(f"{self.place}: 发布中断过久，已由他人接手 publishing stood still too long, run it again")
        self.times += 1
        self.place.write(self.name, _owner(self.times))
        self.renewed = clock()


@contextmanager
def held(place: Place, *, wait: bool = True) -> Iterator[Claim]:
    """The turn of this writer. BlockingIOError where it is another's and `wait` is false."""
    claim = _queued(place)
    try:
        _await_turn(place, claim, wait=wait)
        yield claim
    finally:
        with suppress(OSError):  # what is done is done; a claim that stays is taken away in time
            place.delete(claim.name)


def _queued(place: Place) -> Claim:
    token = secrets.token_hex(8)
    choosing = f"{CLAIMS}choosing-{token}"
    place.write(choosing, _owner(0))
    try:
        numbers = [int(n.removeprefix(CLAIMS).partition("-")[0]) for n in _claims(place) if not _is_choosing(n)]
        claim = Claim(place, f"{CLAIMS}{max(numbers, default=0) + 1:012d}-{token}")
        place.write(claim.name, _owner(0))
        return claim
    finally:
        place.delete(choosing)


def _await_turn(place: Place, claim: Claim, *, wait: bool) -> None:
    watch, pause = _Watch(place), _PAUSE[0]
    before = [n for n in _claims(place) if _is_choosing(n) or n < claim.name]
    while before:
        before = [name for name in before if not watch.is_dead(name)]
        if not before:
            return
        if not wait:
            raise BlockingIOError(f"{place}: 正在发布 is being published to")
        time.sleep(pause)
        pause = min(pause * 1.5, _PAUSE[1])
        claim.hold()
        there = set(_claims(place))
        # Who was choosing when this claim was made may have a lower number; who chooses later has a higher one.
        chosen = {n.rpartition("-")[2] for n in before if _is_choosing(n)}
        before = sorted(n for n in there if n in before or (n < claim.name and n.rpartition("-")[2] in chosen))


def _claims(place: Place) -> list[str]:
    return place.names(CLAIMS.rstrip("/"))


def _is_choosing(name: str) -> bool:
    return name.startswith(f"{CLAIMS}choosing-")


class _Watch:
    """What a waiter sees of other claims."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.seen: dict[str, tuple[bytes, float]] = {}

    def is_dead(self, name: str) -> bool:
        """Whether a claim is gone, or its owner, in which case it is taken away."""
        try:
            content = self.place.read(name)
        except FileNotFoundError:
            return not _is_choosing(name)
        known, since = self.seen.setdefault(name, (content, clock()))
        if known != content:
            self.seen[name] = (content, clock())
        elif clock() - since > LEASE or _is_gone(content):
            self.place.delete(name)
            return True
        return False


def _owner(times: int) -> bytes:
    return json.dumps({**_machine(), "pid": os.getpid(), "started": _started(os.getpid()), "renewed": times}).encode()


def _machine() -> dict[str, Any]:
    """What two processes must have in common for one to know whether the other lives."""
    boot, space = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
    return {
        "host": socket.gethostname(),
        "boot": boot.read_text(encoding="ascii").strip() if boot.exists() else None,
        "space": str(space.readlink()) if space.is_symlink() else None,
    }


def _started(pid: int) -> str | None:
    """When a process began, in ticks of the system: another one with its number has another."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None


def _is_gone(content: bytes) -> bool:
    """Whether the owner was a process of this machine that is no more."""
    try:
        owner = json.loads(content)
        if any(owner[key] != value for key, value in _machine().items()) or not owner["boot"]:
            return False
        return bool(_started(owner["pid"]) != owner["started"])
    except (ValueError, KeyError, TypeError):
        return False
