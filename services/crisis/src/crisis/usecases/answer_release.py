"""AnswerRelease and its silence: the holder lets go, or keeps the goods with a plan; no answer lets go.

An organisation that asked is called first for what is missing again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation, Plan
from crisis.domain.balances import NeedBalance
from crisis.domain.holds import planned
from crisis.domain.reasons import HOLDER_AGREED, RELEASE_BY_SILENCE
from crisis.domain.refusals import NotFound, PlanRequired
from crisis.domain.release_requests import ReleaseRequest, RequestState
from crisis.domain.releases import released
from crisis.events import Story
from crisis.store import release_requests
from crisis.usecases.allocation_step import Locked, Moved, doing_of, lock, seen, write
from crisis.usecases.authority import SYSTEM, pledger_role
from crisis.usecases.orders import is_pointless
from crisis.usecases.representing import speaking_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Restart, Transaction
from imece_chassis.deadlines import fire
from imece_contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class AnswerRelease:
    """`agrees`, or a `plan` for when the goods leave."""

    request_id: UUID
    agrees: bool
    plan: Plan | None = None


async def answer_release(tx: Transaction, command: AnswerRelease, caller: Caller, tools: Tools) -> Moved:
    """The released row, or the row that stays held.

    Raises NotFound, RoleMissing, ReleaseSettled, PlanRequired, PlanInvalid, AllocationNotInState.
    """
    request = await _known(tx, command.request_id)
    row, line = await seen(tx, request.allocation_id)
    is_asked = request.asked_by_org != caller.organisation_id
    speaking = await speaking_role(tx, caller, row, line, tools.clock.now()) if is_asked else None
    role = speaking or pledger_role(caller, row, line)
    locked = await lock(tx, row, line)
    request = await _known(tx, command.request_id)
    if request.allocation_id != row.allocation_id:
        raise Restart  # the row was cut meanwhile: the request is about the piece that stays held
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, tools.clock.now())
    if command.agrees:
        after = request.settled(RequestState.AGREED)
        return await _let_go(tx, locked, (request, after), HOLDER_AGREED, story, caller, tools)
    after = request.settled(RequestState.REFUSED)
    if command.plan is None or command.plan.transport is None:
        raise PlanRequired
    step = planned(locked.row, command.plan, locked.line, doing_of(locked, story, tools.new_id))
    logged = audit(
        story,
        caller,
        "refuse_release",
        "allocation",
        row.allocation_id,
        (locked.row.version, step.changed[0].version),
        counterparty=request.asked_by_org,
    )

    def told(rows: Sequence[Allocation], balance: NeedBalance) -> Envelope:
        return events.release_refused(rows[0], request.request_id, locked.line, balance, story)

    await release_requests.settle(tx, request, after)
    return await write(tx, locked, step, story, logged, event=told)


async def lapse_release(tx: Transaction, deadline_id: UUID, request_id: UUID, tools: Tools) -> bool:
    """The holder was silent: the goods are let go.

    A row that moved on, or an order that stops the goods no longer, makes the request void. False when
    somebody was quicker.
    """
    seen_request = await release_requests.read(tx, request_id)
    if seen_request is None:
        return False
    row, _ = await seen(tx, seen_request.allocation_id)
    locked = await lock(tx, row)
    request = await release_requests.read(tx, request_id)
    if request is not None and request.allocation_id != row.allocation_id:
        raise Restart
    if not await fire(tx, deadline_id) or request is None or request.deadline_id != deadline_id:
        return False
    if await is_pointless(tx, request, locked.row, locked.line):
        await release_requests.settle(tx, request, request.settled(RequestState.VOID))
        return True
    story = Story(tools.new_id(), row.crisis_id, row.is_drill, None, SYSTEM, tools.clock.now())
    after = request.settled(RequestState.LAPSED)
    await _let_go(tx, locked, (request, after), RELEASE_BY_SILENCE, story, None, tools)
    return True


async def _let_go(
    tx: Transaction,
    locked: Locked,
    request: tuple[ReleaseRequest, ReleaseRequest],
    reason: str,
    story: Story,
    caller: Caller | None,
    tools: Tools,
) -> Moved:
    before, after = request
    step = released(locked.row, locked.row.qty, reason, doing_of(locked, story, tools.new_id))
    logged = audit(
        story,
        caller,
        "release_on_request",
        "allocation",
        locked.row.allocation_id,
        (locked.row.version, step.changed[0].version),
        counterparty=before.asked_by_org,
        reason=reason,
    )
    await release_requests.settle(tx, before, after)
    if not before.is_desk:
        await release_requests.prefer(tx, locked.row.need_line_id, before.asked_by_org)
    return await write(tx, locked, step, story, logged)


async def _known(tx: Transaction, request_id: UUID) -> ReleaseRequest:
    request = await release_requests.read(tx, request_id)
    if request is None:
        raise NotFound(kind="release request", id=str(request_id))
    return request
