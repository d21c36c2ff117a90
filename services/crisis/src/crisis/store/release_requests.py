"""Requests to let held goods go, and their deadlines. Changed only under the lock of their row."""

from typing import Any
from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.domain.release_requests import LAPSE, SUBJECT, ReleaseRequest, RequestState
from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, cancel, schedule
from imece_chassis.ids import BEYOND_ALL
from imece_chassis.selection import Selection

_READ = """
SELECT request_id, allocation_id, is_drill, asked_by_org, asked_by_desk AS is_desk, qty, reason, state,
       deadline_id, answer_by, holder_org
FROM release_requests
"""


async def insert(tx: Transaction, request: ReleaseRequest) -> None:
    """Write a new request with its deadline."""
    assert request.deadline_id is not None
    await tx.execute(
        "INSERT INTO release_requests (request_id, allocation_id, is_drill, asked_by_org, asked_by_desk, qty,"
        " reason, state, deadline_id, answer_by, holder_org)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        request.request_id,
        request.allocation_id,
        request.is_drill,
        request.asked_by_org,
        request.is_desk,
        request.qty,
        request.reason,
        request.state,
        request.deadline_id,
        request.answer_by,
        request.holder_org,
    )
    await schedule(tx, Deadline(request.deadline_id, SUBJECT, request.request_id, LAPSE, request.answer_by))


async def settle(tx: Transaction, before: ReleaseRequest, after: ReleaseRequest) -> None:
    """Write the answer; the clock stops."""
    if before.deadline_id is not None:
        await cancel(tx, before.deadline_id)
    await tx.execute(
        "UPDATE release_requests SET state = $3, deadline_id = NULL, settled_at = now()"
        " WHERE request_id = $1 AND is_drill = $2",
        after.request_id,
        after.is_drill,
        after.state,
    )


async def hand_on(tx: Transaction, row: Allocation, piece: Allocation) -> None:
    """Let the open request for a locked row be about this piece of it; its clock runs on."""
    await tx.execute(
        "UPDATE release_requests SET allocation_id = $3, qty = $4"
        " WHERE allocation_id = $1 AND is_drill = $2 AND state = 'pending'",
        row.allocation_id,
        row.is_drill,
        piece.allocation_id,
        piece.qty,
    )


async def read(tx: Transaction, request_id: UUID) -> ReleaseRequest | None:
    """One request; for a decision only while its row is locked."""
    row = await tx.fetchrow(_READ + "WHERE request_id = $1", request_id)
    return None if row is None else _request(row)


async def of_deadline(tx: Transaction, deadline_id: UUID) -> ReleaseRequest | None:
    """The open request that waits on this clock."""
    request_id = await tx.fetchval(
        "SELECT subject_id FROM deadlines WHERE deadline_id = $1 AND subject_type = $2", deadline_id, SUBJECT
    )
    request = None if request_id is None else await read(tx, request_id)
    return request if request is not None and request.deadline_id == deadline_id else None


async def stands_still(tx: Transaction, request: ReleaseRequest) -> bool:
    """Whether its clock waits because nobody was reached."""
    return bool(
        await tx.fetchval(
            "SELECT paused_since IS NOT NULL FROM deadlines WHERE deadline_id = $1", request.deadline_id
        )
    )


async def pending(tx: Transaction, allocation_id: UUID) -> ReleaseRequest | None:
    """The open request for a row."""
    row = await tx.fetchrow(_READ + "WHERE allocation_id = $1 AND state = 'pending'", allocation_id)
    return None if row is None else _request(row)


async def is_agreed(tx: Transaction, allocation_id: UUID) -> bool:
    """Whether the holder agreed to let the row go."""
    return await tx.fetchval(
        "SELECT EXISTS (SELECT 1 FROM release_requests WHERE allocation_id = $1 AND state = 'agreed')",
        allocation_id,
    )


async def page(
    tx: Transaction, organisation: UUID, state: str | None, after: UUID | None, limit: int
) -> list[ReleaseRequest]:
    """Requests to or by an organisation, newest first, after a position."""
    chosen = Selection(organisation).where("request_id < {}", after or BEYOND_ALL).where("state = {}", state)
    rows = await tx.fetch(*chosen.statement(query("list_release_requests"), limit))
    return [_request(row) for row in rows]


async def prefer(tx: Transaction, need_line_id: UUID, organisation: UUID) -> None:
    """Who asked for the release is called first: its waiting rows on the locked line go before all others."""
    await tx.execute(
        "UPDATE allocations SET preferred_since = now()"
        " WHERE need_line_id = $1 AND pledger_org_id = $2 AND state = 'waitlisted'"
        " AND preferred_since IS NULL",
        need_line_id,
        organisation,
    )


async def waits_on(tx: Transaction, need_line_id: UUID, organisation: UUID) -> bool:
    """Whether the organisation has goods waiting for the line."""
    return await tx.fetchval(
        "SELECT EXISTS (SELECT 1 FROM allocations WHERE need_line_id = $1 AND pledger_org_id = $2"
        " AND state = 'waitlisted')",
        need_line_id,
        organisation,
    )


def _request(row: Any) -> ReleaseRequest:
    return ReleaseRequest(
        request_id=row["request_id"],
        allocation_id=row["allocation_id"],
        is_drill=row["is_drill"],
        asked_by_org=row["asked_by_org"],
        is_desk=row["is_desk"],
        qty=row["qty"],
        reason=row["reason"],
        state=RequestState(row["state"]),
        deadline_id=row["deadline_id"],
        answer_by=row["answer_by"],
        holder_org=row["holder_org"],
    )
