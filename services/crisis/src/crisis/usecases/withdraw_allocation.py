"""WithdrawAllocation: the pledger takes a promise back before dispatch; what was held is missing again.

Stock that is gone leaves the offer too, or it would be promised again. For an organisation without access
whoever wrote the promise down takes it back. Withdrawals that came together are decided one after another
against figures locked once, and written with a number of statements that does not depend on how many
they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation, Step
from crisis.domain.answers import withdrawn
from crisis.domain.holds import leases_left
from crisis.domain.ledger import need_after
from crisis.domain.lines import Line
from crisis.domain.reasons import STOCK_GONE
from crisis.domain.refusals import NotFound
from crisis.events import Story
from crisis.store import allocations, command_log, lines, waiting
from crisis.usecases.allocation_step import Ground, Moved, doing_of, lock_all, seen, write_all
from crisis.usecases.asked import Asked, about_known, each_for_itself
from crisis.usecases.authority import pledger_role
from crisis.usecases.representing import speaking_role, speaking_roles
from crisis.usecases.stock_gone import lock_offer, lower
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import context
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.together import Together
from imece_contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class WithdrawAllocation:
    """`reason` is a code of domain.reasons.WITHDRAW; with stock_gone the offer line shrinks by as much."""

    allocation_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class _Understood:
    """A withdrawal whose sender may give it, as the row was seen without lock."""

    asked: Asked[WithdrawAllocation]
    row: Allocation
    role: str


@dataclass(frozen=True, slots=True)
class _Taken:
    """A decided withdrawal: the row before it, what is answered, and all that is written of it."""

    before: Allocation
    moved: Moved
    step: Step
    audit: command_log.Command
    told: Envelope
    story: Story


async def withdraw_allocation(
    tx: Transaction, command: WithdrawAllocation, caller: Caller, tools: Tools
) -> Moved:
    """The withdrawn row. Raises NotFound, RoleMissing, AllocationNotInState, ReasonUnknown."""
    offer = None
    if command.reason == STOCK_GONE:
        row, line = await seen(tx, command.allocation_id)
        if await speaking_role(tx, caller, row, line, tools.clock.now()) is None:
            pledger_role(caller, row, line)
        offer = await lock_offer(tx, row.crisis_id, row.offer_line_id)
    together = Together(tx)
    (taken,) = await _take(together, [Asked(command, caller, context.traceparent())], tools)
    if isinstance(taken, Exception):
        raise taken
    await together.run()
    if offer is not None:
        await lower(tx, offer, taken.before.offer_line_id, taken.before.supply_qty, taken.story)
    return taken.moved


async def withdraw_each(
    tx: Together, asked: Sequence[Asked[WithdrawAllocation]], tools: Tools
) -> list[Moved | Exception]:
    """What each moved, or why it was refused, in order; a refused one changes nothing for its neighbours.

    Not for goods that are gone: their offer is locked before any need line.
    """
    assert all(each.command.reason != STOCK_GONE for each in asked)
    return [each if isinstance(each, Exception) else each.moved for each in await _take(tx, asked, tools)]


async def _take(
    tx: Together, asked: Sequence[Asked[WithdrawAllocation]], tools: Tools
) -> list[_Taken | Exception]:
    refused: dict[int, Exception] = {}
    rows = await allocations.known(tx, [each.command.allocation_id for each in asked])
    facts = await lines.read(tx, sorted({row.need_line_id for row in rows.values()}))
    those = about_known(asked, rows, facts)
    roles = await speaking_roles(tx, list(those.values()), tools.clock.now())
    speaking = dict(zip(those, roles, strict=True))

    def understand(at: int, each: Asked[WithdrawAllocation]) -> _Understood:
        return _understood(each, rows, facts, speaking.get(at))

    wanted = each_for_itself(dict(enumerate(asked)), understand, refused)
    if not wanted:
        return [refused[at] for at in range(len(asked))]
    asked_of = {each.row.need_line_id: facts[each.row.need_line_id] for each in wanted.values()}
    ground = await lock_all(tx, [each.row for each in wanted.values()], asked_of)
    now = tools.clock.now()

    def take(_: int, each: _Understood) -> _Taken:
        done = _decide(each, ground, now, tools)
        ground.take(done.step, done.moved.balance)
        return done

    taken = each_for_itself(wanted, take, refused)
    if taken:
        await _write(tx, list(taken.values()), now)
    outcomes: dict[int, _Taken | Exception] = {**refused, **taken}
    return [outcomes[at] for at in range(len(asked))]


def _understood(
    each: Asked[WithdrawAllocation],
    rows: Mapping[UUID, Allocation],
    facts: Mapping[UUID, Line],
    speaking: str | None,
) -> _Understood:
    row = rows.get(each.command.allocation_id)
    if row is None:
        raise NotFound(kind="allocation", id=str(each.command.allocation_id))
    role = speaking or pledger_role(each.caller, row, facts[row.need_line_id])
    return _Understood(each, row, role)


def _decide(each: _Understood, ground: Ground, now: datetime, tools: Tools) -> _Taken:
    row, caller, reason = each.row, each.asked.caller, each.asked.command.reason
    locked = ground.of(row.allocation_id)
    story = story_of(caller, each.role, tools.new_id(), row.crisis_id, row.is_drill, now)
    story = replace(story, traceparent=each.asked.traceparent)
    step = withdrawn(locked.row, reason, doing_of(locked, story, tools.new_id))
    balance = need_after(locked.balance, step.entries).told()
    moved = Moved(step.changed, locked.line, balance)
    logged = audit(
        story,
        caller,
        "withdraw_allocation",
        "allocation",
        row.allocation_id,
        (locked.row.version, step.changed[0].version),
        reason=reason,
    )
    told = events.allocation_moved(locked.row, moved.rows, locked.line, balance, story)
    return _Taken(locked.row, moved, step, logged, told, story)


async def _write(tx: Together, taken: Sequence[_Taken], now: datetime) -> None:
    await write_all(
        tx, [each.step for each in taken], [each.audit for each in taken], [each.told for each in taken]
    )
    await tx.run()  # one statement writes a row once
    await waiting.note_given_up(tx, leases_left([each.before for each in taken], now))
