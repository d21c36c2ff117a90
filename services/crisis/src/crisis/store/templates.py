"""Templates of needs and needs that recur."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.clocks import Urgency
from crisis.domain.needs import LineRequest
from crisis.domain.templates import RECUR, Recurring, RecurringState, Template
from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, cancel, schedule
from imece_chassis.ids import BEYOND_ALL

SUBJECT = "recurring_need"

_TEMPLATE = (
    "SELECT template_id, org_id, title, district, urgency, contact_ref, needed_within_hours, lines,"
    " from_need_id, created_at, retired_at FROM need_templates"
)


async def insert(tx: Transaction, template: Template) -> None:
    """Write a new template."""
    await tx.execute(
        "INSERT INTO need_templates (template_id, org_id, title, district, urgency, contact_ref,"
        " needed_within_hours, lines, from_need_id, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        template.template_id,
        template.org_id,
        template.title,
        template.district,
        template.urgency,
        template.contact_ref,
        template.needed_within_hours,
        json.dumps([_line_json(line) for line in template.lines], ensure_ascii=False),
        template.from_need_id,
        template.created_at,
    )


async def retire(tx: Transaction, template_id: UUID, at: datetime) -> None:
    """Take a template out of use; what was stated from it stays."""
    await tx.execute("UPDATE need_templates SET retired_at = $2 WHERE template_id = $1", template_id, at)


async def read(tx: Transaction, template_id: UUID) -> Template | None:
    """One template."""
    row = await tx.fetchrow(_TEMPLATE + " WHERE template_id = $1", template_id)
    return None if row is None else _template(row)


async def page(tx: Transaction, org_id: UUID, after: UUID | None, limit: int) -> list[Template]:
    """Templates in use of an organisation, newest first."""
    rows = await tx.fetch(
        _TEMPLATE + " WHERE org_id = $1 AND retired_at IS NULL AND template_id < $2"
        " ORDER BY template_id DESC LIMIT $3",
        org_id,
        after or BEYOND_ALL,
        limit,
    )
    return [_template(row) for row in rows]


async def insert_recurring(tx: Transaction, recurring: Recurring) -> None:
    """Write a new recurring need and its clock."""
    await tx.execute(
        query("insert_recurring"),
        recurring.recurring_id,
        recurring.crisis_id,
        recurring.is_drill,
        recurring.template_id,
        recurring.org_id,
        recurring.district,
        recurring.every_days,
        recurring.is_draft,
        recurring.next_at,
        recurring.until,
        recurring.deadline_id,
    )
    await _start(tx, recurring)


async def update_recurring(tx: Transaction, before: Recurring, after: Recurring) -> None:
    """Write a locked recurring need after one step, stop its clock and start the next."""
    if before.deadline_id is not None:
        await cancel(tx, before.deadline_id)
    await tx.execute(
        "UPDATE recurring_needs SET next_at = $3, state = $4, deadline_id = $5, made = $6,"
        " last_need_id = $7, end_reason = $8, version = $9 WHERE recurring_id = $1 AND is_drill = $2",
        after.recurring_id,
        after.is_drill,
        after.next_at,
        after.state,
        after.deadline_id,
        after.made,
        after.last_need_id,
        after.end_reason,
        after.version,
    )
    await _start(tx, after)


async def read_recurring(tx: Transaction, recurring_id: UUID, *, is_locked: bool = False) -> Recurring | None:
    """One recurring need; `is_locked` locks it, after its crisis."""
    statement = query("read_recurring") + (" FOR UPDATE" if is_locked else "")
    row = await tx.fetchrow(statement, [recurring_id])
    return None if row is None else _recurring(row)


async def recurring_of(
    tx: Transaction, crisis_id: UUID, org_id: UUID, after: UUID | None, limit: int
) -> list[Recurring]:
    """Recurring needs of an organisation in a crisis, newest first."""
    ids = await tx.fetch(
        "SELECT recurring_id FROM recurring_needs WHERE crisis_id = $1 AND org_id = $2"
        " AND recurring_id < $3 ORDER BY recurring_id DESC LIMIT $4",
        crisis_id,
        org_id,
        after or BEYOND_ALL,
        limit,
    )
    rows: Sequence[Any] = await tx.fetch(query("read_recurring"), [row["recurring_id"] for row in ids])
    return sorted((_recurring(row) for row in rows), key=lambda each: each.recurring_id, reverse=True)


async def _start(tx: Transaction, recurring: Recurring) -> None:
    if recurring.deadline_id is not None:
        await schedule(
            tx, Deadline(recurring.deadline_id, SUBJECT, recurring.recurring_id, RECUR, recurring.next_at)
        )


def _line_json(line: LineRequest) -> dict[str, Any]:
    stated = asdict(line)
    del stated["needed_by"]
    return stated


def _template(row: Any) -> Template:
    lines = tuple(LineRequest(needed_by=row["created_at"], **line) for line in json.loads(row["lines"]))
    return replace(Template(*row), urgency=Urgency(row["urgency"]), lines=lines)


def _recurring(row: Any) -> Recurring:
    return replace(Recurring(*row), state=RecurringState(row["state"]))
