"""From what a user names to a place."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path

from pipeline.storage.base import Location, Place

_ADDRESS = re.compile(r"(?!file:)[a-zA-Z][a-zA-Z0-9+.-]+:/")
_FILE = re.compile(r"file:(?://)?(?=/)")


def place(where: Location) -> Place:
    """The place itself, a folder on disk, or what an address leads to. PlaceError for an address nobody knows."""
    if isinstance(where, Place):
        return where
    text = os.fspath(where)
    if isinstance(where, str) and is_remote(where):
        from pipeline.storage.remote import RemotePlace

        return RemotePlace(where)
    from pipeline.storage.local import LocalPlace

    return LocalPlace(Path(_FILE.sub("", text) if isinstance(where, str) else text))


def is_remote(where: object) -> bool:
    """Whether this is no path of this machine's: an address with a scheme of at least two letters, or its place."""
    if isinstance(where, Place):
        return where.path is None
    return isinstance(where, str) and _ADDRESS.match(where) is not None


def location(text: str) -> Path | Place:
    """An argument of the command line: a path as it is, an address as its place."""
    if not is_remote(text):
        return Path(_FILE.sub("", text))
    try:
        return place(text)
    except OSError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def shown(where: Location) -> str:
    """For people and logs: the path as given, an address without what is secret in it."""
    from pipeline.addresses import masked

    return masked(str(where))
