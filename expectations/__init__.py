"""What must hold of an issue before it is published.

`validate` tries every suite of `suites/` and every expectation that follows from
`schemas/` on the staged files of one issue; `apply` takes the refused rows out of
them and adds the results. Great Expectations is imported by the first call, not
with this package.
"""

from __future__ import annotations

from pathlib import Path

from expectations.model import Refusal, Validation

__all__ = ["Refusal", "Validation", "apply", "validate"]


def validate(staged: Path, *, data_docs: Path | None = None) -> Validation:
    """Try every suite on the staged files of one issue; see `expectations.validation`."""
    from expectations.validation import validate as run

    return run(staged, data_docs=data_docs)


def apply(staged: Path, validation: Validation) -> None:
    """Take the refused rows out of the staged files, add their residuals and the rows of `checks`."""
    from expectations.outcome import apply as run

    run(staged, validation)
