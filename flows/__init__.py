"""Prefect flows around the library: they call it, pass paths, and report.

Importing the package sets the defaults of `flows.environment`, so that they stand
before any module of it imports Prefect.
"""

from __future__ import annotations

from flows.environment import apply_defaults

apply_defaults()
