"""What reviewers have put right, kept beside the data and applied by every run.

`line` is one correction as it is written, `store` the folder `corrections/`, `apply` carries corrections out
on the rows of an issue, `regression` asks whether the parser by itself gives what they say.
"""

from __future__ import annotations

from pathlib import Path

#: Where corrections stand unless somebody says otherwise.
FOLDER = Path("corrections")
#: `suite` of the rows of `checks` that say what became of corrections.
SUITE = "corrections"
