"""One need line with what its need says, for decisions and events. Its quantities live in NeedBalance."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from .balances import ZERO
from .clocks import Urgency
from .refusals import LineOverdue, NeedClosed, NeedNotOpen


@dataclass(frozen=True, slots=True)
class Line:
    """`unit` is the item's base unit; `opened_at` is None until the need was verified.

    `substitution` says whether another item may stand in; `populations` are the groups of people it is for.
    """

    need_line_id: UUID
    need_id: UUID
    crisis_id: UUID
    is_drill: bool
    asker_org_id: UUID
    item_code: str
    unit: str
    district: str
    needed_by: datetime
    urgency: Urgency
    need_state: str
    verification: int
    opened_at: datetime | None
    min_useful: Decimal = ZERO
    day: date | None = None
    is_stale: bool = False
    close_reason: str | None = None
    tamp_group: str = ""
    substitution: str = "none"
    is_earmark_welcome: bool = True
    populations: frozenset[str] = frozenset()
    delegated_until: datetime | None = None
    delegated_by_org_id: UUID | None = None

    @property
    def plate(self) -> str:
        """Two-digit plate of the province the line lies in."""
        return self.district[4:6]

    def is_answered_by_asker(self, now: datetime) -> bool:
        """Whether a desk lets the asker answer what is promised for it, while its need takes promises."""
        is_living = self.need_state in ("open", "on_hold")
        return is_living and self.delegated_until is not None and now < self.delegated_until

    def must_be_open(self) -> None:
        """Raise NeedClosed or NeedNotOpen unless its need is open."""
        if self.need_state == "closed":
            raise NeedClosed(reason=self.close_reason or "")
        if self.need_state != "open":
            raise NeedNotOpen(state=self.need_state)

    def must_go_on(self, now: datetime) -> None:
        """Raise NeedClosed, NeedNotOpen or LineOverdue unless a promise made before may become firm now.

        A need on hold takes no new promises; what was promised goes on.
        """
        if self.need_state != "on_hold":
            self.must_be_open()
        self._must_not_be_overdue(now)

    def must_take_pledges(self, now: datetime) -> None:
        """Raise NeedClosed, NeedNotOpen or LineOverdue unless promises for the line may be made now."""
        self.must_be_open()
        self._must_not_be_overdue(now)

    def _must_not_be_overdue(self, now: datetime) -> None:
        if self.needed_by <= now:
            raise LineOverdue(needed_by=self.needed_by.isoformat())
