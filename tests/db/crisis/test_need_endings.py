"""A need ends: by whom, for which reason, and what ends with it."""

from datetime import timedelta
from typing import Any

import pytest

from crisis.domain.needs import Need, NeedState
from crisis.domain.refusals import GoodsOnTheWay, ReasonUnknown, RoleMissing, SameParty, TooFewAttempts
from crisis.domain.tasks import TaskKind
from crisis.usecases.close_met import close_if_met, close_met
from crisis.usecases.need_step import system_story
from crisis.usecases.sweep_text import sweep_text
from tests.db.crisis.at_the_desk import remind_desk
from tests.db.crisis.need_goods import clean, held, pledged, put, the_line
from tests.db.crisis.need_world import Needs
from tests.db.crisis.world import caller


async def states(needs: Needs, need: Need) -> list[tuple[str, str | None]]:
    rows = await needs.world.rows(
        "SELECT state, reason FROM allocations WHERE need_line_id = $1 AND state <> 'split'"
        " ORDER BY allocation_id",
        the_line(need),
    )
    return [(row["state"], row["reason"]) for row in rows]


async def test_done_closes_the_need_as_met_by_others(needs: Needs):
    need = await needs.opened()
    assert (await needs.heartbeat(need, "done")).close_reason == "met_by_others"


async def test_closing_ends_every_promise_that_has_not_left_and_tells_each(needs: Needs):
    need = await needs.opened()
    await held(needs, need, "60")
    await pledged(needs, need, "30")
    await held(needs, need, "40")
    await pledged(needs, need, "5")
    closed = await needs.close(need)
    assert (closed.state, closed.close_reason, await needs.pending(need)) == ("closed", "met_by_others", [])
    assert await states(needs, need) == [
        ("released", "line_closed"),
        ("declined", "not_needed"),
        ("released", "line_closed"),
        ("expired", "line_closed"),
    ]
    kinds = [kind for kind, _ in (await needs.vectors(need))[-5:]]
    assert sorted(kinds) == [
        "allocation.declined",
        "allocation.expired",
        "allocation.released",
        "allocation.released",
        "need_line.changed",
    ]
    kind, vector = (await needs.vectors(need))[-1]
    assert (kind, vector["need_state"]) == ("need_line.changed", "closed")
    assert [vector[name] for name in "PWHTA"] == ["0"] * 5
    assert await needs.world.value("SELECT sum(reserved + committed) FROM offer_line_balances") == 0
    waiting = await needs.world.rows(
        "SELECT kind FROM deadlines WHERE state = 'pending'"
        " AND kind IN ('allocation.answer', 'allocation.hold', 'allocation.waiting')"
    )
    assert waiting == []
    assert await clean(needs)


async def test_a_need_on_hold_is_closed_too(needs: Needs):
    need = await needs.opened()
    await needs.hold(need)
    assert (await needs.close(need)).state is NeedState.CLOSED


@pytest.mark.parametrize("bucket", ["in_transit", "arrived"])
async def test_a_need_is_not_closed_over_goods_on_their_way(needs: Needs, bucket: str):
    need = await needs.opened()
    allocation = await held(needs, need, "10")
    await put(needs, need, bucket, "10", allocation)
    with pytest.raises(GoodsOnTheWay):
        await needs.close(need)
    assert (await needs.now(need)).state is NeedState.OPEN


async def test_an_asker_closes_its_own_need_for_its_own_reasons(needs: Needs):
    need = await needs.opened()
    with pytest.raises(ReasonUnknown):
        await needs.close(need, "not_actionable", by=needs.world.asker)
    for stranger in (caller("asker"), needs.world.pledger):
        with pytest.raises(RoleMissing):
            await needs.close(need, by=stranger)
        with pytest.raises(RoleMissing):
            await needs.heartbeat(need, by=stranger)
    assert (await needs.close(need, "cancelled_by_asker", by=needs.world.asker)).state == "closed"


async def test_unreachable_needs_three_recorded_attempts_since_it_was_last_confirmed(needs: Needs):
    need = await needs.opened()
    for count, channel in enumerate(("phone", "visit"), 1):
        assert (await needs.attempt(need, channel)).attempts == count
    needs.world.clock.advance(timedelta(minutes=59))
    assert (await needs.attempt(need, "phone")).attempts == 2, "the same way within an hour is one try"
    with pytest.raises(TooFewAttempts):
        await needs.close(need, "unreachable")
    needs.world.clock.advance(timedelta(minutes=1))
    await needs.heartbeat(need)
    for count in (1, 2, 3):
        assert (await needs.attempt(need)).attempts == count
        needs.world.clock.advance(timedelta(hours=1))
    assert (await needs.close(need, "unreachable")).close_reason == "unreachable"
    with pytest.raises(RoleMissing):
        await needs.attempt(need, by=needs.world.asker)


