"""Time: clocks that tests can replace, the rate per host, how long to wait before another attempt."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from secrets import SystemRandom


class Clock:
    """The clocks of the machine."""

    def now(self) -> datetime:
        """This moment, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that no one sets back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@dataclass(slots=True)
class Pace:
    """When each site was last asked, and until when it does not want to be: for all sources of a run."""

    asked: dict[str, float] = field(default_factory=dict)
    closed: dict[str, float] = field(default_factory=dict)

    def wait(self, site: str, delay: float, now: float) -> float:
        """Seconds until the site may be asked again."""
        return max(0.0, self.asked.get(site, float("-inf")) + delay - now)


def backoff(base: float, attempt: int) -> float:
    """Seconds before attempt 1, 2, …: doubled each time, and spread so that many do not come at once."""
    return float(base * 2 ** (attempt - 1) * SystemRandom().uniform(0.5, 1.5))


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, as a number or a date; null where it says neither."""
    value = (value or "").strip()
    if value.isascii() and value.isdecimal() and len(value) < 10:
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
