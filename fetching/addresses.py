"""Addresses: joined, compared, and shown without what is secret in them."""

from __future__ import annotations

import httpx

from pipeline.addresses import masked

__all__ = ["AddressError", "clean", "is_allowed", "join", "masked", "origin", "site", "userinfo"]

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST = 2000


class AddressError(ValueError):
    """No address that can be fetched; the message says why."""


def clean(address: str) -> str:
    """The address as it is sent and compared: encoded, without fragment and credentials. AddressError for others."""
    try:
        url = httpx.URL(address.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressError(f"no address: {masked(address)[:200]}: {error}") from None
    return _checked(url)


def join(base: str, link: str) -> str:
    """The address that a link on the page `base` leads to; AddressError where it leads to none."""
    try:
        url = httpx.URL(base).join("".join(link.split("\n")).strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressError(f"no address: {masked(link)[:200]}: {error}") from None
    return _checked(url)


def _checked(url: httpx.URL) -> str:
    shown = masked(str(url))[:200]
    if url.scheme not in _DEFAULT_PORTS:
        raise AddressError(f"neither http nor https: {shown}")
    if not url.host or (url.port is not None and not 0 < url.port < 65536):
        raise AddressError(f"no host or no port: {shown}")
    plain = str(url.copy_with(fragment=None, userinfo=b""))
    if len(plain) > _LONGEST:
        raise AddressError(f"longer than {_LONGEST} characters: {shown}")
    return plain


def userinfo(address: str) -> tuple[str, str] | None:
    """User name and password that stand in an address, decoded."""
    url = httpx.URL(address.strip())
    return (url.username, url.password) if url.userinfo else None


def origin(address: str) -> tuple[str, str, int]:
    """Scheme, host (as sent) and port."""
    url = httpx.URL(address)
    return url.scheme, url.raw_host.decode("ascii").lower(), url.port or _DEFAULT_PORTS[url.scheme]


def site(address: str) -> str:
    """host:port, by which rates are counted and robots.txt is kept."""
    _, host, port = origin(address)
    return f"{host}:{port}"


def is_allowed(address: str, hosts: frozenset[str]) -> bool:
    """Whether a host stands in `hosts`: with the port it has there, else with the usual ports 80 and 443."""
    _, host, port = origin(address)
    return f"{host}:{port}" in hosts or (host in hosts and port in _DEFAULT_PORTS.values())
