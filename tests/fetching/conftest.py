"""A site for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from site_on_loopback import Hasty, Site, serve


@pytest.fixture
def site() -> Iterator[Site]:
    """A site with nothing on it."""
    with serve() as running:
        yield running


@pytest.fixture
def clock() -> Hasty:
    """A clock that does not wait."""
    return Hasty()
