"""Requests that wait for a second key."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from crisis.domain.two_keys import LAPSE, KeyState, PendingKey
from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, cancel, schedule
from imece_chassis.ids import BEYOND_ALL
from imece_chassis.selection import Selection

SUBJECT = "two_keys"


async def insert(tx: Transaction, request: PendingKey) -> bool:
    """Write a new request and its deadline. False when the same action on the subject already waits."""
    written = await tx.fetchval(
        query("insert_two_keys"),
        request.two_key_id,
        request.crisis_id,
        request.is_drill,
        request.action,
        request.subject_type,
        request.subject_id,
        request.place,
        json.dumps(dict(request.payload), default=str),
        request.command_id,
        request.first_org_id,
        request.first_key_id,
        request.first_role,
        request.opened_at,
        request.expires_at,
        request.deadline_id,
    )
    if written is None:
        return False
    assert request.deadline_id is not None
    await schedule(tx, Deadline(request.deadline_id, SUBJECT, request.two_key_id, LAPSE, request.expires_at))
    return True


async def read(tx: Transaction, two_key_id: UUID, *, is_locked: bool = False) -> PendingKey | None:
    """One request; `is_locked` locks it, before anything else is locked."""
    statement = query("read_two_keys") + (" FOR UPDATE" if is_locked else "")
    row = await tx.fetchrow(statement, two_key_id)
    return None if row is None else _request(row)


async def pending_on(tx: Transaction, action: str, subject_type: str, subject_id: UUID) -> PendingKey | None:
    """The request that already waits for this action on the subject."""
    two_key_id = await tx.fetchval(
        "SELECT two_key_id FROM two_keys WHERE state = 'pending' AND action = $1 AND subject_type = $2"
        " AND subject_id = $3",
        action,
        subject_type,
        subject_id,
    )
    return None if two_key_id is None else await read(tx, two_key_id)


async def settle(tx: Transaction, before: PendingKey, after: PendingKey) -> None:
    """Write the end of a locked request and stop its clock."""
    if before.deadline_id is not None:
        await cancel(tx, before.deadline_id)
    await tx.execute(
        "UPDATE two_keys SET state = $3, deadline_id = NULL, second_org_id = $4, second_key_id = $5,"
        " second_role = $6, settled_at = $7, reason = $8, version = $9"
        " WHERE two_key_id = $1 AND is_drill = $2",
        after.two_key_id,
        after.is_drill,
        after.state,
        after.second_org_id,
        after.second_key_id,
        after.second_role,
        after.settled_at,
        after.reason,
        after.version,
    )


Right = tuple[str, str | None, UUID | None]
"""Who holds it may turn the second key of an action: in one province (plate) or all, in one crisis or all."""


async def pending(
    tx: Transaction,
    actions: Sequence[str],
    org_id: UUID,
    rights: Sequence[Right],
    crisis_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> list[PendingKey]:
    """Requests for these actions that wait, newest first: the organisation's own and those a right covers."""
    chosen = (
        Selection(
            org_id,
            [action for action, _, _ in rights],
            [plate for _, plate, _ in rights],
            [crisis for _, _, crisis in rights],
        )
        .where("two_key_id < {}", after or BEYOND_ALL)
        .where("action = ANY ({})", actions)
        .where("crisis_id = {}", crisis_id)
    )
    rows = await tx.fetch(*chosen.statement(query("list_two_keys"), limit))
    return [_request(row) for row in rows]


def _request(row: Any) -> PendingKey:
    stored = PendingKey(*row)
    return replace(stored, payload=json.loads(row["payload"]), state=KeyState(row["state"]))
