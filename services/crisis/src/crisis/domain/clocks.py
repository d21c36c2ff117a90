"""How long each side may be silent, by urgency. Versioned settings of one crisis; numbers are minutes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Urgency(StrEnum):
    """How long help can be late."""

    LIFE_SAVING = "life_saving"
    URGENT = "urgent"
    NORMAL = "normal"


class Silence(StrEnum):
    """What is waited for; a crisis sets each under `<name>_minutes`."""

    VERIFY = "verify"
    ANSWER = "answer"
    HOLD = "hold"
    RELEASE = "release"
    HEARTBEAT = "heartbeat"
    CONFIRM = "confirm"
    DESK = "desk"
    SUSPENDED = "suspended"


Minutes = Mapping[str, int]
_HOUR, _DAY = 60, 24 * 60


def _minutes(life_saving: int, urgent: int, normal: int) -> Minutes:
    return MappingProxyType({"life_saving": life_saving, "urgent": urgent, "normal": normal})


_DEFAULTS: Mapping[Silence, Minutes] = MappingProxyType(
    {
        Silence.VERIFY: _minutes(2 * _HOUR, 12 * _HOUR, 48 * _HOUR),
        Silence.ANSWER: _minutes(1 * _HOUR, 6 * _HOUR, 24 * _HOUR),
        Silence.HOLD: _minutes(6 * _HOUR, 24 * _HOUR, 72 * _HOUR),
        Silence.RELEASE: _minutes(12 * _HOUR, 36 * _HOUR, 72 * _HOUR),
        Silence.HEARTBEAT: _minutes(12 * _HOUR, 48 * _HOUR, 7 * _DAY),
        Silence.CONFIRM: _minutes(6 * _HOUR, 24 * _HOUR, 72 * _HOUR),
        Silence.DESK: _minutes(30, 4 * _HOUR, 24 * _HOUR),
        Silence.SUSPENDED: _minutes(4 * _HOUR, 4 * _HOUR, 4 * _HOUR),
    }
)
_OFFER_DAYS = 14
ANSWER_AT_MOST = timedelta(hours=24)
"""How long an answer may take once a crisis is stood down."""


@dataclass(frozen=True, slots=True)
class Timers:
    """All clocks of a crisis and the life of an offer. `version` is their settings row.

    `wound_down_at` is when the wind-down of a crisis that is stood down ends: until then answers take at most
    a day, and nobody waits longer for room.
    """

    version: int = 1
    minutes: Mapping[Silence, Minutes] = field(default_factory=lambda: _DEFAULTS)
    offer_days: int = _OFFER_DAYS
    wound_down_at: datetime | None = None

    def period(self, silence: Silence, urgency: Urgency) -> timedelta:
        """How long this silence may last."""
        period = timedelta(minutes=self.minutes[silence][urgency.value])
        if silence is Silence.ANSWER and self.wound_down_at is not None:
            return min(period, ANSWER_AT_MOST)
        return period

    def winding_down(self, until: datetime) -> "Timers":
        """The clocks of the crisis while it is stood down."""
        return replace(self, wound_down_at=until)

    def answer_by(self, urgency: Urgency, now: datetime) -> datetime:
        """When an unanswered proposal expires."""
        return now + self.period(Silence.ANSWER, urgency)

    def waits_until(self, needed_by: datetime) -> datetime:
        """When a pledge that waits for room gives its place up."""
        return needed_by if self.wound_down_at is None else min(self.wound_down_at, needed_by)

    def lease_until(self, urgency: Urgency, now: datetime, needed_by: datetime) -> datetime:
        """When a hold without dispatch ends: never later than the goods are needed."""
        return min(now + self.period(Silence.HOLD, urgency), needed_by)

    def available_until(self, now: datetime) -> datetime:
        """When an offer made for one need ends by itself."""
        return now + timedelta(days=self.offer_days)

    def as_settings(self) -> dict[str, Any]:
        """The settings document of a crisis; `timers_of` reads it back."""
        stated = {f"{silence}_minutes": dict(minutes) for silence, minutes in self.minutes.items()}
        return {**stated, "offer_days": self.offer_days}


def timers_of(settings: Mapping[str, Any], version: int) -> Timers:
    """Timers from a stored settings document; members it does not name keep their default."""
    return Timers(
        version=version,
        minutes={
            silence: {**default, **settings.get(f"{silence}_minutes", {})}
            for silence, default in _DEFAULTS.items()
        },
        offer_days=settings.get("offer_days", _OFFER_DAYS),
    )
