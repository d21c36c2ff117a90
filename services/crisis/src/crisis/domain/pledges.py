"""A pledge: an offer made for one need line, proposed at once, or waitlisted when there is no room.

Pledges of one batch are decided one after another against the balance the earlier ones left; a refused pledge
leaves no trace in it.
"""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from imece_reference.places import place

from .allocations import Allocation, Clock, Side, entry_of
from .answers import Doing
from .balances import MOST_COUNTED, NeedBalance
from .crises import Crisis, must_be_open
from .ledger import Entry
from .lines import Line
from .offers import Offer, OfferClock, OfferLine, OfferState, OfferTimer
from .refusals import LineFull, TooSmall
from .states import NeedBucket, State, Timer
from .units import PackSnapshot, entered, plain


@dataclass(frozen=True, slots=True)
class PledgeRequest:
    """A pledge as the pledger wrote it; `quantity` is decimal text in `unit`."""

    need_line_id: UUID
    pledger_org_id: UUID
    quantity: str
    unit: str
    origin: str
    ready_within_minutes: int | None = None
    has_transport: bool = False


@dataclass(frozen=True, slots=True)
class Pledge:
    """A decided pledge: its offer, its allocation, the entry, and the line's balance after it."""

    offer: Offer
    allocation: Allocation
    entry: Entry
    balance: NeedBalance

    @property
    def supply(self) -> OfferLine:
        """The only line of the offer."""
        return self.offer.lines[0]

    @property
    def clock(self) -> Clock:
        """The deadline of the new row; every pledge has one."""
        assert self.allocation.clock is not None
        return self.allocation.clock


def pledged(request: PledgeRequest, crisis: Crisis, line: Line, balance: NeedBalance, doing: Doing) -> Pledge:
    """Decide one pledge against the balance given.

    Raises CrisisNotOpen, NeedClosed, NeedNotOpen, LineOverdue, UnknownPlace, InvalidQuantity, UnknownUnit,
    NotWhole, QuantityTooLarge, TooSmall and LineFull.
    """
    must_be_open(crisis)
    line.must_take_pledges(doing.now)
    place(request.origin)
    quantity, pack = entered(line.item_code, request.quantity, request.unit)
    room = balance.room
    if quantity < min(line.min_useful, room):
        raise TooSmall(
            quantity=plain(quantity), min_useful=plain(line.min_useful), room=plain(room), unit=line.unit
        )
    if balance.promised + quantity > MOST_COUNTED:
        raise LineFull(promised=plain(balance.promised), quantity=plain(quantity), unit=line.unit)
    offer = _offer(request, line, quantity, pack, crisis, doing)
    allocation = _allocation(offer, request.need_line_id, crisis, line, has_room=room > 0, doing=doing)
    bucket = NeedBucket.PROPOSED if allocation.state is State.PROPOSED else NeedBucket.WAITLISTED
    return Pledge(
        offer=offer,
        allocation=allocation,
        entry=entry_of(allocation, None, doing.command_id, doing.line_version),
        balance=balance.moved(None, bucket, quantity).told(),
    )


def _offer(
    request: PledgeRequest, line: Line, quantity: Decimal, pack: PackSnapshot, crisis: Crisis, doing: Doing
) -> Offer:
    until = crisis.timers.available_until(doing.now)
    stated = OfferLine(
        offer_line_id=doing.new_id(),
        item_code=line.item_code,
        unit=line.unit,
        qty=quantity,
        pack=pack,
        ready_within_minutes=request.ready_within_minutes,
    )
    return Offer(
        offer_id=doing.new_id(),
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        org_id=request.pledger_org_id,
        origin=request.origin,
        available_from=doing.now,
        available_until=until,
        has_transport=request.has_transport,
        state=OfferState.OPEN,
        lines=(stated,),
        clock=OfferClock(doing.new_id(), OfferTimer.AVAILABLE, until),
        told=1,
    )


def _allocation(
    offer: Offer, need_line_id: UUID, crisis: Crisis, line: Line, *, has_room: bool, doing: Doing
) -> Allocation:
    allocation_id, supply = doing.new_id(), offer.lines[0]
    if has_room:
        state, awaiting = State.PROPOSED, Side.ASKER_SIDE
        clock = Clock(doing.new_id(), Timer.ANSWER, crisis.timers.answer_by(line.urgency, doing.now))
    else:
        state, awaiting = State.WAITLISTED, None
        clock = Clock(doing.new_id(), Timer.WAITING, line.needed_by)
    return Allocation(
        allocation_id=allocation_id,
        root_id=allocation_id,
        parent_id=None,
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        need_line_id=need_line_id,
        offer_line_id=supply.offer_line_id,
        pledger_org_id=offer.org_id,
        initiated_by=Side.PLEDGER,
        awaiting=awaiting,
        root_supply_qty=supply.qty,
        supply_qty=supply.qty,
        ratio_num=1,
        ratio_den=1,
        qty=supply.qty,
        pack=supply.pack,
        state=state,
        state_since=doing.now,
        clock=clock,
        waitlisted_at=None if has_room else doing.now,
        last_actor=doing.actor,
    )
