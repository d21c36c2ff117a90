"""Waivers of earmarks and their deadlines."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crisis.domain.waivers import LAPSE, SUBJECT, Waiver, WaiverState
from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, cancel, schedule
from imece_chassis.ids import BEYOND_ALL
from imece_chassis.selection import Selection

_READ = """
SELECT waiver_id, crisis_id, is_drill, need_line_id, offer_line_id, asked_of_org, asked_by_org, state,
       deadline_id, answer_by, version
FROM waivers
"""


async def insert(tx: Transaction, waiver: Waiver) -> None:
    """Write a new question with its deadline."""
    assert waiver.deadline_id is not None
    await tx.execute(
        "INSERT INTO waivers (waiver_id, crisis_id, is_drill, need_line_id, offer_line_id, asked_of_org,"
        " asked_by_org, state, deadline_id, answer_by, version)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        waiver.waiver_id,
        waiver.crisis_id,
        waiver.is_drill,
        waiver.need_line_id,
        waiver.offer_line_id,
        waiver.asked_of_org,
        waiver.asked_by_org,
        waiver.state,
        waiver.deadline_id,
        waiver.answer_by,
        waiver.version,
    )
    await schedule(tx, Deadline(waiver.deadline_id, SUBJECT, waiver.waiver_id, LAPSE, waiver.answer_by))


async def settle(tx: Transaction, before: Waiver, after: Waiver) -> None:
    """Write the answer of a locked question; its clock stops."""
    if before.deadline_id is not None:
        await cancel(tx, before.deadline_id)
    await tx.execute(
        "UPDATE waivers SET state = $3, deadline_id = NULL, settled_at = now(), version = $4"
        " WHERE waiver_id = $1 AND is_drill = $2",
        after.waiver_id,
        after.is_drill,
        after.state,
        after.version,
    )


async def read(tx: Transaction, waiver_id: UUID, *, is_locked: bool = False) -> Waiver | None:
    """One question; `is_locked` locks its row, before any line."""
    locking = " FOR UPDATE" if is_locked else ""
    row = await tx.fetchrow(_READ + "WHERE waiver_id = $1" + locking, waiver_id)
    return None if row is None else _waiver(row)


async def of_deadline(tx: Transaction, deadline_id: UUID) -> Waiver | None:
    """The open question that waits on this clock, its row locked."""
    waiver_id = await tx.fetchval(
        "SELECT subject_id FROM deadlines WHERE deadline_id = $1 AND subject_type = $2", deadline_id, SUBJECT
    )
    waiver = None if waiver_id is None else await read(tx, waiver_id, is_locked=True)
    return waiver if waiver is not None and waiver.deadline_id == deadline_id else None


async def between(tx: Transaction, offer_line_id: UUID, need_line_id: UUID) -> Waiver | None:
    """The pending or granted waiver for a pair of lines."""
    row = await tx.fetchrow(
        _READ + "WHERE offer_line_id = $1 AND need_line_id = $2 AND state IN ('pending', 'granted')",
        offer_line_id,
        need_line_id,
    )
    return None if row is None else _waiver(row)


async def page(
    tx: Transaction, organisation: UUID, state: str | None, after: UUID | None, limit: int
) -> list[Waiver]:
    """Questions asked of or by an organisation, newest first, after a position."""
    chosen = Selection(organisation).where("waiver_id < {}", after or BEYOND_ALL).where("state = {}", state)
    rows = await tx.fetch(*chosen.statement(query("list_waivers"), limit))
    return [_waiver(row) for row in rows]


async def granted(
    tx: Transaction, offer_line_ids: Sequence[UUID], need_line_ids: Sequence[UUID]
) -> set[tuple[UUID, UUID]]:
    """Pairs (offer line, need line) whose use was allowed outside the earmark."""
    rows = await tx.fetch(
        "SELECT offer_line_id, need_line_id FROM waivers WHERE state = 'granted'"
        " AND offer_line_id = ANY ($1::uuid[]) AND need_line_id = ANY ($2::uuid[])",
        offer_line_ids,
        need_line_ids,
    )
    return {(row["offer_line_id"], row["need_line_id"]) for row in rows}


def _waiver(row: Any) -> Waiver:
    return Waiver(
        waiver_id=row["waiver_id"],
        crisis_id=row["crisis_id"],
        is_drill=row["is_drill"],
        need_line_id=row["need_line_id"],
        offer_line_id=row["offer_line_id"],
        asked_of_org=row["asked_of_org"],
        asked_by_org=row["asked_by_org"],
        state=WaiverState(row["state"]),
        deadline_id=row["deadline_id"],
        answer_by=row["answer_by"],
        version=row["version"],
    )
