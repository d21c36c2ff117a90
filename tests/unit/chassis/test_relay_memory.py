"""What a lane remembers between reads: nothing overtakes a blocked row, and drained means drained."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from imece_chassis.outbox import SLOTS, lane_slots, slot_of
from imece_chassis.producer import partition_of
from imece_chassis.relay.drain import Drain
from imece_chassis.relay.queues import PROBE_ROWS, Queues, Row

NOON = datetime(2026, 2, 6, 12, tzinfo=UTC)


def row(position: int) -> Row:
    return Row(position, b"k", b"v", [])


def test_rows_behind_a_blocked_partition_are_held_without_payload_and_freed_together() -> None:
    queues = Queues()
    queue = queues.of("t", 0)
    for position in (1, 2, 3):
        queues.add(queue, row(position))
    on_wire = [queue.waiting.popleft()]
    queues.block(queue, on_wire)
    queues.add(queue, row(4))
    assert queues.held == {1, 2, 3, 4} and queues.unsent == 0 and queues.ready() == []
    queue.blocked_until = 0.001
    assert queues.open_due() is None
    assert queues.held == set() and not queue.is_blocked


def test_other_partitions_flow_while_one_is_blocked() -> None:
    queues = Queues()
    queues.block(queues.of("t", 0), ())
    queues.add(queues.of("t", 1), row(5))
    assert [queue.partition for queue in queues.ready()] == [1]


def test_a_topic_with_too_many_rows_behind_blocked_partitions_is_closed_until_one_of_them_opens() -> None:
    queues = Queues(held_of_topic=2)
    blocked, flowing, other = queues.of("t", 0), queues.of("t", 1), queues.of("u", 0)
    queues.block(blocked, ())
    for queue, position in ((flowing, 1), (blocked, 2), (blocked, 3), (blocked, 4), (flowing, 5), (other, 6)):
        queues.add(queue, row(position))
    assert queues.closed == {"t"} and queues.held == {1, 6}, "nothing overtakes what was left out"
    assert [len(queue.waiting) for queue in (blocked, flowing, other)] == [0, 1, 1]
    blocked.blocked_until = 0.001
    queues.open_due()
    assert queues.closed == set()
    for position in (2, 3, 4):
        queues.add(blocked, row(position))
    assert [waiting.position for waiting in blocked.waiting] == [2, 3, 4]


def test_a_partition_that_failed_last_has_few_rows_in_hand_until_one_batch_was_acknowledged() -> None:
    queues = Queues()
    queue = queues.of("t", 0)
    queues.block(queue, ())
    queue.blocked_until = 0.001
    queues.open_due()
    for position in range(2 * PROBE_ROWS):
        queues.add(queue, row(position))
    assert queues.unsent == len(queue.waiting) == PROBE_ROWS
    on_wire = [queue.waiting.popleft() for _ in range(PROBE_ROWS)]
    queues.add(queue, row(2 * PROBE_ROWS))
    assert not queue.waiting, "later rows stay behind those that were left out"
    queues.acknowledge(on_wire)
    queue.failures = 0
    queues.open_due()
    assert queues.held == set(range(PROBE_ROWS)), "the rest is read again in order"
    queues.add(queue, row(PROBE_ROWS))
    assert [waiting.position for waiting in queue.waiting] == [PROBE_ROWS]


def test_a_read_counts_as_drained_only_when_everything_it_left_open_is_marked() -> None:
    drain = Drain()
    drain.complete_read(NOON, {1, 2})
    drain.complete_read(NOON + timedelta(seconds=1), {2, 3})  # the first one is still being followed
    drain.marked([1])
    assert drain.drained_at is None
    drain.marked([2])
    assert drain.drained_at == NOON
    drain.complete_read(NOON + timedelta(seconds=2), set())
    assert drain.drained_at == NOON + timedelta(seconds=2)


@given(st.text(), st.sampled_from([1, 2, 4, 8, 16]))
def test_every_key_belongs_to_exactly_one_lane(key: str, lanes: int) -> None:
    assert [slot_of(key) in lane_slots(lane, lanes) for lane in range(lanes)].count(True) == 1
    assert 0 <= slot_of(key) < SLOTS


def test_partitions_are_those_of_the_java_client() -> None:
    # Vectors of MurmurHash2 with Kafka's seed, computed with another client's implementation.
    from aiokafka.partitioner import murmur2

    for key in (b"", b"a", b"ab", b"abc", b"abcd", b"0199c2d4-0000-7000-8000-000000000003", "çığ".encode()):
        assert partition_of(key, 12) == (murmur2(key) & 0x7FFFFFFF) % 12
    assert partition_of(b"0199c2d4-0000-7000-8000-000000000003", 12) == partition_of(
        b"0199c2d4-0000-7000-8000-000000000003", 12
    )
