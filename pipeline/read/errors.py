"""What reading can refuse."""

from __future__ import annotations


class ReadError(ValueError):
    """A source that cannot be read; the message is one line that says what to do."""
