"""Mail is handed over once, and 250 is all that is claimed about it."""

from typing import Any

from imece_chassis.ids import uuid7
from notifications.channels.mail import TOTAL_SECONDS
from notifications.deliver.dispatcher import LEASE_SECONDS
from notifications.domain.kinds import Channel
from notifications.usecases.unsubscribe import unsubscribe
from tests.notifying.events import crisis_opened, held
from tests.notifying.mailbox import receiving_mail
from tests.notifying.service import consume, delivering, mail_lanes, rows, states, subscribed
from tests.waiting import wait_until

ADDRESS = "kriz-masasi@ornek.org.tr"


async def outcomes(db: Any) -> list[tuple[int, str, str]]:
    found = await rows(
        db, "SELECT number, outcome, code FROM notify.attempt_outcomes ORDER BY number, recorded_at"
    )
    return [tuple(row) for row in found]


async def test_a_mail_is_handed_over_in_the_readers_language(notifications_db: Any) -> None:
    crisis = uuid7()
    await subscribed(notifications_db, Channel.MAIL, ADDRESS, language="en", event_kinds=["crisis.opened"])
    async with receiving_mail() as mailbox, delivering(notifications_db, mail_lanes(mailbox.port)):
        await consume(notifications_db, crisis_opened(crisis))
        await wait_until(lambda: _are(notifications_db, "handed_over"))
    [mail] = mailbox.mails
    assert mail["Subject"] == "Crisis opened: Hatay earthquake"
    assert mailbox.recipients == [ADDRESS]
    [row] = await rows(notifications_db, "SELECT delivery_id, provider_message_id FROM notify.deliveries")
    assert mail["Message-ID"] == f"<{row['provider_message_id']}>"
    assert row["delivery_id"].hex in mail["Message-ID"]


async def _are(db: Any, *expected: str) -> bool:
    return await states(db) == list(expected)


async def test_a_temporary_refusal_is_retried_at_once_and_then_later(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.MAIL, ADDRESS)
    await consume(notifications_db, held(uuid7()))
    async with receiving_mail() as mailbox:
        mailbox.rcpt = "451 try later"
        async with delivering(notifications_db, mail_lanes(mailbox.port), poll_seconds=0.02):
            await wait_until(lambda: _tried(notifications_db, 2))
    assert await outcomes(notifications_db) == [(1, "temporary", "smtp_451"), (2, "temporary", "smtp_451")]
    assert await states(notifications_db) == ["queued"]


async def _tried(db: Any, times: int) -> bool:
    return len(await outcomes(db)) == times


async def test_an_unknown_mailbox_is_a_dead_letter(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.MAIL, ADDRESS)
    await consume(notifications_db, held(uuid7()))
    async with receiving_mail() as mailbox:
        mailbox.rcpt = "550 no such user"
        async with delivering(notifications_db, mail_lanes(mailbox.port)):
            await wait_until(lambda: _are(notifications_db, "dead_lettered"))
    assert await outcomes(notifications_db) == [(1, "permanent", "smtp_550")]


async def test_a_relay_that_refuses_our_sender_loses_no_mail(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.MAIL, ADDRESS)
    await consume(notifications_db, held(uuid7()))
    async with receiving_mail() as mailbox:
        mailbox.mail = "550 sender not allowed"
        async with delivering(notifications_db, mail_lanes(mailbox.port)):
            await wait_until(lambda: _tried(notifications_db, 2))  # the first retry follows at once
    assert (await outcomes(notifications_db))[0] == (1, "temporary", "smtp_550")
    assert await states(notifications_db) == ["queued"]


async def test_a_message_refused_for_good_is_a_dead_letter(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.MAIL, ADDRESS)
    await consume(notifications_db, held(uuid7()))
    async with receiving_mail() as mailbox:
        mailbox.data = "554 content refused"
        async with delivering(notifications_db, mail_lanes(mailbox.port)):
            await wait_until(lambda: _are(notifications_db, "dead_lettered"))
    assert await outcomes(notifications_db) == [(1, "permanent", "smtp_554")]


async def test_a_relay_that_answers_each_step_late_does_not_hold_a_mail_beyond_its_lease(
    notifications_db: Any,
) -> None:
    await subscribed(notifications_db, Channel.MAIL, ADDRESS)
    await consume(notifications_db, held(uuid7()))
    async with receiving_mail() as mailbox:
        mailbox.slow_seconds = 0.4
        async with delivering(notifications_db, mail_lanes(mailbox.port, step_seconds=5, total_seconds=0.6)):
            await wait_until(lambda: _tried(notifications_db, 1))
    assert (await outcomes(notifications_db))[0] == (1, "temporary", "smtp_unreachable")
    assert mailbox.raw == []


def test_the_longest_conversation_ends_before_the_lease_of_its_attempt() -> None:
    assert TOTAL_SECONDS < LEASE_SECONDS


async def test_a_server_silent_after_the_data_leaves_the_outcome_unknown(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.MAIL, ADDRESS)
    await consume(notifications_db, held(uuid7()))
    async with receiving_mail() as mailbox:
        mailbox.data = None
        async with delivering(notifications_db, mail_lanes(mailbox.port, step_seconds=0.3)):
            await wait_until(lambda: _tried(notifications_db, 1))
    assert (await outcomes(notifications_db))[0] == (1, "unknown", "smtp_answer_lost")


async def test_no_mail_server_is_a_temporary_failure(notifications_db: Any) -> None:
    async with receiving_mail() as mailbox:
        port = mailbox.port
    await subscribed(notifications_db, Channel.MAIL, ADDRESS)
    await consume(notifications_db, held(uuid7()))
    async with delivering(notifications_db, mail_lanes(port)):
        await wait_until(lambda: _tried(notifications_db, 2))
    assert {code for _, _, code in await outcomes(notifications_db)} == {"smtp_unreachable"}


async def test_a_mail_for_somebody_who_just_unsubscribed_is_not_sent(notifications_db: Any) -> None:
    created = await subscribed(notifications_db, Channel.MAIL, ADDRESS)
    await consume(notifications_db, held(uuid7()))
    contact = created.subscription.contact_ref
    await notifications_db.unit_of_work(lambda tx: unsubscribe(tx, contact))
    async with receiving_mail() as mailbox, delivering(notifications_db, mail_lanes(mailbox.port)):
        await wait_until(lambda: _are(notifications_db, "suppressed"))
    assert mailbox.raw == []
