"""Desks decide for an area and item groups; watches say who sits there when, by opaque reference only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from imece_reference.places import place

from .refusals import DeskAreaInvalid, DeskClosed, PeriodInvalid, WatchEnded
from .tasks import Seat

LONGEST_WATCH = timedelta(days=31)


class DeskLevel(StrEnum):
    """Whose desk it is."""

    PROVINCE = "province"
    SECRETARIAT = "secretariat"


@dataclass(frozen=True, slots=True)
class Desk:
    """`item_groups` empty: every group; `crisis_id` None: a standing desk."""

    desk_id: UUID
    crisis_id: UUID | None
    is_drill: bool
    level: DeskLevel
    area: tuple[str, ...]
    item_groups: tuple[str, ...]
    host_org_id: UUID
    is_active: bool = True
    version: int = 1

    def __post_init__(self) -> None:
        """Raise UnknownPlace, or DeskAreaInvalid unless exactly a province desk names its area."""
        for code in self.area:
            place(code)
        if (self.level is DeskLevel.PROVINCE) != bool(self.area):
            raise DeskAreaInvalid(level=self.level.value, area=", ".join(self.area))

    def changed(
        self,
        *,
        area: Sequence[str] | None,
        item_groups: Sequence[str] | None,
        host_org_id: UUID | None,
        is_active: bool | None,
    ) -> "Desk":
        """The desk with what was given in place of what it had. Raises what a new desk does."""
        return replace(
            self,
            area=self.area if area is None else tuple(dict.fromkeys(area)),
            item_groups=self.item_groups if item_groups is None else tuple(dict.fromkeys(item_groups)),
            host_org_id=host_org_id or self.host_org_id,
            is_active=self.is_active if is_active is None else is_active,
            version=self.version + 1,
        )

    def must_be_active(self) -> None:
        """Raise DeskClosed unless watches may be seated."""
        if not self.is_active:
            raise DeskClosed(desk=str(self.desk_id))


@dataclass(frozen=True, slots=True)
class Watch:
    """One person at one seat from `since` until just before `until`."""

    watch_id: UUID
    desk_id: UUID
    is_drill: bool
    seat: Seat
    person_ref: str
    since: datetime
    until: datetime
    version: int = 1

    def __post_init__(self) -> None:
        """Raise PeriodInvalid unless the period runs forward and is not endless."""
        if not timedelta(0) < self.until - self.since <= LONGEST_WATCH:
            raise PeriodInvalid(
                since=self.since.isoformat(), until=self.until.isoformat(), most=str(LONGEST_WATCH.days)
            )

    def ended(self, now: datetime) -> "Watch | None":
        """The watch as kept until now; None when it had not begun. Raises WatchEnded."""
        if self.until <= now:
            raise WatchEnded(until=self.until.isoformat())
        return None if now <= self.since else replace(self, until=now, version=self.version + 1)

    def cancelled(self) -> "Watch":
        """A watch that never began, as told for the last time; its period stays for readers to match."""
        return replace(self, version=self.version + 1)
