"""What a validation says: rows of `checks`, rows refused, whether the issue is held back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that must not be published."""

    row: int  # position in its staged table, from 0
    key: str  # its primary key, parts joined by ":"
    expectation: str
    via: str | None = None  # key of the refused row that it depends on, null: refused itself


@dataclass(frozen=True, slots=True)
class Validation:
    """The outcome for one staged issue. `checks` are rows of the table `checks`."""

    issue_id: str
    checks: tuple[Mapping[str, Any], ...]
    refused: Mapping[str, tuple[Refusal, ...]] = field(default_factory=dict)
    reason: str | None = None  # why the issue is held back

    @property
    def held_back(self) -> bool:
        """Whether nothing of the issue may be published."""
        return self.reason is not None

    @property
    def warnings(self) -> int:
        """Number of failed expectations that only warn."""
        return sum(not c["success"] and c["severity"] == "warning" for c in self.checks)

    @property
    def n_refused(self) -> int:
        """Number of refused rows, those that went with another one included."""
        return sum(len(rows) for rows in self.refused.values())