async def test_the_askers_own_desk_does_not_say_that_it_cannot_be_reached(needs: Needs):
    needs.world.asker = caller("asker", "provincial_desk")
    need = await needs.opened()
    with pytest.raises(SameParty):
        await needs.attempt(need, by=needs.world.asker)


async def look(needs: Needs, need: Need) -> bool:
    """Ask for a look, and have it."""

    async def ask(tx: Any) -> None:
        await close_if_met(tx, [need.need_id], system_story(need, needs.world.tools), needs.world.tools)

    await needs.world.database.unit_of_work(ask)
    await needs.world.database.unit_of_work(ask)
    deadline = await needs.world.value(
        "SELECT deadline_id FROM deadlines WHERE kind = 'need.close_met' AND state = 'pending'"
    )
    return await needs.world.database.unit_of_work(
        lambda tx: close_met(tx, deadline, need.need_id, needs.world.tools)
    )


async def test_a_need_closes_by_itself_when_every_line_is_met(needs: Needs):
    need = await needs.opened(needs.tents("10"))
    first = await held(needs, need, "6")
    await put(needs, need, "good", "6", first)
    assert await look(needs, need) is False
    second = await held(needs, need, "4")
    await put(needs, need, "good", "4", second)
    assert await look(needs, need) is True
    met = await needs.now(need)
    assert (met.state, met.close_reason, await needs.told(need)) == (
        "closed",
        "met",
        ["submitted", "opened", "closed"],
    )
    payload = await needs.world.value(
        "SELECT convert_from(payload, 'utf8') FROM outbox WHERE type = 'crisis.need.closed'"
    )
    assert str(needs.world.pledger.organisation_id) in payload
    assert await needs.pending(need) == []


async def test_a_met_need_with_more_on_the_way_asks_a_desk_about_the_surplus(needs: Needs):
    need = await needs.opened(needs.tents("10"))
    first, second = await held(needs, need, "6"), await held(needs, need, "4")
    await put(needs, need, "good", "6", first)
    await put(needs, need, "in_transit", "4", second)
    await needs.world.database.unit_of_work(
        lambda tx: tx.execute("UPDATE need_line_balances SET elsewhere = 4")
    )
    assert await look(needs, need) is True
    assert ("surplus", "open") in await needs.tasks(need)
    assert (await states(needs, need))[-1][0] == "dispatched"
    await remind_desk(needs.world, need.need_id, TaskKind.SURPLUS)
    assert ("surplus", "overdue") in await needs.tasks(need)
    await needs.world.database.unit_of_work(
        lambda tx: tx.execute("UPDATE need_line_balances SET elsewhere = 0, in_transit = 0, lost = 4")
    )
    await remind_desk(needs.world, need.need_id, TaskKind.SURPLUS)
    assert ("surplus", "done") in await needs.tasks(need)


async def sweep(needs: Needs, need: Need) -> bool:
    deadline = await needs.world.value(
        "SELECT deadline_id FROM deadlines WHERE kind = 'need.sweep_text' AND state = 'pending'"
    )
    return await needs.world.database.unit_of_work(
        lambda tx: sweep_text(tx, deadline, need.need_id, needs.world.tools)
    )


async def test_free_text_goes_half_a_year_after_closing(needs: Needs):
    drafted = await needs.draft(needs.tents("5", note="kışlık"), title="Çadır kent")
    need = await needs.verify(await needs.submit_draft(drafted.need))
    await needs.close(need)
    needs.world.clock.advance(timedelta(days=10))
    await needs.reopen(need)
    needs.world.clock.advance(timedelta(days=10))
    await needs.close(need)
    needs.world.clock.advance(timedelta(days=161))
    assert await sweep(needs, need) is False
    assert (await needs.now(need)).title == "Çadır kent"
    needs.world.clock.advance(timedelta(days=20))
    assert await sweep(needs, need) is True
    now = await needs.now(need)
    assert (now.has_text, now.close_reason, now.lines[0].requested) == (False, "met_by_others", 5)
