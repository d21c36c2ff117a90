"""Two needs become one and two again: every row, state and sum is kept."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crisis.domain.merging import MergeMode
from imece_contracts.crisis import LineEvent, NeedLineMergedIn, NeedLineMergedOut, NeedMerged, NeedUnmerged
from tests.db.crisis.merging import merge, propose, sound, twins, unmerge
from tests.db.crisis.promoting import promote, states, waits
from tests.db.crisis.test_line_terms import hold, moved
from tests.db.crisis.test_one_pledge import events
from tests.db.crisis.world import World

BUCKETS = ("proposed", "waitlisted", "held", "in_transit", "arrived", "good", "lost")


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


@pytest.mark.parametrize("mode", [MergeMode.MAX, MergeMode.SUM])
async def test_who_waits_is_called_when_a_merge_brings_them_to_room(world: World, mode: MergeMode):
    pair = await twins(world, "50", "100")
    await hold(world, pair.crisis_id, pair.line, "50")
    who = await waits(world, pair.crisis_id, pair.line, "30")
    await merge(world, pair, mode)
    assert await promote(world, pair.into_line) == 1
    assert await states(world, pair.into_line, who) == [("proposed", 30)]
    assert await sound(world)


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
