"""Record what an attempt came to, after sending and without having held a transaction while sending.

An answer after the lease ran out is kept as a row; if it says accepted, the delivery still moves forward.
"""

import random
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from imece_chassis.database import Transaction
from imece_chassis.ids import uuid7
from notifications import metrics
from notifications.domain import endpoints, kinds
from notifications.domain.audience import Addressee, Fact
from notifications.domain.kinds import Channel
from notifications.domain.lifecycle import TERMINAL, State, Step, after_attempt
from notifications.domain.outcomes import Accepted, Outcome, Unknown, outcome_name
from notifications.store import contacts, results
from notifications.store.results import Current
from notifications.usecases.follow_reach import follow_reach
from notifications.usecases.record_notices import write_pairs

EXPIRED = Unknown("lease_expired")
EXPIRED_PER_SWEEP = 100


@dataclass(frozen=True, slots=True)
class Attempted:
    """One finished attempt: which, what it came to, how long it took."""

    delivery_id: UUID
    number: int
    outcome: Outcome
    latency_ms: int


async def record_outcome(tx: Transaction, attempted: Attempted) -> State:
    """Store the outcome and move the delivery on; its state afterwards."""
    current = await results.lock(tx, attempted.delivery_id)
    await results.add_outcome(
        tx, current.delivery_id, attempted.number, attempted.outcome, attempted.latency_ms
    )
    state = await _advance(tx, current, attempted.number, attempted.outcome)
    others: list[UUID] = []
    if current.channel is Channel.WEBHOOK:
        others = await _note_health(tx, current, attempted.outcome)
    await follow_reach(tx, [current.notice_id, *others])
    return state


async def reclaim_expired(tx: Transaction) -> int:
    """Attempts whose process vanished become unknown; their deliveries are tried again under the same id."""
    expired = await results.lock_expired(tx, EXPIRED_PER_SWEEP)
    for current in expired:
        await results.add_outcome(tx, current.delivery_id, current.attempts, EXPIRED, None)
        await _advance(tx, current, current.attempts, EXPIRED)
    await follow_reach(tx, [current.notice_id for current in expired])
    return len(expired)


async def settle_disabled(tx: Transaction) -> int:
    """End what reached the queue of an endpoint while it was being switched off; each can be redriven."""
    notice_ids = await results.dead_letter_disabled(tx)
    number = len(notice_ids)
    if number:
        tx.after_commit(lambda: metrics.terminal_total.labels("webhook", "dead_lettered").inc(number))
        await follow_reach(tx, notice_ids)
    return number


async def _advance(tx: Transaction, current: Current, number: int, outcome: Outcome) -> State:
    tx.after_commit(lambda: metrics.attempts_total.labels(current.channel.value, outcome_name(outcome)).inc())
    is_ours = current.state is State.SENDING and current.attempts == number
    is_late_proof = isinstance(outcome, Accepted) and current.state in (
        State.QUEUED,
        State.SENDING,
        State.DEAD_LETTERED,
    )
    if not (is_ours or is_late_proof):
        return current.state
    step = after_attempt(
        current.channel,
        current.attempts - current.attempts_before,
        outcome,
        current.now,
        jitter=random.uniform(-1, 1),  # noqa: S311 - spreads retries, protects nothing
    )
    await results.move(tx, current.delivery_id, step, outcome)
    _count_ending(tx, current, step)
    return step.state


def _count_ending(tx: Transaction, current: Current, step: Step) -> None:
    if step.state in TERMINAL:
        tx.after_commit(lambda: metrics.terminal_total.labels(current.channel.value, step.state.value).inc())


async def _note_health(tx: Transaction, current: Current, outcome: Outcome) -> list[UUID]:
    """Follow the endpoint's health; the notices that ended or must wait with it."""
    if isinstance(outcome, Accepted) and await results.is_healthy(tx, current.contact_ref):
        return []
    before = await results.lock_health(tx, current.contact_ref)
    after = endpoints.after_attempt(before, outcome, current.now)
    await results.save_health(tx, current.contact_ref, after)
    if after.disabled_reason is None and after.paused_until not in (None, before.paused_until):
        return await results.waiting(tx, current.contact_ref)
    if before.disabled_reason is not None or after.disabled_reason is None:
        return []
    ended = await results.dead_letter_lane(tx, current.contact_ref)
    reason = after.disabled_reason
    tx.after_commit(lambda: metrics.endpoints_disabled_total.labels(reason).inc())
    tx.after_commit(lambda: metrics.terminal_total.labels("webhook", "dead_lettered").inc(len(ended)))
    await _tell_owner(tx, current, reason, current.now)
    return ended


async def _tell_owner(tx: Transaction, current: Current, reason: str, now: datetime) -> None:
    """A notice in the organisation's inbox, where it has one."""
    recipient_id = await contacts.inbox_recipient(tx, current.organisation_id)
    if recipient_id is None:
        return
    fact = Fact(
        event_id=uuid7(),
        kind=kinds.ENDPOINT_DISABLED,
        event_type="notifications.endpoint.disabled",
        crisis_id=None,
        subject=f"endpoint/{current.contact_ref}",
        occurred_at=now,
        sequence=0,
        is_drill=False,
        urgency=None,
        thread=None,
        parties=(current.organisation_id,),
        params={"endpoint": str(current.contact_ref), "reason": reason},
    )
    await write_pairs(
        tx, [(fact, Addressee(recipient_id, current.organisation_id, ((Channel.INBOX, recipient_id),)))]
    )
