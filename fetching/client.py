"""Asks for addresses: gently, again where it may help, and never where a source may not.

Made of httpcore, the engine of httpx, so that the connection itself can be checked and bounded.
"""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Self
from urllib.robotparser import RobotFileParser

import httpcore
import httpx

import pipeline
from fetching import addresses, body, robots
from fetching.errors import FetchError, ForbiddenError, OverError, TransientError
from fetching.network import Backend
from fetching.pace import Clock, Pace, backoff, retry_after
from fetching.source import Source

AGENT = "gongbao"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_HOPS = 5


@cache
def _tls() -> ssl.SSLContext:
    """Certificates of httpx, or those that SSL_CERT_FILE names; reading them takes a tenth of a second."""
    return httpx.create_ssl_context()


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gave: content, or null where it is as it was (304)."""

    address: str
    headers: httpx.Headers
    content: bytes | None

    @property
    def open_ended(self) -> bool:
        """Whether the server said nothing of the length."""
        return body.is_open_ended(self.headers)


class Client:
    """Asks on behalf of one source. Used in one thread."""

    def __init__(self, source: Source, *, clock: Clock | None = None, pace: Pace | None = None) -> None:
        self.source = source
        self.clock = clock or Clock()
        self._pace = pace or Pace()
        self._ends = self.clock.monotonic() + source.limits.run_seconds
        self._backend = Backend(self.clock.monotonic, private=source.private)
        self._robots: dict[str, RobotFileParser | FetchError] = {}
        contact = f"; {source.politeness.contact}" if source.politeness.contact else ""
        self._agent = f"{AGENT}/{pipeline.__version__} (reads government gazettes{contact})"
        self._pool = httpcore.ConnectionPool(ssl_context=_tls(), network_backend=self._backend, max_connections=4)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def get(
        self,
        address: str,
        *,
        limit: int,
        conditions: Mapping[str, str] | None = None,
        accept: Callable[[Answer], None] | None = None,
    ) -> Answer:
        """What stands at an address, after redirects; FetchError with the reason where nothing can be had.

        `accept` raises TransientError for content that is not whole: it is asked for again.
        """
        seen: set[str] = set()
        while True:
            self._need_allowed(address)
            self._obey_robots(address)
            answer = self._patiently(address, limit, conditions or {}, accept)
            if isinstance(answer, Answer):
                return answer
            seen.add(address)
            if answer in seen:
                raise FetchError("redirects go round in a circle")
            if len(seen) > _HOPS:
                raise FetchError(f"more than {_HOPS} redirects")
            address = answer

    def _need_allowed(self, address: str) -> None:
        if not addresses.is_allowed(address, self.source.allowed):
            site = addresses.site(address)
            raise ForbiddenError(f'{site}: host not allowed: add it to hosts = ["…"] if it belongs to the source')

    def _obey_robots(self, address: str) -> None:
        scheme, _, _ = addresses.origin(address)
        site = addresses.site(address)
        if site not in self._robots:
            self._robots[site] = self._fetch_robots(f"{scheme}://{httpx.URL(address).netloc.decode()}/robots.txt")
        rules = self._robots[site]
        if isinstance(rules, FetchError):
            raise ForbiddenError(f"robots.txt of {site} cannot be had ({rules}), so nothing else is asked for")
        if not rules.can_fetch(AGENT, address):
            raise ForbiddenError(f"robots.txt of {site} forbids it")

    def _fetch_robots(self, address: str) -> RobotFileParser | FetchError:
        try:
            for _ in range(_HOPS):
                answer = self._patiently(address, robots.LARGEST, {})
                if isinstance(answer, Answer):
                    return robots.rules(answer.content or b"")
                self._need_allowed(answer)
                address = answer
        except ForbiddenError as error:
            return robots.all_allowed() if addresses.is_allowed(address, self.source.allowed) else error
        except OverError:
            raise
        except FetchError as error:
            absent = error.status is not None and 400 <= error.status < 500 and error.status not in _TRANSIENT
            return robots.all_allowed() if absent else error
        return robots.all_allowed()

    def _patiently(
        self,
        address: str,
        limit: int,
        conditions: Mapping[str, str],
        accept: Callable[[Answer], None] | None = None,
    ) -> Answer | str:
        """The answer, or where it redirects to; failures that may pass are tried again."""
        polite = self.source.politeness
        for attempt in range(1, polite.attempts + 1):
            self._pause(addresses.site(address))
            try:
                answer = self._exchange(address, limit, conditions)
                if accept and isinstance(answer, Answer) and answer.content is not None:
                    accept(answer)
                return answer
            except TransientError as error:
                failed = error
            wait = failed.wait if failed.wait is not None else backoff(polite.backoff, attempt)
            if failed.wait is not None and wait > polite.longest_wait:
                self._pace.closed[addresses.site(address)] = self.clock.monotonic() + wait
                raise FetchError(f"{failed}; asks to wait {wait:.0f} s: try again later", failed.status)
            if attempt < polite.attempts:
                self._sleep(min(wait, polite.longest_wait))
        tries = f", {polite.attempts} times" if polite.attempts > 1 else ""
        raise FetchError(f"{failed}{tries}", failed.status)

    def _pause(self, site: str) -> None:
        now = self.clock.monotonic()
        if now < self._pace.closed.get(site, now):
            raise FetchError(f"{site} asked not to be asked for another {self._pace.closed[site] - now:.0f} s", 429)
        rules = self._robots.get(site)
        asked = robots.delay(rules, AGENT) if isinstance(rules, RobotFileParser) else 0.0
        self._sleep(self._pace.wait(site, max(self.source.politeness.delay, asked), now))
        self._pace.asked[site] = self.clock.monotonic()

    def _sleep(self, seconds: float) -> None:
        if self.clock.monotonic() + seconds >= self._ends:
            raise OverError(f"the run took its {self.source.limits.run_seconds:g} s: the next one goes on from here")
        if seconds > 0:
            self.clock.sleep(seconds)

    def _exchange(self, address: str, limit: int, conditions: Mapping[str, str]) -> Answer | str:
        """One request and its response."""
        limits = self.source.limits
        self._backend.deadline = min(self.clock.monotonic() + limits.seconds, self._ends)
        timeout = dict.fromkeys(("connect", "read", "write", "pool"), limits.read_seconds)
        url = httpx.URL(address)
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        headers = self._headers(address, conditions)
        try:
            with self._pool.stream("GET", target, headers=headers, extensions={"timeout": timeout}) as response:
                return self._judged(address, response, limit, conditions)
        except httpcore.TimeoutException:
            seconds = f"nothing for {limits.read_seconds:g} s, or not done in {limits.seconds:g} s"
            raise TransientError(f"too slow: {seconds}") from None
        except httpcore.NetworkError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise FetchError(f"certificate not valid ({error})") from None
            raise TransientError(f"no connection ({addresses.masked(str(error)) or type(error).__name__})") from None
        except httpcore.ProtocolError as error:
            raise TransientError(f"cut off or no HTTP ({addresses.masked(str(error))})") from None

    def _headers(self, address: str, conditions: Mapping[str, str]) -> list[tuple[bytes | str, bytes | str]]:
        headers = {"User-Agent": self._agent, "Accept": "*/*", "Accept-Encoding": "gzip", **conditions}
        login = self.source.logins.get(addresses.origin(address))
        if login:
            headers["Authorization"] = "Basic " + base64.b64encode(":".join(login).encode()).decode()
        return list(headers.items())

    def _judged(
        self, address: str, response: httpcore.Response, limit: int, conditions: Mapping[str, str]
    ) -> Answer | str:
        headers, status = httpx.Headers(response.headers), response.status
        if status == 200:
            return Answer(address, headers, body.read(response, headers, limit))
        if status == 304 and conditions:
            return Answer(address, headers, None)
        if status in _REDIRECTS and headers.get("location"):
            try:
                return addresses.join(address, headers["location"])
            except addresses.AddressError as error:
                raise FetchError(f"redirects to {error}") from None
        if status in _TRANSIENT:
            wait = retry_after(headers.get("retry-after"), self.clock.now())
            raise TransientError(f"answers {status}", status, wait)
        raise FetchError(f"answers {status}", status)
