"""What free goods could give to need lines: asked by whoever looks for candidates, or for offers to pool."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from crisis.domain.balances import NeedBalance
from crisis.domain.candidates import (
    FreeGoods,
    Share,
    items_to_call,
    must_take_calls,
    pool_of,
    shares,
)
from crisis.domain.crises import Crisis
from crisis.domain.lines import Line
from crisis.domain.orders import SaturationOrder
from crisis.domain.refusals import Refusal
from crisis.store import candidates, orders, waivers
from imece_chassis.database import Transaction

GOODS_LOOKED_AT = 12_000
"""Goods that one look reads, and computes shares of, together: half a second, less than a command waits."""


async def shares_for(
    tx: Transaction, line: Line, room: Decimal, goods: Sequence[FreeGoods], *, by_org: UUID | None = None
) -> list[Share]:
    """What each of the goods could give to the line, also outside its earmark where its owner allowed it."""
    earmarked = [each.line_id for each in goods if each.earmark]
    waived = (
        await waivers.granted(tx, earmarked, [line.need_line_id]) if earmarked else set[tuple[UUID, UUID]]()
    )
    allowed = frozenset(offer_line_id for offer_line_id, _ in waived)
    return shares(goods, line, room, by_org=by_org, waived=allowed)


class Pools:
    """Offers to pool for lines of one crisis, as one transaction sees them; goods are read once per item.

    So many goods are looked at and no more, `most` over all lines: beyond that no line has a pool.
    """

    def __init__(self, crisis: Crisis, now: datetime, most: int = GOODS_LOOKED_AT) -> None:
        self._crisis = crisis
        self._now = now
        self._left = most
        self._orders: Sequence[SaturationOrder] | None = None
        self._goods: dict[tuple[str, ...], Sequence[FreeGoods]] = {}

    async def share_of(
        self, tx: Transaction, line: Line, balance: NeedBalance, offer_line_id: UUID
    ) -> Share | None:
        """What an offer line could give alone; None where a call would be refused."""
        free = await self._free_for(tx, line, balance)
        own = [each for each in free if each.line_id == offer_line_id]
        found = await shares_for(tx, line, balance.room, own)
        return found[0] if found else None

    async def of(self, tx: Transaction, line: Line, balance: NeedBalance) -> tuple[Share, ...]:
        """Those that are each too small for the line and together useful; none where it takes no calls."""
        free = await self._free_for(tx, line, balance)
        if not free or len(free) > self._left:
            return ()
        self._left -= len(free)
        found = await shares_for(tx, line, balance.room, free)
        return pool_of(found, line, balance.room)

    async def _free_for(self, tx: Transaction, line: Line, balance: NeedBalance) -> Sequence[FreeGoods]:
        try:
            must_take_calls(self._crisis, line, balance, self._now)
        except Refusal:
            return ()
        if self._orders is None:
            self._orders = await orders.in_force(tx, [line.crisis_id])
        items = tuple(items_to_call(line, self._orders))
        if items not in self._goods:
            if self._left <= 0:
                return ()
            self._goods[items] = (await candidates.offered(tx, line.crisis_id, items, self._now)).goods
            self._left -= len(self._goods[items])
        return self._goods[items]
