"""Logs without secrets: addresses are masked, and so are values that source files take from the environment."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable
from pathlib import Path

from fetching.addresses import masked as without_credentials

_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]{0,60})\}")
_SHORTEST = 4  # characters; what is shorter would mask words
_FORMATTER = logging.Formatter()
_secrets: set[str] = set()


def masked(text: str) -> str:
    """The text with *** for all that is secret."""
    text = without_credentials(text)
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def learn(paths: Iterable[Path], *names: str) -> None:
    """Values of the environment that stand in source files as ${NAME}, and of the variables named, are secrets."""
    found = set(names)
    for path in paths:
        try:
            found.update(_VARIABLE.findall(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError):
            continue
    for name in found:
        hide(os.environ.get(name, ""))


def hide(secret: str) -> None:
    """Mask this text from now on; what is shorter than four characters cannot be told from words."""
    if len(secret) >= _SHORTEST:
        _secrets.add(secret)


class Masking(logging.Filter):
    """Masks what a record says, its traceback too."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes, masked."""
        record.msg, record.args = masked(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _FORMATTER.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = masked(record.exc_text)
        return True


def mask_logs() -> None:
    """Mask all that goes to the handlers there are: terminal, files, and Prefect's own log of the run."""
    for logger in (logging.getLogger(), *map(logging.getLogger, list(logging.root.manager.loggerDict))):
        for handler in logger.handlers:
            if not any(isinstance(each, Masking) for each in handler.filters):
                handler.addFilter(Masking())
