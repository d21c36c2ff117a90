"""A merge is undone: what stayed as it came goes home, what moved on is left and listed."""

from datetime import timedelta

from tests.db.crisis.merging import Twins, merge, propose, sound, twins, unmerge
from tests.db.crisis.promoting import promote, states, waits
from tests.db.crisis.test_line_terms import hold, revise
from tests.db.crisis.world import World


async def test_an_undo_leaves_what_moved_on_and_lists_it(world: World):
    pair = await twins(world)
    stays = await propose(world, pair, pair.line, "40")
    goes = await propose(world, pair, pair.line, "50")
    await merge(world, pair)
    await world.accept(stays)
    await revise(world, pair.into_line, by=world.secretariat, quantity="450")
    undone = await unmerge(world, pair.need)
    assert (undone.stayed, undone.kept_requests, undone.rows) == ((stays,), (pair.into_line,), 1)
    homes = await world.rows("SELECT allocation_id, need_line_id FROM allocations")
    assert {row["allocation_id"]: row["need_line_id"] for row in homes} == {
        stays: pair.into_line,
        goes: pair.line,
    }
    assert await sound(world)


async def test_clocks_follow_the_survivor_and_get_their_old_time_back(world: World):
    crisis = await world.open_crisis()
    soon = world.clock.now() + timedelta(hours=5)
    first = await world.open_need(crisis.crisis_id, world.tents("100"))
    second = await world.open_need(crisis.crisis_id, world.tents("100", needed_by=soon))
    line = first.lines[0].need_line_id
    pair = Twins(crisis.crisis_id, first.need_id, line, second.need_id, second.lines[0].need_line_id)
    await hold(world, pair.crisis_id, pair.line, "100")
    await propose(world, pair, pair.line, "10")
    due = (
        "SELECT kind, due_at FROM deadlines WHERE state = 'pending'"
        " AND kind IN ('allocation.hold', 'allocation.waiting') ORDER BY kind"
    )
    before = [tuple(row) for row in await world.rows(due)]
    await merge(world, pair)
    assert [row["due_at"] for row in await world.rows(due)] == [soon, soon]
    await unmerge(world, pair.need)
    assert [tuple(row) for row in await world.rows(due)] == before


async def test_a_reminder_is_no_movement(world: World):
    pair = await twins(world)
    row = await hold(world, pair.crisis_id, pair.line, "40")
    await merge(world, pair)
    await world.database.unit_of_work(
        lambda tx: tx.execute("UPDATE allocations SET version = version + 1 WHERE allocation_id = $1", row)
    )
    undone = await unmerge(world, pair.need)
    assert (undone.rows, undone.stayed) == (1, ())
    assert await sound(world)


async def test_who_comes_home_to_room_by_an_undo_is_called(world: World):
    pair = await twins(world, "50", "100")
    leaving = await hold(world, pair.crisis_id, pair.line, "50")
    who = await waits(world, pair.crisis_id, pair.line, "30")
    await hold(world, pair.crisis_id, pair.into_line, "100")
    await merge(world, pair)
    await world.withdraw(leaving)
    assert await promote(world, pair.into_line) == 0, "the survivor still has too much"
    await unmerge(world, pair.need)
    assert await promote(world, pair.line) == 1
    assert await states(world, pair.line, who) == [("proposed", 30)]
    assert await sound(world)
