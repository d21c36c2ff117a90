"""An open need over time: hold, heartbeat, staleness, another place, a new beginning."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crisis.domain.clocks import Urgency
from crisis.domain.needs import NeedState
from crisis.domain.refusals import NeedReopenTooLate, NotFound, NotLess, PlaceOutsideArea, RoleMissing
from crisis.usecases.heartbeat_need import Less
from imece_chassis.access.caller import Grant
from tests.db.crisis.need_goods import clean, held, pledged, put, the_line
from tests.db.crisis.need_world import Needs
from tests.db.crisis.world import caller


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


@pytest.mark.parametrize("role", ["field_reporter", "verifier"])
async def test_whoever_may_state_a_need_says_that_it_stands_and_its_asker_ends_it(needs: Needs, role: str):
    """An organisation whose needs reporters state on site has nobody else to confirm them."""
    asker = needs.world.asker
    need = await needs.opened()
    reporter = replace(asker, grants=(Grant(role=role, organisation_id=asker.organisation_id),))
    needs.world.clock.advance(timedelta(hours=1))
    fresh = await needs.heartbeat(need, by=reporter)
    assert fresh.last_heartbeat_at == needs.world.clock.now()
    for said, less in (("less", (Less(the_line(need), "60"),)), ("done", ())):
        with pytest.raises(RoleMissing):
            await needs.heartbeat(need, said, *less, by=reporter)
    with pytest.raises(RoleMissing):
        await needs.heartbeat(need, by=caller(role))
