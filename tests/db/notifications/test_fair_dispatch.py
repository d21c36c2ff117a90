"""A slow, dead or unreadable endpoint delays nobody else's deliveries."""

from typing import Any

from imece_chassis.ids import uuid7
from notifications.domain.kinds import Channel
from notifications.store import claims
from tests.db.notifications.attempting import outcomes, outcomes_exist
from tests.notifying.events import held, proposed
from tests.notifying.receivers import answer, hang, receiving
from tests.notifying.service import consume, delivering, execute, rows, subscribed, webhook_lanes
from tests.waiting import wait_until


async def test_a_receiver_that_asks_to_slow_down_is_left_alone_that_long(notifications_db: Any) -> None:
    async with receiving(answer(429, "retry-after: 120")) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url)
        crisis = uuid7()
        await consume(notifications_db, held(crisis))
        async with delivering(notifications_db, webhook_lanes(), poll_seconds=0.05):
            await wait_until(lambda: outcomes_exist(notifications_db, 1))
            await consume(notifications_db, held(crisis))
            other = await _other_receiver_hears(notifications_db)
    assert other and len(receiver.requests) == 1
    [row] = await rows(
        notifications_db,
        """SELECT extract(epoch FROM e.paused_until - now())::float8 AS paused,
                  extract(epoch FROM d.due_at - now())::float8 AS due
             FROM notify.endpoints e JOIN notify.deliveries d ON d.lane = e.endpoint_id
            WHERE e.failures_in_row = 1 AND d.attempts = 1""",
    )
    assert row["paused"] > 100 and row["due"] > 100


async def _other_receiver_hears(db: Any) -> bool:
    """Proof that the dispatcher went round at least once more."""
    async with receiving(answer(200)) as receiver:
        await subscribed(db, Channel.WEBHOOK, receiver.url)
        await consume(db, held(uuid7()))
        await wait_until(lambda: receiver.requests)
        return True


async def test_a_dead_endpoint_holds_two_places_and_nobody_else_waits(notifications_db: Any) -> None:
    crisis = uuid7()
    async with receiving(hang) as dead, receiving(answer(200)) as alive:
        await subscribed(notifications_db, Channel.WEBHOOK, dead.url)
        await subscribed(notifications_db, Channel.WEBHOOK, alive.url)
        await consume(notifications_db, *(held(crisis) for _ in range(30)))
        async with delivering(notifications_db, webhook_lanes(total_seconds=30, slots=8)) as dispatcher:
            await wait_until(lambda: _delivered_to(notifications_db, alive.url, 30), timeout=20)
            assert len(dead.requests) == 2
            [row] = await rows(
                notifications_db, "SELECT count(*) AS n FROM notify.deliveries WHERE state = 'sending'"
            )
            assert row["n"] == 2
            dispatcher.cancel_sending()


async def _delivered_to(db: Any, url: str, number: int) -> bool:
    found = await rows(
        db,
        """SELECT count(*) AS n FROM notify.deliveries d JOIN notify.endpoints e ON e.endpoint_id = d.lane
            WHERE e.url = $1 AND d.state = 'delivered'""",
        url,
    )
    return found[0]["n"] == number


async def test_two_dispatchers_together_keep_to_two_in_flight(notifications_db: Any) -> None:
    async with receiving(hang) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url)
        await consume(notifications_db, *(held(uuid7()) for _ in range(10)))
        async with (
            delivering(notifications_db, webhook_lanes(total_seconds=30), poll_seconds=0.02) as first,
            delivering(notifications_db, webhook_lanes(total_seconds=30), poll_seconds=0.02) as second,
        ):
            await wait_until(lambda: len(receiver.requests) >= 2)
            await _other_receiver_hears(notifications_db)
            assert len(receiver.requests) == 2
            first.cancel_sending()
            second.cancel_sending()


async def test_slots_go_to_act_now_first_and_then_round_the_lanes(notifications_db: Any) -> None:
    from tests.notifying.events import line

    crisis = uuid7()
    for number in range(4):
        await subscribed(
            notifications_db, Channel.WEBHOOK, f"https://r{number}.example/", event_kinds=["allocation.held"]
        )
    await subscribed(
        notifications_db, Channel.WEBHOOK, "https://urgent.example/", event_kinds=["allocation.proposed"]
    )
    await consume(notifications_db, *(held(crisis) for _ in range(3)))
    await consume(notifications_db, proposed(crisis, line(urgency="life_saving")))

    async def work(tx: Any) -> Any:
        return await claims.claim(tx, Channel.WEBHOOK, slots=5, per_lane=2, lease_seconds=60)

    jobs = await notifications_db.unit_of_work(work)
    assert len({job.contact_ref for job in jobs}) == 5
    assert "act_now" in [job.notice_class for job in jobs]


async def test_a_wrong_master_key_delays_but_loses_nothing_and_stops_nobody(notifications_db: Any) -> None:
    async with receiving(answer(200)) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url)
        await consume(notifications_db, held(uuid7()))
        await execute(notifications_db, "UPDATE notify.rules SET sealed_secret = 'not a ciphertext at all'")
        async with delivering(notifications_db, webhook_lanes()):
            await wait_until(lambda: outcomes_exist(notifications_db, 1))
            await _other_receiver_hears(notifications_db)
    assert receiver.requests == []
    assert (1, "temporary", "key_unreadable") in await outcomes(notifications_db)
