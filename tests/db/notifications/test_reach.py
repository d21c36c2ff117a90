"""What becomes of notices about a clock is told once, in order, and never with an address."""

import json
from typing import Any
from uuid import UUID

from imece_chassis.ids import uuid7
from imece_contracts.catalogue import EVENTS
from imece_contracts.notifications import NoticeDeferred, NoticeDelivered, NoticeEvent, NoticeUndelivered
from notifications.domain.endpoints import FAILURES_TO_OPEN
from notifications.domain.kinds import Channel
from notifications.usecases.read_inbox import mark_read
from notifications.usecases.redrive import redrive
from notifications.usecases.unsubscribe import unsubscribe
from tests.notifying.events import held, line, proposed, reminded
from tests.notifying.mailbox import receiving_mail
from tests.notifying.receivers import answer, in_turn, receiving
from tests.notifying.service import (
    consume,
    delivering,
    execute,
    mail_lanes,
    rows,
    states,
    subscribed,
    webhook_lanes,
)
from tests.waiting import wait_until

ADDRESS = "kriz-masasi@ornek.org.tr"
SWITCH_OFF = "UPDATE notify.endpoints SET disabled_at = now(), disabled_reason = 'gone'"
PAUSE = """UPDATE notify.endpoints
              SET failures_in_row = 5, failing_since = now(), paused_until = now() + interval '60 seconds'"""
MAKE_DUE = "UPDATE notify.deliveries SET due_at = now() WHERE state = 'queued'"


async def told(db: Any, clock: UUID) -> list[Any]:
    """Events published about a clock, in order; their sequences are gapless and their headers agree."""
    found = await rows(
        db, "SELECT type, headers, payload FROM outbox WHERE key = $1 ORDER BY position", str(clock)
    )
    assert [number for number, _ in enumerate(found, 1)] == [
        int(_header(row["headers"], "ce_sequence")) for row in found
    ]
    return [EVENTS[row["type"]].model_validate_json(row["payload"]) for row in found]


def _header(text: str, name: str) -> str:
    return json.loads(text)[name]


async def kinds(db: Any, clock: UUID) -> list[type[NoticeEvent]]:
    return [type(event) for event in await told(db, clock)]


async def _are(db: Any, clock: UUID, *expected: type[NoticeEvent]) -> bool:
    return await kinds(db, clock) == list(expected)


async def test_a_failing_webhook_is_deferred_and_then_delivered(notifications_db: Any) -> None:
    holder, clock = uuid7(), uuid7()
    async with receiving(in_turn(answer(500), answer(503), answer(200))) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url, organisation_id=holder)
        await consume(notifications_db, reminder := reminded(uuid7(), holder=holder, deadline=clock))
        async with delivering(notifications_db, webhook_lanes(), poll_seconds=0.05):
            await wait_until(lambda: _are(notifications_db, clock, NoticeDeferred))
            await execute(notifications_db, MAKE_DUE)
            await wait_until(lambda: len(receiver.requests) == 2)
            await wait_until(lambda: _queued(notifications_db))
            await execute(notifications_db, MAKE_DUE)
            await wait_until(lambda: _are(notifications_db, clock, NoticeDeferred, NoticeDelivered))
    deferred, delivered = await told(notifications_db, clock)
    assert deferred.next_try_at is not None
    assert (delivered.organisation, delivered.event) == (holder, reminder.envelope.id)
    assert (delivered.subject, delivered.milestone) == (reminder.envelope.subject, 50)
    assert (delivered.channel, delivered.evidence) == ("webhook", "receipt")


async def _queued(db: Any) -> bool:
    return await states(db) == ["queued"]


async def test_one_contact_that_takes_it_is_enough_whatever_became_of_the_other(
    notifications_db: Any,
) -> None:
    holder, clock = uuid7(), uuid7()
    async with receiving(answer(410)) as receiver, receiving_mail() as mailbox:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url, organisation_id=holder)
        await subscribed(notifications_db, Channel.MAIL, ADDRESS, organisation_id=holder)
        await consume(notifications_db, reminded(uuid7(), holder=holder, deadline=clock))
        lanes = (webhook_lanes(), mail_lanes(mailbox.port))
        async with delivering(notifications_db, *lanes, poll_seconds=0.05):
            await wait_until(lambda: _ended(notifications_db))
    (event,) = await told(notifications_db, clock)
    assert (event.channel, event.evidence) == ("mail", "hand_over")


