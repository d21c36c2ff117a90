"""What later events of a crisis change of what its board shows at the top: state, level, severity, area."""

from dataclasses import dataclass
from uuid import UUID

from imece_contracts.crisis import (
    CrisisAreaChanged,
    CrisisClosed,
    CrisisLevelChanged,
    CrisisReactivated,
    CrisisReopened,
    CrisisStoodDown,
)
from imece_contracts.event import EventData


@dataclass(frozen=True, slots=True)
class Course:
    """What is None stays; `level` counts only where `severity` is given, for both are declared together."""

    crisis: UUID
    state: str | None = None
    severity: str | None = None
    level: str | None = None
    area: tuple[str, ...] | None = None


def course(event: EventData) -> Course | None:
    """What an event changes of a crisis that is open; None for events the board does not show."""
    match event:
        case CrisisStoodDown():
            return Course(event.crisis, state="stood_down")
        case CrisisClosed():
            return Course(event.crisis, state="closed")
        case CrisisReactivated() | CrisisReopened():
            return Course(event.crisis, state="open")
        case CrisisLevelChanged():
            return Course(event.crisis, severity=event.after.severity, level=event.after.level)
        case CrisisAreaChanged():
            return Course(event.crisis, area=event.after.area)
        case _:
            return None
