"""Changing the number of lanes never blinds a reader, and never makes it believe too much."""

from datetime import UTC, datetime, timedelta

from imece_chassis.database import Database
from imece_chassis.freshness import fresh_at, store_mark
from imece_contracts.topics import REGISTRY_PROGRESS

NOON = datetime(2026, 2, 6, 12, tzinfo=UTC)


def at(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


async def mark(db: Database, lane: int, lanes: int, seconds: int, *, offsets: str = "{}") -> None:
    await db.unit_of_work(
        lambda tx: store_mark(
            tx, "reader", REGISTRY_PROGRESS.name, lane=lane, lanes=lanes, drained_at=at(seconds), log_epoch=1,
            end_offsets_json=offsets,
        )
    )  # fmt: skip


async def fresh(db: Database) -> datetime | None:
    return await db.snapshot(lambda tx: fresh_at(tx, "reader", REGISTRY_PROGRESS))


async def kept(db: Database) -> list[tuple[int, int]]:
    rows = await db.snapshot(
        lambda tx: tx.fetch("SELECT lane, lanes FROM progress_marks ORDER BY lanes, lane, drained_at")
    )
    return [(row["lane"], row["lanes"]) for row in rows]


async def test_more_lanes_keep_the_old_age_until_each_of_them_has_spoken(chassis_db: Database) -> None:
    await mark(chassis_db, 0, 1, 10)
    await mark(chassis_db, 0, 2, 20)
    assert await fresh(chassis_db) == at(10)
    await mark(chassis_db, 0, 2, 22)
    assert await fresh(chassis_db) == at(10)
    await mark(chassis_db, 1, 2, 21)
    assert await fresh(chassis_db) == at(21)
    assert await kept(chassis_db) == [(0, 2), (1, 2)]


async def test_fewer_lanes_take_over_with_their_first_mark(chassis_db: Database) -> None:
    for lane in range(4):
        await mark(chassis_db, lane, 4, 10 + lane)
    assert await fresh(chassis_db) == at(10)
    await mark(chassis_db, 0, 1, 20)
    assert await fresh(chassis_db) == at(20)
    assert await kept(chassis_db) == [(0, 1)]


async def test_without_any_complete_set_nothing_is_known(chassis_db: Database) -> None:
    await mark(chassis_db, 0, 2, 10)
    assert await fresh(chassis_db) is None


async def test_a_mark_whose_offsets_are_not_applied_neither_counts_nor_removes_others(
    chassis_db: Database,
) -> None:
    await chassis_db.unit_of_work(
        lambda tx: tx.execute("INSERT INTO consumer_topics (consumer, topic) VALUES ('reader', 't')")
    )
    await mark(chassis_db, 0, 1, 10)
    await mark(chassis_db, 0, 1, 20, offsets='{"t": {"0": 5}}')
    assert await fresh(chassis_db) == at(10)
    assert await kept(chassis_db) == [(0, 1), (0, 1)]
