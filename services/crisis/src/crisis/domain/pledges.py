"""A pledge: goods promised for one need line, from an offer made for it or from one that exists.

Proposed at once, or waitlisted when nothing could be taken. Pledges of one batch are decided one after
another against the balances the earlier ones left; a refused pledge leaves no trace in them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from imece_reference.places import place

from .allocations import Allocation, Clock, Plan, Side, Step, entry_of
from .answers import Doing, accepted
from .balances import NeedBalance
from .behalf import written_for
from .conditions import Condition, ConditionRequest, must_be_unconditional, question_to_asker, stated
from .crises import Crisis
from .ledger import Entry, need_after
from .lines import Line
from .offers import Offer, OfferClock, OfferLine, OfferState, OfferTimer
from .proposals import Terms, must_be_possible, proposed
from .ratios import ratio_between
from .supplies import Supply
from .units import entered

NewId = Callable[[], UUID]


@dataclass(frozen=True, slots=True)
class PledgeRequest:
    """A pledge as the pledger wrote it; `quantity` is decimal text in `unit`.

    With `offer_line_id` the goods are that line's, otherwise an offer is made of them at `origin`.
    `allocation_id` is an id of the pledger's own; None has one minted. `bundle_id` is what it is a row of.
    `written_by_org_id` is the organisation whose desk writes it down for the pledger.
    """

    need_line_id: UUID
    pledger_org_id: UUID
    quantity: str
    unit: str
    origin: str = ""
    ready_within_minutes: int | None = None
    has_transport: bool = False
    offer_line_id: UUID | None = None
    plan: Plan | None = None
    conditions: tuple[ConditionRequest, ...] = ()
    allocation_id: UUID | None = None
    bundle_id: UUID | None = None
    written_by_org_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Pledge:
    """A decided pledge: its allocation as proposed, the entry, and the line's balance after it.

    `offer` holds the goods, `is_new` when this pledge made it. `taken` is the accept that followed at once,
    `held` the balance after that.
    """

    offer: Offer
    supply: OfferLine
    allocation: Allocation
    entry: Entry
    balance: NeedBalance
    is_new: bool = True
    conditions: tuple[Condition, ...] = ()
    taken: Step | None = None

    @property
    def clock(self) -> Clock:
        """The deadline of the row as it stands; every pledge has one."""
        clock = self.row.clock
        assert clock is not None
        return clock

    @property
    def row(self) -> Allocation:
        """The allocation as it stands after the command."""
        return self.taken.rows[0] if self.taken else self.allocation

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is posted: the proposal, and the accept if one followed."""
        return (self.entry, *self.taken.entries) if self.taken else (self.entry,)

    @property
    def after(self) -> NeedBalance:
        """The line's balance after the command."""
        return need_after(self.balance, self.taken.entries).told() if self.taken else self.balance


def pledged(
    request: PledgeRequest,
    crisis: Crisis,
    line: Line,
    balance: NeedBalance,
    doing: Doing,
    supply: Supply | None = None,
    *,
    is_waived: bool = False,
) -> Pledge:
    """Decide one pledge against the balances given; `supply` is the locked line it names, if it names one.

    `is_waived` says that its pledger allowed the use outside its earmark. Raises UnknownPlace,
    InvalidQuantity, UnknownUnit, NotWhole, QuantityTooLarge, ItemNotEqual, ConditionInvalid, and what
    `Supply.must_give` and `must_be_possible` do.
    """
    behalf = None
    if request.written_by_org_id is not None:
        behalf = written_for(request.pledger_org_id, request.written_by_org_id, line.asker_org_id, doing.now)
        must_be_unconditional(request.conditions)
    if supply is None:
        given = line_of_offer(request, line, doing.new_id)
        offer = replace(offer_of(request, crisis, (given,), doing.now, doing.new_id), behalf=behalf)
        quantity, pack = given.qty, given.pack
    else:
        offer, given = supply.offer, supply.line
        quantity, pack = entered(given.item_code, request.quantity, request.unit)
    terms = Terms(
        offer, given, quantity, pack, ratio_between(given.item_code, line), request.plan, is_waived=is_waived
    )
    must_be_possible(terms, crisis, line, balance, doing)
    if supply is not None:
        supply.must_give(quantity, doing.now)
    row = proposed(
        terms,
        crisis,
        line,
        balance,
        doing,
        allocation_id=request.allocation_id,
        bundle_id=request.bundle_id,
        behalf=behalf,
    )
    conditions = conditions_of(request.conditions, row, line, Side.PLEDGER, doing)
    if conditions:
        row = replace(row, has_conditions=True)
    entry = entry_of(row, None, doing.command_id, doing.line_version)
    return Pledge(
        offer=offer,
        supply=given,
        allocation=row,
        entry=entry,
        balance=need_after(balance, [entry]).told(),
        is_new=supply is None,
        conditions=conditions,
    )


def taken_at_once(pledge: Pledge, line: Line, crisis: Crisis, doing: Doing) -> Pledge:
    """The pledge, accepted whole by nobody in particular; see `auto_accept.may_be_taken`."""
    step = accepted(pledge.allocation, pledge.balance, line, crisis.timers, None, None, doing)
    return replace(pledge, taken=step)


def conditions_of(
    requests: tuple[ConditionRequest, ...], row: Allocation, line: Line, by: Side, doing: Doing
) -> tuple[Condition, ...]:
    """The conditions of a new row: those stated, and what a substitute asks. Raises ConditionInvalid."""
    if not requests and row.substitute_of is None:
        return ()
    conditions = stated(
        requests,
        by,
        row.root_id,
        row.allocation_id,
        is_drill=row.is_drill,
        needed_by=line.needed_by,
        now=doing.now,
        new_id=doing.new_id,
    )
    if row.substitute_of is None or line.substitution != "ask_asker":
        return conditions
    assert row.clock is not None
    asked = question_to_asker(row.root_id, row.clock.due_at, is_drill=row.is_drill, new_id=doing.new_id)
    return (*conditions, asked)


def offer_of(
    request: PledgeRequest, crisis: Crisis, lines: tuple[OfferLine, ...], now: datetime, new_id: NewId
) -> Offer:
    """An open offer of these lines, where and with the transport the request says. Raises UnknownPlace."""
    place(request.origin)
    until = crisis.timers.available_until(now)
    return Offer(
        offer_id=new_id(),
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        org_id=request.pledger_org_id,
        origin=request.origin,
        available_from=now,
        available_until=until,
        has_transport=request.has_transport,
        state=OfferState.OPEN,
        lines=lines,
        clock=OfferClock(new_id(), OfferTimer.AVAILABLE, until),
        told=1,
    )


def line_of_offer(request: PledgeRequest, line: Line, new_id: NewId) -> OfferLine:
    """What a pledge for the line adds to an offer. Raises InvalidQuantity, UnknownUnit, NotWhole and
    QuantityTooLarge."""
    quantity, pack = entered(line.item_code, request.quantity, request.unit)
    return OfferLine(
        offer_line_id=new_id(),
        item_code=line.item_code,
        unit=line.unit,
        qty=quantity,
        pack=pack,
        ready_within_minutes=request.ready_within_minutes,
    )
