"""gongbao: task records out of Chinese government bulletins.

The whole public API: `parse`, `find_quantities`, `find_times`. This package imports
neither Prefect nor Great Expectations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["Bulletin", "find_quantities", "find_times", "parse"]

if TYPE_CHECKING:
    from pipeline.bulletin import Bulletin, parse
    from pipeline.find.quantities import find_quantities
    from pipeline.find.times import find_times

_HOMES = {
    "Bulletin": "pipeline.bulletin",
    "parse": "pipeline.bulletin",
    "find_quantities": "pipeline.find.quantities",
    "find_times": "pipeline.find.times",
}


def __getattr__(name: str) -> object:
    """Loads a public name on first use, so that the command line starts at once."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
