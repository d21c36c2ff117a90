"""Health of one webhook endpoint: failures in a row open its circuit, 120 hours of them switch it off.

A lane that is paused costs its neighbours nothing: the claim does not look at it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from notifications.domain.outcomes import Accepted, Outcome, Permanent, Temporary
from notifications.domain.schedule import MAX_RETRY_AFTER

FAILURES_TO_OPEN = 5
OPEN_FOR = timedelta(seconds=60)
DISABLE_AFTER = timedelta(hours=120)
IN_FLIGHT_PER_ENDPOINT = 2

KEY_UNREADABLE = "key_unreadable"
INTERNAL_ERROR = "internal_error"
OUR_OWN_FAULTS = frozenset({KEY_UNREADABLE, INTERNAL_ERROR, "no_endpoint", "lease_expired"})
"""Codes that say nothing about the endpoint: they never pause it or switch it off."""


@dataclass(frozen=True, slots=True)
class Health:
    """`failing_since` is the first failure since a success; `disabled_reason` gone|failing ends sending."""

    failing_since: datetime | None = None
    failures_in_row: int = 0
    paused_until: datetime | None = None
    disabled_reason: str | None = None


def after_attempt(health: Health, outcome: Outcome, now: datetime) -> Health:
    """Health after one attempt's outcome; our own faults leave it as it was."""
    if outcome.code in OUR_OWN_FAULTS:
        return health
    if isinstance(outcome, Accepted):
        return Health(disabled_reason=health.disabled_reason)
    since = health.failing_since or now
    failures = health.failures_in_row + 1
    paused_until = health.paused_until
    if failures >= FAILURES_TO_OPEN:
        paused_until = now + OPEN_FOR
    if isinstance(outcome, Temporary) and outcome.slow_down:
        wait = min(outcome.retry_after or timedelta(0), MAX_RETRY_AFTER)
        paused_until = max(paused_until or now, now + wait)
    reason = health.disabled_reason
    if isinstance(outcome, Permanent) and outcome.is_gone:
        reason = "gone"
    elif now - since >= DISABLE_AFTER:
        reason = reason or "failing"
    return replace(
        health,
        failing_since=since,
        failures_in_row=failures,
        paused_until=paused_until,
        disabled_reason=reason,
    )
