"""SettleCondition and its silence: it came true, is waived for a reason, or failed and ends every row that
waits under its root."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation
from crisis.domain.answers import ended_by_condition
from crisis.domain.conditions import Condition, ConditionState, Stating, settled
from crisis.domain.lines import Line
from crisis.domain.reasons import CONDITION_FAILED, WAIVE, known_reason
from crisis.domain.refusals import NotFound
from crisis.domain.states import State
from crisis.events import Story
from crisis.store import allocations, command_log, conditions, crises, lines
from crisis.usecases.allocation_step import Locked, doing_of, lock, seen, write
from crisis.usecases.authority import ASKERS, SYSTEM, acting_role, desk_role, must_see, pledger_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Restart, Transaction
from imece_chassis.deadlines import fire

WAITING = (State.PROPOSED, State.COUNTERED, State.WAITLISTED)


@dataclass(frozen=True, slots=True)
class SettleCondition:
    """`state` is met, waived or failed; `reason` a code of domain.reasons.WAIVE, for a waiver alone."""

    condition_id: UUID
    state: ConditionState
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """The condition after it, and the row as it stands."""

    condition: Condition
    row: Allocation
    line: Line


async def settle_condition(
    tx: Transaction, command: SettleCondition, caller: Caller, tools: Tools
) -> Settled:
    """What became of it. Raises NotFound, RoleMissing, ConditionSettled, NotYourCondition, ReasonUnknown and
    AllocationNotInState when no row waits for it any more."""
    condition = await _known(tx, command.condition_id)
    leaves = await conditions.leaves_of(tx, condition.root_id)
    row, line = await seen(tx, leaves[0] if leaves else condition.allocation_id)
    by, role = _side(caller, row, line, condition)
    waived = command.state is ConditionState.WAIVED
    reason = known_reason(command.reason or "", WAIVE, "waive a condition") if waived else None
    pieces = await _lock(tx, condition.root_id, leaves)
    locked = pieces[0] if pieces else await lock(tx, row)
    locked.row.must_be(*WAITING)
    condition = await _known(tx, command.condition_id)
    after = settled(condition, command.state, by, reason)
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, tools.clock.now())
    await conditions.settle(tx, [condition], [after])
    await outbox.append(tx, events.condition_settled(after, locked.row, locked.line, story))
    if command.state is ConditionState.FAILED:
        return Settled(after, (await _end(tx, pieces, story, caller, tools))[0], locked.line)
    name = "waive_condition" if waived else "meet_condition"
    logged = audit(story, caller, name, "condition", condition.condition_id, (1, 2), reason=reason)
    await command_log.record(tx, [logged])
    return Settled(after, locked.row, locked.line)


async def lapse_condition(tx: Transaction, deadline_id: UUID, condition_id: UUID, tools: Tools) -> bool:
    """Nobody said by its date that it came true: it failed, and what waits for it ends."""
    condition = await conditions.read(tx, condition_id)
    if condition is None:
        return False
    leaves = await conditions.leaves_of(tx, condition.root_id)
    pieces = await _lock(tx, condition.root_id, leaves)
    if not pieces:
        await lock(tx, (await seen(tx, condition.allocation_id))[0])
    condition = await _known(tx, condition_id)
    if not await fire(tx, deadline_id) or condition.deadline_id != deadline_id:
        return False
    after = settled(condition, ConditionState.FAILED, condition.stated_by, None)
    await conditions.settle(tx, [condition], [after])
    if pieces:
        row, line = pieces[0].row, pieces[0].line
        story = Story(tools.new_id(), row.crisis_id, row.is_drill, None, SYSTEM, tools.clock.now())
        await outbox.append(tx, events.condition_settled(after, row, line, story))
        await _end(tx, pieces, story, None, tools)
    return True


async def _lock(tx: Transaction, root_id: UUID, leaves: Sequence[UUID]) -> list[Locked]:
    """Everything that waits under the root, locked in order; pieces may wait for two lines after a merge was
    undone. Raises Restart when other pieces, or other lines, are found than were seen."""
    whose = await allocations.whose(tx, leaves)
    known_crises = await crises.lock_shared(tx, sorted({crisis for crisis, _, _ in whose}))
    await lines.lock_supplies(tx, sorted({supply for _, supply, _ in whose}))
    balances = await lines.lock_needs(tx, sorted({line for _, _, line in whose}))
    rows = await allocations.lock_many(tx, leaves)
    if await conditions.leaves_of(tx, root_id) != list(leaves):
        raise Restart  # it was cut or ended meanwhile
    if any(row.need_line_id not in balances for row in rows.values()):
        raise Restart
    known = await lines.read(tx, list(balances))
    return [
        Locked(row, known[row.need_line_id], balances[row.need_line_id], known_crises[row.crisis_id])
        for row in (rows[leaf] for leaf in leaves)
    ]


async def _end(
    tx: Transaction, pieces: Sequence[Locked], story: Story, caller: Caller | None, tools: Tools
) -> list[Allocation]:
    """End every piece, each as a command with an event and a line version of its own."""
    ended: list[Allocation] = []
    balances = {piece.line.need_line_id: piece.balance for piece in pieces}
    for piece in pieces:
        locked = replace(piece, balance=balances[piece.line.need_line_id])
        told = replace(story, command_id=tools.new_id())
        step = ended_by_condition(locked.row, doing_of(locked, told, tools.new_id))
        logged = audit(
            told,
            caller,
            "fail_condition",
            "allocation",
            locked.row.allocation_id,
            (locked.row.version, step.changed[0].version),
            reason=CONDITION_FAILED,
        )
        moved = await write(tx, locked, step, told, logged)
        balances[locked.line.need_line_id] = moved.balance
        ended.append(moved.rows[0])
    return ended


async def _known(tx: Transaction, condition_id: UUID) -> Condition:
    condition = await conditions.read(tx, condition_id)
    if condition is None:
        raise NotFound(kind="condition", id=str(condition_id))
    return condition


def _side(caller: Caller, row: Allocation, line: Line, condition: Condition) -> tuple[Stating, str]:
    if caller.organisation_id == row.pledger_org_id:
        return Stating.PLEDGER, pledger_role(caller, row, line)
    if condition.stated_by is Stating.ASKER and caller.organisation_id == line.asker_org_id:
        return Stating.ASKER, acting_role(caller, ASKERS, place=line.district, crisis_id=row.crisis_id)
    return Stating.ASKER_SIDE, desk_role(caller, row, line)


async def conditions_of(tx: Transaction, allocation_id: UUID, caller: Caller) -> list[Condition]:
    """The conditions of an allocation, oldest first; raises NotFound."""
    row, line = await seen(tx, allocation_id)
    must_see(caller, row, line)
    return await conditions.of_root(tx, row.root_id)
