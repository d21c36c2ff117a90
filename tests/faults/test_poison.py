"""Records nobody can use, and records that come again: each ends somewhere, none holds up what follows."""

import secrets
import uuid
from collections.abc import Sequence

import pytest
from confluent_kafka import KafkaError, KafkaException, Message, Producer

from tests.faults.groups import Groups
from tests.faults.lab import PLANTED, Lab
from tests.notifying.receivers import answer, receiving
from tests.platform.log import KafkaRecord
from tests.waiting import wait_until

TOPIC = "crisis.lines.v1"
CONSUMERS = {"crisis": ("board", "tally"), "notifications": ("notices",)}
COMMANDS = 40
TEN = 10
Headers = list[tuple[str, str | bytes | None]]


def event_headers(**changed: bytes) -> Headers:
    """Headers of a well-formed event, marked as planted."""
    key = str(uuid.uuid4()).encode()
    headers: dict[str, str | bytes | None] = {
        "ce_specversion": b"1.0",
        "ce_id": str(uuid.uuid4()).encode(),
        "ce_source": b"/imece/crisis",
        "ce_type": b"crisis.allocation.held",
        "ce_subject": key,
        "ce_time": b"2026-02-06T01:17:00Z",
        "ce_dataschema": b"urn:imece:test",
        "ce_partitionkey": key,
        "ce_sequence": b"1",
        "content-type": b"application/json",
        PLANTED: b"1",
    }
    return list({**headers, **changed}.items())


def key_in(headers: Headers) -> bytes:
    key = dict(headers)["ce_partitionkey"]
    assert isinstance(key, bytes)
    return key


POISON = {
    "malformed json": (lambda: b'{"line": ', {}),
    "json of another shape": (lambda: b'{"line": 7}', {}),
    "bytes that are no text": (lambda: b"\xff\xfe\x00", {}),
    "an undecodable header": (lambda: b"{}", {"ce_subject": b"\xc3\x28"}),
    "no specversion": (lambda: b"{}", {"ce_specversion": b""}),
    "900 kB of junk": (lambda: secrets.token_bytes(900_000), {}),
}


