"""Old knowledge of credentials is refused, and a change is known here within seconds."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from starlette.requests import Request

from imece_chassis.access.authenticator import Authenticator, CredentialsStale
from imece_chassis.access.mirror import CONSUMER, apply
from imece_chassis.access.view import AccessView
from imece_chassis.database import Database, Transaction
from imece_chassis.freshness import store_mark
from imece_contracts.topics import REGISTRY_PROGRESS
from tests.db.chassis.credentials import DIGEST, KEY, KEY_ID, PEPPER, credential, feed, organisation
from tests.waiting import wait_until


async def mark(db: Database, age: timedelta = timedelta()) -> None:
    """The owner's relay has nothing older than `age` left to send, and all of it is applied here."""

    async def work(tx: Transaction) -> None:
        now = await tx.fetchval("SELECT clock_timestamp()")
        await tx.execute("DELETE FROM progress_marks")
        await store_mark(
            tx,
            CONSUMER,
            REGISTRY_PROGRESS.name,
            lane=0,
            lanes=1,
            drained_at=now - age,
            log_epoch=1,
            end_offsets_json=json.dumps({}),
        )

    await db.unit_of_work(work)


@contextlib.asynccontextmanager
async def running(view: AccessView) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(view.run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 5)


async def test_without_any_mark_the_copy_is_infinitely_old(db: Database) -> None:
    await feed(db, credential())
    view = AccessView(db)
    await view.refresh()
    assert view.age_seconds == float("inf")


async def test_the_age_comes_from_the_owners_marks_and_grows_between_looks(db: Database) -> None:
    view = AccessView(db)
    await mark(db, timedelta(seconds=3))
    await view.refresh()
    first = view.age_seconds
    assert 3 <= first < 4
    assert view.age_seconds > first


async def test_a_day_without_the_broker_refuses_nobody_and_a_longer_one_refuses_everybody(
    db: Database,
) -> None:
    view = AccessView(db)
    access = Authenticator(view, PEPPER)
    asked = Request({"type": "http", "headers": [(b"authorization", f"Bearer {KEY}".encode())]})
    await feed(db, credential(), organisation())
    for age in (timedelta(minutes=16), timedelta(hours=23)):
        await mark(db, age)
        await view.refresh()
        await access.is_usable()
        assert (await access.authorise(asked, "things:write")).key_id == KEY_ID
        with pytest.raises(CredentialsStale):
            await access.authorise(asked, "things:write", administrative=True)
    await mark(db, timedelta(hours=25))
    await view.refresh()
    with pytest.raises(CredentialsStale):
        await access.is_usable()
    with pytest.raises(CredentialsStale):
        await access.authorise(asked, "things:read")


async def test_a_revocation_in_the_mirror_is_effective_at_once(db: Database) -> None:
    await feed(db, credential(1), organisation())
    view = AccessView(db)
    async with running(view):
        await wait_until(lambda: view.lookup(DIGEST))
        await feed(db, credential(2, revoked=True))
        started = asyncio.get_running_loop().time()
        await wait_until(lambda: (found := view.lookup(DIGEST)) is not None and found.revoked_at is not None)
        assert asyncio.get_running_loop().time() - started < 0.9, "the notification must beat the poll"


async def test_without_a_notification_the_poll_finds_the_change(db: Database) -> None:
    view = AccessView(db)
    async with running(view):
        await wait_until(lambda: view._version == 0)

        async def silently(tx: Transaction) -> None:
            await apply(tx, [credential()])
            tx.channels.clear()

        await db.unit_of_work(silently)
        await wait_until(lambda: view.lookup(DIGEST), timeout=3)


async def test_a_lost_listening_session_is_replaced(db: Database) -> None:
    view = AccessView(db)
    async with running(view):
        await wait_until(lambda: view._version == 0)

        async def cut(tx: Transaction) -> int:
            return await tx.fetchval(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'"
            )

        await wait_until(lambda: db.unit_of_work(cut))
        await feed(db, credential())
        await wait_until(lambda: view.lookup(DIGEST), timeout=5)


async def test_a_copy_that_cannot_look_grows_old(db: Database) -> None:
    await mark(db)
    await feed(db, credential())
    view = AccessView(db)
    await view.refresh()
    assert view.age_seconds < 2
    await db.close()
    with pytest.raises(Exception, match="closing"):
        await view.refresh()
    aged = view.age_seconds
    await wait_until(lambda: view.age_seconds > aged)
    assert view.lookup(DIGEST) is not None
