"""What became of attempts: outcome rows are only added, deliveries only move forward."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from imece_chassis.database import Transaction
from notifications.domain.endpoints import Health
from notifications.domain.kinds import Channel
from notifications.domain.lifecycle import State, Step
from notifications.domain.outcomes import Accepted, Outcome, outcome_name

MAX_CODE_CHARACTERS = 64


@dataclass(frozen=True, slots=True)
class Current:
    """A delivery under lock; `now` is the database's time."""

    delivery_id: UUID
    notice_id: UUID
    channel: Channel
    contact_ref: UUID
    organisation_id: UUID
    state: State
    attempts: int
    attempts_before: int
    now: datetime


async def lock(tx: Transaction, delivery_id: UUID) -> Current:
    """The delivery, locked for this transaction."""
    row = await tx.fetchrow(
        """SELECT delivery_id, notice_id, channel, contact_ref, organisation_id, state, attempts,
                  attempts_before, now() AS now
             FROM notify.deliveries WHERE delivery_id = $1 FOR UPDATE""",
        delivery_id,
    )
    return _current(row)


async def lock_expired(tx: Transaction, limit: int) -> list[Current]:
    """Deliveries whose lease ran out, locked; those another process is looking at are left to it."""
    rows = await tx.fetch(
        """SELECT delivery_id, notice_id, channel, contact_ref, organisation_id, state, attempts,
                  attempts_before, now() AS now
             FROM notify.deliveries WHERE state = 'sending' AND lease_until < now()
            ORDER BY lease_until LIMIT $1 FOR UPDATE SKIP LOCKED""",
        limit,
    )
    return [_current(row) for row in rows]


def _current(row: Any) -> Current:
    return Current(
        delivery_id=row["delivery_id"],
        notice_id=row["notice_id"],
        channel=Channel(row["channel"]),
        contact_ref=row["contact_ref"],
        organisation_id=row["organisation_id"],
        state=State(row["state"]),
        attempts=row["attempts"],
        attempts_before=row["attempts_before"],
        now=row["now"],
    )


async def add_outcome(
    tx: Transaction, delivery_id: UUID, number: int, outcome: Outcome, latency_ms: int | None
) -> None:
    """Keep what one attempt came to; the same outcome twice is one row."""
    await tx.execute(
        """INSERT INTO notify.attempt_outcomes (delivery_id, number, outcome, code, latency_ms, recorded_at)
           VALUES ($1, $2, $3, $4, $5, clock_timestamp()) ON CONFLICT DO NOTHING""",
        delivery_id,
        number,
        outcome_name(outcome),
        outcome.code[:MAX_CODE_CHARACTERS],
        latency_ms,
    )


async def move(tx: Transaction, delivery_id: UUID, step: Step, outcome: Outcome) -> None:
    """Bring the locked delivery into the step's state."""
    is_open = step.state is State.QUEUED
    await tx.execute(
        """UPDATE notify.deliveries
              SET state = $2, due_at = $3, lease_until = NULL, exhausted_by = $4, last_code = $5,
                  provider_message_id = coalesce($6, provider_message_id),
                  ended_at = CASE WHEN $7 THEN NULL ELSE clock_timestamp() END
            WHERE delivery_id = $1""",
        delivery_id,
        step.state.value,
        step.due_at,
        step.exhausted_by,
        outcome.code[:MAX_CODE_CHARACTERS],
        outcome.provider_id if isinstance(outcome, Accepted) else None,
        is_open,
    )


async def lock_health(tx: Transaction, endpoint_id: UUID) -> Health:
    """Health of an endpoint, locked for this transaction."""
    row = await tx.fetchrow(
        """SELECT failing_since, failures_in_row, paused_until, disabled_reason
             FROM notify.endpoints WHERE endpoint_id = $1 FOR NO KEY UPDATE""",
        endpoint_id,
    )
    return Health(row["failing_since"], row["failures_in_row"], row["paused_until"], row["disabled_reason"])


