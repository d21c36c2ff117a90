"""How long each side may be silent, by urgency. Versioned settings of one crisis; numbers are minutes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Urgency(StrEnum):
    """How long help can be late."""

    LIFE_SAVING = "life_saving"
    URGENT = "urgent"
    NORMAL = "normal"


Minutes = Mapping[str, int]
_ANSWER: Minutes = MappingProxyType({"life_saving": 60, "urgent": 6 * 60, "normal": 24 * 60})
_HOLD: Minutes = MappingProxyType({"life_saving": 6 * 60, "urgent": 24 * 60, "normal": 72 * 60})
_OFFER_DAYS = 14


@dataclass(frozen=True, slots=True)
class Timers:
    """Answer to a proposal, lease of a hold, life of an offer. `version` is their settings row."""

    version: int = 1
    answer_minutes: Minutes = field(default_factory=lambda: _ANSWER)
    hold_minutes: Minutes = field(default_factory=lambda: _HOLD)
    offer_days: int = _OFFER_DAYS

    def answer_by(self, urgency: Urgency, now: datetime) -> datetime:
        """When an unanswered proposal expires."""
        return now + timedelta(minutes=self.answer_minutes[urgency.value])

    def lease_until(self, urgency: Urgency, now: datetime, needed_by: datetime) -> datetime:
        """When a hold without dispatch ends: never later than the goods are needed."""
        return min(now + timedelta(minutes=self.hold_minutes[urgency.value]), needed_by)

    def available_until(self, now: datetime) -> datetime:
        """When an offer made for one need ends by itself."""
        return now + timedelta(days=self.offer_days)

    def as_settings(self) -> dict[str, Any]:
        """The settings document of a crisis; `timers_of` reads it back."""
        return {
            "answer_minutes": dict(self.answer_minutes),
            "hold_minutes": dict(self.hold_minutes),
            "offer_days": self.offer_days,
        }


def timers_of(settings: Mapping[str, Any], version: int) -> Timers:
    """Timers from a stored settings document; members it does not name keep their default."""
    return Timers(
        version=version,
        answer_minutes={**_ANSWER, **settings.get("answer_minutes", {})},
        hold_minutes={**_HOLD, **settings.get("hold_minutes", {})},
        offer_days=settings.get("offer_days", _OFFER_DAYS),
    )
