"""An open need over time: hold, heartbeat, staleness, the end and what ends with it, a new beginning."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from crisis.domain.clocks import Urgency
from crisis.domain.needs import Need, NeedState
from crisis.domain.refusals import (
    GoodsOnTheWay,
    NeedReopenTooLate,
    NotFound,
    NotLess,
    PlaceOutsideArea,
    ReasonUnknown,
    RoleMissing,
    TooFewAttempts,
)
from crisis.domain.tasks import TaskKind
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.close_met import close_if_met, close_met
from crisis.usecases.heartbeat_need import Less
from crisis.usecases.need_step import system_story
from crisis.usecases.sweep_text import sweep_text
from tests.db.crisis.at_the_desk import remind_desk
from tests.db.crisis.need_world import Needs
from tests.db.crisis.test_one_pledge import body
from tests.db.crisis.world import World, caller


@pytest.fixture
async def needs(world: World) -> Needs:
    return await Needs.of(world)


def the_line(need: Need) -> UUID:
    return need.lines[0].need_line_id


async def pledged(needs: Needs, need: Need, quantity: str, **changes: Any) -> UUID:
    outcome = await needs.world.pledge(needs.crisis_id, the_line(need), quantity, **changes)
    return UUID(body(outcome)["allocation_id"])


async def held(needs: Needs, need: Need, quantity: str) -> UUID:
    allocation = await pledged(needs, need, quantity)
    return (await needs.world.accept(allocation)).rows[0].allocation_id


async def put(needs: Needs, need: Need, bucket: str, quantity: str, allocation: UUID | None = None) -> None:
    """Goods as they will be once they can leave: out of what is held, into a later bucket."""
    state = {"in_transit": "dispatched", "arrived": "arrived", "good": "confirmed"}[bucket]

    async def work(tx: Any) -> None:
        await tx.execute(
            f"UPDATE need_line_balances SET held = held - $2, {bucket} = {bucket} + $2"
            " WHERE need_line_id = $1",
            the_line(need),
            Decimal(quantity),
        )
        if allocation is not None:
            await tx.execute(
                "UPDATE allocations SET state = $2,"
                " deadline_id = CASE $2 WHEN 'confirmed' THEN NULL ELSE deadline_id END"
                " WHERE allocation_id = $1",
                allocation,
                state,
            )

    await needs.world.database.unit_of_work(work)


async def states(needs: Needs, need: Need) -> list[tuple[str, str | None]]:
    rows = await needs.world.rows(
        "SELECT state, reason FROM allocations WHERE need_line_id = $1 AND state <> 'split'"
        " ORDER BY allocation_id",
        the_line(need),
    )
    return [(row["state"], row["reason"]) for row in rows]


async def clean(needs: Needs) -> bool:
    return not any((await check_ledger(needs.world.database)).values())


async def test_a_need_on_hold_takes_no_new_pledges_and_goes_on_with_the_old(needs: Needs):
    need = await needs.opened()
    allocation = await pledged(needs, need, "10")
    on_hold = await needs.hold(need, 24)
    assert (on_hold.state, await needs.pending(need)) == (NeedState.ON_HOLD, ["need.hold"])
    refused = await needs.world.pledge(needs.crisis_id, the_line(need), "5")
    assert b"need_not_open" in refused.answer.body  # type: ignore[union-attr]
    assert (await needs.world.accept(allocation)).rows[0].state == "held"
    back = await needs.resume(need)
    assert (back.state, await needs.told(need)) == ("open", ["submitted", "opened", "on_hold", "resumed"])
    line_states = [vector["need_state"] for _, vector in await needs.vectors(need)]
    assert line_states == ["open", "open", "on_hold", "on_hold", "open"]
    await pledged(needs, need, "5")
    assert await clean(needs)


async def test_a_hold_ends_by_itself(needs: Needs):
    need = await needs.opened()
    await needs.hold(need, 72)
    assert await needs.silence(need)
    assert ((await needs.now(need)).state, (await needs.told(need))[-1]) == ("open", "resumed")


async def test_a_clock_that_is_no_longer_the_needs_own_does_nothing(needs: Needs):
    from crisis.usecases.hold_need import end_hold

    need = await needs.opened()
    await needs.hold(need)
    clock = (await needs.now(need)).clock
    assert clock is not None
    await needs.resume(need)
    ended = await needs.world.database.unit_of_work(
        lambda tx: end_hold(tx, clock.deadline_id, need.need_id, needs.world.tools)
    )
    assert ended is False
    assert (await needs.told(need)).count("resumed") == 1


async def test_a_stale_need_is_greyed_keeps_its_promises_and_a_heartbeat_refreshes_it(needs: Needs):
    need = await needs.opened()
    await held(needs, need, "10")
    assert await needs.silence(need)
    kind, vector = (await needs.vectors(need))[-1]
    assert (kind, vector["is_stale"], vector["H"], vector["need_state"]) == (
        "need_line.changed",
        True,
        "10",
        "open",
    )
    assert await needs.pending(need) == ["need.stale"]
    await pledged(needs, need, "5")
    fresh = await needs.heartbeat(need)
    assert (fresh.is_stale, fresh.last_heartbeat_at) == (False, needs.world.clock.now())
    assert (await needs.vectors(need))[-1][1]["is_stale"] is False
    assert await needs.told(need) == ["submitted", "opened", "stale", "heartbeat"]
    assert await needs.pending(need) == ["need.heartbeat"]
    assert await clean(needs)


async def test_a_heartbeat_of_a_fresh_need_changes_no_line(needs: Needs):
    need = await needs.opened()
    before = await needs.vectors(need)
    await needs.heartbeat(need, by=needs.desk)
    assert await needs.vectors(need) == before


async def test_a35_stale_need_with_trucks_on_the_way_is_never_closed_by_a_timer(needs: Needs):
    need = await needs.opened(urgency=Urgency.LIFE_SAVING)
    allocation = await held(needs, need, "10")
    await put(needs, need, "in_transit", "10", allocation)
    for _ in range(6):
        assert await needs.silence(need)
    now = await needs.now(need)
    assert (now.state, now.is_stale) == (NeedState.OPEN, True)
    assert ("close_stale_need", "open") not in await needs.tasks(need)
    await put(needs, need, "good", "0")
    await needs.world.database.unit_of_work(
        lambda tx: tx.execute("UPDATE need_line_balances SET in_transit = 0, lost = 10")
    )
    for _ in range(3):
        assert await needs.silence(need)
    assert (await needs.now(need)).state is NeedState.OPEN
    assert (await needs.tasks(need)).count(("close_stale_need", "open")) == 1
    await needs.heartbeat(need)
    assert (await needs.tasks(need))[-1] == ("close_stale_need", "done")


async def test_a_heartbeat_says_less_and_holds_above_it_are_let_go(needs: Needs):
    need = await needs.opened()
    await held(needs, need, "80")
    await needs.heartbeat(need, "less", Less(the_line(need), "60"))
    _, vector = (await needs.vectors(need))[-1]
    assert (vector["R"], vector["H"], vector["surplus"]) == ("60", "60", "0")
    assert (await needs.told(need))[-1] == "heartbeat"
    with pytest.raises(NotLess):
        await needs.heartbeat(need, "less", Less(the_line(need), "60"))
    with pytest.raises(NotFound):
        await needs.heartbeat(need, "less", Less(need.need_id, "1"))
    assert await clean(needs)


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
    with pytest.raises(TooFewAttempts):
        await needs.close(need, "unreachable")
    needs.world.clock.advance(timedelta(minutes=1))
    await needs.heartbeat(need)
    assert (await needs.attempt(need)).attempts == 1
    await needs.attempt(need)
    await needs.attempt(need)
    assert (await needs.close(need, "unreachable")).close_reason == "unreachable"
    with pytest.raises(RoleMissing):
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


async def test_a_closed_need_opens_again_and_takes_pledges(needs: Needs):
    need = await needs.opened()
    await needs.close(need)
    with pytest.raises(RoleMissing):
        await needs.reopen(need, by=needs.world.asker)
    back = await needs.reopen(need)
    assert (back.state, back.close_reason, await needs.pending(need)) == ("open", None, ["need.heartbeat"])
    assert (await needs.vectors(need))[-1][1]["need_state"] == "open"
    await pledged(needs, need, "5")
    await needs.close(need)
    needs.world.clock.advance(timedelta(days=15))
    with pytest.raises(NeedReopenTooLate):
        await needs.reopen(need)


async def test_a_need_moves_and_trucks_on_the_road_become_tasks(needs: Needs):
    need = await needs.opened()
    allocation = await held(needs, need, "10")
    await put(needs, need, "in_transit", "10", allocation)
    await held(needs, need, "5")
    moved = await needs.relocate(need, "TUR031002")
    assert moved.district == "TUR031002"
    assert (await needs.vectors(need))[-1][1]["district"] == "TUR031002"
    assert (await needs.told(need))[-1] == "relocated"
    tasks = await needs.world.rows("SELECT subject_id, place FROM tasks WHERE kind = 'divert'")
    assert [(row["subject_id"], row["place"]) for row in tasks] == [(allocation, "TUR031002")]
    with pytest.raises(PlaceOutsideArea):
        await needs.relocate(need, "TUR046002", by=needs.world.secretariat)
    with pytest.raises(RoleMissing):
        await needs.relocate(need, "TUR046002")


async def test_holding_reopening_and_moving_are_the_desks(needs: Needs):
    need = await needs.opened()
    far = caller("provincial_desk", provinces=frozenset({"06"}))
    for who in (needs.world.asker, caller("verifier"), far):
        for act in (needs.hold, needs.resume, needs.relocate, needs.reopen):
            with pytest.raises(RoleMissing):
                await act(need, by=who)


async def test_every_line_of_a_need_is_numbered_without_a_gap_whatever_happens_to_it(needs: Needs):
    need = await needs.opened(needs.tents("10"), needs.tents("20"))
    await held(needs, need, "4")
    await needs.hold(need)
    await needs.resume(need)
    await needs.silence(need)
    await needs.heartbeat(need)
    await needs.verify(need, 2)
    await needs.relocate(need)
    await needs.close(need)
    await needs.reopen(need)
    await needs.close(need)
    for line in need.lines:
        rows = await needs.world.rows(
            "SELECT (headers ->> 'ce_sequence')::int AS number FROM outbox WHERE topic = 'crisis.lines.v1'"
            " AND key = $1 ORDER BY position",
            str(line.need_line_id),
        )
        assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    numbers = await needs.world.rows(
        "SELECT (headers ->> 'ce_sequence')::int AS number FROM outbox WHERE topic = 'crisis.needs.v1'"
        " ORDER BY position"
    )
    assert [row["number"] for row in numbers] == list(range(1, len(numbers) + 1))
    assert await clean(needs)


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
