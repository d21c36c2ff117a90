"""Addresses are unreadable without their key, and erasing is final."""

from typing import Any

import asyncpg
import pytest

from imece_chassis.ids import uuid7
from notifications.domain.kinds import Channel
from notifications.domain.refusals import AddressUnsubscribed, SubscriptionNotFound
from notifications.store import subscriptions
from notifications.store.vault import Vault
from notifications.usecases.end_subscription import end_subscription
from notifications.usecases.erase_recipient import erase_recipient
from notifications.usecases.unsubscribe import unsubscribe
from tests.notifying.events import held
from tests.notifying.service import VAULT, consume, execute, rows, states, subscribed

ADDRESS = "kriz-masasi@ornek.org.tr"

TABLES = """SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
             WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"""


async def dump(db: Any) -> str:
    """Every row of every table as text."""
    texts: list[str] = []
    for table in await rows(db, TABLES):
        found = await rows(db, f"SELECT t::text AS line FROM {table['name']} AS t")
        texts += [row["line"] for row in found]
    return "\n".join(texts)


async def address_seen_by(db: Any, organisation: Any, vault: Vault) -> str | None:
    async def work(tx: Any) -> Any:
        return await subscriptions.page(tx, vault, organisation, None, 10)

    [found] = await db.snapshot(work)
    return found.address


async def test_a_dump_holds_no_address_and_no_secret(notifications_db: Any) -> None:
    created = await subscribed(notifications_db, Channel.WEBHOOK, "https://receiver.example/hook")
    await subscribed(notifications_db, Channel.MAIL, ADDRESS)
    await consume(notifications_db, held(uuid7()))
    text = await dump(notifications_db)
    assert created.sealed_secret is not None
    secret = VAULT.open_secret(created.subscription.subscription_id, created.sealed_secret)
    for hidden in (ADDRESS, "kriz-masasi", ADDRESS.encode().hex(), secret, secret.encode().hex()):
        assert hidden not in text
    assert "receiver.example" in text, "the dump does show what is not hidden"


async def test_another_master_key_reads_nothing(notifications_db: Any) -> None:
    organisation = uuid7()
    await subscribed(notifications_db, Channel.MAIL, ADDRESS, organisation_id=organisation)
    assert await address_seen_by(notifications_db, organisation, VAULT) == "k***@ornek.org.tr"
    other = Vault(b"another key of thirty-two bytes!")
    assert await address_seen_by(notifications_db, organisation, other) is None


async def test_erasing_a_recipient_suppresses_what_waits_and_leaves_no_address(notifications_db: Any) -> None:
    organisation = uuid7()
    created = await subscribed(notifications_db, Channel.MAIL, ADDRESS, organisation_id=organisation)
    await consume(notifications_db, held(uuid7()))
    recipient = created.subscription.recipient_id
    assert await notifications_db.unit_of_work(lambda tx: erase_recipient(tx, recipient)) == 1
    assert await states(notifications_db) == ["suppressed"]
    for table in ("recipient_keys", "contact_points WHERE address IS NOT NULL"):
        assert await rows(notifications_db, f"SELECT 1 FROM pii.{table}") == []
    assert len(await rows(notifications_db, "SELECT 1 FROM notify.notices")) == 1, "counts stay"
    await consume(notifications_db, held(uuid7()))
    assert await states(notifications_db) == ["suppressed"]


async def test_an_erased_address_may_be_subscribed_afresh(notifications_db: Any) -> None:
    organisation = uuid7()
    first = await subscribed(notifications_db, Channel.MAIL, ADDRESS, organisation_id=organisation)
    await notifications_db.unit_of_work(
        lambda tx: end_subscription(tx, organisation, first.subscription.subscription_id)
    )
    assert await rows(notifications_db, "SELECT 1 FROM pii.recipient_keys") == []
    second = await subscribed(notifications_db, Channel.MAIL, ADDRESS, organisation_id=organisation)
    assert second.subscription.recipient_id != first.subscription.recipient_id


async def test_an_address_with_another_subscription_is_kept(notifications_db: Any) -> None:
    organisation = uuid7()
    first = await subscribed(notifications_db, Channel.MAIL, ADDRESS, organisation_id=organisation)
    await subscribed(notifications_db, Channel.MAIL, ADDRESS, organisation_id=organisation, crisis_id=uuid7())
    await consume(notifications_db, held(uuid7()))
    await notifications_db.unit_of_work(
        lambda tx: end_subscription(tx, organisation, first.subscription.subscription_id)
    )
    assert await states(notifications_db) == ["queued"]
    assert len(await rows(notifications_db, "SELECT 1 FROM pii.recipient_keys")) == 1


async def test_who_unsubscribed_is_not_subscribed_again_by_that_organisation(
    notifications_db: Any,
) -> None:
    organisation = uuid7()
    created = await subscribed(notifications_db, Channel.MAIL, ADDRESS, organisation_id=organisation)
    contact = created.subscription.contact_ref
    assert await notifications_db.unit_of_work(lambda tx: unsubscribe(tx, contact)) is True
    assert await notifications_db.unit_of_work(lambda tx: unsubscribe(tx, contact)) is False
    for spelling in (ADDRESS, ADDRESS.upper()):
        with pytest.raises(AddressUnsubscribed):
            await subscribed(notifications_db, Channel.MAIL, spelling, organisation_id=organisation)
    await subscribed(notifications_db, Channel.MAIL, ADDRESS)  # another organisation's list is another list


async def test_a_foreign_subscription_cannot_be_ended(notifications_db: Any) -> None:
    created = await subscribed(notifications_db, Channel.MAIL, ADDRESS)
    with pytest.raises(SubscriptionNotFound):
        await notifications_db.unit_of_work(
            lambda tx: end_subscription(tx, uuid7(), created.subscription.subscription_id)
        )


async def test_the_database_refuses_an_address_on_a_suppressed_contact(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.MAIL, ADDRESS)
    with pytest.raises(asyncpg.CheckViolationError):
        await execute(notifications_db, "UPDATE pii.contact_points SET state = 'suppressed'")
