"""Connections to addresses that were looked up and checked, and that end when the time is over."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from fetching.errors import ForbiddenError

_HEAD = 128 * 1024  # bytes of a response in which its headers end
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: Address, *, private: bool = False) -> bool:
    """Whether an address may be asked; `private` admits loopback and the networks of organisations.

    Never admitted are link-local (where machines in clouds keep their credentials), multicast and unspecified.
    """
    inner = _inner(address)
    if inner is not None:
        return is_public(inner, private=private)
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    if private and (address.is_private or address.is_loopback):
        return True
    return address.is_global and not address.is_reserved


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


class Backend(httpcore.NetworkBackend):
    """Looks a host up once, checks every address it has, and connects to just these."""

    def __init__(self, monotonic: Callable[[], float], *, private: bool = False) -> None:
        self.deadline = float("inf")
        self._monotonic = monotonic
        self._private = private
        self._inner = httpcore.SyncBackend()

    def left(self, timeout: float | None) -> float:
        """Seconds that an operation may take; httpcore.ReadTimeout where none are left."""
        left = self.deadline - self._monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for one request is over")
        return left if timeout is None else min(timeout, left)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of the host that answers."""
        failed: Exception = httpcore.ConnectError("no address")
        for address in self._checked(host, port):
            try:
                stream = self._inner.connect_tcp(address, port, self.left(timeout), local_address, socket_options)
                return Stream(stream, self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    def _checked(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"host not found ({error})") from None
        addresses = list(dict.fromkeys(str(each[4][0]).split("%")[0] for each in found))
        for address in addresses:
            if not is_public(ipaddress.ip_address(address), private=self._private):
                hint = "" if self._private else ": private = true in the source allows it"
                raise ForbiddenError(f"{host} is at {address}, not a public address{hint}")
        return addresses

    def sleep(self, seconds: float) -> None:
        """Never used: waiting is the client's."""
        self._inner.sleep(seconds)


class Stream(httpcore.NetworkStream):
    """A connection that keeps the deadline of its backend and counts what came since the last request."""

    def __init__(self, inner: httpcore.NetworkStream, backend: Backend) -> None:
        self._inner = inner
        self._backend = backend
        self._head = bytearray()
        self._received = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come; httpcore.ReadTimeout."""
        data = self._inner.read(max_bytes, self._backend.left(timeout))
        self._received += len(data)
        if len(self._head) < _HEAD:
            self._head += data
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send; a new response begins."""
        self._head.clear()
        self._received = 0
        self._inner.write(buffer, self._backend.left(timeout))

    def body_received(self) -> int | None:
        """Bytes that came behind the headers, null where that cannot be told."""
        end = self._head.find(b"\r\n\r\n")
        if end < 0 or self._head.startswith(b"HTTP/1.1 1"):
            return None
        return self._received - end - 4

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The connection under TLS, checked against the name of the host."""
        inner = self._inner.start_tls(ssl_context, server_hostname, self._backend.left(timeout))
        return Stream(inner, self._backend)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of the socket."""
        return self._inner.get_extra_info(info)
