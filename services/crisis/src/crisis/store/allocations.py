"""Allocation rows."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crisis.domain.allocations import Allocation, Clock, Plan, Side, Transport
from crisis.domain.earmarks import UNRESTRICTED, earmark_json, earmark_of
from crisis.domain.ledger import Entry
from crisis.domain.reminders import HALF, MILESTONES, remind_at
from crisis.domain.states import State, Timer
from crisis.store.behalf import behalf_of
from crisis.store.packs import pack_json, pack_of
from crisis.store.queries import query
from imece_chassis.database import Restart, Transaction
from imece_chassis.deadlines import Deadline, cancel, schedule_once
from imece_chassis.ids import uuid7

SUBJECT = "allocation"


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
        [row.promoted_at for row in rows],
        [earmark_json(row.earmark) for row in rows],
        [row.given_item for row in rows],
        [row.substitute_of for row in rows],
        [row.plan.leaves_at if row.plan else None for row in rows],
        [row.plan.transport if row.plan else None for row in rows],
        [row.round for row in rows],
        [row.extensions for row in rows],
        [row.has_conditions for row in rows],
        [row.desk_org_id for row in rows],
        [row.preferred_since for row in rows],
        [row.bundle_id for row in rows],
        [row.behalf.by_org_id if row.behalf else None for row in rows],
        [row.behalf.object_until if row.behalf else None for row in rows],
    )
    await schedule_once(tx, *deadlines_of(rows))


async def update(tx: Transaction, row: Allocation, *, is_clock_new: bool = True) -> None:
    """Write a locked row as it is after one step, and its new deadlines unless it waits on its old clock."""
    await update_all(tx, [row], is_clock_new=is_clock_new)


async def update_all(tx: Transaction, changed: Sequence[Allocation], *, is_clock_new: bool = True) -> None:
    """The same for many rows, in one statement."""
    await tx.execute(
        query("update_allocations"),
        [row.allocation_id for row in changed],
        [row.is_drill for row in changed],
        [row.awaiting for row in changed],
        [row.supply_qty for row in changed],
        [row.qty for row in changed],
        [row.state for row in changed],
        [row.state_since for row in changed],
        [row.clock.deadline_id if row.clock else None for row in changed],
        [row.reason for row in changed],
        [row.waitlisted_at for row in changed],
        [row.last_actor for row in changed],
        [row.version for row in changed],
        [row.initiated_by for row in changed],
        [row.promoted_at for row in changed],
        [row.plan.leaves_at if row.plan else None for row in changed],
        [row.plan.transport if row.plan else None for row in changed],
        [row.round for row in changed],
        [row.extensions for row in changed],
        [row.has_conditions for row in changed],
        [row.desk_org_id for row in changed],
    )
    if is_clock_new:
        await schedule_once(tx, *deadlines_of(changed))


async def end(tx: Transaction, rows: Sequence[Allocation]) -> None:
    """Write locked rows that wait for nothing any more."""
    await tx.execute(
        "UPDATE allocations AS row SET awaiting = NULL, deadline_id = NULL, state = ended.state,"
        " state_since = ended.state_since, reason = ended.reason, last_actor = ended.last_actor,"
        " version = ended.version"
        " FROM unnest($1::uuid[], $2::boolean[], $3::text[], $4::timestamptz[], $5::text[], $6::text[],"
        " $7::bigint[])"
        " AS ended (allocation_id, is_drill, state, state_since, reason, last_actor, version)"
        " WHERE row.allocation_id = ended.allocation_id AND row.is_drill = ended.is_drill",
        [row.allocation_id for row in rows],
        [row.is_drill for row in rows],
        [row.state for row in rows],
        [row.state_since for row in rows],
        [row.reason for row in rows],
        [row.last_actor for row in rows],
        [row.version for row in rows],
    )


async def tell_of_clock(tx: Transaction, allocation_id: UUID) -> None:
    """Show a locked row as changed to those who follow it: its clock comes due at another time. Its version
    stays, for nothing was done with it."""
    await tx.execute("UPDATE allocations SET changed_at = now() WHERE allocation_id = $1", allocation_id)


async def stop_clock(tx: Transaction, deadline_id: UUID | None) -> None:
    """Cancel the deadline a row no longer waits for."""
    if deadline_id is not None:
        await cancel(tx, deadline_id)


async def read(tx: Transaction, allocation_id: UUID, *, is_locked: bool = False) -> Allocation | None:
    """One row; `is_locked` locks it, to be asked for only after its crisis and lines are locked."""
    statement = query("read_allocations") + (" FOR UPDATE OF allocation" if is_locked else "")
    row = await tx.fetchrow(statement, [allocation_id])
    return None if row is None else _allocation(row)


async def of_deadline(tx: Transaction, deadline_id: UUID) -> Allocation | None:
    """The row that waits on this clock."""
    allocation_id = await tx.fetchval(
        "SELECT row.allocation_id FROM deadlines JOIN allocations AS row"
        " ON row.allocation_id = deadlines.subject_id AND row.deadline_id = deadlines.deadline_id"
        " WHERE deadlines.deadline_id = $1 AND deadlines.subject_type = $2",
        deadline_id,
        SUBJECT,
    )
    return None if allocation_id is None else await read(tx, allocation_id)


async def known(tx: Transaction, allocation_ids: Sequence[UUID]) -> dict[UUID, Allocation]:
    """Rows by id without lock, to ask who may act on them; unknown ids are absent."""
    rows = await tx.fetch(query("read_allocations"), allocation_ids)
    return {row["allocation_id"]: _allocation(row) for row in rows}


async def lock_many(tx: Transaction, allocation_ids: Sequence[UUID]) -> dict[UUID, Allocation]:
    """Rows locked by id, to be asked for only after their crises and lines are locked."""
    statement = query("read_allocations") + " ORDER BY allocation.allocation_id FOR UPDATE OF allocation"
    return {row["allocation_id"]: _allocation(row) for row in await tx.fetch(statement, allocation_ids)}


async def whose(tx: Transaction, allocation_ids: Sequence[UUID]) -> list[tuple[UUID, UUID, UUID]]:
    """Crisis, offer line and need line of these rows, to know what to lock."""
    rows = await tx.fetch(
        "SELECT DISTINCT crisis_id, offer_line_id, need_line_id FROM allocations"
        " WHERE allocation_id = ANY ($1::uuid[])",
        allocation_ids,
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def read_many(tx: Transaction, allocation_ids: Sequence[UUID]) -> list[Allocation]:
    """Rows in the order of the ids, for reading only."""
    found = await known(tx, allocation_ids)
    return [found[allocation_id] for allocation_id in allocation_ids]


async def of_offer_lines(
    tx: Transaction, offer_line_ids: Sequence[UUID], states: Sequence[State]
) -> list[UUID]:
    """Rows of these offer lines that are in one of the states, by id."""
    rows = await tx.fetch(
        "SELECT allocation_id FROM allocations WHERE offer_line_id = ANY ($1::uuid[])"
        " AND state = ANY ($2::text[]) ORDER BY allocation_id",
        offer_line_ids,
        states,
    )
    return [row[0] for row in rows]


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
    """The deadline rows of allocations that wait; a hold's first reminder beside its end."""
    clocks = [
        Deadline(row.clock.deadline_id, SUBJECT, row.allocation_id, row.clock.kind, row.clock.due_at)
        for row in rows
        if row.clock is not None
    ]
    reminders = [
        Deadline(uuid7(), SUBJECT, row.allocation_id, HALF, due_at)
        for row in rows
        if (due_at := remind_at(row, MILESTONES[HALF])) is not None
    ]
    return clocks + reminders