def produce(lab: Lab, value: bytes | None, headers: Headers, key: bytes | None, partition: int = -1) -> None:
    """Write one record with a client that would let anything through. Raises KafkaException."""
    refused: list[KafkaError] = []

    def delivered(error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            refused.append(error)

    producer = Producer(
        {"bootstrap.servers": lab.system.kafka.bootstrap, "message.max.bytes": 8_000_000, "log_level": 0}
    )
    producer.produce(TOPIC, value, key, partition, delivered, headers=headers)
    producer.flush(60)
    if refused:
        raise KafkaException(refused[0])


@pytest.mark.parametrize("name", POISON)
async def test_what_cannot_be_read_becomes_a_dead_letter_and_the_rest_flows(lab: Lab, name: str) -> None:
    make, changed = POISON[name]
    headers = event_headers(**changed)
    await _becomes_a_dead_letter(lab, make(), headers, key_in(headers))


async def test_a_record_without_key_becomes_a_dead_letter_and_the_rest_flows(lab: Lab) -> None:
    await _becomes_a_dead_letter(lab, b"{}", event_headers(), None)


async def _becomes_a_dead_letter(lab: Lab, value: bytes, headers: Headers, key: bytes | None) -> None:
    before = {service: await _dead(lab, service) for service in CONSUMERS}
    produce(lab, value, headers, key)
    async with lab.load(COMMANDS):
        pass
    await lab.check()
    for service, consumers in CONSUMERS.items():
        after = await _dead(lab, service)
        assert {name: after[name] - before[service][name] for name in consumers} == dict.fromkeys(
            consumers, 1
        )


async def test_an_event_of_an_unknown_type_is_passed_over(lab: Lab) -> None:
    before = {service: await _dead(lab, service) for service in CONSUMERS}
    headers = event_headers(ce_type=b"crisis.allocation.teleported")
    produce(lab, b'{"line": {}}', headers, key_in(headers))
    async with lab.load(COMMANDS):
        pass
    await lab.check()
    assert {service: await _dead(lab, service) for service in CONSUMERS} == before
    assert await lab.metric("crisis-consume", "consumer_records_total", outcome="unknown_type")


async def test_the_broker_refuses_a_record_of_two_megabytes(lab: Lab) -> None:
    headers = event_headers()
    with pytest.raises(KafkaException) as refused:
        produce(lab, secrets.token_bytes(2_000_000), headers, key_in(headers))
    assert refused.value.args[0].code() == KafkaError.MSG_SIZE_TOO_LARGE
    await lab.check()


async def test_an_event_the_broker_refuses_is_set_aside_and_those_behind_it_are_sent(lab: Lab) -> None:
    key, event = str(uuid.uuid4()), uuid.uuid4()
    async with lab.system.checker("crisis") as connection:
        await connection.execute(
            "INSERT INTO outbox (event_id, slot, topic, key, type, headers, payload)"
            " SELECT $1, slot, $2, $3, 'crisis.test', json_build_object('junk', $4::text), $5"
            " FROM generate_series(0, 15) AS slot LIMIT 1",
            event,
            TOPIC,
            key,
            secrets.token_hex(400_000),
            secrets.token_bytes(900_000),
        )
        async with lab.load(COMMANDS):
            await wait_until(
                lambda: connection.fetchval("SELECT count(*) FROM outbox_refused WHERE event_id = $1", event),
                60,
            )
        await lab.system.quiet()
        await connection.execute("DELETE FROM outbox WHERE event_id = $1", event)
    await lab.check()


async def test_every_record_ten_times_changes_nothing(lab: Lab) -> None:
    async with lab.load(COMMANDS):
        pass
    await lab.check()
    board = await lab.board_hash()
    newest = sorted((await lab.records()), key=lambda each: each.offset)
    lines = [record for record in newest if record.topic == TOPIC][-COMMANDS:]
    repeats = await lab.metric("crisis-consume", "inbox_duplicates_total", consumer="board")
    _again(lab, lines, TEN)
    await lab.check()
    assert await lab.board_hash() == board
    known = await lab.metric("crisis-consume", "inbox_duplicates_total", consumer="board")
    assert known - repeats == TEN * len(lines)


async def test_the_whole_log_from_its_beginning_changes_nothing_and_notifies_nobody(lab: Lab) -> None:
    giver = lab.scenario.pledgers[0]
    async with receiving(answer(200)) as receiver, lab.client(giver, "notifications") as subscriber:
        wish = {"channel": "webhook", "url": receiver.url}
        made = (await subscriber.post("subscribe", "/subscriptions", wish)).expect(201)
        try:
            async with lab.load(COMMANDS):
                pass
            await lab.check()
            await wait_until(lambda: _is_all_delivered(lab), 60, 0.1)
            sent, notices, board = len(receiver.requests), await _notices(lab), await lab.board_hash()
            assert sent, "nothing was sent at all"
            for part in ("crisis-consume", "notifications"):
                await lab.leave(part)
            groups = Groups(lab.system.kafka.bootstrap)
            await wait_until(groups.rewind, 60, 0.2, "the groups stand at the beginning")
            for part in ("crisis-consume", "notifications"):
                await lab.system.restart(part)
            await wait_until(groups.are_at_the_end, 90, 0.2, "the groups are at the end again")
            await lab.check()
            await wait_until(lambda: _is_all_delivered(lab), 60, 0.1)
            assert await lab.board_hash() == board
            assert await _notices(lab) == notices
            assert len(receiver.requests) == sent
            assert await lab.metric("crisis-consume", "inbox_duplicates_total", consumer="board")
        finally:
            await subscriber.delete(f"/subscriptions/{made['subscription_id']}")


def _again(lab: Lab, records: Sequence[KafkaRecord], times: int) -> None:
    producer = Producer({"bootstrap.servers": lab.system.kafka.bootstrap, "log_level": 0})
    for _ in range(times):
        for record in records:
            headers: Headers = list(record.headers.items())
            producer.produce(record.topic, record.value, record.key, record.partition, headers=headers)
    assert producer.flush(60) == 0


async def _dead(lab: Lab, service: str) -> dict[str, int]:
    async with lab.system.checker(service) as connection:
        rows = await connection.fetch("SELECT consumer, count(*) AS n FROM dead_letters GROUP BY consumer")
    return dict.fromkeys(CONSUMERS[service], 0) | {row["consumer"]: row["n"] for row in rows}


async def _notices(lab: Lab) -> int:
    async with lab.system.checker("notifications") as connection:
        return await connection.fetchval("SELECT count(*) FROM notify.notices")


async def _is_all_delivered(lab: Lab) -> bool:
    async with lab.system.checker("notifications") as connection:
        open_ones = (
            "SELECT count(*) FROM notify.deliveries WHERE state IN ('queued', 'sending', 'handed_over')"
        )
        return not await connection.fetchval(open_ones)
