"""`python -m schemas [FILE]` writes the data dictionary (default: docs/data-dictionary.md)."""

from __future__ import annotations

import sys
from pathlib import Path

from schemas.dictionary import data_dictionary


def main(arguments: list[str]) -> int:
    """Write the dictionary to the file named, or to its place in the checkout."""
    target = Path(arguments[0]) if arguments else Path("docs") / "data-dictionary.md"
    if not target.parent.is_dir():
        print(f"schemas: no folder {target.parent}: run from the checkout, or name a file", file=sys.stderr)
        return 2
    target.write_text(data_dictionary(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
