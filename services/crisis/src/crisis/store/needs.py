"""Needs, their lines as stated, and their clocks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.needs import SWEEP_TEXT, TEXT_KEPT, Need, NeedClock, NeedLine, NeedState
from crisis.store.need_rows import draft_json, facts_json, line_of_row, need_of_row
from crisis.store.packs import pack_json
from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, cancel, schedule, schedule_once
from imece_chassis.ids import uuid7
from imece_reference.items import TAMP_EDITION

SUBJECT = "need"


async def insert(tx: Transaction, need: Need, command_id: UUID) -> bool:
    """Write a new need, its lines with their first revisions, and its clock; False when its id is taken.

    Balances are opened by the ledger.
    """
    written = await tx.execute(
        "INSERT INTO needs (need_id, crisis_id, is_drill, asker_org_id, district, state, urgency, version,"
        " told, contact_ref, title, description, draft_lines, state_since, deadline_id, visibility,"
        " sensitivity, intake, site_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
        " ON CONFLICT (need_id, is_drill) DO NOTHING",
        need.need_id,
        need.crisis_id,
        need.is_drill,
        need.asker_org_id,
        need.district,
        need.state,
        need.urgency,
        need.version,
        need.told,
        need.contact_ref,
        need.title,
        need.description,
        draft_json(need.draft_lines),
        need.state_since,
        need.clock.deadline_id if need.clock else None,
        need.handling.visibility,
        need.handling.sensitivity,
        need.handling.intake,
        need.handling.site_id,
    )
    if written != "INSERT 0 1":
        return False
    await _start(tx, need, need.clock)
    await insert_lines(tx, need, need.lines, command_id)
    return True


async def insert_lines(tx: Transaction, need: Need, lines: Sequence[NeedLine], command_id: UUID) -> None:
    """Write lines of a need and their first revisions."""
    if not lines:
        return
    await tx.execute(
        query("insert_need_lines"),
        need.need_id,
        need.crisis_id,
        need.is_drill,
        TAMP_EDITION,
        [line.need_line_id for line in lines],
        [line.item_code for line in lines],
        [line.unit for line in lines],
        [pack_json(line.pack) for line in lines],
        [line.min_useful for line in lines],
        [line.needed_by for line in lines],
        [line.tamp_group for line in lines],
        [line.sector for line in lines],
        [line.note for line in lines],
        [line.substitution for line in lines],
        [line.is_loan_ok for line in lines],
        [line.is_earmark_welcome for line in lines],
        [" ".join(line.populations) for line in lines],
    )
    await tx.execute(
        "INSERT INTO need_line_revisions (need_line_id, is_drill, version, requested, needed_by, by_org_id,"
        " command_id, line_version) SELECT need_line_id, $1, 1, requested, needed_by, $2, $3, 0"
        " FROM unnest($4::uuid[], $5::numeric[], $6::timestamptz[])"
        " AS line (need_line_id, requested, needed_by)",
        need.is_drill,
        need.asker_org_id,
        command_id,
        [line.need_line_id for line in lines],
        [line.requested for line in lines],
        [line.needed_by for line in lines],
    )


async def drop_lines(tx: Transaction, lines: Sequence[NeedLine], at: datetime) -> None:
    """Take lines of a need that never opened out of it; their rows stay."""
    await tx.execute(
        "UPDATE need_lines SET dropped_at = $2 WHERE need_line_id = ANY ($1::uuid[])",
        [line.need_line_id for line in lines],
        at,
    )


async def update(tx: Transaction, before: Need, after: Need) -> None:
    """Write a locked need as it is after one step, stop the clock it had and start the one it has.

    The only statement that changes a need: all balances of its lines and its row must be locked.
    """
    await tx.execute(
        "UPDATE needs SET district = $3, urgency = $4, state = $5, verification = $6, close_reason = $7,"
        " version = $8, told = $9, contact_ref = $10, title = $11, description = $12, draft_lines = $13,"
        " is_stale = $14, last_heartbeat_at = $15, opened_at = $16, state_since = $17, state_reason = $18,"
        " missing_fields = $19, appealed_at = $20, merged_into = $21, deadline_id = $22, draft_facts = $23,"
        " visibility = $24, sensitivity = $25, intake = $26, site_id = $27, delegated_until = $28,"
        " delegated_by_org_id = $29, changed_at = now()"
        " WHERE need_id = $1 AND is_drill = $2",
        after.need_id,
        after.is_drill,
        after.district,
        after.urgency,
        after.state,
        after.verification,
        after.close_reason,
        after.version,
        after.told,
        after.contact_ref,
        after.title,
        after.description,
        draft_json(after.draft_lines),
        after.is_stale,
        after.last_heartbeat_at,
        after.opened_at,
        after.state_since,
        after.reason,
        list(after.missing_fields),
        after.appealed_at,
        after.merged_into,
        after.clock.deadline_id if after.clock else None,
        facts_json(after.draft_facts),
        after.handling.visibility,
        after.handling.sensitivity,
        after.handling.intake,
        after.handling.site_id,
        after.delegation.until if after.delegation else None,
        after.delegation.by_org_id if after.delegation else None,
    )
    if before.clock != after.clock:
        if before.clock is not None:
            await cancel(tx, before.clock.deadline_id)
        await _start(tx, after, after.clock)
    if after.state is NeedState.CLOSED and before.state is not NeedState.CLOSED and after.has_text:
        sweep_at = after.state_since + TEXT_KEPT
        await schedule_once(tx, Deadline(uuid7(), SUBJECT, after.need_id, SWEEP_TEXT, sweep_at))


async def clear_notes(tx: Transaction, need: Need) -> None:
    """Take the free text of all lines away, of those that were dropped too."""
    await tx.execute(
        "UPDATE need_lines SET note = NULL WHERE need_id = $1 AND is_drill = $2 AND note IS NOT NULL",
        need.need_id,
        need.is_drill,
    )


async def read(tx: Transaction, need_id: UUID, *, is_locked: bool = False) -> Need | None:
    """The need with its lines; `is_locked` locks its row, to be asked for only after its lines are locked.

    Locked first and read then: one statement would show a row that was waited for without its new clock.
    """
    if is_locked:
        await tx.execute("SELECT 1 FROM needs WHERE need_id = $1 FOR UPDATE", need_id)
    found = await _with_lines(tx, await tx.fetch(query("read_needs"), [need_id]))
    return found[0] if found else None


async def read_many(tx: Transaction, need_ids: Sequence[UUID]) -> list[Need]:
    """The needs with their lines, in the order of the ids."""
    found = await _with_lines(tx, await tx.fetch(query("read_needs"), need_ids))
    known = {need.need_id: need for need in found}
    return [known[need_id] for need_id in need_ids]


async def insert_attempt(
    tx: Transaction, attempt_id: UUID, need: Need, channel: str, by: UUID, at: datetime, command_id: UUID
) -> None:
    """Keep that somebody tried to reach the asker."""
    await tx.execute(
        "INSERT INTO need_contact_attempts (attempt_id, need_id, is_drill, channel, by_org_id, at,"
        " command_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        attempt_id,
        need.need_id,
        need.is_drill,
        channel,
        by,
        at,
        command_id,
    )


async def attempts(tx: Transaction, need: Need) -> int:
    """How often somebody tried to reach the asker since the need was last confirmed."""
    return await tx.fetchval(
        "SELECT count(*) FROM need_contact_attempts WHERE need_id = $1 AND at >= $2",
        need.need_id,
        need.last_heartbeat_at or need.state_since,
    )


async def built_on(tx: Transaction, need_id: UUID) -> dict[str, int]:
    """How many revisions, merges and statements came to a need after it was stated, by these names.

    Decide on it only after its lines are locked.
    """
    row = await tx.fetchrow(query("need_built_on"), need_id)
    return dict(row.items())


async def _with_lines(tx: Transaction, rows: Sequence[Any]) -> list[Need]:
    found: dict[UUID, list[NeedLine]] = {row["need_id"]: [] for row in rows}
    for row in await tx.fetch(query("read_need_lines"), list(found)):
        found[row["need_id"]].append(line_of_row(row))
    return [need_of_row(row, tuple(found[row["need_id"]])) for row in rows]


async def _start(tx: Transaction, need: Need, clock: NeedClock | None) -> None:
    if clock is not None:
        await schedule(tx, Deadline(clock.deadline_id, SUBJECT, need.need_id, clock.kind, clock.due_at))
