"""Offers: what an organisation stands ready to give, line by line, from one time until another.

An offer made for one need line (a pledge) and one without target are the same thing. Its state is changed
only while the balances of all its lines are locked, so it stands still under the lock of any one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from .balances import ZERO
from .behalf import Behalf
from .earmarks import UNRESTRICTED, Earmark
from .refusals import OfferNotInState, OfferOver
from .units import PackSnapshot

DRAFT_LIFE = timedelta(days=7)
SUSPENSION_LIFE = timedelta(days=14)
REVIEW_WITHIN = timedelta(hours=72)


class OfferState(StrEnum):
    """Workflow state of an offer; values as stored."""

    DRAFT = "draft"
    INTERNAL_APPROVAL = "internal_approval"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class OfferTimer(StrEnum):
    """What ends the silence of an offer; `SETTLE` looks at once whether an offer is used up."""

    DRAFT = "offer.draft"
    APPROVAL = "offer.approval"
    AVAILABLE = "offer.available"
    SUSPENSION = "offer.suspension"
    SETTLE = "offer_line.settle"


class Cause(StrEnum):
    """Who suspended an offer: the registry its organisation, or a desk the offer alone."""

    ORGANISATION = "organisation"
    DESK = "desk"


OFFER_WAITING: Mapping[OfferState, OfferTimer] = MappingProxyType(
    {
        OfferState.DRAFT: OfferTimer.DRAFT,
        OfferState.INTERNAL_APPROVAL: OfferTimer.APPROVAL,
        OfferState.OPEN: OfferTimer.AVAILABLE,
        OfferState.SUSPENDED: OfferTimer.SUSPENSION,
    }
)
OFFER_FINISHED = frozenset({OfferState.CLOSED})


@dataclass(frozen=True, slots=True)
class OfferClock:
    """The deadline that ends an offer's silence."""

    deadline_id: UUID
    kind: OfferTimer
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in its original currency (ISO 4217); for reports, never turned into a quantity."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class OfferLine:
    """`qty` in the item's base unit as it stands now; `step` is the smallest tradable quantity, 0 for any."""

    offer_line_id: UUID
    item_code: str
    unit: str
    qty: Decimal
    pack: PackSnapshot
    step: Decimal = ZERO
    ready_within_minutes: int | None = None
    lot: str | None = None
    best_before: date | None = None
    value: Money | None = None
    earmark: Earmark = UNRESTRICTED


@dataclass(frozen=True, slots=True)
class Offer:
    """`clock` is set exactly while the offer is not closed; an unsolicited one waits in the match queue.

    `told` counts its events: nobody hears of an offer before it opens. `asked_by_key` is the first of two
    keys that agree to it, `opened_by_key` the only one where its organisation limits what one may put up.
    """

    offer_id: UUID
    crisis_id: UUID
    is_drill: bool
    org_id: UUID
    origin: str
    available_from: datetime
    available_until: datetime
    has_transport: bool
    state: OfferState
    lines: tuple[OfferLine, ...]
    clock: OfferClock | None
    is_unsolicited: bool = False
    package_id: UUID | None = None
    ends_with_call: bool = False
    cause: Cause | None = None
    reason: str | None = None
    asked_by_key: UUID | None = None
    opened_by_key: UUID | None = None
    approved_by_grant: UUID | None = None
    behalf: Behalf | None = None
    told: int = 0
    version: int = 1

    @property
    def promised_by(self) -> tuple[UUID, ...]:
        """Who may decide nothing about it for the other side: its organisation, and whoever wrote it down."""
        return (self.org_id, *((self.behalf.by_org_id,) if self.behalf else ()))

    def line(self, offer_line_id: UUID) -> OfferLine:
        """One of its lines; raises StopIteration for a line of another offer."""
        return next(line for line in self.lines if line.offer_line_id == offer_line_id)

    def must_be(self, *states: OfferState) -> None:
        """Raise OfferNotInState unless the offer is in one of the states."""
        if self.state not in states:
            raise OfferNotInState(state=self.state.value, wanted=" / ".join(state.value for state in states))

    def must_take_proposals(self, now: datetime) -> None:
        """Raise OfferNotInState or OfferOver unless its goods may be proposed or called for now."""
        self.must_be(OfferState.OPEN)
        if self.available_until <= now:
            raise OfferOver(available_until=self.available_until.isoformat())

    def now_in(
        self,
        state: OfferState,
        clock: OfferClock | None,
        *,
        cause: Cause | None = None,
        reason: str | None = None,
    ) -> "Offer":
        """The same offer one step later; a step others hear of is `heard` beside."""
        return replace(self, state=state, clock=clock, cause=cause, reason=reason, version=self.version + 1)

    def heard(self) -> "Offer":
        """The offer with one event more."""
        return replace(self, told=self.told + 1)


def must_not_be_in_doubt(state: OfferState) -> None:
    """Raise OfferNotInState for a suspended offer: none of its goods become firm before somebody has looked.

    A closed one gives what was promised while it was open.
    """
    if state is OfferState.SUSPENDED:
        wanted = (OfferState.OPEN, OfferState.CLOSED)
        raise OfferNotInState(state=state.value, wanted=" / ".join(each.value for each in wanted))
