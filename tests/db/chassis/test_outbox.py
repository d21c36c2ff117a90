"""An event is stored with the change that caused it or not at all; the table says what is wrong with it."""

import json
from datetime import timedelta

import asyncpg
import pytest

from imece_chassis import failpoints, outbox
from imece_chassis.answers import Answer
from imece_chassis.clock import SystemClock
from imece_chassis.database import Database, Transaction
from imece_chassis.idempotency import Request, remember_many
from imece_chassis.ids import uuid7
from imece_chassis.janitor import Janitor, archive_published, forget_inbox
from imece_chassis.republish import TooOld, republish
from imece_contracts.envelope import from_record
from tests.messaging.events import opened

BREAK_OFF = """
CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'lost'; END $$;
CREATE TRIGGER break_off BEFORE UPDATE ON outbox FOR EACH ROW WHEN (new.position = 5)
EXECUTE FUNCTION break_off()
"""


async def test_a_stored_row_reads_back_as_the_same_event(chassis_db: Database) -> None:
    event = opened(uuid7(), 3, actor_role="pledger", traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01")
    await chassis_db.unit_of_work(lambda tx: outbox.append(tx, event))
    (row,) = await _rows(chassis_db)
    headers = [(name, value.encode()) for name, value in json.loads(row["headers"]).items()]
    assert from_record(row["topic"], row["key"].encode(), row["payload"], headers) == event
    assert row["slot"] == outbox.slot_of(event.key)


async def test_many_events_keep_their_order_in_one_statement(chassis_db: Database) -> None:
    key = uuid7()
    events = [opened(key, n) for n in range(1, 201)]
    await chassis_db.unit_of_work(lambda tx: outbox.append(tx, *events))
    assert [row["event_id"] for row in await _rows(chassis_db)] == [event.id for event in events]


async def test_if_the_outbox_refuses_the_whole_unit_fails(chassis_db: Database) -> None:
    async def work(tx: Transaction) -> None:
        await tx.execute("CREATE TABLE effect (id int)")
        await outbox.append(tx, opened(uuid7(), 1))

    with failpoints.armed("cmd.outbox_error:error"), pytest.raises(failpoints.FailpointError):
        await chassis_db.unit_of_work(work)
    assert await chassis_db.unit_of_work(lambda tx: tx.fetchval("SELECT to_regclass('effect') IS NULL"))


async def test_an_id_cannot_be_stored_twice(chassis_db: Database) -> None:
    event = opened(uuid7(), 1)
    await chassis_db.unit_of_work(lambda tx: outbox.append(tx, event))
    with pytest.raises(asyncpg.UniqueViolationError):
        await chassis_db.unit_of_work(lambda tx: outbox.append(tx, event))


async def test_a_payload_above_900_kb_is_refused(chassis_db: Database) -> None:
    with pytest.raises(outbox.PayloadTooLarge, match="921601"):
        await chassis_db.unit_of_work(
            lambda tx: outbox.append(tx, opened(uuid7(), 1, payload=b"x" * (900 * 1024 + 1)))
        )


async def test_positions_are_drawn_without_a_cache(chassis_db: Database) -> None:
    cache = await chassis_db.unit_of_work(
        lambda tx: tx.fetchval(
            "SELECT cache_size FROM pg_sequences WHERE sequencename = 'outbox_position_seq'"
        )
    )
    assert cache == 1


async def test_old_published_events_move_to_the_archive_and_come_back_for_a_republish(
    chassis_db: Database,
) -> None:
    events = [opened(uuid7(), 1) for _ in range(5)]
    await chassis_db.unit_of_work(lambda tx: outbox.append(tx, *events))
    await chassis_db.unit_of_work(
        lambda tx: tx.execute(
            "UPDATE outbox SET published_at = now() - interval '40 days', "
            "created_at = now() - interval '40 days' "
            "WHERE event_id = ANY ($1)",
            [event.id for event in events[:3]],
        )
    )
    before = await _rows(chassis_db)
    assert await archive_published(chassis_db) == 3
    assert len(await _rows(chassis_db)) == 2
    now = SystemClock().now()
    assert (await republish(chassis_db, now - timedelta(days=60), now=now, dry_run=True)).total == 3
    result = await republish(chassis_db, now - timedelta(days=60), now=now)
    assert (result.archived, result.epoch) == (3, 2)
    after = await _rows(chassis_db)
    assert [row["event_id"] for row in after] == [row["event_id"] for row in before]
    assert all(row["published_at"] is None for row in after)
    assert await archive_published(chassis_db) == 0


async def test_republish_refuses_times_the_inboxes_have_forgotten(chassis_db: Database) -> None:
    now = SystemClock().now()
    with pytest.raises(TooOld):
        await republish(chassis_db, now - timedelta(days=200), now=now)
    assert (await republish(chassis_db, now - timedelta(days=200), now=now, older_than_inbox=True)).total == 0


async def test_a_republish_that_breaks_off_leaves_everything_as_it_was_and_the_next_one_raises_the_epoch_once(
    chassis_db: Database,
) -> None:
    start = SystemClock().now() - timedelta(minutes=5)
    events = [opened(uuid7(), 1) for _ in range(7)]
    await chassis_db.unit_of_work(lambda tx: outbox.append(tx, *events))
    for statement in (
        "UPDATE outbox SET published_at = now()",
        "UPDATE outbox SET created_at = now() - interval '1 day' WHERE position % 3 = 0",
        BREAK_OFF,
    ):
        await chassis_db.unit_of_work(lambda tx, statement=statement: tx.execute(statement))
    for _ in range(2):
        with pytest.raises(asyncpg.RaiseError):
            await republish(chassis_db, start, now=SystemClock().now(), batch=2)
        assert all(row["published_at"] is not None for row in await _rows(chassis_db))
    await chassis_db.unit_of_work(lambda tx: tx.execute("DROP TRIGGER break_off ON outbox"))
    result = await republish(chassis_db, start, now=SystemClock().now(), batch=2)
    assert (result.recent, result.epoch) == (5, 2)
    unpublished = [row["position"] for row in await _rows(chassis_db) if row["published_at"] is None]
    assert unpublished == [1, 2, 4, 5, 7]


async def test_a_sweep_forgets_answers_older_than_the_promise(chassis_db: Database) -> None:
    await chassis_db.unit_of_work(
        lambda tx: remember_many(
            tx, [(Request("scope", key, b"h" * 32), Answer(201, b"{}")) for key in ("old", "new")]
        )
    )
    await chassis_db.unit_of_work(
        lambda tx: tx.execute(
            "UPDATE idempotency SET created_at = now() - interval '8 days' WHERE key = 'old'"
        )
    )
    await Janitor(chassis_db).sweep()
    rows = await chassis_db.unit_of_work(lambda tx: tx.fetch("SELECT key FROM idempotency"))
    assert [row["key"] for row in rows] == ["new"]


async def test_the_inbox_forgets_by_the_time_inside_the_id(chassis_db: Database) -> None:
    recent = uuid7()

    async def fill(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO consumer_positions (consumer, topic, partition, next_offset) VALUES ('c', 't', 0, 1)"
        )
        await tx.execute(
            "INSERT INTO inbox VALUES ('c', $1), ('c', '01800000-0000-7000-8000-000000000000')", recent
        )

    await chassis_db.unit_of_work(fill)
    assert await forget_inbox(chassis_db) == 1
    assert await chassis_db.unit_of_work(lambda tx: tx.fetchval("SELECT event_id FROM inbox")) == recent


async def _rows(database: Database) -> list[asyncpg.Record]:
    return await database.unit_of_work(
        lambda tx: tx.fetch(
            "SELECT position, event_id, slot, topic, key, headers, payload, published_at "
            "FROM outbox ORDER BY position"
        )
    )