def _allocation(row: Any) -> Allocation:
    """Raises Restart for a row that moved while its lock was waited for: it is read as it is now, beside
    deadlines as they were."""
    deadline_id = row["deadline_id"]
    if deadline_id and row["deadline_kind"] is None:
        raise Restart
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
        clock=Clock(deadline_id, Timer(row["deadline_kind"]), row["due_at"], row["paused_since"])
        if deadline_id
        else None,
        reason=row["reason"],
        waitlisted_at=row["waitlisted_at"],
        last_actor=row["last_actor"],
        version=row["version"],
        promoted_at=row["promoted_at"],
        earmark=earmark_of(json.loads(row["earmark"])) if row["earmark"] != "{}" else UNRESTRICTED,
        given_item=row["given_item"],
        substitute_of=row["substitute_of"],
        plan=_plan(row),
        round=row["round"],
        extensions=row["extensions"],
        has_conditions=row["has_conditions"],
        preferred_since=row["preferred_since"],
        desk_org_id=row["desk_org_id"],
        bundle_id=row["bundle_id"],
        behalf=behalf_of(row),
    )


def _plan(row: Any) -> Plan | None:
    if row["plan_date"] is None:
        return None
    return Plan(row["plan_date"], Transport(row["plan_transport"]) if row["plan_transport"] else None)