async def save_health(tx: Transaction, endpoint_id: UUID, health: Health) -> None:
    """Store the health of a locked endpoint."""
    await tx.execute(
        """UPDATE notify.endpoints
              SET failing_since = $2, failures_in_row = $3, paused_until = $4, disabled_reason = $5,
                  disabled_at = CASE WHEN $5::text IS NULL THEN NULL ELSE coalesce(disabled_at, now()) END
            WHERE endpoint_id = $1""",
        endpoint_id,
        health.failing_since,
        health.failures_in_row,
        health.paused_until,
        health.disabled_reason,
    )


async def is_healthy(tx: Transaction, endpoint_id: UUID) -> bool:
    """Whether a success would change nothing; read without a lock."""
    return bool(
        await tx.fetchval(
            """SELECT failures_in_row = 0 AND paused_until IS NULL
                 FROM notify.endpoints WHERE endpoint_id = $1""",
            endpoint_id,
        )
    )


async def held_up(tx: Transaction, notice_ids: Sequence[UUID]) -> list[UUID]:
    """Those of the notices that wait in a lane paused for its failures."""
    rows = await tx.fetch(
        """SELECT DISTINCT d.notice_id
             FROM notify.deliveries d JOIN notify.endpoints e ON e.endpoint_id = d.lane
            WHERE d.notice_id = ANY ($1::uuid[]) AND d.channel = 'webhook' AND d.state = 'queued'
              AND e.failures_in_row > 0 AND e.paused_until > now()""",
        list(notice_ids),
    )
    return [row["notice_id"] for row in rows]


async def waiting(tx: Transaction, endpoint_id: UUID) -> list[UUID]:
    """Notices of clocks that wait for an endpoint and of which nobody was told yet how they fare."""
    rows = await tx.fetch(
        """SELECT d.notice_id
             FROM notify.deliveries d
             JOIN notify.notices n USING (notice_id)
             JOIN notify.clock_notices t USING (clock_notice_id)
            WHERE d.channel = 'webhook' AND d.lane = $1 AND d.state = 'queued' AND t.reach = 'open'""",
        endpoint_id,
    )
    return [row["notice_id"] for row in rows]


async def dead_letter_lane(tx: Transaction, endpoint_id: UUID) -> list[UUID]:
    """End what still waits for a switched-off endpoint; each can be redriven. The notices it carried."""
    rows = await tx.fetch(
        """UPDATE notify.deliveries
              SET state = 'dead_lettered', exhausted_by = 'endpoint_disabled', due_at = NULL, ended_at = now()
            WHERE channel = 'webhook' AND lane = $1 AND state = 'queued'
            RETURNING notice_id""",
        endpoint_id,
    )
    return [row["notice_id"] for row in rows]


async def dead_letter_disabled(tx: Transaction) -> list[UUID]:
    """End what waits for any switched-off endpoint. The notices it carried."""
    rows = await tx.fetch(
        """UPDATE notify.deliveries d
              SET state = 'dead_lettered', exhausted_by = 'endpoint_disabled', due_at = NULL, ended_at = now()
             FROM notify.endpoints e
            WHERE e.disabled_at IS NOT NULL AND d.channel = 'webhook' AND d.lane = e.endpoint_id
              AND d.state = 'queued'
            RETURNING d.notice_id"""
    )
    return [row["notice_id"] for row in rows]


async def suppress_waiting(tx: Transaction, contact_ref: UUID) -> list[UUID]:
    """End what still waits for a contact that may no longer be written to. The notices it carried."""
    rows = await tx.fetch(
        """UPDATE notify.deliveries SET state = 'suppressed', due_at = NULL, ended_at = now()
            WHERE contact_ref = $1 AND state = 'queued'
            RETURNING notice_id""",
        contact_ref,
    )
    return [row["notice_id"] for row in rows]
