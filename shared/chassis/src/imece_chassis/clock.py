"""Time is a parameter: whatever decides by time receives a Clock, and tests move it by hand.

Every time is an aware UTC datetime. Leases and deadlines are decided by the database's clock, never by this
one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that knows the time."""

    def now(self) -> datetime:
        """The current moment, aware and in UTC."""
        ...


class SystemClock:
    """The wall clock of this machine."""

    def now(self) -> datetime:
        """The current moment, aware and in UTC."""
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that moves only when told to."""

    instant: datetime

    def __post_init__(self) -> None:
        if self.instant.tzinfo is None:
            raise ValueError("a clock needs an aware time")
        self.instant = self.instant.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.instant

    def advance(self, by: timedelta) -> datetime:
        """Move forward (or back, with a negative delta) and return the new instant."""
        self.instant += by
        return self.instant
