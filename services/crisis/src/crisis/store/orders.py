"""Saturation orders and their deadlines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.orders import SUBJECT, Lapse, OrderState, SaturationOrder
from crisis.store.queries import query
from crisis.store.walks import in_order_of
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, cancel, schedule
from imece_chassis.selection import Selection


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders of a crisis: newest first or, with `updated_since`, in the order of their change."""

    crisis_id: UUID
    state: str | None = None
    updated_since: datetime | None = None


async def insert(tx: Transaction, order: SaturationOrder) -> None:
    """Write a new order with its deadline."""
    await tx.execute(
        "INSERT INTO saturation_orders (order_id, crisis_id, is_drill, item_code, item_group, area,"
        " issued_at, until, reason, depot, names_life_saving, state, state_since, first_org_id, first_key_id,"
        " first_role, deadline_id, version)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        order.order_id,
        order.crisis_id,
        order.is_drill,
        order.item_code,
        order.item_group,
        list(order.area),
        order.issued_at,
        order.until,
        order.reason,
        order.depot,
        order.names_life_saving,
        order.state,
        order.state_since,
        order.first_org_id,
        order.first_key_id,
        order.first_role,
        order.deadline_id,
        order.version,
    )
    await schedule(tx, *_deadlines(order))


async def update(tx: Transaction, order: SaturationOrder) -> None:
    """Write a locked order as it is after one step, and its new deadline; the caller ends the old one."""
    await tx.execute(
        "UPDATE saturation_orders SET state = $3, state_since = $4, second_org_id = $5, second_key_id = $6,"
        " lapse_reason = $7, deadline_id = $8, version = $9 WHERE order_id = $1 AND is_drill = $2",
        order.order_id,
        order.is_drill,
        order.state,
        order.state_since,
        order.second_org_id,
        order.second_key_id,
        order.lapse_reason,
        order.deadline_id,
        order.version,
    )
    await schedule(tx, *_deadlines(order))


async def read(tx: Transaction, order_id: UUID, *, is_locked: bool = False) -> SaturationOrder | None:
    """One order; `is_locked` locks it, to be asked for only after its crisis is locked.

    Locked first and read then: one statement would show a row that was waited for without its new clock.
    """
    if is_locked:
        await tx.execute("SELECT 1 FROM saturation_orders WHERE order_id = $1 FOR UPDATE", order_id)
    row = await tx.fetchrow(query("read_orders") + " WHERE saturation.order_id = $1", order_id)
    return None if row is None else _order(row)


async def in_force(tx: Transaction, crisis_ids: Sequence[UUID]) -> list[SaturationOrder]:
    """What is stopped in these crises, oldest first."""
    where = " WHERE saturation.crisis_id = ANY ($1::uuid[]) AND saturation.state <> 'lapsed'"
    rows = await tx.fetch(query("read_orders") + where + " ORDER BY saturation.order_id", crisis_ids)
    return [_order(row) for row in rows]


async def rows_under(tx: Transaction, order: SaturationOrder, after: UUID, limit: int) -> list[UUID]:
    """Ids of rows the order still has to reach, in order; read without locks."""
    rows = await tx.fetch(
        query("rows_under_order"),
        order.crisis_id,
        sorted(order.items),
        list(order.area),
        order.names_life_saving,
        order.issued_at,
        after,
        limit,
        order.order_id,
        order.first_org_id,
    )
    return [row["allocation_id"] for row in rows]


async def rows_spoken_to(tx: Transaction, order: SaturationOrder, after: UUID, limit: int) -> list[UUID]:
    """Ids of rows about which somebody may still be asked because of the order; read without locks."""
    rows = await tx.fetch(query("rows_spoken_to"), order.crisis_id, order.order_id, after, limit)
    return [row["allocation_id"] for row in rows]


async def walk_anew(tx: Transaction, walk: Deadline) -> None:
    """Give a locked order this walk, in place of one that waits or may be on its way already."""
    rows = await tx.fetch(
        "SELECT deadline_id FROM deadlines"
        " WHERE subject_type = $1 AND subject_id = $2 AND kind = $3 AND state = 'pending'",
        walk.subject_type,
        walk.subject_id,
        walk.kind,
    )
    await cancel(tx, *(row["deadline_id"] for row in rows))
    await schedule(tx, walk)


async def page(
    tx: Transaction, wanted: OrderFilter, after: tuple[Any, ...] | None, limit: int
) -> list[tuple[SaturationOrder, datetime]]:
    """Orders in order, each with its last change; `after` is (id,) or, by change, (changed_at, id)."""
    chosen = Selection().where("saturation.crisis_id = {}", wanted.crisis_id)
    order = in_order_of(chosen, "saturation", "order_id", wanted.updated_since, after)
    chosen.where("saturation.state = {}", wanted.state)
    listed = await tx.fetch(*chosen.statement(query("list_orders"), limit, order=order))
    ids = [row["order_id"] for row in listed]
    rows = await tx.fetch(query("read_orders") + " WHERE saturation.order_id = ANY ($1::uuid[])", ids)
    known = {row["order_id"]: _order(row) for row in rows}
    return [(known[row["order_id"]], row["changed_at"]) for row in listed]


def _deadlines(order: SaturationOrder) -> list[Deadline]:
    if order.deadline_id is None or order.due_at is None:
        return []
    return [Deadline(order.deadline_id, SUBJECT, order.order_id, order.deadline_kind, order.due_at)]


def _order(row: Any) -> SaturationOrder:
    columns: dict[str, Any] = dict(row.items())
    columns["area"] = tuple(row["area"])
    columns["state"] = OrderState(row["state"])
    columns["lapse_reason"] = Lapse(row["lapse_reason"]) if row["lapse_reason"] else None
    return SaturationOrder(**columns)
