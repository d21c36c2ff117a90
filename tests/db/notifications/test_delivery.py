"""Claim, send, record: at least one attempt, at most ten, one id, and an ending."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from imece_chassis import failpoints
from imece_chassis.ids import uuid7
from notifications.domain.kinds import Channel
from notifications.domain.lifecycle import State
from notifications.domain.refusals import DeliveryNotFound, DeliveryNotRedrivable, EndpointDisabled
from notifications.usecases.redrive import redrive
from tests.db.notifications.attempting import outcomes, outcomes_exist
from tests.notifying.events import held
from tests.notifying.receivers import answer, drop, in_turn, receiving
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
    line = body["data"]["need_line_id"]
    assert body["data"]["link"] == f"https://board.example/c/{event.envelope.crisis_id}#l-{line}"
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


async def test_a_cut_connection_after_the_request_is_unknown(notifications_db: Any) -> None:
    async with receiving(drop) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url)
        await consume(notifications_db, held(uuid7()))
        async with delivering(notifications_db, webhook_lanes()):
            await wait_until(lambda: outcomes_exist(notifications_db, 1))
    assert await outcomes(notifications_db) == [(1, "unknown", "answer_lost")]


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
