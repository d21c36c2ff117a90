"""The operator's limit on the age of keys reaches the application, and its copy of keys is kept alive."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from imece_chassis.access.authenticator import CredentialsStale
from imece_chassis.access.mirror import CONSUMER
from imece_chassis.database import Database, Transaction
from imece_chassis.freshness import store_mark
from imece_contracts.topics import REGISTRY_PROGRESS
from notifications.settings import NotificationsSettings
from notifications.wiring import app
from tests.notifying.service import MASTER_KEY
from tests.waiting import wait_until


async def _mark(database: Database, age: timedelta) -> None:
    async def work(tx: Transaction) -> None:
        now: Any = await tx.fetchval("SELECT clock_timestamp()")
        await store_mark(
            tx, CONSUMER, REGISTRY_PROGRESS.name, lane=0, lanes=1, drained_at=now - age, log_epoch=1,
            end_offsets_json="{}",
        )  # fmt: skip

    await database.unit_of_work(work)


@pytest.mark.parametrize(("minutes", "is_usable"), [(1440, True), (60, False)])
async def test_keys_are_refused_after_the_minutes_the_operator_set(
    database: Callable[[str], str], minutes: int, is_usable: bool
) -> None:
    settings = NotificationsSettings.model_validate(
        {
            "database_url": database("notifications"),
            "env": "test",
            "master_key": base64.b64encode(MASTER_KEY).decode(),
            "credentials_refused_after_minutes": minutes,
        }
    )
    application = app(settings)
    async with application.router.lifespan_context(application):
        access = application.state.access
        await _mark(application.state.database, timedelta(minutes=100))
        await wait_until(lambda: 6000 <= access.source.age_seconds < 7000, timeout=10)
        if is_usable:
            await access.is_usable()
        else:
            with pytest.raises(CredentialsStale):
                await access.is_usable()