async def _ended(db: Any) -> bool:
    return set(await states(db)) == {"dead_lettered", "handed_over"}


async def test_when_every_contact_is_lost_nobody_was_reached_until_it_is_redriven(
    notifications_db: Any,
) -> None:
    holder, clock = uuid7(), uuid7()
    await subscribed(notifications_db, Channel.MAIL, ADDRESS, organisation_id=holder)
    await consume(notifications_db, reminded(uuid7(), holder=holder, deadline=clock))
    async with receiving_mail() as mailbox:
        mailbox.rcpt = "550 no such mailbox"
        async with delivering(notifications_db, mail_lanes(mailbox.port), poll_seconds=0.05):
            await wait_until(lambda: _are(notifications_db, clock, NoticeUndelivered))
            mailbox.rcpt = "250 OK"
            [row] = await rows(notifications_db, "SELECT delivery_id FROM notify.deliveries")
            await notifications_db.unit_of_work(lambda tx: redrive(tx, holder, row["delivery_id"]))
            await wait_until(lambda: _are(notifications_db, clock, NoticeUndelivered, NoticeDelivered))
    assert (await told(notifications_db, clock))[0].reason == "permanent"


async def test_an_inbox_reaches_when_it_is_read(notifications_db: Any) -> None:
    holder, clock = uuid7(), uuid7()
    await subscribed(notifications_db, Channel.INBOX, organisation_id=holder)
    await consume(notifications_db, reminded(uuid7(), holder=holder, deadline=clock))
    assert await told(notifications_db, clock) == []
    [row] = await rows(notifications_db, "SELECT notice_id FROM notify.notices")
    for _ in range(2):
        await notifications_db.unit_of_work(lambda tx: mark_read(tx, holder, row["notice_id"]))
    (event,) = await told(notifications_db, clock)
    assert (event.channel, event.evidence) == ("inbox", "read")


async def test_who_stops_the_mails_is_not_reached_by_them(notifications_db: Any) -> None:
    holder, clock = uuid7(), uuid7()
    await subscribed(notifications_db, Channel.MAIL, ADDRESS, organisation_id=holder)
    await consume(notifications_db, reminded(uuid7(), holder=holder, deadline=clock))
    [row] = await rows(notifications_db, "SELECT contact_ref FROM notify.deliveries")
    await notifications_db.unit_of_work(lambda tx: unsubscribe(tx, row["contact_ref"]))
    (event,) = await told(notifications_db, clock)
    assert (type(event), event.reason) == (NoticeUndelivered, "suppressed")


async def test_a_switched_off_endpoint_leaves_its_holder_unreached_and_gets_nothing_else(
    notifications_db: Any,
) -> None:
    holder, clock = uuid7(), uuid7()
    async with receiving(answer(200)) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url, organisation_id=holder)
        await execute(notifications_db, SWITCH_OFF)
        await consume(notifications_db, held(uuid7()), reminded(uuid7(), holder=holder, deadline=clock))
        async with delivering(notifications_db, webhook_lanes(), sweep_seconds=0.05, poll_seconds=0.05):
            await wait_until(lambda: _are(notifications_db, clock, NoticeUndelivered))
    assert (receiver.requests, await states(notifications_db)) == ([], ["dead_lettered"])
    (event,) = await told(notifications_db, clock)
    assert (event.organisation, event.reason) == (holder, "endpoint_disabled")


async def test_what_waits_in_a_lane_paused_for_its_failures_is_deferred_from_the_start(
    notifications_db: Any,
) -> None:
    holder, clock = uuid7(), uuid7()
    await subscribed(notifications_db, Channel.WEBHOOK, "https://r.example/", organisation_id=holder)
    await execute(notifications_db, PAUSE)
    reminder = reminded(uuid7(), holder=holder, deadline=clock)
    for _ in range(2):
        await consume(notifications_db, reminder)
    (event,) = await told(notifications_db, clock)
    [row] = await rows(notifications_db, "SELECT paused_until FROM notify.endpoints")
    assert (type(event), event.next_try_at) == (NoticeDeferred, row["paused_until"])


