"""Whether a task still has its reason: asked when its clock runs out, and before a word may end it.

Asking when the clock runs out keeps the hot commands free of a look at the queue.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from crisis.domain.allocations import Allocation
from crisis.domain.crises import CrisisState
from crisis.domain.needs.states import NeedState
from crisis.domain.offers import OfferState
from crisis.domain.states import State
from crisis.domain.tasks import Task, TaskKind
from crisis.store import allocations, crises, lines, needs, offers, organisations, release_requests
from crisis.usecases.orders import order_against
from crisis.usecases.pool_offers import is_pool_left
from crisis.usecases.silent_desk import is_desk_awaited
from imece_chassis.database import Transaction


async def is_needed(tx: Transaction, task: Task, now: datetime) -> bool:
    """False when what the task asks for has come about without anybody ending it."""
    if task.kind is TaskKind.POOL_OFFERS:
        return await is_pool_left(tx, task.subject_id, now)
    ask = ASK.get(task.kind)
    return ask is None or await ask(tx, task)


async def _need_is_unverified(tx: Transaction, task: Task) -> bool:
    """Whether nobody of another organisation has said yet that the need is real."""
    need = await needs.read(tx, task.subject_id)
    if need is None or need.state is NeedState.SUBMITTED:
        return need is not None
    return need.state in (NeedState.OPEN, NeedState.ON_HOLD) and need.verification == 0


async def _appeal_is_undecided(tx: Transaction, task: Task) -> bool:
    need = await needs.read(tx, task.subject_id)
    return need is not None and need.state is NeedState.CLOSED and need.clock is not None


async def _need_is_stale(tx: Transaction, task: Task) -> bool:
    need = await needs.read(tx, task.subject_id)
    return need is not None and need.state is NeedState.OPEN and need.is_stale


def _crisis_is(state: CrisisState) -> Callable[[Transaction, Task], Awaitable[bool]]:
    async def ask(tx: Transaction, task: Task) -> bool:
        crisis = await crises.read(tx, task.crisis_id)
        return crisis is not None and crisis.state == state

    return ask


async def _desk_is_silent(tx: Transaction, task: Task) -> bool:
    return await is_desk_awaited(tx, task.subject_id)


async def _hold_is_undecided(tx: Transaction, task: Task) -> bool:
    crisis = await crises.read(tx, task.crisis_id)
    row = await allocations.read(tx, task.subject_id)
    if row is None or row.state is not State.HELD:
        return False
    if crisis is not None and crisis.state == CrisisState.STOOD_DOWN:
        return True
    standing = await organisations.standing(tx, row.pledger_org_id)
    return standing != organisations.ACTIVE or await _is_stopped(tx, row)


async def _is_stopped(tx: Transaction, row: Allocation) -> bool:
    """Whether a saturation order stands against the goods: whoever ordered it decides about its own."""
    line = (await lines.read(tx, [row.need_line_id]))[row.need_line_id]
    return await order_against(tx, row, line) is not None


async def _offer_is_suspended(tx: Transaction, task: Task) -> bool:
    offer = await offers.read(tx, task.subject_id)
    return offer is not None and offer.state is OfferState.SUSPENDED


async def _offer_has_something_free(tx: Transaction, task: Task) -> bool:
    offer = await offers.read(tx, task.subject_id)
    if offer is None or offer.state is not OfferState.OPEN:
        return False
    return any(balance.free > 0 for balance in (await offers.balances(tx, [offer])).values())


async def _nobody_was_reached(tx: Transaction, task: Task) -> bool:
    row = await allocations.read(tx, task.subject_id)
    if row is None:
        return False
    if row.clock is not None and row.clock.paused_since is not None:
        return True
    request = await release_requests.pending(tx, row.allocation_id)
    return request is not None and await release_requests.stands_still(tx, request)


async def _is_on_the_road(tx: Transaction, task: Task) -> bool:
    row = await allocations.read(tx, task.subject_id)
    return row is not None and row.state is State.DISPATCHED


async def _is_too_much(tx: Transaction, task: Task) -> bool:
    """Whether a line with a surplus has goods that are not delivered; whether such come to a met need."""
    if task.subject_type != needs.SUBJECT:
        known = (await lines.read_balances(tx, [task.subject_id])).values()
        return any(each.surplus and each.held + each.in_transit + each.arrived for each in known)
    need = await needs.read(tx, task.subject_id)
    if need is None:
        return False
    balances = await lines.read_balances(tx, [line.need_line_id for line in need.lines])
    return any(each.in_transit + each.arrived + each.surplus for each in balances.values())


ASK: Mapping[TaskKind, Callable[[Transaction, Task], Awaitable[bool]]] = {
    TaskKind.VERIFY_NEED: _need_is_unverified,
    TaskKind.VERIFY_LIFE_SAVING: _need_is_unverified,
    TaskKind.APPEAL: _appeal_is_undecided,
    TaskKind.CLOSE_STALE_NEED: _need_is_stale,
    TaskKind.DECIDE_CRISIS: _crisis_is(CrisisState.PROPOSED),
    TaskKind.LEVEL_REVIEW: _crisis_is(CrisisState.OPEN),
    TaskKind.WIND_DOWN: _crisis_is(CrisisState.STOOD_DOWN),
    TaskKind.SILENT_DESK: _desk_is_silent,
    TaskKind.DECIDE_HOLD: _hold_is_undecided,
    TaskKind.OFFER_REVIEW: _offer_is_suspended,
    TaskKind.MATCH_OFFER: _offer_has_something_free,
    TaskKind.NOT_REACHED: _nobody_was_reached,
    TaskKind.DIVERT: _is_on_the_road,
    TaskKind.SURPLUS: _is_too_much,
}
