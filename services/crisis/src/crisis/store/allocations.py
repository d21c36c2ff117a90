"""Allocation rows and the offers pledges create."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crisis.domain.allocations import Allocation, Clock, Side
from crisis.domain.ledger import Entry
from crisis.domain.pledges import Pledge
from crisis.domain.states import State, Timer
from crisis.store.packs import pack_json, pack_of
from crisis.store.queries import narrowed, query
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, cancel, schedule
from imece_chassis.ids import BEYOND_ALL

SUBJECT = "allocation"


async def insert_offers(tx: Transaction, pledges: Sequence[Pledge]) -> None:
    """Write the offer and offer line of every pledge."""
    offers = [pledge.offer for pledge in pledges]
    await tx.execute(
        query("insert_offers"),
        [offer.offer_id for offer in offers],
        [pledge.allocation.crisis_id for pledge in pledges],
        [pledge.allocation.is_drill for pledge in pledges],
        [offer.org_id for offer in offers],
        [offer.origin for offer in offers],
        [offer.available_from for offer in offers],
        [offer.available_until for offer in offers],
        [offer.has_transport for offer in offers],
    )
    await tx.execute(
        query("insert_offer_lines"),
        [offer.offer_line_id for offer in offers],
        [offer.offer_id for offer in offers],
        [pledge.allocation.is_drill for pledge in pledges],
        [offer.item_code for offer in offers],
        [offer.unit for offer in offers],
        [offer.ready_within_minutes for offer in offers],
    )


async def insert(tx: Transaction, rows: Sequence[Allocation]) -> None:
    """Write new rows and the deadlines of those that wait."""
    if not rows:
        return
    await tx.execute(
        query("insert_allocations"),
        [row.allocation_id for row in rows],
        [row.root_id for row in rows],
        [row.parent_id for row in rows],
        [row.crisis_id for row in rows],
        [row.is_drill for row in rows],
        [row.need_line_id for row in rows],
        [row.offer_line_id for row in rows],
        [row.pledger_org_id for row in rows],
        [row.initiated_by for row in rows],
        [row.awaiting for row in rows],
        [row.root_supply_qty for row in rows],
        [row.supply_qty for row in rows],
        [row.ratio_num for row in rows],
        [row.ratio_den for row in rows],
        [row.qty for row in rows],
        [pack_json(row.pack) for row in rows],
        [row.state for row in rows],
        [row.state_since for row in rows],
        [row.clock.deadline_id if row.clock else None for row in rows],
        [row.reason for row in rows],
        [row.waitlisted_at for row in rows],
        [row.last_actor for row in rows],
        [row.version for row in rows],
    )
    await schedule(tx, *deadlines_of(rows))


async def update(tx: Transaction, row: Allocation) -> None:
    """Write a locked row as it is after one step, and its new deadline."""
    await tx.execute(
        "UPDATE allocations SET awaiting = $3, supply_qty = $4, qty = $5, state = $6, state_since = $7,"
        " deadline_id = $8, reason = $9, waitlisted_at = $10, last_actor = $11, version = $12"
        " WHERE allocation_id = $1 AND is_drill = $2",
        row.allocation_id,
        row.is_drill,
        row.awaiting,
        row.supply_qty,
        row.qty,
        row.state,
        row.state_since,
        row.clock.deadline_id if row.clock else None,
        row.reason,
        row.waitlisted_at,
        row.last_actor,
        row.version,
    )
    await schedule(tx, *deadlines_of([row]))


async def stop_clock(tx: Transaction, deadline_id: UUID | None) -> None:
    """Cancel the deadline a row no longer waits for."""
    if deadline_id is not None:
        await cancel(tx, deadline_id)


async def read(tx: Transaction, allocation_id: UUID, *, is_locked: bool = False) -> Allocation | None:
    """One row; `is_locked` locks it, to be asked for only after its crisis and lines are locked."""
    statement = query("read_allocations") + (" FOR UPDATE OF allocation" if is_locked else "")
    row = await tx.fetchrow(statement, [allocation_id])
    return None if row is None else _allocation(row)


async def read_many(tx: Transaction, allocation_ids: Sequence[UUID]) -> list[Allocation]:
    """Rows in the order of the ids, for reading only."""
    found = {row["allocation_id"]: row for row in await tx.fetch(query("read_allocations"), allocation_ids)}
    return [_allocation(found[allocation_id]) for allocation_id in allocation_ids]


async def page(
    tx: Transaction,
    crisis_id: UUID,
    *,
    pledger: UUID | None,
    state: str | None,
    need_line_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> list[Allocation]:
    """Allocations of a crisis, newest first."""
    wanted = {"pledger_org_id": pledger, "state": state, "need_line_id": need_line_id}
    statement, values = narrowed("list_pledges", 4, wanted)
    rows = await tx.fetch(statement, crisis_id, after or BEYOND_ALL, limit, *values)
    return await read_many(tx, [row["allocation_id"] for row in rows])


async def history(tx: Transaction, root_id: UUID) -> list[Entry]:
    """Every entry under a root, oldest first."""
    return [
        Entry(
            command_id=row["command_id"],
            allocation_id=row["allocation_id"],
            root_id=row["root_id"],
            need_line_id=row["need_line_id"],
            offer_line_id=row["offer_line_id"],
            crisis_id=row["crisis_id"],
            is_drill=row["is_drill"],
            from_state=State(row["from_state"]) if row["from_state"] else None,
            to_state=State(row["to_state"]),
            supply_qty=row["supply_qty"],
            qty=row["qty"],
            line_version=row["line_version"],
            at=row["at"],
        )
        for row in await tx.fetch(query("read_history"), root_id)
    ]


def deadlines_of(rows: Sequence[Allocation]) -> list[Deadline]:
    """The deadline rows of allocations that wait."""
    return [
        Deadline(row.clock.deadline_id, SUBJECT, row.allocation_id, row.clock.kind, row.clock.due_at)
        for row in rows
        if row.clock is not None
    ]


def _allocation(row: Any) -> Allocation:
    deadline_id = row["deadline_id"]
    return Allocation(
        allocation_id=row["allocation_id"],
        root_id=row["root_id"],
        parent_id=row["parent_id"],
        crisis_id=row["crisis_id"],
        is_drill=row["is_drill"],
        need_line_id=row["need_line_id"],
        offer_line_id=row["offer_line_id"],
        pledger_org_id=row["pledger_org_id"],
        initiated_by=Side(row["initiated_by"]),
        awaiting=Side(row["awaiting"]) if row["awaiting"] else None,
        root_supply_qty=row["root_supply_qty"],
        supply_qty=row["supply_qty"],
        ratio_num=row["ratio_num"],
        ratio_den=row["ratio_den"],
        qty=row["qty"],
        pack=pack_of(row["pack_snapshot"]),
        state=State(row["state"]),
        state_since=row["state_since"],
        clock=Clock(deadline_id, Timer(row["deadline_kind"]), row["due_at"]) if deadline_id else None,
        reason=row["reason"],
        waitlisted_at=row["waitlisted_at"],
        last_actor=row["last_actor"],
        version=row["version"],
    )
