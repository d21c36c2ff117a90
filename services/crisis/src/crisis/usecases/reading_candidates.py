"""Whom a desk could call for a need line, best fit first; the desk calls."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from crisis.domain.balances import ZERO, NeedBalance
from crisis.domain.candidates import (
    Candidate,
    Share,
    items_to_call,
    must_take_calls,
    pool_of,
    ranked,
)
from crisis.domain.lines import Line
from crisis.domain.refusals import Refusal, Saturated
from crisis.store import candidates, crises, lines, orders, waiting
from crisis.usecases.authority import READERS, acting_role
from crisis.usecases.goods_for_lines import shares_for
from crisis.usecases.line_step import seen_line
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class CandidatesRead:
    """`candidates` could each be called alone; those of `pool` reach together what is useful.

    `refusal` is the code any call for the line would be refused with: then there are none.
    """

    line: Line
    balance: NeedBalance
    candidates: tuple[Candidate, ...] = ()
    pool: tuple[Candidate, ...] = ()
    refusal: str | None = None
    is_complete: bool = True

    @property
    def pooled(self) -> Decimal:
        """What the pool does for the line, in its unit."""
        return sum((each.share.does for each in self.pool), ZERO)


async def candidates_for(
    tx: Transaction, need_line_id: UUID, caller: Caller, now: datetime
) -> CandidatesRead:
    """For the desk of the line's place and auditors. Raises NotFound, RoleMissing."""
    line = await seen_line(tx, need_line_id, caller)
    acting_role(caller, READERS, place=line.district, crisis_id=line.crisis_id)
    balance = (await lines.read_balances(tx, [need_line_id]))[need_line_id]
    crisis = await crises.read(tx, line.crisis_id)
    assert crisis is not None
    try:
        must_take_calls(crisis, line, balance, now)
    except Refusal as refusal:
        return CandidatesRead(line, balance, refusal=refusal.code)
    items = items_to_call(line, await orders.in_force(tx, [line.crisis_id]))
    if not items:
        return CandidatesRead(line, balance, refusal=Saturated.code)
    found = await candidates.offered(tx, line.crisis_id, items, now)
    goods, is_complete = found.goods, found.is_complete
    if line.item_code in items:
        kept = await candidates.kept_ready(tx, line.item_code, now, is_drill=line.is_drill)
        goods, is_complete = (*goods, *kept.goods), is_complete and kept.is_complete
    fitting = await shares_for(tx, line, balance.room, goods, by_org=caller.organisation_id)
    pool = pool_of(fitting, line, balance.room)
    enough = [each for each in fitting if each.is_enough]
    return CandidatesRead(
        line,
        balance,
        candidates=await _in_turn(tx, enough, line, now),
        pool=await _in_turn(tx, pool, line, now),
        is_complete=is_complete,
    )


async def _in_turn(
    tx: Transaction, found: list[Share] | tuple[Share, ...], line: Line, now: datetime
) -> tuple[Candidate, ...]:
    if not found:
        return ()
    known = await waiting.records(tx, {each.goods.org_id for each in found}, now, is_drill=line.is_drill)
    return tuple(ranked(found, line, known))