async def test_what_waited_when_its_lane_was_paused_is_deferred_without_a_try_of_its_own(
    notifications_db: Any,
) -> None:
    holder, clocks, crisis = uuid7(), [uuid7() for _ in range(8)], uuid7()
    async with receiving(answer(500)) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url, organisation_id=holder)
        await consume(notifications_db, *(reminded(crisis, holder=holder, deadline=each) for each in clocks))
        async with delivering(notifications_db, webhook_lanes(per_lane=1), poll_seconds=0.05):
            for clock in clocks:
                await wait_until(lambda clock=clock: _are(notifications_db, clock, NoticeDeferred))
    assert len(receiver.requests) == FAILURES_TO_OPEN


async def test_only_whom_the_clock_may_wait_for_is_followed(notifications_db: Any) -> None:
    asker, pledger, desk = uuid7(), uuid7(), uuid7()
    async with receiving(answer(200)) as receiver:
        for organisation, role in ((asker, None), (pledger, None), (desk, "provincial_desk")):
            await subscribed(
                notifications_db,
                Channel.WEBHOOK,
                f"{receiver.url}/{organisation}",
                organisation_id=organisation,
                desk_role=role,
            )
        asked = proposed(uuid7(), line(asker_org=asker), pledger=pledger)
        await consume(notifications_db, asked)
        async with delivering(notifications_db, webhook_lanes()):
            await wait_until(lambda: len(receiver.requests) == 3)
            await wait_until(lambda: _all_delivered(notifications_db))
    events = await rows(notifications_db, "SELECT payload FROM outbox")
    followed = await told(notifications_db, asked.data.deadline_ref)  # pyright: ignore[reportAttributeAccessIssue]
    assert len(events) == 2 and {event.organisation for event in followed} == {asker, desk}


async def _all_delivered(db: Any) -> bool:
    return set(await states(db)) == {"delivered"}


async def test_a_late_failure_says_nothing_once_a_later_notice_arrived(notifications_db: Any) -> None:
    holder, clock, crisis = uuid7(), uuid7(), uuid7()
    async with receiving(in_turn(answer(500), answer(200), answer(410))) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url, organisation_id=holder)
        async with delivering(notifications_db, webhook_lanes(), poll_seconds=0.05):
            await consume(notifications_db, reminded(crisis, holder=holder, deadline=clock))
            await wait_until(lambda: _are(notifications_db, clock, NoticeDeferred))
            await consume(notifications_db, reminded(crisis, holder=holder, deadline=clock, milestone=80))
            await wait_until(lambda: _are(notifications_db, clock, NoticeDeferred, NoticeDelivered))
            await execute(notifications_db, MAKE_DUE)
            await wait_until(lambda: _lost_one(notifications_db))
    assert await kinds(notifications_db, clock) == [NoticeDeferred, NoticeDelivered]


async def _lost_one(db: Any) -> bool:
    return sorted(await states(db)) == ["dead_lettered", "delivered"]


async def test_no_address_and_no_contact_leaves_with_the_events(notifications_db: Any) -> None:
    holder, clock = uuid7(), uuid7()
    await subscribed(notifications_db, Channel.MAIL, ADDRESS, organisation_id=holder)
    await consume(notifications_db, reminded(uuid7(), holder=holder, deadline=clock), held(uuid7()))
    async with receiving_mail() as mailbox, delivering(notifications_db, mail_lanes(mailbox.port)):
        await wait_until(lambda: _are(notifications_db, clock, NoticeDelivered))
    [contact] = await rows(notifications_db, "SELECT DISTINCT contact_ref FROM notify.deliveries")
    for row in await rows(
        notifications_db, "SELECT headers::text || convert_from(payload, 'UTF8') AS text FROM outbox"
    ):
        assert "ornek" not in row["text"] and str(contact["contact_ref"]) not in row["text"]
