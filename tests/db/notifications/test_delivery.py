"""Claim, send, record: at least one attempt, at most ten, one id, and an ending."""

import base64
import hashlib
import hmac
import json
from typing import Any

import asyncpg
import pytest

from imece_chassis import failpoints
from imece_chassis.ids import uuid7
from notifications.domain.kinds import Channel
from notifications.domain.lifecycle import State
from notifications.domain.outcomes import Accepted, Temporary
from notifications.domain.refusals import DeliveryNotFound, DeliveryNotRedrivable, EndpointDisabled
from notifications.store import claims
from notifications.usecases.record_outcome import Attempted, reclaim_expired, record_outcome
from notifications.usecases.redrive import redrive
from tests.notifying.events import held, proposed
from tests.notifying.receivers import answer, drop, hang, in_turn, receiving
from tests.notifying.service import (
    VAULT,
    consume,
    delivering,
    execute,
    rows,
    states,
    subscribed,
    webhook_lanes,
)
from tests.waiting import wait_until

MAKE_DUE = "UPDATE notify.deliveries SET due_at = now() WHERE state = 'queued'"
OPEN_CIRCUIT = "UPDATE notify.endpoints SET paused_until = NULL"


async def outcomes(db: Any) -> list[tuple[int, str, str]]:
    found = await rows(
        db, "SELECT number, outcome, code FROM notify.attempt_outcomes ORDER BY number, recorded_at"
    )
    return [tuple(row) for row in found]


async def test_a_webhook_arrives_signed_over_its_exact_bytes(notifications_db: Any) -> None:
    async with receiving(answer(200)) as receiver:
        created = await subscribed(notifications_db, Channel.WEBHOOK, receiver.url)
        event = held(uuid7())
        async with delivering(notifications_db, webhook_lanes()):
            await consume(notifications_db, event)
            await wait_until(lambda: receiver.requests)
            await wait_until(lambda: _has_states(notifications_db, "delivered"))
    [request] = receiver.requests
    assert created.sealed_secret is not None
    secret = VAULT.open_secret(created.subscription.subscription_id, created.sealed_secret)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = (
        f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    )
    expected = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert request.headers["webhook-signature"] == expected
    body = json.loads(request.body)
    assert body["type"] == "crisis.allocation.held"
    assert body["data"]["qty"] == "200" and body["data"]["gap"] == "800"
    assert body["data"]["event_id"] == str(event.envelope.id) and body["data"]["sequence"] == 3
    assert body["data"]["link"] == f"https://board.example/c/{event.envelope.crisis_id}"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert len(request.body) < 20_000


async def test_every_rule_of_an_endpoint_can_verify_with_its_own_secret(notifications_db: Any) -> None:
    organisation = uuid7()
    async with receiving(answer(204)) as receiver:
        for _ in range(2):
            await subscribed(notifications_db, Channel.WEBHOOK, receiver.url, organisation_id=organisation)
        await consume(notifications_db, held(uuid7()))
        async with delivering(notifications_db, webhook_lanes()):
            await wait_until(lambda: _has_states(notifications_db, "delivered"))
    [request] = receiver.requests
    assert len(request.headers["webhook-signature"].split(" ")) == 2


async def test_a_failure_is_tried_again_under_the_same_id(notifications_db: Any) -> None:
    async with receiving(in_turn(answer(500), answer(200))) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url)
        await consume(notifications_db, held(uuid7()))
        async with delivering(notifications_db, webhook_lanes(), poll_seconds=0.05):
            await wait_until(lambda: receiver.requests)
            await wait_until(lambda: _has_states(notifications_db, "queued"))
            await execute(notifications_db, MAKE_DUE)
            await wait_until(lambda: _has_states(notifications_db, "delivered"))
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert await outcomes(notifications_db) == [(1, "temporary", "http_500"), (2, "accepted", "http_200")]


async def test_the_second_attempt_waits_five_seconds(notifications_db: Any) -> None:
    async with receiving(answer(500)) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url)
        await consume(notifications_db, held(uuid7()))
        async with delivering(notifications_db, webhook_lanes()):
            await wait_until(lambda: outcomes_exist(notifications_db, 1))
    [row] = await rows(
        notifications_db,
        """SELECT extract(epoch FROM d.due_at - o.recorded_at)::float8 AS wait
             FROM notify.deliveries d JOIN notify.attempt_outcomes o USING (delivery_id)""",
    )
    assert 4.4 <= row["wait"] <= 5.6


async def outcomes_exist(db: Any, number: int) -> bool:
    return len(await outcomes(db)) >= number


async def _has_states(db: Any, *expected: str) -> bool:
    return await states(db) == list(expected)


