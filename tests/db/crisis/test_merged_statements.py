"""What is met elsewhere goes with its line through a merge and its undo, and counts once."""

from datetime import timedelta
from uuid import UUID

from crisis.domain.merging import MergeMode
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.state_elsewhere import RevokeStatement, StateElsewhere, revoke_statement, state_elsewhere
from tests.db.crisis.merging import merge, sound, twins, unmerge
from tests.db.crisis.planted_defects import tampered
from tests.db.crisis.test_line_terms import hold, revise
from tests.db.crisis.world import World


async def test_statements_go_with_their_line_and_come_back(world: World):
    pair = await twins(world, "100", "100")

    async def state(line: UUID, quantity: str) -> None:
        wanted = StateElsewhere(line, quantity, "adet", "doc:1")
        await world.database.unit_of_work(lambda tx: state_elsewhere(tx, wanted, world.asker, world.tools))

    await state(pair.line, "30")
    await state(pair.line, "5")
    await state(pair.into_line, "20")
    done = await merge(world, pair)
    assert done.locked.balances[pair.into_line].elsewhere == 55
    assert await sound(world)
    moved_on = await world.value("SELECT statement_id FROM elsewhere_statements WHERE qty = 5")
    revoking = RevokeStatement(moved_on, "used_up")
    await world.database.unit_of_work(lambda tx: revoke_statement(tx, revoking, world.asker, world.tools))
    done = await unmerge(world, pair.need)
    assert done.locked.balances[pair.line].elsewhere == 30
    assert done.locked.balances[pair.into_line].elsewhere == 20
    assert await sound(world)


async def test_a_statement_that_moved_twice_counts_once(world: World):
    """Both lines are full with what is met elsewhere and what was accepted between the two merges."""
    pair = await twins(world, "100", "100")
    elsewhere = StateElsewhere(pair.line, "60", "adet", "doc:1")
    await world.database.unit_of_work(lambda tx: state_elsewhere(tx, elsewhere, world.asker, world.tools))
    await merge(world, pair)
    await unmerge(world, pair.need)
    await hold(world, pair.crisis_id, pair.line, "40")
    await merge(world, pair)
    await unmerge(world, pair.need)
    assert await sound(world)


async def test_a_statement_taken_back_before_the_undo_counts_while_it_stood_on_the_other_line(world: World):
    """The other line was full before the statement came to it, with an event later than the statement's."""
    pair = await twins(world, "100", "100")
    elsewhere = StateElsewhere(pair.line, "20", "adet", "doc:1")
    said, _ = await world.database.unit_of_work(
        lambda tx: state_elsewhere(tx, elsewhere, world.asker, world.tools)
    )
    await hold(world, pair.crisis_id, pair.into_line, "100")
    for_a_minute = timedelta(minutes=1)
    world.clock.advance(for_a_minute)
    await merge(world, pair, MergeMode.SUM)
    world.clock.advance(for_a_minute)
    revoking = RevokeStatement(said.statement_id, "used_up")
    await world.database.unit_of_work(lambda tx: revoke_statement(tx, revoking, world.asker, world.tools))
    world.clock.advance(for_a_minute)
    await unmerge(world, pair.need)
    assert await sound(world)


async def test_lowering_is_proved_with_what_a_merge_brought_and_after_it_went_back(world: World):
    pair = await twins(world, "100", "100")

    async def state(line: UUID, quantity: str) -> UUID:
        wanted = StateElsewhere(line, quantity, "adet", "doc:1")
        said, _ = await world.database.unit_of_work(
            lambda tx: state_elsewhere(tx, wanted, world.asker, world.tools)
        )
        return said.statement_id

    async def revoke(statement: UUID) -> None:
        wanted = RevokeStatement(statement, "used_up")
        await world.database.unit_of_work(lambda tx: revoke_statement(tx, wanted, world.asker, world.tools))

    taken_back = await state(pair.line, "7")
    await state(pair.line, "30")
    await revoke(taken_back)
    later = await state(pair.into_line, "20")
    await hold(world, pair.crisis_id, pair.into_line, "10")
    await merge(world, pair)
    await revise(world, pair.into_line, by=world.secretariat, quantity="50")
    assert await sound(world)
    await revoke(later)
    await revise(world, pair.into_line, by=world.secretariat, quantity="30")
    assert await sound(world)
    await unmerge(world, pair.need)
    await revise(world, pair.into_line, by=world.secretariat, quantity="1")
    await revise(world, pair.line, by=world.secretariat, quantity="30")
    assert await sound(world)


async def test_a_line_lowered_after_an_undo_is_sound_whatever_the_clocks_of_the_two_hosts_say(world: World):
    pair = await twins(world, "100", "100")
    elsewhere = StateElsewhere(pair.line, "60", "adet", "doc:1")
    await world.database.unit_of_work(lambda tx: state_elsewhere(tx, elsewhere, world.asker, world.tools))
    await merge(world, pair)
    await unmerge(world, pair.need)
    world.clock.advance(timedelta(seconds=-2))
    await revise(world, pair.into_line, by=world.secretariat, quantity="40")
    assert await sound(world)
    written = await world.rows("SELECT need_line_id, undone_line_version FROM undone_line_merges")
    versions = await world.rows("SELECT version FROM need_line_balances ORDER BY version DESC LIMIT 1")
    assert [tuple(row) for row in written] == [(pair.line, versions[0]["version"] - 1)]
    await tampered(world.database, "DELETE FROM undone_line_merges")
    found = await check_ledger(world.database)
    assert {name for name, rows in found.items() if rows} == {"i7_lowering"}, "only the clocks are left"
    await tampered(world.database, "UPDATE need_merges SET undone_at = undone_at - interval '3 seconds'")
    assert await sound(world)


async def test_a_line_lowered_before_an_undo_is_judged_by_what_it_had_whatever_the_clocks_say(world: World):
    pair = await twins(world, "100", "100")
    elsewhere = StateElsewhere(pair.line, "60", "adet", "doc:1")
    await world.database.unit_of_work(lambda tx: state_elsewhere(tx, elsewhere, world.asker, world.tools))
    await merge(world, pair)
    await revise(world, pair.into_line, by=world.secretariat, quantity="80")
    await unmerge(world, pair.need)
    assert await sound(world)
    await tampered(world.database, "UPDATE need_merges SET undone_at = merged_at")
    await tampered(
        world.database, "UPDATE need_line_revisions SET requested = 40 WHERE reason = 'counted_again'"
    )
    assert (await check_ledger(world.database))["i7_lowering"], "60 stood there when it was lowered to 40"
