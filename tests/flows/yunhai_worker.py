"""The process that parses files, with a code for the invented city: its issues have ids that new bytes keep."""

from __future__ import annotations

import sys

from pipeline import worker
from pipeline.resolve import regions

CODE = "990100"

if __name__ == "__main__":
    known = regions._table()
    regions._table = lambda: (*known, (CODE, "云海市", "云海"))  # type: ignore[assignment]
    worker.main(int(sys.argv[1]))
