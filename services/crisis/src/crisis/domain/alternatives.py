"""Where else the goods are missing: what a refused or declined pledger is shown instead of a bare no."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from .clocks import Urgency
from .units import plain


@dataclass(frozen=True, slots=True)
class Alternative:
    """An open line that misses the item; `room` in `unit`, `distance_km` between province centres."""

    need_line_id: UUID
    need_id: UUID
    district: str
    room: Decimal
    unit: str
    needed_by: datetime
    urgency: Urgency
    distance_km: int

    def as_facts(self) -> dict[str, str | int]:
        """Plain values, for problem documents, answers and events alike."""
        return {
            "need_line": str(self.need_line_id),
            "need": str(self.need_id),
            "district": self.district,
            "room": plain(self.room),
            "unit": self.unit,
            "needed_by": self.needed_by.isoformat().replace("+00:00", "Z"),
            "urgency": self.urgency.value,
            "distance_km": self.distance_km,
        }
