"""A relay that dies or loses its lead (C4, C5, C6): nothing is lost, repeats only, order as committed."""

import asyncio
from collections import Counter

import pytest

from tests.faults.lab import Lab
from tests.platform.kafka import TestTopics
from tests.waiting import wait_until

COMMANDS = 120
TOPIC = "crisis.lines.v1"
MARKED = "SELECT count(*) FROM outbox WHERE topic = $1 AND published_at IS NOT NULL"
# The lead is one advisory lock per slot; their class separates them from all other advisory locks.
END_LEADER = """
SELECT DISTINCT pg_terminate_backend(pid) FROM pg_locks
WHERE locktype = 'advisory' AND classid = 110286 AND granted
"""


@pytest.mark.parametrize("point", ["relay.before_publish", "relay.after_publish"])
async def test_a6_a_relay_that_dies_around_sending_loses_nothing(lab: Lab, point: str) -> None:
    repeats = await _repeats(lab)
    await lab.system.restart("crisis-relay", FP=f"{point}:crash@#6")
    async with lab.load(COMMANDS):
        await lab.system.crashed("crisis-relay")
        await lab.system.restart("crisis-relay", FP="")
    await lab.check()
    if point == "relay.after_publish":
        assert await _repeats(lab) > repeats, "what was sent and not marked is sent again"


async def test_a_relay_that_keeps_losing_its_lock_hands_over_without_loss(lab: Lab) -> None:
    lab.system.add("crisis-relay-2", *lab.system.part("crisis-relay"))
    await lab.system.restart("crisis-relay", FP="relay.lock_lost:error@1/8")
    await lab.system.restart("crisis-relay-2", FP="relay.lock_lost:error@1/8")
    parts = ("crisis-relay", "crisis-relay-2")
    said = {part: lab.said(part, "lane_lost") for part in parts}
    async with lab.load(COMMANDS):
        for part in parts:
            await wait_until(lambda part=part: lab.said(part, "lane_lost") > said[part], 60)
    await lab.check()


async def test_two_leaders_for_a_moment_send_repeats_and_keep_the_order(lab: Lab) -> None:
    lab.system.add("crisis-relay-2", *lab.system.part("crisis-relay"))
    first = lab.system.processes["crisis-relay"]
    repeats, ahead = await _repeats(lab), await _sent_and_not_marked(lab)
    # Sent and not yet marked: there the old leader is stopped, and there it goes on as if it still led.
    await lab.system.restart("crisis-relay", FP="relay.after_publish:delay(1000)")
    async with lab.load(COMMANDS):
        await wait_until(lambda: _is_further(lab, ahead), 60)
        first.freeze()
        async with lab.system.checker("crisis") as connection:
            await connection.execute(END_LEADER)
        await lab.system.restart("crisis-relay-2")
        await wait_until(lambda: lab.metric("crisis-relay-2", "relay_published_total"), 60)
        first.thaw()
    await lab.check()
    assert await _repeats(lab) > repeats, "the second leader sent again what the first had not marked"


async def _sent_and_not_marked(lab: Lab) -> int:
    """How many more records the log of lines has than rows are marked; grows only by those on their way."""
    ends = await asyncio.to_thread(TestTopics(lab.system.kafka.bootstrap).end_offsets, TOPIC)
    async with lab.system.checker("crisis") as connection:
        return sum(ends.values()) - await connection.fetchval(MARKED, TOPIC)


async def _is_further(lab: Lab, ahead: int) -> bool:
    return await _sent_and_not_marked(lab) > ahead


async def _repeats(lab: Lab) -> int:
    sent = Counter(record.header("ce_id") for record in await lab.records())
    return sum(times - 1 for times in sent.values())
