"""An attempt is written with its claim, its outcome is never changed, and no step leads back."""

from typing import Any

import asyncpg
import pytest

from imece_chassis.ids import uuid7
from notifications.domain.kinds import Channel
from notifications.domain.outcomes import Accepted, Temporary
from notifications.store import claims
from notifications.usecases.record_outcome import Attempted, reclaim_expired, record_outcome
from tests.db.notifications.attempting import outcomes
from tests.notifying.events import held
from tests.notifying.service import consume, execute, rows, states, subscribed


async def claim_one(db: Any, *, lease_seconds: float = 60.0) -> Any:
    async def work(tx: Any) -> Any:
        return await claims.claim(tx, Channel.WEBHOOK, slots=1, per_lane=2, lease_seconds=lease_seconds)

    [job] = await db.unit_of_work(work)
    return job


async def test_the_attempt_is_written_with_the_claim(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.WEBHOOK, "https://r.example/")
    await consume(notifications_db, held(uuid7()))
    job = await claim_one(notifications_db)
    found = await rows(notifications_db, "SELECT delivery_id, number FROM notify.attempts")
    assert [tuple(row) for row in found] == [(job.delivery_id, 1)]
    assert await states(notifications_db) == ["sending"]


async def test_an_answer_after_the_lease_ran_out_still_moves_the_delivery_forward(
    notifications_db: Any,
) -> None:
    await subscribed(notifications_db, Channel.WEBHOOK, "https://r.example/")
    await consume(notifications_db, held(uuid7()))
    job = await claim_one(notifications_db, lease_seconds=-1)
    assert await notifications_db.unit_of_work(reclaim_expired) == 1
    assert await states(notifications_db) == ["queued"]
    late = Attempted(job.delivery_id, job.number, Accepted("http_200"), 70_000)
    await notifications_db.unit_of_work(lambda tx: record_outcome(tx, late))
    assert await states(notifications_db) == ["delivered"]
    assert [outcome for _, outcome, _ in await outcomes(notifications_db)] == ["unknown", "accepted"]


async def test_a_late_failure_changes_nothing_but_is_kept(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.WEBHOOK, "https://r.example/")
    await consume(notifications_db, held(uuid7()))
    job = await claim_one(notifications_db)
    for outcome in (Accepted("http_200"), Temporary("http_500"), Accepted("http_200")):
        done = Attempted(job.delivery_id, job.number, outcome, 5)
        await notifications_db.unit_of_work(lambda tx, done=done: record_outcome(tx, done))
    assert await states(notifications_db) == ["delivered"]
    assert len(await outcomes(notifications_db)) == 2


@pytest.mark.parametrize("backward", ["queued", "sending", "handed_over", "suppressed"])
async def test_the_database_refuses_a_step_back(notifications_db: Any, backward: str) -> None:
    await subscribed(notifications_db, Channel.WEBHOOK, "https://r.example/")
    await consume(notifications_db, held(uuid7()))
    job = await claim_one(notifications_db)
    done = Attempted(job.delivery_id, 1, Accepted("http_200"), 5)
    await notifications_db.unit_of_work(lambda tx: record_outcome(tx, done))
    with pytest.raises(asyncpg.RestrictViolationError):
        await execute(notifications_db, "UPDATE notify.deliveries SET state = $1", backward)


async def test_attempts_and_outcomes_are_never_changed(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.INBOX)
    await consume(notifications_db, held(uuid7()))
    for statement in (
        "UPDATE notify.attempts SET begun_at = now()",
        "UPDATE notify.attempt_outcomes SET outcome = 'unknown'",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            await execute(notifications_db, statement)
