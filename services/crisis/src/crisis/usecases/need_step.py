"""What all commands on a need have in common: lock in order, take one step, write it, tell it.

Lock order: crisis (shared), doors of its lines and offer lines of what ends with it, balances of all its
lines, its row. Lines are told of every change of their need once they were open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.balances import NeedBalance
from crisis.domain.crises import Crisis
from crisis.domain.needs import Need
from crisis.domain.refusals import NotFound
from crisis.events import Story
from crisis.store import command_log, crises, ledger, lines, need_allocations, needs
from crisis.usecases.authority import SYSTEM
from crisis.usecases.pool_offers import look_for_need
from crisis.usecases.tools import Tools
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Restart, Transaction
from imece_chassis.deadlines import fire
from imece_contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class LockedNeed:
    """A need with everything a decision needs, locked."""

    need: Need
    crisis: Crisis
    balances: Mapping[UUID, NeedBalance]


async def seen(tx: Transaction, need_id: UUID, caller: Caller | None = None) -> Need:
    """The need without lock, to ask whether the caller may act. Raises NotFound, also for others' drafts."""
    need = await needs.read(tx, need_id)
    if need is None or (
        need.is_private and caller is not None and caller.organisation_id != need.asker_org_id
    ):
        raise NotFound(kind="need", id=str(need_id))
    return need


async def lock(tx: Transaction, need: Need, *, with_supplies: bool = False) -> LockedNeed:
    """Lock crisis, all lines and the need, in that order, and read the need again.

    `with_supplies` shuts the lines' doors and locks the offer lines of what would end with the need before
    its lines. Raises Restart when the need has other lines, or something waits from other offer lines, than
    was seen before the locks.
    """
    crisis = (await crises.lock_shared(tx, [need.crisis_id]))[need.crisis_id]
    line_ids = [line.need_line_id for line in need.lines]
    supplies = frozenset[UUID]()
    if with_supplies:
        await lines.shut(tx, line_ids)
        supplies = await need_allocations.supplies(tx, line_ids)
        await lines.lock_supplies(tx, sorted(supplies))
    balances = await lines.lock_needs(tx, line_ids)
    current = await needs.read(tx, need.need_id, is_locked=True)
    assert current is not None
    if {line.need_line_id for line in current.lines} != set(balances):
        raise Restart
    if with_supplies and not await need_allocations.supplies(tx, line_ids) <= supplies:
        raise Restart
    return LockedNeed(current, crisis, balances)


async def due(
    tx: Transaction, deadline_id: UUID, need_id: UUID, *, with_supplies: bool = False
) -> LockedNeed | None:
    """The locked need whose own clock has run out; None when somebody was quicker."""
    need = await needs.read(tx, need_id)
    if need is None:
        return None
    locked = await lock(tx, need, with_supplies=with_supplies)
    clock = locked.need.clock
    if not await fire(tx, deadline_id) or clock is None or clock.deadline_id != deadline_id:
        return None
    return locked


async def write(
    tx: Transaction,
    locked: LockedNeed,
    after: Need,
    story: Story,
    logged: command_log.Command,
    told: Sequence[Envelope],
    *,
    change: str,
) -> Need:
    """Save the step with its clock, log the command, publish the need's events and the lines' new vectors.

    `change` says to readers of the lines why they changed; they are told only if what they show did.
    """
    await needs.update(tx, locked.need, after)
    await command_log.record(tx, [logged])
    shown = _shown(locked.need) != _shown(after)
    changed = await tell_lines(tx, locked.balances, locked.need, after, change, story) if shown else ()
    await outbox.append(tx, *told, *changed)
    return after


async def tell_lines(
    tx: Transaction,
    balances: Mapping[UUID, NeedBalance],
    before: Need,
    after: Need,
    change: str,
    story: Story,
) -> list[Envelope]:
    """Count one event on every line of a need that is or was open; returns the events."""
    if after.opened_at is None:
        return []
    versions = {(line_id, after.is_drill): balance.version for line_id, balance in balances.items()}
    await ledger.tell_need_lines(tx, versions)
    if _may_be_called_for(after) and not _may_be_called_for(before):
        await ledger.call_who_waits(tx, balances.values(), story.at)
        await look_for_need(tx, after.need_id, after.lines, story.at)
    known = await lines.read(tx, list(balances))
    if before.opened_at is None:
        return [
            events.need_line_opened(known[line_id], balances[line_id].told(), story)
            for line_id in sorted(balances)
        ]
    return [
        events.need_line_changed(
            known[line_id], balances[line_id].told(), before.state, after.state, change, story
        )
        for line_id in sorted(balances)
    ]


def system_story(need: Need, tools: Tools) -> Story:
    """The story of what the clock does."""
    return Story(tools.new_id(), need.crisis_id, need.is_drill, None, SYSTEM, tools.clock.now())


def _may_be_called_for(need: Need) -> bool:
    return need.state == "open" and not need.is_stale


def _shown(need: Need) -> tuple[object, ...]:
    """What a line's vector says of its need."""
    return (need.state, need.verification, need.is_stale, need.district, need.urgency, need.opened_at)
