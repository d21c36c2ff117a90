"""RequestRelease: a desk, or another pledger whose goods wait for the line, asks a holder to let go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation, Step
from crisis.domain.answers import Doing
from crisis.domain.balances import NeedBalance
from crisis.domain.crises import must_take_answers
from crisis.domain.lines import Line
from crisis.domain.refusals import NotFound, ReleasePending, RoleMissing
from crisis.domain.release_requests import ReleaseRequest, asked
from crisis.events import Story
from crisis.store import release_requests
from crisis.store.command_log import Command
from crisis.usecases.allocation_step import Locked, Moved, doing_of, lock, seen, write
from crisis.usecases.authority import PLEDGERS, acting_role, desk_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class RequestRelease:
    """`reason` is a code of domain.reasons.ASK_RELEASE."""

    allocation_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Requested:
    """The request and the row it is about."""

    request: ReleaseRequest
    moved: Moved


async def request_release(
    tx: Transaction, command: RequestRelease, caller: Caller, tools: Tools
) -> Requested:
    """The pending request. Raises NotFound, RoleMissing, CrisisNotOpen, AllocationNotInState, SameParty,
    ReasonUnknown, ReleasePending."""
    row, line = await seen(tx, command.allocation_id)
    role, is_desk = await _asking_role(tx, caller, row, line)
    locked = await lock(tx, row, line)
    must_take_answers(locked.crisis)
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, tools.clock.now())
    doing = doing_of(locked, story, tools.new_id)
    request = asked(locked.row, locked.line, locked.crisis.timers, command.reason, doing, is_desk=is_desk)
    logged = audit(
        story,
        caller,
        "request_release",
        "allocation",
        row.allocation_id,
        (locked.row.version, locked.row.version + 1),
        counterparty=row.pledger_org_id,
        reason=command.reason,
    )
    return await ask(tx, locked, request, doing, story, logged)


async def ask(
    tx: Transaction,
    locked: Locked,
    request: ReleaseRequest,
    doing: Doing,
    story: Story,
    logged: Command,
) -> Requested:
    """Write a decided request under the lock of its row; raises ReleasePending if one is open."""
    before = await release_requests.pending(tx, request.allocation_id)
    if before is not None:
        raise ReleasePending(request_id=str(before.request_id))
    row = replace(locked.row, last_actor=doing.actor, version=locked.row.version + 1)
    step = Step(changed=(row,), added=(), entries=(), stopped=None)

    def told(rows: Sequence[Allocation], balance: NeedBalance) -> Envelope:
        return events.release_requested(rows[0], request, locked.line, balance, story)

    moved = await write(tx, locked, step, story, logged, event=told)
    await release_requests.insert(tx, request)
    return Requested(request, moved)


async def _asking_role(tx: Transaction, caller: Caller, row: Allocation, line: Line) -> tuple[str, bool]:
    """The caller's role and whether it is a desk's; raises NotFound, RoleMissing."""
    try:
        return desk_role(caller, row, line), True
    except (NotFound, RoleMissing):
        if not await release_requests.waits_on(tx, row.need_line_id, caller.organisation_id):
            raise
    return acting_role(caller, PLEDGERS, place=line.district, crisis_id=row.crisis_id), False
