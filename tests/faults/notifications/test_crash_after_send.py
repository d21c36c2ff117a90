"""A process that dies between sending and recording: one repeat at most, under the same id, and marked."""

from collections.abc import Callable
from pathlib import Path

from imece_chassis.database import Database
from imece_chassis.ids import uuid7
from imece_local.children import free_port
from notifications.domain.kinds import Channel
from tests.faults.processes import ServiceProcess
from tests.notifying.api import settings_for
from tests.notifying.events import held
from tests.notifying.receivers import answer, receiving
from tests.notifying.service import consume, execute, rows, states, subscribed
from tests.waiting import wait_until

EXPIRE = "UPDATE notify.deliveries SET lease_until = now() - interval '1 second' WHERE state = 'sending'"


def deliver_process(url: str, log: Path) -> ServiceProcess:
    """The deliver role as a process of its own."""
    port = free_port()
    settings = settings_for(url)
    environment = {
        "IMECE_ENV": "test",
        "DATABASE_URL_NOTIFICATIONS": url,
        "NOTIFICATIONS_MASTER_KEY": settings.master_key.get_secret_value(),
        "WEBHOOK_ALLOW_HTTP": "true",
        "WEBHOOK_ALLOWED_SUBNETS": "127.0.0.0/8",
        "OPS_PORT": str(port),
    }
    return ServiceProcess("deliver", "notifications", ["deliver"], port, environment, log)


async def test_a_crash_between_send_and_record_is_one_marked_repeat_under_the_same_id(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    url = database("notifications")
    db = await Database.connect(url, application="test", min_size=1)
    process = deliver_process(url, tmp_path / "deliver.log")
    async with receiving(answer(200)) as receiver:
        try:
            await subscribed(db, Channel.WEBHOOK, receiver.url)
            process.extra["FP"] = "notify.after_send:crash@#1"
            await process.start()
            await consume(db, held(uuid7()))
            await wait_until(lambda: not process.is_alive, timeout=15)
            assert await states(db) == ["sending"], "the attempt was committed before anything was sent"
            assert len(receiver.requests) == 1
            process.extra["FP"] = ""
            await process.start()
            await execute(db, EXPIRE)  # a minute passes
            await wait_until(lambda: _is_delivered(db), timeout=30)
        finally:
            await process.kill()
            found = await rows(db, "SELECT number, outcome FROM notify.attempt_outcomes ORDER BY number")
            await db.close()
    assert [tuple(row) for row in found] == [(1, "unknown"), (2, "accepted")]
    assert len(receiver.requests) == 2
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1


async def _is_delivered(db: Database) -> bool:
    return await states(db) == ["delivered"]
