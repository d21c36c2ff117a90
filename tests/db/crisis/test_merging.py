"""Two needs become one and two again: every row, state and sum is kept."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from crisis.domain.merging import MergeMode
from crisis.domain.refusals import (
    LinesNotEqual,
    LineWithoutMatch,
    MergeMakesOwnPledge,
    NeedClosed,
    NeedsNotMergeable,
    NotMerged,
    RoleMissing,
    UndoTooLate,
)
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.merge_need import Merged, MergeNeed, merge_need
from crisis.usecases.state_elsewhere import (
    RevokeStatement,
    StateElsewhere,
    revoke_statement,
    state_elsewhere,
)
from crisis.usecases.unmerge_need import unmerge_need
from imece_chassis.access.caller import Caller
from imece_contracts.crisis import LineEvent, NeedLineMergedIn, NeedLineMergedOut, NeedMerged, NeedUnmerged
from tests.db.crisis.planted_defects import tampered
from tests.db.crisis.test_line_terms import hold, moved, revise
from tests.db.crisis.test_one_pledge import body, events
from tests.db.crisis.test_promotion import promote, states, waits
from tests.db.crisis.world import TENT, World, caller

BUCKETS = ("proposed", "waitlisted", "held", "in_transit", "arrived", "good", "lost")


@dataclass(frozen=True)
class Twins:
    """Two open needs for tents in one crisis."""

    crisis_id: UUID
    need: UUID
    line: UUID
    into: UUID
    into_line: UUID


async def twins(world: World, quantity: str = "500", into: str = "500") -> Twins:
    crisis = await world.open_crisis()
    first = await world.open_need(crisis.crisis_id, world.tents(quantity))
    second = await world.open_need(crisis.crisis_id, world.tents(into))
    return Twins(
        crisis.crisis_id,
        first.need_id,
        first.lines[0].need_line_id,
        second.need_id,
        second.lines[0].need_line_id,
    )


async def merge(
    world: World, pair: Twins, mode: MergeMode = MergeMode.MAX, by: Caller | None = None, **changes: Any
) -> Merged:
    command = MergeNeed(pair.need, pair.into, mode, **changes)
    return await world.database.unit_of_work(
        lambda tx: merge_need(tx, command, by or world.secretariat, world.tools)
    )


async def unmerge(world: World, need: UUID, by: Caller | None = None) -> Merged:
    return await world.database.unit_of_work(
        lambda tx: unmerge_need(tx, need, by or world.secretariat, world.tools)
    )


async def propose(world: World, pair: Twins, line: UUID, quantity: str) -> UUID:
    return UUID(body(await world.pledge(pair.crisis_id, line, quantity))["allocation_id"])


async def rows(world: World) -> list[tuple[Any, ...]]:
    """Every row with its line, state and quantities; versions tell how often it moved."""
    found = await world.rows(
        "SELECT allocation_id, need_line_id, state, qty, supply_qty, reason, deadline_id IS NOT NULL AS waits"
        " FROM allocations ORDER BY allocation_id"
    )
    return [tuple(row) for row in found]


async def sums(world: World) -> list[Decimal]:
    columns = ", ".join(f"sum({bucket})" for bucket in (*BUCKETS, "elsewhere"))
    return list((await world.rows(f"SELECT {columns} FROM need_line_balances"))[0])


async def sound(world: World, *, but: tuple[str, ...] = ()) -> bool:
    findings = await check_ledger(world.database)
    return not any(found for name, found in findings.items() if name not in but)


async def test_a8_a_merge_and_its_undo_bring_all_eight_rows_back(world: World):
    pair = await twins(world)
    on_the_road = await hold(world, pair.crisis_id, pair.line, "100")
    delivered = await hold(world, pair.crisis_id, pair.line, "50")
    await hold(world, pair.crisis_id, pair.line, "40")
    await propose(world, pair, pair.line, "30")
    await world.decline(await propose(world, pair, pair.line, "20"))
    for quantity in ("60", "70"):
        await hold(world, pair.crisis_id, pair.into_line, quantity)
    await propose(world, pair, pair.into_line, "80")
    await moved(world, on_the_road, "dispatched", "in_transit")
    await moved(world, delivered, "confirmed", "good")
    before, total = await rows(world), await sums(world)
    assert len(before) == 8
    done = await merge(world, pair)
    assert (done.rows, await sums(world)) == (4, total)
    survivor = done.locked.balances[pair.into_line]
    assert (survivor.requested, survivor.held, survivor.in_transit, survivor.good) == (500, 170, 100, 50)
    assert await world.value("SELECT count(*) FROM allocations WHERE need_line_id = $1", pair.line) == 1
    assert await sound(world, but=("i8_two_parties",))
    undone = await unmerge(world, pair.need)
    assert (undone.rows, undone.stayed, undone.kept_requests) == (4, (), ())
    assert (await rows(world), await sums(world)) == (before, total)
    states = await world.rows("SELECT state, merged_into FROM needs ORDER BY need_id")
    assert [tuple(row) for row in states] == [("open", None), ("open", None)]
    assert await sound(world, but=("i8_two_parties",))


async def test_events_of_a_merge_keep_every_line_gapless_and_name_each_other(world: World):
    pair = await twins(world)
    await hold(world, pair.crisis_id, pair.line, "40")
    await merge(world, pair)
    await unmerge(world, pair.need)
    told = await events(world)
    lines = [(at.key, at.sequence, data) for at, data in told if isinstance(data, LineEvent)]
    for line in (pair.line, pair.into_line):
        own = [sequence for key, sequence, _ in lines if key == str(line)]
        assert own == list(range(1, len(own) + 1))
    out, came, back_out, back_in = (data for _, _, data in lines[-4:])
    assert isinstance(out, NeedLineMergedOut) and isinstance(came, NeedLineMergedIn)
    assert (out.other_line, out.rows, out.line.H, out.line.need_state) == (pair.into_line, 1, 0, "closed")
    assert (came.other_need, came.line.H, came.before.R, came.after.R) == (pair.need, 40, 500, 500)
    assert isinstance(back_out, NeedLineMergedOut) or isinstance(back_in, NeedLineMergedIn)
    assert (back_in.line.H, back_in.line.need_state, back_in.line.need_line) == (40, "open", pair.line)
    needs = [(at.sequence, data) for at, data in told if isinstance(data, NeedMerged | NeedUnmerged)]
    assert [sequence for sequence, _ in needs] == [3, 4]
    merged = needs[0][1]
    assert isinstance(merged, NeedMerged)
    assert (merged.merged_into, merged.undo_until - world.clock.now()) == (pair.into, timedelta(hours=24))


@pytest.mark.parametrize(
    ("mode", "requested"), [(MergeMode.MAX, 500), (MergeMode.SUM, 800), (MergeMode.MANUAL, 650)]
)
async def test_what_the_survivor_asks_for(world: World, mode: MergeMode, requested: int):
    pair = await twins(world, "300", "500")
    done = await merge(world, pair, mode, requested={pair.into_line: ("650", "adet")})
    assert done.locked.balances[pair.into_line].requested == requested
    assert await sound(world)
    await unmerge(world, pair.need)
    left = await world.rows("SELECT requested FROM need_line_balances ORDER BY requested")
    assert [row["requested"] for row in left] == [300, 500]
    assert await sound(world)


async def test_what_is_too_much_is_carried_and_never_widens_the_room(world: World):
    pair = await twins(world, "100", "100")
    await hold(world, pair.crisis_id, pair.line, "80")
    newest = await hold(world, pair.crisis_id, pair.into_line, "90")
    done = await merge(world, pair)
    survivor = done.locked.balances[pair.into_line]
    assert (survivor.held, survivor.carried_excess, survivor.room, survivor.surplus) == (170, 70, 0, 70)
    assert await world.value("SELECT count(*) FROM tasks WHERE kind = 'surplus' AND state = 'open'") == 1
    await world.withdraw(newest)
    assert await world.value(
        "SELECT carried_excess FROM need_line_balances WHERE need_line_id = $1", pair.into_line
    ) == 0  # fmt: skip
    assert await sound(world)


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


@pytest.mark.parametrize("mode", [MergeMode.MAX, MergeMode.SUM])
async def test_who_waits_is_called_when_a_merge_brings_them_to_room(world: World, mode: MergeMode):
    pair = await twins(world, "50", "100")
    await hold(world, pair.crisis_id, pair.line, "50")
    who = await waits(world, pair.crisis_id, pair.line, "30")
    await merge(world, pair, mode)
    assert await promote(world, pair.into_line) == 1
    assert await states(world, pair.into_line, who) == [("proposed", 30)]
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


async def test_no_merge_puts_an_organisations_goods_on_its_own_need(world: World):
    crisis = await world.open_crisis()
    first = await world.open_need(crisis.crisis_id, world.tents("100"))
    world.asker = caller("asker", "pledger")
    second = await world.open_need(crisis.crisis_id, world.tents("100"))
    line = first.lines[0].need_line_id
    pair = Twins(crisis.crisis_id, first.need_id, line, second.need_id, second.lines[0].need_line_id)
    own = UUID(body(await world.pledge(crisis.crisis_id, line, "40", world.asker))["allocation_id"])
    with pytest.raises(MergeMakesOwnPledge) as refused:
        await merge(world, pair)
    assert refused.value.facts["allocations"] == str(own)
    await world.withdraw(own, by=world.asker)
    assert (await merge(world, pair)).rows == 0
    assert await sound(world)


async def test_undoing_twice_late_or_what_was_never_merged_is_refused(world: World):
    pair = await twins(world)
    with pytest.raises(NotMerged):
        await unmerge(world, pair.need)
    await merge(world, pair)
    with pytest.raises(NeedClosed):
        await merge(world, pair)
    world.clock.advance(timedelta(hours=24, seconds=1))
    with pytest.raises(UndoTooLate):
        await unmerge(world, pair.need)
    other = await twins(world)
    await merge(world, other)
    await unmerge(world, other.need)
    with pytest.raises(NotMerged):
        await unmerge(world, other.need)


async def test_only_equal_lines_of_one_crisis_merge(world: World):
    pair, stranger = await twins(world), await twins(world)
    with pytest.raises(NeedsNotMergeable):
        await merge(world, Twins(pair.crisis_id, pair.need, pair.line, pair.need, pair.line))
    with pytest.raises(NeedsNotMergeable):
        await merge(world, Twins(pair.crisis_id, pair.need, pair.line, stranger.into, stranger.into_line))
    blankets = await world.open_need(pair.crisis_id, world.tents("10", item_code="SHL-BLNK-MED"))
    with pytest.raises(LineWithoutMatch):
        await merge(world, Twins(pair.crisis_id, blankets.need_id, pair.line, pair.into, pair.into_line))
    with pytest.raises(LinesNotEqual):
        await merge(
            world,
            Twins(pair.crisis_id, blankets.need_id, pair.line, pair.into, pair.into_line),
            lines={blankets.lines[0].need_line_id: pair.into_line},
        )
    several = await world.open_need(pair.crisis_id, world.tents("10"), world.tents("20"))
    wanted = Twins(pair.crisis_id, pair.need, pair.line, several.need_id, several.lines[1].need_line_id)
    with pytest.raises(LineWithoutMatch):
        await merge(world, wanted)
    done = await merge(world, wanted, lines={pair.line: wanted.into_line})
    assert done.locked.balances[wanted.into_line].requested == 500
    assert (
        await world.value("SELECT DISTINCT item_code FROM need_lines WHERE need_id = $1", pair.need) == TENT
    )


async def test_who_may_merge(world: World):
    pair = await twins(world)
    for stranger in (world.asker, world.pledger, caller("verifier")):
        with pytest.raises(RoleMissing):
            await merge(world, pair, by=stranger)
    with pytest.raises(RoleMissing):
        await merge(world, pair, by=caller("provincial_desk", provinces=frozenset({"06"})))
    desk = caller("provincial_desk", provinces=frozenset({"31"}))
    await merge(world, pair, by=desk)
    with pytest.raises(RoleMissing):
        await unmerge(world, pair.need, by=world.asker)
    await unmerge(world, pair.need, by=desk)


async def test_merging_races_with_accepts_and_withdrawals_and_no_sum_is_lost(world: World):
    pair = await twins(world, "1000", "1000")
    waiting = [await propose(world, pair, pair.line, "10") for _ in range(12)]
    for row in waiting[:4]:
        await world.accept(row)
    results = await asyncio.gather(
        *(world.accept(row) for row in waiting[4:8]),
        merge(world, pair),
        *(world.withdraw(row) for row in waiting[:2]),
        *(world.decline(row) for row in waiting[8:10]),
        return_exceptions=True,
    )
    assert [error for error in results if isinstance(error, BaseException)] == []
    left = await world.rows("SELECT need_line_id, sum(qty) AS qty FROM allocations"
                            " WHERE state IN ('proposed', 'held') GROUP BY need_line_id")  # fmt: skip
    assert [tuple(row) for row in left] == [(pair.into_line, Decimal(80))]
    assert await sound(world)
    await asyncio.gather(
        unmerge(world, pair.need),
        *(world.accept(row) for row in waiting[10:]),
        return_exceptions=True,
    )
    assert await sound(world)
