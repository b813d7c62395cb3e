"""What must hold of an issue before it is published.

`validate` tries every suite of `suites/` and every expectation that follows from
`schemas/` on the staged files of one issue; `apply` takes the refused rows out of
them and adds the results. Great Expectations is imported by the first call, not
with this package.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from expectations.model import Refusal, Validation

__all__ = ["Refusal", "Validation", "apply", "validate", "validate_all"]


def validate(staged: Path, *, data_docs: Path | None = None) -> Validation:
    """Try every suite on the staged files of one issue; see `expectations.validation`."""
    from expectations.validation import validate as run

    return run(staged, data_docs=data_docs)


def validate_all(staged: Sequence[Path]) -> list[Validation]:
    """Try every suite on many issues in one run; for each what `validate` says of it."""
    from expectations.validation import validate_all as run

    return run(staged)


def apply(staged: Path, validation: Validation) -> None:
    """Take the refused rows out of the staged files, add their residuals and the rows of `checks`."""
    from expectations.outcome import apply as run

    run(staged, validation)
