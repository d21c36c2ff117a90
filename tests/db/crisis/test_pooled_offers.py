"""Offers too small alone that do together are put on a desk's queue, until they no longer do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from crisis.consumers.pools import pool_effects
from crisis.consumers.timers import workers
from crisis.domain.needs import LineRequest
from crisis.domain.tasks import Task, TaskKind, TaskState
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.pool_offers import OF_NEED, OF_OFFER, pool_with_offer
from crisis.usecases.stand_down import StandDown, stand_down
from crisis.usecases.tasks import OVERDUE
from crisis.usecases.withdraw_offer import WithdrawOffer, withdraw_offer
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, DeadlineWorker, schedule
from imece_chassis.ids import uuid7
from tests.db.crisis.at_the_desk import a_desk, about, clocks
from tests.db.crisis.merging import Twins, merge, unmerge
from tests.db.crisis.need_world import Needs
from tests.db.crisis.offering import lasting, offered, run, tents
from tests.db.crisis.test_left_over_offers import declined
from tests.db.crisis.test_line_terms import revise
from tests.db.crisis.test_offer_ends import settler
from tests.db.crisis.test_offers import offer_of
from tests.db.crisis.test_one_pledge import body
from tests.db.crisis.test_suspended_offers import follow, hear, news, resume, suspend
from tests.db.crisis.world import World, caller


def pooler(world: World) -> DeadlineWorker:
    return DeadlineWorker(world.database, pool_effects(world.database, world.tools))


async def looked(world: World) -> int:
    """Look until nothing is left to look at; how often."""
    times = 0
    while found := await pooler(world).run_once():
        times += found
    return times


async def a_line(needs: Needs, least: str = "50", quantity: str = "1000", **changes: Any) -> UUID:
    wanted: LineRequest = needs.tents(quantity, min_useful_quantity=least, **changes)
    return (await needs.opened(wanted)).lines[0].need_line_id


async def an_offer(needs: Needs, quantity: str = "30", **changes: str) -> UUID:
    request = lasting(needs.world, tents(quantity), **changes)
    return (await offered(needs.world, needs.crisis_id, request, caller("pledger"))).offer_id


async def tasks_on(world: World, line: UUID) -> list[Task]:
    return [task for task in await about(world, line) if task.kind is TaskKind.POOL_OFFERS]


async def test_the_offer_that_makes_small_ones_enough_puts_them_on_the_queue_of_the_desk(world: World):
    needs = await Needs.of(world)
    desk = await a_desk(world, crisis_id=needs.crisis_id)
    line = await a_line(needs)
    await an_offer(needs, "30")
    assert await looked(world) == 2
    assert await tasks_on(world, line) == []
    for _ in range(2):
        await an_offer(needs, "20")
    assert await looked(world) == 2
    (task,) = await tasks_on(world, line)
    assert (task.post.desk_id, task.place, task.item_group) == (desk.desk_id, "TUR031005", "BAR")
    assert (task.state, task.due_at > world.clock.now()) == (TaskState.OPEN, True)
    assert not any((await check_ledger(world.database)).values())


async def test_two_that_are_put_up_together_are_seen_by_whoever_looks_later(world: World):
    needs = await Needs.of(world)
    line = await a_line(needs)
    assert await looked(world) == 1
    for _ in range(2):
        await an_offer(needs)
    pending = "SELECT count(*) FROM deadlines WHERE kind = $1 AND state = 'pending'"
    assert await world.value(pending, OF_OFFER) == 2
    assert await looked(world) == 2
    assert len(await tasks_on(world, line)) == 1


async def test_a_need_that_opens_finds_offers_that_wait(world: World):
    needs = await Needs.of(world)
    for _ in range(2):
        await an_offer(needs)
    await looked(world)
    need = await needs.opened(
        needs.tents("1000", min_useful_quantity="50"), needs.tents("1000", min_useful_quantity="61")
    )
    assert await looked(world) == 1
    reached, unreached = (line.need_line_id for line in need.lines)
    assert (len(await tasks_on(world, reached)), await tasks_on(world, unreached)) == (1, [])


async def test_a_need_without_a_least_is_not_looked_at(world: World):
    needs = await Needs.of(world)
    await needs.opened(needs.tents("1000"))
    assert await world.value("SELECT count(*) FROM deadlines WHERE kind = $1", OF_NEED) == 0


async def test_a_need_that_goes_on_is_looked_at_again(world: World):
    needs = await Needs.of(world)
    need = await needs.opened(needs.tents("1000", min_useful_quantity="50"))
    await needs.hold(need)
    for _ in range(2):
        await an_offer(needs)
    await looked(world)
    assert await tasks_on(world, need.lines[0].need_line_id) == []
    await needs.resume(need)
    assert await looked(world) == 1
    assert len(await tasks_on(world, need.lines[0].need_line_id)) == 1


async def test_goods_whose_promise_came_to_nothing_are_pooled_too(world: World):
    needs = await Needs.of(world)
    any_size = (await needs.opened(needs.tents("1000"))).lines[0].need_line_id
    line = await a_line(needs)
    await an_offer(needs)
    await looked(world)
    row = UUID(body(await world.pledge(needs.crisis_id, any_size, "30"))["allocation_id"])
    await declined(world, row)
    assert await settler(world).run_once() == 1
    assert await looked(world) == 1
    assert len(await tasks_on(world, line)) == 1


async def test_one_offer_asks_for_the_nearest_line_only(world: World):
    crisis = await world.open_crisis(area=("TUR031", "TUR044"))
    wanted = world.tents("1000", min_useful_quantity="50")
    far, near = [
        (await world.open_need(crisis.crisis_id, wanted, district=district)).lines[0].need_line_id
        for district in ("TUR031005", "TUR044001")
    ]
    assert await looked(world) == 2
    for _ in range(2):
        await an_offer(Needs(world, crisis.crisis_id), origin="TUR023")
    assert await looked(world) == 2
    assert (len(await tasks_on(world, near)), await tasks_on(world, far)) == (1, [])


async def test_an_offer_large_enough_alone_asks_for_nothing(world: World):
    needs = await Needs.of(world)
    line = await a_line(needs)
    for quantity in ("30", "50"):
        await an_offer(needs, quantity)
    await looked(world)
    assert await tasks_on(world, line) == []


async def two_lines(world: World, near: str, far: str) -> tuple[UUID, UUID, UUID]:
    """A crisis with a line in Malatya and one in Hatay, each with its least, looked at already."""
    crisis = await world.open_crisis(area=("TUR031", "TUR044"))
    ids = [
        (
            await world.open_need(
                crisis.crisis_id, world.tents("1000", min_useful_quantity=least), district=district
            )
        )
        .lines[0]
        .need_line_id
        for least, district in ((near, "TUR044001"), (far, "TUR031005"))
    ]
    await looked(world)
    return crisis.crisis_id, ids[0], ids[1]


async def test_goods_that_are_enough_alone_for_a_nearer_line_are_pooled_for_no_other(world: World):
    crisis_id, near, far = await two_lines(world, "30", "50")
    for _ in range(2):
        await an_offer(Needs(world, crisis_id), origin="TUR023")
    assert await looked(world) == 2
    assert (await tasks_on(world, near), await tasks_on(world, far)) == ([], [])


async def test_a_look_ends_where_it_would_look_at_too_much(world: World):
    crisis_id, near, far = await two_lines(world, "100", "50")
    for _ in range(2):
        last = await an_offer(Needs(world, crisis_id), origin="TUR023")

    async def look(most: int) -> None:
        """Two goods are read, and their shares computed for one line after the other."""
        when = world.clock.now()

        async def work(tx: Transaction) -> None:
            await tx.execute(
                "UPDATE deadlines SET state = 'fired', settled_at = now() WHERE kind = $1", OF_OFFER
            )
            deadline = Deadline(uuid7(), "offer", last, OF_OFFER, when)
            await schedule(tx, deadline)
            assert await pool_with_offer(tx, deadline.deadline_id, last, world.tools, most)

        await run(world, work)

    for most, asked in ((1, 0), (5, 0), (6, 1)):
        await look(most)
        assert (await tasks_on(world, near), len(await tasks_on(world, far))) == ([], asked)


async def test_no_clock_waits_for_a_look(world: World):
    needs = await Needs.of(world)
    await a_line(needs)
    await an_offer(needs)
    working = workers(world.database, world.tools)
    await working.clocks.run_once()
    pending = "SELECT count(*) FROM deadlines WHERE kind IN ($1, $2) AND state = 'pending'"
    assert await world.value(pending, OF_OFFER, OF_NEED) == 2
    assert await working.pools.run_once() == 2
    assert await world.value(pending, OF_OFFER, OF_NEED) == 0


async def test_an_offer_that_goes_on_is_looked_at_again(world: World):
    needs = await Needs.of(world)
    line = await a_line(needs)
    _, last = [await an_offer(needs) for _ in range(2)]
    await suspend(world, last)
    await looked(world)
    assert await tasks_on(world, line) == []
    await resume(world, last)
    assert await looked(world) == 1
    assert len(await tasks_on(world, line)) == 1


async def test_offers_of_who_may_act_again_are_looked_at_again(world: World):
    needs = await Needs.of(world)
    line = await a_line(needs)
    _, last = [await an_offer(needs) for _ in range(2)]
    owner = await world.value("SELECT org_id FROM offers WHERE offer_id = $1", last)
    await hear(world, [news(world, owner, "suspended", 2)])
    await follow(world)
    await looked(world)
    assert await tasks_on(world, line) == []
    await hear(world, [news(world, owner, "active", 3)])
    await follow(world)
    assert await looked(world) == 1
    assert len(await tasks_on(world, line)) == 1


async def test_an_offer_made_for_one_line_is_not_looked_at_when_it_goes_on(world: World):
    needs = await Needs.of(world)
    line = await a_line(needs)
    row = UUID(body(await world.pledge(needs.crisis_id, line, "60"))["allocation_id"])
    await looked(world)
    offer_id = await offer_of(world, row)
    await suspend(world, offer_id)
    await resume(world, offer_id)
    assert await looked(world) == 0


async def test_a_need_that_comes_apart_again_is_looked_at(world: World):
    needs = await Needs.of(world)
    need = await needs.opened(needs.tents("500", min_useful_quantity="50"))
    into = await needs.opened(needs.tents("500"))
    line = need.lines[0].need_line_id
    pair = Twins(needs.crisis_id, need.need_id, line, into.need_id, into.lines[0].need_line_id)
    await merge(world, pair)
    for _ in range(2):
        await an_offer(needs)
    await looked(world)
    assert await tasks_on(world, line) == []
    await unmerge(world, need.need_id)
    assert await looked(world) == 1
    assert len(await tasks_on(world, line)) == 1


async def test_a_line_that_takes_calls_again_is_looked_at(world: World):
    needs = await Needs.of(world)
    line = await a_line(needs, needed_by=world.clock.now() + timedelta(hours=1))
    world.clock.advance(timedelta(hours=2))
    for _ in range(2):
        await an_offer(needs)
    await looked(world)
    assert await tasks_on(world, line) == []
    await revise(world, line, needed_by=world.clock.now() + timedelta(days=1))
    assert await looked(world) == 1
    assert len(await tasks_on(world, line)) == 1


async def test_nothing_is_asked_in_a_crisis_that_is_stood_down(world: World):
    needs = await Needs.of(world)
    line = await a_line(needs)
    for _ in range(2):
        await an_offer(needs)
    down = StandDown(needs.crisis_id, "handed_over")
    await run(world, lambda tx: stand_down(tx, down, world.secretariat, world.tools))
    assert await looked(world) == 3
    assert await tasks_on(world, line) == []


@pytest.mark.parametrize("is_still_so", [True, False])
async def test_the_task_climbs_while_they_do_together_and_ends_when_they_no_longer_do(
    world: World, is_still_so: bool
):
    needs = await Needs.of(world)
    line = await a_line(needs)
    _, last = [await an_offer(needs) for _ in range(2)]
    await looked(world)
    (task,) = await tasks_on(world, line)
    if not is_still_so:
        gone = WithdrawOffer(last, "stock_gone")
        owner = await world.value("SELECT org_id FROM offers WHERE offer_id = $1", last)
        by = replace(caller("pledger"), organisation_id=owner)
        by = replace(by, grants=tuple(replace(grant, organisation_id=owner) for grant in by.grants))
        await run(world, lambda tx: withdraw_offer(tx, gone, by, world.tools))
    assert await clocks(world, OVERDUE) >= 1
    (after,) = await tasks_on(world, line)
    state, outcome = (TaskState.OVERDUE, None) if is_still_so else (TaskState.DONE, "settled")
    assert (after.task_id, after.state, after.outcome) == (task.task_id, state, outcome)
