"""A new allocation: goods of an offer line meant for a need line, waiting for the side that did not start.

A pledge waits for the asker's side, or on the list where nothing could be taken; a call waits for the
pledger. Earmark, substitution and ratio are frozen on the row.
"""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from .allocations import Allocation, Clock, Plan, Side
from .answers import Doing
from .balances import MOST_COUNTED, NeedBalance
from .behalf import Behalf
from .crises import Crisis, must_be_open
from .earmarks import Earmark, misfits
from .lines import Line
from .offers import Offer, OfferLine
from .ratios import Ratio
from .refusals import EarmarkMismatch, LineFull, PlanInvalid, SameParty, TooSmall
from .states import State, Timer
from .units import PackSnapshot, plain


@dataclass(frozen=True, slots=True)
class Terms:
    """What is proposed: so much of an offer line, as entered, at a ratio; whether its earmark was waived."""

    offer: Offer
    given: OfferLine
    quantity: Decimal
    pack: PackSnapshot
    ratio: Ratio
    plan: Plan | None = None
    is_waived: bool = False

    @property
    def need_quantity(self) -> Decimal:
        """What it does for the line."""
        return self.ratio.need_of(self.quantity)


def must_be_possible(terms: Terms, crisis: Crisis, line: Line, balance: NeedBalance, doing: Doing) -> None:
    """Raise unless the line may be promised this much.

    Raises CrisisNotOpen, NeedClosed, NeedNotOpen, LineOverdue, SameParty, EarmarkMismatch, PlanInvalid,
    RatioInexact, TooSmall and LineFull.
    """
    must_be_open(crisis)
    line.must_take_pledges(doing.now)
    if line.asker_org_id == terms.offer.org_id:
        raise SameParty(side="asker", action="pledge")
    if not terms.is_waived:
        must_fit(terms.given.earmark, line, terms.given.item_code)
    must_leave_in_time(terms.plan, line, doing)
    terms.ratio.must_work(terms.quantity, terms.given.unit)
    quantity, room = terms.need_quantity, balance.room
    if quantity < min(line.min_useful, room):
        raise TooSmall(
            quantity=plain(quantity), min_useful=plain(line.min_useful), room=plain(room), unit=line.unit
        )
    if balance.promised + quantity > MOST_COUNTED:
        raise LineFull(promised=plain(balance.promised), quantity=plain(quantity), unit=line.unit)


def must_fit(earmark: Earmark, line: Line, item_code: str) -> None:
    """Raise EarmarkMismatch naming what stands against using these goods there."""
    outside = misfits(earmark, line, item_code=item_code)
    if earmark and not line.is_earmark_welcome:
        outside = (*outside, "not_welcome")
    if outside:
        raise EarmarkMismatch(outside=", ".join(outside))


def must_leave_in_time(plan: Plan | None, line: Line, doing: Doing) -> None:
    """Raise PlanInvalid unless the goods leave from now on and before they are needed."""
    if plan is not None and not doing.now <= plan.leaves_at <= line.needed_by:
        raise PlanInvalid(leaves_at=plan.leaves_at.isoformat(), most=line.needed_by.isoformat())


def proposed(
    terms: Terms,
    crisis: Crisis,
    line: Line,
    balance: NeedBalance,
    doing: Doing,
    *,
    desk_org_id: UUID | None = None,
    allocation_id: UUID | None = None,
    bundle_id: UUID | None = None,
    behalf: Behalf | None = None,
) -> Allocation:
    """The new row. `desk_org_id` makes it a call of that organisation's desk; no id has one minted."""
    allocation_id, is_call = allocation_id or doing.new_id(), desk_org_id is not None
    waits_in_line = not is_call and terms.ratio.down(balance.room) == 0
    if waits_in_line:
        state, awaiting = State.WAITLISTED, None
        clock = Clock(doing.new_id(), Timer.WAITING, line.needed_by)
    else:
        state, awaiting = State.PROPOSED, Side.PLEDGER if is_call else Side.ASKER_SIDE
        clock = Clock(doing.new_id(), Timer.ANSWER, crisis.timers.answer_by(line.urgency, doing.now))
    is_substitute = terms.given.item_code != line.item_code
    return Allocation(
        allocation_id=allocation_id,
        root_id=allocation_id,
        parent_id=None,
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        need_line_id=line.need_line_id,
        offer_line_id=terms.given.offer_line_id,
        pledger_org_id=terms.offer.org_id,
        initiated_by=Side.DESK if is_call else Side.PLEDGER,
        awaiting=awaiting,
        root_supply_qty=terms.quantity,
        supply_qty=terms.quantity,
        ratio_num=terms.ratio.num,
        ratio_den=terms.ratio.den,
        qty=terms.need_quantity,
        pack=terms.pack,
        state=state,
        state_since=doing.now,
        clock=clock,
        waitlisted_at=doing.now if waits_in_line else None,
        last_actor=doing.actor,
        earmark=terms.given.earmark,
        given_item=terms.given.item_code if is_substitute else None,
        substitute_of=line.item_code if is_substitute else None,
        plan=terms.plan,
        desk_org_id=desk_org_id,
        bundle_id=bundle_id,
        behalf=behalf,
    )
