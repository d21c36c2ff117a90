"""Whatever a record contains, it becomes a dead letter with a reason and the partition moves on."""

import json

import pytest

from imece_chassis import dead_letters
from imece_chassis.database import Database
from imece_chassis.ids import uuid7
from imece_contracts.envelope import to_headers
from imece_contracts.topics import CRISES, CRISIS_PROGRESS
from tests.messaging.consuming import applied, make_table, runner, running
from tests.messaging.events import opened
from tests.messaging.topics import Headers, limit_record_bytes, raw, write, write_with_odd_header_name
from tests.platform.kafka import TestTopics
from tests.waiting import wait_until

EVENT = opened(uuid7(), 7)
KEY, VALUE, HEADERS = raw(EVENT)


def without(name: str, **replaced: bytes | None) -> Headers:
    """The event's headers with one removed or replaced."""
    return [*((n, v) for n, v in to_headers(EVENT) if n != name), *replaced.items()]


POISON: dict[str, tuple[str, tuple[bytes | None, bytes | None, Headers]]] = {
    "broken JSON": ("schema", (KEY, b'{"crisis": ', HEADERS)),
    "JSON of another shape": ("schema", (KEY, b"[1, 2, 3]", HEADERS)),
    "invalid UTF-8 in the value": ("schema", (KEY, b'{"crisis": "\xff\xfe"}', HEADERS)),
    "no value": ("no_data", (KEY, None, HEADERS)),
    "no key": ("key_null", (None, VALUE, HEADERS)),
    "a key that is not text": ("key_encoding", (b"\xff\xfe", VALUE, HEADERS)),
    "a header that is not text": (
        "header_encoding", (KEY, VALUE, without("ce_subject", ce_subject=b"\xff\xfe")),
    ),
    "a header without a value": ("header_null", (KEY, VALUE, without("ce_subject", ce_subject=None))),
    "no headers": ("specversion", (KEY, VALUE, [])),
    "an id that is none": ("attribute", (KEY, VALUE, without("ce_id", ce_id=b"seven"))),
    "an impossible time": ("attribute", (KEY, VALUE, without("ce_time", ce_time=b"2026-13-45T99:00:00Z"))),
    "an endless number": ("attribute", (KEY, VALUE, without("ce_sequence", ce_sequence=b"9" * 400))),
    "a type of another topic": ("topic", (KEY, VALUE, without("ce_type", ce_type=b"registry.role.granted"))),
    "two megabytes": ("schema", (KEY, b'{"crisis": "' + b"x" * 2_000_000 + b'"}', HEADERS)),
    "deep nesting": ("schema", (KEY, b"[" * 50_000 + b"]" * 50_000, HEADERS)),
}  # fmt: skip


@pytest.mark.timeout(90)
async def test_every_kind_of_poison_is_dead_lettered_with_its_reason_and_the_rest_is_applied(
    chassis_db: Database, topics: TestTopics
) -> None:
    await make_table(chassis_db)
    limit_record_bytes(topics.bootstrap, CRISES.name, 4_000_000)
    key = uuid7()
    for n, (_, record) in enumerate(POISON.values(), start=1):
        write(topics.bootstrap, CRISES.name, [record, raw(opened(key, n))])
    async with running(runner(chassis_db, topics.bootstrap)):
        await wait_until(lambda: _applied(chassis_db, len(POISON)), timeout=40)
    letters = await dead_letters.listing(chassis_db, include_settled=True, limit=100)
    assert [letter.reason for letter in reversed(letters)] == [reason for reason, _ in POISON.values()]
    assert [n for _, n in await applied(chassis_db)] == list(range(1, len(POISON) + 1))
    for letter, (_, (_, value, _)) in zip(reversed(letters), POISON.values(), strict=True):
        stored = await chassis_db.unit_of_work(
            lambda tx, letter=letter: tx.fetchval(
                "SELECT value FROM dead_letters WHERE dead_letter_id = $1", letter.dead_letter_id
            )
        )
        assert stored == value


async def test_an_unknown_type_is_counted_and_passed_over(chassis_db: Database, topics: TestTopics) -> None:
    await make_table(chassis_db)
    key = uuid7()
    unknown = (KEY, VALUE, without("ce_type", ce_type=b"crisis.something.new"))
    write(topics.bootstrap, CRISES.name, [unknown, raw(opened(key, 1))])
    async with running(runner(chassis_db, topics.bootstrap)):
        await wait_until(lambda: _applied(chassis_db, 1))
    assert await dead_letters.listing(chassis_db, include_settled=True, limit=10) == []


async def test_a_header_whose_name_is_not_text_stops_nothing(
    chassis_db: Database, topics: TestTopics
) -> None:
    await make_table(chassis_db)
    key = uuid7()
    write(topics.bootstrap, CRISES.name, [raw(opened(key, 1))])
    await write_with_odd_header_name(topics.bootstrap, CRISES.name, EVENT)
    write(topics.bootstrap, CRISES.name, [raw(opened(key, 2))])
    async with running(runner(chassis_db, topics.bootstrap)):
        await wait_until(lambda: _applied(chassis_db, 2), timeout=20)
    (letter,) = await dead_letters.listing(chassis_db, include_settled=True, limit=10)
    assert (letter.place, letter.reason) == ("crisis.crises.v1/0@1", "undecodable")


async def test_a_broken_progress_mark_is_a_dead_letter_too(chassis_db: Database, topics: TestTopics) -> None:
    await make_table(chassis_db)
    write(topics.bootstrap, CRISIS_PROGRESS.name, [(b"0", json.dumps({"lane": "first"}).encode(), [])])
    async with running(runner(chassis_db, topics.bootstrap)):
        (letter,) = await wait_until(lambda: dead_letters.listing(chassis_db, include_settled=True, limit=10))
    assert letter.reason == "progress_mark"


async def test_a_malformed_record_can_be_shown_and_discarded_but_not_replayed(
    chassis_db: Database, topics: TestTopics
) -> None:
    await make_table(chassis_db)
    write(topics.bootstrap, CRISES.name, [(b"\xff", b"nonsense", [("a", b"b")])])
    async with running(runner(chassis_db, topics.bootstrap)):
        (letter,) = await wait_until(
            lambda: dead_letters.listing(chassis_db, include_settled=False, limit=10)
        )
    shown = await dead_letters.show(chassis_db, letter.dead_letter_id)
    assert shown is not None
    assert (shown["key"], shown["value"], shown["headers"]) == ("hex:ff", "nonsense", {"a": "b"})
    with pytest.raises(dead_letters.NotReplayable):
        await dead_letters.replay(chassis_db, runner_consumers(), letter.dead_letter_id)
    await dead_letters.discard(chassis_db, letter.dead_letter_id)
    assert await dead_letters.listing(chassis_db, include_settled=False, limit=10) == []


def runner_consumers():
    from tests.messaging.consuming import consumer

    return [consumer()]


async def _applied(database: Database, expected: int) -> bool:
    return len(await applied(database)) >= expected