async def test_ten_failures_are_a_dead_letter_that_can_be_redriven(notifications_db: Any) -> None:
    organisation = uuid7()
    async with receiving(answer(500)) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url, organisation_id=organisation)
        await consume(notifications_db, held(uuid7()))

        async def is_dead() -> bool:
            await execute(notifications_db, OPEN_CIRCUIT)
            await execute(notifications_db, MAKE_DUE)
            return await states(notifications_db) == ["dead_lettered"]

        async with delivering(notifications_db, webhook_lanes(), poll_seconds=0.01):
            await wait_until(is_dead, timeout=20)
            assert len(receiver.requests) == 10
            [letter] = await rows(
                notifications_db, "SELECT delivery_id, exhausted_by, attempts FROM notify.dead_letters"
            )
            assert (letter["exhausted_by"], letter["attempts"]) == ("attempts", 10)

            with pytest.raises(DeliveryNotFound):
                await notifications_db.unit_of_work(lambda tx: redrive(tx, uuid7(), letter["delivery_id"]))
            again = await notifications_db.unit_of_work(
                lambda tx: redrive(tx, organisation, letter["delivery_id"])
            )
            assert again.state is State.QUEUED and again.redrives == 1
            await wait_until(is_dead, timeout=20)
    assert len(receiver.requests) == 20
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1


async def test_only_a_dead_letter_can_be_redriven(notifications_db: Any) -> None:
    organisation = uuid7()
    await subscribed(notifications_db, Channel.WEBHOOK, "https://r.example/", organisation_id=organisation)
    await consume(notifications_db, held(uuid7()))
    [row] = await rows(notifications_db, "SELECT delivery_id FROM notify.deliveries")
    with pytest.raises(DeliveryNotRedrivable):
        await notifications_db.unit_of_work(lambda tx: redrive(tx, organisation, row["delivery_id"]))


async def test_gone_switches_the_endpoint_off_and_tells_its_owner(notifications_db: Any) -> None:
    organisation = uuid7()
    async with receiving(answer(410)) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url, organisation_id=organisation)
        await subscribed(
            notifications_db, Channel.INBOX, organisation_id=organisation, event_kinds=["crisis.opened"]
        )
        crisis = uuid7()
        await consume(notifications_db, *(held(crisis) for _ in range(5)))
        async with delivering(notifications_db, webhook_lanes(per_lane=1)):
            await wait_until(
                lambda: _has_states(notifications_db, *["dead_lettered"] * 5, "delivered"), timeout=5
            )
        await consume(notifications_db, held(crisis))
    assert len(receiver.requests) == 1
    assert len(await states(notifications_db)) == 6, "a switched-off endpoint gets no new deliveries"
    [notice] = await rows(
        notifications_db, "SELECT params::text AS params FROM notify.notices WHERE kind = 'endpoint.disabled'"
    )
    assert json.loads(notice["params"])["reason"] == "gone"
    [row] = await rows(
        notifications_db,
        "SELECT delivery_id FROM notify.dead_letters WHERE exhausted_by = 'endpoint_disabled' LIMIT 1",
    )
    with pytest.raises(EndpointDisabled):
        await notifications_db.unit_of_work(lambda tx: redrive(tx, organisation, row["delivery_id"]))
    await subscribed(notifications_db, Channel.WEBHOOK, receiver.url, organisation_id=organisation)
    await notifications_db.unit_of_work(lambda tx: redrive(tx, organisation, row["delivery_id"]))


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


async def test_a_process_lost_between_send_and_record_leaves_unknown_and_the_same_id(
    notifications_db: Any,
) -> None:
    async with receiving(answer(200)) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url)
        await consume(notifications_db, held(uuid7()))
        with failpoints.armed("notify.after_send:error@#1"):
            async with delivering(
                notifications_db, webhook_lanes(), lease_seconds=0.3, poll_seconds=0.05, sweep_seconds=0.05
            ):
                await wait_until(lambda: outcomes_exist(notifications_db, 1))
                await execute(notifications_db, MAKE_DUE)
                await wait_until(lambda: _has_states(notifications_db, "delivered"))
    assert await outcomes(notifications_db) == [(1, "unknown", "lease_expired"), (2, "accepted", "http_200")]
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert len(receiver.requests) == 2


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


async def test_a_cut_connection_after_the_request_is_unknown(notifications_db: Any) -> None:
    async with receiving(drop) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url)
        await consume(notifications_db, held(uuid7()))
        async with delivering(notifications_db, webhook_lanes()):
            await wait_until(lambda: outcomes_exist(notifications_db, 1))
    assert await outcomes(notifications_db) == [(1, "unknown", "answer_lost")]


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


async def test_what_reaches_the_queue_of_a_switched_off_endpoint_still_ends(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.WEBHOOK, "https://r.example/")
    await consume(notifications_db, held(uuid7()))
    await execute(
        notifications_db, "UPDATE notify.endpoints SET disabled_at = now(), disabled_reason = 'gone'"
    )
    async with delivering(notifications_db, webhook_lanes(), sweep_seconds=0.05, poll_seconds=0.05):
        await wait_until(lambda: _has_states(notifications_db, "dead_lettered"))
    [letter] = await rows(notifications_db, "SELECT exhausted_by, attempts FROM notify.dead_letters")
    assert tuple(letter) == ("endpoint_disabled", 0)
