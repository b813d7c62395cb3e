"""From a gazette to records: the public API is `parse`, `find_quantities` and `find_times`."""

from __future__ import annotations

__version__ = "0.1.0"
