"""Offers too small alone that do together are put on a desk's queue, until they no longer do."""

from dataclasses import replace
from uuid import UUID

import pytest

from crisis.consumers.pools import pool_effects
from crisis.domain.needs import LineRequest
from crisis.domain.tasks import Task, TaskKind, TaskState
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.pool_offers import OF_NEED, OF_OFFER
from crisis.usecases.stand_down import StandDown, stand_down
from crisis.usecases.tasks import OVERDUE
from crisis.usecases.withdraw_offer import WithdrawOffer, withdraw_offer
from imece_chassis.deadlines import DeadlineWorker
from tests.db.crisis.at_the_desk import a_desk, about, clocks
from tests.db.crisis.need_world import Needs
from tests.db.crisis.offering import lasting, offered, run, tents
from tests.db.crisis.test_left_over_offers import declined
from tests.db.crisis.test_offer_ends import settler
from tests.db.crisis.test_one_pledge import body
from tests.db.crisis.world import World, caller


def pooler(world: World) -> DeadlineWorker:
    return DeadlineWorker(world.database, pool_effects(world.database, world.tools))


async def looked(world: World) -> int:
    """Look until nothing is left to look at; how often."""
    times = 0
    while found := await pooler(world).run_once():
        times += found
    return times


async def a_line(needs: Needs, least: str = "50", quantity: str = "1000", **changes: str) -> UUID:
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
