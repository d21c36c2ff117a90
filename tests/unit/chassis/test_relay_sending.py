"""The sender of a lane heals by itself: unknown offsets are asked for again, no error loses rows it holds."""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiokafka.errors import KafkaConnectionError

from imece_chassis.relay.queues import Queues, Row
from imece_chassis.relay.sending import Sender
from tests.waiting import wait_until

Offsets = dict[str, dict[int, int]]


class Batch:
    """Takes every row, but one with the value b"odd", on which a client library may fail."""

    def append(self, *, value: bytes, **_rest: Any) -> object:
        if value == b"odd":
            raise TypeError("a defect of the library")
        return object()


class Producer:
    """Acknowledges with the offsets it was given, one per batch."""

    def __init__(self, *offsets: int) -> None:
        self._offsets = list(offsets)

    async def partitions(self, _topic: str) -> int:
        return 1

    def new_batch(self) -> Batch:
        return Batch()

    async def send(self, *_batch: Any) -> int:
        return self._offsets.pop(0)

    async def close(self, *, flush: bool) -> None:
        return


class Log:
    """End offsets of the broker; the first `failures` questions fail."""

    def __init__(self, end: int, failures: int = 0) -> None:
        self.end = end
        self.failures = failures
        self.asked = 0

    async def read(self, topics: Sequence[str]) -> Offsets:
        self.asked += 1
        if self.asked <= self.failures:
            raise KafkaConnectionError
        return {topic: {0: self.end} for topic in topics}


def sender_of(queues: Queues, producer: Producer, log: Log) -> Sender:
    async def open_producer() -> Any:
        return producer

    return Sender(open_producer, queues, log.read, ["t"], asyncio.Event(), "0", reconnect_seconds=0.01)


async def _known(sender: Sender) -> bool:
    await sender.ensure_open()
    return sender.are_offsets_known


async def test_offsets_that_could_not_be_read_at_first_are_read_later() -> None:
    log = Log(7, failures=2)
    sender = sender_of(Queues(), Producer(), log)
    await wait_until(lambda: _known(sender))
    assert sender.is_open and sender.offsets == {"t": {0: 7}}
    await sender.close(flush=False)


async def test_while_offsets_cannot_be_read_batches_leave_all_the_same() -> None:
    queues, log = Queues(), Log(7, failures=1_000_000)
    sender = sender_of(queues, Producer(40), log)
    await sender.ensure_open()
    queues.add(queues.of("t", 0), Row(1, b"k", b"v", []))
    await sender.start_ready()
    await wait_until(lambda: queues.acknowledged == [1])
    assert not sender.are_offsets_known
    await sender.close(flush=False)


async def test_an_acknowledgement_without_an_offset_makes_the_sender_read_the_log_again() -> None:
    queues, log = Queues(), Log(7)
    sender = sender_of(queues, Producer(-1), log)
    await wait_until(lambda: _known(sender))
    queues.add(queues.of("t", 0), Row(1, b"k", b"v", []))
    log.end = 8
    await sender.start_ready()
    await wait_until(lambda: queues.acknowledged == [1])
    assert not sender.are_offsets_known
    await wait_until(lambda: _known(sender))
    assert sender.offsets == {"t": {0: 8}}
    await sender.close(flush=False)


async def test_an_answer_read_before_a_doubt_does_not_end_the_doubt() -> None:
    queues, asked, answer = Queues(), asyncio.Event(), asyncio.Event()

    async def read(_topics: Sequence[str]) -> Offsets:
        asked.set()
        await answer.wait()
        return {"t": {0: 7}}

    async def open_producer() -> Any:
        return Producer(-1)

    sender = Sender(open_producer, queues, read, ["t"], asyncio.Event(), "0", reconnect_seconds=0.01)
    await sender.ensure_open()
    await asked.wait()
    queues.add(queues.of("t", 0), Row(1, b"k", b"v", []))
    await sender.start_ready()
    await wait_until(lambda: queues.acknowledged == [1])
    asked.clear()
    answer.set()
    await wait_until(lambda: _known(sender))
    assert asked.is_set(), "the log was asked again after the doubt"
    await sender.close(flush=False)


async def test_a_defect_blocks_its_partition_with_every_row_and_replaces_the_producer() -> None:
    queues = Queues()
    sender = sender_of(queues, Producer(), Log(0))
    await wait_until(lambda: _known(sender))
    queue = queues.of("t", 0)
    for position, value in enumerate((b"v", b"odd", b"v"), start=1):
        queues.add(queue, Row(position, b"k", value, []))
    await sender.start_ready()
    await wait_until(lambda: not queue.is_sending)
    assert queue.blocked == [1, 2, 3] and queues.unsent == 0 and not sender.is_open
    await sender.close(flush=False)
