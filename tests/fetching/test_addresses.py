"""Addresses: joined, compared, masked."""

from __future__ import annotations

import pytest

from fetching import addresses

MASKED = [
    ("https://u:p@yunhai.example/a", "https://***@yunhai.example/a"),
    ("see https://u@yunhai.example/a now", "see https://***@yunhai.example/a now"),
    (
        "https://yunhai.example/a?id=1&token=x&access_key=y&p=2",
        "https://yunhai.example/a?id=1&token=***&access_key=***&p=2",
    ),
    (
        "https://yunhai.example/a?passwd=%41&X-Amz-Signature=f",
        "https://yunhai.example/a?passwd=***&X-Amz-Signature=***",
    ),
    ("https://yunhai.example/a@b?id=1", "https://yunhai.example/a@b?id=1"),
    ("https://yunhai.example/列表?page=2", "https://yunhai.example/列表?page=2"),
]


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_masked(text: str, expected: str) -> None:
    assert addresses.masked(text) == expected


JOINED = [
    ("../a.pdf", "http://yunhai.example/x/a.pdf"),
    ("公报 1.pdf#p2", "http://yunhai.example/x/y/%E5%85%AC%E6%8A%A5%201.pdf"),
    ("//files.yunhai.example/a", "http://files.yunhai.example/a"),
    ("?p=2", "http://yunhai.example/x/y/z?p=2"),
    (" a.pdf\n", "http://yunhai.example/x/y/a.pdf"),
    ("http://u:p@yunhai.example/a", "http://yunhai.example/a"),
    ("", "http://yunhai.example/x/y/z"),
    ("javascript:void(0)", None),
    ("mailto:a@yunhai.example", None),
    ("file:///etc/passwd", None),
    ("http://[::1", None),
    ("http://yunhai.example:99999/", None),
    ("a" * 3000, None),
    ("\x00", None),
]


@pytest.mark.parametrize(("link", "expected"), JOINED)
def test_join(link: str, expected: str | None) -> None:
    base = "http://yunhai.example/x/y/z"
    if expected is None:
        with pytest.raises(addresses.AddressError):
            addresses.join(base, link)
    else:
        assert addresses.join(base, link) == expected


ALLOWED = [
    ("http://yunhai.example/", True),
    ("https://YUNHAI.example/", True),
    ("http://yunhai.example:8080/", False),
    ("http://yunhai.example:22/", False),
    ("http://a.yunhai.example/", False),
    ("http://yunhai.example.evil.example/", False),
    ("http://files.example:8080/", True),
    ("http://files.example/", False),
]


@pytest.mark.parametrize(("address", "allowed"), ALLOWED)
def test_allowed(address: str, allowed: bool) -> None:
    assert addresses.is_allowed(address, frozenset({"yunhai.example", "files.example:8080"})) is allowed
