"""Commands on one need at the same moment: one order, nothing lost, nothing left waiting."""

import asyncio
from typing import Any
from uuid import UUID

from crisis.domain.needs import NeedState
from crisis.domain.refusals import NeedClosed, NeedNotInState
from crisis.usecases.check_ledger import check_ledger
from imece_chassis.ids import uuid7
from tests.db.crisis.need_world import Needs
from tests.db.crisis.test_one_pledge import body
from tests.db.crisis.world import caller


async def test_closing_races_pledges_and_accepts_and_nothing_waits_for_a_closed_need(needs: Needs):
    for _ in range(5):
        need = await needs.opened(needs.tents("100"), needs.tents("50"))
        lines = [line.need_line_id for line in need.lines]
        waiting = [
            UUID(body(await needs.world.pledge(needs.crisis_id, line, "20"))["allocation_id"])
            for line in lines
            for _ in range(3)
        ]
        pledging = [
            needs.world.pledge(needs.crisis_id, line, "10", by=caller("pledger"))
            for line in lines
            for _ in range(4)
        ]
        accepting = [needs.world.accept(row) for row in waiting]
        results: list[Any] = await asyncio.gather(
            *pledging, needs.close(need), *accepting, return_exceptions=True
        )
        (closed,) = [each for each in results if getattr(each, "need_id", None) == need.need_id]
        assert closed.state is NeedState.CLOSED
        left = await needs.world.value(
            "SELECT count(*) FROM allocations WHERE need_line_id = ANY ($1::uuid[])"
            " AND state IN ('proposed', 'countered', 'waitlisted', 'held')",
            lines,
        )
        assert left == 0
    assert not any((await check_ledger(needs.world.database)).values())


async def test_two_desks_close_and_hold_at_once_and_one_of_them_is_told(needs: Needs):
    for _ in range(5):
        need = await needs.opened()
        results = await asyncio.gather(
            needs.close(need), needs.close(need), needs.hold(need), return_exceptions=True
        )
        refused = [each for each in results if isinstance(each, Exception)]
        assert refused and all(isinstance(each, NeedClosed | NeedNotInState) for each in refused)
        assert (await needs.now(need)).state is NeedState.CLOSED


async def test_a_heartbeat_and_the_clock_race_and_the_need_keeps_one_clock(needs: Needs):
    for _ in range(5):
        need = await needs.opened()
        await asyncio.gather(needs.silence(need), needs.heartbeat(need), needs.silence(need))
        now = await needs.now(need)
        assert now.clock is not None
        assert await needs.pending(need) == [now.clock.kind]
        assert now.is_stale == (now.clock.kind == "need.stale")
        assert (await needs.told(need)).count("heartbeat") == 1


async def test_one_draft_sent_twice_at_once_exists_once(needs: Needs):
    need_id = uuid7()
    drafted = await asyncio.gather(*(needs.draft(need_id=need_id) for _ in range(4)))
    assert [each.is_new for each in drafted].count(True) == 1
    assert await needs.world.value("SELECT count(*) FROM needs") == 1
    assert await needs.world.value("SELECT count(*) FROM deadlines WHERE kind = 'need.draft'") == 1
