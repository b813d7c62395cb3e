"""Which issues of each gazette are expected, held and missing. Pure functions: no file is read here.

Known, Source  →  gazettes  →  doubts, numbering, rhythm  →  rows of the table `continuity`  →  report
"""

from __future__ import annotations

from pipeline.continuity.model import Cadence, Gazette, Kind, Known, Source
from pipeline.continuity.table import rows

__all__ = ["Cadence", "Gazette", "Kind", "Known", "Source", "rows"]
