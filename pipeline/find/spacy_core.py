"""The part of spaCy that is used here, imported without its command line.

spaCy's `__init__` imports its whole command line (and with it an HTTP client and a
project manager: half a second) for `spacy.info`. While spaCy is imported, empty
modules stand in for it; afterwards `import spacy.cli` works as ever.
"""

from __future__ import annotations

import sys
from types import ModuleType

_CLI = ("spacy.cli", "spacy.cli.info")
_STAND_IN = "spacy" not in sys.modules
if _STAND_IN:
    for _name in _CLI:
        sys.modules[_name] = ModuleType(_name)
    sys.modules["spacy.cli.info"].info = None  # type: ignore[attr-defined]

# after the stand-ins, not at the top
from spacy import blank  # noqa: E402
from spacy.language import Language  # noqa: E402
from spacy.tokens import Doc, Span  # noqa: E402

if _STAND_IN:
    for _name in _CLI:
        del sys.modules[_name]

__all__ = ["Doc", "Language", "Span", "blank"]
