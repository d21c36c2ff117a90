"""Deliveries as their owner sees them, with every attempt and outcome; and the redrive of a dead letter."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from imece_chassis.database import Transaction
from imece_chassis.ids import BEYOND_ALL
from notifications.domain.lifecycle import State


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try; `outcome` is None while it runs. A late answer adds a second entry with the same number."""

    number: int
    begun_at: datetime
    outcome: str | None
    code: str | None
    latency_ms: int | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notice on its way to one contact."""

    delivery_id: UUID
    notice_id: UUID
    event_id: UUID
    kind: str
    notice_class: str
    crisis_id: UUID | None
    channel: str
    contact_ref: UUID
    state: State
    attempts: int
    redrives: int
    due_at: datetime | None
    exhausted_by: str | None
    occurred_at: datetime
    created_at: datetime
    ended_at: datetime | None
    tries: tuple[Attempt, ...]


_COLUMNS = """d.delivery_id, d.notice_id, n.event_id, n.kind, n.class, n.crisis_id, d.channel, d.contact_ref,
       d.state, d.attempts, d.redrives, d.due_at, d.exhausted_by, n.occurred_at, d.created_at, d.ended_at
  FROM notify.deliveries d JOIN notify.notices n USING (notice_id)"""


async def of_subscription(
    tx: Transaction,
    contact_ref: UUID,
    crisis_id: UUID | None,
    event_kinds: tuple[str, ...],
    *,
    before: UUID | None,
    limit: int,
) -> list[Delivery]:
    """Deliveries to a contact that a rule of this crisis and these kinds asks for, newest first."""
    rows = await tx.fetch(
        f"""SELECT {_COLUMNS}
             WHERE d.contact_ref = $1 AND ($2::uuid IS NULL OR n.crisis_id = $2) AND n.kind = ANY ($3::text[])
               AND d.delivery_id < $4
             ORDER BY d.delivery_id DESC LIMIT $5""",
        contact_ref,
        crisis_id,
        list(event_kinds),
        before or BEYOND_ALL,
        limit,
    )
    tries = await _tries(tx, [row["delivery_id"] for row in rows])
    return [_delivery(row, tries) for row in rows]


async def get(tx: Transaction, organisation_id: UUID, delivery_id: UUID) -> Delivery | None:
    """One delivery of this organisation, locked for this transaction."""
    row = await tx.fetchrow(
        f"SELECT {_COLUMNS} WHERE d.organisation_id = $1 AND d.delivery_id = $2 FOR UPDATE OF d",
        organisation_id,
        delivery_id,
    )
    return None if row is None else _delivery(row, await _tries(tx, [delivery_id]))


async def requeue(tx: Transaction, delivery_id: UUID) -> None:
    """Start a new round of attempts for a locked dead letter; its id stays."""
    await tx.execute(
        """UPDATE notify.deliveries
              SET state = 'queued', due_at = now(), attempts_before = attempts, redrives = redrives + 1,
                  ended_at = NULL, exhausted_by = NULL
            WHERE delivery_id = $1 AND state = 'dead_lettered'""",
        delivery_id,
    )


async def is_endpoint_off(tx: Transaction, endpoint_id: UUID) -> bool:
    """Whether the endpoint is switched off."""
    return bool(
        await tx.fetchval(
            "SELECT disabled_at IS NOT NULL FROM notify.endpoints WHERE endpoint_id = $1", endpoint_id
        )
    )


async def _tries(tx: Transaction, delivery_ids: list[UUID]) -> dict[UUID, list[Attempt]]:
    rows = await tx.fetch(
        """SELECT a.delivery_id, a.number, a.begun_at, o.outcome, o.code, o.latency_ms
             FROM notify.attempts a LEFT JOIN notify.attempt_outcomes o USING (delivery_id, number)
            WHERE a.delivery_id = ANY ($1::uuid[])
            ORDER BY a.delivery_id, a.number, o.recorded_at""",
        delivery_ids,
    )
    found: dict[UUID, list[Attempt]] = {}
    for row in rows:
        found.setdefault(row["delivery_id"], []).append(
            Attempt(row["number"], row["begun_at"], row["outcome"], row["code"], row["latency_ms"])
        )
    return found


def _delivery(row: Any, tries: dict[UUID, list[Attempt]]) -> Delivery:
    return Delivery(
        delivery_id=row["delivery_id"],
        notice_id=row["notice_id"],
        event_id=row["event_id"],
        kind=row["kind"],
        notice_class=row["class"],
        crisis_id=row["crisis_id"],
        channel=row["channel"],
        contact_ref=row["contact_ref"],
        state=State(row["state"]),
        attempts=row["attempts"],
        redrives=row["redrives"],
        due_at=row["due_at"],
        exhausted_by=row["exhausted_by"],
        occurred_at=row["occurred_at"],
        created_at=row["created_at"],
        ended_at=row["ended_at"],
        tries=tuple(tries.get(row["delivery_id"], ())),
    )
