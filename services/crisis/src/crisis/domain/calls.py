"""A call: a desk asks a pledger for goods of an open offer. Until they agree it counts as promised only."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from .allocations import Allocation, Plan
from .answers import Doing
from .balances import NeedBalance
from .behalf import called_of
from .crises import Crisis
from .lines import Line
from .proposals import Terms, must_be_possible, proposed
from .ratios import ratio_between
from .refusals import GapExceeded, NeedStale, SameParty
from .supplies import Supply
from .units import PackSnapshot, plain


def called(
    supply: Supply,
    quantity: Decimal,
    pack: PackSnapshot,
    crisis: Crisis,
    line: Line,
    balance: NeedBalance,
    doing: Doing,
    *,
    plan: Plan | None = None,
    is_waived: bool = False,
) -> Allocation:
    """The row that awaits the pledger's answer; supply and balance are locked.

    Raises SameParty, NeedStale, ItemNotEqual, GapExceeded when nothing could be taken, and what
    `must_be_possible` and `Supply.must_give` do.
    """
    assert doing.actor_org_id is not None
    if supply.offer.org_id == doing.actor_org_id:
        raise SameParty(side="pledger", action="call")
    behalf = supply.offer.behalf
    if behalf is not None and behalf.by_org_id in (doing.actor_org_id, line.asker_org_id):
        raise SameParty(side="pledger", action="call")
    if line.is_stale:
        raise NeedStale
    ratio = ratio_between(supply.line.item_code, line)
    terms = Terms(supply.offer, supply.line, quantity, pack, ratio, plan, is_waived=is_waived)
    must_be_possible(terms, crisis, line, balance, doing)
    supply.must_give(quantity, doing.now)
    if ratio.down(balance.room) == 0:
        raise GapExceeded(
            quantity=plain(terms.need_quantity),
            room=plain(balance.room),
            gap=plain(balance.gap),
            unit=line.unit,
        )
    desk: UUID = doing.actor_org_id
    row = proposed(terms, crisis, line, balance, doing, desk_org_id=desk)
    if behalf is None or row.clock is None:
        return row
    return replace(row, behalf=called_of(behalf, row.clock.due_at))
