"""What is asked of a line, agreed above it, or met elsewhere, changes by command only.

Nothing on its way or delivered is ever asked away: a request falls to in transit + arrived + delivered + met
elsewhere at the lowest. What is held above the new request is let go.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from .balances import MOST_COUNTED, ZERO, NeedBalance
from .crises import Crisis, must_be_open
from .lines import Line
from .refusals import BelowCommitted, LineFull, NeededByPast, NothingRevised, OverCapInUse, StatementRevoked
from .units import plain

SECOND_KEY_WITHIN = timedelta(hours=24)
"""How long an over-cap waits for its second key."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What stands beside the buckets of a line, in its unit."""

    requested: Decimal
    over_cap: Decimal
    elsewhere: Decimal
    needed_by: datetime


@dataclass(frozen=True, slots=True)
class Revision:
    """A line's terms before and after, and how much held stock is now too much."""

    before: Terms
    after: Terms
    surplus: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class ElsewhereStatement:
    """Somebody says that `qty` of a line is met without a pledge; `evidence_ref` is opaque."""

    statement_id: UUID
    need_line_id: UUID
    crisis_id: UUID
    is_drill: bool
    qty: Decimal
    stated_by_org: UUID
    evidence_ref: str
    stated_at: datetime
    revoked_at: datetime | None = None
    revoked_by_org: UUID | None = None
    revoke_reason: str | None = None

    def must_stand(self) -> None:
        """Raise StatementRevoked when it was taken back."""
        if self.revoked_at is not None:
            raise StatementRevoked(since=self.revoked_at.isoformat())


def terms_of(line: Line, balance: NeedBalance) -> Terms:
    """The terms of a line now."""
    return Terms(balance.requested, balance.over_cap, balance.elsewhere, line.needed_by)


def revised(
    line: Line,
    balance: NeedBalance,
    crisis: Crisis,
    requested: Decimal | None,
    needed_by: datetime | None,
    now: datetime,
) -> Revision:
    """More or less, earlier or later. A lower request lets go of everything held above it.

    Raises NeedClosed, NeedNotOpen, NothingRevised, CrisisNotOpen (for more), NeededByPast, BelowCommitted.
    """
    line.must_be_open()
    before = terms_of(line, balance)
    asked = before.requested if requested is None else requested
    until = before.needed_by if needed_by is None else needed_by
    if (asked, until) == (before.requested, before.needed_by):
        raise NothingRevised(requested=plain(asked), needed_by=until.isoformat(), unit=line.unit)
    if asked > before.requested:
        must_be_open(crisis)
    if until != before.needed_by and until <= now:
        raise NeededByPast(needed_by=until.isoformat(), now=now.isoformat())
    lowest = balance.counted - balance.held
    if asked < lowest:
        raise BelowCommitted(requested=plain(asked), minimum=plain(lowest), unit=line.unit)
    surplus = max(ZERO, balance.counted - asked - balance.over_cap) if asked < before.requested else ZERO
    return Revision(before, Terms(asked, before.over_cap, before.elsewhere, until), surplus)


def over_capped(line: Line, balance: NeedBalance, crisis: Crisis, over_cap: Decimal) -> Revision:
    """Another agreed reserve; it never falls below what stands on it.

    Raises NeedClosed, NeedNotOpen, CrisisNotOpen, NothingRevised, OverCapInUse.
    """
    line.must_be_open()
    must_be_open(crisis)
    before = terms_of(line, balance)
    if over_cap == before.over_cap:
        raise NothingRevised(
            requested=plain(before.requested), needed_by=line.needed_by.isoformat(), unit=line.unit
        )
    lowest = min(before.over_cap, max(ZERO, balance.counted - balance.requested))
    if over_cap < lowest:
        raise OverCapInUse(over_cap=plain(over_cap), minimum=plain(lowest), unit=line.unit)
    return Revision(before, Terms(before.requested, over_cap, before.elsewhere, before.needed_by))


def met_elsewhere(line: Line, balance: NeedBalance, by: Decimal) -> Revision:
    """More (or, revoked, less) is met without a pledge; what that makes too much stays until a desk decides.

    Raises NeedClosed, NeedNotOpen, LineFull.
    """
    line.must_be_open()
    if balance.promised + by > MOST_COUNTED:
        raise LineFull(promised=plain(balance.promised), quantity=plain(by), unit=line.unit)
    before = terms_of(line, balance)
    elsewhere = before.elsewhere + by
    own = balance.counted - balance.elsewhere
    surplus = max(ZERO, own + elsewhere - balance.requested - balance.over_cap)
    return Revision(before, Terms(before.requested, before.over_cap, elsewhere, before.needed_by), surplus)
